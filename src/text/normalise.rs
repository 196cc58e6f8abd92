//! One spelling for what Unicode and habit spell in several ways: composed letters, look-alikes,
//! tone places; and the letters of Vietnamese taken apart into base, quality mark and tone.
//!
//! Everything works on characters and whole words; where words begin and end is the caller's.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::syllable::is_syllable;

/// The five written tones; a syllable without one has the level tone (thanh ngang).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// Acute: á.
    Sac,
    /// Grave: à.
    Huyen,
    /// Hook above: ả.
    Hoi,
    /// Tilde: ã.
    Nga,
    /// Dot below: ạ.
    Nang,
}

const TONES: [Tone; 5] = [Tone::Sac, Tone::Huyen, Tone::Hoi, Tone::Nga, Tone::Nang];

/// Each row is a vowel without a tone, then with each of [`TONES`].
const VOWELS: [[char; 6]; 24] = [
    ['a', 'á', 'à', 'ả', 'ã', 'ạ'],
    ['ă', 'ắ', 'ằ', 'ẳ', 'ẵ', 'ặ'],
    ['â', 'ấ', 'ầ', 'ẩ', 'ẫ', 'ậ'],
    ['e', 'é', 'è', 'ẻ', 'ẽ', 'ẹ'],
    ['ê', 'ế', 'ề', 'ể', 'ễ', 'ệ'],
    ['i', 'í', 'ì', 'ỉ', 'ĩ', 'ị'],
    ['o', 'ó', 'ò', 'ỏ', 'õ', 'ọ'],
    ['ô', 'ố', 'ồ', 'ổ', 'ỗ', 'ộ'],
    ['ơ', 'ớ', 'ờ', 'ở', 'ỡ', 'ợ'],
    ['u', 'ú', 'ù', 'ủ', 'ũ', 'ụ'],
    ['ư', 'ứ', 'ừ', 'ử', 'ữ', 'ự'],
    ['y', 'ý', 'ỳ', 'ỷ', 'ỹ', 'ỵ'],
    ['A', 'Á', 'À', 'Ả', 'Ã', 'Ạ'],
    ['Ă', 'Ắ', 'Ằ', 'Ẳ', 'Ẵ', 'Ặ'],
    ['Â', 'Ấ', 'Ầ', 'Ẩ', 'Ẫ', 'Ậ'],
    ['E', 'É', 'È', 'Ẻ', 'Ẽ', 'Ẹ'],
    ['Ê', 'Ế', 'Ề', 'Ể', 'Ễ', 'Ệ'],
    ['I', 'Í', 'Ì', 'Ỉ', 'Ĩ', 'Ị'],
    ['O', 'Ó', 'Ò', 'Ỏ', 'Õ', 'Ọ'],
    ['Ô', 'Ố', 'Ồ', 'Ổ', 'Ỗ', 'Ộ'],
    ['Ơ', 'Ớ', 'Ờ', 'Ở', 'Ỡ', 'Ợ'],
    ['U', 'Ú', 'Ù', 'Ủ', 'Ũ', 'Ụ'],
    ['Ư', 'Ứ', 'Ừ', 'Ử', 'Ữ', 'Ự'],
    ['Y', 'Ý', 'Ỳ', 'Ỷ', 'Ỹ', 'Ỵ'],
];

/// The letter without its tone, and the tone: `ế` is (`ê`, sắc); any other character is itself.
pub fn split_tone(letter: char) -> (char, Option<Tone>) {
    if letter.is_ascii() {
        return (letter, None);
    }
    for row in &VOWELS {
        if let Some(at) = row[1..].iter().position(|&toned| toned == letter) {
            return (row[0], Some(TONES[at]));
        }
    }
    (letter, None)
}

/// The vowel with the tone; a letter that takes no tone, or has one already, is returned as it is.
pub fn with_tone(letter: char, tone: Tone) -> char {
    VOWELS.iter().find(|row| row[0] == letter).map_or(letter, |row| row[1 + tone as usize])
}

/// The letter without tone and without quality mark: `ế` is `e`, `ợ` is `o`, `Đ` is `D`.
pub fn bare_letter(letter: char) -> char {
    match split_tone(letter).0 {
        'ă' | 'â' => 'a',
        'ê' => 'e',
        'ô' | 'ơ' => 'o',
        'ư' => 'u',
        'đ' => 'd',
        'Ă' | 'Â' => 'A',
        'Ê' => 'E',
        'Ô' | 'Ơ' => 'O',
        'Ư' => 'U',
        'Đ' => 'D',
        other => other,
    }
}

/// The text as it would be typed without Vietnamese marks. Takes NFC.
pub fn strip_marks(text: &str) -> String {
    text.chars().map(bare_letter).collect()
}

/// Canonical composition; borrows what is composed already.
pub fn nfc(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    }
}

/// The character that was meant, for those that look the same: Icelandic Ð and African Ɖ for the
/// Vietnamese Đ, the fraction slash for the slash.
pub fn fold_look_alike(letter: char) -> char {
    match letter {
        '\u{D0}' | '\u{189}' => 'Đ',
        '\u{F0}' => 'đ',
        '\u{2044}' | '\u{2215}' => '/',
        '\u{A0}' | '\u{2007}' | '\u{202F}' => ' ',
        other => other,
    }
}

/// The word with its tone where schools now write it: `hoá` is `hóa`, `uỷ` is `ủy`, `quý` stays.
///
/// Only open syllables in oa, oe and uy differ between the two habits; whatever is no Vietnamese
/// syllable is returned as it is. Takes one word in NFC, no punctuation.
pub fn modern_tone_place(word: &str) -> Cow<'_, str> {
    let mut letters = word.chars().rev();
    let (Some(last), Some(glide)) = (letters.next(), letters.next()) else {
        return Cow::Borrowed(word);
    };
    let (open, Some(tone)) = split_tone(last) else { return Cow::Borrowed(word) };
    let pair = (glide.to_ascii_lowercase(), open.to_ascii_lowercase());
    let after_q = letters.next().is_some_and(|onset| onset.eq_ignore_ascii_case(&'q'));
    if !matches!(pair, ('o', 'a' | 'e') | ('u', 'y')) || after_q || !is_syllable(word) {
        return Cow::Borrowed(word);
    }
    let head = &word[..word.len() - last.len_utf8() - glide.len_utf8()];
    Cow::Owned(format!("{head}{}{open}", with_tone(glide, tone)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_stripped_and_case_is_kept() {
        assert_eq!(strip_marks("Đột phá, Ủy ban; ƯỠN ngã"), "Dot pha, Uy ban; UON nga");
        assert_eq!(strip_marks("naïve 57-NQ/TW"), "naïve 57-NQ/TW");
    }

    #[test]
    fn every_vowel_is_taken_apart_and_put_together_again() {
        for row in VOWELS {
            for (&toned, tone) in row[1..].iter().zip(TONES) {
                assert_eq!(split_tone(toned), (row[0], Some(tone)));
                assert_eq!(with_tone(row[0], tone), toned);
            }
            assert_eq!(split_tone(row[0]), (row[0], None));
        }
        assert_eq!(with_tone('đ', Tone::Sac), 'đ');
    }

    #[test]
    fn old_tone_places_become_modern_ones_and_nothing_else_changes() {
        let pairs = [
            ("hoá", "hóa"),
            ("Hoà", "Hòa"),
            ("khoẻ", "khỏe"),
            ("uỷ", "ủy"),
            ("UỶ", "ỦY"),
            ("thuý", "thúy"),
            ("hóa", "hóa"),
            ("quý", "quý"),
            ("QUÝ", "QUÝ"),
            ("toàn", "toàn"),
            ("huỳnh", "huỳnh"),
            ("goá", "góa"),
            ("già", "già"),
            ("boá", "boá"),
            ("á", "á"),
            ("", ""),
        ];
        for (old, modern) in pairs {
            assert_eq!(modern_tone_place(old), modern, "{old}");
            assert_eq!(modern_tone_place(modern), modern, "twice: {old}");
        }
    }

    #[test]
    fn decomposed_letters_are_composed() {
        assert_eq!(nfc("Ngh\u{129}a vi\u{EA}\u{323}t o\u{31B}\u{301}"), "Nghĩa việt ớ");
        assert!(matches!(nfc("đã gộp"), Cow::Borrowed(_)));
    }

    #[test]
    fn look_alikes_become_the_letter_that_was_meant() {
        let folded: String = "QÐ⁄TTg ð".chars().map(fold_look_alike).collect();
        assert_eq!(folded, "QĐ/TTg đ");
    }
}
