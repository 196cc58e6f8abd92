//! Two readings of the same line to one: word by word, by likelihood and by spelling.
//!
//! Takes words in the same pixels. Which lines are worth a second reading is decided in
//! [`super::reread`].

use crate::ocr::Alternative;
use crate::ocr::tesseract::RawWord;
use crate::text::syllable::is_syllable;

/// Log likelihood of a spelling that a reading did not consider at all.
const UNHEARD_OF: f32 = -14.0;

/// How much less likely, in nats, a string of letters is that can be no Vietnamese syllable.
const NO_SYLLABLE: f32 = 2.0;

/// Most that a word deserves on which the readings differ.
const DISPUTED: f32 = 0.8;

/// Most that digits deserve on which the readings differ: a wrong number is worse than none.
const DISPUTED_DIGITS: f32 = 0.4;

/// Share of its confidence that a word keeps which only one of the readings has.
const ONLY_ONCE: f32 = 0.7;

/// Alternatives kept for a word.
const MOST_ALTERNATIVES: usize = 5;

/// Joins two readings of one line, words from left to right in each.
///
/// A word that both have is settled by likelihood. Where they cut the line differently, the cut
/// with the likelier words stays. Lines are those of the first reading.
pub fn settle(first: Vec<RawWord>, second: Vec<RawWord>) -> Vec<RawWord> {
    let line = first.first().map_or(0, |word| word.line);
    let mut settled = Vec::with_capacity(first.len());
    for (mine, theirs) in side_by_side(first, second) {
        match (mine.as_slice(), theirs.as_slice()) {
            ([a], [b]) => settled.push(settle_word(a, b)),
            _ => {
                let better =
                    if plausibility(&theirs) > plausibility(&mine) { theirs } else { mine };
                settled.extend(better.into_iter().map(|word| RawWord {
                    confidence: word.confidence * ONLY_ONCE,
                    line,
                    ..word
                }));
            }
        }
    }
    settled
}

/// Groups of words that stand in the same place: usually one of each reading.
fn side_by_side(first: Vec<RawWord>, second: Vec<RawWord>) -> Vec<(Vec<RawWord>, Vec<RawWord>)> {
    let mut groups: Vec<(u32, Vec<RawWord>, Vec<RawWord>)> = Vec::new();
    let mut words: Vec<(bool, RawWord)> = first.into_iter().map(|word| (true, word)).collect();
    words.extend(second.into_iter().map(|word| (false, word)));
    words.sort_by_key(|(of_first, word)| (word.bounds.x0, !of_first));
    for (of_first, word) in words {
        let joins = groups.last().is_some_and(|(end, ..)| {
            // Letters lean over their neighbours' boxes: a third of a word must be shared.
            let shared = end.saturating_sub(word.bounds.x0);
            3 * shared > word.bounds.width()
        });
        if !joins {
            groups.push((0, Vec::new(), Vec::new()));
        }
        if let Some((end, mine, theirs)) = groups.last_mut() {
            *end = (*end).max(word.bounds.x1);
            if of_first { mine.push(word) } else { theirs.push(word) }
        }
    }
    groups.into_iter().map(|(_, mine, theirs)| (mine, theirs)).collect()
}

fn settle_word(first: &RawWord, second: &RawWord) -> RawWord {
    let mut spellings: Vec<(&str, f32)> = Vec::new();
    for word in [first, second] {
        for text in readings(word).map(|(text, _)| text) {
            if !spellings.iter().any(|(known, _)| *known == text) {
                // The mean, not the sum: two readings of one picture are far from independent.
                let likelihood = (log_likelihood(first, text) + log_likelihood(second, text)) / 2.0;
                spellings.push((text, likelihood - if spells(text) { 0.0 } else { NO_SYLLABLE }));
            }
        }
    }
    // Stable: of equals the first reading's stays first.
    spellings.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (text, best) = spellings[0];
    let agreed = first.text == second.text && first.text == text;
    let (higher, lower) =
        (first.confidence.max(second.confidence), first.confidence.min(second.confidence));
    let confidence = if agreed {
        higher + (1.0 - higher) * lower / 2.0
    } else {
        let shares: f32 = spellings.iter().map(|(_, likelihood)| (likelihood - best).exp()).sum();
        let most =
            if digits(&first.text) == digits(&second.text) { DISPUTED } else { DISPUTED_DIGITS };
        (higher / shares).min(most)
    };
    let alternatives = spellings[1..].iter().take(MOST_ALTERNATIVES).map(|(text, likelihood)| {
        Alternative { text: (*text).to_owned(), confidence: confidence * (likelihood - best).exp() }
    });
    RawWord {
        text: text.to_owned(),
        bounds: first.bounds,
        confidence,
        line: first.line,
        alternatives: alternatives.collect(),
    }
}

/// A word's own text and its alternatives, with their confidences.
fn readings(word: &RawWord) -> impl Iterator<Item = (&str, f32)> {
    let alternatives =
        word.alternatives.iter().map(|other| (other.text.as_str(), other.confidence));
    std::iter::once((word.text.as_str(), word.confidence)).chain(alternatives)
}

fn log_likelihood(word: &RawWord, text: &str) -> f32 {
    readings(word)
        .find(|(known, _)| *known == text)
        .map_or(UNHEARD_OF, |(_, confidence)| confidence.ln().max(UNHEARD_OF))
}

/// Whether a word is a syllable, or nothing of which that could be asked: a number, a code, an
/// abbreviation in capitals.
pub fn spells(text: &str) -> bool {
    let core = text.trim_matches(|c: char| !c.is_alphanumeric());
    let lettered = core.chars().all(char::is_alphabetic);
    if core.is_empty() {
        return text.chars().all(|c| c.is_ascii_punctuation() || "“”‘’–…•".contains(c));
    }
    if !lettered {
        return core.chars().any(|c| c.is_ascii_digit() || "-/.&".contains(c));
    }
    is_syllable(core) || (core.len() <= 8 && core.chars().all(char::is_uppercase))
}

/// Mean plausibility of the words of a stretch; nothing at all is as plausible as a coin.
fn plausibility(words: &[RawWord]) -> f32 {
    if words.is_empty() {
        return 0.5;
    }
    let sum: f32 =
        words.iter().map(|word| word.confidence * if spells(&word.text) { 1.0 } else { 0.5 }).sum();
    sum / words.len() as f32
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::PixelBox;

    fn word(text: &str, x0: u32, x1: u32, confidence: f32, others: &[(&str, f32)]) -> RawWord {
        let alternatives = others
            .iter()
            .map(|(text, confidence)| Alternative {
                text: (*text).to_owned(),
                confidence: *confidence,
            })
            .collect();
        RawWord {
            text: text.to_owned(),
            bounds: PixelBox::new(x0, 0, x1, 20),
            confidence,
            line: 3,
            alternatives,
        }
    }

    fn settled(first: &[RawWord], second: &[RawWord]) -> Vec<(String, f32)> {
        let words = settle(first.to_vec(), second.to_vec());
        words.into_iter().map(|word| (word.text, word.confidence)).collect()
    }

    #[test]
    fn one_word_is_settled_by_likelihood_and_spelling() {
        // tổ chức: organisation. Columns: first, its rivals, second, its rivals, settled.
        type Read<'a> = (&'a str, f32, &'a [(&'a str, f32)]);
        let cases: [(Read, Read, &str); 5] = [
            (("tổ", 0.95, &[]), ("tổ", 0.9, &[]), "tổ"),
            (("tô", 0.6, &[("tổ", 0.3)]), ("tổ", 0.9, &[("tô", 0.01)]), "tổ"),
            (("tô", 0.9, &[("tổ", 0.01)]), ("tổ", 0.6, &[("tô", 0.3)]), "tô"),
            (("chứcc", 0.8, &[]), ("chức", 0.7, &[]), "chức"),
            (("5,", 0.7, &[("5.", 0.2)]), ("5.", 0.9, &[]), "5."),
        ];
        for ((first, sure, rivals), (second, surer, others), expected) in cases {
            let words =
                settled(&[word(first, 0, 40, sure, rivals)], &[word(second, 1, 41, surer, others)]);
            assert_eq!(words.len(), 1);
            assert_eq!(words[0].0, expected, "{first} and {second}");
        }
    }

    #[test]
    fn agreement_raises_confidence_and_dispute_lowers_it() {
        let agreed = settled(&[word("tổ", 0, 40, 0.9, &[])], &[word("tổ", 0, 40, 0.8, &[])]);
        assert!(agreed[0].1 > 0.9);
        let disputed = settled(&[word("tổ", 0, 40, 0.95, &[])], &[word("tố", 0, 40, 0.95, &[])]);
        assert!(disputed[0].1 <= DISPUTED);
    }

    #[test]
    fn digits_that_differ_are_never_trusted() {
        for (first, second) in [("28", "23"), ("3722/VPCP", "372/VPCP"), ("4", "A"), ("2026", "20")]
        {
            let words =
                settled(&[word(first, 0, 40, 0.97, &[])], &[word(second, 0, 40, 0.97, &[])]);
            assert!(words[0].1 <= DISPUTED_DIGITS, "{first} and {second}: {words:?}");
        }
    }

    #[test]
    fn a_line_cut_differently_takes_the_likelier_cut_whole() {
        // xây dựng: to build.
        let first = [word("xâydựng", 0, 100, 0.7, &[]), word("chương", 110, 170, 0.9, &[])];
        let second = [
            word("xây", 0, 45, 0.9, &[]),
            word("dựng", 55, 100, 0.9, &[]),
            word("chương", 111, 170, 0.9, &[]),
        ];
        let texts: Vec<_> = settled(&first, &second).into_iter().map(|(text, _)| text).collect();
        assert_eq!(texts, ["xây", "dựng", "chương"]);
    }

    #[test]
    fn what_one_reading_lacks_stays_only_if_it_was_read_well() {
        let words = settled(
            &[word("tổ", 0, 40, 0.9, &[]), word("~|", 60, 70, 0.3, &[])],
            &[word("tổ", 0, 40, 0.9, &[]), word("chức", 100, 150, 0.9, &[])],
        );
        let texts: Vec<_> = words.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["tổ", "chức"]);
        assert!(words[1].1 < 0.9);
    }

    #[test]
    fn an_empty_second_reading_changes_no_sure_word() {
        let words = settled(&[word("tổ", 0, 40, 0.9, &[])], &[]);
        assert_eq!(words[0].0, "tổ");
    }
}
