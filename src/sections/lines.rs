//! Lines as segmentation sees them: without page numbers and footnotes in the way, and with a
//! judgement of which line goes on with the sentence of the one before.

use std::ops::Range;

use super::phrase::fold;
use crate::plan::LineRole;
use crate::text::{AlignedText, Span};

/// The lines of a text.
pub(crate) struct Lines<'a> {
    pub text: &'a AlignedText,
    lines: Vec<Line<'a>>,
    /// Length in characters of a full line of running text.
    full_length: f32,
}

/// One line.
pub(crate) struct Line<'a> {
    /// Without spaces, form feeds and Markdown marks around it.
    pub text: &'a str,
    /// Where `text` lies.
    pub span: Span,
    /// As [`fold`] gives it.
    pub folded: String,
    pub role: Role,
}

/// What a line is to the running text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Body,
    Blank,
    /// A rule, a lone page number, a footnote: print that interrupts a sentence.
    Interruption,
}

/// A line at least this full (of 1) can be one that was wrapped.
const WRAPPED_FILL: f32 = 0.8;

/// Words after which a sentence must go on, folded.
const DANGLING: [&str; 18] = [
    "va", "cua", "cac", "voi", "ve", "cho", "theo", "tai", "tu", "den", "hoac", "trong", "bang",
    "la", "do", "nhung", "thuoc", "duoc",
];

/// Words after which a number must come, folded.
const BEFORE_NUMBERS: [&str; 9] =
    ["so", "ngay", "thang", "nam", "khoan", "diem", "dieu", "muc", "quy"];

impl<'a> Lines<'a> {
    pub fn new(text: &'a AlignedText) -> Self {
        let mut lines = Vec::with_capacity(text.lines().len());
        let mut in_footnote = false;
        for (index, line) in text.lines().iter().enumerate() {
            let span = trimmed(text.as_str(), line.span.clone());
            let content = &text.as_str()[span.clone()];
            let folded = fold(content);
            in_footnote = !content.is_empty()
                && (in_footnote && !text.line_text(index).starts_with('\u{c}')
                    || content.starts_with(is_superscript));
            let role = if content.is_empty() {
                Role::Blank
            } else if in_footnote
                || line.role != LineRole::Body
                || folded.is_empty()
                || is_page_number(content)
            {
                Role::Interruption
            } else {
                Role::Body
            };
            lines.push(Line { text: content, span, folded, role });
        }
        let full_length = full_length(&lines);
        Self { text, lines, full_length }
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    pub fn get(&self, index: usize) -> &Line<'a> {
        &self.lines[index]
    }

    pub fn is_body(&self, index: usize) -> bool {
        self.lines[index].role == Role::Body
    }

    /// The indices of the body lines in `range`, in order.
    pub fn body_in(&self, range: Range<usize>) -> impl DoubleEndedIterator<Item = usize> + '_ {
        range.filter(|&index| self.is_body(index))
    }

    /// The body line before `index` and not before `first`.
    pub fn body_before(&self, index: usize, first: usize) -> Option<usize> {
        self.body_in(first..index).next_back()
    }

    /// Whether a blank line lies between two lines.
    pub fn blank_between(&self, upper: usize, lower: usize) -> bool {
        (upper + 1..lower).any(|index| self.lines[index].role == Role::Blank)
    }

    /// How much of the line's width its text fills, about 1 for a full line.
    pub fn fill(&self, index: usize) -> f32 {
        weight(self.lines[index].text) / self.full_length
    }

    /// Whether body line `lower` goes on with the sentence that `upper`, the body line before it,
    /// leaves open. A label at the head of `lower` isn't looked at.
    pub fn continues(&self, upper: usize, lower: usize) -> bool {
        let (above, below) = (&self.lines[upper], &self.lines[lower]);
        let starts_low = below
            .text
            .chars()
            .find(|c| c.is_alphanumeric())
            .is_some_and(|c| c.is_lowercase() && !below.text.starts_with(['+', '•']));
        if ends_clause(above.text) {
            return starts_low && above.text.ends_with("...") && !self.blank_between(upper, lower);
        }
        if starts_low {
            return true;
        }
        if self.blank_between(upper, lower) {
            return false;
        }
        let last_word = above.folded.rsplit(' ').next().unwrap_or("");
        is_dangling(last_word)
            || (awaits_number(last_word) && below.text.starts_with(|c: char| c.is_ascii_digit()))
            || above.text.ends_with([',', '-'])
            || (self.fill(upper) >= WRAPPED_FILL && !starts_bullet(below.text))
    }
}

/// Whether a sentence must go on after a folded word: "và", "của".
pub(crate) fn is_dangling(folded_word: &str) -> bool {
    DANGLING.contains(&folded_word)
}

/// Whether a number must follow a folded word: "số", "khoản".
pub(crate) fn awaits_number(folded_word: &str) -> bool {
    BEFORE_NUMBERS.contains(&folded_word)
}

/// Whether a line ends a sentence or a clause that a list or paragraph can follow.
pub(crate) fn ends_clause(text: &str) -> bool {
    let text = text.trim_end_matches(['”', '"', ')', '’', ' ']);
    text.ends_with(['.', ';', ':', '!', '?', '…', '/'])
}

/// Whether a line begins with a bullet and a capital or digit after it.
pub(crate) fn starts_bullet(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['-', '–', '—', '+', '•', '●', '*', '▪', '○'])
    else {
        return false;
    };
    rest.trim_start().chars().next().is_some_and(|c| !c.is_lowercase())
}

/// The part of a span without white space and Markdown's marks of headings and bold print.
fn trimmed(text: &str, span: Span) -> Span {
    let whole = &text[span.clone()];
    let mut part = whole.trim().trim_start_matches('#').trim_start();
    for mark in ["**", "__"] {
        part = part.strip_prefix(mark).unwrap_or(part);
        part = part.strip_suffix(mark).unwrap_or(part);
    }
    let part = part.trim();
    // `part` is a slice of `whole`, so the difference of their addresses is its offset.
    let start = span.start + (part.as_ptr() as usize - whole.as_ptr() as usize);
    start..start + part.len()
}

fn is_superscript(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

fn is_page_number(text: &str) -> bool {
    let digits = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—'));
    (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Characters, capitals counted for the width that they take in a Times-like face.
fn weight(text: &str) -> f32 {
    text.chars().map(|c| if c.is_uppercase() { 1.35 } else { 1.0 }).sum()
}

/// The length that nine in ten lines of running text don't exceed.
fn full_length(lines: &[Line]) -> f32 {
    let long_enough = |line: &&Line| line.role == Role::Body && line.text.len() > 30;
    let mut lengths: Vec<f32> = lines.iter().filter(long_enough).map(|l| weight(l.text)).collect();
    lengths.sort_by(f32::total_cmp);
    lengths.get(lengths.len() * 9 / 10).copied().unwrap_or(80.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = "Các cơ quan, đơn vị, địa phương căn cứ Kế hoạch này và điều kiện cụ thể";

    fn continues(upper: &str, between: &str, lower: &str) -> bool {
        let text = AlignedText::from_plain(&format!("{upper}\n{between}{lower}\n{FULL}\n{FULL}"));
        let lines = Lines::new(&text);
        let second = lines.body_in(1..lines.len()).next().unwrap();
        lines.continues(0, second)
    }

    #[test]
    fn sentences_go_on_over_lines_and_pages() {
        assert!(continues(FULL, "", "xây dựng kế hoạch."));
        assert!(continues(FULL, "\n", "xây dựng kế hoạch."));
        assert!(continues(FULL, "\n\n12\n", "xây dựng kế hoạch."));
        assert!(continues(FULL, "", "Phong trào thi đua."));
        assert!(continues("2. Đề nghị Mặt trận và", "", "Hội Nông dân"));
    }

    #[test]
    fn a_new_paragraph_is_no_continuation() {
        assert!(!continues("2. Thời gian thi đua", "", "Phong trào được tổ chức"));
        assert!(!continues("2. Thời gian thi đua", "\n", "Phong trào được tổ chức"));
        assert!(!continues(FULL, "\n", "Phong trào được tổ chức"));
        assert!(!continues("thực hiện các nội dung sau:", "", "- Kịp thời ban hành"));
    }

    #[test]
    fn page_numbers_rules_and_footnotes_interrupt() {
        let text = AlignedText::from_plain("a\n- 2 -\n_____\n¹ Nghị quyết\ntiếp theo\n\nb");
        let lines = Lines::new(&text);
        assert_eq!(lines.body_in(0..7).collect::<Vec<_>>(), [0, 6]);
    }
}
