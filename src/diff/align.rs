//! Which piece of the lower plan stands for which of the upper: across renumbering, moves, splits and
//! merges.
//!
//! First the best one-to-one assignment over all pieces at once, by what they say and where they
//! stand; once more with what the first told about the parents. Then splits and merges: a piece that
//! says what is left unexplained of another, already paired one, is linked to it too.

use std::collections::{HashMap, HashSet};

use crate::plan::SectionKind;

use super::assignment::{Gain, assign};
use super::features::{
    Features, features, known_features, likeness, piece_features, shared, shared_weights, sum,
    take_shared, weights,
};
use super::pieces::{Outline, Piece};
use super::tokens::{Token, TokenKind};

/// Two pieces that belong together; indices of the outlines' pieces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    pub lower: usize,
    pub upper: usize,
    /// 0 to 1: how surely.
    pub confidence: f32,
}

/// What share of the score the texts have; the rest is where they stand.
const TEXT_SHARE: f64 = 0.75;
/// A pair of a lower score is no counterpart.
const LEAST_SCORE: f64 = 0.30;
/// Texts that share less than this have only their place in common.
const LEAST_TEXT: f64 = 0.17;
/// Where their places agree in everything, less is enough.
const SURELY_PLACED: f64 = 0.95;
const LEAST_PLACED_TEXT: f64 = 0.12;
/// A second counterpart must say this much that the first doesn't.
const LEAST_SECOND_SCORE: f64 = 0.38;
const LEAST_SECOND_COVER: f64 = 0.36;
/// The text before the children of a section seldom stands for a leaf.
const LEAD_FOR_LEAF: f64 = 0.12;
/// How well a second counterpart must stand; and to be one with less text.
const LEAST_PLACED_COVER: f64 = 0.2;
const LEAST_PLACED_SCORE: f64 = 0.42;
const LEAST_HEADED_COVER: f64 = 0.07;
/// Elsewhere it must be a passage: this share of the shorter text in an unbroken run.
const LEAST_RUN: f64 = 0.35;
/// And to be a copy whatever was explained of it; of so many tokens, or the passage is a formula.
const LEAST_COPIED: f64 = 0.6;
const SHORTEST_COPY: usize = 12;
const PLACED: f64 = 0.65;
const WELL_PLACED: f64 = 0.85;
/// How much titles add to the score of sections that have them, or take away.
const TITLE: f64 = 0.2;
/// How much the same first words add: they say what a point is about. And how many are looked at.
const HEAD: f64 = 0.06;
const HEAD_WORDS: usize = 4;
/// Shorter texts than this, in tokens, are found in any long one.
const SHORTEST_SECOND: usize = 6;

/// Which pieces belong together, and how surely the others belong to none.
pub struct Alignment {
    /// In the order of the lower pieces, then of the upper.
    pub links: Vec<Link>,
    /// For each lower piece, 0 to 1, that it has no counterpart; of use for those without a link.
    pub lower_alone: Vec<f32>,
    pub upper_alone: Vec<f32>,
}

/// Aligns all pieces of two outlines.
pub fn align(lower: &Outline, upper: &Outline) -> Alignment {
    let mut table = Table::new(lower, upper);
    table.set_contexts(None);
    let parents = ParentShares::new(lower, upper, &table.assigned());
    table.set_contexts(Some(&parents));
    let mut links = table.with_splits(table.assigned());
    links.sort_unstable();
    let (lower_alone, upper_alone) = table.alone();
    let confidence = |l, u| table.confidence(l, u);
    let links =
        links.into_iter().map(|(l, u)| Link { lower: l, upper: u, confidence: confidence(l, u) });
    Alignment { links: links.collect(), lower_alone, upper_alone }
}

struct Table<'a> {
    lower: &'a Outline,
    upper: &'a Outline,
    lower_features: Vec<Features>,
    upper_features: Vec<Features>,
    /// Of each feature, how much it tells.
    weights: Vec<f64>,
    lower_sums: Vec<f64>,
    upper_sums: Vec<f64>,
    /// Weight that each two pieces share; row by row of the lower.
    shared: Vec<f64>,
    /// Likeness of the texts alone, without the headings that short ones borrow.
    bare_likeness: Vec<f64>,
    /// Likeness of the headings above.
    headings: Vec<f64>,
    /// Of the titles, from -0.5 for no word in common to 0.5; 0 where either has none.
    titles: Vec<f64>,
    /// Share of the first words that are the same.
    heads: Vec<f64>,
    /// How well two pieces fit by where they stand.
    contexts: Vec<f64>,
}

impl<'a> Table<'a> {
    fn new(lower: &'a Outline, upper: &'a Outline) -> Self {
        let headed = |outline: &Outline| -> Vec<Features<u64>> {
            outline.pieces.iter().map(|piece| piece_features(outline, piece)).collect()
        };
        let bare = |outline: &Outline| -> Vec<Features<u64>> {
            outline.pieces.iter().map(|piece| features(&piece.tokens)).collect()
        };
        let (lower_headed, upper_headed) = (headed(lower), headed(upper));
        let known = known_features(lower_headed.iter().chain(&upper_headed));
        let numbered = |all: Vec<Features<u64>>| -> Vec<Features> {
            let number = |feature: u64| known.binary_search(&feature).expect("a known one") as u32;
            let one = |features: Features<u64>| {
                features.into_iter().map(|(feature, count)| (number(feature), count)).collect()
            };
            all.into_iter().map(one).collect()
        };
        let (lower_features, upper_features) = (numbered(lower_headed), numbered(upper_headed));
        let weights = weights(&known, lower_features.iter().chain(&upper_features));
        let sums = |all: &[Features]| all.iter().map(|f| sum(f, &weights)).collect::<Vec<f64>>();
        let (lower_sums, upper_sums) = (sums(&lower_features), sums(&upper_features));
        let shared = shared_weights(&lower_features, &upper_features, &weights);
        // What short pieces say without the headings that they borrow.
        let (lower_bare, upper_bare) = (numbered(bare(lower)), numbered(bare(upper)));
        let bare_sums = (sums(&lower_bare), sums(&upper_bare));
        let bare_shared = shared_weights(&lower_bare, &upper_bare, &weights);
        let bare_likeness = (0..lower.pieces.len()).flat_map(|l| {
            let (sums, shared) = (&bare_sums, &bare_shared);
            (0..upper.pieces.len())
                .map(move |u| likeness(shared[l * upper.pieces.len() + u], sums.0[l], sums.1[u]))
        });
        let bare_likeness = bare_likeness.collect();
        let headings = heading_likeness(lower, upper);
        let titles = title_likeness(lower, upper, &known, &weights);
        let heads = head_likeness(lower, upper);
        Self {
            lower,
            upper,
            lower_features,
            upper_features,
            weights,
            lower_sums,
            upper_sums,
            shared,
            bare_likeness,
            headings,
            titles,
            heads,
            contexts: Vec::new(),
        }
    }

    fn at(&self, l: usize, u: usize) -> usize {
        l * self.upper.pieces.len() + u
    }

    fn likeness(&self, l: usize, u: usize, shared: f64) -> f64 {
        likeness(shared, self.lower_sums[l], self.upper_sums[u])
    }

    fn text(&self, l: usize, u: usize) -> f64 {
        self.likeness(l, u, self.shared[self.at(l, u)])
    }

    /// How well each two pieces fit by where they stand, 0 to 1.
    fn set_contexts(&mut self, parents: Option<&ParentShares>) {
        let (lower, upper) = (self.lower, self.upper);
        let position = |index: usize, outline: &Outline| {
            index as f64 / (outline.pieces.len().max(2) - 1) as f64
        };
        let of_upper: Vec<&[SectionKind]> =
            upper.pieces.iter().map(|piece| kinds(upper, piece.node)).collect();
        self.contexts.clear();
        for (l, piece) in lower.pieces.iter().enumerate() {
            let own = kinds(lower, piece.node);
            for (u, other) in upper.pieces.iter().enumerate() {
                let shares = parents
                    .map_or(0.0, |parents| parents.share(lower, upper, piece.node, other.node));
                let heading = self.headings[self.at(l, u)].max(shares);
                let apart = (position(l, lower) - position(u, upper)).abs();
                let same = own.iter().any(|kind| of_upper[u].contains(kind));
                let context = 0.5 * heading + 0.3 * (1.0 - apart) + 0.2 * f64::from(u8::from(same));
                self.contexts.push(context);
            }
        }
    }

    /// The score of a pair if its texts share `shared`.
    fn score(&self, l: usize, u: usize, shared: f64) -> f64 {
        let mixed = self.lower.pieces[l].is_lead != self.upper.pieces[u].is_lead;
        let at = self.at(l, u);
        TEXT_SHARE * self.likeness(l, u, shared)
            + (1.0 - TEXT_SHARE) * self.contexts[at]
            + TITLE * self.titles[at]
            + HEAD * self.heads[at]
            - if mixed { LEAD_FOR_LEAF } else { 0.0 }
    }

    fn whole_score(&self, l: usize, u: usize) -> f64 {
        self.score(l, u, self.shared[self.at(l, u)])
    }

    fn assigned(&self) -> Vec<(usize, usize)> {
        let mut gains = Vec::new();
        for l in 0..self.lower.pieces.len() {
            for u in 0..self.upper.pieces.len() {
                let gain = self.whole_score(l, u) - LEAST_SCORE;
                let least = if self.contexts[self.at(l, u)] >= SURELY_PLACED {
                    LEAST_PLACED_TEXT
                } else {
                    LEAST_TEXT
                };
                if gain > 0.0 && self.bare_likeness[self.at(l, u)] >= least {
                    gains.push(Gain { row: l, column: u, gain });
                }
            }
        }
        assign(&gains)
    }

    /// Adds the links of pieces that were split or merged, best first.
    fn with_splits(&self, mut links: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
        let mut rest = Rest::new(self);
        // The surest pairs explain their texts first.
        links.sort_by(|a, b| self.text(b.0, b.1).total_cmp(&self.text(a.0, a.1)));
        for &(l, u) in &links {
            rest.explain(l, u);
        }
        let paired: HashSet<(usize, usize)> = links.iter().copied().collect();
        let all = (0..self.lower.pieces.len())
            .flat_map(|l| (0..self.upper.pieces.len()).map(move |u| (l, u)));
        let open = all.filter(|pair| !paired.contains(pair));
        let mut candidates: Vec<(f64, usize, usize)> =
            open.filter_map(|(l, u)| Some((self.second_score(l, u, &rest)?, l, u))).collect();
        // What is explained only grows, so scores only fall: who is out stays out.
        while let Some(best) = candidates
            .iter()
            .copied()
            .max_by(|a, b| a.0.total_cmp(&b.0).then((b.1, b.2).cmp(&(a.1, a.2))))
        {
            let (_, l, u) = best;
            links.push((l, u));
            rest.explain(l, u);
            candidates.retain_mut(|(score, lower, upper)| {
                if (*lower, *upper) == (l, u) {
                    return false;
                }
                if *lower == l || *upper == u {
                    let again = self.second_score(*lower, *upper, &rest);
                    *score = again.unwrap_or(0.0);
                    return again.is_some();
                }
                true
            });
        }
        links
    }

    /// The score of a second counterpart by what is unexplained yet; `None` if it is none.
    fn second_score(&self, l: usize, u: usize, rest: &Rest) -> Option<f64> {
        let length = |piece: &Piece| piece.tokens.len();
        let cover = |shared: f64| (shared / self.lower_sums[l]).max(shared / self.upper_sums[u]);
        let shortest = length(&self.lower.pieces[l]).min(length(&self.upper.pieces[u]));
        if shortest < SHORTEST_SECOND || cover(self.shared[self.at(l, u)]) < LEAST_HEADED_COVER {
            return None;
        }
        let shared = shared(&rest.lower[l], &rest.upper[u], &self.weights);
        let (cover, score) = (cover(shared), self.score(l, u, shared));
        let context = self.contexts[self.at(l, u)];
        let by_text = cover >= LEAST_SECOND_COVER
            && score >= LEAST_SECOND_SCORE
            && (context >= PLACED || self.longest_run(l, u) >= LEAST_RUN * shortest as f64);
        // Where the place leaves no doubt, less of the text is enough.
        let by_place =
            cover >= LEAST_PLACED_COVER && score >= LEAST_PLACED_SCORE && context >= WELL_PLACED;
        // So it is where most of the text was copied: a formula shares what others explained already.
        let by_copy = cover >= LEAST_PLACED_COVER
            && score >= LEAST_SECOND_SCORE
            && shortest >= SHORTEST_COPY
            && self.longest_run(l, u) >= LEAST_COPIED * shortest as f64;
        let by_heading = cover >= LEAST_HEADED_COVER && self.is_whole_section(l, u);
        (by_text || by_place || by_copy || by_heading).then_some(score)
    }

    /// Tokens of the longest passage that both have.
    fn longest_run(&self, l: usize, u: usize) -> f64 {
        let keys = |piece: &Piece| piece.tokens.iter().map(|token| token.key).collect::<Vec<_>>();
        let (own, other) = (keys(&self.lower.pieces[l]), keys(&self.upper.pieces[u]));
        let mut row = vec![0u32; other.len() + 1];
        let mut longest = 0;
        for key in &own {
            for at in (0..other.len()).rev() {
                row[at + 1] = if *key == other[at] { row[at] + 1 } else { 0 };
                longest = longest.max(row[at + 1]);
            }
        }
        f64::from(longest)
    }

    /// Whether one is a leaf with the very heading under which the other stands: a section of several
    /// points that became one, or the reverse.
    fn is_whole_section(&self, l: usize, u: usize) -> bool {
        let (piece, other) = (&self.lower.pieces[l], &self.upper.pieces[u]);
        let same = |a: &[Token], b: &[Token]| {
            a.len() >= 2 && a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key)
        };
        let own = &self.lower.nodes[piece.node].heading;
        let others = &self.upper.nodes[other.node].heading;
        !piece.is_lead
            && !other.is_lead
            && (same(own, self.upper.heading_over(other))
                || same(self.lower.heading_over(piece), others))
    }

    /// That a piece has no counterpart, by the best that there is.
    fn alone(&self) -> (Vec<f32>, Vec<f32>) {
        let (lowers, uppers) = (self.lower.pieces.len(), self.upper.pieces.len());
        let (mut of_lower, mut of_upper) = (vec![0.0f64; lowers], vec![0.0f64; uppers]);
        for (l, own) in of_lower.iter_mut().enumerate() {
            for (u, other) in of_upper.iter_mut().enumerate() {
                let score = self.whole_score(l, u);
                *own = own.max(score);
                *other = other.max(score);
            }
        }
        let sure = |best: &f64| (1.0 - 0.9 * (best - 0.1)).clamp(0.3, 0.99) as f32;
        (of_lower.iter().map(sure).collect(), of_upper.iter().map(sure).collect())
    }

    /// That a pair is right: by its score, and by how far the next best is below it.
    fn confidence(&self, l: usize, u: usize) -> f32 {
        let here = self.whole_score(l, u);
        let in_row =
            (0..self.upper.pieces.len()).filter(|&other| other != u).map(|other| (l, other));
        let in_column =
            (0..self.lower.pieces.len()).filter(|&other| other != l).map(|other| (other, u));
        let next = in_row.chain(in_column).map(|(l, u)| self.whole_score(l, u)).fold(0.0, f64::max);
        let margin = (here - next).clamp(-0.3, 0.3);
        (0.5 + 0.55 * (here - LEAST_SCORE) + 0.5 * margin).clamp(0.3, 0.99) as f32
    }
}

/// What of each piece no link explains yet.
struct Rest {
    lower: Vec<Features>,
    upper: Vec<Features>,
}

impl Rest {
    fn new(table: &Table) -> Self {
        Self { lower: table.lower_features.clone(), upper: table.upper_features.clone() }
    }

    fn explain(&mut self, l: usize, u: usize) {
        take_shared(&mut self.lower[l], &mut self.upper[u]);
    }
}

/// How much of two sections' linked children they have in common.
struct ParentShares(HashMap<(usize, usize), f64>);

impl ParentShares {
    fn new(lower: &Outline, upper: &Outline, links: &[(usize, usize)]) -> Self {
        let mut both: HashMap<(usize, usize), f64> = HashMap::new();
        let mut of_lower: HashMap<usize, f64> = HashMap::new();
        let mut of_upper: HashMap<usize, f64> = HashMap::new();
        for &(l, u) in links {
            let above_lower: Vec<usize> = lower.ancestry(lower.pieces[l].node).skip(1).collect();
            let above_upper: Vec<usize> = upper.ancestry(upper.pieces[u].node).skip(1).collect();
            above_lower.iter().for_each(|&node| *of_lower.entry(node).or_default() += 1.0);
            above_upper.iter().for_each(|&node| *of_upper.entry(node).or_default() += 1.0);
            for &a in &above_lower {
                for &b in &above_upper {
                    *both.entry((a, b)).or_default() += 1.0;
                }
            }
        }
        let share = |(&(a, b), count): (&(usize, usize), &f64)| {
            ((a, b), 2.0 * count / (of_lower[&a] + of_upper[&b]))
        };
        Self(both.iter().map(share).collect())
    }

    fn share(&self, lower: &Outline, upper: &Outline, node: usize, other: usize) -> f64 {
        let (Some(a), Some(b)) = (lower.nodes[node].parent, upper.nodes[other].parent) else {
            return 0.0;
        };
        self.0.get(&(a, b)).copied().unwrap_or(0.0)
    }
}

/// Dice's coefficient of the words in all headings above, row by row of the lower pieces.
fn heading_likeness(lower: &Outline, upper: &Outline) -> Vec<f64> {
    let words = |outline: &Outline, piece: &Piece| {
        let above = outline.ancestry(piece.node).skip(usize::from(!piece.is_lead));
        let tokens = above.flat_map(|node| &outline.nodes[node].heading);
        let content = tokens.filter(|token| token.kind == TokenKind::Word && token.name.is_none());
        let mut keys: Vec<u32> = content.map(|token| token.key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    };
    let of_upper: Vec<Vec<u32>> = upper.pieces.iter().map(|piece| words(upper, piece)).collect();
    let mut table = Vec::with_capacity(lower.pieces.len() * upper.pieces.len());
    for piece in &lower.pieces {
        let own = words(lower, piece);
        for other in &of_upper {
            let both = own.iter().filter(|key| other.binary_search(key).is_ok()).count();
            table.push(2.0 * both as f64 / (own.len() + other.len()).max(1) as f64);
        }
    }
    table
}

/// Row by row of the lower pieces, from -0.5 for no word in common to 0.5. A title that holds the
/// other is like it; so is the heading above, where a level of numbering came or went.
fn title_likeness(lower: &Outline, upper: &Outline, known: &[u64], weights: &[f64]) -> Vec<f64> {
    let words = |heading: &[Token]| -> Vec<u32> {
        let words = heading.iter().filter(|token| token.kind == TokenKind::Word);
        words.map(|token| token.key).collect()
    };
    let titles = |outline: &Outline, piece: &Piece| {
        [words(&outline.nodes[piece.node].heading), words(outline.heading_over(piece))]
    };
    let weight = |key: &u32| known.binary_search(&u64::from(*key)).map_or(1.0, |at| weights[at]);
    let of_upper: Vec<[Vec<u32>; 2]> =
        upper.pieces.iter().map(|piece| titles(upper, piece)).collect();
    let alike = |a: &[u32], b: &[u32]| -> Option<f64> {
        let sum = |words: &[u32]| words.iter().map(weight).sum::<f64>();
        let both: f64 = a.iter().filter(|key| b.contains(key)).map(weight).sum();
        (!a.is_empty() && !b.is_empty()).then(|| (2.0 * both / (sum(a) + sum(b))).min(1.0) - 0.5)
    };
    let mut table = Vec::with_capacity(lower.pieces.len() * upper.pieces.len());
    for piece in &lower.pieces {
        let [own, over] = titles(lower, piece);
        for [other, above] in &of_upper {
            let likeness = match (own.is_empty(), other.is_empty()) {
                (true, true) => None,
                (false, false) => {
                    // Unless a title is the other's heading, it stands against the title.
                    let crossed = alike(&own, above).into_iter().chain(alike(&over, other));
                    let crossed = crossed.filter(|&likeness| likeness >= 0.2).reduce(f64::max);
                    crossed.or_else(|| alike(&own, other))
                }
                // What has no title can't be unlike one.
                (false, true) => alike(&own, above).map(|likeness| likeness.max(0.0)),
                (true, false) => alike(&over, other).map(|likeness| likeness.max(0.0)),
            };
            table.push(likeness.unwrap_or(0.0));
        }
    }
    table
}

/// Row by row of the lower pieces, 0 to 1.
fn head_likeness(lower: &Outline, upper: &Outline) -> Vec<f64> {
    let alike = |piece: &Piece, other: &Piece| {
        let pairs = piece.tokens.iter().zip(&other.tokens).take(HEAD_WORDS);
        pairs.take_while(|(a, b)| a.key == b.key).count() as f64 / HEAD_WORDS as f64
    };
    let rows = lower.pieces.iter();
    rows.flat_map(|piece| upper.pieces.iter().map(move |other| alike(piece, other))).collect()
}

/// The kinds of the innermost section that has any.
fn kinds(outline: &Outline, node: usize) -> &[SectionKind] {
    let titled = outline.ancestry(node).find(|&node| !outline.nodes[node].kinds.is_empty());
    titled.map_or(&[], |node| &outline.nodes[node].kinds)
}
