//! The documents in a file and their section trees.
//!
//! What the heading block and the signature say is left to [`crate::extract`].

mod node;

pub use node::{DocumentPart, LabelStyle, Located, SectionNode};

use crate::text::AlignedText;

/// Finds the documents of a text, in order, and the sections of each.
pub fn segment(_text: &AlignedText) -> Vec<DocumentPart> {
    Vec::new()
}
