//! Linked pieces laid side by side: for each link its stretches of equal tokens and the hunks between.
//!
//! A section that was split or merged is laid beside all its counterparts at once, so that a sentence
//! that went to one of them is not missing from the other.

use std::ops::Range;

use super::align::Link;
use super::connected::{connected, distinct};
use super::edits::{Key, matched};
use super::pieces::Outline;
use super::tokens::Token;

/// A stretch of a pair; ranges of the pieces' tokens, either may be empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    pub equal: bool,
    pub lower: Range<usize>,
    pub upper: Range<usize>,
}

/// The stretches of each link, in the order of `links`.
pub fn lay_out(lower: &Outline, upper: &Outline, links: &[Link]) -> Vec<Vec<Stretch>> {
    let mut laid = vec![Vec::new(); links.len()];
    let edges: Vec<(usize, usize)> = links.iter().map(|link| (link.lower, link.upper)).collect();
    for group in connected(&edges) {
        lay_group(lower, upper, links, &group, &mut laid);
    }
    for (link, stretches) in links.iter().zip(&mut laid) {
        let (here, there) = (&lower.pieces[link.lower].tokens, &upper.pieces[link.upper].tokens);
        for at in 1..stretches.len().saturating_sub(1) {
            slide(&mut stretches[at - 1..=at + 1], here, there);
        }
    }
    laid
}

/// Drops the links whose texts have no word in common where they were laid side by side, and that
/// little else speaks for; gives whether there were any.
pub fn drop_empty(links: &mut Vec<Link>, laid: &[Vec<Stretch>]) -> bool {
    let mut stretches = laid.iter();
    let before = links.len();
    links.retain(|link| {
        let any_equal = stretches.next().is_some_and(|one| one.iter().any(|stretch| stretch.equal));
        any_equal || link.confidence >= SURE_WITHOUT_TEXT
    });
    links.len() < before
}

/// A link below this confidence must have something of its text in common.
const SURE_WITHOUT_TEXT: f32 = 0.5;

/// Of the ways to say what was put in, "(nhà khoa học,) nhà" and "nhà (khoa học, nhà)", takes the
/// one that ends with a phrase.
fn slide(around: &mut [Stretch], lower: &[Token], upper: &[Token]) {
    let [before, hunk, after] = around else { return };
    if !before.equal || hunk.equal || !after.equal || hunk.lower.is_empty() == hunk.upper.is_empty()
    {
        return;
    }
    let own = if hunk.upper.is_empty() {
        (lower, hunk.lower.clone())
    } else {
        (upper, hunk.upper.clone())
    };
    let (tokens, range) = own;
    let alike = |by: &usize| tokens[range.start - by].key == tokens[range.end - by].key;
    let most = before.lower.len().min(before.upper.len()).saturating_sub(1);
    let ends = |by: &usize| tokens[range.end - 1 - by].ends_phrase;
    let reach = (1..=most.min(range.len())).take_while(alike).count();
    if ends(&0) {
        return;
    }
    let Some(by) = (1..=reach).find(ends) else { return };
    for (range, end) in [
        (&mut before.lower, false),
        (&mut before.upper, false),
        (&mut after.lower, true),
        (&mut after.upper, true),
    ] {
        if end { range.start -= by } else { range.end -= by }
    }
    let moved = if hunk.upper.is_empty() { &mut hunk.lower } else { &mut hunk.upper };
    *moved = moved.start - by..moved.end - by;
}

/// The tokens of some pieces one after the other.
struct Row {
    keys: Vec<Key>,
    /// Piece and token of each key.
    at: Vec<(usize, usize)>,
}

impl Row {
    fn new(outline: &Outline, pieces: &[usize]) -> Self {
        let mut row = Self { keys: Vec::new(), at: Vec::new() };
        for &piece in pieces {
            for (index, token) in outline.pieces[piece].tokens.iter().enumerate() {
                row.keys.push(token.matching());
                row.at.push((piece, index));
            }
        }
        row
    }

    /// A range of the row as ranges of pieces.
    fn parts(&self, range: Range<usize>) -> Vec<(usize, Range<usize>)> {
        let mut parts: Vec<(usize, Range<usize>)> = Vec::new();
        for &(piece, token) in &self.at[range] {
            match parts.last_mut() {
                Some((last, tokens)) if *last == piece => tokens.end = token + 1,
                _ => parts.push((piece, token..token + 1)),
            }
        }
        parts
    }
}

fn lay_group(
    lower: &Outline,
    upper: &Outline,
    links: &[Link],
    group: &[usize],
    laid: &mut [Vec<Stretch>],
) {
    let mut lowers = distinct(group.iter().map(|&link| links[link].lower));
    let mut uppers = distinct(group.iter().map(|&link| links[link].upper));
    // What was merged or split may also have changed its order.
    match (&lowers[..], &uppers[..]) {
        ([single], [_, _, ..]) => order_by_place(upper, &mut uppers, lower, *single),
        ([_, _, ..], [single]) => order_by_place(lower, &mut lowers, upper, *single),
        _ => {}
    }
    let (row, column) = (Row::new(lower, &lowers), Row::new(upper, &uppers));
    let link_of = |l: usize, u: usize| {
        group.iter().copied().find(|&link| (links[link].lower, links[link].upper) == (l, u))
    };
    let any_link = |l: Option<usize>, u: Option<usize>| {
        let fits = |&&link: &&usize| {
            l.is_none_or(|l| links[link].lower == l) && u.is_none_or(|u| links[link].upper == u)
        };
        group.iter().find(fits).copied()
    };
    let mut last: Option<usize> = None;
    let (mut l, mut u) = (0, 0);
    let mut pairs = matched(&row.keys, &column.keys);
    pairs.push((row.keys.len(), column.keys.len()));
    for (next_lower, next_upper) in pairs {
        // The hunk before the match, cut where one piece ends and the next begins.
        let mut here = row.parts(l..next_lower);
        let mut there = column.parts(u..next_upper);
        let next = (row.at.get(next_lower), column.at.get(next_upper));
        let to = next.0.zip(next.1).and_then(|(l, u)| link_of(l.0, u.0));
        if let Some((from, to)) = last.zip(to).filter(|(from, to)| from != to) {
            // From one pair into the next: also what stands on the side that goes on is cut.
            if links[from].lower == links[to].lower {
                cut_at_phrase(&mut here, &lower.pieces[links[from].lower].tokens);
            } else if links[from].upper == links[to].upper {
                cut_at_phrase(&mut there, &upper.pieces[links[from].upper].tokens);
            }
            let (first, rest) = take_first(&mut here, &mut there, &links[from]);
            if !(first.is_empty() && rest.is_empty()) {
                laid[from].push(Stretch { equal: false, lower: first, upper: rest });
            }
            let (first, rest) = take_first(&mut here, &mut there, &links[to]);
            if !(first.is_empty() && rest.is_empty()) {
                laid[to].push(Stretch { equal: false, lower: first, upper: rest });
            }
        }
        while let Some((piece, tokens)) = (!here.is_empty()).then(|| here.remove(0)) {
            let partner = there.iter().position(|(other, _)| link_of(piece, *other).is_some());
            let (link, other) = match partner {
                Some(at) => {
                    let (other, range) = there.remove(at);
                    (link_of(piece, other), range)
                }
                None => {
                    let beside = last.filter(|&link| links[link].lower == piece);
                    (beside.or_else(|| any_link(Some(piece), None)), 0..0)
                }
            };
            let link = link.expect("every piece of a group has a link");
            laid[link].push(Stretch { equal: false, lower: tokens, upper: other });
        }
        for (piece, tokens) in there {
            let beside = last.filter(|&link| links[link].upper == piece);
            let link = beside.or_else(|| any_link(None, Some(piece)));
            let link = link.expect("every piece of a group has a link");
            laid[link].push(Stretch { equal: false, lower: 0..0, upper: tokens });
        }
        if next_lower == row.keys.len() {
            break;
        }
        let ((piece, token), (other, place)) = (row.at[next_lower], column.at[next_upper]);
        if let Some(link) = link_of(piece, other) {
            push_equal(&mut laid[link], token, place);
            last = Some(link);
        } else {
            // Equal words of two pieces that don't belong together.
            let (a, b) = (any_link(Some(piece), None), any_link(None, Some(other)));
            let (a, b) = (a.expect("a link"), b.expect("a link"));
            laid[a].push(Stretch { equal: false, lower: token..token + 1, upper: 0..0 });
            laid[b].push(Stretch { equal: false, lower: 0..0, upper: place..place + 1 });
        }
        (l, u) = (next_lower + 1, next_upper + 1);
    }
}

/// Cuts the only part after its last full phrase: what follows belongs to the next pair.
fn cut_at_phrase(parts: &mut Vec<(usize, Range<usize>)>, tokens: &[Token]) {
    let [(piece, range)] = &parts[..] else { return };
    let (piece, range) = (*piece, range.clone());
    let ended = range.clone().rev().find(|&at| tokens[at].ends_phrase).map(|at| at + 1);
    let before = range.start.checked_sub(1).is_some_and(|at| tokens[at].ends_phrase);
    let cut = ended.unwrap_or(if before { range.start } else { range.end });
    *parts = vec![(piece, range.start..cut), (piece, cut..range.end)];
}

/// Takes from both lists the first part that belongs to a link; empty where there is none.
fn take_first(
    here: &mut Vec<(usize, Range<usize>)>,
    there: &mut Vec<(usize, Range<usize>)>,
    link: &Link,
) -> (Range<usize>, Range<usize>) {
    let take = |parts: &mut Vec<(usize, Range<usize>)>, piece: usize| {
        let at = parts.iter().position(|part| part.0 == piece);
        at.map_or(0..0, |at| parts.remove(at).1)
    };
    (take(here, link.lower), take(there, link.upper))
}

fn push_equal(stretches: &mut Vec<Stretch>, lower: usize, upper: usize) {
    match stretches.last_mut() {
        Some(last) if last.equal && last.lower.end == lower && last.upper.end == upper => {
            last.lower.end += 1;
            last.upper.end += 1;
        }
        _ => stretches.push(Stretch {
            equal: true,
            lower: lower..lower + 1,
            upper: upper..upper + 1,
        }),
    }
}

/// Orders pieces by where the longest part that each shares with `single` stands in it.
fn order_by_place(outline: &Outline, pieces: &mut [usize], other: &Outline, single: usize) {
    let keys = |outline: &Outline, piece: usize| -> Vec<Key> {
        outline.pieces[piece].tokens.iter().map(Token::matching).collect()
    };
    let whole = keys(other, single);
    pieces.sort_by_cached_key(|&piece| {
        let mut places: Vec<usize> =
            matched(&keys(outline, piece), &whole).into_iter().map(|(_, at)| at).collect();
        places.sort_unstable();
        places.get(places.len() / 2).copied().unwrap_or(usize::MAX)
    });
}
