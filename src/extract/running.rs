//! The text as it is read aloud: the lines of a paragraph folded into one, footnotes and page
//! numbers lifted out from between them, and the way back to the lines kept.
//!
//! Patterns run on this text, so that "ngày\n22/12/2024" is as plain to them as on one line.

use std::sync::LazyLock;

use regex::Regex;

use crate::plan::LineRole;
use crate::sections::{DocumentPart, SectionNode};
use crate::text::{AlignedText, Span};

/// Paragraphs, one a line, each with single spaces between its words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunningText {
    text: String,
    /// In order of `start`; words of the aligned text, so that what lies between is white space.
    pieces: Vec<Piece>,
    /// Indices of `pieces` in order of `source`, which differs where a footnote was lifted out.
    by_source: Vec<usize>,
    paragraphs: Vec<Paragraph>,
}

/// A stretch without white space that stands letter for letter in the aligned text.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    start: usize,
    source: usize,
    length: usize,
    /// 0-based.
    line: usize,
}

/// One paragraph of the running text.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    /// Bytes of the running text.
    pub span: Span,
    pub footnote: bool,
}

/// A paragraph whose lines are still being gathered.
#[derive(Default)]
struct Draft {
    lines: Vec<usize>,
    footnote: bool,
}

/// Words that open a paragraph wherever they begin a line with a capital: the clauses of a
/// preamble, which are set one after another without blank lines.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:Căn cứ|Theo đề nghị|Xét đề nghị|Xét Tờ trình|Nơi nhận|Kính gửi)\b")
        .expect("a valid pattern")
});

/// A dash, plus or star that begins an item of a list, or the raised mark of a footnote.
static ITEM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[-–+*•] ?\p{Lu}|[¹²³⁰⁴-⁹]+ ?\p{L})").expect("a valid pattern")
});

static FOOTNOTE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[¹²³⁰⁴-⁹]+ ?\p{L}").expect("a valid pattern"));

static PAGE_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[-–]? ?\d{1,3} ?[-–]?$").expect("a valid pattern"));

impl RunningText {
    /// Folds the lines. A section of `parts` always begins a paragraph.
    pub fn new(text: &AlignedText, parts: &[DocumentPart]) -> Self {
        let starts = section_lines(parts);
        let widest = (0..text.lines().len())
            .map(|line| text.line_text(line).trim().chars().count())
            .max()
            .unwrap_or(0);
        let mut drafts: Vec<Draft> = Vec::new();
        // Where the next line of running body text goes on, and of the footnote under it.
        let mut body: Option<usize> = None;
        let mut footnote: Option<usize> = None;
        let mut blank_before = false;
        for (line, entry) in text.lines().iter().enumerate() {
            let content = text.line_text(line).trim();
            if content.is_empty() {
                blank_before = true;
                footnote = footnote.filter(|&f| !ends_sentence(last_line(text, &drafts[f])));
                continue;
            }
            let skipped = PAGE_NUMBER.is_match(content)
                || !matches!(entry.role, LineRole::Body | LineRole::Footnote);
            if skipped {
                continue;
            }
            let is_footnote = entry.role == LineRole::Footnote || FOOTNOTE.is_match(content);
            let begins = starts.contains(&line) || begins_paragraph(content);
            let goes_on = |draft: &Draft| {
                !begins && continues(last_line(text, draft), content, blank_before, widest)
            };
            // A new page ends the footnotes of the last.
            if text.line_text(line).starts_with('\u{c}') {
                footnote = None;
            }
            let home = if is_footnote {
                footnote.filter(|&f| goes_on(&drafts[f]))
            } else {
                // After a footnote that has ended the body goes on, without a blank line if the page
                // was cut there.
                let open =
                    |f: &usize| !blank_before && !ends_sentence(last_line(text, &drafts[*f]));
                footnote
                    .filter(|f| open(f) && goes_on(&drafts[*f]))
                    .or(body.filter(|&b| goes_on(&drafts[b])))
            };
            let home = home.unwrap_or_else(|| {
                drafts.push(Draft { lines: Vec::new(), footnote: is_footnote });
                drafts.len() - 1
            });
            drafts[home].lines.push(line);
            if drafts[home].footnote {
                footnote = Some(home);
            } else {
                body = Some(home);
                footnote = None;
            }
            blank_before = false;
        }
        Self::fold(text, &drafts)
    }

    fn fold(text: &AlignedText, drafts: &[Draft]) -> Self {
        let mut running = Self::default();
        for draft in drafts {
            if !running.text.is_empty() {
                running.text.push('\n');
            }
            let start = running.text.len();
            for &line in &draft.lines {
                let at = text.lines()[line].span.start;
                let content = text.line_text(line);
                for word in content.split_whitespace() {
                    // `word` is a slice of `content`: their addresses differ by its offset.
                    let source = at + (word.as_ptr() as usize - content.as_ptr() as usize);
                    if running.text.len() > start && !runs_on(&running.text[start..], word) {
                        running.text.push(' ');
                    }
                    let piece =
                        Piece { start: running.text.len(), source, length: word.len(), line };
                    running.pieces.push(piece);
                    running.text.push_str(word);
                }
            }
            let span = start..running.text.len();
            running.paragraphs.push(Paragraph { span, footnote: draft.footnote });
        }
        running.by_source = (0..running.pieces.len()).collect();
        running.by_source.sort_by_key(|&index| running.pieces[index].source);
        running
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn paragraphs(&self) -> &[Paragraph] {
        &self.paragraphs
    }

    /// The byte of the aligned text that stands at `offset`; the next word's first for a space.
    pub fn source_at(&self, offset: usize) -> usize {
        self.piece_at(offset)
            .map_or(0, |piece| piece.source + offset.saturating_sub(piece.start).min(piece.length))
    }

    /// Where a byte of the aligned text stands; the next word for white space and for what is in no
    /// paragraph, the end of the text if none follows.
    pub fn offset_of(&self, source: usize) -> usize {
        let piece = |index: &usize| self.pieces[*index];
        let at = self.by_source.partition_point(|index| {
            let piece = piece(index);
            piece.source + piece.length <= source
        });
        self.by_source.get(at).map_or(self.text.len(), |index| {
            let piece = piece(index);
            piece.start + source.saturating_sub(piece.source)
        })
    }

    /// 1-based line on which the byte at `offset` stands.
    pub fn line_at(&self, offset: usize) -> u32 {
        self.piece_at(offset).map_or(1, |piece| piece.line as u32 + 1)
    }

    /// The stretches of the aligned text that `span` was folded from, in order of reading.
    pub fn sources(&self, span: &Span) -> Vec<Span> {
        let first = self.pieces.partition_point(|p| p.start + p.length <= span.start);
        let within = self.pieces[first..].iter().take_while(|piece| piece.start < span.end);
        within
            .map(|piece| {
                let from = span.start.saturating_sub(piece.start);
                let to = (span.end - piece.start).min(piece.length);
                piece.source + from..piece.source + to
            })
            .collect()
    }

    /// The paragraph around `offset`.
    pub fn paragraph_at(&self, offset: usize) -> Option<&Paragraph> {
        let index = self.paragraphs.partition_point(|p| p.span.end < offset);
        self.paragraphs.get(index)
    }

    fn piece_at(&self, offset: usize) -> Option<&Piece> {
        let index = self.pieces.partition_point(|p| p.start + p.length <= offset);
        self.pieces.get(index).or(self.pieces.last())
    }
}

fn section_lines(parts: &[DocumentPart]) -> std::collections::BTreeSet<usize> {
    fn gather(sections: &[SectionNode], lines: &mut std::collections::BTreeSet<usize>) {
        for section in sections {
            lines.insert(section.line);
            gather(&section.children, lines);
        }
    }
    let mut lines = std::collections::BTreeSet::new();
    for part in parts {
        gather(&part.sections, &mut lines);
        lines.insert(part.lines.start);
        lines.extend(part.type_line);
    }
    lines
}

fn last_line<'a>(text: &'a AlignedText, draft: &Draft) -> &'a str {
    draft.lines.last().map_or("", |&line| text.line_text(line).trim())
}

fn begins_paragraph(line: &str) -> bool {
    OPENING.is_match(line) || ITEM.is_match(line)
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['”', '"', ')', '*']).ends_with(['.', ';', ':', '!', '?'])
}

/// Whether `line` goes on with the paragraph whose last line is `last`. Blank lines say little:
/// OCR sets them between lines of one paragraph, and leaves them out between two.
fn continues(last: &str, line: &str, blank_before: bool, widest: usize) -> bool {
    let lower = line.trim_start_matches(['“', '"', '(']).starts_with(char::is_lowercase);
    let ended = ends_sentence(last);
    if blank_before {
        return !ended && lower || broken_citation(last);
    }
    // A last line is short; one that fills the measure and ends a sentence may well go on.
    let short = last.chars().count() * 5 < widest * 4;
    if ended { lower || !(short || last.ends_with([';', ':'])) } else { true }
}

/// A line that ends within a citation, so that what follows belongs to it: "… số", "… ngày".
fn broken_citation(last: &str) -> bool {
    [" số", " ngày", " của", ","].iter().any(|end| last.ends_with(end))
        || last.ends_with(['-', '/']) && !last.ends_with(" -") && !last.ends_with("./")
}

/// A code or date cut after its hyphen or stroke at the end of a line has no space there: "08/KH-"
/// and "UBND", "12/" and "2030". An uncut " - " has.
fn runs_on(before: &str, word: &str) -> bool {
    let Some(stem) = before.strip_suffix(['-', '/']) else { return false };
    let token = stem.rsplit(' ').next().unwrap_or("");
    token.contains(|c: char| c.is_ascii_digit())
        && (word.starts_with(char::is_uppercase)
            || before.ends_with('/') && word.starts_with(|c: char| c.is_ascii_digit()))
}
