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
    /// In which it was printed.
    pub case: Case,
}

/// Longer strings are no misread syllable.
pub const LONGEST_WORD: usize = 14;
/// How many candidates are found, and how much lower than the best they may rank.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub most: usize,
    pub width: f32,
}

/// What it costs that a letter was read as something that it was never seen to be read as, and
/// that something was read where nothing is printed: no pairs hold all damage there is.
const STRANGE_READING: f32 = 8.5;
const STRANGE_INSERTION: f32 = 10.0;
/// A sign within a word (&, $) is a letter that was misread, sooner than another letter is: of which
/// is not only what few pairs have shown; or it is the ruin of a mark or a speck.
const STRANGE_SIGN: f32 = 7.5;
const STRAY_SIGN: f32 = 6.5;
/// What it costs that a first letter was read as a capital and is none, and the other way round.
const LOST_SMALL: f32 = 2.0;
const LOST_CAPITAL: f32 = 3.5;

/// What it costs that two or more capitals in a line of small letters are no abbreviation.
const NO_ABBREVIATION: f32 = 4.0;

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

    /// The words that may have been printed where `read` stands, best first.
    pub fn candidates(&self, read: &[char], case: Case, limits: Limits) -> Vec<Candidate> {
        if read.is_empty() || read.len() > LONGEST_WORD {
            return Vec::new();
        }
        let mut insertions = NOT_THERE;
        for (cost, letter) in insertions.iter_mut().zip(read) {
            *cost = if is_sign(*letter) { STRAY_SIGN } else { STRANGE_INSERTION };
        }
        let tables = [self.table(read, false), self.table(read, true)];
        // What follows the first letter is in small letters, unless all are capitals.
        let capitals = matches!(case, Case::Capitals | Case::Abbreviation);
        let ahead = ahead(&tables[usize::from(capitals)], &insertions, read.len());
        let mut search = Search {
            speller: self,
            length: read.len(),
            reach: [0, 1].map(|case| reach(&tables[case], &self.unread[case], &ahead)),
            tables,
            insertions,
            limits,
            bound: f32::INFINITY,
            found: Vec::with_capacity(limits.most + 1),
            pending: Vec::with_capacity(128),
        };
        let start = |cost: f32| {
            let mut start = NOT_THERE;
            start[0] = cost;
            search.insert(&mut start);
            start
        };
        let (sure, unsure) = match case {
            Case::Small => (start(0.0), Some(start(LOST_CAPITAL))),
            Case::Title => (start(0.0), Some(start(LOST_SMALL))),
            Case::Capitals | Case::Abbreviation => (start(0.0), None),
        };
        let first_capital = case != Case::Small;
        search.visit(0, &sure, first_capital, capitals, case);
        if let Some(unsure) = unsure {
            let other = if case == Case::Small { Case::Title } else { Case::Small };
            search.visit(0, &unsure, !first_capital, false, other);
        }
        search.found
    }

    fn table(&self, read: &[char], capital: bool) -> Table {
        let letters = self.model.vocabulary.trie().letters().len();
        let mut strange = NOT_THERE;
        for (cost, letter) in strange.iter_mut().zip(read) {
            *cost = if is_sign(*letter) { STRANGE_SIGN } else { STRANGE_READING };
        }
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

fn is_sign(letter: char) -> bool {
    !letter.is_alphanumeric() && letter != ' '
}

/// The least that it can cost to have read what follows each place.
fn ahead(table: &Table, insertions: &Row, length: usize) -> Row {
    let mut ahead = NOT_THERE;
    ahead[length] = 0.0;
    for at in (0..length).rev() {
        ahead[at] = insertions[at] + ahead[at + 1];
        for taken in 1..=LONGEST_READING.min(length - at) {
            let costs = table.iter().map(|letter| letter[taken - 1][at]);
            let least = costs.fold(f32::INFINITY, f32::min);
            ahead[at] = ahead[at].min(least + ahead[at + taken]);
        }
    }
    ahead
}

/// For each letter, the least that it can cost to have read it and all that follows from each place
/// on.
fn reach(table: &Table, unread: &[f32], ahead: &Row) -> Vec<Row> {
    let of_letter = |(costs, unread): (&[Row; LONGEST_READING], &f32)| {
        let mut reach = ahead.map(|cost| cost + unread);
        for (taken, costs) in (1..).zip(costs) {
            for at in 0..reach.len() - taken {
                reach[at] = less(reach[at], costs[at] + ahead[at + taken]);
            }
        }
        reach
    };
    table.iter().zip(unread).map(of_letter).collect()
}

/// The minimum of two costs; `f32::min` looks out for NaN, which takes half as long again.
fn less(one: f32, other: f32) -> f32 {
    if other < one { other } else { one }
}

/// One walk through the trie.
struct Search<'a> {
    speller: &'a Speller<'a>,
    length: usize,
    /// Of small and of capital letters.
    tables: [Table; 2],
    reach: [Vec<Row>; 2],
    /// What it costs that each character was read where nothing is printed.
    insertions: Row,
    limits: Limits,
    /// What ranks lower than this is of no interest any more.
    bound: f32,
    /// Best first.
    found: Vec<Candidate>,
    /// Branches that are still to be walked: the best rank that they can have, and the node.
    pending: Vec<(f32, u32)>,
}

impl Search<'_> {
    /// Walks on from a node. `capital` is whether the next letter is one, `capitals` whether those
    /// after it are.
    fn visit(&mut self, node: usize, row: &Row, capital: bool, capitals: bool, case: Case) {
        let trie = self.speller.model.vocabulary.trie();
        let start = self.pending.len();
        let reach = &self.reach[usize::from(capital)];
        for child in trie.children(node) {
            let ahead = &reach[usize::from(trie.letter[child])];
            let mut best = [f32::INFINITY; 4];
            let (row, ahead) = (row.as_chunks::<4>().0, ahead.as_chunks::<4>().0);
            for (row, ahead) in row.iter().zip(ahead).take(self.length / 4 + 1) {
                for at in 0..4 {
                    best[at] = less(best[at], row[at] + ahead[at]);
                }
            }
            let best = less(less(best[0], best[1]), less(best[2], best[3]));
            let best = best + self.speller.model.least_costs[child];
            if best <= self.bound {
                self.pending.push((best, child as u32));
            }
        }
        self.pending[start..].sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        while self.pending.len() > start {
            let Some((best, child)) = self.pending.pop() else { break };
            if best > self.bound {
                self.pending.truncate(start);
                break;
            }
            let child = child as usize;
            let row = self.row(row, trie.letter[child], capital);
            let word = trie.word[child];
            if word != UNKNOWN {
                self.offer(word, row[self.length], case);
            }
            self.visit(child, &row, capitals, capitals, case);
        }
    }

    /// The row after one more printed letter.
    fn row(&self, before: &Row, letter: u8, capital: bool) -> Row {
        let letter = usize::from(letter);
        let table = &self.tables[usize::from(capital)][letter];
        let unread = self.speller.unread[usize::from(capital)][letter];
        let mut row = before.map(|cost| cost + unread);
        for (taken, costs) in (1..).zip(table) {
            let places = before.iter().zip(costs).take(self.length);
            for (place, (before, cost)) in row[taken..].iter_mut().zip(places) {
                *place = less(*place, before + cost);
            }
        }
        self.insert(&mut row);
        row
    }

    /// What was read where nothing is printed.
    fn insert(&self, row: &mut Row) {
        for at in 1..=self.length {
            row[at] = less(row[at], row[at - 1] + self.insertions[at - 1]);
        }
    }

    fn offer(&mut self, word: u16, mut cost: f32, mut case: Case) {
        if case == Case::Abbreviation && self.speller.model.is_syllable(word) {
            cost += NO_ABBREVIATION;
            case = Case::Title;
        }
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
        self.found.insert(at, Candidate { word, cost, rank, case });
        let Limits { most, width } = self.limits;
        self.found.truncate(most);
        self.bound = self.found[0].rank + width;
        if self.found.len() == most {
            self.bound = self.bound.min(self.found[most - 1].rank);
        }
    }
}
