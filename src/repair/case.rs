//! How words are printed: small, with a first capital, in capitals. The language model knows small
//! letters only; the case comes from what was read.

use crate::text::normalise::strip_marks;
use crate::text::syllable::is_syllable;

/// How a word is printed: its letters' shapes depend on it, and so does what they are read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    Small,
    /// The first letter is a capital.
    Title,
    Capitals,
    /// An abbreviation in capitals: HĐND.
    Abbreviation,
}

impl Case {
    /// The case in which a word was read; `in_capitals` if the rest of the line is.
    pub fn of(read: &str, in_capitals: bool) -> Self {
        let capitals = read.chars().filter(|c| c.is_uppercase()).count();
        let small = read.chars().filter(|c| c.is_lowercase()).count();
        let first = read.chars().find(|c| c.is_alphabetic());
        if capitals > small && (capitals >= 2 || in_capitals) {
            let word = in_capitals || capitals > 2 && may_be_syllable(&read.to_lowercase());
            if word { Self::Capitals } else { Self::Abbreviation }
        } else if first.is_some_and(char::is_uppercase) {
            Self::Title
        } else {
            Self::Small
        }
    }

    /// A word of small letters in this case.
    pub fn apply(self, word: &str) -> String {
        let mut letters = word.chars();
        match self {
            Self::Small => word.to_owned(),
            Self::Capitals | Self::Abbreviation => word.to_uppercase(),
            Self::Title => {
                letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
            }
        }
    }

    /// The case of a word that stands after another in what was read as one token.
    pub fn of_next(self) -> Self {
        if self == Self::Capitals { self } else { Self::Small }
    }
}

/// Whether a word of small letters can be a syllable that lost its marks. Signs and digits are
/// letters that were misread.
fn may_be_syllable(word: &str) -> bool {
    if !word.chars().all(char::is_alphabetic) {
        return true;
    }
    // Each vowel with each quality mark that it can have lost.
    let mut spellings = vec![String::new()];
    for letter in strip_marks(word).chars() {
        let marked = match letter {
            'a' => "aăâ",
            'e' => "eê",
            'o' => "oôơ",
            'u' => "uư",
            _ => "",
        };
        let with = |spelling: &String, letter: char| format!("{spelling}{letter}");
        spellings = match marked {
            "" => spellings.iter().map(|spelling| with(spelling, letter)).collect(),
            marked => spellings
                .iter()
                .flat_map(|spelling| marked.chars().map(move |letter| with(spelling, letter)))
                .collect(),
        };
        // No syllable has more than three vowels.
        if spellings.len() > 27 {
            return false;
        }
    }
    spellings.iter().any(|spelling| is_syllable(spelling))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_told_from_what_was_read_and_given_back() {
        let cases = [
            ("quyét", false, Case::Small, "quyết"),
            ("Quyét", false, Case::Title, "Quyết"),
            ("QUYET", false, Case::Capitals, "QUYẾT"),
            ("DUONG", false, Case::Capitals, "QUYẾT"),
            ("QUYLéT", true, Case::Capitals, "QUYẾT"),
            ("QUYET", true, Case::Capitals, "QUYẾT"),
            ("Q", true, Case::Capitals, "QUYẾT"),
            ("Q", false, Case::Title, "Quyết"),
            ("6", true, Case::Small, "quyết"),
        ];
        for (read, in_capitals, case, word) in cases {
            assert_eq!(Case::of(read, in_capitals), case, "{read}");
            assert_eq!(case.apply("quyết"), word);
        }
        assert_eq!(Case::of("HDND", false), Case::Abbreviation);
        assert_eq!(Case::of("HDND", true), Case::Capitals);
        assert_eq!(Case::of("AI", false), Case::Abbreviation);
    }
}
