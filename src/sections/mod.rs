//! The documents in a file and their section trees.
//!
//! Lines are first seen as running text (`lines`); documents and their zones are found by the
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
    let source = lines.text.lines();
    let end = source[zones.lines.end - 1].span.end;
    let start_of = |line: usize| if line < zones.lines.end { source[line].span.start } else { end };
    let zone = |from: usize, to: usize| -> Span { start_of(from)..start_of(to) };
    let body_lines = zones.body_start..zones.closing_start;
    let (mut sections, mut warnings) =
        tree::sections_of(lines, body_lines, start_of(zones.closing_start));
    let annex_lines = zones.annex_start..zones.lines.end;
    let (annexes, annex_warnings) = tree::sections_of(lines, annex_lines, end);
    sections.extend(annexes);
    warnings.extend(annex_warnings);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::extract::heading::read_headings;

    /// Pieces of which documents are made, whole and damaged.
    const PIECES: [&str; 48] = [
        "",
        "",
        "ỦY BAN NHÂN DÂN",
        "PHƯỜNG TÂN AN Độc lập - Tự do - Hạnh phúc",
        "SỞ NỘI VỤ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 18 /KH-UBND",
        "Số:      /QĐ-UBND",
        "Số: ÝZ/",
        "Tân An, ngày 14 tháng 8 năm 2025",
        "ngày, tháng năm",
        "QUYẾT ĐỊNH",
        "QUYẾT ĐỊNH:",
        "KẾ HOẠCH",
        "KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH",
        "V/v treo cờ",
        "Kính gửi:",
        "- Các Bộ;",
        "(Kèm theo Quyết định số 1/QĐ-UBND ngày 3/6/2025",
        "của Chủ tịch)",
        "I. MỤC ĐÍCH",
        "IL. NỘI DUNG",
        "1. Mục đích",
        "2. a) Yêu cầu: như sau",
        "a) Tập thể: Các cơ quan",
        "¢) Cá nhân",
        ") Khác",
        "2.1. Phòng Văn hóa",
        "Điều 1. Ban hành",
        "Điều 5 của Luật",
        "Chương I",
        "PHỤ LỤC II",
        "Mẫu số 02",
        "“6. Việc nhận",
        "hết”.",
        "¹ Nghị quyết số 57",
        "- 2 -",
        "12",
        "____",
        "Căn cứ Luật Thi đua, khen thưởng;",
        "thực hiện các nội dung sau:",
        "Các cơ quan, đơn vị, địa phương căn cứ Kế hoạch này và điều kiện cụ thể tổ chức thực hiện",
        "Nơi nhận: KT. CHỦ TỊCH",
        "- Như trên; PHÓ CHỦ TỊCH",
        "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN",
        "Trần Văn An",
        "\u{c} \u{c}b) Đối với",
    ];

    fn pages() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            8 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
            1 => "[a-zđ0-9IVXL]{1,4}[.):/ -]{0,2} ?\\PC{0,12}",
            1 => "\\PC{0,20}",
        ];
        prop::collection::vec(line, 0..60).prop_map(|lines| lines.join("\n"))
    }

    fn check_sections(text: &str, sections: &[SectionNode], within: Span) {
        let mut last = within.start;
        for section in sections {
            assert!(section.span.start >= last && section.span.end <= within.end);
            assert!(section.own_text.end <= section.span.end);
            assert!(!text[section.span.clone()].is_empty());
            assert!(text.get(section.label_span.clone()).is_some());
            if let Some(span) = &section.title_span {
                let first_word = section.title.as_deref().unwrap_or("").split(' ').next();
                assert!(text[span.clone()].starts_with(first_word.unwrap_or("")));
                assert!(span.end <= section.own_text.end);
            }
            check_sections(text, &section.children, section.own_text.end..section.span.end);
            last = section.span.end;
        }
    }

    proptest! {
        #[test]
        fn every_line_of_text_is_in_one_zone_of_one_document(source in pages()) {
            let text = AlignedText::from_plain(&source);
            let parts = segment(&text);
            read_headings(&text, &parts);
            for part in &parts {
                let zones = [&part.heading, &part.body, &part.closing, &part.annexes];
                prop_assert_eq!(part.span.start, zones[0].start);
                prop_assert!(zones.windows(2).all(|pair| pair[0].end == pair[1].start));
                prop_assert_eq!(part.span.end, zones[3].end);
            }
            prop_assert!(parts.windows(2).all(|pair| pair[0].lines.end <= pair[1].lines.start));
            if !parts.is_empty() {
                for (index, line) in text.lines().iter().enumerate() {
                    let is_blank = source[line.span.clone()].trim_matches(|c: char| {
                        c.is_whitespace() || matches!(c, '#' | '*' | '_')
                    }).is_empty();
                    let count = parts.iter().filter(|part| part.lines.contains(&index)).count();
                    prop_assert!(count == 1 || (is_blank && count == 0));
                }
            }
        }

        #[test]
        fn every_byte_from_the_first_section_on_is_of_exactly_one_section(source in pages()) {
            let text = AlignedText::from_plain(&source);
            for part in segment(&text) {
                for zone in [&part.body, &part.annexes] {
                    let located = part.walk();
                    let own = located.iter().map(|located| &located.section.own_text);
                    let own: Vec<_> = own.filter(|own| zone.contains(&own.start)).collect();
                    prop_assert!(own.windows(2).all(|pair| pair[0].end == pair[1].start));
                    prop_assert!(own.last().is_none_or(|last| last.end == zone.end));
                }
            }
        }

        #[test]
        fn spans_of_sections_nest_and_slice_what_they_claim(source in pages()) {
            let text = AlignedText::from_plain(&source);
            for part in segment(&text) {
                check_sections(text.as_str(), &part.sections, part.body.start..part.span.end);
                for located in part.walk() {
                    let at = located.section.label_span.start;
                    let path = part.path_at(at).unwrap_or_default();
                    prop_assert!(path.ends_with(&located.section.label));
                }
            }
        }
    }
}
