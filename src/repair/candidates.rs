//! Which words of the vocabulary may have been printed where a string was read.
//!
//! A search through the trie of the vocabulary: each printed letter takes 0 to 3 characters of what
//! was read, at the cost that the channel gives.

use super::channel::{Channel, LONGEST_READING, Reading};
use super::language_model::UNKNOWN;
use super::model::Model;
use super::vocabulary::Node;

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
const WIDTH: f32 = 11.0;
/// At most so many half-spelled words are followed at each place.
const MOST_STATES: usize = 300;

/// What it costs that a letter was read as something that it was never seen to be read as, and
/// that something was read where nothing is printed: no pairs hold all damage there is.
const STRANGE_READING: f32 = 8.5;
const STRANGE_INSERTION: f32 = 10.0;

/// How much the frequency of a word counts for being considered at all.
const UNIGRAM_WEIGHT: f32 = 0.8;

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

/// The half-spelled words at one place of what was read.
#[derive(Default)]
struct Place {
    states: Vec<State>,
}

impl Place {
    /// Adds a state, unless a much cheaper one is known.
    fn push(&mut self, node: u32, cost: f32, best: &mut f32) {
        if cost <= *best + WIDTH {
            *best = best.min(cost);
            self.states.push((node, cost));
        }
    }

    /// Keeps the cheapest way to each node, and the cheapest nodes, cheapest first.
    fn prune(&mut self, best: f32) {
        let states = &mut self.states;
        states.retain(|state| state.1 <= best + WIDTH);
        states.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        states.dedup_by_key(|state| state.0);
        states.sort_unstable_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        states.truncate(MOST_STATES);
    }
}

/// The words that may have been printed where `read` stands, best first, at most `most`; ranked by
/// the channel's cost and the frequency of the word.
pub fn candidates(
    read: &[char],
    case: Case,
    channel: &Channel,
    model: &Model,
    most: usize,
) -> Vec<Candidate> {
    if read.len() > LONGEST_WORD {
        return Vec::new();
    }
    let trie = model.vocabulary.trie();
    let last = search(read, case, channel, trie);
    let mut found: Vec<Candidate> = last
        .states
        .iter()
        .map(|&(node, cost)| Candidate { word: trie[node as usize].word, cost })
        .filter(|candidate| candidate.word != UNKNOWN)
        .collect();
    let rank = |candidate: &Candidate| {
        candidate.cost + UNIGRAM_WEIGHT * model.language.unigram_cost(candidate.word)
    };
    found.sort_unstable_by(|a, b| rank(a).total_cmp(&rank(b)).then(a.word.cmp(&b.word)));
    found.truncate(most);
    found
}

/// The spelled words where all of `read` is used up.
fn search(read: &[char], case: Case, channel: &Channel, trie: &[Node]) -> Place {
    let mut places: Vec<Place> = (0..=read.len()).map(|_| Place::default()).collect();
    let mut best = vec![f32::INFINITY; read.len() + 1];
    places[0].push(0, 0.0, &mut best[0]);
    for at in 0..=read.len() {
        let mut here = std::mem::take(&mut places[at]);
        let capital = |node: u32| case == Case::Capitals || (case == Case::Title && node == 0);
        let unread = channel.sources(Reading::new(&[]));
        for index in 0..here.states.len() {
            let (node, cost) = here.states[index];
            for (child, more) in spelled_on(trie, node, unread.of(capital(node))) {
                here.push(child, cost + more, &mut best[at]);
            }
        }
        here.prune(best[at]);
        for length in 1..=LONGEST_READING.min(read.len() - at) {
            let sources = channel.sources(Reading::new(&read[at..at + length]));
            let next = at + length;
            for &(node, cost) in &here.states {
                for (child, more) in spelled_on(trie, node, sources.of(capital(node))) {
                    places[next].push(child, cost + more, &mut best[next]);
                }
            }
        }
        if at < read.len() {
            for &(node, cost) in &here.states {
                places[at + 1].push(node, cost + STRANGE_INSERTION, &mut best[at + 1]);
                if cost + STRANGE_READING > best[at + 1] + WIDTH {
                    break;
                }
                for &(_, child) in &trie[node as usize].children {
                    places[at + 1].push(child, cost + STRANGE_READING, &mut best[at + 1]);
                }
            }
        }
        places[at] = here;
    }
    places.pop().unwrap_or_default()
}

/// The children of a node whose letter is among the sources, with the cost of it.
fn spelled_on<'a>(
    trie: &'a [Node],
    node: u32,
    sources: &'a [(char, f32)],
) -> impl Iterator<Item = (u32, f32)> {
    trie[node as usize].children.iter().filter_map(|&(letter, child)| {
        let at = sources.binary_search_by_key(&letter, |source| source.0).ok()?;
        Some((child, sources[at].1))
    })
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
