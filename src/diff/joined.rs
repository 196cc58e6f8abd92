//! The words of a run of lines as one text, with the way back: on which line a word was printed, and
//! whether it was read so well that a difference is one of the page.

use std::ops::Range;

use crate::plan::Line;
use crate::text::normalise::nfc;

/// Words of a run of lines as one text, with the way back.
#[derive(Default)]
pub struct JoinedText {
    pub text: String,
    words: Vec<WordAt>,
}

struct WordAt {
    start: usize,
    line: u32,
    sure: bool,
}

/// Below this a word's difference is put down to its reading. Real scans: docs/accuracy-diff.md.
const SURE: f32 = 0.8;

/// A plan in which more than this share of the words had to be repaired was read badly throughout.
const DAMAGED: f64 = 0.1;

/// Whether the text lost its marks or letters throughout.
pub fn is_damaged(lines: &[Line]) -> bool {
    let words = || lines.iter().flat_map(|line| &line.words);
    let repaired = words().filter(|word| word.text != word.read).count();
    repaired as f64 > DAMAGED * words().count() as f64
}

impl JoinedText {
    /// Adds a line (1-based number). A code that was cut at the line end ("08/KH-", "UBND") is
    /// joined.
    ///
    /// In a text that was damaged throughout, no single word is sure; its numbers are as sure as
    /// they were read.
    pub fn push_line(&mut self, number: u32, line: &Line, damaged: bool) {
        if line.words.is_empty() {
            for word in line.text.split_whitespace() {
                self.push_word(number, word, true);
            }
        }
        for word in &line.words {
            // A digit that was mended is a guess, whatever its confidence.
            let mended = word.text != word.read && digits(&word.text) != digits(&word.read);
            let word_only = damaged && !word.text.contains(|c: char| c.is_ascii_digit());
            self.push_word(number, &word.text, word.confidence >= SURE && !mended && !word_only);
        }
    }

    pub fn push_word(&mut self, line: u32, word: &str, sure: bool) {
        let cut = self.words.last().is_some_and(|last| last.line != line)
            && self.text.ends_with(['-', '/'])
            && self.text.trim_end_matches(['-', '/']).ends_with(char::is_alphanumeric)
            && word.starts_with(char::is_uppercase);
        if !self.text.is_empty() && !cut {
            self.text.push(' ');
        }
        self.words.push(WordAt { start: self.text.len(), line, sure });
        self.text.push_str(&nfc(word));
    }

    /// The line on which a byte was printed, and whether all words of the span were read surely.
    pub fn place(&self, span: &Range<usize>) -> (u32, bool) {
        let first = self.words.partition_point(|word| word.start <= span.start).max(1) - 1;
        let last = self.words.partition_point(|word| word.start < span.end).max(first + 1);
        let words = &self.words[first..last];
        (words.first().map_or(0, |word| word.line), words.iter().all(|word| word.sure))
    }
}

fn digits(text: &str) -> Vec<char> {
    text.chars().filter(char::is_ascii_digit).collect()
}
