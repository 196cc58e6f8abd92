//! `sohoa` (số hóa, "to digitise") turns scanned Vietnamese administrative documents into data.
//!
//! The stages, in order; each is a function from one named type to the next, and only
//! [`pipeline`] knows the order:
//!
//! 1. [`input`]: bytes to pages. File type by content; PDF, TIFF, PNG, JPEG, text. Gives a
//!    [`input::SourcePage`]: the page's own image and its text layer.
//! 2. [`ocr`]: a page image to an [`ocr::OcrPage`]: lines in reading order, words with boxes.
//! 3. [`text`]: the pages of a file as one [`text::AlignedText`], which knows for every word where
//!    on the scan it stands and what was read there.
//! 4. [`repair`]: diacritics, letters and codes that the reading lost; aligned text to aligned text.
//! 5. [`sections`]: the documents in the file and their section trees.
//! 6. [`extract`]: heading block, cited documents, deadlines, awards, assignments.
//! 7. [`plan`]: the JSON that is written, with its schema.
//! 8. [`export`]: a plan as calendar, tables, legal XML, or a page to look at.
//! 9. [`diff`]: a plan compared with the plan above it.
//!
//! Reading (1 and 2) is slow and goes page by page; understanding (3 to 7) is fast, pure, and is
//! tested on recorded pages. [`batch`] runs many files through both.

pub mod batch;
pub mod diff;
pub mod error;
pub mod export;
pub mod extract;
pub mod geometry;
pub mod input;
pub mod ocr;
pub mod pipeline;
pub mod plan;
pub mod repair;
pub mod sections;
pub mod text;
pub mod warning;

pub use error::{Error, ErrorKind, Result};
pub use warning::{Warning, WarningCode};
