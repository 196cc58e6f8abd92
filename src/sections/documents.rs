//! Where documents begin and end in a file, and where the zones of each lie.
//!
//! A document is known by its type word, a lone line of capitals in a heading block; an official
//! letter (công văn), which has none, by its address "Kính gửi:". What stands before the first
//! document's heading belongs to it; blank lines between documents belong to none.

use std::ops::Range;

use super::document_type::{OFFICIAL_LETTER, type_before_title, type_of_line, type_of_symbol};
use super::landmark::*;
use super::lines::{Lines, starts_bullet};
use super::phrase::{is_capitals, starts_like};
use super::title::title_below;
use crate::text::Span;

/// The zones of a document in 0-based lines, the ends exclusive.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Zones {
    pub lines: Range<usize>,
    pub doc_type: Option<&'static str>,
    pub doc_type_confidence: f32,
    pub type_line: Option<usize>,
    /// Bytes of the trích yếu, without the type word.
    pub title: Option<Span>,
    pub body_start: usize,
    pub closing_start: usize,
    pub annex_start: usize,
}

/// What makes a document begin.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    line: usize,
    doc_type: &'static str,
    confidence: f32,
    /// Byte of the text after the type word; `None` for a letter, which has no type word.
    type_end: Option<usize>,
}

/// How far from the type word, in body lines, its heading block and its "(Kèm theo …" can lie.
const HEADING_REACH: usize = 14;

/// Finds all documents of a file; one even where nothing tells its type, none in a file without
/// text.
pub(crate) fn find_documents(lines: &Lines) -> Vec<Zones> {
    if lines.body_in(0..lines.len()).next().is_none() {
        return Vec::new();
    }
    let first = (0..lines.len()).find(|&index| !lines.get(index).text.is_empty()).unwrap_or(0);
    let anchors = find_anchors(lines);
    if anchors.is_empty() {
        return vec![untyped(lines, first)];
    }
    let mut starts = vec![first];
    for pair in anchors.windows(2) {
        starts.push(heading_start(lines, &pair[1], pair[0].line + 1));
    }
    starts.push(lines.len());
    (0..anchors.len())
        .map(|index| zones_of(lines, starts[index]..starts[index + 1], anchors[index]))
        .collect()
}

fn find_anchors(lines: &Lines) -> Vec<Anchor> {
    let mut anchors: Vec<Anchor> = Vec::new();
    // Whether the document at hand has come to its recipients or signature, and then to annexes.
    let (mut closed, mut annex) = (true, None);
    for index in lines.body_in(0..lines.len()) {
        let line = lines.get(index);
        if is_recipients_head(&line.folded) || is_capacity(line.text) {
            closed = true;
            continue;
        }
        if annex.is_none() && closed && !anchors.is_empty() && is_annex_head(lines, index) {
            annex = Some(index);
        }
        let context = Context { last: anchors.last().copied(), closed, annex };
        if let Some(anchor) = anchor_at(lines, index, &context) {
            anchors.push(anchor);
            (closed, annex) = (false, None);
        }
    }
    anchors
}

/// What came before a line that may begin a document.
struct Context {
    last: Option<Anchor>,
    closed: bool,
    /// The line on which the annexes of the document at hand began.
    annex: Option<usize>,
}

fn anchor_at(lines: &Lines, index: usize, context: &Context) -> Option<Anchor> {
    let line = lines.get(index);
    // A form in an annex has a heading block too, but dots for its number.
    let is_form = context.annex.is_some_and(|annex| !has_filled_number(lines, annex..index));
    if is_address_head(line.text, &line.folded) {
        let is_letter = context.closed && !is_form;
        return is_letter.then_some(Anchor {
            line: index,
            doc_type: OFFICIAL_LETTER,
            confidence: 0.9,
            type_end: None,
        });
    }
    let whole =
        type_of_line(line.text).map(|(name, confidence)| (name, confidence, line.text.len()));
    let (doc_type, confidence, end) =
        whole.or_else(|| type_before_title(line.text).map(|(name, at)| (name, 0.9, at)))?;
    let is_alone = end == line.text.len();
    let is_attached = has_attachment_below(lines, index);
    let has_heading = has_heading_above(lines, index);
    let begins = match context.last {
        None if line.text.ends_with(':') => !has_heading,
        _ if line.text.ends_with(':') => false,
        None => is_alone || has_heading || is_attached,
        Some(last) if last.doc_type == doc_type => context.closed && has_heading,
        // Right below a type word these are words of the title: "THÔNG TƯ / QUY ĐỊNH VỀ …".
        Some(last) if !context.closed => {
            let is_far = lines.body_in(last.line + 1..index).count() > HEADING_REACH;
            is_far && is_alone && (has_heading || is_attached)
        }
        Some(_) => is_alone || has_heading || is_attached,
    };
    (begins && (!is_form || is_attached)).then_some(Anchor {
        line: index,
        doc_type,
        confidence,
        type_end: Some(line.span.start + end),
    })
}

/// Whether the end of a range of lines has a number line with digits for its number.
fn has_filled_number(lines: &Lines, range: Range<usize>) -> bool {
    lines.body_in(range).rev().take(HEADING_REACH).any(|above| {
        number_line(lines.get(above).text)
            .is_some_and(|read| read.number.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// Whether a motto, number or date stands in the lines right above.
fn has_heading_above(lines: &Lines, index: usize) -> bool {
    lines.body_in(0..index).rev().take(4).any(|above| {
        let text = lines.get(above).text;
        number_line(text).is_some() || date_line(text).is_some() || find_motto(text).is_some()
    })
}

fn has_attachment_below(lines: &Lines, index: usize) -> bool {
    lines
        .body_in(index + 1..lines.len())
        .take(HEADING_REACH)
        .any(|below| is_attachment(&lines.get(below).folded))
}

/// The first line of the heading block above an anchor, not before `above`.
fn heading_start(lines: &Lines, anchor: &Anchor, above: usize) -> usize {
    let mut start = anchor.line;
    let mut misses = 0;
    for index in lines.body_in(above..anchor.line).rev().take(HEADING_REACH) {
        let text = lines.get(index).text;
        if is_heading_line(text) {
            start = index;
            misses = 0;
        } else if anchor.type_end.is_none() && !is_signature_line(text) && misses < 8 {
            // The subject of a letter, in sentence case, stands between number and motto.
            misses += 1;
        } else {
            break;
        }
    }
    start
}

fn is_heading_line(text: &str) -> bool {
    number_line(text).is_some()
        || date_line(text).is_some()
        || find_motto(text).is_some()
        || (is_issuer_line(text) && !is_lone_position(text))
}

fn is_signature_line(text: &str) -> bool {
    is_capacity(text) || is_position(text) || is_name(text)
}

/// Whether a line is a position alone ("CHỦ TỊCH"), without the body that it heads.
fn is_lone_position(text: &str) -> bool {
    is_position(text) && text.split_whitespace().count() <= 3
}

/// The zones of a text that shows no type word; its symbol can still tell the type.
fn untyped(lines: &Lines, first: usize) -> Zones {
    let symbol_type = lines
        .body_in(0..lines.len())
        .take(HEADING_REACH)
        .find_map(|index| type_of_symbol(number_line(lines.get(index).text)?.symbol));
    let end = last_body_line(lines, first..lines.len()) + 1;
    let body_start = lines
        .body_in(first..end)
        .take(HEADING_REACH)
        .filter(|&index| is_heading_line(lines.get(index).text))
        .last()
        .map_or(first, |last| next_body_line(lines, last + 1..end));
    let (closing_start, annex_start) = closing(lines, body_start..end);
    Zones {
        lines: first..end,
        doc_type: symbol_type,
        doc_type_confidence: 0.6,
        type_line: None,
        title: None,
        body_start,
        closing_start,
        annex_start,
    }
}

fn zones_of(lines: &Lines, range: Range<usize>, anchor: Anchor) -> Zones {
    let range = range.start..last_body_line(lines, range.clone()).max(anchor.line) + 1;
    let (title, body_start) = match anchor.type_end {
        Some(type_end) => title_below(lines, anchor.line, type_end, range.end),
        None => {
            let subject = letter_subject(lines, range.start..anchor.line);
            let span =
                subject.map(|s| lines.get(s.start).span.start..lines.get(s.end - 1).span.end);
            (span, letter_body(lines, anchor.line, range.end))
        }
    };
    let (closing_start, annex_start) = closing(lines, body_start..range.end);
    Zones {
        lines: range,
        doc_type: Some(anchor.doc_type),
        doc_type_confidence: anchor.confidence,
        type_line: anchor.type_end.is_some().then_some(anchor.line),
        title,
        body_start,
        closing_start,
        annex_start,
    }
}

/// The last line of `range` with text; its first where none has.
fn last_body_line(lines: &Lines, range: Range<usize>) -> usize {
    let start = range.start;
    range.rev().find(|&index| !lines.get(index).text.is_empty()).unwrap_or(start)
}

/// The first body line of `range`, or its end.
fn next_body_line(lines: &Lines, range: Range<usize>) -> usize {
    let end = range.end;
    lines.body_in(range).next().unwrap_or(end)
}

/// The subject ("V/v …") of an official letter within its heading block.
fn letter_subject(lines: &Lines, heading: Range<usize>) -> Option<Range<usize>> {
    let mut body = lines.body_in(heading);
    let start = body.find(|&index| is_subject_head(&lines.get(index).folded))?;
    let mut end = start + 1;
    for index in body {
        let line = lines.get(index);
        let left = left_column(line.text);
        let goes_on = !left.is_empty()
            && !is_heading_line(left)
            && (!lines.blank_between(end - 1, index) || left.starts_with(char::is_lowercase));
        if goes_on {
            end = index + 1;
        } else if !left.is_empty() {
            break;
        }
    }
    Some(start..end)
}

/// Where the body of an official letter begins: after the addressees.
fn letter_body(lines: &Lines, address: usize, end: usize) -> usize {
    let mut last = address;
    for index in lines.body_in(address + 1..end) {
        let above = lines.get(last).text;
        let is_addressee = (last == address && above.ends_with(':'))
            || starts_bullet(lines.get(index).text)
            || (!above.ends_with('.') && lines.continues(last, index))
            || (above.ends_with([';', ',']) && !lines.blank_between(last, index));
        if !is_addressee {
            return index;
        }
        last = index;
    }
    end
}

/// Where recipients and signature begin, and where the annexes after them; the end of `range`
/// for what isn't there.
fn closing(lines: &Lines, range: Range<usize>) -> (usize, usize) {
    let recipients =
        lines.body_in(range.clone()).find(|&index| is_recipients_head(&lines.get(index).folded));
    let from = recipients.unwrap_or(range.start);
    let annex = lines
        .body_in(from..range.end)
        .find(|&index| is_annex_head(lines, index))
        .unwrap_or(range.end);
    let start = match recipients {
        Some(recipients) => signature_above(lines, range.start..recipients).unwrap_or(recipients),
        None => lone_signature(lines, range.start..annex).unwrap_or(annex),
    };
    (start, annex)
}

/// The first line of a signature block that was read before the recipients at its left.
fn signature_above(lines: &Lines, range: Range<usize>) -> Option<usize> {
    lines
        .body_in(range)
        .rev()
        .take(8)
        .take_while(|&index| is_signature_line(lines.get(index).text))
        .last()
        .filter(|&index| !is_name(lines.get(index).text))
}

/// A signature block without recipients: short lines at the end, the first a position.
fn lone_signature(lines: &Lines, range: Range<usize>) -> Option<usize> {
    lines
        .body_in(range)
        .rev()
        .take(10)
        .take_while(|&index| lines.get(index).folded.split(' ').count() <= 14)
        .filter(|&index| is_capacity(lines.get(index).text) || is_position(lines.get(index).text))
        .last()
}

/// Whether a line is the heading of an annex or of a form in one: "PHỤ LỤC I", "Mẫu số 02".
pub(crate) fn is_annex_head(lines: &Lines, index: usize) -> bool {
    let line = lines.get(index);
    let text = line.text.trim_start_matches('“');
    let is_capital = text.starts_with(char::is_uppercase) && !text.ends_with([';', ',']);
    let count = line.folded.split(' ').count();
    let is_annex = starts_like(&line.folded, "phu luc")
        && (count <= 3 || (count <= 4 && is_capitals(text)) || is_numbered_head(text));
    let is_form = line.folded.starts_with("mau so ") && count <= 20
        || line.folded.starts_with("bieu mau") && count <= 6;
    is_capital && (is_annex || is_form)
}

/// "Phụ lục (Kèm theo …", "Phụ lục II. Danh mục": a bracket or mark after the second or third word.
fn is_numbered_head(text: &str) -> bool {
    let mut words = text.split_whitespace().skip(2);
    let (third, fourth) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    third.starts_with('(')
        || fourth.starts_with('(')
        || (third.ends_with(['.', ':']) && third.chars().count() <= 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::AlignedText;

    /// Type, first and last line (1-based), title, first line of the body, of each document.
    fn documents(source: &str) -> Vec<(&'static str, usize, usize, String, String)> {
        let text = AlignedText::from_plain(source);
        let lines = Lines::new(&text);
        find_documents(&lines)
            .into_iter()
            .map(|zones| {
                let title = zones.title.map_or("", |span| &source[span]);
                let body = text.line_text(zones.body_start.min(text.lines().len() - 1));
                (
                    zones.doc_type.unwrap_or(""),
                    zones.lines.start + 1,
                    zones.lines.end,
                    title.replace('\n', " "),
                    body.to_owned(),
                )
            })
            .collect()
    }

    fn document(
        doc_type: &'static str,
        first: usize,
        last: usize,
        title: &str,
        body: &str,
    ) -> (&'static str, usize, usize, String, String) {
        (doc_type, first, last, title.into(), body.into())
    }

    #[test]
    fn a_decision_and_its_plan_are_two_documents() {
        let source = "Số: /QĐ-UBND\n\nQUYẾT ĐỊNH\nBan hành Kế hoạch\nnăm 2026\n\nCHỦ TỊCH ỦY BAN \
            NHÂN DÂN XÃ AN\n\nCăn cứ Luật;\nQUYẾT ĐỊNH:\nĐiều 1. Ban hành.\n\nNơi nhận:\n- Như \
            trên.\n\nCHỦ TỊCH\n\nTrần Văn An\n\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nKẾ \
            HOẠCH\nNăm 2026\n(Kèm theo Quyết định số /QĐ-UBND\nngày /4/2026)\n\nThực hiện Luật.";
        assert_eq!(
            documents(source),
            [
                document("Quyết định", 1, 18, "Ban hành Kế hoạch năm 2026", "Căn cứ Luật;"),
                document("Kế hoạch", 21, 28, "Năm 2026", "Thực hiện Luật."),
            ]
        );
    }

    #[test]
    fn a_letter_is_known_by_its_address() {
        let source = "SỞ NỘI VỤ\nSố: 5/SNV-VP\nV/v treo cờ\nngày lễ\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA \
            VIỆT NAM\n\nKính gửi:\n- Các sở;\n- Các xã.\n\nĐể chào mừng ngày lễ.";
        assert_eq!(
            documents(source),
            [document("Công văn", 1, 12, "V/v treo cờ ngày lễ", "Để chào mừng ngày lễ.")]
        );
    }

    #[test]
    fn a_submission_with_an_address_is_one_document() {
        let source =
            "Số: 5/TTr-SNV\nTỜ TRÌNH\nVề việc treo cờ\nKính gửi: Ủy ban nhân dân.\nThực hiện.";
        let found = documents(source);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0, found[0].3.as_str()), ("Tờ trình", "Về việc treo cờ"));
    }

    #[test]
    fn forms_in_an_annex_are_no_documents() {
        let source = "Số: 5/TT-BYT\nTHÔNG TƯ\nVề mẫu đơn\nCăn cứ Luật;\nĐiều 1. Ban hành.\nNơi nhận:\n\
            - Lưu: VT.\nPHỤ LỤC\nMẫu số 01\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: …/…\nBÁO CÁO\n\
            Kính gửi: …\nMẫu số 02\nQUYẾT ĐỊNH\nVề việc …";
        assert_eq!(documents(source).len(), 1);
    }

    #[test]
    fn a_title_goes_on_over_capitals_quotes_and_blank_lines() {
        for (source, title) in [
            (
                "KẾ HOẠCH\nTriển khai “Cả nước\n\nThi đua” năm 2026\n\nThực hiện Luật.",
                "Triển khai “Cả nước  Thi đua” năm 2026",
            ),
            (
                "QUYẾT ĐỊNH\nBầu Chủ tịch\nỦy ban nhân dân xã An\n\nCăn cứ Luật;",
                "Bầu Chủ tịch Ủy ban nhân dân xã An",
            ),
            ("QUỐC HỘI\nLUẬT\nPHÒNG BỆNH\nQUỐC HỘI\nCăn cứ Hiến pháp;", "PHÒNG BỆNH"),
            (
                "Số: 1/KH-UBND\nKẾ HOẠCH CẢI CÁCH HÀNH CHÍNH\nNĂM 2026\nThực hiện Luật;",
                "CẢI CÁCH HÀNH CHÍNH NĂM 2026",
            ),
        ] {
            assert_eq!(documents(source)[0].3, title);
        }
    }

    #[test]
    fn a_type_word_in_a_title_begins_no_document() {
        let source =
            "BỘ Y TẾ\nSố: 5/2026/TT-BYT\nTHÔNG TƯ\nQUY ĐỊNH VỀ MẪU ĐƠN\nCăn cứ Luật;\nĐiều 1. Đơn.";
        assert_eq!(
            documents(source),
            [document("Thông tư", 1, 6, "QUY ĐỊNH VỀ MẪU ĐƠN", "Căn cứ Luật;")]
        );
    }

    #[test]
    fn a_text_without_landmarks_is_a_document_of_unknown_type() {
        assert_eq!(
            documents("Các cơ quan thực hiện."),
            [document("", 1, 1, "", "Các cơ quan thực hiện.")]
        );
        assert_eq!(documents("\n \n"), []);
        let by_symbol = documents("UBND XÃ AN\nSố: 5/KH-UBND\nVề treo cờ\nThực hiện.");
        assert_eq!(by_symbol[0].0, "Kế hoạch");
    }
}
