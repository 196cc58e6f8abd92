//! Many files: workers, journal, progress, limits. Knows nothing of how a page is read or what a
//! plan says; the command line decides how events are shown.
//!
//! [`run`] takes files and folders to `DIR/<name>.json` and `DIR/<name>.txt`:
//! [`inputs`] lists the files, [`names`] names their outputs, a lazy sequence of pages feeds the
//! workers, [`reader`] guards each page, [`output`] writes whole files, [`journal`] remembers them.

pub mod event;
mod hex;
pub mod inputs;
pub mod journal;
pub mod json;
pub mod names;
pub mod output;
pub mod pages;
mod prepare;
pub mod reader;
mod run;

pub use event::{Event, FailedInput, Failure, Problem, Summary};
pub use inputs::STANDARD_INPUT;
pub use pages::PageSelection;
pub use reader::EngineMaker;
pub use run::{Machinery, Options, run};
