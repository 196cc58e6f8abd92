//! How print turns into what was read: the probability that a printed letter was read as a string
//! of 0 to 3 characters.
//!
//! One channel for each kind of reading, learned from pairs by expectation maximisation
//! (`examples/train`). Costs are natural logarithms with the sign turned.

use std::collections::BTreeMap;

use super::bytes::{self, Reader};
use crate::error::Result;
use crate::text::normalise::bare_letter;

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

/// How much a document's own readings of a letter count at most beside those of others, and after
/// how many sightings half as much.
const MOST_OF_DOCUMENT: f32 = 0.6;
const HALF_OF_THAT: f32 = 30.0;

/// The channel of one kind of reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Channel {
    /// Sorted.
    readings: Vec<Reading>,
    /// Where the sources of each reading begin, and at last their number.
    first_source: Vec<u32>,
    /// The letters that may have been printed where a string was read, in order, with their costs.
    sources: Vec<(char, f32)>,
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
        let cost =
            |(printed, read, probability): (_, _, f64)| (read, printed, -probability.ln() as f32);
        Self::of_costs(arcs.into_iter().map(cost).collect(), error_rates)
    }

    fn of_costs(mut arcs: Vec<(Reading, char, f32)>, error_rates: [f32; 11]) -> Self {
        arcs.sort_unstable_by_key(|&(read, printed, _)| (read, printed));
        let mut channel = Self { error_rates, ..Self::default() };
        for (index, &(read, printed, cost)) in arcs.iter().enumerate() {
            if channel.readings.last() != Some(&read) {
                channel.readings.push(read);
                channel.first_source.push(index as u32);
            }
            channel.sources.push((printed, cost));
        }
        channel.first_source.push(arcs.len() as u32);
        channel
    }

    pub(super) fn read(from: &mut Reader) -> Result<Self> {
        let mut error_rates = [0.0; 11];
        for rate in &mut error_rates {
            *rate = from.f32()?;
        }
        let readings = from.text()?.split_terminator('\n').map(|read| {
            let read: Vec<char> = read.chars().collect();
            if read.len() <= LONGEST_READING {
                Ok(Reading::new(&read))
            } else {
                Err(bytes::damaged())
            }
        });
        let readings = readings.collect::<Result<Vec<_>>>()?;
        let first_source = from.u32s()?;
        let printed = from.text()?.chars();
        let sources: Vec<(char, f32)> = printed.zip(from.f32s()?).collect();
        let fits = readings.is_sorted()
            && first_source.len() == readings.len() + 1
            && first_source.is_sorted()
            && first_source.last().is_some_and(|&end| end as usize == sources.len());
        if fits {
            Ok(Self { readings, first_source, sources, error_rates })
        } else {
            Err(bytes::damaged())
        }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for &rate in &self.error_rates {
            bytes::put_f32(out, rate);
        }
        let line = |reading: &Reading| reading.letters().chain(['\n']).collect::<String>();
        bytes::put_text(out, &self.readings.iter().map(line).collect::<String>());
        bytes::put_u32s(out, &self.first_source);
        let (printed, costs): (String, Vec<f32>) = self.sources.iter().copied().unzip();
        bytes::put_text(out, &printed);
        bytes::put_f32s(out, &costs);
    }

    /// The channel of text that was born without marks, of these small letters: each is written
    /// bare, and now and then with its marks.
    pub(super) fn of_lost_marks(letters: &[char]) -> Self {
        const BARE: f32 = 0.95;
        let mut arcs = Vec::new();
        for &small in letters {
            let mut capital = small.to_uppercase();
            let capital = capital.next().filter(|&letter| letter != small && capital.len() == 0);
            for letter in std::iter::once(small).chain(capital) {
                let bare = bare_letter(letter);
                let kept: f32 = if bare == letter { 1.0 } else { 1.0 - BARE };
                arcs.push((Reading::new(&[letter]), letter, -kept.ln()));
                if bare != letter {
                    arcs.push((Reading::new(&[bare]), letter, -BARE.ln()));
                }
            }
        }
        Self::of_costs(arcs, [0.0; 11])
    }

    /// What may have been printed where `read` was read: letters in order, each with its cost.
    pub(super) fn sources(&self, read: Reading) -> &[(char, f32)] {
        let Ok(at) = self.readings.binary_search(&read) else { return &[] };
        &self.sources[self.first_source[at] as usize..self.first_source[at + 1] as usize]
    }

    /// The cost of having read `read` where `printed` is printed, if that was ever seen.
    pub(super) fn cost(&self, printed: char, read: Reading) -> Option<f32> {
        let sources = self.sources(read);
        let at = sources.binary_search_by_key(&printed, |source| source.0);
        at.ok().map(|at| sources[at].1)
    }

    /// The channel of one document: what was counted there (read, printed, how often), beside what
    /// was learned from others. A document comes from one scanner and one engine, whose habits
    /// need not be those of the pairs.
    pub(super) fn adapted(&self, counts: &[(Reading, char, f32)]) -> Self {
        let mut totals = BTreeMap::<char, f32>::new();
        for &(_, printed, count) in counts {
            *totals.entry(printed).or_default() += count;
        }
        // Of each letter, how much the document counts.
        let share = |printed| {
            let total = totals.get(&printed).copied().unwrap_or(0.0);
            MOST_OF_DOCUMENT * total / (total + HALF_OF_THAT)
        };
        let base = self.readings.iter().zip(self.first_source.windows(2));
        let mut arcs: Vec<(Reading, char, f32)> = base
            .flat_map(|(&read, ends)| {
                let sources = &self.sources[ends[0] as usize..ends[1] as usize];
                sources.iter().map(move |&(printed, cost)| (read, printed, cost))
            })
            .map(|(read, printed, cost)| (read, printed, cost - (1.0 - share(printed)).ln()))
            .collect();
        let known = arcs.len();
        for &(read, printed, count) in counts {
            let probability = share(printed) * count / totals[&printed];
            let place = (read, printed);
            match arcs[..known].binary_search_by_key(&place, |&(read, printed, _)| (read, printed))
            {
                Ok(at) => arcs[at].2 = -((-arcs[at].2).exp() + probability).ln(),
                Err(_) => arcs.push((read, printed, -probability.ln())),
            }
        }
        Self::of_costs(arcs, self.error_rates)
    }

    /// The cost of having read a letter as itself; of one that was never seen to be, that of a
    /// common letter.
    pub(super) fn cost_of_itself(&self, letter: char) -> f32 {
        const OF_A_COMMON_LETTER: f32 = 0.1;
        self.cost(letter, Reading::new(&[letter])).unwrap_or(OF_A_COMMON_LETTER)
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
        assert_eq!(channel.sources(six).len(), 2);
        assert!((channel.cost_of_itself('6') - 0.105).abs() < 0.001);
        assert_eq!(channel.error_rate(2.0), 0.5);
    }
}
