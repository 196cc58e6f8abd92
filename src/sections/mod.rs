//! The documents in a file and their section trees.
//!
//! Lines are first seen as running text ([`lines`]); documents and their zones are found by the
//! landmarks of their headings and signatures; in body and annexes, line heads are read as labels
//! in every way that damage allows, and the readings that make the best sequences are chosen.
//! What heading block and signature say is left to [`crate::extract::heading`].

mod caption;
pub mod document_type;
mod documents;
mod label;
pub(crate) mod landmark;
pub(crate) mod lines;
mod node;
pub(crate) mod phrase;
mod sequence;
mod title;
mod topic;
mod tree;

pub use node::{DocumentPart, LabelStyle, Located, SectionNode};

use documents::Zones;
use lines::Lines;

use crate::text::{AlignedText, Span};

/// Finds the documents of a text, in order, and the sections of each.
///
/// A text with any letters has at least one document, if only one without a known type.
pub fn segment(text: &AlignedText) -> Vec<DocumentPart> {
    let lines = Lines::new(text);
    documents::find_documents(&lines).into_iter().map(|zones| part_of(&lines, zones)).collect()
}

fn part_of(lines: &Lines, zones: Zones) -> DocumentPart {
    let (mut sections, mut warnings) =
        tree::sections_of(lines, zones.body_start..zones.closing_start);
    let (annexes, annex_warnings) = tree::sections_of(lines, zones.annex_start..zones.lines.end);
    sections.extend(annexes);
    warnings.extend(annex_warnings);
    let source = lines.text.lines();
    let end = source[zones.lines.end - 1].span.end;
    let start_of = |line: usize| if line < zones.lines.end { source[line].span.start } else { end };
    let zone = |from: usize, to: usize| -> Span { start_of(from)..start_of(to) };
    DocumentPart {
        span: zone(zones.lines.start, zones.lines.end),
        doc_type: zones.doc_type,
        doc_type_confidence: zones.doc_type_confidence,
        type_line: zones.type_line,
        heading: zone(zones.lines.start, zones.body_start),
        title: zones.title,
        body: zone(zones.body_start, zones.closing_start),
        closing: zone(zones.closing_start, zones.annex_start),
        annexes: zone(zones.annex_start, zones.lines.end),
        sections,
        warnings,
        lines: zones.lines,
    }
}
