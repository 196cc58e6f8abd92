//! What the documents say: heading block, references, deadlines, awards, assignments.

pub mod heading;

use crate::plan::{Assignment, Award, Deadline, Document, Reference};
use crate::sections::DocumentPart;
use crate::text::AlignedText;
use crate::warning::Warning;

/// Everything that was found in one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extraction {
    pub documents: Vec<Document>,
    pub references: Vec<Reference>,
    pub deadlines: Vec<Deadline>,
    pub awards: Vec<Award>,
    pub assignments: Vec<Assignment>,
    pub warnings: Vec<Warning>,
}

/// Reads the parts of a text that [`crate::sections::segment`] found.
pub fn extract(text: &AlignedText, parts: &[DocumentPart]) -> Extraction {
    let (documents, warnings) = heading::read_headings(text, parts);
    Extraction { documents, warnings, ..Extraction::default() }
}
