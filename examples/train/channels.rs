//! Learns a channel by expectation maximisation: how each printed letter was read, from lines
//! whose letters nobody aligned.

use std::collections::BTreeMap;

use sohoa::repair::channel::{Channel, LONGEST_READING, Reading};
use sohoa::text::normalise::{bare_letter, nfc};

use crate::pairs::{Pair, ReadWord};

const ROUNDS: usize = 10;
/// How far the two lines may run apart, in letters.
const BAND: isize = 14;
/// A line that costs more than this for each printed letter was read from another line.
const WORST_LINE: f64 = 1.6;
/// So many sightings of its bare letter count as one's own, for a letter that was rarely seen.
const BORROWED: f64 = 4.0;
/// Rarer readings are left out.
const LEAST: f64 = 2e-5;

/// The probability of each reading of each printed letter.
type Table = BTreeMap<(char, Reading), f64>;

/// A line as characters, cut where the alignment is counted.
struct Line {
    printed: Vec<char>,
    read: Vec<char>,
}

/// The channel of one kind of reading, which `readings` chooses from each pair.
pub fn learn(pairs: &[Pair], readings: impl Fn(&Pair) -> &Vec<ReadWord>) -> Channel {
    let lines: Vec<Line> = pairs
        .iter()
        .filter(|pair| !readings(pair).is_empty())
        .map(|pair| Line {
            printed: nfc(&pair.printed).chars().collect(),
            read: joined(readings(pair)),
        })
        .filter(|line| line.printed.len().abs_diff(line.read.len()) < BAND as usize)
        .collect();
    let mut table = Table::new();
    for round in 0..ROUNDS {
        let mut counts = Table::new();
        let mut used = 0;
        for line in &lines {
            used += usize::from(expect(line, &table, round == 0, &mut counts));
        }
        table = maximise(&counts);
        eprintln!("round {round}: {used} of {} lines, {} readings", lines.len(), table.len());
    }
    let rates = error_rates(pairs, &readings);
    let arcs = table.into_iter().filter(|&(_, probability)| probability >= LEAST);
    Channel::new(arcs.map(|((printed, read), probability)| (printed, read, probability)), rates)
}

fn joined(words: &[ReadWord]) -> Vec<char> {
    let text = words.iter().map(|word| word.0.as_str()).collect::<Vec<_>>().join(" ");
    nfc(&text).chars().collect()
}

/// Before anything is learned: a letter is most likely itself, then itself without marks.
fn first_guess(printed: char, read: &[char]) -> f64 {
    match read {
        [] => 0.01,
        [one] if *one == printed => 0.6,
        [one] if bare_letter(*one) == bare_letter(printed) => 0.2,
        [_] => 1e-3,
        [first, rest @ ..] => {
            let alike = bare_letter(*first) == bare_letter(printed);
            (if alike { 1e-3 } else { 1e-5 }) * 0.02_f64.powi(rest.len() as i32 - 1)
        }
    }
}

/// Adds what the line says of each reading to `counts`; false if the line can't be aligned.
fn expect(line: &Line, table: &Table, first: bool, counts: &mut Table) -> bool {
    let (rows, columns) = (line.printed.len(), line.read.len());
    let middle = |row: usize| (row * columns / rows.max(1)) as isize;
    let near = |row: usize, column: usize| (column as isize - middle(row)).abs() <= BAND;
    let chance = |row: usize, from: usize, length: usize| {
        let read = &line.read[from..from + length];
        if first {
            first_guess(line.printed[row], read)
        } else {
            table.get(&(line.printed[row], Reading::new(read))).copied().unwrap_or(1e-9)
        }
    };
    // chances[row][column][length] of reading that many characters from `column` for `row`.
    let steps: Vec<Vec<[f64; LONGEST_READING + 1]>> = (0..rows)
        .map(|row| {
            (0..=columns)
                .map(|column| {
                    std::array::from_fn(|length| {
                        let fits = near(row, column) && column + length <= columns;
                        if fits { chance(row, column, length) } else { 0.0 }
                    })
                })
                .collect()
        })
        .collect();
    let mut forward = vec![vec![0.0; columns + 1]; rows + 1];
    let mut backward = forward.clone();
    forward[0][0] = 1.0;
    backward[rows][columns] = 1.0;
    // Scaled row by row, so that long lines don't underflow.
    let mut log_scale = 0.0;
    for row in 0..rows {
        for column in 0..=columns {
            for length in 0..=LONGEST_READING.min(columns - column) {
                forward[row + 1][column + length] +=
                    forward[row][column] * steps[row][column][length];
            }
        }
        log_scale += rescale(&mut forward[row + 1]);
    }
    for row in (0..rows).rev() {
        for column in 0..=columns {
            backward[row][column] = (0..=LONGEST_READING.min(columns - column))
                .map(|length| steps[row][column][length] * backward[row + 1][column + length])
                .sum();
        }
        rescale(&mut backward[row]);
    }
    let cost = -(forward[rows][columns].ln() + log_scale) / rows.max(1) as f64;
    if !cost.is_finite() || (!first && cost > WORST_LINE) {
        return false;
    }
    for row in 0..rows {
        let weight = |column: usize, length: usize| {
            forward[row][column] * steps[row][column][length] * backward[row + 1][column + length]
        };
        let each = || {
            (0..=columns).flat_map(|column| {
                (0..=LONGEST_READING.min(columns - column)).map(move |length| (column, length))
            })
        };
        let total: f64 = each().map(|(column, length)| weight(column, length)).sum();
        for (column, length) in each() {
            let share = weight(column, length) / total;
            if share > 1e-4 {
                let reading = Reading::new(&line.read[column..column + length]);
                *counts.entry((line.printed[row], reading)).or_default() += share;
            }
        }
    }
    true
}

/// Makes the row sum to one; gives the logarithm of what it was.
fn rescale(row: &mut [f64]) -> f64 {
    let total: f64 = row.iter().sum();
    if total > 0.0 {
        row.iter_mut().for_each(|value| *value /= total);
    }
    total.ln()
}

/// Probabilities from counts. A letter borrows from all letters of its bare form, so that ẵ, seen
/// three times, is known to be read as other forms of a.
fn maximise(counts: &Table) -> Table {
    let mut letters = BTreeMap::<char, f64>::new();
    let mut families = BTreeMap::<char, (f64, BTreeMap<Reading, f64>)>::new();
    for (&(printed, read), &count) in counts {
        *letters.entry(printed).or_default() += count;
        let family = families.entry(bare_letter(printed)).or_default();
        family.0 += count;
        *family.1.entry(read).or_default() += count;
    }
    let mut table = Table::new();
    for (&printed, &total) in &letters {
        let (family_total, family) = &families[&bare_letter(printed)];
        for (&read, &family_count) in family {
            let own = counts.get(&(printed, read)).copied().unwrap_or(0.0);
            let borrowed = BORROWED * family_count / family_total;
            let probability = (own + borrowed) / (total + BORROWED);
            if probability > LEAST / 10.0 {
                table.insert((printed, read), probability);
            }
        }
    }
    table
}

/// The share of words that were read wrong, for each tenth of confidence and at last of all; a word
/// counts as right if it stands among the printed words of its line.
fn error_rates(pairs: &[Pair], readings: &impl Fn(&Pair) -> &Vec<ReadWord>) -> [f32; 11] {
    // One of each to begin with, so that no rate is 0 or 1.
    let mut tenths = [[1.0_f32; 2]; 11];
    for pair in pairs {
        let printed: Vec<&str> = pair.printed.split_whitespace().collect();
        for (word, confidence) in readings(pair) {
            let tenth = ((confidence * 10.0) as usize).min(9);
            let right = usize::from(printed.contains(&word.as_str()));
            tenths[tenth][right] += 1.0;
            tenths[10][right] += 1.0;
        }
    }
    tenths.map(|[wrong, right]| wrong / (wrong + right))
}
