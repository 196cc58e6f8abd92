//! Document symbols: "57-NQ/TW", "98/2023/NĐ-CP". The letters are mended by the list of symbols that
//! the corpus has; digits only where the same document proves them elsewhere.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::bytes::Reader;
use super::channel::{Channel, LONGEST_READING, Reading};
use crate::error::Result;
use crate::text::normalise::{bare_letter, fold_look_alike, strip_marks};

/// The symbols of a corpus with their counts, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Symbols {
    counts: Vec<(String, u32)>,
}

/// A document's number and symbol in a line, and what they are to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Bytes of the line.
    pub span: Range<usize>,
    /// The text that stands there from now on; as it was where nothing better is proven.
    pub text: String,
    pub confidence: f32,
}

/// Number, perhaps year, and symbol; OCR puts a space after the first sign, and letters for digits.
static MENTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) \b (?<number> [0-9SOIlBZ]{0,3}[0-9][0-9SOIlBZ]{0,3} ) (?<year> /[0-9]{4} )?
        \ ?(?<sign> [-/] )\ ?
        (?<symbol> [\p{L}0][\p{L}0-9]{0,11} (?: [-/] [\p{L}0-9&]{1,12} ){1,3} )",
    )
    .expect("the pattern is well formed")
});

/// A reading is only taken for another symbol if that is so much likelier than the next.
const MARGIN: f32 = 2.0;
/// How much the frequency of a symbol counts, and that its type is named before the number.
const FREQUENCY_WEIGHT: f32 = 0.5;
const AGREEMENT: f32 = 4.0;
/// How sure a mended symbol is, one that is known as it was read, and one whose digits are wrong.
const MENDED: f32 = 0.9;
const KNOWN: f32 = 0.98;
const UNSURE: f32 = 0.4;

impl Symbols {
    /// Takes symbols and counts, in any order.
    pub fn new(mut counts: Vec<(String, u32)>) -> Self {
        counts.sort_unstable();
        Self { counts }
    }

    pub(super) fn read(from: &mut Reader) -> Result<Self> {
        let names = from.text()?.split_terminator('\n').map(str::to_owned);
        let counts = from.u32s()?;
        Ok(Self::new(names.zip(counts).collect()))
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let names: String = self.counts.iter().map(|(name, _)| format!("{name}\n")).collect();
        let counts: Vec<u32> = self.counts.iter().map(|entry| entry.1).collect();
        super::bytes::put_text(out, &names);
        super::bytes::put_u32s(out, &counts);
    }

    /// The symbol that was printed where `read` stands, or `None` if that can't be told. `initials`
    /// are those of the words before the number, without marks: "NQ" of "Nghi quyét sé".
    fn printed(&self, read: &str, initials: &str, care: &Care) -> Option<&str> {
        let read: Vec<char> = read.chars().map(fold_look_alike).collect();
        let mut best = [(f32::INFINITY, ""); 2];
        for (name, count) in &self.counts {
            if name.chars().count().abs_diff(read.len()) > 2 {
                continue;
            }
            let misread = misreading_cost(name, &read, care);
            if misread > care.dearest {
                continue;
            }
            let agrees = !initials.is_empty() && strip_marks(name).starts_with(initials);
            let cost = misread
                - FREQUENCY_WEIGHT * (*count as f32).ln()
                - if agrees { AGREEMENT } else { 0.0 };
            if cost < best[0].0 {
                best = [(cost, name), best[0]];
            } else if cost < best[1].0 {
                best[1] = (cost, name);
            }
        }
        (best[0].0 + MARGIN < best[1].0).then_some(best[0].1)
    }
}

/// How far a reading may be from what was printed.
#[derive(Clone, Copy)]
pub struct Care<'a> {
    pub channel: &'a Channel,
    /// All letters together must not cost more.
    pub dearest: f32,
    /// What a letter costs that was never seen to be read so.
    pub strange: f32,
    /// The confidence of a symbol that isn't known.
    pub doubt: f32,
    /// Whether spaces are taken out where nothing else is wrong.
    pub close_gaps: bool,
}

impl<'a> Care<'a> {
    /// For text in which most symbols are damaged.
    pub fn of_wrong_language(channel: &'a Channel) -> Self {
        Self { channel, dearest: 10.0, strange: 7.0, doubt: 0.5, close_gaps: true }
    }

    /// For text in which few are: one letter may be misread, as letters were seen to be.
    pub fn of_right_language(channel: &'a Channel) -> Self {
        Self { channel, dearest: 6.5, strange: f32::INFINITY, doubt: 1.0, close_gaps: false }
    }
}

/// The cost of reading `read` where the symbol is printed: the cheapest alignment.
fn misreading_cost(symbol: &str, read: &[char], care: &Care) -> f32 {
    let mut row = vec![f32::INFINITY; read.len() + 1];
    row[0] = 0.0;
    for printed in symbol.chars() {
        let mut next = vec![f32::INFINITY; read.len() + 1];
        for (at, &cost) in row.iter().enumerate().filter(|(_, cost)| cost.is_finite()) {
            for length in 0..=LONGEST_READING.min(read.len() - at) {
                let reading = &read[at..at + length];
                let more = match care.channel.cost(printed, Reading::new(reading)) {
                    _ if reading == [printed] => 0.05,
                    Some(cost) => cost,
                    None if length == 1 => care.strange,
                    None => continue,
                };
                next[at + length] = next[at + length].min(cost + more);
            }
        }
        row = next;
    }
    row[read.len()]
}

/// The documents cited in each line of a text, mended where that can be proven.
pub fn mentions(lines: &[&str], symbols: &Symbols, care: &Care) -> Vec<Vec<Mention>> {
    let printed = |number: usize, found: &regex::Captures| {
        let before = match (lines[number][..found.get_match().start()].trim(), number) {
            ("", 1..) => lines[number - 1],
            (before, _) => before,
        };
        symbols.printed(&found["symbol"], &type_initials(before), care)
    };
    let mut proven = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        for found in found_in(line).filter(|found| is_digits(&found["number"])) {
            let symbol = printed(number, &found).map(str::to_owned);
            proven.extend(symbol.map(|symbol| (found["number"].to_owned(), symbol)));
        }
    }
    let in_line = |(number, line): (usize, &&str)| {
        let mention = |found: regex::Captures| {
            let symbol = printed(number, &found);
            let mended = symbol.and_then(|symbol| mend(&found, symbol, &proven));
            let whole = &found[0];
            let only_gaps = |text: &String| *text == whole.replace(' ', "");
            let mended = match mended {
                Some(text) if !care.close_gaps && only_gaps(&text) => Some(whole.to_owned()),
                other => other,
            };
            let confidence = match &mended {
                Some(text) if text == whole => KNOWN,
                Some(_) => MENDED,
                None if symbol.is_none() => care.doubt,
                None => UNSURE,
            };
            let text = mended.unwrap_or_else(|| whole.to_owned());
            Mention { span: found.get_match().range(), text, confidence }
        };
        found_in(line).map(mention).collect()
    };
    lines.iter().enumerate().map(in_line).collect()
}

fn is_digits(number: &str) -> bool {
    number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The initials, as capitals without marks, of the two words before the word "số" that ends the
/// text: a symbol mostly begins with those of the document's type.
fn type_initials(before: &str) -> String {
    let initial =
        |word: &str| word.chars().next().map(|letter| bare_letter(letter).to_ascii_uppercase());
    let mut words = before.split_whitespace().rev().skip(1);
    let (second, first) = (words.next(), words.next());
    first.into_iter().chain(second).filter_map(initial).collect()
}

/// Numbers with symbols in a line; a symbol has a capital, or it is a date or a ratio.
fn found_in(line: &str) -> impl Iterator<Item = regex::Captures<'_>> {
    MENTION.captures_iter(line).filter(|found| found["symbol"].contains(char::is_uppercase))
}

/// The number with its symbol as it was printed; `None` if digits were misread and nothing proves
/// which.
fn mend(found: &regex::Captures, symbol: &str, proven: &[(String, String)]) -> Option<String> {
    let number = &found["number"];
    let number = if is_digits(number) { number } else { proven_number(number, symbol, proven)? };
    let year = found.name("year").map_or("", |year| year.as_str());
    Some(format!("{number}{year}{}{symbol}", &found["sign"]))
}

/// The only number that the text gives elsewhere to a document of this symbol and that can have
/// been read so.
fn proven_number<'a>(read: &str, symbol: &str, proven: &'a [(String, String)]) -> Option<&'a str> {
    let meant: String = read.chars().map(digit_alike).collect();
    let mut fitting = proven.iter().filter(|(number, other)| *number == meant && other == symbol);
    fitting.next().map(|(number, _)| number.as_str())
}

/// The digit that a letter looks like.
fn digit_alike(letter: char) -> char {
    match letter {
        'S' => '5',
        'O' => '0',
        'I' | 'l' => '1',
        'B' => '8',
        'Z' => '2',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(lines: &[&str]) -> Vec<String> {
        let list =
            [("NQ/TW", 300), ("NĐ-CP", 4000), ("QĐ-TTg", 900), ("QĐ-UBND", 900), ("NQ-CP", 400)];
        let symbols = Symbols::new(list.map(|(name, count)| (name.to_owned(), count)).to_vec());
        let arc = |printed: char, read: &str, probability: f64| {
            (printed, Reading::new(&read.chars().collect::<Vec<_>>()), probability)
        };
        let arcs = [
            arc('Đ', "D", 0.6),
            arc('Đ', "P", 0.2),
            arc('Q', "O", 0.1),
            arc('Q', "OQ", 0.01),
            arc('Q', "0", 0.05),
            arc('N', "N", 0.9),
            arc('C', "C", 0.9),
        ];
        let channel = Channel::new(arcs, [0.1; 11]);
        let found = mentions(lines, &symbols, &Care::of_wrong_language(&channel));
        found.into_iter().flatten().map(|mention| mention.text).collect()
    }

    #[test]
    fn letters_are_mended_by_the_list_of_symbols() {
        let lines = [
            "98/2023/NP-CP ngay",
            "923/0P-TTg",
            "số 57- NOQ/TW,",
            "25/QD-UBND 71/NQ-CP",
            "Nghi quyét sé 03/NO-CP",
        ];
        let right =
            ["98/2023/NĐ-CP", "923/QĐ-TTg", "57-NQ/TW", "25/QĐ-UBND", "71/NQ-CP", "03/NQ-CP"];
        assert_eq!(mended(&lines), right);
    }

    #[test]
    fn digits_are_mended_only_by_a_second_mention() {
        assert_eq!(mended(&["S7- NOQ/TW"]), ["S7- NOQ/TW"]);
        assert_eq!(mended(&["S7- NOQ/TW", "57-NQ/TW"]), ["57-NQ/TW", "57-NQ/TW"]);
        assert_eq!(mended(&["S7- NOQ/TW", "58-NQ/TW"]), ["S7- NOQ/TW", "58-NQ/TW"]);
    }

    #[test]
    fn symbols_that_are_not_known_and_other_codes_stay() {
        let lines = ["267/TTr-XYZ", "19/02/2025", "24/7", "máy A4-B5", "12/ĐKKD-ABC"];
        assert_eq!(mended(&lines), ["267/TTr-XYZ", "12/ĐKKD-ABC"]);
    }
}
