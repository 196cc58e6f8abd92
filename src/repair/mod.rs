//! Repair of what the reading lost: diacritics, letters, codes.
//!
//! A noisy channel: what was read is the print after damage ([`channel`]), the print is
//! administrative Vietnamese ([`language_model`]); the likeliest print is sought for each sentence,
//! across line ends ([`decode`]). Two kinds of reading are told apart by the text itself: OCR that
//! ran with the wrong language, where most words are damaged and every word is restored, and OCR
//! that ran with the right one, where a word is only changed if the model is sure.
//!
//! What the text says is left to the later stages; this one changes letters, never lines.

mod bytes;
mod candidates;
pub mod channel;
mod decode;
pub mod language_model;
pub mod model;
mod sentence;
pub mod tokens;
pub mod vocabulary;

use crate::error::Result;
use crate::text::{AlignedText, Edit};

use decode::{Arc, Chosen, decode};
use model::Model;
use sentence::{Piece, lattice, sentences};

/// All that was learned, in the program itself, so that it works wherever it is installed.
static MODEL: &[u8] = include_bytes!("../../models/repair.bin");

/// Holds the models; made once, shared by all workers.
pub struct Repairer {
    model: Model,
}

/// How the text came to be what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    /// Read by OCR with the wrong language, or typed without marks.
    WrongLanguage,
    /// Written in Vietnamese, or read by OCR as Vietnamese.
    RightLanguage,
}

/// A text with fewer Vietnamese letters than this among its words has lost them. Right text has
/// them in seven words of ten; wrong-language OCR makes hardly any but é, ê, ô and the like.
const LEAST_MARKED: f32 = 0.2;
/// How much the language model counts beside the channel.
const LANGUAGE_WEIGHT: f32 = 0.8;
/// How sure a change must be where most words are right.
const LEAST_SURE: f32 = 0.9;

impl Repairer {
    /// Loads the models that are part of the program.
    ///
    /// # Errors
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) if they are not what this version expects.
    pub fn load() -> Result<Self> {
        Ok(Self { model: Model::from_bytes(MODEL)? })
    }

    /// Restores a text; the number of lines stays, and so do blank lines, leading spaces and form
    /// feeds. Every change has a confidence, and its words keep what was read.
    pub fn repair(&self, text: AlignedText) -> AlignedText {
        let damage = damage_of(text.as_str());
        let mut edits = Vec::new();
        for sentence in sentences(&text) {
            self.repair_sentence(&sentence, damage, &mut edits);
        }
        text.apply(&edits)
    }

    fn repair_sentence(&self, sentence: &[Piece], damage: Damage, edits: &mut Vec<Edit>) {
        let (channel, penalty) = match damage {
            Damage::WrongLanguage => (&self.model.wrong_language, 0.0),
            Damage::RightLanguage => (&self.model.right_language, 6.0),
        };
        let arcs = lattice(sentence, &self.model, channel, |_| penalty);
        let chosen = decode(&arcs, sentence.len(), &self.model.language, LANGUAGE_WEIGHT);
        for Chosen { arc: index, probability } in chosen {
            let arc = &arcs[index];
            let piece = &sentence[arc.from];
            if let Some(text) = self.replacement(&arcs, index, piece)
                && (damage == Damage::WrongLanguage || probability >= LEAST_SURE)
            {
                edits.push(Edit { span: piece.span.clone(), text, confidence: probability });
            }
        }
    }

    /// What stands in place of the piece if this arc is right; `None` if it stays as it is.
    fn replacement(&self, arcs: &[Arc], index: usize, piece: &Piece) -> Option<String> {
        let as_it_stands = index == 0 || arcs[index - 1].from != arcs[index].from;
        if as_it_stands {
            return None;
        }
        let word = self.model.vocabulary.word(*arcs[index].words.first()?)?;
        Some(piece.case.apply(word))
    }
}

fn damage_of(text: &str) -> Damage {
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    let (mut marked, mut all) = (0.0, 0.0);
    for word in words {
        all += 1.0;
        marked += f32::from(u8::from(word.chars().any(is_vietnamese_only)));
    }
    if marked < LEAST_MARKED * all { Damage::WrongLanguage } else { Damage::RightLanguage }
}

/// Letters that no western language has.
fn is_vietnamese_only(letter: char) -> bool {
    matches!(letter, 'ă' | 'Ă' | 'đ' | 'Đ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1EA0}'..='\u{1EF9}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_shared_by_workers() {
        fn shared<T: Send + Sync>() {}
        shared::<Repairer>();
    }
}
