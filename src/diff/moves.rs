//! Which linked pieces are moved: under another parent or in another order, not only renumbered.

use std::collections::HashMap;

use super::align::Link;
use super::pieces::Outline;
use super::tokens::{Token, TokenKind};

/// For each link whether its piece is moved.
pub fn moved(
    lower: &Outline,
    upper: &Outline,
    links: &[Link],
    parents: &Counterparts,
) -> Vec<bool> {
    let mut moved: Vec<bool> = links.iter().map(|link| !parents.stay(lower, upper, link)).collect();
    // Within one parent, what is not in every longest row of rising places is out of order; among
    // leaves and inner sections alike, but those are not moved by it themselves.
    let mut siblings: HashMap<(Option<usize>, Option<usize>), Vec<Sibling>> = HashMap::new();
    let mut list = |sibling: Sibling| {
        let above = (lower.nodes[sibling.lower].parent, upper.nodes[sibling.upper].parent);
        siblings.entry(above).or_default().push(sibling);
    };
    for (index, link) in links.iter().enumerate().filter(|(index, _)| !moved[*index]) {
        list(Sibling {
            lower: lower.pieces[link.lower].node,
            upper: upper.pieces[link.upper].node,
            link: Some(index),
        });
    }
    for (&lower, &upper) in parents.lower.iter().filter(|(l, u)| parents.upper.get(u) == Some(*l)) {
        list(Sibling { lower, upper, link: None });
    }
    for group in siblings.values_mut() {
        group.sort_unstable();
        let places: Vec<usize> = group.iter().map(|sibling| sibling.upper).collect();
        for (sibling, in_order) in group.iter().zip(always_rising(&places)) {
            if let Some(link) = sibling.link {
                moved[link] = !in_order;
            }
        }
    }
    moved
}

/// A section and its counterpart, under parents that are counterparts too.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Sibling {
    lower: usize,
    upper: usize,
    /// Of a leaf.
    link: Option<usize>,
}

/// Which section of the one plan is the same as which of the other, by their linked leaves.
pub struct Counterparts {
    /// Among inner sections: the best counterpart of each lower one, and of each upper.
    lower: HashMap<usize, usize>,
    upper: HashMap<usize, usize>,
    /// The best leaf of the other side for an inner section, which lost or won a level.
    lower_leaf: HashMap<usize, usize>,
    upper_leaf: HashMap<usize, usize>,
    /// The leaf that a lower leaf is linked to.
    leaves: HashMap<usize, usize>,
    /// Linked leaves that two sections have in common, if any.
    shared: HashMap<(usize, usize), f64>,
}

impl Counterparts {
    pub fn new(lower: &Outline, upper: &Outline, links: &[Link]) -> Self {
        let mut both: HashMap<(usize, usize), f64> = HashMap::new();
        for link in links {
            for a in lower.ancestry(lower.pieces[link.lower].node) {
                for b in upper.ancestry(upper.pieces[link.upper].node) {
                    *both.entry((a, b)).or_default() += 1.0;
                }
            }
        }
        let sizes = |outline: &Outline| {
            let mut sizes = vec![0.0; outline.nodes.len()];
            for piece in outline.pieces.iter() {
                outline.ancestry(piece.node).for_each(|node| sizes[node] += 1.0);
            }
            sizes
        };
        let (lower_sizes, upper_sizes) = (sizes(lower), sizes(upper));
        let mut scored: Vec<(f64, usize, usize)> = both
            .iter()
            .map(|(&(a, b), count)| (2.0 * count / (lower_sizes[a] + upper_sizes[b]), a, b))
            .collect();
        scored.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        let mut found = Self {
            lower: HashMap::new(),
            upper: HashMap::new(),
            lower_leaf: HashMap::new(),
            upper_leaf: HashMap::new(),
            leaves: HashMap::new(),
            shared: both,
        };
        for (_, a, b) in scored {
            match (lower.nodes[a].is_leaf, upper.nodes[b].is_leaf) {
                (false, false) => {
                    found.lower.entry(a).or_insert(b);
                    found.upper.entry(b).or_insert(a);
                }
                (false, true) => _ = found.lower_leaf.entry(a).or_insert(b),
                (true, false) => _ = found.upper_leaf.entry(b).or_insert(a),
                (true, true) => _ = found.leaves.entry(a).or_insert(b),
            }
        }
        found
    }

    /// The upper section that has most linked leaves in common with a lower one.
    pub fn of_lower(&self, node: usize) -> Option<usize> {
        let found = self.lower.get(&node).or_else(|| self.lower_leaf.get(&node));
        found.or_else(|| self.leaves.get(&node)).copied()
    }

    /// Whether two inner sections are the same, or one was merged into the other.
    fn same(&self, lower: &Outline, upper: &Outline, a: Option<usize>, b: Option<usize>) -> bool {
        let (Some(a), Some(b)) = (a, b) else { return a == b };
        let (to, back) = (self.lower.get(&a) == Some(&b), self.upper.get(&b) == Some(&a));
        if to && back {
            return true;
        }
        // A part of the section whose counterpart the other is: its level is gone, unless it has a
        // counterpart of its own below the other.
        let own_below = |a: usize, b: usize| {
            let inner = (0..upper.nodes.len()).filter(|&c| c != b && !upper.nodes[c].is_leaf);
            inner
                .filter(|&c| upper.ancestry(c).any(|above| above == b))
                .any(|c| self.shared.contains_key(&(a, c)))
        };
        let own_above = |a: usize, b: usize| {
            let inner = (0..lower.nodes.len()).filter(|&c| c != a && !lower.nodes[c].is_leaf);
            inner
                .filter(|&c| lower.ancestry(c).any(|above| above == a))
                .any(|c| self.shared.contains_key(&(c, b)))
        };
        let within_lower = self.upper.get(&b).is_some_and(|&c| lower.ancestry(a).any(|up| up == c));
        let within_upper = self.lower.get(&a).is_some_and(|&c| upper.ancestry(b).any(|up| up == c));
        // Two sections made one keep what they are about; another unit's duties were moved to it.
        let named = || share_words(&lower.nodes[a].heading, &upper.nodes[b].heading);
        to && if within_lower { !own_below(a, b) } else { named() }
            || back && if within_upper { !own_above(a, b) } else { named() }
    }

    /// Whether a link stays under its parent, also where a level of numbering came or went.
    fn stay(&self, lower: &Outline, upper: &Outline, link: &Link) -> bool {
        let (l, u) = (lower.pieces[link.lower].node, upper.pieces[link.upper].node);
        let (above, over) = (lower.nodes[l].parent, upper.nodes[u].parent);
        let grand = |outline: &Outline, node: Option<usize>| {
            node.and_then(|node| outline.nodes[node].parent)
        };
        let same = |a, b| self.same(lower, upper, a, b);
        let risen = || over.is_some_and(|over| self.upper_leaf.get(&over) == Some(&l));
        let sunk = || above.is_some_and(|above| self.lower_leaf.get(&above) == Some(&u));
        same(above, over)
            || risen() && same(above, grand(upper, over))
            || sunk() && same(grand(lower, above), over)
    }
}

/// Whether the shorter heading has half of its words in the other.
fn share_words(one: &[Token], other: &[Token]) -> bool {
    let words = |heading: &[Token]| -> Vec<u32> {
        let words = heading.iter().filter(|token| token.kind == TokenKind::Word);
        words.map(|token| token.key).collect()
    };
    let (one, other) = (words(one), words(other));
    let both = one.iter().filter(|key| other.contains(key)).count();
    both * 2 >= one.len().min(other.len()).max(1)
}

/// For each value whether it stands in every longest rising subsequence; equal values rise.
fn always_rising(values: &[usize]) -> Vec<bool> {
    let count = values.len();
    // Lengths of the longest that ends, and that begins, at each value.
    let mut ending = vec![1usize; count];
    let mut beginning = vec![1usize; count];
    for at in 0..count {
        for before in 0..at {
            if values[before] <= values[at] {
                ending[at] = ending[at].max(ending[before] + 1);
            }
        }
    }
    for at in (0..count).rev() {
        for after in at + 1..count {
            if values[at] <= values[after] {
                beginning[at] = beginning[at].max(beginning[after] + 1);
            }
        }
    }
    let longest = ending.iter().copied().max().unwrap_or(0);
    // A value that alone has its rank among those in some longest one is in all of them.
    let candidate = |at: &usize| ending[*at] + beginning[*at] == longest + 1;
    let mut ranks = vec![0; longest + 1];
    (0..count).filter(candidate).for_each(|at| ranks[ending[at]] += 1);
    (0..count).map(|at| candidate(&at) && ranks[ending[at]] == 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_another_order_is_told_from_what_only_shifted() {
        assert_eq!(always_rising(&[1, 2, 3]), [true; 3]);
        // One moved to the end: the others only shifted.
        assert_eq!(always_rising(&[2, 3, 4, 1]), [true, true, true, false]);
        // Exchanged: neither stays.
        assert_eq!(always_rising(&[1, 3, 2, 4]), [true, false, false, true]);
        // One section split in two stands in both places.
        assert_eq!(always_rising(&[1, 2, 2, 3]), [true; 4]);
        assert_eq!(always_rising(&[]), Vec::<bool>::new());
    }
}
