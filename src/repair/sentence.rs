//! Sentences of a text, across line ends, and the lattice of what each of their tokens may be.

use super::candidates::{Case, candidates};
use super::channel::Channel;
use super::decode::Arc;
use super::language_model::{CODE, NUMBER, UNKNOWN};
use super::model::Model;
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
    /// Of the OCR engine for the word that this is part of; 1 for plain text.
    pub confidence: f32,
}

/// How many words are considered for a token.
const MOST_CANDIDATES: usize = 14;
/// What each letter of a word that isn't in the vocabulary costs: names, foreign words.
const UNKNOWN_LETTER: f32 = 2.4;
/// What each digit of a number costs, after the language model expects a number there.
const DIGIT: f32 = 1.6;
/// Longer strings of digits are numbers and no misread words.
const LONGEST_MISREAD_DIGITS: usize = 3;

/// Cuts the lines into sentences. A blank line ends a sentence; a line end alone doesn't.
pub fn sentences(text: &AlignedText) -> Vec<Vec<Piece>> {
    let mut sentences = vec![Vec::new()];
    for index in 0..text.lines().len() {
        let line = text.line_text(index);
        let start = text.lines()[index].span.start;
        let in_capitals = is_in_capitals(line);
        let tokens = tokens_of_line(line);
        if tokens.is_empty() {
            sentences.push(Vec::new());
        }
        for Token { span, kind } in tokens {
            if kind == Kind::Break {
                sentences.push(Vec::new());
                continue;
            }
            let read = line[span.clone()].to_owned();
            let span = start + span.start..start + span.end;
            let confidence =
                text.words_in(span.clone()).first().map_or(1.0, |word| word.confidence);
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

/// What each token may be: the arcs of the sentence, sorted by where they begin. The first arc of
/// each token leaves it as it stands.
pub fn lattice(
    sentence: &[Piece],
    model: &Model,
    channel: &Channel,
    penalty: impl Fn(&Piece) -> f32,
) -> Vec<Arc> {
    let mut arcs = Vec::new();
    for (from, piece) in sentence.iter().enumerate() {
        let to = from + 1;
        let arc = |word: u16, cost: f32| Arc { from, to, words: vec![word], cost };
        let misread_word = match piece.kind {
            Kind::Word => true,
            Kind::Number => {
                piece.read.len() <= LONGEST_MISREAD_DIGITS
                    && piece.read.bytes().all(|byte| byte.is_ascii_digit())
            }
            Kind::Code | Kind::Break => false,
        };
        let (itself, cost) = as_it_stands(piece, model, channel);
        arcs.push(arc(itself, cost));
        if misread_word {
            let penalty = penalty(piece);
            let read: Vec<char> = nfc(&piece.read).chars().map(fold_look_alike).collect();
            let others = candidates(
                &read,
                piece.case,
                channel,
                &model.vocabulary,
                &model.language,
                MOST_CANDIDATES,
            );
            let others = others.into_iter().filter(|candidate| candidate.word != itself);
            arcs.extend(others.map(|candidate| arc(candidate.word, candidate.cost + penalty)));
        }
    }
    arcs
}

/// The token as it was read: the number of its word or class, and its cost.
fn as_it_stands(piece: &Piece, model: &Model, channel: &Channel) -> (u16, f32) {
    let letters = || nfc(&piece.read).chars().collect::<Vec<_>>();
    match piece.kind {
        Kind::Code => (CODE, 0.0),
        Kind::Number => (NUMBER, DIGIT * piece.read.len() as f32),
        Kind::Word | Kind::Break => {
            let letters = letters();
            let cost: f32 = letters.iter().map(|&letter| channel.cost_of_itself(letter)).sum();
            match model.vocabulary.number(&word_key(&piece.read)) {
                UNKNOWN => (UNKNOWN, cost + UNKNOWN_LETTER * letters.len() as f32),
                word => (word, cost),
            }
        }
    }
}
