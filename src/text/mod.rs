//! The text of a file with its way back to the scan.
//!
//! [`AlignedText`] is what every later stage works on: one string, its lines and its words, each
//! word with the box it was read from and what was read there. Only this module edits it; others
//! hand in [`Edit`]s. [`normalise`] and [`syllable`] know how Vietnamese is spelled.

mod aligned;
pub mod legacy;
pub mod normalise;
pub mod syllable;

pub use aligned::{AlignedText, Edit, Span, TextLine, TextWord};
