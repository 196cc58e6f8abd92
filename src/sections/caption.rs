//! The heading of a section, told from a paragraph that merely begins with a label.

use super::label::Reading;
use super::lines::{Lines, ends_clause, starts_bullet};
use super::node::LabelStyle;
use super::phrase::{fold, has_words, is_capitals, starts_like};
use super::sequence::Candidate;
use super::topic::{names_topic, names_unit};
use crate::text::Span;

/// A heading.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Caption {
    /// On one line, without the mark at its end.
    pub text: String,
    pub span: Span,
}

/// The paragraph after a label, up to the end of its first sentence's lines.
struct Paragraph {
    text: String,
    /// Where each piece of `text` lies: its end in `text`, the offset to add for the source.
    pieces: Vec<(usize, usize)>,
    /// The line after its last.
    end_line: usize,
}

/// Folded verbs that begin a task, not a heading.
const TASK_VERBS: [&str; 66] = [
    "chu tri",
    "phoi hop",
    "tham muu",
    "to chuc",
    "xay dung",
    "trien khai",
    "thuc hien",
    "chi dao",
    "huong dan",
    "don doc",
    "kiem tra",
    "ra soat",
    "bao cao",
    "tang cuong",
    "day manh",
    "nang cao",
    "phat huy",
    "tiep tuc",
    "giao",
    "ban hanh",
    "bo tri",
    "cung cap",
    "tiep nhan",
    "tong hop",
    "theo doi",
    "danh gia",
    "lap",
    "trinh",
    "de xuat",
    "dam bao",
    "bao dam",
    "phan cong",
    "can cu",
    "tuyen truyen",
    "pho bien",
    "quan triet",
    "cu the hoa",
    "hoan thanh",
    "hoan thien",
    "phat hien",
    "khoi day",
    "huong ung",
    "tao",
    "thuong xuyen",
    "kip thoi",
    "chu dong",
    "tich cuc",
    "van dong",
    "thi dua",
    "phan dau",
    "gan",
    "dua",
    "lua chon",
    "xet",
    "de nghi",
    "moi",
    "yeu cau",
    "tap trung",
    "khuyen khich",
    "ho tro",
    "thanh lap",
    "quy dinh",
    "sua doi",
    "bo sung",
    "bai bo",
    "khen thuong",
];

/// A heading of more words than this is a sentence without its full stop.
const LONGEST: usize = 45;
/// The same for the words before a colon and the text that they head.
const LONGEST_BEFORE_COLON: usize = 14;

/// The heading after a label, if it has one.
///
/// `end_line` is the line of the next label; `has_children` tells whether labels stand below.
pub(crate) fn caption_of(
    lines: &Lines,
    candidate: &Candidate,
    reading: &Reading,
    end_line: usize,
    has_children: bool,
) -> Option<Caption> {
    let first = candidate.line;
    let after = lines.get(first).span.start + candidate.head.after;
    let paragraph = if reading.style <= LabelStyle::Division {
        capital_lines(lines, first, after, end_line)
    } else {
        paragraph(lines, first, after, end_line)
    };
    let has_text_below = lines.body_in(paragraph.end_line..end_line).next().is_some();
    let length = heading_length(&paragraph.text, reading.style, has_children, has_text_below)?;
    let text = paragraph.text[..length].trim_end_matches([':', '.', ' ', ';']).to_owned();
    (!text.is_empty())
        .then(|| Caption { span: paragraph.source(0)..paragraph.source(text.len()), text })
}

/// How many bytes of a section's first paragraph are its heading; `None` for no heading.
fn heading_length(
    text: &str,
    style: LabelStyle,
    has_children: bool,
    has_text_below: bool,
) -> Option<usize> {
    let text = text.trim_end();
    let count = text.split_whitespace().count();
    if count == 0 {
        return None;
    }
    if style <= LabelStyle::Division || (is_capitals(text) && text.chars().count() > 2) {
        return Some(text.len());
    }
    let is_whole = has_children || has_text_below;
    let folded = fold(text);
    let begins_task = TASK_VERBS.iter().any(|verb| starts_like(&folded, verb)) && !names_unit(text);
    if text.ends_with(':') {
        let inner = colon_heading(text).filter(|&at| at + 1 < text.len());
        let is_heading = count <= LONGEST && (has_children || !begins_task || count <= 6);
        return if is_heading && is_whole { inner.or(Some(text.len())) } else { inner };
    }
    if !ends_clause(text) && !text.ends_with(',') {
        let is_sentence =
            count > LONGEST || (style == LabelStyle::Article && begins_task && count > 25);
        if is_whole && !is_sentence {
            return Some(text.len());
        }
    }
    if is_short_topic(text, count) && is_whole {
        return Some(text.len());
    }
    colon_heading(text)
}

/// "Mục đích.": a heading with a full stop.
fn is_short_topic(text: &str, count: usize) -> bool {
    text.ends_with('.')
        && count <= 6
        && names_topic(text)
        && !text.trim_end_matches('.').contains(['.', ','])
}

/// The length of a heading that a colon sets off from the text after it.
fn colon_heading(text: &str) -> Option<usize> {
    let colon = text.find(':')?;
    let (head, rest) = (&text[..colon], text[colon + 1..].trim_start());
    let count = head.split_whitespace().count();
    let folded = fold(head);
    let begins_task = TASK_VERBS.iter().any(|verb| starts_like(&folded, verb));
    let is_heading = count <= LONGEST_BEFORE_COLON
        && !head.contains(['.', ';', '“'])
        && (!begins_task || names_topic(head) && count <= 8)
        && !has_words(&folded, "nhu sau")
        && !has_words(&folded, "sau day")
        && rest.starts_with(|c: char| !c.is_lowercase());
    is_heading.then_some(colon)
}

impl Paragraph {
    fn push(&mut self, source: Span, text: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        // An offset of wrapping arithmetic: the text of a title can be longer than its place.
        let shift = source.start.wrapping_sub(self.text.len());
        self.text.push_str(text);
        self.pieces.push((self.text.len(), shift));
    }

    /// The byte of the source from which byte `at` of the text came.
    fn source(&self, at: usize) -> usize {
        let piece = self.pieces.iter().find(|(end, _)| at <= *end).or(self.pieces.last());
        piece.map_or(0, |(end, shift)| at.min(*end).wrapping_add(*shift))
    }
}

/// The lines from a label to the end of the paragraph's first run.
fn paragraph(lines: &Lines, first: usize, after: usize, end_line: usize) -> Paragraph {
    let mut paragraph = Paragraph { text: String::new(), pieces: Vec::new(), end_line: first + 1 };
    let head = lines.get(first);
    let mut last = first;
    paragraph.push(after..head.span.end, &lines.text.as_str()[after..head.span.end]);
    for index in lines.body_in(first + 1..end_line) {
        let line = lines.get(index);
        let goes_on = if paragraph.text.trim().is_empty() {
            last == first
        } else {
            lines.continues(last, index)
        };
        if !goes_on
            || starts_bullet(line.text)
            || line.text.starts_with('“') && read_as_quote(line.text)
        {
            break;
        }
        paragraph.push(line.span.clone(), line.text);
        paragraph.end_line = index + 1;
        last = index;
    }
    paragraph
}

/// Whether a line opens a quoted amendment: "“6. Việc nhận …".
fn read_as_quote(text: &str) -> bool {
    super::label::read_head(text.trim_start_matches('“')).is_some()
}

/// The heading of a chapter or part: the rest of its line and the lines of capitals below, or the
/// paragraph below where it isn't in capitals.
fn capital_lines(lines: &Lines, first: usize, after: usize, end_line: usize) -> Paragraph {
    let whole = paragraph(lines, first, after, end_line);
    let mut capitals = Paragraph { text: String::new(), pieces: Vec::new(), end_line: first + 1 };
    let head_end = lines.get(first).span.end;
    if after < head_end {
        capitals.push(after..head_end, &lines.text.as_str()[after..head_end]);
    }
    for index in lines.body_in(first + 1..end_line) {
        let line = lines.get(index);
        if !is_capitals(line.text) {
            break;
        }
        capitals.push(line.span.clone(), line.text);
        capitals.end_line = index + 1;
    }
    if capitals.text.is_empty() && !ends_clause(&whole.text) { whole } else { capitals }
}
