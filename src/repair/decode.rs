//! The likeliest readings of a sentence: beam search through the lattice of candidates, and how
//! sure each is (forward-backward over the same beam).

use super::case::Case;
use super::language_model::{BOUNDARY, History, UNKNOWN};
use super::memory::Expectation;

/// One way to read the tokens from one boundary between tokens to a later one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arc {
    /// Boundaries are counted from 0, before the first token.
    pub from: u32,
    pub to: u32,
    /// The words of this reading as the language model counts them; [`UNKNOWN`] as the second if
    /// there is but one.
    pub words: [u16; 2],
    /// Of reading what was read, given this reading, without the language model.
    pub cost: f32,
    /// In which the first word is printed.
    pub case: Case,
}

impl Arc {
    /// The words of this reading, one or two.
    pub fn words(&self) -> &[u16] {
        if self.words[1] == UNKNOWN { &self.words[..1] } else { &self.words }
    }
}

/// The arcs that were chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// Index into the arcs that were given.
    pub arc: usize,
    /// The probability of this arc among all that were considered.
    pub probability: f32,
}

/// How many histories are followed at each boundary, and how much dearer than the best they may be.
#[derive(Clone, Copy, Debug)]
pub struct Beam {
    pub most: usize,
    pub width: f32,
}

/// A history: the last words, and how they were reached.
struct State {
    history: History,
    /// The word before the last, as far as histories are told apart by it.
    before: u16,
    /// Of the best way here.
    best: f32,
    /// Of all ways here together.
    total: f32,
    /// The steps that lead here, the best first.
    steps: std::ops::Range<usize>,
}

/// A step from a state to the next boundary.
#[derive(Clone, Copy)]
struct Step {
    from: u32,
    arc: u32,
    cost: f32,
    /// Of the best way that ends with this step.
    best: f32,
    /// The last words: steps with the same words lead to the same state.
    key: u64,
}

/// The likeliest way through a sentence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way {
    pub arcs: Vec<Chosen>,
    /// Of the whole way.
    pub cost: f32,
}

/// Chooses one way from the first boundary to the last. Empty if no way leads there.
///
/// Arcs must be sorted by where they begin.
pub fn decode(arcs: &[Arc], length: usize, expectation: &Expectation, beam: Beam) -> Way {
    let mut search = Search {
        expectation,
        beam,
        states: Vec::with_capacity(length * beam.most + 1),
        steps: Vec::with_capacity(length * beam.most * 2),
        waiting: vec![Vec::new(); length + 1],
        pair_costs: Vec::new(),
    };
    search.states.push(State {
        history: History::START,
        before: UNKNOWN,
        best: 0.0,
        total: 0.0,
        steps: 0..0,
    });
    let mut next_arc = 0;
    let mut here = 0..1;
    for boundary in 0..length {
        if boundary > 0 {
            here = search.survivors(arcs, boundary);
        }
        let first = next_arc;
        while arcs.get(next_arc).is_some_and(|arc| arc.from as usize == boundary) {
            next_arc += 1;
        }
        search.extend(here.clone(), arcs, first..next_arc, length);
    }
    if length == 0 {
        return Way::default();
    }
    let last = search.survivors(arcs, length);
    if last.is_empty() { Way::default() } else { search.trace(last.start, arcs.len()) }
}

struct Search<'a> {
    expectation: &'a Expectation<'a>,
    beam: Beam,
    states: Vec<State>,
    steps: Vec<Step>,
    /// The steps that lead to each boundary, while they are found.
    waiting: Vec<Vec<Step>>,
    /// The cost of the first word of each arc after the last word of a state, where n-grams of a
    /// higher order don't give it; NaN until it is needed.
    pair_costs: Vec<f32>,
}

impl Search<'_> {
    /// Finds the steps that lead on from the states at a boundary.
    fn extend(
        &mut self,
        here: std::ops::Range<usize>,
        arcs: &[Arc],
        range: std::ops::Range<usize>,
        length: usize,
    ) {
        let language = self.expectation.language;
        // Best first; the states are, so that what is too dear is known early.
        let mut least = [f32::INFINITY; 3];
        let mut lasts: Vec<u16> = Vec::with_capacity(here.len());
        self.pair_costs.clear();
        for from in here {
            let State { history, best, .. } = self.states[from];
            let last = history.last();
            let row = lasts.iter().position(|&other| other == last).unwrap_or_else(|| {
                lasts.push(last);
                self.pair_costs.resize(lasts.len() * range.len(), f32::NAN);
                lasts.len() - 1
            });
            for index in range.clone() {
                let arc = &arcs[index];
                let ahead = (arc.to - arc.from) as usize;
                if best + arc.cost > least[ahead] + self.beam.width {
                    continue;
                }
                let first = arc.words[0];
                let language_cost = match language.long_cost(history, first) {
                    Ok(cost) => cost,
                    Err(backed_off) => {
                        let pair = &mut self.pair_costs[row * range.len() + index - range.start];
                        if pair.is_nan() {
                            *pair = language.pair_cost(last, first);
                        }
                        backed_off + *pair
                    }
                };
                let mut cost = arc.cost + self.expectation.cost(last, first, language_cost);
                let mut words = (last, first);
                if arc.words[1] != UNKNOWN {
                    let after = language.followed_by(history, first);
                    let second = arc.words[1];
                    cost += self.expectation.cost(first, second, language.cost(after, second));
                    words = (first, second);
                }
                let key = if arc.to as usize == length {
                    let after = self.history(from, arc);
                    cost +=
                        self.expectation.cost(words.1, BOUNDARY, language.cost(after, BOUNDARY));
                    0
                } else {
                    let third =
                        if arc.words[1] == UNKNOWN { self.states[from].before } else { last };
                    u64::from(third) << 32 | u64::from(words.0) << 16 | u64::from(words.1)
                };
                let best = best + cost;
                if best <= least[ahead] + self.beam.width {
                    least[ahead] = least[ahead].min(best);
                    let step = Step { from: from as u32, arc: index as u32, cost, best, key };
                    self.waiting[arc.to as usize].push(step);
                }
            }
        }
    }

    fn history(&self, from: usize, arc: &Arc) -> History {
        let start = self.states[from].history;
        let follow = |history, &word: &u16| self.expectation.language.followed_by(history, word);
        arc.words().iter().fold(start, follow)
    }

    /// Makes the states at a boundary from the steps that lead there; best first.
    fn survivors(&mut self, arcs: &[Arc], boundary: usize) -> std::ops::Range<usize> {
        let mut found = std::mem::take(&mut self.waiting[boundary]);
        let best = found.iter().map(|step| step.best).fold(f32::INFINITY, f32::min);
        found.retain(|step| step.best <= best + self.beam.width);
        let by_cost = |a: &Step, b: &Step| {
            a.best.total_cmp(&b.best).then(a.arc.cmp(&b.arc)).then(a.from.cmp(&b.from))
        };
        // A state has a few steps; more than so many hold no more states than are followed.
        let most = STEPS_OF_STATE * self.beam.most;
        if found.len() > most {
            found.select_nth_unstable_by(most, by_cost);
            found.truncate(most);
        }
        found.sort_unstable_by(|a, b| a.key.cmp(&b.key).then(by_cost(a, b)));
        let mut groups: Vec<&[Step]> = found.chunk_by(|a, b| a.key == b.key).collect();
        groups.sort_unstable_by(|a, b| by_cost(&a[0], &b[0]));
        groups.truncate(self.beam.most);
        let first = self.states.len();
        for group in groups {
            let start = self.steps.len();
            self.steps.extend(group);
            let Step { from, arc, best, .. } = group[0];
            let (from, arc) = (from as usize, &arcs[arc as usize]);
            let total = group
                .iter()
                .map(|step| self.states[step.from as usize].total + step.cost)
                .fold(f32::INFINITY, add);
            let last = self.states[from].history.last();
            let before = if arc.words[1] == UNKNOWN { last } else { arc.words[0] };
            let history = self.history(from, arc);
            let steps = start..self.steps.len();
            self.states.push(State { history, before, best, total, steps });
        }
        first..self.states.len()
    }

    /// Walks back along the best way, with the probability of each of its arcs.
    fn trace(&self, last: usize, arcs: usize) -> Way {
        // What it costs from each state to the end, all ways together; steps go forward only.
        let mut ahead = vec![f32::INFINITY; self.states.len()];
        ahead[last] = 0.0;
        let mut through = vec![f32::INFINITY; arcs];
        for state in (0..=last).rev() {
            if ahead[state] == f32::INFINITY {
                continue;
            }
            for step in &self.steps[self.states[state].steps.clone()] {
                let (from, arc) = (step.from as usize, step.arc as usize);
                let onward = step.cost + ahead[state];
                ahead[from] = add(ahead[from], onward);
                through[arc] = add(through[arc], self.states[from].total + onward);
            }
        }
        let mut chosen = Vec::new();
        let mut state = last;
        while let Some(step) = self.steps[self.states[state].steps.clone()].first() {
            let arc = step.arc as usize;
            let probability = (self.states[last].total - through[arc]).exp().min(1.0);
            chosen.push(Chosen { arc, probability });
            state = step.from as usize;
        }
        chosen.reverse();
        Way { arcs: chosen, cost: self.states[last].best }
    }
}

/// So many steps lead to a state, on average, before more than are followed are thrown away.
const STEPS_OF_STATE: usize = 4;

/// The cost of either of two ways.
fn add(a: f32, b: f32) -> f32 {
    let (less, more) = if a < b { (a, b) } else { (b, a) };
    // A hundredth of a per mille is below what a confidence shows.
    if more - less > 12.0 || more == f32::INFINITY {
        less
    } else {
        less - (less - more).exp().ln_1p()
    }
}

#[cfg(test)]
mod tests {
    use super::super::language_model::{LanguageModel, Level, cost_to_byte};
    use super::*;

    fn uniform() -> LanguageModel {
        let unigrams = Level::new(&[], vec![cost_to_byte(1.6); 8], vec![0; 8], &[0; 9]);
        LanguageModel::new(vec![unigrams, Level::default()]).unwrap()
    }

    fn decode(arcs: &[Arc], length: usize) -> Vec<Chosen> {
        let expectation = Expectation { language: &uniform(), memory: None, weight: 1.0 };
        super::decode(arcs, length, &expectation, Beam { most: 8, width: 14.0 }).arcs
    }

    fn arc(from: u32, to: u32, words: [u16; 2], cost: f32) -> Arc {
        Arc { from, to, words, cost, case: Case::Small }
    }

    #[test]
    fn the_cheapest_way_is_chosen_and_its_probability_is_its_share() {
        let arcs = [
            arc(0, 1, [4, 0], 0.0),
            arc(0, 1, [5, 0], 0.0),
            arc(1, 2, [6, 0], 0.0),
            arc(1, 2, [7, 0], 2.2),
        ];
        let chosen = decode(&arcs, 2);
        assert_eq!(chosen.len(), 2);
        assert!((chosen[0].probability - 0.5).abs() < 0.01);
        assert_eq!(chosen[1].arc, 2);
        assert!((chosen[1].probability - 0.9).abs() < 0.01);
    }

    #[test]
    fn one_word_may_stand_for_two_tokens_and_two_words_for_one() {
        let arcs = [
            arc(0, 1, [4, 0], 5.0),
            arc(0, 2, [5, 0], 0.0),
            arc(1, 2, [6, 0], 5.0),
            arc(2, 3, [6, 7], 0.0),
        ];
        let chosen: Vec<usize> = decode(&arcs, 3).iter().map(|c| c.arc).collect();
        assert_eq!(chosen, [1, 3]);
    }

    #[test]
    fn nothing_is_chosen_where_no_way_leads_through() {
        assert_eq!(decode(&[], 0), []);
        assert_eq!(decode(&[arc(0, 1, [4, 0], 0.0)], 2), []);
    }
}
