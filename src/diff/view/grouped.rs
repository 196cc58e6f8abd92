//! Figures as people read them: a change that recurs stands once, with all its places.

use super::super::comparison::Figure;

/// The figures that are alike but for their places, each group at its first.
pub fn grouped(figures: &[Figure]) -> Vec<Vec<&Figure>> {
    let mut groups: Vec<Vec<&Figure>> = Vec::new();
    for figure in figures {
        let alike = |group: &&mut Vec<&Figure>| {
            let first = group[0];
            (first.what, &first.lower, &first.upper) == (figure.what, &figure.lower, &figure.upper)
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(figure),
            None => groups.push(vec![figure]),
        }
    }
    groups
}
