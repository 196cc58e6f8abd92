//! Estimates an n-gram model: interpolated modified Kneser-Ney (Chen and Goodman 1998), then
//! pruned: an n-gram stays if the texts get so much less likely without it (weighted difference,
//! Seymore and Rosenfeld 1996), and its mass otherwise goes to back-off.

use anyhow::Result;
use sohoa::repair::language_model::{
    BOUNDARY, LanguageModel, Level, backoff_to_byte, cost_to_byte,
};

/// An n-gram packed into a number, its first word highest, so that numbers sort as a trie does.
type Key = u64;

/// The n-grams of one order with their counts, sorted.
type Counts = Vec<(Key, u64)>;

/// One order while it is estimated.
struct Order {
    keys: Vec<Key>,
    /// Natural logarithms.
    log_probabilities: Vec<f64>,
    log_backoffs: Vec<f64>,
}

/// The model of the tokens. An n-gram of more than one word stays if all that the tokens cost, in
/// nats, grows by `worth` without it.
pub fn estimate(tokens: &[u16], words: usize, order: usize, worth: f64) -> Result<LanguageModel> {
    let mut counts = count(tokens, order);
    let vocabulary = words + usize::from(sohoa::repair::language_model::FIRST_WORD);
    add_unseen_words(&mut counts[0], vocabulary);
    let all: Vec<Vec<bool>> = counts.iter().map(|list| vec![true; list.len()]).collect();
    let whole = smooth_all(&counts, &all, vocabulary);
    let kept = choose(tokens, &counts, &whole, worth);
    drop(whole);
    Ok(LanguageModel::new(levels(&smooth_all(&counts, &kept, vocabulary)))?)
}

fn smooth_all(counts: &[Counts], kept: &[Vec<bool>], vocabulary: usize) -> Vec<Order> {
    let mut orders = Vec::<Order>::new();
    for (index, order_counts) in counts.iter().enumerate() {
        let order = smooth(order_counts, &kept[index], index, &orders, vocabulary);
        // The back-off of this order's n-grams is known once the next order's counts are.
        if let Some(lower) = orders.last_mut() {
            lower.log_backoffs = order.1;
        }
        orders.push(order.0);
    }
    orders
}

/// Counts of each order: real ones of the highest and of what begins a sentence, else the number
/// of different words before.
fn count(tokens: &[u16], orders: usize) -> Vec<Counts> {
    let mut counts = vec![Counts::new(); orders];
    for order in (1..=orders).rev() {
        counts[order - 1] = if order == orders {
            real_counts(tokens, order)
        } else {
            let shorter = 16 * order as u32;
            let mut keys: Vec<Key> =
                counts[order].iter().map(|(key, _)| key & ((1 << shorter) - 1)).collect();
            if order > 1 {
                keys.extend(windows(tokens, order).filter(|w| w[0] == BOUNDARY).map(pack));
            }
            run_lengths(keys)
        };
    }
    counts
}

/// How often each n-gram of an order stands in the tokens.
fn real_counts(tokens: &[u16], order: usize) -> Counts {
    run_lengths(windows(tokens, order).map(pack).collect())
}

/// The n-grams of the tokens. Nothing is said across a sentence end; a lone boundary is an end.
fn windows(tokens: &[u16], order: usize) -> impl Iterator<Item = &[u16]> {
    tokens.windows(order).filter(move |window| {
        !window[..order - 1].iter().skip(1).any(|&word| word == BOUNDARY)
            && (order == 1 || window != &[BOUNDARY; 2])
    })
}

fn pack(words: &[u16]) -> Key {
    words.iter().fold(0, |key, &word| key << 16 | Key::from(word))
}

fn run_lengths(mut keys: Vec<Key>) -> Counts {
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u64)).collect()
}

/// Every word number has a place on the first level, seen or not.
fn add_unseen_words(unigrams: &mut Counts, vocabulary: usize) {
    let mut all: Counts = (0..vocabulary as Key).map(|word| (word, 0)).collect();
    for &(word, count) in unigrams.iter() {
        all[word as usize].1 = count;
    }
    *unigrams = all;
}

/// Which n-grams stay: those that are worth it, and the beginnings of longer ones that stay.
/// `whole` holds all.
fn choose(tokens: &[u16], counts: &[Counts], whole: &[Order], worth: f64) -> Vec<Vec<bool>> {
    let mut kept: Vec<Vec<bool>> = Vec::new();
    for (index, list) in counts.iter().enumerate().rev() {
        let mut keep = vec![index == 0; list.len()];
        if index > 0 {
            let order = &whole[index];
            let context = &whole[index - 1];
            for (key, count) in real_counts(tokens, index + 1) {
                let Ok(at) = order.keys.binary_search(&key) else { continue };
                let backed_off = match context.keys.binary_search(&(key >> 16)) {
                    Ok(parent) => context.log_backoffs[parent],
                    Err(_) => 0.0,
                };
                let suffix = key & ((1 << (16 * index)) - 1);
                let without = backed_off + probability(&whole[..index], suffix, index).ln();
                keep[at] = count as f64 * (order.log_probabilities[at] - without) >= worth;
            }
        }
        if let Some(longer) = kept.last() {
            for (&(key, _), _) in counts[index + 1].iter().zip(longer).filter(|(_, stays)| **stays)
            {
                if let Ok(at) = list.binary_search_by_key(&(key >> 16), |entry| entry.0) {
                    keep[at] = true;
                }
            }
        }
        kept.push(keep);
    }
    kept.reverse();
    kept
}

/// The discounts for counts 1, 2 and from 3.
fn discounts(counts: &Counts) -> [f64; 4] {
    let mut with = [0.0_f64; 5];
    for &(_, count) in counts.iter().filter(|(_, count)| (1..=4).contains(count)) {
        with[count as usize] += 1.0;
    }
    let y = with[1] / (with[1] + 2.0 * with[2]).max(1.0);
    let discount = |n: usize| {
        let estimate = n as f64 - (n as f64 + 1.0) * y * with[n + 1] / f64::max(with[n], 1.0);
        estimate.clamp(0.1, n as f64 * 0.95)
    };
    [0.0, discount(1), discount(2), discount(3)]
}

/// Probabilities of one order, and the back-offs of the order below.
fn smooth(
    counts: &Counts,
    kept: &[bool],
    index: usize,
    lower: &[Order],
    vocabulary: usize,
) -> (Order, Vec<f64>) {
    let discounts = discounts(counts);
    let mut order =
        Order { keys: Vec::new(), log_probabilities: Vec::new(), log_backoffs: Vec::new() };
    let mut backoffs = vec![0.0; lower.last().map_or(0, |below| below.keys.len())];
    let mut at = 0;
    for group in counts.chunk_by(|a, b| a.0 >> 16 == b.0 >> 16) {
        let kept = &kept[at..at + group.len()];
        at += group.len();
        let total: f64 = group.iter().map(|&(_, count)| count as f64).sum();
        let discounted = |count: u64, keep: bool| {
            let left = count as f64 - discounts[count.min(3) as usize];
            if keep { left } else { 0.0 }
        };
        let seen: f64 = group.iter().zip(kept).map(|(&(_, c), &keep)| discounted(c, keep)).sum();
        let left_over = (1.0 - seen / total).max(1e-9);
        if let Some(below) = lower.last()
            && let Ok(parent) = below.keys.binary_search(&(group[0].0 >> 16))
        {
            backoffs[parent] = left_over.ln();
        }
        for (&(key, count), _) in group.iter().zip(kept).filter(|(_, keep)| **keep) {
            let shorter = if index == 0 {
                1.0 / vocabulary as f64
            } else {
                probability(lower, key & ((1 << (16 * index)) - 1), index)
            };
            order.keys.push(key);
            let probability = discounted(count, true) / total + left_over * shorter;
            order.log_probabilities.push(probability.ln());
        }
    }
    order.log_backoffs = vec![0.0; order.keys.len()];
    (order, backoffs)
}

/// The probability of the last word of an n-gram after the others, by the orders that are done.
fn probability(orders: &[Order], key: Key, length: usize) -> f64 {
    let mut backed_off = 0.0;
    for length in (1..=length).rev() {
        let order = &orders[length - 1];
        let suffix = key & (1_u128 << (16 * length)).wrapping_sub(1) as Key;
        if let Ok(at) = order.keys.binary_search(&suffix) {
            return (backed_off + order.log_probabilities[at]).exp();
        }
        let context = &orders[length - 2];
        if let Ok(at) = context.keys.binary_search(&(suffix >> 16)) {
            backed_off += context.log_backoffs[at];
        }
    }
    f64::MIN_POSITIVE
}

/// The trie that the program reads.
fn levels(orders: &[Order]) -> Vec<Level> {
    let children = |index: usize| -> Vec<u32> {
        let Some(next) = orders.get(index + 1) else { return Vec::new() };
        let ends = orders[index]
            .keys
            .iter()
            .map(|&key| next.keys.partition_point(|child| child >> 16 <= key) as u32);
        std::iter::once(0).chain(ends).collect()
    };
    let level = |(index, order): (usize, &Order)| {
        let words: Vec<u16> = order.keys.iter().map(|&key| key as u16).collect();
        let backoffs = order.log_backoffs.iter().map(|&log| backoff_to_byte(-log as f32));
        Level::new(
            if index == 0 { &[] } else { &words },
            order.log_probabilities.iter().map(|&log| cost_to_byte(-log as f32)).collect(),
            if index + 1 == orders.len() { Vec::new() } else { backoffs.collect() },
            &children(index),
        )
    };
    orders.iter().enumerate().map(level).collect()
}
