//! Which words of the vocabulary may have been printed where a string was read.
//!
//! A walk through the trie of the vocabulary. At each half-spelled word stands a row: what it costs
//! to have printed it where the first 0, 1, 2, … characters were read; each printed letter takes 0
//! to 3 of them, at the cost that the channel gives. A branch is left as soon as nothing on it can
//! come near the best word that was found.

use super::case::Case;
use super::channel::{Channel, LONGEST_READING, Reading};
use super::language_model::UNKNOWN;
use super::model::Model;

/// A word that may have been printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    pub word: u16,
    /// Of reading what was read, given that this word was printed.
    pub cost: f32,
    /// With the cost of the word itself, whatever stands around it: what candidates are ranked by.
    pub rank: f32,
    /// Whether it was printed in small letters, though a capital was read.
    pub small: bool,
}

/// Longer strings are no misread syllable.
pub const LONGEST_WORD: usize = 14;
/// Candidates that rank so much lower than the best are left out.
const WIDTH: f32 = 9.0;

/// What it costs that a letter was read as something that it was never seen to be read as, and
/// that something was read where nothing is printed: no pairs hold all damage there is.
const STRANGE_READING: f32 = 8.5;
const STRANGE_INSERTION: f32 = 10.0;
/// What it costs that a small first letter was read as a capital.
const LOST_SMALL: f32 = 2.0;

/// The cost at each place of what was read.
type Row = [f32; LONGEST_WORD + 2];
const NOT_THERE: Row = [f32::INFINITY; LONGEST_WORD + 2];

/// For each letter, what it costs to have read it as 1, 2 or 3 characters from each place on.
type Table = Vec<[Row; LONGEST_READING]>;

/// Finds what may have been printed, by one channel.
pub struct Speller<'a> {
    model: &'a Model,
    channel: &'a Channel,
    /// For each letter, small and capital, what it costs that it wasn't read at all.
    unread: [Vec<f32>; 2],
}

impl<'a> Speller<'a> {
    pub fn new(model: &'a Model, channel: &'a Channel) -> Self {
        let nothing = vec![f32::INFINITY; model.vocabulary.trie().letters().len()];
        let mut unread = [nothing.clone(), nothing];
        for &(printed, cost) in channel.sources(Reading::new(&[])) {
            if let Some((letter, capital)) = model.letters.get(printed) {
                unread[usize::from(capital)][usize::from(letter)] = cost;
            }
        }
        Self { model, channel, unread }
    }

    pub fn channel(&self) -> &'a Channel {
        self.channel
    }

    /// The words that may have been printed where `read` stands, best first, at most `most`.
    pub fn candidates(&self, read: &[char], case: Case, most: usize) -> Vec<Candidate> {
        if read.is_empty() || read.len() > LONGEST_WORD {
            return Vec::new();
        }
        let small = self.table(read, false);
        let capital = if case == Case::Small { Table::new() } else { self.table(read, true) };
        let mut search = Search {
            speller: self,
            length: read.len(),
            ahead: ahead(&[&small, &capital], read.len()),
            tables: [&small, &capital],
            most,
            bound: f32::INFINITY,
            found: Vec::with_capacity(most + 1),
            pending: Vec::with_capacity(64),
        };
        let mut start = NOT_THERE;
        start[0] = 0.0;
        search.insert(&mut start);
        match case {
            Case::Small => search.visit(0, &start, [false; 2], false),
            Case::Capitals => search.visit(0, &start, [true; 2], false),
            Case::Title => {
                search.visit(0, &start, [true, false], false);
                start.iter_mut().for_each(|cost| *cost += LOST_SMALL);
                search.visit(0, &start, [false; 2], true);
            }
        }
        search.found
    }

    fn table(&self, read: &[char], capital: bool) -> Table {
        let letters = self.model.vocabulary.trie().letters().len();
        let mut strange = NOT_THERE;
        strange[..read.len()].fill(STRANGE_READING);
        let mut table = vec![[strange, NOT_THERE, NOT_THERE]; letters];
        for at in 0..read.len() {
            for length in 1..=LONGEST_READING.min(read.len() - at) {
                for &(printed, cost) in self.channel.sources(Reading::new(&read[at..at + length])) {
                    if let Some((letter, is_capital)) = self.model.letters.get(printed)
                        && is_capital == capital
                    {
                        let known = &mut table[usize::from(letter)][length - 1][at];
                        *known = known.min(cost);
                    }
                }
            }
        }
        table
    }
}

/// The least that it can cost to have read what follows each place.
fn ahead(tables: &[&Table], length: usize) -> Row {
    let mut ahead = NOT_THERE;
    ahead[length] = 0.0;
    for at in (0..length).rev() {
        ahead[at] = STRANGE_INSERTION + ahead[at + 1];
        for taken in 1..=LONGEST_READING.min(length - at) {
            let costs = tables.iter().flat_map(|table| table.iter());
            let least = costs.map(|letter| letter[taken - 1][at]).fold(f32::INFINITY, f32::min);
            ahead[at] = ahead[at].min(least + ahead[at + taken]);
        }
    }
    ahead
}

/// One walk through the trie.
struct Search<'a> {
    speller: &'a Speller<'a>,
    length: usize,
    ahead: Row,
    /// Of small and of capital letters.
    tables: [&'a Table; 2],
    most: usize,
    /// What ranks lower than this is of no interest any more.
    bound: f32,
    /// Best first.
    found: Vec<Candidate>,
    /// Branches that are still to be walked: the best rank that they can have, node and row.
    pending: Vec<(f32, usize, Row)>,
}

impl Search<'_> {
    /// Walks on from a node. `capitals` is whether the next letter, and those after it, are.
    fn visit(&mut self, node: usize, row: &Row, capitals: [bool; 2], small: bool) {
        let trie = self.speller.model.vocabulary.trie();
        let start = self.pending.len();
        for child in trie.children(node) {
            let next = self.row(row, trie.letter[child], capitals[0]);
            let reach = next.iter().zip(&self.ahead).map(|(cost, ahead)| cost + ahead);
            let best = reach.fold(f32::INFINITY, f32::min) + self.speller.model.least_costs[child];
            if best <= self.bound {
                self.pending.push((best, child, next));
            }
        }
        self.pending[start..].sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        while self.pending.len() > start {
            let Some((best, child, row)) = self.pending.pop() else { break };
            if best > self.bound {
                self.pending.truncate(start);
                break;
            }
            let word = trie.word[child];
            if word != UNKNOWN {
                self.offer(word, row[self.length], small);
            }
            self.visit(child, &row, [capitals[1]; 2], small);
        }
    }

    /// The row after one more printed letter.
    fn row(&self, before: &Row, letter: u8, capital: bool) -> Row {
        let letter = usize::from(letter);
        let table = &self.tables[usize::from(capital)][letter];
        let unread = self.speller.unread[usize::from(capital)][letter];
        let mut row = before.map(|cost| cost + unread);
        for (taken, costs) in (1..).zip(table) {
            for at in taken..row.len() {
                row[at] = row[at].min(before[at - taken] + costs[at - taken]);
            }
        }
        self.insert(&mut row);
        row
    }

    /// What was read where nothing is printed.
    fn insert(&self, row: &mut Row) {
        for at in 1..=self.length {
            row[at] = row[at].min(row[at - 1] + STRANGE_INSERTION);
        }
    }

    fn offer(&mut self, word: u16, cost: f32, small: bool) {
        let rank = cost + self.speller.model.word_cost(word);
        if rank > self.bound || !rank.is_finite() {
            return;
        }
        if let Some(known) = self.found.iter().position(|found| found.word == word) {
            if self.found[known].rank <= rank {
                return;
            }
            self.found.remove(known);
        }
        let at = self.found.partition_point(|other| (other.rank, other.word) < (rank, word));
        self.found.insert(at, Candidate { word, cost, rank, small });
        self.found.truncate(self.most);
        self.bound = self.found[0].rank + WIDTH;
        if self.found.len() == self.most {
            self.bound = self.bound.min(self.found[self.most - 1].rank);
        }
    }
}
