//! The trích yếu (abstract) under a document's type word, and where the body begins after it.

use std::ops::Range;

use super::landmark::*;
use super::lines::{Lines, ends_clause, is_dangling};
use super::phrase::{fold, is_capitals, starts_like};
use crate::text::Span;

/// Folded first words of the paragraph that opens a document's body.
const OPENERS: [&str; 18] = [
    "can cu",
    "thuc hien",
    "theo",
    "xet",
    "de",
    "nham",
    "nhan dip",
    "trong thoi gian",
    "tiep theo",
    "trien khai",
    "thi hanh",
    "ngay",
    "sau khi",
    "tren co so",
    "hom nay",
    "qua",
    "tiep tuc",
    "vua qua",
];

/// A trích yếu of more lines than this is none.
const MOST_LINES: usize = 12;

/// What the scan below the type word is in.
enum Zone {
    Title,
    /// "(Kèm theo Quyết định số …)", up to its bracket.
    Attachment,
    /// The issuing authority in capitals, or whatever else stands between title and body.
    Authority,
}

/// The trích yếu below a type word that ends at byte `type_end`, and the line on which the body
/// begins.
pub(crate) fn title_below(
    lines: &Lines,
    type_line: usize,
    type_end: usize,
    end: usize,
) -> (Option<Span>, usize) {
    // A title can begin on the line of the type word.
    let begins_there = type_end < lines.get(type_line).span.end;
    let mut title: Option<Range<usize>> = begins_there.then_some(type_line..type_line + 1);
    let mut zone = Zone::Title;
    let mut body_start = end;
    for index in lines.body_in(type_line + 1..end) {
        let line = lines.get(index);
        let is_closed = line.text.ends_with([')', ']']);
        zone = match zone {
            Zone::Attachment if is_closed => Zone::Authority,
            Zone::Attachment => Zone::Attachment,
            _ if is_attachment(&line.folded) && is_closed => Zone::Authority,
            _ if is_attachment(&line.folded) => Zone::Attachment,
            Zone::Title if title.is_none() && !begins_body(&line.folded) => {
                if number_line(line.text).is_none() && date_line(line.text).is_none() {
                    title = Some(index..index + 1);
                }
                Zone::Title
            }
            Zone::Title if is_authority(lines, &title, index, type_line) => Zone::Authority,
            Zone::Title if goes_on(lines, &title, index) => {
                title = title.map(|t| t.start..index + 1);
                Zone::Title
            }
            Zone::Authority if is_issuer_line(line.text) => Zone::Authority,
            Zone::Title | Zone::Authority => {
                body_start = index;
                break;
            }
        };
    }
    let span = title.map(|t| {
        let start = if t.start == type_line { type_end } else { lines.get(t.start).span.start };
        start..lines.get(t.end - 1).span.end
    });
    (span, body_start)
}

/// Whether a folded line can only be body, even right below the type word.
fn begins_body(folded: &str) -> bool {
    starts_like(folded, "can cu") || starts_like(folded, "kinh gui")
}

/// Whether a line below the title names the issuing authority.
fn is_authority(
    lines: &Lines,
    title: &Option<Range<usize>>,
    index: usize,
    type_line: usize,
) -> bool {
    let Some(title) = title else { return false };
    let (above, line) = (title.end - 1, lines.get(index));
    if !is_issuer_line(line.text) {
        return false;
    }
    // Under a title in capitals only the letterhead's own words, or a blank line, tell it apart.
    let letterhead: Vec<String> = lines
        .body_in(type_line.saturating_sub(12)..type_line)
        .map(|index| fold(left_column(lines.get(index).text)))
        .collect();
    !is_capitals(lines.get(above).text)
        || lines.blank_between(above, index)
        || letterhead.join(" ").contains(&line.folded)
}

/// Whether a line goes on with the title above it.
fn goes_on(lines: &Lines, title: &Option<Range<usize>>, index: usize) -> bool {
    let Some(title) = title else { return false };
    let (above, line) = (title.end - 1, lines.get(index));
    if index - title.start > MOST_LINES || begins_body(&line.folded) || begins_label(line.text) {
        return false;
    }
    let last_word = lines.get(above).folded.rsplit(' ').next().unwrap_or("");
    if has_open_quote(lines, title)
        || line.text.starts_with(char::is_lowercase)
        || lines.get(above).text.ends_with([',', '-'])
        || is_dangling(last_word)
    {
        return true;
    }
    let opens = OPENERS.iter().any(|opener| starts_like(&line.folded, opener));
    let is_paragraph = ends_clause(line.text) || lines.fill(index) >= 0.85;
    if lines.blank_between(above, index) {
        !opens && !is_paragraph
    } else {
        !(opens || is_paragraph && lines.fill(above) < 0.6)
    }
}

fn has_open_quote(lines: &Lines, title: &Range<usize>) -> bool {
    let count = |mark| {
        title.clone().map(|index| lines.get(index).text.matches(mark).count()).sum::<usize>()
    };
    count('“') > count('”')
}

/// Whether a line begins with the first label of a list.
fn begins_label(text: &str) -> bool {
    let head = text.split([' ', '\t']).next().unwrap_or("");
    matches!(head, "I." | "1." | "A." | "I/" | "1/" | "a)" | "Điều" | "Chương" | "Phần" | "PHẦN")
        || matches!(head, "CHƯƠNG" | "ĐIỀU" | "MỤC")
}
