//! What a piece says as features that compare fast: its words and pairs of words, weighed by how much
//! they tell.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::names::NameKind;
use super::pieces::{Outline, Piece};
use super::tokens::{Token, TokenKind};

/// Texts of fewer tokens need the heading above them to say what they are about; its words count so
/// much of their own.
const SHORT: usize = 25;
const HEADING_SHARE: f64 = 0.7;

/// A word or two words in a row, and how often; in order.
pub type Features<Id = u32> = Vec<(Id, f64)>;

/// Stands for any name of a kind, and for any number, where two words in a row are counted.
pub fn class_of(token: &Token) -> u64 {
    match (token.name, token.kind) {
        (Some(NameKind::Place), _) => u64::from(u32::MAX),
        (Some(NameKind::Body | NameKind::Level), _) => u64::from(u32::MAX - 1),
        (_, TokenKind::Document) => u64::from(u32::MAX - 2),
        (_, kind) if kind.is_figure() => u64::from(u32::MAX - 3),
        _ => u64::from(token.key),
    }
}

/// Of a short piece, also what the heading above it says: "Khen thưởng hằng năm", "tối đa 15".
pub fn piece_features(outline: &Outline, piece: &Piece) -> Features<u64> {
    let own = features(&piece.tokens);
    let above = outline.nodes[piece.node].parent.filter(|_| !piece.is_lead);
    let Some(above) = above.filter(|_| piece.tokens.len() < SHORT) else { return own };
    let mut all: HashMap<u64, f64> = own.into_iter().collect();
    for (feature, count) in features(&outline.nodes[above].heading) {
        *all.entry(feature).or_default() += HEADING_SHARE * count;
    }
    let mut all: Features<u64> = all.into_iter().collect();
    all.sort_unstable_by_key(|feature| feature.0);
    all
}

pub fn features(tokens: &[Token]) -> Features<u64> {
    let mut found: Vec<u64> = Vec::with_capacity(tokens.len() * 2);
    let mut before: Option<u64> = None;
    for token in tokens {
        let class = class_of(token);
        // A name in several words counts as one.
        if token.name.is_some() && before == Some(class) {
            continue;
        }
        if token.kind != TokenKind::Function {
            found.push(class);
        }
        if token.kind.is_figure() {
            found.push(u64::from(token.key));
        }
        if let Some(before) = before {
            found.push((before + 1) << 32 | class);
        }
        before = Some(class);
    }
    found.sort_unstable();
    let mut counted: Features<u64> = Vec::with_capacity(found.len());
    for feature in found {
        match counted.last_mut() {
            Some(last) if last.0 == feature => last.1 += 1.0,
            _ => counted.push((feature, 1.0)),
        }
    }
    counted
}

/// All features, in order: a feature's place stands for it.
pub fn known_features<'a>(pieces: impl Iterator<Item = &'a Features<u64>>) -> Vec<u64> {
    let mut known: Vec<u64> = pieces.flatten().map(|&(feature, _)| feature).collect();
    known.sort_unstable();
    known.dedup();
    known
}

/// What is in few pieces tells much (inverse document frequency); two words in a row tell more
/// than one.
pub fn weights<'a>(known: &[u64], pieces: impl Iterator<Item = &'a Features>) -> Vec<f64> {
    let mut frequency = vec![0.0; known.len()];
    let mut count = 0.0;
    for piece in pieces {
        count += 1.0;
        piece.iter().for_each(|&(feature, _)| frequency[feature as usize] += 1.0);
    }
    let weigh = |(feature, frequency): (&u64, f64)| {
        let single = if feature >> 32 == 0 { 0.5 } else { 1.0 };
        single * (1.0 + count / frequency).ln()
    };
    known.iter().zip(frequency).map(weigh).collect()
}

pub fn sum(features: &Features, weights: &[f64]) -> f64 {
    features.iter().map(|&(feature, count)| count * weights[feature as usize]).sum()
}

pub fn shared(a: &Features, b: &Features, weights: &[f64]) -> f64 {
    let both = |(i, j): (usize, usize)| a[i].1.min(b[j].1) * weights[a[i].0 as usize];
    in_both(a, b).into_iter().map(both).sum()
}

/// Takes from both what they share.
pub fn take_shared(a: &mut Features, b: &mut Features) {
    for (i, j) in in_both(a, b) {
        let both = a[i].1.min(b[j].1);
        a[i].1 -= both;
        b[j].1 -= both;
    }
}

/// Where the features stand that both have.
fn in_both(a: &Features, b: &Features) -> Vec<(usize, usize)> {
    let (mut i, mut j) = (0, 0);
    let mut places = Vec::new();
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => {
                places.push((i, j));
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    places
}

/// Through an index of the upper features, since most pieces share little.
pub fn shared_weights(lower: &[Features], upper: &[Features], weights: &[f64]) -> Vec<f64> {
    let mut holders: Vec<Vec<(usize, f64)>> = vec![Vec::new(); weights.len()];
    for (u, features) in upper.iter().enumerate() {
        for &(feature, count) in features {
            holders[feature as usize].push((u, count));
        }
    }
    let mut table = vec![0.0; lower.len() * upper.len()];
    for (l, features) in lower.iter().enumerate() {
        for &(feature, count) in features {
            for &(u, other) in &holders[feature as usize] {
                table[l * upper.len() + u] += count.min(other) * weights[feature as usize];
            }
        }
    }
    table
}

/// How alike two texts are, 0 to 1, by the weight that they share and their own: the mean of the two
/// shares, with more weight on the higher, so that a piece is found in a longer one.
pub fn likeness(shared: f64, lower: f64, upper: f64) -> f64 {
    // Two points without a word are as alike as can be.
    if lower == 0.0 && upper == 0.0 {
        return 1.0;
    }
    let of_lower = shared / lower.max(f64::MIN_POSITIVE);
    let of_upper = shared / upper.max(f64::MIN_POSITIVE);
    0.3 * (of_lower + of_upper) + 0.4 * of_lower.max(of_upper)
}
