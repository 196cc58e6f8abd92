//! The text type itself: building it from pages or plain text, and editing it without losing the
//! way back.

use std::ops::Range;

use crate::geometry::PixelBox;
use crate::ocr::{Alternative, OcrLine, OcrPage, OcrWord};
use crate::plan::LineRole;

/// A range of bytes of the text.
pub type Span = Range<usize>;

/// Text of a whole file: lines joined by `\n`, words in order, each with what was read.
///
/// Lines tile the text; words lie within lines, in order and without overlap, and what lies
/// between two words is white space.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlignedText {
    text: String,
    lines: Vec<TextLine>,
    words: Vec<TextWord>,
}

/// One line: its bytes without the line end.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLine {
    pub span: Span,
    /// 1-based page; `None` for text input and for the blank line between blocks.
    pub page: Option<u32>,
    pub bounds: Option<PixelBox>,
    pub role: LineRole,
}

/// One word: a run without white space when it was read; an edit can put white space into it.
#[derive(Clone, Debug, PartialEq)]
pub struct TextWord {
    pub span: Span,
    /// What OCR or the input had; where words were merged, their readings joined by a space.
    pub read: String,
    pub bounds: Option<PixelBox>,
    /// Of the text as it now stands, 0 to 1.
    pub confidence: f32,
    /// Other readings that the OCR engine considered, best first.
    pub alternatives: Vec<Alternative>,
}

/// Replaces the bytes of `span` by `text`. Neither may hold a line end.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    pub span: Span,
    pub text: String,
    /// Of each word that the edit touches, once it is made.
    pub confidence: f32,
}

impl AlignedText {
    /// Text input as it is: words split at white space, each certain of what it is.
    pub fn from_plain(text: &str) -> Self {
        let mut built = Self::default();
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                built.text.push('\n');
            }
            let start = built.text.len();
            built.text.push_str(line);
            built.lines.push(TextLine {
                span: start..built.text.len(),
                page: None,
                bounds: None,
                role: LineRole::Body,
            });
            for word in line.split_whitespace() {
                // `word` is a slice of `line`, so the difference of their addresses is its offset.
                let at = start + (word.as_ptr() as usize - line.as_ptr() as usize);
                built.words.push(TextWord {
                    span: at..at + word.len(),
                    read: word.to_owned(),
                    bounds: None,
                    confidence: 1.0,
                    alternatives: Vec::new(),
                });
            }
        }
        built
    }

    /// The running text of read pages, in order: body lines and footnotes, a blank line between
    /// blocks. Page numbers, stamps and noise are left out ([`OcrPage::asides`] has them).
    pub fn from_pages(pages: Vec<OcrPage>) -> Self {
        let mut built = Self::default();
        let mut last_block = None;
        for page in pages {
            for line in page.lines.into_iter().filter(OcrLine::is_running) {
                let block = (page.number, line.block);
                if last_block.is_some_and(|last| last != block) {
                    built.push_line(LineRole::Body, None, None, Vec::new());
                }
                last_block = Some(block);
                built.push_line(line.role, Some(page.number), Some(line.bounds), line.words);
            }
        }
        built
    }

    fn push_line(
        &mut self,
        role: LineRole,
        page: Option<u32>,
        bounds: Option<PixelBox>,
        words: Vec<OcrWord>,
    ) {
        if !self.lines.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        for (index, word) in words.into_iter().enumerate() {
            if index > 0 {
                self.text.push(' ');
            }
            let at = self.text.len();
            self.text.push_str(&word.text);
            self.words.push(TextWord {
                span: at..self.text.len(),
                read: word.text,
                bounds: Some(word.bounds),
                confidence: word.confidence,
                alternatives: word.alternatives,
            });
        }
        self.lines.push(TextLine { span: start..self.text.len(), page, bounds, role });
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn lines(&self) -> &[TextLine] {
        &self.lines
    }

    pub fn words(&self) -> &[TextWord] {
        &self.words
    }

    /// The text of line `index` (0-based).
    pub fn line_text(&self, index: usize) -> &str {
        &self.text[self.lines[index].span.clone()]
    }

    /// The 0-based line in which a byte offset lies; the last line for an offset past the end.
    pub fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.span.end < offset).min(self.lines.len().max(1) - 1)
    }

    /// The words that share at least one byte with `span`.
    pub fn words_in(&self, span: Span) -> &[TextWord] {
        let first = self.words.partition_point(|word| word.span.end <= span.start);
        let count = self.words[first..].partition_point(|word| word.span.start < span.end);
        &self.words[first..first + count]
    }

    /// The words of line `index` (0-based).
    pub fn words_of_line(&self, index: usize) -> &[TextWord] {
        self.words_in(self.lines[index].span.clone())
    }

    /// Puts back what was read of every word that was changed and is less sure than `confidence`.
    /// How sure it is that the reading was right isn't known better than by what is left.
    pub fn undo_below(self, confidence: f32) -> Self {
        let doubtful = |word: &&TextWord| {
            word.confidence < confidence && self.text[word.span.clone()] != word.read
        };
        let undo = |word: &TextWord| Edit {
            span: word.span.clone(),
            text: word.read.clone(),
            confidence: 1.0 - word.confidence,
        };
        let edits: Vec<Edit> = self.words.iter().filter(doubtful).map(undo).collect();
        self.apply(&edits)
    }

    /// Makes the edits, which must be in order and must not overlap; the number of lines stays.
    ///
    /// An edit that touches several words merges them into one, whose reading is theirs joined and
    /// whose box holds theirs. One that touches none but spaces changes no word. Alternatives are let
    /// go: they are of use to whoever makes edits, and a long file has many.
    ///
    /// # Panics
    /// If edits overlap, are out of order, hold a line end or cut a character in two.
    pub fn apply(self, edits: &[Edit]) -> Self {
        let Self { text, lines, words } = self;
        let mut built = Self {
            text: String::with_capacity(text.len()),
            lines: Vec::with_capacity(lines.len()),
            words: Vec::with_capacity(words.len()),
        };
        let mut words = words.into_iter().peekable();
        let mut edits = edits.iter().peekable();
        for (index, line) in lines.into_iter().enumerate() {
            if index > 0 {
                built.text.push('\n');
            }
            let line_start = built.text.len();
            let mut at = line.span.start;
            while at < line.span.end || edits.peek().is_some_and(|e| e.span.start <= line.span.end)
            {
                let next_edit = edits.peek().filter(|e| e.span.start <= line.span.end);
                // The next stretch that belongs together: a word with all edits that touch it, and
                // all words that those touch; or a lone edit between words.
                let next_word = words.peek().filter(|w| w.span.start < line.span.end);
                let start = [next_word.map(|w| w.span.start), next_edit.map(|e| e.span.start)]
                    .into_iter()
                    .flatten()
                    .min();
                let Some(start) = start else { break };
                built.text.push_str(&text[at..start]);
                at = start;
                let piece_start = built.text.len();
                let mut end = start;
                let mut merged: Option<TextWord> = None;
                let mut edited: Option<f32> = None;
                loop {
                    let end_of_stretch = end.max(start + 1).min(line.span.end);
                    if let Some(word) = words.next_if(|w| w.span.start < end_of_stretch) {
                        end = end.max(word.span.end);
                        merged = Some(match merged {
                            None => word,
                            Some(previous) => merge(previous, &word),
                        });
                    } else if let Some(edit) = edits
                        .next_if(|e| e.span.start < end || (e.span.start == start && end == start))
                    {
                        assert!(edit.span.start >= at, "edits out of order or overlapping");
                        assert!(edit.span.end <= line.span.end, "edit across a line end");
                        assert!(!edit.text.contains('\n'), "edit holds a line end");
                        built.text.push_str(&text[at..edit.span.start]);
                        built.text.push_str(&edit.text);
                        at = edit.span.end;
                        end = end.max(at);
                        edited = Some(edited.map_or(edit.confidence, |c| c.min(edit.confidence)));
                    } else {
                        break;
                    }
                }
                built.text.push_str(&text[at..end]);
                at = end;
                if let Some(mut word) = merged {
                    word.span = piece_start..built.text.len();
                    word.confidence = edited.unwrap_or(word.confidence);
                    word.alternatives = Vec::new();
                    built.words.push(word);
                }
            }
            built.text.push_str(&text[at..line.span.end]);
            built.lines.push(TextLine { span: line_start..built.text.len(), ..line });
        }
        assert!(edits.next().is_none(), "edit past the end of the text");
        built
    }
}

fn merge(first: TextWord, second: &TextWord) -> TextWord {
    TextWord {
        span: first.span.start..second.span.end,
        read: format!("{} {}", first.read, second.read),
        bounds: PixelBox::around(first.bounds.into_iter().chain(second.bounds)),
        confidence: first.confidence.min(second.confidence),
        alternatives: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(text: &AlignedText, from: &str, to: &str) -> Edit {
        let start = text.as_str().find(from).unwrap();
        Edit { span: start..start + from.len(), text: to.into(), confidence: 0.5 }
    }

    fn readings(text: &AlignedText) -> Vec<(&str, &str)> {
        text.words().iter().map(|w| (&text.as_str()[w.span.clone()], w.read.as_str())).collect()
    }

    #[test]
    fn an_edit_keeps_what_was_read() {
        let text = AlignedText::from_plain("Can cu  Luat\n\n  so 1");
        let edits = [edit(&text, "Can", "Căn"), edit(&text, "cu", "cứ"), edit(&text, "so", "số")];
        let text = text.apply(&edits);
        assert_eq!(text.as_str(), "Căn cứ  Luat\n\n  số 1");
        assert_eq!(
            readings(&text),
            [("Căn", "Can"), ("cứ", "cu"), ("Luat", "Luat"), ("số", "so"), ("1", "1")]
        );
        assert_eq!(text.lines().len(), 3);
        assert_eq!(text.words()[0].confidence, 0.5);
        assert_eq!(text.words()[2].confidence, 1.0);
    }

    #[test]
    fn an_edit_over_two_words_merges_them() {
        let text = AlignedText::from_plain("S7- NOQ/TW ngay");
        let edits = [edit(&text, "S7- NOQ", "57-NQ")];
        let text = text.apply(&edits);
        assert_eq!(readings(&text), [("57-NQ/TW", "S7- NOQ/TW"), ("ngay", "ngay")]);
    }

    #[test]
    fn several_edits_within_one_word_are_one_word() {
        let text = AlignedText::from_plain("923/0P-TTg.");
        let edits = [edit(&text, "0P", "QĐ"), edit(&text, ".", "")];
        let text = text.apply(&edits);
        assert_eq!(readings(&text), [("923/QĐ-TTg", "923/0P-TTg.")]);
    }

    #[test]
    fn doubtful_changes_are_undone() {
        let text = AlignedText::from_plain("Can cu  Luat");
        let sure = Edit { confidence: 0.9, ..edit(&text, "Can", "Căn") };
        let edits = [sure, edit(&text, "cu", "cứ")];
        let text = text.apply(&edits).undo_below(0.8);
        assert_eq!(text.as_str(), "Căn cu  Luat");
        assert_eq!(readings(&text)[1], ("cu", "cu"));
    }

    #[test]
    fn lines_are_found_by_offset() {
        let text = AlignedText::from_plain("ab\n\ncd");
        assert_eq!([0, 2, 3, 4, 6].map(|o| text.line_at(o)), [0, 0, 1, 2, 2]);
    }
}
