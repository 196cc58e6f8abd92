//! The heading of a section, told from a paragraph that merely begins with a label.

use std::sync::LazyLock;

use regex::Regex;

use super::lines::{Lines, ends_clause, starts_bullet};
use super::node::LabelStyle;
use super::phrase::{fold, is_capitals, starts_like};
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
/// `end` is the byte at which the next label begins; `has_children` tells whether labels stand
/// below.
pub(crate) fn caption_of(
    lines: &Lines,
    candidate: &Candidate,
    style: LabelStyle,
    end: usize,
    has_children: bool,
) -> Option<Caption> {
    let own = Own { lines, first: candidate.line, after: candidate.at + candidate.head.after, end };
    let paragraph = if style <= LabelStyle::Division { own.capitals() } else { own.paragraph() };
    let has_text_below = own.lines_from(paragraph.end_line).next().is_some();
    let length = heading_length(&paragraph.text, style, has_children, has_text_below)?;
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
    let is_unit = names_unit(text);
    let begins_task = begins_task(&folded) && !is_unit;
    if text.ends_with(':') {
        let inner = colon_heading(text).filter(|&at| at + 1 < text.len());
        let leads_in = speaks_of_itself(&folded)
            || leads_in(&folded) && !is_unit && (count > 12 || style == LabelStyle::Article);
        let is_award = folded.starts_with("khen thuong ") && count <= 12;
        let is_heading = count <= LONGEST
            && !leads_in
            && (has_children || !begins_task || count <= 6 || is_award);
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

/// Whether a folded text begins with the verb of a task.
fn begins_task(folded: &str) -> bool {
    TASK_VERBS.iter().any(|verb| starts_like(folded, verb))
}

/// Whether a folded sentence ends by announcing a list: "… như sau".
fn leads_in(folded: &str) -> bool {
    ["sau", "sau day", "bao gom", "gom", "cu the"]
        .iter()
        .any(|words| folded.strip_suffix(words).is_some_and(|rest| rest.ends_with(' ')))
}

/// "Quy chế này áp dụng đối với các sở", "Phong trào thi đua triển khai từ …": a sentence whose
/// subject is the document or what it is about.
fn speaks_of_itself(folded: &str) -> bool {
    static SUBJECTS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(?:\w+ ){1,4}nay (?:ap dung|quy dinh|dieu chinh|co hieu luc|duoc|thay the)|^(?:phong trao(?: thi dua)?|ke hoach|chuong trinh|cuoc thi|hoi thi|chien dich|du an|de an) (?:\w+ ){0,3}?(?:trien khai|duoc|chia|bat dau|keo dai|dien ra)\b",
        )
        .expect("a valid pattern")
    });
    SUBJECTS.is_match(folded)
}

/// "Mục đích.": a heading with a full stop.
fn is_short_topic(text: &str, count: usize) -> bool {
    text.ends_with('.')
        && count <= 6
        && names_topic(text)
        && !text.trim_end_matches('.').contains(['.', ','])
}

/// Folded words that begin a clause of time or condition, which a colon can end too.
const CLAUSE_WORDS: [&str; 8] = ["den", "tu", "truoc", "vao", "khi", "neu", "sau khi", "trong"];

/// The length of a heading that a colon sets off from the text after it.
fn colon_heading(text: &str) -> Option<usize> {
    let colon = text.find(':')?;
    let (head, rest) = (&text[..colon], text[colon + 1..].trim_start());
    let count = head.split_whitespace().count();
    let folded = fold(head);
    let is_clause = CLAUSE_WORDS.iter().any(|word| starts_like(&folded, word));
    // A short heading, or one with a heading's words, can be followed by a phrase; any other one
    // by a sentence.
    let rest_fits = match rest.chars().next() {
        Some(c) if c.is_lowercase() => count <= 5 || names_topic(head) || names_unit(head),
        first => first.is_some(),
    };
    let is_heading = (1..=LONGEST_BEFORE_COLON).contains(&count)
        && !speaks_of_itself(&folded)
        && rest_fits
        && !is_clause
        && !head.contains(['.', ';', '“'])
        && (!begins_task(&folded) || names_topic(head) && count <= 8)
        && !leads_in(&folded);
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

/// The text from a label to the next.
struct Own<'a> {
    lines: &'a Lines<'a>,
    /// Line of the label.
    first: usize,
    /// Byte after the label and its mark.
    after: usize,
    /// Byte at which the next label begins.
    end: usize,
}

impl Own<'_> {
    /// The body lines from line `from` on.
    fn lines_from(&self, from: usize) -> impl Iterator<Item = usize> {
        let end_line = (from..self.lines.len())
            .find(|&index| self.lines.get(index).span.start >= self.end)
            .unwrap_or(self.lines.len());
        self.lines.body_in(from..end_line)
    }

    /// A line up to the next label.
    fn clipped(&self, index: usize) -> (Span, &str) {
        let span = self.lines.get(index).span.clone();
        let text = self.lines.text.as_str()[span.start..span.end.min(self.end)].trim_end();
        (span.start..span.start + text.len(), text)
    }

    /// The rest of the label's line.
    fn head(&self) -> Paragraph {
        let mut head =
            Paragraph { text: String::new(), pieces: Vec::new(), end_line: self.first + 1 };
        let line_end = self.lines.get(self.first).span.end.min(self.end);
        if self.after < line_end {
            let text = self.lines.text.as_str()[self.after..line_end].trim_end();
            head.push(self.after..self.after + text.len(), text);
        }
        head
    }

    /// The lines to the end of the paragraph's first run.
    fn paragraph(&self) -> Paragraph {
        let mut paragraph = self.head();
        let mut last = self.first;
        for index in self.lines_from(self.first + 1) {
            let line = self.lines.get(index);
            let goes_on = if paragraph.text.is_empty() {
                last == self.first
            } else {
                self.lines.continues(last, index)
            };
            if !goes_on || starts_bullet(line.text) || opens_quoted_label(line.text) {
                break;
            }
            let (span, text) = self.clipped(index);
            paragraph.push(span, text);
            paragraph.end_line = index + 1;
            last = index;
        }
        paragraph
    }

    /// The heading of a chapter or part: the rest of its line and the lines of capitals below, or
    /// the paragraph below where it isn't in capitals.
    fn capitals(&self) -> Paragraph {
        let mut capitals = self.head();
        for index in self.lines_from(self.first + 1) {
            let (span, text) = self.clipped(index);
            if !is_capitals(text) {
                break;
            }
            capitals.push(span, text);
            capitals.end_line = index + 1;
        }
        if !capitals.text.is_empty() {
            return capitals;
        }
        let whole = self.paragraph();
        if ends_clause(&whole.text) { capitals } else { whole }
    }
}

/// Whether a line opens a quoted amendment: "“6. Việc nhận …".
pub(crate) fn opens_quoted_label(text: &str) -> bool {
    text.starts_with('“') && super::label::read_head(text.trim_start_matches('“')).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::label::read_head;
    use super::*;
    use crate::text::AlignedText;

    /// The heading of a section that a text is.
    fn caption(source: &str, style: LabelStyle, has_children: bool) -> Option<String> {
        let text = AlignedText::from_plain(source);
        let lines = Lines::new(&text);
        let head = read_head(lines.get(0).text)?;
        let candidate = Candidate { line: 0, at: 0, head, accept_cost: 0.0, reject_cost: 0.0 };
        caption_of(&lines, &candidate, style, source.len(), has_children).map(|c| c.text)
    }

    #[test]
    fn headings() {
        use LabelStyle::*;
        for (source, style, has_children, title) in [
            ("I. MỤC ĐÍCH, YÊU CẦU", Roman, false, "MỤC ĐÍCH, YÊU CẦU"),
            ("I. MỤC ĐÍCH:", Roman, true, "MỤC ĐÍCH"),
            ("1. Mục đích", Arabic, true, "Mục đích"),
            ("1. Mục đích.", Arabic, true, "Mục đích"),
            ("2. Thời gian\nPhong trào được tổ chức từ năm 2026.", Arabic, false, "Thời gian"),
            ("a) Tập thể: Các cơ quan, đơn vị.", Letter, false, "Tập thể"),
            ("a) Thời gian: từ ngày 01/6/2026.", Letter, false, "Thời gian"),
            (
                "b) Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh: không quá 15 tập thể.",
                Letter,
                false,
                "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
            ),
            (
                "2. Sở Khoa học và Công nghệ chịu trách nhiệm:",
                Arabic,
                true,
                "Sở Khoa học và Công nghệ chịu trách nhiệm",
            ),
            (
                "3. Đề nghị Mặt trận Tổ quốc Việt Nam và\ncác tổ chức chính trị",
                Arabic,
                true,
                "Đề nghị Mặt trận Tổ quốc Việt Nam và các tổ chức chính trị",
            ),
            ("Chương II\nQUY ĐỊNH\nCHUNG\nVăn bản này", Chapter, true, "QUY ĐỊNH CHUNG"),
            (
                "Điều 1. Phạm vi điều chỉnh\nQuyết định này quy định về thẩm quyền.",
                Article,
                false,
                "Phạm vi điều chỉnh",
            ),
            ("Điều 1. Sửa đổi khoản 6\n“6. Việc nhận kết quả”.", Article, false, "Sửa đổi khoản 6"),
        ] {
            assert_eq!(caption(source, style, has_children).as_deref(), Some(title), "{source}");
        }
    }

    #[test]
    fn paragraphs_have_no_heading() {
        use LabelStyle::*;
        for (source, style, has_children) in [
            ("Điều 2. Quyết định này có hiệu lực kể từ ngày ký.", Article, false),
            ("a) Thi đua nâng cao nhận thức. Gắn tuyên truyền các mục tiêu.", Letter, false),
            (
                "c) Chủ trì phối hợp với Sở Khoa học và Công nghệ:\n- Triển khai Phong trào;",
                Letter,
                false,
            ),
            ("b) Hướng dẫn các trường mầm non thuộc phường: Xây dựng kế hoạch.", Letter, false),
            ("a) Đến tháng 12/2026: 100% thôn có tủ sách.", Letter, false),
            ("Điều 1. Phân bổ kinh phí cho các đơn vị theo biểu sau:\nSTT", Article, false),
            ("6. Thi đua bảo đảm quốc phòng và an ninh", Arabic, false),
            ("2. a) Tập thể", Arabic, false),
        ] {
            assert_eq!(caption(source, style, has_children), None, "{source}");
        }
    }
}
