//! The documents in a file and their section trees.

use crate::text::AlignedText;

/// One document of the file: where it begins and ends, its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentPart {}

/// Finds the documents of a text, in order, and the sections of each.
pub fn segment(_text: &AlignedText) -> Vec<DocumentPart> {
    Vec::new()
}
