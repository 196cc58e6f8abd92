//! What the documents say: heading block, references, deadlines, awards, assignments.
//!
//! Patterns run on [`running::RunningText`], where a paragraph is one line; each finding keeps its
//! span there, and so its way back to the lines. Structure (which section, which zone) comes from
//! [`crate::sections`], and is only looked up here.

pub mod heading;

mod assignments;
mod awards;
mod bodies;
mod confidence;
mod dates;
mod deadlines;
mod outline;
mod references;
mod running;
mod units;

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
    let (documents, mut warnings) = heading::read_headings(text, parts);
    let running = running::RunningText::new(text, parts);
    let (references, doubts) = references::references(text, &running, parts, &documents);
    warnings.extend(doubts);
    let (deadlines, doubts) = deadlines::deadlines(text, &running, parts, &documents);
    warnings.extend(doubts);
    let awards = awards::awards(text, &running, parts);
    let assignments = assignments::assignments(text, &running, parts, &documents);
    Extraction { documents, references, deadlines, awards, assignments, warnings }
}

/// The largest character boundary of `text` at or before `limit`.
fn floor_boundary(text: &str, limit: usize) -> usize {
    if limit >= text.len() {
        return text.len();
    }
    (0..=limit).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
