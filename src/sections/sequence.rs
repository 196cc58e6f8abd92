//! Which line heads are labels, and of what: the reading of all heads together that supposes the
//! least damage, the fewest gaps in sequences and the fewest sentences broken by a label.
//!
//! A beam search over the heads in order. A state is the path of open labels ("III", "2", "b");
//! each head either stays text, goes on with one of the open sequences, or begins a new one. An
//! author's misnumbering costs something but is kept where no likely damage explains it.

use super::label::{Head, Reading};
use super::node::LabelStyle;

/// A line head that may be a label.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub line: usize,
    /// Byte of the text from which `head` counts.
    pub at: usize,
    pub head: Head,
    /// Cost of taking it for a label: high in the middle of a sentence.
    pub accept_cost: f32,
    /// Cost of taking it for text: high at the head of a paragraph.
    pub reject_cost: f32,
}

/// A candidate that was taken for a label.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chosen {
    /// Index into the candidates.
    pub candidate: usize,
    /// Index into the candidate's readings.
    pub reading: usize,
    /// How many labels it stands under.
    pub depth: usize,
    /// Whether it is neither the next of its sequence nor the first of a new one.
    pub out_of_sequence: bool,
}

impl Chosen {
    pub fn reading<'a>(&self, candidates: &'a [Candidate]) -> &'a Reading {
        &candidates[self.candidate].head.readings[self.reading]
    }
}

/// States kept after each head; more change nothing on documents of a hundred pages.
const BEAM: usize = 24;

/// Above this cost a step within a sequence is a fault of numbering, worth a warning.
const FAULT: f32 = 1.0;

/// A label that later ones can follow or stand under.
#[derive(Clone, Copy, Debug)]
struct Open<'a> {
    reading: &'a Reading,
    mark: char,
}

#[derive(Clone, Debug, Default)]
struct State<'a> {
    cost: f32,
    /// The path to the last label, outermost first.
    open: Vec<Open<'a>>,
    /// The last number of each style, also where its sequence is closed.
    recent: [u32; LabelStyle::COUNT],
    /// The last step in `steps` that led here.
    last: Option<usize>,
}

struct Step {
    before: Option<usize>,
    chosen: Chosen,
}

/// Chooses the labels among the candidates, which must be in order of the text.
pub(crate) fn choose_labels(candidates: &[Candidate]) -> Vec<Chosen> {
    let mut steps: Vec<Step> = Vec::new();
    let mut states = vec![State::default()];
    for (index, candidate) in candidates.iter().enumerate() {
        let mut next = Vec::with_capacity(states.len() * 6);
        for state in states {
            for (number, reading) in candidate.head.readings.iter().enumerate() {
                for (depth, step_cost) in places(&state, reading, candidate.head.mark) {
                    let cost = state.cost + candidate.accept_cost + reading.cost + step_cost;
                    let out_of_sequence = step_cost > FAULT;
                    let chosen =
                        Chosen { candidate: index, reading: number, depth, out_of_sequence };
                    steps.push(Step { before: state.last, chosen });
                    let mut open = state.open[..depth].to_vec();
                    open.push(Open { reading, mark: candidate.head.mark });
                    let mut recent = state.recent;
                    recent[reading.style as usize] = last_of(reading);
                    next.push(State { cost, open, recent, last: Some(steps.len() - 1) });
                }
            }
            next.push(State { cost: state.cost + candidate.reject_cost, ..state });
        }
        next.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        states = distinct(next);
    }
    let mut chosen = Vec::new();
    let mut at = states.first().and_then(|state| state.last);
    while let Some(step) = at {
        chosen.push(steps[step].chosen);
        at = steps[step].before;
    }
    chosen.reverse();
    chosen
}

/// The cheapest states, one for each path of open labels.
fn distinct(sorted: Vec<State>) -> Vec<State> {
    let mut kept: Vec<State> = Vec::with_capacity(BEAM);
    let same = |a: &State, b: &State| {
        a.open.len() == b.open.len()
            && a.open.iter().zip(&b.open).all(|(x, y)| {
                x.mark == y.mark
                    && x.reading.style == y.reading.style
                    && x.reading.ordinal == y.reading.ordinal
            })
    };
    for state in sorted {
        if kept.len() == BEAM {
            break;
        }
        if !kept.iter().any(|k| same(k, &state)) {
            kept.push(state);
        }
    }
    kept
}

/// Where a reading can stand below the open labels: its depth, and the cost of putting it there.
fn places(state: &State, reading: &Reading, mark: char) -> Vec<(usize, f32)> {
    let open = &state.open;
    let recent = state.recent[reading.style as usize];
    let mut places = Vec::new();
    for depth in 0..=open.len() {
        if let Some(sibling) = open.get(depth)
            && is_sequel(sibling.reading, reading)
        {
            let marks = if sibling.mark == mark { 0.0 } else { 0.7 };
            places.push((depth, gap_cost(sibling.reading, reading) + marks));
        }
        if let Some(cost) = opening_cost(open, depth, reading, mark, recent) {
            places.push((depth, cost));
        }
    }
    places
}

/// Whether two labels can be of one sequence.
fn is_sequel(earlier: &Reading, later: &Reading) -> bool {
    let components = later.ordinal.len();
    earlier.style == later.style
        && earlier.ordinal.len() == components
        && earlier.ordinal[..components - 1] == later.ordinal[..components - 1]
}

/// The cost of `later` coming right after `earlier` in one sequence.
fn gap_cost(earlier: &Reading, later: &Reading) -> f32 {
    let (from, to) = (last_of(earlier), last_of(later));
    if later.style == LabelStyle::Letter {
        return letter_gap_cost(&earlier.label, &later.label, from, to);
    }
    match to as i64 - from as i64 {
        1 => 0.0,
        2 => 1.8,
        3.. => 3.0,
        0 => 2.4,
        _ => 4.0,
    }
}

/// As [`gap_cost`], for letters: "đ", "f", "j", "w" and "z" are left out by many.
fn letter_gap_cost(earlier: &str, later: &str, from: u32, to: u32) -> f32 {
    if to <= from {
        return if to == from { 2.4 } else { 4.0 };
    }
    let skipped = &super::label::LETTERS[from as usize..to as usize - 1];
    let missing = skipped.iter().filter(|letter| !"đfjwz".contains(**letter)).count();
    let by_habit = if skipped.contains(&'đ') { 0.4 } else { 0.0 };
    let rare = if matches!(later, "f" | "j" | "w" | "z") { 0.4 } else { 0.0 };
    let odd_start = if earlier == "đ" && later == "f" { 1.0 } else { 0.0 };
    by_habit + rare + odd_start + [0.0, 1.8, 3.0][missing.min(2)]
}

fn last_of(reading: &Reading) -> u32 {
    reading.ordinal.last().copied().unwrap_or(0)
}

/// The cost of beginning a new sequence at `depth`, closing what is open from there on; `None`
/// where it can't stand.
fn opening_cost(
    open: &[Open],
    depth: usize,
    reading: &Reading,
    mark: char,
    recent: u32,
) -> Option<f32> {
    let (above, closed) = open.split_at(depth);
    // What is closed must be finer, or the new sequence would break it off.
    if closed.iter().any(|c| rank(c.reading) <= rank(reading)) {
        return None;
    }
    let first = match last_of(reading) {
        1 => 0.0,
        // Articles are numbered through all chapters, and some authors number so elsewhere.
        next if next == recent + 1 && reading.style == LabelStyle::Article => 0.0,
        next if next == recent + 1 && reading.style != LabelStyle::Decimal => 0.9,
        2 => 2.5,
        _ => 4.0,
    };
    Some(first + nesting_cost(above, reading, mark)?)
}

/// Decimal labels rank by their number of components.
fn rank(reading: &Reading) -> (LabelStyle, usize) {
    (reading.style, reading.ordinal.len())
}

/// The cost of a sequence of this style under those open labels; `None` where it can't stand.
fn nesting_cost(above: &[Open], reading: &Reading, mark: char) -> Option<f32> {
    let Some(parent) = above.last() else { return Some(orphan_cost(reading)) };
    if reading.style == LabelStyle::Decimal {
        return decimal_nesting_cost(parent, reading);
    }
    if rank(reading) > rank(parent.reading) {
        return Some(0.0);
    }
    let same_style = above.iter().any(|o| o.reading.style == reading.style && o.mark == mark);
    match reading.style {
        style if style < LabelStyle::Capital => None,
        _ if same_style => Some(3.5),
        _ => Some(1.5),
    }
}

fn orphan_cost(reading: &Reading) -> f32 {
    if reading.style == LabelStyle::Decimal { 1.0 } else { 0.0 }
}

/// "2.1" belongs under "2", "2.1.1" under "2.1"; some number "1.1" right under "I".
fn decimal_nesting_cost(parent: &Open, reading: &Reading) -> Option<f32> {
    let prefix = &reading.ordinal[..reading.ordinal.len() - 1];
    let parent = parent.reading;
    let names_parent = parent.ordinal == prefix;
    match parent.style {
        LabelStyle::Decimal if parent.ordinal.len() >= reading.ordinal.len() => None,
        LabelStyle::Arabic | LabelStyle::Decimal if names_parent => Some(0.0),
        LabelStyle::Arabic | LabelStyle::Decimal => Some(2.0),
        LabelStyle::Letter if names_parent => Some(0.0),
        LabelStyle::Letter => Some(3.0),
        _ if names_parent => Some(0.3),
        _ => Some(0.8),
    }
}

#[cfg(test)]
mod tests {
    use super::super::label::read_head;
    use super::*;

    fn labels(heads: &[&str]) -> Vec<String> {
        let candidate = |(line, text): (usize, &&str)| Candidate {
            line,
            at: 0,
            head: read_head(text).unwrap(),
            accept_cost: 0.0,
            reject_cost: 3.0,
        };
        let candidates: Vec<_> = heads.iter().enumerate().map(candidate).collect();
        let mut path: Vec<String> = Vec::new();
        choose_labels(&candidates)
            .into_iter()
            .map(|chosen| {
                path.truncate(chosen.depth);
                path.push(chosen.reading(&candidates).label.clone());
                path.join("/")
            })
            .collect()
    }

    #[test]
    fn sequences_nest() {
        assert_eq!(
            labels(&[
                "I. A", "1. A", "a) A", "b) A", "2. A", "II. A", "1. A", "2. A", "2.1. A", "a) A",
                "2.2. A"
            ]),
            [
                "I",
                "I/1",
                "I/1/a",
                "I/1/b",
                "I/2",
                "II",
                "II/1",
                "II/2",
                "II/2/2.1",
                "II/2/2.1/a",
                "II/2/2.2"
            ]
        );
        assert_eq!(
            labels(&[
                "Chương I",
                "Điều 1. A",
                "1. A",
                "a) A",
                "Điều 2. A",
                "Chương II",
                "Điều 3. A"
            ]),
            [
                "Chương I",
                "Chương I/Điều 1",
                "Chương I/Điều 1/1",
                "Chương I/Điều 1/1/a",
                "Chương I/Điều 2",
                "Chương II",
                "Chương II/Điều 3"
            ]
        );
    }

    #[test]
    fn damaged_labels_are_mended_by_their_sequence() {
        assert_eq!(labels(&["I. A", "IL. A", "I1L. A", "IV. A"]), ["I", "II", "III", "IV"]);
        assert_eq!(
            labels(&["a) A", "b) A", "¢) A", "d) A", "d) A", "e) A", "g) A"]),
            ["a", "b", "c", "d", "đ", "e", "g"]
        );
        assert_eq!(labels(&["a) A", "b) A", ") A", "d) A"]), ["a", "b", "c", "d"]);
        assert_eq!(labels(&["l. A", "2. A", "3. A"]), ["1", "2", "3"]);
        assert_eq!(labels(&["V. A", "VL. A", "VIL. A"]), ["V", "VI", "VII"]);
    }

    #[test]
    fn an_authors_misnumbering_is_kept() {
        assert_eq!(labels(&["1. A", "2. A", "2. A", "3. A"]), ["1", "2", "2", "3"]);
        assert_eq!(labels(&["1. A", "2. A", "4. A", "5. A"]), ["1", "2", "4", "5"]);
        assert_eq!(labels(&["I. A", "II. A", "IV. A", "V. A"]), ["I", "II", "IV", "V"]);
        assert_eq!(labels(&["a) A", "b) A", "d) A", "e) A"]), ["a", "b", "d", "e"]);
    }
}
