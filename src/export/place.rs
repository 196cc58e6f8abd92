//! Where on the page an item was read: the boxes of its words.

use crate::geometry::PixelBox;
use crate::plan::Plan;

/// A stretch of one line on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// 1-based.
    pub page: u32,
    pub bounds: PixelBox,
}

/// The stretches, line by line, on which `text` stands from `line` (1-based) on; the whole line
/// where its first word is not found there; none for text input.
pub(super) fn places(plan: &Plan, line: u32, text: &str) -> Vec<Place> {
    let wanted: Vec<String> = text.split_whitespace().map(bare).filter(|w| !w.is_empty()).collect();
    let Some(first_line) = plan.lines.get((line as usize).wrapping_sub(1)) else {
        return Vec::new();
    };
    let starts = |at: usize| {
        let words = first_line.words[at..].iter().map(|word| bare(&word.text));
        words.zip(&wanted).take_while(|(word, wanted)| word == *wanted).count()
    };
    let best = (0..first_line.words.len()).max_by_key(|&at| (starts(at), usize::MAX - at));
    let Some(start) = best.filter(|&at| starts(at) > 0) else {
        return of_line(first_line.page, first_line.bounds);
    };
    let mut left = wanted.len();
    let mut found = Vec::new();
    for (index, entry) in plan.lines[line as usize - 1..].iter().enumerate() {
        let words = &entry.words[if index == 0 { start } else { 0 }..];
        let taken = &words[..words.len().min(left)];
        let bounds = taken.iter().filter_map(|word| word.bounds).reduce(PixelBox::union);
        found.extend(of_line(entry.page, bounds));
        left -= taken.len();
        if left == 0 {
            break;
        }
    }
    found
}

fn of_line(page: Option<u32>, bounds: Option<PixelBox>) -> Vec<Place> {
    page.zip(bounds).map(|(page, bounds)| Place { page, bounds }).into_iter().collect()
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}
