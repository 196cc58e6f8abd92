//! Page numbers and footnotes: lines told from the running text by where they stand.

use std::sync::LazyLock;

use regex::Regex;

use super::{PlannedLine, Sheet, Spacing};
use crate::plan::LineRole;

/// Share of the page's height, at the top and at the bottom, in which page numbers stand.
const MARGIN: f32 = 0.15;
/// How far a page number may be off the middle, as a share of the page's width.
const CENTER_SLACK: f32 = 0.04;
/// Footnotes begin in the lower part of the page.
const FOOTNOTES_FROM: f32 = 0.5;
/// Footnote type against text type: 10 or 11 points against 13 or 14; measured by letters' height
/// and width, each of which is off by some percent.
const FOOTNOTE_TYPE: f32 = 0.9;

/// Marks the page number and the footnotes among the lines of the running text.
pub(super) fn assign_roles(sheet: &Sheet, lines: &mut [PlannedLine]) {
    mark_page_number(sheet, lines);
    mark_footnotes(sheet, lines);
}

/// "2", "- 2 -", "2/15", "Trang 2" (page 2), "Trang 2/15".
static PAGE_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(trang\s*)?[-–—]?\s*\d{1,4}(\s*/\s*\d{1,4})?\s*[-–—]?$")
        .expect("the pattern is well formed")
});

/// Whether the text can be a page number, as printed.
fn reads_as_page_number(text: &str) -> bool {
    PAGE_NUMBER.is_match(text)
}

/// Whether the text can be a page number that was misread: one or two signs that are no word, no
/// list label and no Roman number.
fn may_be_misread_page_number(text: &str) -> bool {
    let roman = text.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    text.chars().count() <= 2 && !roman && !text.ends_with([')', '.'])
}

/// Marks the first and the last line if they are a number that stands as page numbers do.
fn mark_page_number(sheet: &Sheet, lines: &mut [PlannedLine]) {
    let page = sheet.page;
    let middle = |line: &PlannedLine| line.bounds().y0 / 2 + line.bounds().y1 / 2;
    let body = |line: &&mut PlannedLine| line.role == LineRole::Body;
    let margin = (page.height as f32 * MARGIN) as u32;
    let text_middle = sheet.text_middle(lines.iter().flat_map(|line| &line.fragments));
    let slack = (page.width as f32 * CENTER_SLACK) as u32;
    let first = lines.iter_mut().filter(body).min_by_key(|line| middle(line));
    if let Some(line) = first.filter(|line| middle(line) < margin) {
        mark_if_page_number(sheet, line, text_middle, slack);
    }
    let last = lines.iter_mut().filter(body).max_by_key(|line| middle(line));
    if let Some(line) = last.filter(|line| middle(line) > page.height.saturating_sub(margin)) {
        mark_if_page_number(sheet, line, text_middle, slack);
    }
}

fn mark_if_page_number(sheet: &Sheet, line: &mut PlannedLine, text_middle: u32, slack: u32) {
    let [fragment] = line.fragments.as_slice() else { return };
    let text = sheet.text(fragment);
    let off = |middle: u32| fragment.center_x().abs_diff(middle);
    let centered = off(text_middle).min(off(sheet.page.width / 2)) <= slack;
    let right = fragment.bounds.x0 > sheet.page.width / 4 * 3;
    if reads_as_page_number(&text) && (centered || right)
        || may_be_misread_page_number(&text) && centered
    {
        line.role = LineRole::PageNumber;
    }
}

/// How a footnote begins: its mark, as printed or as OCR reads a superscript. A number with a full
/// stop or a bracket after it is a list label.
static FOOTNOTE_MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^(\(\d{1,2}\)|\[\d{1,2}\]|\d{1,2}|[¹²³⁰⁴-⁹]+|\*+|['"“”‘’!?°])\s*\p{L}"#)
        .expect("the pattern is well formed")
});

fn begins_as_footnote(text: &str) -> bool {
    FOOTNOTE_MARK.is_match(text)
}

/// Marks the lines in small type at the foot of the page, from the first that has a footnote mark.
fn mark_footnotes(sheet: &Sheet, lines: &mut [PlannedLine]) {
    let usual = TypeSize::of(sheet, lines.iter().filter(|line| line.role == LineRole::Body));
    let floor = (sheet.page.height as f32 * FOOTNOTES_FROM) as u32;
    let small = |line: &PlannedLine| {
        let size = TypeSize::of(sheet, std::iter::once(line));
        line.bounds().y0 >= floor
            && size.height <= FOOTNOTE_TYPE * usual.height
            && size.width <= FOOTNOTE_TYPE * usual.width
    };
    let body: Vec<usize> =
        (0..lines.len()).filter(|&at| lines[at].role == LineRole::Body).collect();
    let foot = body
        .iter()
        .rev()
        .take_while(|&&at| lines[at].spacing == Spacing::Text && small(&lines[at]))
        .count();
    let foot = &body[body.len() - foot..];
    let text =
        |line: &PlannedLine| line.fragments.first().map(|f| sheet.text(f)).unwrap_or_default();
    let first = foot.iter().position(|&at| begins_as_footnote(&text(&lines[at])));
    for &at in first.map_or(&[][..], |first| &foot[first..]) {
        lines[at].role = LineRole::Footnote;
    }
}

/// The size of type as OCR boxes show it.
struct TypeSize {
    /// Median height of words, in pixels.
    height: f32,
    /// Mean width of a letter, in pixels.
    width: f32,
}

impl TypeSize {
    fn of<'a>(sheet: &Sheet, lines: impl Iterator<Item = &'a PlannedLine>) -> Self {
        let words = lines.flat_map(|line| &line.fragments).flat_map(|fragment| &fragment.words);
        let (mut heights, mut widths, mut letters) = (Vec::new(), 0.0, 0.0);
        for word in words.map(|&at| &sheet.words[at]) {
            if word.text.chars().any(char::is_alphanumeric) {
                heights.push(word.bounds.height());
                widths += word.bounds.width() as f32;
                letters += word.text.chars().count() as f32;
            }
        }
        heights.sort_unstable();
        let height = heights.get(heights.len() / 2).copied().unwrap_or(0) as f32;
        Self { height, width: if letters > 0.0 { widths / letters } else { 0.0 } }
    }
}
