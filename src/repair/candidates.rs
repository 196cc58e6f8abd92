//! Which words of the vocabulary may have been printed where a string was read.
//!
//! A search through the trie of the vocabulary: each printed letter takes 0 to 3 characters of what
//! was read, at the cost that the channel gives.

use super::channel::{Channel, LONGEST_READING, Reading};
use super::language_model::{LanguageModel, UNKNOWN};
use super::vocabulary::Vocabulary;

/// How a word is printed: its letters' shapes depend on it, and so does what they are read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    Small,
    /// The first letter is a capital.
    Title,
    Capitals,
}

/// A word that may have been printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    pub word: u16,
    /// Of reading what was read, given that this word was printed.
    pub cost: f32,
}

/// Longer strings are no misread syllable.
const LONGEST_WORD: usize = 14;
/// Half-spelled words that cost so much more than the best at the same place are given up.
const WIDTH: f32 = 12.0;
/// At most so many half-spelled words are followed at each place.
const MOST_STATES: usize = 120;

/// A half-spelled word: a node of the trie, and what it cost to get there.
type State = (u32, f32);

impl Case {
    /// The case in which a word was read; `in_capitals` if the rest of the line is.
    pub fn of(read: &str, in_capitals: bool) -> Self {
        let capitals = read.chars().filter(|c| c.is_uppercase()).count();
        let small = read.chars().filter(|c| c.is_lowercase()).count();
        let first = read.chars().find(|c| c.is_alphabetic());
        if capitals > small && (capitals >= 2 || in_capitals) {
            Self::Capitals
        } else if first.is_some_and(char::is_uppercase) {
            Self::Title
        } else {
            Self::Small
        }
    }

    /// A word of small letters in this case.
    pub fn apply(self, word: &str) -> String {
        let mut letters = word.chars();
        match self {
            Self::Small => word.to_owned(),
            Self::Capitals => word.to_uppercase(),
            Self::Title => {
                letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
            }
        }
    }
}

/// The words that may have been printed where `read` stands, best first, at most `most`; ranked by
/// the channel's cost and the frequency of the word.
pub fn candidates(
    read: &[char],
    case: Case,
    channel: &Channel,
    vocabulary: &Vocabulary,
    language: &LanguageModel,
    most: usize,
) -> Vec<Candidate> {
    if read.len() > LONGEST_WORD {
        return Vec::new();
    }
    let mut places = vec![Vec::<State>::new(); read.len() + 1];
    places[0].push((0, 0.0));
    for at in 0..=read.len() {
        let mut states = std::mem::take(&mut places[at]);
        skip_unread_letters(&mut states, at == 0, case, channel, vocabulary);
        prune(&mut states);
        for length in 1..=LONGEST_READING.min(read.len() - at) {
            let sources = channel.sources(Reading::new(&read[at..at + length]));
            for &(node, cost) in &states {
                let capital = case == Case::Capitals || (case == Case::Title && node == 0);
                let target = &mut places[at + length];
                step(vocabulary, sources.of(capital), node, cost, target);
            }
        }
        places[at] = states;
    }
    let trie = vocabulary.trie();
    let mut found: Vec<Candidate> = places[read.len()]
        .iter()
        .map(|&(node, cost)| Candidate { word: trie[node as usize].word, cost })
        .filter(|candidate| candidate.word != UNKNOWN)
        .collect();
    let rank = |candidate: &Candidate| candidate.cost + language.unigram_cost(candidate.word);
    found.sort_unstable_by(|a, b| rank(a).total_cmp(&rank(b)).then(a.word.cmp(&b.word)));
    found.truncate(most);
    found
}

/// Spells on by every child of a node whose letter may have been read so.
fn step(
    vocabulary: &Vocabulary,
    sources: &[(char, f32)],
    node: u32,
    cost: f32,
    into: &mut Vec<State>,
) {
    for &(letter, child) in &vocabulary.trie()[node as usize].children {
        if let Ok(at) = sources.binary_search_by_key(&letter, |source| source.0) {
            into.push((child, cost + sources[at].1));
        }
    }
}

/// Adds the words that have one more letter, of which nothing was read.
fn skip_unread_letters(
    states: &mut Vec<State>,
    at_start: bool,
    case: Case,
    channel: &Channel,
    vocabulary: &Vocabulary,
) {
    let capital = case == Case::Capitals || (case == Case::Title && at_start);
    let unread = channel.sources(Reading::new(&[]));
    for index in 0..states.len() {
        let (node, cost) = states[index];
        step(vocabulary, unread.of(capital), node, cost, states);
    }
}

/// Keeps the cheapest way to each node, and the cheapest nodes.
fn prune(states: &mut Vec<State>) {
    states.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    states.dedup_by_key(|state| state.0);
    let best = states.iter().map(|state| state.1).fold(f32::INFINITY, f32::min);
    states.retain(|state| state.1 <= best + WIDTH);
    if states.len() > MOST_STATES {
        states.select_nth_unstable_by(MOST_STATES, |a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        states.truncate(MOST_STATES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_told_from_what_was_read_and_given_back() {
        let cases = [
            ("quyét", false, Case::Small, "quyết"),
            ("Quyét", false, Case::Title, "Quyết"),
            ("QUYET", false, Case::Capitals, "QUYẾT"),
            ("QUYLéT", false, Case::Capitals, "QUYẾT"),
            ("Q", true, Case::Capitals, "QUYẾT"),
            ("Q", false, Case::Title, "Quyết"),
            ("6", true, Case::Small, "quyết"),
        ];
        for (read, in_capitals, case, word) in cases {
            assert_eq!(Case::of(read, in_capitals), case, "{read}");
            assert_eq!(case.apply("quyết"), word);
        }
    }
}
