//! What the probability of a reading under the model is worth: of all words at 0.9, nine in ten are
//! to be right.
//!
//! A model is surer of itself than it should be. The map from its probabilities to shares of right
//! words is fitted on pairs that nothing was learned from (`examples/train`): isotonic regression.

use super::bytes::{self, Reader};
use crate::error::Result;

/// Probabilities are told apart by how far from certain they are, up to this many nats.
const MOST_CERTAIN: f32 = 14.0;
/// How many points the map has at most.
const MOST_POINTS: usize = 24;
/// In how many groups texts are taken, from easy to hard.
const TEXT_GROUPS: usize = 4;

/// A map from probabilities to confidences; without points, each is itself.
#[derive(Clone, Debug, Default, PartialEq)]
struct Map {
    /// Certainty and confidence, both growing.
    points: Vec<(f32, f32)>,
}

/// Maps from probabilities to confidences, by what a word costs on average in a text: a model is
/// sooner wrong where all around is damaged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    /// For texts of each cost, in nats, growing; between two, the confidences are interpolated.
    maps: Vec<(f32, Map)>,
}

/// A word that the model read, and whether it was right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// What a word costs on average in its text.
    pub word_cost: f32,
    pub probability: f32,
    pub right: bool,
}

impl Calibration {
    /// Fits the maps to words and whether they were right.
    pub fn fit(mut outcomes: Vec<Outcome>) -> Self {
        outcomes.sort_by(|a, b| a.word_cost.total_cmp(&b.word_cost));
        let size = outcomes.len().div_ceil(TEXT_GROUPS).max(1);
        let fit = |group: &[Outcome]| {
            let cost = group.iter().map(|outcome| outcome.word_cost).sum::<f32>();
            let pairs = group.iter().map(|outcome| (outcome.probability, outcome.right));
            (cost / group.len() as f32, Map::fit(pairs.collect()))
        };
        Self { maps: outcomes.chunks(size).map(fit).collect() }
    }

    /// The share of words right among those of this probability, in a text whose words cost so much
    /// on average.
    pub fn confidence(&self, probability: f32, word_cost: f32) -> f32 {
        let maps: Vec<(f32, f32)> =
            self.maps.iter().map(|(cost, map)| (*cost, map.confidence(probability))).collect();
        interpolated(&maps, word_cost).unwrap_or(probability)
    }

    pub(super) fn read(from: &mut Reader) -> Result<Self> {
        let costs = from.f32s()?;
        let map = |cost| Ok((cost, Map::read(from)?));
        Ok(Self { maps: costs.into_iter().map(map).collect::<Result<_>>()? })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let costs: Vec<f32> = self.maps.iter().map(|(cost, _)| *cost).collect();
        bytes::put_f32s(out, &costs);
        self.maps.iter().for_each(|(_, map)| map.write(out));
    }
}

/// What points (x growing, y) say of a place: a straight line between two, the nearest beyond the
/// ends; `None` without points.
fn interpolated(points: &[(f32, f32)], place: f32) -> Option<f32> {
    let at = points.partition_point(|point| point.0 <= place);
    Some(match (at.checked_sub(1).map(|before| points[before]), points.get(at)) {
        (None, None) => return None,
        (Some((_, value)), None) | (None, Some(&(_, value))) => value,
        (Some(before), Some(after)) => {
            let share = (place - before.0) / (after.0 - before.0).max(f32::EPSILON);
            before.1 + share * (after.1 - before.1)
        }
    })
}

/// How certain a probability is: 0.9 is 2.3 nats, 0.99 is 4.6.
fn certainty(probability: f32) -> f32 {
    -(1.0 - probability).max((-MOST_CERTAIN).exp()).ln()
}

impl Map {
    /// Fits the map to probabilities and whether the word was right.
    fn fit(mut outcomes: Vec<(f32, bool)>) -> Self {
        // Right ones first, so that groups of the same probability become one below.
        outcomes.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let size = outcomes.len().div_ceil(MOST_POINTS).max(1);
        // Sums of certainty, right words and words of groups of like probability.
        let mut groups = Vec::<(f64, f64, f64)>::new();
        for chunk in outcomes.chunks(size) {
            let certain: f64 = chunk.iter().map(|&(p, _)| f64::from(certainty(p))).sum();
            let right = chunk.iter().filter(|outcome| outcome.1).count() as f64;
            groups.push((certain, right, chunk.len() as f64));
            // Surer groups that are right less often become one with those before them.
            while let [.., before, last] = groups.as_slice()
                && before.1 * last.2 >= last.1 * before.2
            {
                let merged = (before.0 + last.0, before.1 + last.1, before.2 + last.2);
                groups.truncate(groups.len() - 2);
                groups.push(merged);
            }
        }
        let mut points = Vec::<(f32, f32)>::new();
        for (certain, right, all) in groups {
            // One of each is assumed, so that nothing is impossible or certain.
            let confidence = ((right + 1.0) / (all + 2.0)) as f32;
            let before = points.last().map_or(0.0, |point| point.1);
            points.push(((certain / all) as f32, confidence.max(before)));
        }
        Self { points }
    }

    fn confidence(&self, probability: f32) -> f32 {
        interpolated(&self.points, certainty(probability)).unwrap_or(probability)
    }

    fn read(from: &mut Reader) -> Result<Self> {
        let points: Vec<(f32, f32)> = from.f32s()?.into_iter().zip(from.f32s()?).collect();
        let grows = points.is_sorted_by(|a, b| a.0 <= b.0 && a.1 <= b.1);
        let is_share = |point: &(f32, f32)| (0.0..=1.0).contains(&point.1);
        if grows && points.iter().all(is_share) {
            Ok(Self { points })
        } else {
            Err(bytes::damaged())
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let (certainties, confidences): (Vec<f32>, Vec<f32>) = self.points.iter().copied().unzip();
        bytes::put_f32s(out, &certainties);
        bytes::put_f32s(out, &confidences);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of what is said to be 0.99, nine in ten are right; of what is said to be 0.6, half; in hard
    /// texts, fewer.
    fn too_sure() -> Calibration {
        let word = |word_cost, probability, right| Outcome { word_cost, probability, right };
        let outcomes = (0..1000).flat_map(|n| {
            [word(4.0, 0.99, n % 10 != 0), word(4.0, 0.6, n % 2 == 0), word(7.0, 0.99, n % 4 != 0)]
        });
        Calibration::fit(outcomes.collect())
    }

    #[test]
    fn confidence_is_the_share_that_is_right() {
        let calibration = too_sure();
        assert!((calibration.confidence(0.99, 4.0) - 0.9).abs() < 0.02);
        assert!((calibration.confidence(0.6, 4.0) - 0.5).abs() < 0.02);
        assert!((calibration.confidence(0.99, 7.0) - 0.75).abs() < 0.02);
        assert_eq!(Calibration::default().confidence(0.7, 4.0), 0.7);
    }

    #[test]
    fn confidence_grows_with_probability() {
        let calibration = too_sure();
        let confidences = (0..=100).map(|n| calibration.confidence(n as f32 / 100.0, 4.0));
        assert!(confidences.collect::<Vec<_>>().is_sorted());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut out = Vec::new();
        too_sure().write(&mut out);
        assert_eq!(Calibration::read(&mut Reader::new(&out)).unwrap(), too_sure());
    }
}
