//! How print turns into what was read: the probability that a printed letter was read as a string
//! of 0 to 3 characters.
//!
//! One channel for each kind of reading, learned from pairs by expectation maximisation
//! (`examples/train`). Costs are natural logarithms with the sign turned.

use std::collections::BTreeMap;

use super::bytes::{self, Reader};
use crate::error::Result;

/// The longest string that one printed letter is read as.
pub const LONGEST_READING: usize = 3;

/// Up to three characters packed into one number, to be compared fast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reading(u64);

impl Reading {
    /// Packs the characters; 21 bits hold any.
    ///
    /// # Panics
    /// If there are more than [`LONGEST_READING`].
    pub fn new(letters: &[char]) -> Self {
        assert!(letters.len() <= LONGEST_READING, "readings have at most three characters");
        Self(letters.iter().fold(0, |packed, &letter| packed << 21 | u64::from(letter)))
    }

    fn letters(self) -> impl Iterator<Item = char> {
        [42, 21, 0]
            .into_iter()
            .filter_map(move |shift| char::from_u32((self.0 >> shift) as u32 & 0x1F_FFFF))
            .filter(|&letter| letter != '\0')
    }
}

/// The letters that may have been printed where a string was read, as small letters in order, each
/// with its cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sources {
    /// If what was printed is a small letter, a digit or a sign.
    small: Vec<(char, f32)>,
    /// If it is a capital.
    capital: Vec<(char, f32)>,
}

impl Sources {
    const NONE: &'static Self = &Self { small: Vec::new(), capital: Vec::new() };

    pub fn of(&self, capital: bool) -> &[(char, f32)] {
        if capital { &self.capital } else { &self.small }
    }

    fn push(&mut self, printed: char, cost: f32) {
        let mut small = printed.to_lowercase();
        match (small.next(), small.next()) {
            (Some(letter), None) if letter != printed => self.capital.push((letter, cost)),
            _ => self.small.push((printed, cost)),
        }
    }

    fn sort(&mut self) {
        self.small.sort_unstable_by_key(|source| source.0);
        self.capital.sort_unstable_by_key(|source| source.0);
    }
}

/// The channel of one kind of reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Channel {
    sources: BTreeMap<Reading, Sources>,
    /// The share of words that are read wrong, for each tenth of the engine's confidence; at last,
    /// of all words.
    error_rates: [f32; 11],
}

impl Channel {
    /// Takes (printed, read, probability) and the share of wrong words for each tenth of
    /// confidence and at last of all.
    pub fn new(
        arcs: impl IntoIterator<Item = (char, Reading, f64)>,
        error_rates: [f32; 11],
    ) -> Self {
        let mut sources = BTreeMap::<Reading, Sources>::new();
        for (printed, read, probability) in arcs {
            sources.entry(read).or_default().push(printed, -probability.ln() as f32);
        }
        sources.values_mut().for_each(Sources::sort);
        Self { sources, error_rates }
    }

    pub(super) fn read(from: &mut Reader) -> Result<Self> {
        let mut channel = Self::default();
        for rate in &mut channel.error_rates {
            *rate = from.f32()?;
        }
        for _ in 0..from.u32()? {
            let read: Vec<char> = from.text()?.chars().collect();
            if read.len() > LONGEST_READING {
                return Err(bytes::damaged());
            }
            let mut sources = Sources::default();
            for list in [&mut sources.small, &mut sources.capital] {
                let letters = from.text()?.chars();
                *list = letters.map(|letter| Ok((letter, from.f32()?))).collect::<Result<_>>()?;
            }
            channel.sources.insert(Reading::new(&read), sources);
        }
        Ok(channel)
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for &rate in &self.error_rates {
            bytes::put_f32(out, rate);
        }
        bytes::put_u32(out, self.sources.len() as u32);
        for (reading, sources) in &self.sources {
            bytes::put_text(out, &reading.letters().collect::<String>());
            for list in [&sources.small, &sources.capital] {
                bytes::put_text(out, &list.iter().map(|source| source.0).collect::<String>());
                list.iter().for_each(|source| bytes::put_f32(out, source.1));
            }
        }
    }

    /// What may have been printed where `read` was read.
    pub(super) fn sources(&self, read: Reading) -> &Sources {
        self.sources.get(&read).unwrap_or(Sources::NONE)
    }

    /// The cost of having read a letter as itself; of one that was never seen to be, that of a
    /// common letter.
    pub(super) fn cost_of_itself(&self, letter: char) -> f32 {
        const OF_A_COMMON_LETTER: f32 = 0.1;
        let small = letter.to_lowercase().next().unwrap_or(letter);
        let sources = self.sources(Reading::new(&[letter])).of(small != letter);
        let at = sources.binary_search_by_key(&small, |source| source.0);
        at.map_or(OF_A_COMMON_LETTER, |at| sources[at].1)
    }

    /// The share of words read wrong among those that the engine gave this confidence (0 to 1).
    pub(super) fn error_rate(&self, confidence: f32) -> f32 {
        let tenth = (confidence.clamp(0.0, 1.0) * 10.0) as usize;
        self.error_rates[tenth.min(9)]
    }

    /// The share of words read wrong among all from which the channel was learned.
    pub(super) fn mean_error_rate(&self) -> f32 {
        self.error_rates[10]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_keep_their_letters_and_their_length() {
        let readings = [&[][..], &['a'], &['ệ', '6'], &['\u{10FFFF}', ' ', 'z']];
        for letters in readings {
            assert_eq!(Reading::new(letters).letters().collect::<Vec<_>>(), letters);
        }
        assert_ne!(Reading::new(&['a', 'b']), Reading::new(&['b', 'a']));
    }

    #[test]
    fn a_channel_is_read_back_as_it_was_written() {
        let six = Reading::new(&['6']);
        let channel = Channel::new([('ố', six, 0.25), ('6', six, 0.9)], [0.5; 11]);
        let mut out = Vec::new();
        channel.write(&mut out);
        assert_eq!(Channel::read(&mut Reader::new(&out)).unwrap(), channel);
        assert_eq!(channel.sources(six).of(false).len(), 2);
        assert!((channel.cost_of_itself('6') - 0.105).abs() < 0.001);
        assert_eq!(channel.error_rate(2.0), 0.5);
    }
}
