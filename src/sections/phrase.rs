//! Comparing print with fixed phrases, so that a few damaged letters or lost marks do no harm.

use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// The letters and digits in lower case without marks (đ is d), words apart by single spaces.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char| {
        if c.is_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.push(c);
        } else if !is_combining_mark(c) {
            gap = true;
        }
    };
    for c in text.chars() {
        match BARE.get(c as usize) {
            _ if c.is_ascii() => push(c.to_ascii_lowercase()),
            Some(&bare) if bare != 0 => push(char::from(bare)),
            _ => decompose_canonical(c, |part| part.to_lowercase().for_each(&mut push)),
        }
    }
    folded
}

/// The small letter without marks of each letter of Vietnamese, by its code; 0 for others.
static BARE: LazyLock<[u8; 0x1f00]> = LazyLock::new(|| {
    let mut bare = [0; 0x1f00];
    for (code, bare) in (0x80..0x1f00).zip(&mut bare[0x80..]) {
        let Some(letter) = char::from_u32(code) else { continue };
        let mut parts = String::new();
        decompose_canonical(letter, |part| {
            if !is_combining_mark(part) {
                parts.extend(part.to_lowercase());
            }
        });
        *bare = match parts.as_bytes() {
            [only] if only.is_ascii_alphabetic() => *only,
            _ if matches!(letter, 'đ' | 'Đ') => b'd',
            _ => 0,
        };
    }
    bare
});

/// Whether one text has so many letters that the other lacks that no few edits make them alike.
fn differ(one: &str, other: &str, allowed: usize) -> bool {
    let mut counts = [0_i32; 256];
    one.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    other.bytes().for_each(|byte| counts[usize::from(byte)] -= 1);
    counts[usize::from(b' ')] = 0;
    let lacking: i32 = counts.iter().filter(|count| **count > 0).sum();
    lacking as usize > allowed
}

/// Whether two folded phrases are the same but for about one letter in six; spaces don't count.
///
/// Measured on the damage that OCR does to these phrases: "quylet pinh" is "quyet dinh".
pub(crate) fn is_like(folded: &str, phrase: &str) -> bool {
    if folded == phrase {
        return true;
    }
    let letters = |s: &str| s.bytes().filter(|&b| b != b' ').count();
    let length = letters(phrase);
    let allowed = length / 6 + usize::from(length > 8);
    if letters(folded).abs_diff(length) > allowed {
        return false;
    }
    // Most phrases that are compared have nothing in common.
    if differ(folded, phrase, allowed) {
        return false;
    }
    let squash = |s: &str| s.replace(' ', "");
    strsim::levenshtein(&squash(folded), &squash(phrase)) <= allowed
}

/// Whether a folded text begins with a phrase, or with as many words that are like it.
pub(crate) fn starts_like(folded: &str, phrase: &str) -> bool {
    if let Some(rest) = folded.strip_prefix(phrase) {
        return rest.is_empty() || rest.starts_with(' ');
    }
    let words = phrase.split(' ').count();
    let head_end = folded.match_indices(' ').nth(words - 1).map_or(folded.len(), |(at, _)| at);
    is_like(&folded[..head_end], phrase)
}

/// Whether a folded text holds all the words of a phrase, in order and side by side.
pub(crate) fn has_words(folded: &str, phrase: &str) -> bool {
    folded.match_indices(phrase).any(|(at, _)| {
        let end = at + phrase.len();
        (at == 0 || folded.as_bytes()[at - 1] == b' ')
            && (end == folded.len() || folded.as_bytes()[end] == b' ')
    })
}

/// As [`has_words`], but the words may be like those of the phrase.
pub(crate) fn has_words_like(folded: &str, phrase: &str) -> bool {
    let words: Vec<&str> = folded.split(' ').collect();
    words.windows(phrase.split(' ').count()).any(|window| is_like(&window.join(" "), phrase))
}

/// Where in a text a folded phrase, or words like it, stand; `None` if nowhere.
pub(crate) fn find_like(text: &str, phrase: &str) -> Option<Range<usize>> {
    let words: Vec<(usize, &str)> = text
        .split_whitespace()
        // Each word is a slice of `text`, so the difference of their addresses is its offset.
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
        .filter(|(_, word)| word.chars().any(char::is_alphanumeric))
        .collect();
    let count = phrase.split(' ').count();
    [count, count - 1, count + 1].into_iter().filter(|&size| size > 0).find_map(|size| {
        words.windows(size).find_map(|window| {
            let (start, last) = (window[0].0, window[size - 1]);
            let range = start..last.0 + last.1.len();
            is_like(&fold(&text[range.clone()]), phrase).then_some(range)
        })
    })
}

/// Whether a text has letters and nearly all of them are capitals.
pub(crate) fn is_capitals(text: &str) -> bool {
    let (mut upper, mut lower) = (0, 0);
    for c in text.chars() {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
    }
    upper > 0 && lower * 6 <= upper
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_letters_and_digits() {
        assert_eq!(fold("  ĐIỀU 1. – Sở Nội vụ;"), "dieu 1 so noi vu");
        assert_eq!(fold("./."), "");
    }

    #[test]
    fn damaged_phrases_are_known_and_others_are_not() {
        assert!(is_like(&fold("QUYLET PINH"), "quyet dinh"));
        assert!(is_like(&fold("KE HOẠ CH"), "ke hoach"));
        assert!(starts_like(&fold("Noi nhân: KT. CHỦ TỊCH"), "noi nhan"));
        assert!(starts_like(&fold("Nơi nhn:"), "noi nhan"));
        assert!(!is_like(&fold("QUY CHẾ"), "quy dinh"));
        assert!(!is_like(&fold("BÁO CÁO"), "thong bao"));
        assert!(!starts_like(&fold("Nội dung"), "noi nhan"));
    }

    #[test]
    fn phrases_are_found_within_merged_columns() {
        let found = |text: &'static str, phrase| find_like(text, phrase).map(|range| &text[range]);
        assert_eq!(
            found("PHƯỜNG AN Độc lập - Tự do - Hạnh phúc", "doc lap tu do hanh phuc"),
            Some("Độc lập - Tự do - Hạnh phúc")
        );
        assert_eq!(
            found(
                "SỞ Y TẾ CONG HOA XA HQOI CHU NGHIA VIET NAM",
                "cong hoa xa hoi chu nghia viet nam"
            ),
            Some("CONG HOA XA HQOI CHU NGHIA VIET NAM")
        );
        assert_eq!(found("SỞ Y TẾ", "doc lap tu do hanh phuc"), None);
        assert_eq!(found("", "so"), None);
    }

    #[test]
    fn words_are_whole_words() {
        assert!(has_words("thoi gian thuc hien", "thoi gian"));
        assert!(!has_words("phan cong", "phan co"));
    }
}
