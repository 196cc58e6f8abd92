//! Two token sequences laid side by side: which tokens of the one stand for which of the other.

use std::collections::HashMap;

/// Equal for tokens that may be matched.
pub type Key = u64;

/// More cells than this are not filled: the texts are cut at unique tokens first.
const MOST_CELLS: usize = 4_000_000;

/// What a matched token counts, and what it counts more right after another match, so that a phrase
/// is matched whole rather than word by word.
const WEIGHT: u32 = 2;
const IN_A_ROW: u32 = 3;

/// Matched positions (lower, upper), rising in both.
///
/// Of all common subsequences that with most tokens in unbroken runs.
pub fn matched(lower: &[Key], upper: &[Key]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    match_between(lower, upper, (0, 0), &mut found);
    found
}

fn match_between(
    lower: &[Key],
    upper: &[Key],
    at: (usize, usize),
    found: &mut Vec<(usize, usize)>,
) {
    if lower == upper {
        found.extend((0..lower.len()).map(|index| (at.0 + index, at.1 + index)));
        return;
    }
    if lower.len().saturating_mul(upper.len()) <= MOST_CELLS {
        found.extend(by_table(lower, upper).into_iter().map(|(l, u)| (at.0 + l, at.1 + u)));
    } else if let Some((l, u)) = middle_anchor(lower, upper) {
        match_between(&lower[..l], &upper[..u], at, found);
        match_between(&lower[l..], &upper[u..], (at.0 + l, at.1 + u), found);
    }
}

/// The token nearest to the middle that both texts have once.
fn middle_anchor(lower: &[Key], upper: &[Key]) -> Option<(usize, usize)> {
    let once = |keys: &[Key]| {
        let mut places: HashMap<Key, Option<usize>> = HashMap::new();
        for (index, &key) in keys.iter().enumerate() {
            places.entry(key).and_modify(|place| *place = None).or_insert(Some(index));
        }
        places
    };
    let (in_lower, in_upper) = (once(lower), once(upper));
    let both = lower.iter().filter_map(|key| {
        let (l, u) = ((*in_lower.get(key)?)?, (*in_upper.get(key)?)?);
        // At the very start nothing would be cut off.
        (l > 0 && u > 0).then_some((l, u))
    });
    both.min_by_key(|&(l, u)| (l.abs_diff(lower.len() / 2) + u.abs_diff(upper.len() / 2), l))
}

fn by_table(lower: &[Key], upper: &[Key]) -> Vec<(usize, usize)> {
    let (rows, columns) = (lower.len(), upper.len());
    if rows == 0 || columns == 0 {
        return Vec::new();
    }
    let width = columns + 1;
    // `best` of the rests from here on; `run` the same if both tokens here are matched.
    let mut best = vec![0u32; (rows + 1) * width];
    let mut run = vec![0u32; (rows + 1) * width];
    for l in (0..rows).rev() {
        for u in (0..columns).rev() {
            let here = l * width + u;
            let after = here + width + 1;
            if lower[l] == upper[u] {
                let row = if run[after] > 0 { run[after] + IN_A_ROW } else { 0 };
                run[here] = WEIGHT + row.max(best[after]);
            }
            best[here] = run[here].max(best[here + width]).max(best[here + 1]);
        }
    }
    let mut pairs = Vec::new();
    let (mut l, mut u) = (0, 0);
    while l < rows && u < columns {
        let here = l * width + u;
        if run[here] == best[here] && run[here] > 0 {
            // Follow the run as long as it was better than starting anew.
            pairs.push((l, u));
            let mut after = here + width + 1;
            let mut value = run[here];
            (l, u) = (l + 1, u + 1);
            while l < rows
                && u < columns
                && run[after] > 0
                && value == WEIGHT + IN_A_ROW + run[after]
            {
                pairs.push((l, u));
                value = run[after];
                after += width + 1;
                (l, u) = (l + 1, u + 1);
            }
        } else if best[here] == best[here + width] {
            l += 1;
        } else {
            u += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        text.chars().map(|letter| letter as Key).collect()
    }

    #[test]
    fn phrases_are_matched_whole() {
        assert_eq!(matched(&keys("xabcy"), &keys("abcz")), [(1, 0), (2, 1), (3, 2)]);
        // The second "ab" is the one in a row with c.
        assert_eq!(matched(&keys("abc"), &keys("aXbYabc")), [(0, 4), (1, 5), (2, 6)]);
        assert_eq!(matched(&[], &keys("a")), []);
    }

    proptest! {
        #[test]
        fn matches_are_equal_and_rising(lower in "[a-d]{0,30}", upper in "[a-d]{0,30}") {
            let (lower, upper) = (keys(&lower), keys(&upper));
            let pairs = matched(&lower, &upper);
            prop_assert!(pairs.iter().all(|&(l, u)| lower[l] == upper[u]));
            prop_assert!(pairs.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
        }

        #[test]
        fn a_text_matches_itself_whole(text in "[a-d]{0,30}") {
            prop_assert_eq!(matched(&keys(&text), &keys(&text)).len(), text.len());
        }
    }
}
