//! Number and symbol (số, ký hiệu) of a document: "57-NQ/TW", "98/2023/NĐ-CP", "112/2025/QH15".
//!
//! The word of kind before them says how the symbol must begin, so letters that were read wrong
//! there are mended; a digit that was read as a letter is only guessed, and said to be doubtful.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::kinds;
use crate::extract::floor_boundary;
use crate::text::normalise::strip_marks;

/// Number and symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// "57"; `None` where the page leaves a blank or could not be read.
    pub number: Option<String>,
    /// "NQ/TW"; empty where only a number's place is printed.
    pub symbol: String,
    /// The whole, as correctly printed: "57-NQ/TW", "98/2023/NĐ-CP", "⟨?⟩/QĐ-UBND".
    pub id: String,
    pub reading: Reading,
}

/// How a code was read, surest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// A letter stands where a digit must.
    DoubtfulNumber,
    /// The symbol's first letters were mended by the word of kind.
    MendedSymbol,
    Clean,
}

/// Stands for a number that the page leaves blank or that can't be read.
pub const UNREAD: &str = "⟨?⟩";

/// Part of a symbol: capitals, with the small letters of "CTr", "TTg" and the session of "QH15".
const PART: &str = r"(?:T W\b|\p{Lu}[\p{L}&]*\d{0,2})";

/// "số", also with its vowel lost ("sb", "s0") or read as digits ("56 71/NQ-CP").
const NUMBER_WORD: &str = r"(?:(?i: số)| s[^\s\d]{1,2}| s0| 56)?[:.]? ?";

/// " số 57-NQ/TW", " 553/QĐ-UBND", " số 98/2023/NĐ-CP".
static CLEAN: LazyLock<Regex> = LazyLock::new(|| {
    built(&format!(
        r"^{NUMBER_WORD}(?<number>\d{{1,5}}[a-zA-Z]?)(?<year> ?/ ?(?:19|20)\d\d)? ?(?<mark>[-–—/]) ?(?<symbol>{PART}(?:(?:[-–—/] ?|\.){PART})*)"
    ))
});

/// A code with a damaged number ("S7- NQ/TW") or first letters ("923/0P-TTg").
static DAMAGED: LazyLock<Regex> = LazyLock::new(|| {
    built(&format!(
        r"^{NUMBER_WORD}(?<number>[\dSOoIlBZ]{{1,5}})(?<year> ?/ ?(?:19|20)\d\d)? ?(?<mark>[-–—/]) ?(?<symbol>[\p{{L}}\d]{{1,4}}[-–—/] ?{PART}(?:[-–—/] ?{PART})*)"
    ))
});

/// " số ⟨?⟩/QĐ-UBND", " số /QĐ-UBND", " số ……": a blank to be filled in by hand.
static BLANK: LazyLock<Regex> = LazyLock::new(|| {
    built(&format!(
        r"^(?i: số):? ?(?:(?:⟨\?⟩|[.…_]{{2,}}|…)(?: ?/ ?(?<symbol>{PART}(?:[-–/]{PART})*))?|/ ?(?<bare>{PART}(?:[-–/]{PART})*))"
    ))
});

fn built(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// The code with which `rest`, the text after a word of kind, begins, and its length.
///
/// `kind` is that word, as [`kinds::named`] gives it, or empty.
pub fn read(rest: &str, kind: &str) -> Option<(Code, usize)> {
    let rest = &rest[..floor_boundary(rest, 70)];
    clean(rest, kind).or_else(|| damaged(rest, kind)).or_else(|| blank(rest))
}

fn clean(rest: &str, kind: &str) -> Option<(Code, usize)> {
    let captures = CLEAN.captures(rest)?;
    let (symbol, length) = symbol(&captures)?;
    let capitals = symbol.chars().filter(|c| c.is_uppercase()).count();
    let letters = symbol.chars().filter(|c| c.is_alphabetic()).count();
    // "12/Quyết định" or "22-Hà Nội" are no symbols.
    if capitals * 2 < letters || !(2..=30).contains(&letters) {
        return None;
    }
    // After a hyphen an issuer follows the kind ("57-NQ/TW"); old decrees are all capitals ("17-CP").
    if &captures["mark"] != "/" && !symbol.contains('/') && symbol.contains(char::is_lowercase) {
        return None;
    }
    let mended = mended(&symbol, kind);
    let strokes = |text: &str| text.matches('Đ').count();
    let restored = strokes(&symbol) > strokes(&captures["symbol"]);
    let is_mended = mended.is_some() || restored;
    let reading = if is_mended { Reading::MendedSymbol } else { Reading::Clean };
    Some((
        code(&captures, captures["number"].to_owned(), mended.unwrap_or(symbol), reading),
        length,
    ))
}

fn damaged(rest: &str, kind: &str) -> Option<(Code, usize)> {
    let captures = DAMAGED.captures(rest)?;
    let (symbol, length) = symbol(&captures)?;
    let sound = kinds::abbreviation(kind) == Some(kinds::first_part(&symbol));
    let symbol = if sound { symbol } else { forced(&symbol, kind)? };
    let number: String = captures["number"].chars().map(digit).collect();
    let doubtful = number != captures["number"];
    let reading = if doubtful { Reading::DoubtfulNumber } else { Reading::MendedSymbol };
    Some((code(&captures, number, symbol, reading), length))
}

fn blank(rest: &str) -> Option<(Code, usize)> {
    let captures = BLANK.captures(rest)?;
    let symbol = captures.name("symbol").or(captures.name("bare"));
    let symbol =
        symbol.map_or(String::new(), |symbol| with_strokes(&symbol.as_str().replace('–', "-")));
    let id = if symbol.is_empty() { UNREAD.to_owned() } else { format!("{UNREAD}/{symbol}") };
    let code = Code { number: None, symbol, id, reading: Reading::Clean };
    Some((code, captures.get(0)?.end()))
}

fn code(captures: &Captures, number: String, symbol: String, reading: Reading) -> Code {
    let year = captures.name("year").map_or("", |year| year.as_str()).replace(' ', "");
    let mark = if &captures["mark"] == "/" { "/" } else { "-" };
    let id = format!("{number}{year}{mark}{symbol}");
    Code { number: Some(number), symbol, id, reading }
}

/// The symbol with its marks and spaces set right, and where it ends.
fn symbol(captures: &Captures) -> Option<(String, usize)> {
    let group = captures.name("symbol")?;
    let symbol = without_footnote(group.as_str());
    let length = group.start() + symbol.len();
    Some((with_strokes(&symbol.replace(['–', '—'], "-").replace(' ', "")), length))
}

/// A symbol without the digits of a footnote's mark; the session of "QH15" is no mark.
fn without_footnote(symbol: &str) -> &str {
    let last = symbol.rsplit(['-', '–', '—', '/', '.', ' ']).next().unwrap_or(symbol);
    let session = last.starts_with("QH") || last.starts_with("UBTVQH");
    if session { symbol } else { symbol.trim_end_matches(|c: char| c.is_ascii_digit()) }
}

/// Parts of symbols that have a Đ (Decree 30/2020/NĐ-CP, Appendix III; Hướng dẫn 36-HD/VPTW; the
/// ministries' and people's councils' own abbreviations), none of which is another part without it.
const WITH_STROKE: &[&str] = &[
    "QĐ", "NĐ", "CĐ", "HĐND", "ĐU", "BCĐ", "TĐKT", "HĐTĐKT", "BTĐKT", "BLĐTBXH", "SLĐTBXH",
    "LĐTBXH", "BGDĐT", "SGDĐT", "GDĐT", "BKHĐT", "SKHĐT", "KHĐT", "TLĐ", "LĐLĐ", "ĐCT", "ĐTN",
    "TWĐTN", "TĐ", "QĐND", "UBKTĐU", "VPĐU", "BTVĐU",
];

/// A symbol in which every part that is only known with a Đ has it: "QD-UBND" is "QĐ-UBND".
pub fn with_strokes(symbol: &str) -> String {
    symbol
        .split_inclusive(['-', '/', '.'])
        .map(|part| {
            let letters = part.trim_end_matches(['-', '/', '.']);
            let known = WITH_STROKE.iter().find(|known| known.replace('Đ', "D") == letters);
            known.map_or(part.to_owned(), |known| format!("{known}{}", &part[letters.len()..]))
        })
        .collect()
}

/// The symbol with its first letters as the kind wants them, if they differ by one letter: "QD-TTg"
/// after "Quyết định". Letters that abbreviate another kind stay.
fn mended(symbol: &str, kind: &str) -> Option<String> {
    let (wanted, first) = (kinds::abbreviation(kind)?, kinds::first_part(symbol));
    let several = first.len() < symbol.len();
    if !several || first == wanted || kinds::is_abbreviation(first) {
        return None;
    }
    let near = strsim::levenshtein(&folded(first), &folded(wanted)) <= 1;
    near.then(|| format!("{wanted}{}", &symbol[first.len()..]))
}

/// As [`mended`], for letters that were read as digits: "0P-TTg" has as many as "QĐ".
fn forced(symbol: &str, kind: &str) -> Option<String> {
    let (wanted, first) = (kinds::abbreviation(kind)?, kinds::first_part(symbol));
    let broken = first.chars().any(|c| c.is_ascii_digit());
    let same = first.chars().count() == wanted.chars().count();
    (broken && same).then(|| format!("{wanted}{}", &symbol[first.len()..]))
}

fn folded(letters: &str) -> String {
    strip_marks(letters).to_uppercase()
}

/// The digit for which OCR reads a letter.
fn digit(letter: char) -> char {
    match letter {
        'O' | 'o' => '0',
        'I' | 'l' => '1',
        'Z' => '2',
        'S' => '5',
        'B' => '8',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(kind: &str, rest: &str) -> Option<String> {
        read(rest, kind).map(|(code, _)| code.id)
    }

    #[test]
    fn codes_are_read_in_every_form() {
        for (kind, rest, expected) in [
            ("Nghị quyết", " số 57-NQ/TW ngày", "57-NQ/TW"),
            ("Quyết định", " 553/QĐ-UBND ngày", "553/QĐ-UBND"),
            ("Nghị định", " số 98/2023/NĐ-CP ngày", "98/2023/NĐ-CP"),
            ("Luật", " số 112/2025/QH15;", "112/2025/QH15"),
            ("Nghị quyết", " số 12/2024/UBTVQH15 ngày", "12/2024/UBTVQH15"),
            ("Kế hoạch", " số 08/KH- UBND, ngày", "08/KH-UBND"),
            ("Kế hoạch", " số 25/KH-UBND. Kịp", "25/KH-UBND"),
            ("Chương trình hành động", " số 62-CTr/TU;", "62-CTr/TU"),
            ("Công văn", " số 3722/VPCP-CN ngày", "3722/VPCP-CN"),
            ("Thông tư", " số 01/2024/TT-BNV", "01/2024/TT-BNV"),
            ("Nghị quyết", " số 71/NQ-CP1 ngày", "71/NQ-CP"),
            ("Quyết định", " số /QD-UBND ngày", "⟨?⟩/QĐ-UBND"),
            ("Quyết định", " số /QĐ-UBND ngày", "⟨?⟩/QĐ-UBND"),
            ("Quyết định", " số ⟨?⟩ ngày", "⟨?⟩"),
            ("Quyết định", " số ……/QĐ-UBND", "⟨?⟩/QĐ-UBND"),
        ] {
            assert_eq!(id(kind, rest).as_deref(), Some(expected), "{rest}");
            assert_eq!(read(rest, kind).unwrap().0.reading, Reading::Clean, "{rest}");
        }
    }

    #[test]
    fn damaged_codes_are_mended_by_their_kind() {
        use Reading::{DoubtfulNumber, MendedSymbol};
        for (kind, rest, expected, reading) in [
            ("Quyết định", " số 923/QD-TTg", "923/QĐ-TTg", MendedSymbol),
            ("Hướng dẫn", " số 02/HD-BCD ngày", "02/HD-BCĐ", MendedSymbol),
            ("Công văn", " số 1122/BNV-TDKT ngày", "1122/BNV-TĐKT", MendedSymbol),
            ("Quyết định", " sb 923/QDb-TTg", "923/QĐ-TTg", MendedSymbol),
            ("Quyết định", " số 923/0P-TTg", "923/QĐ-TTg", MendedSymbol),
            ("Nghị định", " số 98/2023/NP-CP", "98/2023/NĐ-CP", MendedSymbol),
            ("Nghị quyết", " số 57- NOQ/TW ngày", "57-NQ/TW", MendedSymbol),
            ("Nghị quyết", " số S7- NQ/TW ngày", "57-NQ/TW", DoubtfulNumber),
        ] {
            let (code, _) = read(rest, kind).unwrap();
            assert_eq!((code.id.as_str(), code.reading), (expected, reading), "{rest}");
        }
    }

    #[test]
    fn what_is_no_code_gives_none() {
        for rest in [
            "",
            " này",
            " số 57 ngày",
            " số 12/2024",
            " ngày 14/8/2025",
            " số 5 - Kho bạc",
            " số 22-Hà Nội",
            " 2026 - 2030",
            " SOS-NQ/TW",
            " số lượng",
        ] {
            assert_eq!(id("Kế hoạch", rest), None, "{rest}");
        }
        // Letters of another kind are the author's, not damage.
        assert_eq!(id("Quyết định", " số 12/QC-UBND").as_deref(), Some("12/QC-UBND"));
    }
}
