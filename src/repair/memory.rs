//! What a text says of itself: words that recur in it support each other.
//!
//! After a first pass, the memory holds which words stand side by side, what each was read as, and
//! what each letter was read as. In the second pass that counts beside what was learned from other
//! texts: a name that stands ten times is likely an eleventh time, and an engine that made "sb" of
//! "số" twenty times has done so again.

use rustc_hash::FxHashMap;

use super::language_model::LanguageModel;

/// Counts of one text, after its first pass.
///
/// The maps are only asked, never walked, so their order doesn't matter.
#[derive(Debug, Default)]
pub struct Memory {
    all: f32,
    words: FxHashMap<u16, f32>,
    pairs: FxHashMap<(u16, u16), f32>,
    readings: FxHashMap<(u16, u32), f32>,
}

/// How much the text itself counts beside what was learned from others.
const SHARE_OF_PAIRS: f32 = 0.25;
const SHARE_OF_WORDS: f32 = 0.03;
/// What is lost by that where the text says nothing.
const UNSUPPORTED: f32 = 0.33;
const SHARE_OF_READINGS: f32 = 0.3;
/// So many unseen occurrences of each word are assumed besides those seen.
const UNSEEN: f32 = 3.0;

impl Memory {
    /// Notes that `word` stands after the word `before`; `probability` is how sure that is.
    pub fn note_word(&mut self, before: u16, word: u16, probability: f32) {
        self.all += probability;
        *self.words.entry(word).or_default() += probability;
        *self.pairs.entry((before, word)).or_default() += probability;
    }

    /// Notes that `word` was read as the form of this number.
    pub fn note_reading(&mut self, word: u16, form: u32, probability: f32) {
        *self.readings.entry((word, form)).or_default() += probability;
    }

    /// The cost of `word` after `before`, given what it costs by the language model.
    fn language_cost(&self, before: u16, word: u16, cost: f32) -> f32 {
        let alone = self.words.get(&word).copied().unwrap_or(0.0);
        if alone <= 1.0 {
            return cost + UNSUPPORTED;
        }
        let pair = self.pairs.get(&(before, word)).copied().unwrap_or(0.0);
        let after = self.words.get(&before).copied().unwrap_or(0.0);
        let probability = SHARE_OF_PAIRS * others(pair) / (after + UNSEEN)
            + SHARE_OF_WORDS * others(alone) / (self.all + UNSEEN);
        let share = SHARE_OF_PAIRS + SHARE_OF_WORDS;
        -((1.0 - share) * (-cost).exp() + probability).ln()
    }

    /// The cost of reading the form of this number where `word` is printed, given what it costs by
    /// the channel.
    pub fn channel_cost(&self, word: u16, form: u32, cost: f32) -> f32 {
        let seen = self.readings.get(&(word, form)).copied().unwrap_or(0.0);
        let all = self.words.get(&word).copied().unwrap_or(0.0);
        let probability = SHARE_OF_READINGS * others(seen) / (all + UNSEEN);
        -((1.0 - SHARE_OF_READINGS) * (-cost).exp() + probability).ln()
    }
}

/// What supports an occurrence are the others, not itself.
fn others(count: f32) -> f32 {
    (count - 1.0).max(0.0)
}

/// What the language model, and once there is one the memory of the text, let expect.
pub struct Expectation<'a> {
    pub language: &'a LanguageModel,
    pub memory: Option<&'a Memory>,
    /// How much expectation counts beside the channel.
    pub weight: f32,
}

impl Expectation<'_> {
    /// The weighted cost of `word` after the word `before`, given what it costs by the language
    /// model.
    pub fn cost(&self, before: u16, word: u16, cost: f32) -> f32 {
        let with_memory = |memory: &Memory| memory.language_cost(before, word, cost);
        self.weight * self.memory.map_or(cost, with_memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_recurs_gets_cheaper_and_a_lone_sighting_supports_nothing() {
        let mut memory = Memory::default();
        memory.note_word(4, 5, 1.0);
        memory.note_reading(5, 7, 1.0);
        let alone = (memory.language_cost(4, 5, 8.0), memory.channel_cost(5, 7, 8.0));
        assert!(alone.0 >= 8.0 && alone.1 >= 8.0);
        for _ in 0..9 {
            memory.note_word(1, 4, 1.0);
            memory.note_word(4, 5, 1.0);
            memory.note_reading(5, 7, 1.0);
        }
        assert!(memory.language_cost(4, 5, 8.0) < 3.0);
        assert!(memory.channel_cost(5, 7, 8.0) < 3.0);
        assert!(memory.channel_cost(5, 8, 8.0) >= 8.0);
    }
}
