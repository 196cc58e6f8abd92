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
use crate::text::AlignedText;
use crate::warning::Warning;

use super::running::RunningText;

pub(super) use code::with_strokes;

/// The documents that a file cites, in order of first mention.
///
/// `documents` are the file's own, in the order of `parts`: their numbers are no references.
pub fn references(
    text: &AlignedText,
    running: &RunningText,
    parts: &[DocumentPart],
    documents: &[Document],
) -> (Vec<Reference>, Vec<Warning>) {
    let citations = find::citations(running);
    resolve::resolve(text, running, parts, documents, citations)
}

/// Spans of the running text that citations take up, with their dates and issuers; in order.
/// Dates within them are no deadlines.
pub fn cited_spans(running: &RunningText) -> Vec<crate::text::Span> {
    find::citations(running).into_iter().map(|citation| citation.extent).collect()
}
