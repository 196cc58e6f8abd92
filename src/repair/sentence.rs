//! Sentences of a text, across line ends, and the lattice of what each of their tokens may be.

use std::collections::HashMap;

use super::candidates::{Candidate, Case, candidates};
use super::channel::{Channel, Reading};
use super::decode::Arc;
use super::language_model::{CODE, NUMBER, UNKNOWN};
use super::memory::Memory;
use super::model::Model;
use super::symbols::Mention;
use super::tokens::{Kind, Token, tokens_of_line};
use super::vocabulary::word_key;
use crate::text::normalise::{fold_look_alike, nfc};
use crate::text::{AlignedText, Span};

/// A token of a sentence, with all that is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub span: Span,
    pub kind: Kind,
    /// As it stands.
    pub read: String,
    pub case: Case,
    /// Of the OCR engine for the word that this is part of; `None` for plain text.
    pub confidence: Option<f32>,
}

/// How many words are considered for a token.
const MOST_CANDIDATES: usize = 24;
/// What a word costs that isn't in the vocabulary, and each of its letters: names, foreign words.
const UNKNOWN_WORD: f32 = 6.0;
const UNKNOWN_LETTER: f32 = 2.4;
/// What each digit of a number costs, after the language model expects a number there.
const DIGIT: f32 = 1.6;
/// How many words are considered for each half of a token that may be two.
const MOST_PARTS: usize = 4;
/// The shortest half.
const LEAST_PART: usize = 2;
/// nghiêng, and a letter read as two.
const LONGEST_SYLLABLE: usize = 8;
/// Longer strings of digits are numbers and no misread words.
const LONGEST_MISREAD_DIGITS: usize = 3;

/// Cuts the lines into sentences. A blank line ends a sentence; a line end alone doesn't.
///
/// `codes` holds the document symbols of each line, in bytes of the line.
pub fn sentences(text: &AlignedText, codes: &[Vec<Mention>]) -> Vec<Vec<Piece>> {
    let mut sentences = vec![Vec::new()];
    for (whole_line, codes) in text.lines().iter().zip(codes) {
        let start = whole_line.span.start;
        let line = &text.as_str()[whole_line.span.clone()];
        let in_capitals = is_in_capitals(line);
        let tokens = tokens_of_line(line);
        if tokens.is_empty() {
            sentences.push(Vec::new());
        }
        for Token { span, kind } in tokens {
            let in_code = |code: &Mention| code.span.start < span.end && span.start < code.span.end;
            let kind = if codes.iter().any(in_code) { Kind::Code } else { kind };
            if kind == Kind::Break {
                sentences.push(Vec::new());
                continue;
            }
            let read = line[span.clone()].to_owned();
            let span = start + span.start..start + span.end;
            let word = text.words_in(span.clone()).first().filter(|word| word.bounds.is_some());
            let confidence = word.map(|word| word.confidence);
            let case = Case::of(&read, in_capitals);
            if let Some(sentence) = sentences.last_mut() {
                sentence.push(Piece { span, kind, read, case, confidence });
            }
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

fn is_in_capitals(line: &str) -> bool {
    let capitals = line.chars().filter(|c| c.is_uppercase()).count();
    let small = line.chars().filter(|c| c.is_lowercase()).count();
    capitals > 2 * small
}

/// The candidates of each distinct token of a text, found once.
///
/// The map is only asked, never walked, so its order doesn't matter.
pub struct Finder<'a> {
    model: &'a Model,
    channel: &'a Channel,
    found: HashMap<(String, Case), Vec<Candidate>>,
}

impl<'a> Finder<'a> {
    pub fn new(model: &'a Model, channel: &'a Channel) -> Self {
        Self { model, channel, found: HashMap::new() }
    }

    fn candidates(&mut self, read: &str, case: Case) -> &[Candidate] {
        self.found.entry((read.to_owned(), case)).or_insert_with(|| {
            let letters: Vec<char> = nfc(read).chars().map(fold_look_alike).collect();
            candidates(&letters, case, self.channel, self.model, MOST_CANDIDATES)
        })
    }

    /// The token as it was read: the number of its word or class, and its cost.
    fn as_it_stands(&self, piece: &Piece) -> (u16, f32) {
        match piece.kind {
            Kind::Code => (CODE, 0.0),
            Kind::Number => (NUMBER, DIGIT * piece.read.len() as f32),
            Kind::Word | Kind::Break => {
                let letters: Vec<char> = nfc(&piece.read).chars().collect();
                let cost = letters.iter().map(|&letter| self.channel.cost_of_itself(letter)).sum();
                match self.model.vocabulary.number(&word_key(&piece.read)) {
                    UNKNOWN => {
                        (UNKNOWN, cost + UNKNOWN_WORD + UNKNOWN_LETTER * letters.len() as f32)
                    }
                    word => (word, cost),
                }
            }
        }
    }

    /// What each token may be: the arcs of the sentence, sorted by where they begin. The first arc
    /// from each boundary leaves the token as it stands. `penalty` is what any change of a token
    /// costs; `None` if it must not change. `split` is whether what is printed
    /// as one word may have been read as two.
    pub fn lattice(
        &mut self,
        sentence: &[Piece],
        memory: Option<&Memory>,
        penalty: impl Fn(&Piece) -> Option<f32>,
        split: bool,
    ) -> Vec<Arc> {
        let mut arcs = Vec::new();
        for (from, piece) in sentence.iter().enumerate() {
            let small = piece.read.to_lowercase();
            let recalled = |word, cost| memory.map_or(cost, |m| m.channel_cost(word, &small, cost));
            let (itself, cost) = self.as_it_stands(piece);
            let known = itself != UNKNOWN;
            let arc =
                |words: &[u16], to: usize, cost: f32| Arc { from, to, words: words.to_vec(), cost };
            arcs.push(arc(&[itself], from + 1, recalled(itself, cost)));
            let Some(penalty) = penalty(piece).filter(|_| may_be_misread(piece)) else { continue };
            let others = self.candidates(&piece.read, piece.case);
            for other in others.iter().filter(|other| other.word != itself) {
                arcs.push(arc(&[other.word], from + 1, recalled(other.word, other.cost + penalty)));
            }
            if !known {
                for (first, second, cost) in self.as_two(piece) {
                    arcs.push(arc(&[first, second], from + 1, cost + penalty));
                }
            }
            if let Some(next) =
                sentence.get(from + 1).filter(|next| split && may_be_one(piece, next))
            {
                let joined = format!("{} {}", piece.read, next.read);
                for other in self.candidates(&joined, piece.case).iter().take(MOST_PARTS) {
                    arcs.push(arc(&[other.word], from + 2, other.cost + penalty));
                }
            }
        }
        arcs
    }

    /// The likeliest pairs of words that may have been printed where one token was read.
    fn as_two(&mut self, piece: &Piece) -> Vec<(u16, u16, f32)> {
        let second_case = if piece.case == Case::Capitals { Case::Capitals } else { Case::Small };
        let lost_space = self.channel.sources(Reading::new(&[])).of(false);
        let Ok(at) = lost_space.binary_search_by_key(&' ', |source| source.0) else {
            return Vec::new();
        };
        let lost_space = lost_space[at].1;
        let mut pairs = Vec::new();
        for (at, _) in piece.read.char_indices().skip(LEAST_PART) {
            let (first, second) = piece.read.split_at(at);
            if second.chars().count() < LEAST_PART {
                break;
            }
            let seconds = self.candidates(second, second_case).to_vec();
            for first in self.candidates(first, piece.case).iter().take(MOST_PARTS) {
                for second in seconds.iter().take(MOST_PARTS) {
                    pairs.push((first.word, second.word, first.cost + second.cost + lost_space));
                }
            }
        }
        pairs.sort_by(|a, b| a.2.total_cmp(&b.2));
        pairs.truncate(MOST_CANDIDATES);
        pairs
    }
}

/// Whether the token may be a word that was misread. Numbers are long or have signs within; a short
/// string of digits may be a word (số: 56).
fn may_be_misread(piece: &Piece) -> bool {
    match piece.kind {
        Kind::Word => true,
        Kind::Number => {
            piece.read.len() <= LONGEST_MISREAD_DIGITS
                && piece.read.bytes().all(|byte| byte.is_ascii_digit())
        }
        Kind::Code | Kind::Break => false,
    }
}

/// Whether two tokens may be one word that was split: side by side, and short.
fn may_be_one(first: &Piece, second: &Piece) -> bool {
    let word = |piece: &Piece| piece.kind == Kind::Word;
    second.span.start == first.span.end + 1
        && word(first)
        && word(second)
        && first.read.chars().count() + second.read.chars().count() <= LONGEST_SYLLABLE
}
