//! Encodings from before Unicode: TCVN3 (TCVN 5712:1993, also called ABC) and VNI for Windows.
//!
//! Their texts reach us as western letters ("Céng hßa x· héi", "Coäng hoøa xaõ hoäi"), whether the
//! file held bytes or was turned into Unicode as if it were western. A whole text is in one of them
//! or in none; what tells is whether its words are syllables before and after conversion.

use super::normalise::{Tone, with_tone};
use super::syllable::is_syllable;

/// An encoding from before Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldEncoding {
    /// TCVN 5712:1993, fonts .VnTime and the like. Its capitals with tones are small letters in a
    /// font of capitals, so they come out small.
    Tcvn3,
    /// VNI for Windows, fonts VNI-Times and the like.
    Vni,
}

/// TCVN3: the western letter at the same code, and the letter that is meant.
const TCVN3: [(char, char); 74] = [
    ('¡', 'Ă'),
    ('¢', 'Â'),
    ('£', 'Ê'),
    ('¤', 'Ô'),
    ('¥', 'Ơ'),
    ('¦', 'Ư'),
    ('§', 'Đ'),
    ('¨', 'ă'),
    ('©', 'â'),
    ('ª', 'ê'),
    ('«', 'ô'),
    ('¬', 'ơ'),
    ('\u{AD}', 'ư'),
    ('®', 'đ'),
    ('µ', 'à'),
    ('¶', 'ả'),
    ('·', 'ã'),
    ('¸', 'á'),
    ('¹', 'ạ'),
    ('»', 'ằ'),
    ('¼', 'ẳ'),
    ('½', 'ẵ'),
    ('¾', 'ắ'),
    ('Æ', 'ặ'),
    ('Ç', 'ầ'),
    ('È', 'ẩ'),
    ('É', 'ẫ'),
    ('Ê', 'ấ'),
    ('Ë', 'ậ'),
    ('Ì', 'è'),
    ('Î', 'ẻ'),
    ('Ï', 'ẽ'),
    ('Ð', 'é'),
    ('Ñ', 'ẹ'),
    ('Ò', 'ề'),
    ('Ó', 'ể'),
    ('Ô', 'ễ'),
    ('Õ', 'ế'),
    ('Ö', 'ệ'),
    ('×', 'ì'),
    ('Ø', 'ỉ'),
    ('Ü', 'ĩ'),
    ('Ý', 'í'),
    ('Þ', 'ị'),
    ('ß', 'ò'),
    ('á', 'ỏ'),
    ('â', 'õ'),
    ('ã', 'ó'),
    ('ä', 'ọ'),
    ('å', 'ồ'),
    ('æ', 'ổ'),
    ('ç', 'ỗ'),
    ('è', 'ố'),
    ('é', 'ộ'),
    ('ê', 'ờ'),
    ('ë', 'ở'),
    ('ì', 'ỡ'),
    ('í', 'ớ'),
    ('î', 'ợ'),
    ('ï', 'ù'),
    ('ñ', 'ủ'),
    ('ò', 'ũ'),
    ('ó', 'ú'),
    ('ô', 'ụ'),
    ('õ', 'ừ'),
    ('ö', 'ử'),
    ('÷', 'ữ'),
    ('ø', 'ứ'),
    ('ù', 'ự'),
    ('ú', 'ỳ'),
    ('û', 'ỷ'),
    ('ü', 'ỹ'),
    ('ý', 'ý'),
    ('þ', 'ỵ'),
];

/// VNI: letters that stand for one letter by themselves.
const VNI_LETTERS: [(char, char); 16] = [
    ('ô', 'ơ'),
    ('Ô', 'Ơ'),
    ('ö', 'ư'),
    ('Ö', 'Ư'),
    ('ñ', 'đ'),
    ('Ñ', 'Đ'),
    ('î', 'ỵ'),
    ('Î', 'Ỵ'),
    ('æ', 'ỉ'),
    ('Æ', 'Ỉ'),
    ('ó', 'ĩ'),
    ('Ó', 'Ĩ'),
    ('ò', 'ị'),
    ('Ò', 'Ị'),
    ('í', 'í'),
    ('ì', 'ì'),
];

/// VNI: the sign after a vowel, the quality mark that it gives (of a, e or o), and the tone.
const VNI_SIGNS: [(char, Option<char>, Option<Tone>); 17] = [
    ('ù', None, Some(Tone::Sac)),
    ('ø', None, Some(Tone::Huyen)),
    ('û', None, Some(Tone::Hoi)),
    ('õ', None, Some(Tone::Nga)),
    ('ï', None, Some(Tone::Nang)),
    ('â', Some('â'), None),
    ('á', Some('â'), Some(Tone::Sac)),
    ('à', Some('â'), Some(Tone::Huyen)),
    ('å', Some('â'), Some(Tone::Hoi)),
    ('ã', Some('â'), Some(Tone::Nga)),
    ('ä', Some('â'), Some(Tone::Nang)),
    ('ê', Some('ă'), None),
    ('é', Some('ă'), Some(Tone::Sac)),
    ('è', Some('ă'), Some(Tone::Huyen)),
    ('ú', Some('ă'), Some(Tone::Hoi)),
    ('ü', Some('ă'), Some(Tone::Nga)),
    ('ë', Some('ă'), Some(Tone::Nang)),
];

/// So many of the words with letters beyond ASCII must be syllables after conversion, so many more
/// than before, and so many such words there must be.
const LEAST_SYLLABLES: f64 = 0.85;
const LEAST_GAIN: f64 = 0.4;
const LEAST_WORDS: usize = 3;

impl OldEncoding {
    /// The name that people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcvn3 => "TCVN3 (ABC)",
            Self::Vni => "VNI",
        }
    }

    /// The text in Unicode, composed.
    pub fn convert(self, text: &str) -> String {
        match self {
            Self::Tcvn3 => text.chars().map(tcvn3_letter).collect(),
            Self::Vni => convert_vni(text),
        }
    }
}

/// The text in Unicode, if it is in an encoding from before; `None` if it isn't.
pub fn convert_old(text: &str) -> Option<(OldEncoding, String)> {
    let (words, before) = share_of_syllables(text);
    // Where nearly all are syllables already, no conversion gains enough.
    if words < LEAST_WORDS || before > 1.0 - LEAST_GAIN {
        return None;
    }
    [OldEncoding::Tcvn3, OldEncoding::Vni].into_iter().find_map(|encoding| {
        let converted = encoding.convert(text);
        let after = share_of_syllables(&converted).1;
        (after >= LEAST_SYLLABLES && after >= before + LEAST_GAIN).then_some((encoding, converted))
    })
}

/// Bytes of an old encoding as the western letters at their codes; bytes without one become U+FFFD.
pub fn western(bytes: &[u8]) -> String {
    let letter = |&byte: &u8| match byte {
        0x85 => '…',
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x96 => '–',
        0x97 => '—',
        0x80..0xA0 => char::REPLACEMENT_CHARACTER,
        _ => char::from(byte),
    };
    bytes.iter().map(letter).collect()
}

/// How many words have letters beyond ASCII, and how many of those are syllables.
fn share_of_syllables(text: &str) -> (usize, f64) {
    let (mut words, mut syllables) = (0, 0);
    for word in text.split_whitespace() {
        let core = word.trim_matches(|c: char| c.is_ascii_punctuation() || "“”‘’…–—".contains(c));
        if !core.is_ascii() {
            words += 1;
            syllables += usize::from(is_syllable(core));
        }
    }
    (words, syllables as f64 / words.max(1) as f64)
}

fn tcvn3_letter(letter: char) -> char {
    TCVN3.iter().find(|(western, _)| *western == letter).map_or(letter, |(_, meant)| *meant)
}

fn convert_vni(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let known = VNI_LETTERS.iter().find(|(western, _)| *western == letter);
        let base = known.map_or(letter, |(_, meant)| *meant);
        let marked = letters.peek().and_then(|&sign| with_vni_sign(base, sign));
        if marked.is_some() {
            letters.next();
        }
        out.push(marked.unwrap_or(base));
    }
    out
}

/// The vowel with what the sign after it gives; `None` if that is no sign of it.
fn with_vni_sign(base: char, sign: char) -> Option<char> {
    let small = |letter: char| letter.to_lowercase().next().unwrap_or(letter);
    let (_, quality, tone) = VNI_SIGNS.iter().find(|(known, ..)| *known == small(sign))?;
    let marked = match (quality, base) {
        (
            None,
            'a' | 'e' | 'o' | 'u' | 'y' | 'ơ' | 'ư' | 'A' | 'E' | 'O' | 'U' | 'Y' | 'Ơ' | 'Ư',
        ) => base,
        (Some('ă'), 'a') => 'ă',
        (Some('ă'), 'A') => 'Ă',
        (Some('â'), 'a') => 'â',
        (Some('â'), 'A') => 'Â',
        (Some('â'), 'e') => 'ê',
        (Some('â'), 'E') => 'Ê',
        (Some('â'), 'o') => 'ô',
        (Some('â'), 'O') => 'Ô',
        _ => return None,
    };
    Some(tone.map_or(marked, |tone| with_tone(marked, tone)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "Cộng hòa xã hội chủ nghĩa Việt Nam, độc lập, tự do, hạnh phúc; ủy ban nhân \
                        dân tỉnh quyết định về việc thưởng cho các tập thể";

    fn to_tcvn3(text: &str) -> String {
        let western = |letter| TCVN3.iter().find(|(_, meant)| *meant == letter);
        text.chars().map(|letter| western(letter).map_or(letter, |(western, _)| *western)).collect()
    }

    fn to_vni(text: &str) -> String {
        let spell = |letter: char| {
            if let Some((western, _)) = VNI_LETTERS.iter().find(|(_, meant)| *meant == letter) {
                return western.to_string();
            }
            for base in "aeouyơưAEOUYƠƯ".chars() {
                for (sign, ..) in VNI_SIGNS {
                    if with_vni_sign(base, sign) == Some(letter) {
                        return format!("{}{sign}", to_vni(&base.to_string()));
                    }
                }
            }
            letter.to_string()
        };
        text.chars().map(spell).collect()
    }

    #[test]
    fn known_texts_are_recognised_and_converted() {
        let pairs = [
            (
                OldEncoding::Tcvn3,
                "Céng hßa x· héi chñ nghÜa ViÖt Nam",
                "Cộng hòa xã hội chủ nghĩa Việt Nam",
            ),
            (
                OldEncoding::Vni,
                "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam",
                "Cộng hòa xã hội chủ nghĩa Việt Nam",
            ),
        ];
        for (encoding, old, modern) in pairs {
            assert_eq!(convert_old(old), Some((encoding, modern.to_owned())));
        }
    }

    #[test]
    fn other_texts_are_in_no_old_encoding() {
        for text in [
            TEXT,
            "",
            "Le conseil a décidé que l’année prochaine les élèves iraient à l’étranger",
            "Cén cit Nghi quyét sé 71/NQ-CP ngay 01/4/2025 ciia Chinh phii sira déi, bé sung",
            "café 57 € – naïve façade",
        ] {
            assert_eq!(convert_old(text), None, "{text}");
        }
    }

    #[test]
    fn bytes_become_the_western_letters_at_their_codes() {
        assert_eq!(western(b"C\xE9ng h\xDFa \x93x\xB7\x94"), "Céng hßa “x·”");
    }

    proptest! {
        #[test]
        fn what_was_converted_is_what_was_meant(
            words in prop::collection::vec(prop::sample::select(TEXT.split([' ', ',', ';']).filter(|w| !w.is_empty()).collect::<Vec<_>>()), 0..30)
        ) {
            let text = words.join(" ");
            prop_assert_eq!(OldEncoding::Tcvn3.convert(&to_tcvn3(&text)), text.clone());
            prop_assert_eq!(OldEncoding::Vni.convert(&to_vni(&text)), text);
        }

        #[test]
        fn any_text_is_converted_without_panic(text in "\\PC{0,60}") {
            for encoding in [OldEncoding::Tcvn3, OldEncoding::Vni] {
                prop_assert_eq!(encoding.convert(&text).is_empty(), text.is_empty());
            }
        }
    }
}
