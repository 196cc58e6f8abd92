//! Which letters of a word were read as what, and the channel of one document that comes of it.

use std::collections::{BTreeMap, BTreeSet};

use super::channel::{Channel, LONGEST_READING, Reading};
use crate::text::normalise::bare_letter;

/// What it costs that a letter was read as something it was never seen to be read as; words that
/// have two of those are no evidence.
const STRANGE: f32 = 8.5;
const DEAREST: f32 = 16.0;

/// So many sightings of all letters of its family count as a letter's own.
const BORROWED: f32 = 4.0;

/// How often each letter was read as each string.
#[derive(Debug, Default)]
pub struct LetterCounts(BTreeMap<(Reading, char), f32>);

impl LetterCounts {
    /// Counts that `printed` was read as `read`, so many times; by the cheapest alignment.
    pub fn add(&mut self, printed: &[char], read: &[char], times: f32, channel: &Channel) {
        for (letter, reading) in align(printed, read, channel) {
            *self.0.entry((reading, letter)).or_default() += times;
        }
    }

    /// The channel of the document in which this was counted. What was made of one letter is now
    /// and then made of others that differ by their marks alone.
    pub fn adapt(&self, channel: &Channel) -> Channel {
        let mut families = BTreeMap::<char, (f32, BTreeMap<Reading, f32>, BTreeSet<char>)>::new();
        for (&(reading, letter), &count) in &self.0 {
            let (all, readings, letters) = families.entry(bare_letter(letter)).or_default();
            *all += count;
            *readings.entry(reading).or_default() += count;
            letters.insert(letter);
        }
        let mut counts = self.0.clone();
        for (all, readings, letters) in families.values() {
            for (&reading, &count) in readings {
                for &letter in letters {
                    *counts.entry((reading, letter)).or_default() += BORROWED * count / all;
                }
            }
        }
        let counts: Vec<(Reading, char, f32)> =
            counts.iter().map(|(&(reading, letter), &count)| (reading, letter, count)).collect();
        channel.adapted(&counts)
    }
}

/// What each printed letter was read as; empty if the two have nothing to do with each other.
fn align(printed: &[char], read: &[char], channel: &Channel) -> Vec<(char, Reading)> {
    // For each letter and place: the least cost, and how many characters the letter took.
    let width = read.len() + 1;
    let mut costs = vec![(f32::INFINITY, 0); (printed.len() + 1) * width];
    costs[0].0 = 0.0;
    let sources: Vec<[&[(char, f32)]; LONGEST_READING + 1]> = (0..width)
        .map(|at| {
            std::array::from_fn(|length| match read.get(at..at + length) {
                Some(reading) => channel.sources(Reading::new(reading)),
                None => &[],
            })
        })
        .collect();
    for (row, &letter) in printed.iter().enumerate() {
        for at in 0..width {
            let cost = costs[row * width + at].0;
            for length in 0..=LONGEST_READING.min(read.len() - at) {
                let known = sources[at][length];
                let more = match known.binary_search_by_key(&letter, |source| source.0) {
                    Ok(index) => known[index].1,
                    Err(_) if length == 1 => STRANGE,
                    Err(_) => continue,
                };
                let next = &mut costs[(row + 1) * width + at + length];
                if cost + more < next.0 {
                    *next = (cost + more, length);
                }
            }
        }
    }
    let mut pieces = Vec::with_capacity(printed.len());
    let mut at = read.len();
    if costs[printed.len() * width + at].0 > DEAREST {
        return pieces;
    }
    for (row, &letter) in printed.iter().enumerate().rev() {
        let length = costs[(row + 1) * width + at].1;
        pieces.push((letter, Reading::new(&read[at - length..at])));
        at -= length;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(read: &str) -> Reading {
        Reading::new(&read.chars().collect::<Vec<_>>())
    }

    fn channel() -> Channel {
        let arcs = [('ủ', "ii", 0.1), ('ủ', "u", 0.5), ('c', "c", 0.9), ('a', "a", 0.9)];
        Channel::new(arcs.map(|(letter, read, p)| (letter, reading(read), p)), [0.1; 11])
    }

    #[test]
    fn letters_are_aligned_with_what_they_were_read_as() {
        let pieces = align(&['c', 'ủ', 'a'], &['c', 'i', 'i', 'a'], &channel());
        assert_eq!(pieces, [('a', reading("a")), ('ủ', reading("ii")), ('c', reading("c"))]);
        assert_eq!(align(&['c', 'ủ', 'a'], &['x', 'y', 'z'], &channel()), []);
    }

    #[test]
    fn what_a_document_does_often_gets_cheaper_in_it() {
        let mut counts = LetterCounts::default();
        counts.add(&['c', 'ủ', 'a'], &['c', 'i', 'i', 'a'], 40.0, &channel());
        let adapted = counts.adapt(&channel());
        let (before, after) = (
            channel().cost('ủ', reading("ii")).unwrap(),
            adapted.cost('ủ', reading("ii")).unwrap(),
        );
        assert!(after < before - 1.0, "{before} {after}");
        assert!(adapted.cost('ủ', reading("u")) > channel().cost('ủ', reading("u")));
    }
}
