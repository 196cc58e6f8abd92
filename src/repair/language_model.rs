//! How likely a word is after the words before it: an n-gram model with back-off, as a trie.
//!
//! Probabilities are costs: natural logarithms with the sign turned, so that costs add up and less
//! is better. Estimating them is left to `examples/train`.

use std::borrow::Cow;

use super::bytes::{self, Reader};
use crate::error::Result;

/// Words are numbers; these stand for no word of the vocabulary.
pub const UNKNOWN: u16 = 0;
/// Where a sentence begins or ends.
pub const BOUNDARY: u16 = 1;
/// Any number that is none of the next two.
pub const NUMBER: u16 = 2;
/// Any document symbol or other code.
pub const CODE: u16 = 3;
/// One or two digits: days, months, articles, small amounts.
pub const SMALL_NUMBER: u16 = 4;
/// A year.
pub const YEAR: u16 = 5;
/// A date or part of one: 22/12/2024, 12/2030.
pub const DATE: u16 = 6;
/// What stands before an item of a list.
pub const LABEL: u16 = 7;
/// The first number that stands for a word.
pub const FIRST_WORD: u16 = 8;

/// Costs are kept in a byte each, in these steps: at most 0.04 off, and up to 20.
const COST_STEP: f32 = 0.08;
/// Back-off costs are smaller and add up along a sentence: finer steps.
const BACKOFF_STEP: f32 = 0.04;

/// How many words of the past can make a difference: the highest order is one more.
const LONGEST_HISTORY: usize = 3;

/// The n-grams of one order, sorted, as children of those one order lower.
///
/// Little-endian numbers as they stand in the file, so that a model of many megabytes is there at
/// once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Level {
    /// The last word of each n-gram; of order 1 the word is the index itself, and this is empty.
    words: Cow<'static, [[u8; 2]]>,
    /// The cost of the last word after the others, in steps.
    costs: Cow<'static, [u8]>,
    /// What it costs to forget the first word when a longer n-gram isn't there; empty at the top.
    backoffs: Cow<'static, [u8]>,
    /// Where the children of each n-gram begin on the next level, and at last their number; empty
    /// at the top.
    first_child: Cow<'static, [[u8; 4]]>,
}

impl Level {
    /// Takes the fields as they are described above.
    pub fn new(words: &[u16], costs: Vec<u8>, backoffs: Vec<u8>, first_child: &[u32]) -> Self {
        Self {
            words: words.iter().map(|word| word.to_le_bytes()).collect(),
            costs: costs.into(),
            backoffs: backoffs.into(),
            first_child: first_child.iter().map(|index| index.to_le_bytes()).collect(),
        }
    }

    fn children(&self, node: usize) -> Option<(usize, usize)> {
        let (&start, &end) = (self.first_child.get(node)?, self.first_child.get(node + 1)?);
        Some((u32::from_le_bytes(start) as usize, u32::from_le_bytes(end) as usize))
    }
}

/// An n-gram model of any order from 2 to 4.
#[derive(Clone, Debug, PartialEq)]
pub struct LanguageModel {
    levels: Vec<Level>,
}

/// The words before, as far as the model can tell them apart: the n-grams that end with the last
/// word, shortest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct History {
    /// Indices into the levels.
    nodes: [u32; LONGEST_HISTORY],
}

/// There is no such n-gram.
const NOWHERE: u32 = u32::MAX;

impl History {
    /// At the beginning of a sentence.
    pub const START: Self = Self::after_word(BOUNDARY);

    const fn after_word(word: u16) -> Self {
        let mut nodes = [NOWHERE; LONGEST_HISTORY];
        nodes[0] = word as u32;
        Self { nodes }
    }

    /// The word before.
    pub fn last(self) -> u16 {
        self.nodes[0] as u16
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
        let fits = (2..=LONGEST_HISTORY + 1).contains(&levels.len())
            && levels.windows(2).all(|pair| fits_below(&pair[0], &pair[1]));
        if fits { Ok(Self { levels }) } else { Err(bytes::damaged()) }
    }

    pub(super) fn read(from: &mut Reader<'static>) -> Result<Self> {
        let order = from.u32()?;
        let level = |from: &mut Reader<'static>| -> Result<Level> {
            Ok(Level {
                words: from.chunks()?.into(),
                costs: from.sized(1)?.into(),
                backoffs: from.sized(1)?.into(),
                first_child: from.chunks()?.into(),
            })
        };
        Self::new((0..order).map(|_| level(from)).collect::<Result<_>>()?)
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        bytes::put_u32(out, self.levels.len() as u32);
        for level in &self.levels {
            bytes::put_chunks(out, &level.words);
            bytes::put_u8s(out, &level.costs);
            bytes::put_u8s(out, &level.backoffs);
            bytes::put_chunks(out, &level.first_child);
        }
    }

    /// How many n-grams there are of each order.
    pub fn sizes(&self) -> Vec<usize> {
        self.levels.iter().map(|level| level.costs.len()).collect()
    }

    /// The cost of a word whatever came before.
    pub fn unigram_cost(&self, word: u16) -> f32 {
        self.levels[0].costs.get(usize::from(word)).map_or(20.0, |&c| f32::from(c) * COST_STEP)
    }

    /// The cost of `word` after `history`.
    pub fn cost(&self, history: History, word: u16) -> f32 {
        match self.long_cost(history, word) {
            Ok(cost) => cost,
            Err(backed_off) => backed_off + self.pair_cost(history.last(), word),
        }
    }

    /// The cost of `word` by n-grams from order 3; what it costs to back off from them if there is
    /// none.
    pub fn long_cost(&self, history: History, word: u16) -> std::result::Result<f32, f32> {
        let mut backed_off = 0.0;
        for (level, &node) in history.nodes.iter().enumerate().skip(1).rev() {
            if node == NOWHERE {
                continue;
            }
            if let Some(child) = self.child(level, node as usize, word) {
                return Ok(backed_off + f32::from(self.levels[level + 1].costs[child]) * COST_STEP);
            }
            backed_off += f32::from(self.levels[level].backoffs[node as usize]) * BACKOFF_STEP;
        }
        Err(backed_off)
    }

    /// The cost of `word` after the word `last`, whatever came before that.
    pub fn pair_cost(&self, last: u16, word: u16) -> f32 {
        match self.child(0, usize::from(last), word) {
            Some(child) => f32::from(self.levels[1].costs[child]) * COST_STEP,
            None => {
                let backoff = self.levels[0].backoffs.get(usize::from(last)).copied();
                f32::from(backoff.unwrap_or(0)) * BACKOFF_STEP + self.unigram_cost(word)
            }
        }
    }

    /// The history after one more word.
    pub fn followed_by(&self, history: History, word: u16) -> History {
        let mut after = History::after_word(word);
        for level in 0..self.levels.len() - 2 {
            let node = history.nodes[level];
            if node != NOWHERE
                && let Some(child) = self.child(level, node as usize, word)
            {
                after.nodes[level + 1] = child as u32;
            }
        }
        after
    }

    fn child(&self, level: usize, node: usize, word: u16) -> Option<usize> {
        let (start, end) = self.levels[level].children(node)?;
        let siblings = &self.levels[level + 1].words[start..end];
        let at = siblings.binary_search_by_key(&word, |&bytes| u16::from_le_bytes(bytes));
        at.ok().map(|at| start + at)
    }
}

/// Whether `below` holds the children that `above` says it does.
fn fits_below(above: &Level, below: &Level) -> bool {
    let index = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
    above.backoffs.len() == above.costs.len()
        && above.first_child.len() == above.costs.len() + 1
        && above.first_child.is_sorted_by_key(index)
        && above.first_child.last().is_some_and(|end| index(end) as usize == below.words.len())
        && below.words.len() == below.costs.len()
        && below.costs.len() < NOWHERE as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words 4 and 5; after 4 comes 5, after (4, 5) comes 4. Classes don't matter here.
    fn model() -> LanguageModel {
        let unigrams = Level::new(
            &[],
            [9.6, 4.0, 4.0, 4.0, 0.8, 1.6].map(cost_to_byte).to_vec(),
            [0.0, 0.0, 0.0, 0.0, 2.0, 1.0].map(backoff_to_byte).to_vec(),
            &[0, 0, 0, 0, 0, 1, 1],
        );
        let bigrams =
            Level::new(&[5], vec![cost_to_byte(0.4)], vec![backoff_to_byte(0.2)], &[0, 1]);
        let trigrams = Level::new(&[4], vec![cost_to_byte(0.08)], vec![], &[]);
        LanguageModel::new(vec![unigrams, bigrams, trigrams]).unwrap()
    }

    #[test]
    fn the_longest_ngram_gives_the_cost_and_shorter_ones_after_back_off() {
        let model = model();
        let after_4 = model.followed_by(History::START, 4);
        let after_4_5 = model.followed_by(after_4, 5);
        let close = |cost: f32, expected: f32| assert!((cost - expected).abs() < 0.01, "{cost}");
        close(model.cost(after_4, 5), 0.4);
        close(model.cost(after_4_5, 4), 0.08);
        close(model.cost(after_4_5, 5), 0.2 + 1.0 + 1.6);
        close(model.cost(after_4, 4), 2.0 + 0.8);
        close(model.cost(History::START, 4), 0.8);
    }

    #[test]
    fn histories_that_the_model_cannot_tell_apart_are_the_same() {
        let model = model();
        let after = |words: &[u16]| {
            words.iter().fold(History::START, |history, &word| model.followed_by(history, word))
        };
        assert_eq!(after(&[5, 5, 4]), after(&[4, 4]));
        assert_ne!(after(&[4, 5]), after(&[5, 5]));
    }

    #[test]
    fn what_is_written_is_read_back_and_a_cut_file_is_an_error() {
        let mut out = Vec::new();
        model().write(&mut out);
        let out: &'static [u8] = out.leak();
        assert_eq!(LanguageModel::read(&mut Reader::new(out)).unwrap(), model());
        for length in 0..out.len() {
            assert!(LanguageModel::read(&mut Reader::new(&out[..length])).is_err(), "{length}");
        }
    }
}
