//! A plan in the forms that other tools take: calendars, spreadsheets, legal XML, a page to read.
//!
//! Each form is a pure function from the [`Plan`](crate::plan::Plan); files are the command line's affair.

mod akoma;
mod calendar;
mod page;
mod place;
mod recurrence;
mod tables;
mod xml;

pub use akoma::to_akoma_ntoso;
pub use calendar::{Calendar, to_calendar};
pub use page::{PagePicture, to_page};
pub use tables::{Table, to_tables};
