//! The likeliest readings of a sentence: beam search through the lattice of candidates, and how
//! sure each is (forward-backward over the same beam).

use std::collections::BTreeMap;

use super::language_model::{BOUNDARY, Context};
use super::memory::Expectation;

/// One way to read the tokens from one boundary between tokens to a later one.
#[derive(Clone, Debug, PartialEq)]
pub struct Arc {
    /// Boundaries are counted from 0, before the first token.
    pub from: usize,
    pub to: usize,
    /// The words of this reading, one or two, as the language model counts them.
    pub words: Vec<u16>,
    /// Of reading what was read, given this reading, without the language model.
    pub cost: f32,
}

/// The arcs that were chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// Index into the arcs that were given.
    pub arc: usize,
    /// The probability of this arc among all that were considered.
    pub probability: f32,
}

/// At most so many histories are followed at each boundary.
const BEAM: usize = 40;
/// Histories that cost so much more than the best are given up.
const WIDTH: f32 = 14.0;

/// A history: the last words, and how they were reached.
struct State {
    context: Context,
    /// Of the best way here.
    best: f32,
    /// The best way here: link into the last state and the arc.
    link: usize,
    /// Of all ways here together.
    total: f32,
}

/// A step from a state to the next.
struct Link {
    from: usize,
    to: usize,
    arc: usize,
    cost: f32,
}

/// Chooses one way from the first boundary to the last. Empty if no way leads there.
///
/// Arcs must be sorted by where they begin.
pub fn decode(arcs: &[Arc], length: usize, expectation: &Expectation) -> Vec<Chosen> {
    let mut states =
        vec![State { context: Context::START, best: 0.0, link: usize::MAX, total: 0.0 }];
    let mut links = Vec::<Link>::new();
    // The states at each boundary, while they are reached.
    let mut waiting: Vec<BTreeMap<Context, usize>> = vec![BTreeMap::new(); length + 1];
    waiting[0].insert(Context::START, 0);
    let mut next_arc = 0;
    for boundary in 0..length {
        let here = survivors(&waiting[boundary], &states);
        let first = next_arc;
        while arcs.get(next_arc).is_some_and(|arc| arc.from == boundary) {
            next_arc += 1;
        }
        for &from in &here {
            for (arc, index) in arcs[first..next_arc].iter().zip(first..) {
                let (cost, context) = follow(arc, states[from].context, expectation);
                let cost = if arc.to == length {
                    cost + expectation.cost(context, BOUNDARY)
                } else {
                    cost
                };
                let context = if arc.to == length { Context::START } else { context };
                let next = states.len();
                let to = *waiting[arc.to].entry(context).or_insert(next);
                if to == next {
                    states.push(State {
                        context,
                        best: f32::INFINITY,
                        link: usize::MAX,
                        total: f32::INFINITY,
                    });
                }
                links.push(Link { from, to, arc: index, cost });
                let (best, total) = (states[from].best + cost, states[from].total + cost);
                let state = &mut states[to];
                if best < state.best {
                    state.best = best;
                    state.link = links.len() - 1;
                }
                state.total = add(state.total, total);
            }
        }
    }
    let Some(&last) = waiting[length].get(&Context::START).filter(|_| length > 0) else {
        return Vec::new();
    };
    trace(&states, &links, last, arcs.len())
}

fn follow(arc: &Arc, start: Context, expectation: &Expectation) -> (f32, Context) {
    arc.words.iter().fold((arc.cost, start), |(cost, context), &word| {
        let next = context.followed_by(word).keep(expectation.language.context_length());
        (cost + expectation.cost(context, word), next)
    })
}

/// The best states at a boundary, best first.
fn survivors(waiting: &BTreeMap<Context, usize>, states: &[State]) -> Vec<usize> {
    let mut here: Vec<usize> = waiting.values().copied().collect();
    here.sort_by(|&a, &b| states[a].best.total_cmp(&states[b].best));
    here.truncate(BEAM);
    let best = here.first().map_or(0.0, |&state| states[state].best);
    here.retain(|&state| states[state].best <= best + WIDTH);
    here
}

/// Walks back along the best way, with the probability of each of its arcs.
fn trace(states: &[State], links: &[Link], last: usize, arcs: usize) -> Vec<Chosen> {
    // What it costs from each state to the end, all ways together; links go forward only.
    let mut ahead = vec![f32::INFINITY; states.len()];
    ahead[last] = 0.0;
    let mut through = vec![f32::INFINITY; arcs];
    for link in links.iter().rev() {
        let onward = link.cost + ahead[link.to];
        ahead[link.from] = add(ahead[link.from], onward);
        through[link.arc] = add(through[link.arc], states[link.from].total + onward);
    }
    let mut chosen = Vec::new();
    let mut state = last;
    while let Some(link) = links.get(states[state].link) {
        let probability = (states[last].total - through[link.arc]).exp().min(1.0);
        chosen.push(Chosen { arc: link.arc, probability });
        state = link.from;
    }
    chosen.reverse();
    chosen
}

/// The cost of either of two ways.
fn add(a: f32, b: f32) -> f32 {
    let (less, more) = if a < b { (a, b) } else { (b, a) };
    if more == f32::INFINITY { less } else { less - (less - more).exp().ln_1p() }
}

#[cfg(test)]
mod tests {
    use super::super::language_model::{LanguageModel, Level, cost_to_byte};
    use super::*;

    fn uniform() -> LanguageModel {
        let unigrams = Level {
            costs: vec![cost_to_byte(1.6); 8],
            backoffs: vec![0; 8],
            first_child: vec![0; 9],
            ..Level::default()
        };
        LanguageModel::new(vec![unigrams, Level::default()]).unwrap()
    }

    fn decode(arcs: &[Arc], length: usize) -> Vec<Chosen> {
        super::decode(
            arcs,
            length,
            &Expectation { language: &uniform(), memory: None, weight: 1.0 },
        )
    }

    fn arc(from: usize, to: usize, words: &[u16], cost: f32) -> Arc {
        Arc { from, to, words: words.to_vec(), cost }
    }

    #[test]
    fn the_cheapest_way_is_chosen_and_its_probability_is_its_share() {
        let arcs = [
            arc(0, 1, &[4], 0.0),
            arc(0, 1, &[5], 0.0),
            arc(1, 2, &[6], 0.0),
            arc(1, 2, &[7], 2.2),
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
            arc(0, 1, &[4], 5.0),
            arc(0, 2, &[5], 0.0),
            arc(1, 2, &[6], 5.0),
            arc(2, 3, &[6, 7], 0.0),
        ];
        let chosen: Vec<usize> = decode(&arcs, 3).iter().map(|c| c.arc).collect();
        assert_eq!(chosen, [1, 3]);
    }

    #[test]
    fn nothing_is_chosen_where_no_way_leads_through() {
        assert_eq!(decode(&[], 0), []);
        assert_eq!(decode(&[arc(0, 1, &[4], 0.0)], 2), []);
    }
}
