//! List labels follow their sequence: a, b, c, d, đ, e, g … and I, II, III, IV, … A label that was
//! misread is what its place in the sequence says, if it can have been read so.

use std::ops::Range;

/// Letters of points, in the order of Vietnamese documents (Decree 30/2020/NĐ-CP leaves out f, j, w
/// and z).
const LETTERS: [char; 22] = [
    'a', 'b', 'c', 'd', 'đ', 'e', 'g', 'h', 'i', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't',
    'u', 'v', 'x',
];
const ROMAN: [&str; 15] =
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"];

/// What letters are read as by OCR that doesn't know them, besides themselves. No digits: 6) may be
/// the label.
const MISREAD: [(char, &str); 6] =
    [('a', "áâ@"), ('b', "h"), ('c', "¢©€"), ('đ', "db"), ('e', "€¢©"), ('g', "øq")];

/// A label that is to be something else.
#[derive(Clone, Debug, PartialEq)]
pub struct Mended {
    /// 0-based.
    pub line: usize,
    /// Bytes of the line.
    pub span: Range<usize>,
    pub text: String,
}

/// The labels that were misread, of a text's lines in order.
pub fn mended_labels(lines: &[&str]) -> Vec<Mended> {
    let mut mended = Vec::new();
    let mut last_letter: Option<usize> = None;
    let mut last_roman: Option<usize> = None;
    for (line, text) in lines.iter().enumerate() {
        let start = text.len() - text.trim_start().len();
        let Some(word) = text.split_whitespace().next() else { continue };
        if let Some(label) = word.strip_suffix(')') {
            let next = last_letter.map_or(0, |last| last + 1);
            if let Some(at) = letter_at(label, next, last_letter) {
                if label != LETTERS[at].to_string() {
                    let span = start..start + label.len();
                    mended.push(Mended { line, span, text: LETTERS[at].to_string() });
                }
                last_letter = Some(at);
            }
        } else if let Some(label) = word.strip_suffix('.') {
            // A number or a numeral above begins the letters anew.
            if label.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
                last_letter = None;
            }
            let next = last_roman.map_or(0, |last| last + 1);
            if let Some(at) = numeral_at(label, next) {
                if label != ROMAN[at] {
                    let span = start..start + label.len();
                    mended.push(Mended { line, span, text: ROMAN[at].to_owned() });
                }
                last_roman = Some(at);
                last_letter = None;
            }
        }
    }
    mended
}

/// The place of a letter label: where it says, unless it can't follow and can have been read for
/// what does.
fn letter_at(label: &str, next: usize, last: Option<usize>) -> Option<usize> {
    let expected = *LETTERS.get(next)?;
    let mut letters = label.chars();
    let known = match (letters.next(), letters.next()) {
        (Some(letter), None) => LETTERS.iter().position(|&other| other == letter),
        _ => None,
    };
    // Half a sign and a letter: c¢.
    let misread =
        MISREAD.iter().find(|(letter, _)| *letter == expected).is_some_and(|(letter, signs)| {
            !label.is_empty()
                && label.chars().count() <= 2
                && label.chars().all(|c| signs.contains(c) || c == *letter)
        });
    match known {
        // đ lost its stroke where d was before it.
        Some(at) if at == next || (at != last.unwrap_or(usize::MAX) && !misread) => Some(at),
        _ if misread => Some(next),
        other => other,
    }
}

/// The place of a Roman numeral; one whose strokes run together is the next.
fn numeral_at(label: &str, next: usize) -> Option<usize> {
    let known = ROMAN.iter().position(|&numeral| numeral == label);
    let strokes = |label: &str| label.replace(['l', 'L', '1', 'T', 'H'], "I");
    let expected = ROMAN.get(next)?;
    let long = label.len() >= 2 && label.bytes().all(|byte| b"IVXLl1TH".contains(&byte));
    // L and l are I; II can be read as H.
    let meant = long && label.bytes().any(|byte| b"IVXL".contains(&byte)) && {
        let strokes = strokes(label);
        strokes == *expected || label.replace('H', "II").replace(['l', 'L', '1'], "I") == *expected
    };
    match known {
        Some(at) => Some(at),
        None if meant => Some(next),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(lines: &[&str]) -> Vec<String> {
        let mut lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        let borrowed: Vec<&str> = lines.iter().map(String::as_str).collect();
        for label in mended_labels(&borrowed).into_iter().rev() {
            lines[label.line].replace_range(label.span, &label.text);
        }
        lines
    }

    #[test]
    fn letters_follow_their_sequence() {
        let read = ["a) Mot", "b) Hai", "¢) Ba", "d) Bon", "d) Nam", "e) Sau", "g) Bay"];
        let right = ["a) Mot", "b) Hai", "c) Ba", "d) Bon", "đ) Nam", "e) Sau", "g) Bay"];
        assert_eq!(mended(&read), right);
        assert_eq!(mended(&["1. So", "a) Mot", "2. So", "a) Mot"])[3], "a) Mot");
        assert_eq!(mended(&["a) Mot", "b) Hai", "c¢) Ba"])[2], "c) Ba");
    }

    #[test]
    fn numerals_follow_their_sequence() {
        let read = ["I. Mot", "IL. Hai", "III. Ba", "IV. Bon", "V. Nam", "VL. Sau"];
        let right = ["I. Mot", "II. Hai", "III. Ba", "IV. Bon", "V. Nam", "VI. Sau"];
        assert_eq!(mended(&read), right);
    }

    #[test]
    fn labels_that_can_be_right_and_words_that_are_none_stay() {
        for lines in [
            &["a) Mot", "b) Hai", "d) Bon"][..],
            &["b) Hai", "c) Ba"],
            &["a) Mot", "a) Mot"],
            &["AI. Mot", "VIP. Hai"],
            &["1) Mot", "2) Hai"],
            &["(c) Ba", ") Bon", ". Nam", "L. Sau"],
        ] {
            assert_eq!(mended(lines), lines);
        }
    }
}
