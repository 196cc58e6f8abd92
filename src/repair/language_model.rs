//! How likely a word is after the words before it: an n-gram model with back-off, as a trie.
//!
//! Probabilities are costs: natural logarithms with the sign turned, so that costs add up and less
//! is better. Estimating them is left to `examples/train`.

use super::bytes::{self, Reader};
use crate::error::Result;

/// Words are numbers; these four stand for no word of the vocabulary.
pub const UNKNOWN: u16 = 0;
/// Where a sentence begins or ends.
pub const BOUNDARY: u16 = 1;
/// Any number or date.
pub const NUMBER: u16 = 2;
/// Any document symbol or other code.
pub const CODE: u16 = 3;
/// The first number that stands for a word.
pub const FIRST_WORD: u16 = 4;

/// Costs are kept in a byte each, in these steps: at most 0.04 off, and up to 20.
const COST_STEP: f32 = 0.08;
/// Back-off costs are smaller and add up along a sentence: finer steps.
const BACKOFF_STEP: f32 = 0.04;

/// The n-grams of one order, sorted, as children of those one order lower.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Level {
    /// The last word of each n-gram; of order 1 the word is the index itself, and this is empty.
    pub words: Vec<u16>,
    /// The cost of the last word after the others, in steps.
    pub costs: Vec<u8>,
    /// What it costs to forget the first word when a longer n-gram isn't there; empty at the top.
    pub backoffs: Vec<u8>,
    /// Where the children of each n-gram begin on the next level, and at last their number; empty
    /// at the top.
    pub first_child: Vec<u32>,
}

/// An n-gram model of any order from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct LanguageModel {
    levels: Vec<Level>,
}

/// The words before, as far as the model can use them: last word last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Context {
    words: [u16; Context::LONGEST],
}

impl Context {
    /// The highest order that is supported is one more.
    pub const LONGEST: usize = 3;

    /// At the beginning of a sentence.
    pub const START: Self = Self { words: [UNKNOWN, UNKNOWN, BOUNDARY] };

    /// After one more word.
    pub fn followed_by(self, word: u16) -> Self {
        let [_, second, last] = self.words;
        Self { words: [second, last, word] }
    }

    /// The word before.
    pub fn last(self) -> u16 {
        self.words[Self::LONGEST - 1]
    }

    /// Forgets all but the last `length` words, so that histories which a model can't tell apart
    /// are the same.
    pub fn keep(mut self, length: usize) -> Self {
        self.words[..Self::LONGEST.saturating_sub(length)].fill(UNKNOWN);
        self
    }
}

/// Rounds a cost to the byte that is kept of it.
pub fn cost_to_byte(cost: f32) -> u8 {
    (cost / COST_STEP).round().clamp(0.0, 255.0) as u8
}

/// Rounds a back-off cost to the byte that is kept of it.
pub fn backoff_to_byte(cost: f32) -> u8 {
    (cost / BACKOFF_STEP).round().clamp(0.0, 255.0) as u8
}

impl LanguageModel {
    /// Puts levels together, order 1 first.
    ///
    /// # Errors
    /// If the levels don't fit each other.
    pub fn new(levels: Vec<Level>) -> Result<Self> {
        let fits = (2..=Context::LONGEST + 1).contains(&levels.len())
            && levels.windows(2).all(|pair| fits_below(&pair[0], &pair[1]));
        if fits { Ok(Self { levels }) } else { Err(bytes::damaged()) }
    }

    pub(super) fn read(from: &mut Reader) -> Result<Self> {
        let order = from.u32()?;
        let level = |from: &mut Reader| -> Result<Level> {
            Ok(Level {
                words: from.u16s()?,
                costs: from.u8s()?,
                backoffs: from.u8s()?,
                first_child: from.u32s()?,
            })
        };
        Self::new((0..order).map(|_| level(from)).collect::<Result<_>>()?)
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        bytes::put_u32(out, self.levels.len() as u32);
        for level in &self.levels {
            bytes::put_u16s(out, &level.words);
            bytes::put_u8s(out, &level.costs);
            bytes::put_u8s(out, &level.backoffs);
            bytes::put_u32s(out, &level.first_child);
        }
    }

    /// How many words of the past make a difference.
    pub fn context_length(&self) -> usize {
        self.levels.len() - 1
    }

    /// How many n-grams there are of each order.
    pub fn sizes(&self) -> Vec<usize> {
        self.levels.iter().map(|level| level.costs.len()).collect()
    }

    /// The cost of a word whatever came before.
    pub fn unigram_cost(&self, word: u16) -> f32 {
        self.levels[0].costs.get(usize::from(word)).map_or(20.0, |&c| f32::from(c) * COST_STEP)
    }

    /// The cost of `word` after `context`.
    pub fn cost(&self, context: Context, word: u16) -> f32 {
        let mut backed_off = 0.0;
        for length in (1..=self.context_length()).rev() {
            let words = &context.words[Context::LONGEST - length..];
            let Some(node) = self.find(words) else { continue };
            if let Some(child) = self.child(length - 1, node, word) {
                return backed_off + f32::from(self.levels[length].costs[child]) * COST_STEP;
            }
            backed_off += f32::from(self.levels[length - 1].backoffs[node]) * BACKOFF_STEP;
        }
        backed_off + self.unigram_cost(word)
    }

    /// The n-gram of these words, as an index into its level.
    fn find(&self, words: &[u16]) -> Option<usize> {
        let (&first, rest) = words.split_first()?;
        let mut node = usize::from(first);
        for (level, &word) in rest.iter().enumerate() {
            node = self.child(level, node, word)?;
        }
        (node < self.levels[rest.len()].costs.len()).then_some(node)
    }

    fn child(&self, level: usize, node: usize, word: u16) -> Option<usize> {
        let starts = &self.levels[level].first_child;
        let (&start, &end) = (starts.get(node)?, starts.get(node + 1)?);
        let siblings = &self.levels[level + 1].words[start as usize..end as usize];
        siblings.binary_search(&word).ok().map(|at| start as usize + at)
    }
}

/// Whether `below` holds the children that `above` says it does.
fn fits_below(above: &Level, below: &Level) -> bool {
    above.backoffs.len() == above.costs.len()
        && above.first_child.len() == above.costs.len() + 1
        && above.first_child.is_sorted()
        && above.first_child.last().is_some_and(|&end| end as usize == below.words.len())
        && below.words.len() == below.costs.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words 4 and 5; after 4 comes 5, after (4, 5) comes 4.
    fn model() -> LanguageModel {
        let unigrams = Level {
            costs: [9.6, 4.0, 4.0, 4.0, 0.8, 1.6].map(cost_to_byte).to_vec(),
            backoffs: [0.0, 0.0, 0.0, 0.0, 2.0, 1.0].map(backoff_to_byte).to_vec(),
            first_child: vec![0, 0, 0, 0, 0, 1, 1],
            ..Level::default()
        };
        let bigrams = Level {
            words: vec![5],
            costs: vec![cost_to_byte(0.4)],
            backoffs: vec![backoff_to_byte(0.2)],
            first_child: vec![0, 1],
        };
        let trigrams =
            Level { words: vec![4], costs: vec![cost_to_byte(0.08)], ..Level::default() };
        LanguageModel::new(vec![unigrams, bigrams, trigrams]).unwrap()
    }

    #[test]
    fn the_longest_ngram_gives_the_cost_and_shorter_ones_after_back_off() {
        let model = model();
        let after_4 = Context::START.followed_by(4);
        let after_4_5 = after_4.followed_by(5);
        let close = |cost: f32, expected: f32| assert!((cost - expected).abs() < 0.01, "{cost}");
        close(model.cost(after_4, 5), 0.4);
        close(model.cost(after_4_5, 4), 0.08);
        close(model.cost(after_4_5, 5), 0.2 + 1.0 + 1.6);
        close(model.cost(after_4, 4), 2.0 + 0.8);
        close(model.cost(Context::START, 4), 0.8);
    }

    #[test]
    fn what_is_written_is_read_back_and_a_cut_file_is_an_error() {
        let mut out = Vec::new();
        model().write(&mut out);
        assert_eq!(LanguageModel::read(&mut Reader::new(&out)).unwrap(), model());
        for length in 0..out.len() {
            assert!(LanguageModel::read(&mut Reader::new(&out[..length])).is_err(), "{length}");
        }
    }
}
