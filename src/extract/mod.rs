//! What the documents say: heading block, references, deadlines, awards, assignments.
//!
//! Patterns run on the running text, where a paragraph is one line; each finding keeps its
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
    let references::Cited { references, spans, warnings: doubts } =
        references::references(text, &running, parts, &documents);
    warnings.extend(doubts);
    let (deadlines, doubts) = deadlines::deadlines(text, &running, parts, &documents, spans);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sections::segment;

    /// What these documents are made of, and what breaks it: any of them can follow any other.
    fn any_text() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "I. MỤC ĐÍCH, YÊU CẦU\n",
            "1. Sở Nội vụ chủ trì, phối hợp ",
            "a) Khen thưởng hằng năm: Tối đa 15 tập thể, ",
            "+ Bằng khen của Chủ tịch ",
            "Điều 2. Giao ",
            "TỔ CHỨC THỰC HIỆN\n",
            "Căn cứ Nghị quyết số 57-NQ/TW ngày\n22/12/2024 của ",
            "Luật Thi đua, khen thưởng ",
            "(sau đây viết tắt là Nghị quyết số 57)",
            "Quyết định số ⟨?⟩/QĐ-UBND ngày ⟨?⟩/6/2025",
            "từ ngày ban hành đến hết tháng 12/2030",
            "trước 31/11 hằng năm ",
            "giai đoạn 1 (từ 2025 - 2027): ",
            "vào sáng thứ Bảy tuần cuối hằng tháng",
            "¹ ",
            "\u{c}",
            "\n\n",
            "; ",
            ". ",
            "“",
            "”",
            "(",
            " - ",
            "số S7- NQ/TW",
            "Nơi nhận:\n",
        ]);
        let piece = prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => ".{0,6}"];
        prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_every_line_exists(input in any_text()) {
            let text = AlignedText::from_plain(&input);
            let found = extract(&text, &segment(&text));
            let count = text.lines().len() as u32;
            for line in found.deadlines.iter().map(|deadline| deadline.line)
                .chain(found.awards.iter().map(|award| award.line))
                .chain(found.assignments.iter().map(|assignment| assignment.line))
                .chain(found.references.iter().flat_map(|r| r.mentions.iter().map(|m| m.line)))
            {
                prop_assert!((1..=count).contains(&line));
            }
            for reference in &found.references {
                prop_assert!((0.0..=1.0).contains(&reference.confidence));
                prop_assert!(!reference.mentions.is_empty());
            }
        }

        #[test]
        fn spans_of_the_running_text_slice_what_they_claim(input in any_text()) {
            let text = AlignedText::from_plain(&input);
            let running = running::RunningText::new(&text, &segment(&text));
            for paragraph in running.paragraphs() {
                let folded = &running.as_str()[paragraph.span.clone()];
                prop_assert!(!folded.contains('\n'));
                let pieces = running.sources(&paragraph.span);
                let sliced: String = pieces.iter().map(|span| &text.as_str()[span.clone()]).collect();
                prop_assert_eq!(folded.replace(' ', ""), sliced);
            }
        }
    }
}
