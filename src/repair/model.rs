//! The file that holds all that was learned: vocabulary, language model,
//! symbols, channels.

use super::bytes::{self, Reader};
use super::calibration::Calibration;
use super::channel::Channel;
use super::language_model::{FIRST_WORD, LanguageModel, UNKNOWN};
use super::symbols::Symbols;
use super::vocabulary::{Trie, Vocabulary};
use crate::error::{Error, ErrorKind, Result};
use crate::text::syllable::is_syllable;

/// The first bytes of a model file; the number grows when its layout changes.
const MAGIC: &[u8] = b"sohoa repair 4\n";

/// How much the frequency of a word counts for being considered at all.
const UNIGRAM_WEIGHT: f32 = 0.8;

/// All that the repair stage has learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub vocabulary: Vocabulary,
    pub language: LanguageModel,
    pub symbols: Symbols,
    /// Of OCR that ran with the wrong language.
    pub wrong_language: Channel,
    /// Of OCR that ran with Vietnamese.
    pub right_language: Channel,
    /// What probabilities are worth, by how the text was damaged: read by OCR with the wrong
    /// language, born without marks, read with the right language.
    pub calibrations: [Calibration; 3],
    /// Of text that was born without marks: made, not learned.
    pub(super) lost_marks: Channel,
    pub(super) letters: LetterTable,
    /// Whether each word is a Vietnamese syllable.
    syllables: Vec<bool>,
    /// For each node of the trie, what the most frequent word on it costs.
    pub(super) least_costs: Vec<f32>,
}

impl Model {
    pub fn new(
        vocabulary: Vocabulary,
        language: LanguageModel,
        symbols: Symbols,
        wrong_language: Channel,
        right_language: Channel,
    ) -> Self {
        let letters = LetterTable::new(vocabulary.trie());
        let lost_marks = Channel::of_lost_marks(vocabulary.trie().letters());
        let mut model = Self {
            vocabulary,
            language,
            symbols,
            wrong_language,
            right_language,
            calibrations: Default::default(),
            lost_marks,
            letters,
            syllables: Vec::new(),
            least_costs: Vec::new(),
        };
        let words = (0..model.vocabulary.len()).map(|index| FIRST_WORD + index as u16);
        let is_syllable = |word| model.vocabulary.word(word).is_some_and(is_syllable);
        model.syllables = words.map(is_syllable).collect();
        model.least_costs = model.least_costs();
        model
    }

    /// Reads what [`Model::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] if the bytes are no model file of this version, or are damaged.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Self> {
        let Some(rest) = bytes.strip_prefix(MAGIC) else {
            let found = "reading the repair model: not a model file of this version";
            return Err(Error::new(ErrorKind::Model, found)
                .hint("train the model anew: see models/README.md"));
        };
        let mut from = Reader::new(rest);
        let mut model = Self::new(
            Vocabulary::read(&mut from)?,
            LanguageModel::read(&mut from)?,
            Symbols::read(&mut from)?,
            Channel::read(&mut from)?,
            Channel::read(&mut from)?,
        );
        for calibration in &mut model.calibrations {
            *calibration = Calibration::read(&mut from)?;
        }
        if from.is_at_end() { Ok(model) } else { Err(bytes::damaged()) }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        self.vocabulary.write(&mut out);
        self.language.write(&mut out);
        self.symbols.write(&mut out);
        self.wrong_language.write(&mut out);
        self.right_language.write(&mut out);
        self.calibrations.iter().for_each(|calibration| calibration.write(&mut out));
        out
    }

    /// What a word costs for being considered at all.
    pub(super) fn word_cost(&self, word: u16) -> f32 {
        UNIGRAM_WEIGHT * self.language.unigram_cost(word)
    }

    pub(super) fn is_syllable(&self, word: u16) -> bool {
        let index = word.checked_sub(FIRST_WORD).map(usize::from);
        index.and_then(|index| self.syllables.get(index)).copied().unwrap_or(false)
    }

    fn least_costs(&self) -> Vec<f32> {
        let trie = self.vocabulary.trie();
        let own = |&word: &u16| if word == UNKNOWN { f32::INFINITY } else { self.word_cost(word) };
        let mut least: Vec<f32> = trie.word.iter().map(own).collect();
        // Children stand behind their parents.
        for node in (0..trie.len()).rev() {
            least[node] = trie.children(node).map(|child| least[child]).fold(least[node], f32::min);
        }
        least
    }
}

/// The place of a printed letter among the letters of the vocabulary, which are small, and whether
/// it is a capital.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LetterTable(Vec<Option<(u8, bool)>>);

impl LetterTable {
    /// All Vietnamese letters are below this.
    const END: u32 = 0x2000;

    fn new(trie: &Trie) -> Self {
        let place = |code: u32| {
            let letter = char::from_u32(code)?;
            let mut small = letter.to_lowercase();
            let first = small.next().filter(|_| small.next().is_none())?;
            Some((trie.index(first)?, first != letter))
        };
        Self((0..Self::END).map(place).collect())
    }

    pub fn get(&self, letter: char) -> Option<(u8, bool)> {
        self.0.get(letter as usize).copied().flatten()
    }
}
