//! The order in which people read a comparison: that of the lower plan, with what was dropped where it
//! stood in the upper.

use super::super::comparison::{Comparison, Pair};

/// All pairs and leads; of a section that was split, its pairs together.
pub fn in_reading_order(comparison: &Comparison) -> Vec<&Pair> {
    let all = comparison.pairs.iter().chain(&comparison.leads);
    let (mut rows, mut dropped): (Vec<&Pair>, Vec<&Pair>) =
        all.partition(|pair| pair.lower.is_some());
    rows.sort_by_key(|pair| (pair.lower_line, pair.upper_line));
    dropped.sort_by_key(|pair| pair.upper_line);
    for pair in dropped {
        // After what stands before it in the upper plan; what was moved tells nothing.
        let before = rows
            .iter()
            .rposition(|row| !row.moved && row.upper.is_some() && row.upper_line < pair.upper_line);
        rows.insert(before.map_or(0, |at| at + 1), pair);
    }
    rows
}
