//! Cuts text into what the language model calls words, numbers, codes and sentence ends.
//!
//! The same cut is used to train the model and to repair, so that both see the same text. Damaged
//! text is cut as it stands: whether "d6i" is a word is left to `candidates`.

use std::ops::Range;

use super::language_model::{CODE, DATE, LABEL, NUMBER, SMALL_NUMBER, YEAR};

/// What a piece of text is, by its looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Letters, perhaps with digits or apostrophes among them.
    Word,
    /// Digits, with the signs that numbers and dates have within: 2025, 19/02/2025, 1.000.
    Number,
    /// The symbol of a document and the like: 57-NQ/TW, KH-UBND; addresses of the net and of files.
    Code,
    /// What stands before an item of a list: IV, a, 2.1.
    Label,
    /// A sentence ends or begins here; the span may be empty.
    Break,
}

impl Kind {
    /// What the language model counts a number, code or label as; `None` for a word or a break.
    pub fn class(self, text: &str) -> Option<u16> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::Word | Self::Break => None,
            Self::Label => Some(LABEL),
            Self::Code => Some(CODE),
            Self::Number if digits && text.len() <= 2 => Some(SMALL_NUMBER),
            Self::Number if digits && text.len() == 4 && text.starts_with(['1', '2']) => Some(YEAR),
            Self::Number if text.contains('/') => Some(DATE),
            Self::Number => Some(NUMBER),
        }
    }
}

/// A piece of text and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the text that was cut.
    pub span: Range<usize>,
    pub kind: Kind,
}

/// Marks that OCR makes of Vietnamese marks, so that they may be part of a word.
fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | '`' | '´')
}

/// Letters and digits, and the signs that OCR reads for letters it doesn't know (B§, K¢ hoach);
/// superscript digits are footnote marks and belong to no word.
fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() && !matches!(letter, 'ª' | 'º')
        || letter.is_ascii_digit()
        || matches!(letter, '¢' | '£' | '€' | '¥' | '§' | '©' | '®' | '&' | '$')
}

/// Cuts one line. Spaces, commas, quotes and brackets are in no token.
///
/// A line that starts with a bullet or a list label starts a sentence.
pub fn tokens_of_line(line: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (number, word) in line.split_whitespace().enumerate() {
        // `word` is a slice of `line`, so the difference of their addresses is its offset.
        let at = word.as_ptr() as usize - line.as_ptr() as usize;
        let label = number == 0 && is_label(word);
        if number == 0 && (label || !word.contains(is_letter)) {
            tokens.push(Token { span: at..at, kind: Kind::Break });
        }
        let start = tokens.len();
        cut_word(word, at, &mut tokens);
        if let (true, Some(token)) = (label, tokens.get_mut(start))
            && token.kind == Kind::Word
        {
            token.kind = Kind::Label;
        }
    }
    tokens
}

/// Cuts a word without white space that stands at byte `offset`.
fn cut_word(word: &str, offset: usize, tokens: &mut Vec<Token>) {
    let Some(start) = word.find(is_letter) else {
        if word.contains(ends_sentence) {
            tokens.push(Token { span: offset..offset + word.len(), kind: Kind::Break });
        }
        return;
    };
    let tail = word
        .rfind(is_letter)
        .map_or(word.len(), |last| last + word[last..].chars().next().map_or(0, char::len_utf8));
    let core = &word[start..tail];
    let whole = |kind| Token { span: offset + start..offset + tail, kind };
    if is_number(core) {
        tokens.push(whole(Kind::Number));
    } else if is_code(core) || is_measure(core) || is_address(core) {
        tokens.push(whole(Kind::Code));
    } else {
        // An apostrophe after the last letter may be the horn of an ơ.
        let end = tail
            + word[tail..].chars().next().filter(|&c| is_apostrophe(c)).map_or(0, char::len_utf8);
        cut_pieces(&word[start..end], offset + start, tokens);
    }
    if word[tail..].contains(ends_sentence) || (word[tail..].starts_with(')') && is_label(word)) {
        let end = offset + word.len();
        tokens.push(Token { span: end..end, kind: Kind::Break });
    }
}

/// Cuts words that are joined by hyphens, slashes or a point without a space.
fn cut_pieces(core: &str, offset: usize, tokens: &mut Vec<Token>) {
    let joins = |letter: char| !is_letter(letter) && !is_apostrophe(letter);
    let mut at = 0;
    for piece in core.split_inclusive(joins) {
        let letters = piece.trim_end_matches(joins);
        if letters.contains(is_letter) {
            let kind = if is_number(letters) { Kind::Number } else { Kind::Word };
            tokens.push(Token { span: offset + at..offset + at + letters.len(), kind });
        }
        at += piece.len();
        if piece[letters.len()..].contains(ends_sentence) {
            tokens.push(Token { span: offset + at..offset + at, kind: Kind::Break });
        }
    }
}

fn ends_sentence(letter: char) -> bool {
    matches!(letter, '.' | ';' | ':' | '!' | '?' | '…')
}

/// Units that stand without a space behind a number: 2.029,4ha.
const UNITS: [&str; 14] =
    ["ha", "m", "m2", "m3", "km", "km2", "cm", "mm", "kg", "kw", "mw", "kv", "h", "tr"];

/// Digits, and between them what separates thousands, days and months, or a range; perhaps a unit.
fn is_number(core: &str) -> bool {
    let small = core.to_lowercase();
    let ends_in_digit = |digits: &&str| digits.ends_with(|c: char| c.is_ascii_digit());
    let mut digits = UNITS.iter().filter_map(|unit| small.strip_suffix(unit));
    let core = digits.find(ends_in_digit).unwrap_or(&small);
    core.starts_with(|c: char| c.is_ascii_digit())
        && core
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '/' | '-' | '–' | ':' | '%'))
}

/// Several parts joined by hyphen or slash, one of which is a number or an abbreviation.
fn is_code(core: &str) -> bool {
    let joins = |c: char| matches!(c, '/' | '-' | '–');
    core.contains(joins)
        && core.split(joins).any(|part| {
            part.starts_with(|c: char| c.is_ascii_digit())
                || part.chars().count() >= 2
                    && part.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
        })
}

/// Square and cubic measures: m2, km2, dm3.
fn is_measure(core: &str) -> bool {
    let unit = core.strip_suffix(['2', '3']);
    unit.is_some_and(|unit| matches!(unit, "m" | "km" | "hm" | "dm" | "cm" | "mm"))
}

/// The address of a mailbox, a page of the net or a file.
fn is_address(core: &str) -> bool {
    core.contains(['@', '\\']) || core.contains("://") || core.starts_with("www.")
}

/// A list label as it is printed before its item: "1.", "2.1.", "IV.", "a)", "1)".
pub(super) fn is_label(word: &str) -> bool {
    let Some(label) = word.strip_suffix(['.', ')']) else { return false };
    let digits = label
        .split('.')
        .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    let roman = (1..=5).contains(&label.len()) && label.bytes().all(|b| b"IVXL".contains(&b));
    let rest = label.trim_start_matches(char::is_alphabetic);
    let letter = word.ends_with(')')
        && (label.chars().count() == 1
            || label.chars().count() == 2
                && rest.len() == 1
                && rest.as_bytes()[0].is_ascii_digit());
    digits || roman || letter
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str) -> String {
        let show = |token: &Token| match token.kind {
            Kind::Word => line[token.span.clone()].to_owned(),
            Kind::Number => format!("#{}", &line[token.span.clone()]),
            Kind::Code => format!("@{}", &line[token.span.clone()]),
            Kind::Label => format!("*{}", &line[token.span.clone()]),
            Kind::Break => "|".to_owned(),
        };
        tokens_of_line(line).iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_are_cut_into_words_numbers_codes_and_sentence_ends() {
        let lines = [
            ("  Căn cứ Luật, số 1.", "Căn cứ Luật số #1 |"),
            (
                "Nghị quyết số 57-NQ/TW ngày 22/12/2024;",
                "Nghị quyết số @57-NQ/TW ngày #22/12/2024 |",
            ),
            ("- Như Điều 3;", "| Như Điều #3 |"),
            ("a1) đơn vị", "| *a1 | đơn vị"),
            ("So\\TDKT\\Kh.doc a@b.vn", "@So\\TDKT\\Kh.doc @a@b.vn"),
            ("a) “Cả nước”", "| *a | Cả nước"),
            ("2.1. Mục tiêu:", "| #2.1 | Mục tiêu |"),
            ("IV. KHEN THƯỞNG", "| *IV | KHEN THƯỞNG"),
            ("KH-UBND/ và/hoặc", "@KH-UBND và hoặc"),
            ("d6i co’ nu‘c so”’;", "d6i co’ nu‘c so |"),
            ("B§ K¢ hoach B$ K& ¢)", "B§ K¢ hoach B$ K& ¢ |"),
            ("2025 - 2030", "#2025 #2030"),
            ("công nghệ¹ 15%", "công nghệ #15"),
            ("2.029,4ha 24h 100m2 m2", "#2.029,4ha #24h #100m2 @m2"),
            ("hết.Sau", "hết | Sau"),
            ("./.", "| |"),
            ("", ""),
        ];
        for (line, expected) in lines {
            assert_eq!(cut(line), expected, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn tokens_are_in_order_and_within_the_line(line in "[\\PC ]{0,40}") {
            let mut at = 0;
            for token in tokens_of_line(&line) {
                proptest::prop_assert!(token.span.start >= at && token.span.end >= token.span.start);
                proptest::prop_assert!(line.get(token.span.clone()).is_some());
                at = token.span.end;
            }
        }
    }
}
