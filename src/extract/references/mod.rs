//! Cited documents: every citation found, then gathered by the document that it names.
//!
//! [`find`] reads single citations and knows nothing of each other; [`resolve`] decides which name
//! the same document, what short forms stand for, and which of several dates holds.

mod authority;
mod code;
mod find;
mod kinds;
mod laws;
mod provision;
mod resolve;

use crate::plan::{Document, Reference};
use crate::sections::DocumentPart;
use crate::text::{AlignedText, Span};
use crate::warning::Warning;

use super::running::RunningText;

pub(super) use code::with_strokes;

/// What is cited, and where.
pub struct Cited {
    pub references: Vec<Reference>,
    /// Spans of the running text that citations take up, with their dates and issuers; in order.
    /// Dates within them are no deadlines.
    pub spans: Vec<Span>,
    pub warnings: Vec<Warning>,
}

/// The documents that a file cites, in order of first mention.
///
/// `documents` are the file's own, in the order of `parts`: their numbers are no references.
pub fn references(
    text: &AlignedText,
    running: &RunningText,
    parts: &[DocumentPart],
    documents: &[Document],
) -> Cited {
    let citations = find::citations(running);
    let spans = citations.iter().map(|citation| citation.extent.clone()).collect();
    let (references, warnings) = resolve::resolve(text, running, parts, documents, citations);
    Cited { references, spans, warnings }
}
