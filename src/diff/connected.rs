//! Edges between two sides, grouped so that no end stands in two groups.

/// The groups of connected edges (left, right): indices of `edges`, groups by their first edge.
pub fn connected(edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let lefts = edges.iter().map(|edge| edge.0 + 1).max().unwrap_or(0);
    let rights = edges.iter().map(|edge| edge.1 + 1).max().unwrap_or(0);
    let mut above: Vec<usize> = (0..lefts + rights).collect();
    for &(left, right) in edges {
        let (a, b) = (root(&mut above, left), root(&mut above, lefts + right));
        above[a.max(b)] = a.min(b);
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); lefts];
    for (index, &(left, _)) in edges.iter().enumerate() {
        groups[root(&mut above, left)].push(index);
    }
    groups.retain(|group| !group.is_empty());
    groups.sort_by_key(|group| group[0]);
    groups
}

fn root(above: &mut [usize], mut at: usize) -> usize {
    while above[at] != at {
        above[at] = above[above[at]];
        at = above[at];
    }
    at
}

/// The values in order, each once.
pub fn distinct(values: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut values: Vec<usize> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_that_share_an_end_directly_or_through_others_are_one_group() {
        assert_eq!(connected(&[(0, 0), (1, 2), (2, 0), (2, 1)]), [vec![0, 2, 3], vec![1]]);
        assert_eq!(connected(&[]), Vec::<Vec<usize>>::new());
        assert_eq!(distinct([3, 1, 3].into_iter()), [1, 3]);
    }
}
