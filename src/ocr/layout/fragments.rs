//! Words to fragments: pieces of one printed line without a wide gap inside.
//!
//! The engine's own lines are not used: they run across columns.

use std::collections::BTreeMap;

use super::{PlacedWord, Sheet};
use crate::geometry::PixelBox;

/// A gap wider than this many type heights parts two fragments. Justified text stays below 0.8;
/// between the heading's columns 1.6 was the least seen. A line cut too often is put together
/// again, one that was not cut can never be read by columns.
const WIDEST_WORD_GAP: f32 = 1.1;
/// Two boxes are on one line if they share this much of the height of the lower one.
const SHARED_HEIGHT: f32 = 0.5;
/// Words by which a fragment's height is known; the last ones only, so that a slope is followed.
const WORDS_IN_BAND: usize = 5;

/// A bracket read with less confidence than this is a rule.
const MISREAD: f32 = 0.6;

/// Part of a printed line: words from left to right.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    /// Indices into [`Sheet::words`].
    pub words: Vec<usize>,
    pub bounds: PixelBox,
    /// Where its type stands; unlike `bounds` not stretched by a single tall word.
    pub band: Band,
}

/// A range of heights on the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Band {
    pub top: u32,
    pub bottom: u32,
}

impl Band {
    pub fn middle(self) -> u32 {
        self.top / 2 + self.bottom / 2
    }

    pub fn height(self) -> u32 {
        self.bottom.saturating_sub(self.top)
    }

    pub fn on_one_line(self, other: Self) -> bool {
        let shared = self.bottom.min(other.bottom).saturating_sub(self.top.max(other.top));
        let least = self.height().min(other.height()).max(1);
        shared as f32 >= SHARED_HEIGHT * least as f32
    }
}

impl Fragment {
    /// Takes words from left to right, at least one.
    pub fn of_words(sheet: &Sheet, words: Vec<usize>) -> Self {
        let boxes = words.iter().map(|&at| sheet.words[at].bounds);
        let bounds = PixelBox::around(boxes).unwrap_or_default();
        let band = band_of(sheet, words.iter().copied());
        Self { words, bounds, band }
    }

    pub fn center_x(&self) -> u32 {
        self.bounds.x0 / 2 + self.bounds.x1 / 2
    }
}

/// Joins those of the words that stand side by side, from left to right; fragments come from top to bottom.
pub(super) fn join_words(sheet: &Sheet, mut order: Vec<usize>) -> Vec<Fragment> {
    order.sort_by_key(|&at| (sheet.words[at].bounds.x0, sheet.words[at].bounds.y0, at));
    let reach = sheet.types(WIDEST_WORD_GAP);
    let mut fragments: Vec<Fragment> = Vec::new();
    // Fragments that can still grow, by the height of their middle in type heights.
    let mut open: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for at in order {
        let word = &sheet.words[at].bounds;
        let band = band_of_word(sheet, at);
        let slot = band.middle() / sheet.type_height;
        let mut best: Option<(u32, usize)> = None;
        for (_, candidates) in open.range_mut(slot.saturating_sub(1)..=slot.saturating_add(1)) {
            // Words come by their left edge, so what is out of reach now stays out of reach.
            candidates.retain(|&c| fragments[c].bounds.x1.saturating_add(reach) >= word.x0);
            for &candidate in candidates.iter() {
                let other = fragments[candidate].band;
                let last = fragments[candidate].words.last().map(|&at| band_of_word(sheet, at));
                let off = other.middle().abs_diff(band.middle());
                // The last word counts as well, for lines that slope.
                let joins = other.on_one_line(band) || last.is_some_and(|l| l.on_one_line(band));
                let ruled = fragments[candidate].words.last().is_some_and(|&last| {
                    ends_with_rule(&sheet.words[last]) || begins_with_rule(&sheet.words[at])
                });
                if joins && !ruled && best.is_none_or(|found| (off, candidate) < found) {
                    best = Some((off, candidate));
                }
            }
        }
        let grown = match best {
            Some((_, candidate)) => {
                fragments[candidate].words.push(at);
                fragments[candidate].bounds = fragments[candidate].bounds.union(*word);
                candidate
            }
            None => {
                fragments.push(Fragment::of_words(sheet, vec![at]));
                fragments.len() - 1
            }
        };
        let tail = fragments[grown].words.iter().rev().take(WORDS_IN_BAND);
        fragments[grown].band = band_of(sheet, tail.copied());
        let slots = open.entry(fragments[grown].band.middle() / sheet.type_height).or_default();
        if !slots.contains(&grown) {
            slots.push(grown);
        }
    }
    for fragment in &mut fragments {
        fragment.band = band_of(sheet, fragment.words.iter().copied());
    }
    sort_downwards(&mut fragments);
    fragments
}

/// Whether a word begins with a vertical rule: the frame of a stamp, the border of a cell.
fn begins_with_rule(word: &PlacedWord) -> bool {
    word.text.starts_with('|') || word.text.starts_with('[') && word.confidence < MISREAD
}

fn ends_with_rule(word: &PlacedWord) -> bool {
    word.text.ends_with('|') || word.text.ends_with(']') && word.confidence < MISREAD
}

/// By the middle of their type, then from left to right.
pub(super) fn sort_downwards(fragments: &mut [Fragment]) {
    fragments.sort_by_key(|f| (f.band.middle(), f.bounds.x0, f.words.first().copied()));
}

/// A dash or dot is given the height of a letter, so that it finds its line.
fn band_of_word(sheet: &Sheet, at: usize) -> Band {
    let PlacedWord { text, bounds, .. } = &sheet.words[at];
    let (top, bottom) = (bounds.y0.min(bounds.y1), bounds.y0.max(bounds.y1));
    let has_height = text.chars().any(char::is_alphanumeric) || bottom - top >= sheet.types(0.5);
    if has_height {
        return Band { top, bottom };
    }
    let middle = top / 2 + bottom / 2;
    let half = sheet.type_height / 2;
    Band { top: middle.saturating_sub(half), bottom: middle.saturating_add(half) }
}

/// Median top and bottom of the words with letters; of all if none has any.
fn band_of(sheet: &Sheet, words: impl Iterator<Item = usize> + Clone) -> Band {
    let lettered = |at: &usize| sheet.words[*at].text.chars().any(char::is_alphanumeric);
    let mut bands: Vec<Band> =
        words.clone().filter(lettered).map(|at| band_of_word(sheet, at)).collect();
    if bands.is_empty() {
        bands = words.map(|at| band_of_word(sheet, at)).collect();
    }
    let middle = bands.len() / 2;
    bands.sort_by_key(|band| band.top);
    let top = bands[middle].top;
    bands.sort_by_key(|band| band.bottom);
    Band { top, bottom: bands[middle].bottom }
}

/// Puts fragments that stand side by side into rows: rows from top to bottom, each from left to
/// right. Takes fragments from top to bottom.
pub(super) fn join_rows(sheet: &Sheet, fragments: Vec<Fragment>) -> Vec<Vec<Fragment>> {
    /// Rows above the last ones are too far up to take another fragment.
    const OPEN_ROWS: usize = 4;
    let overlap_allowed = sheet.types(0.5);
    let mut rows: Vec<BTreeMap<(u32, usize), Fragment>> = Vec::new();
    for fragment in fragments {
        let key = (fragment.bounds.x0, fragment.words[0]);
        let fits = |row: &BTreeMap<(u32, usize), Fragment>| {
            let left = row.range(..key).next_back().map(|(_, f)| f);
            let right = row.range(key..).next().map(|(_, f)| f);
            let apart = left
                .is_none_or(|f| f.bounds.x1 <= fragment.bounds.x0.saturating_add(overlap_allowed))
                && right.is_none_or(|f| {
                    fragment.bounds.x1 <= f.bounds.x0.saturating_add(overlap_allowed)
                });
            apart && left.into_iter().chain(right).any(|f| f.band.on_one_line(fragment.band))
        };
        let first_open = rows.len().saturating_sub(OPEN_ROWS);
        match rows[first_open..].iter().rposition(fits) {
            Some(row) => {
                rows[first_open + row].insert(key, fragment);
            }
            None => rows.push(BTreeMap::from([(key, fragment)])),
        }
    }
    rows.into_iter().map(|row| row.into_values().collect()).collect()
}
