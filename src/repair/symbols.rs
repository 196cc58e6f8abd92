//! Document symbols: "57-NQ/TW", "98/2023/NĐ-CP". The letters are mended by the list of symbols that
//! the corpus has; digits only where the same document proves them elsewhere.

use std::collections::HashMap;
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

/// Number, perhaps year, and symbol; OCR puts a space after the first sign, and letters for digits;
/// it glues the word số to the number, and tears off the last letter.
static MENTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) \b (?<glued> s[\p{L}--[iloIOSBZ]] )?
        (?<number> [0-9SOIlBZ]{0,3}[0-9][0-9SOIlBZ]{0,3} ) (?<year> /[0-9]{4} )?
        \ ?(?<sign> [-–—/] )\ ?
        (?<symbol> [\p{L}0][\p{L}0-9]{0,11} (?: [-/] [\p{L}0-9&]{1,12} ){1,3} )
        (?<torn> \ [A-Z]\b )?",
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

    fn holds(&self, name: &str) -> bool {
        self.counts.binary_search_by(|(known, _)| known.as_str().cmp(name)).is_ok()
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
            let agrees = !initials.is_empty() && strip_marks(name).starts_with(initials);
            // What no pair has is believed only where the type that the text names speaks for it.
            let strange = if agrees { care.strange } else { f32::INFINITY };
            let misread = misreading_cost(name, &read, care.channel, strange);
            if misread > care.dearest {
                continue;
            }
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

    /// For text that only lost its marks: letters are what they are.
    pub fn of_lost_marks(channel: &'a Channel) -> Self {
        Self { strange: f32::INFINITY, ..Self::of_wrong_language(channel) }
    }

    /// For text in which few are: one letter may be misread, as letters were seen to be.
    pub fn of_right_language(channel: &'a Channel) -> Self {
        Self { channel, dearest: 6.5, strange: f32::INFINITY, doubt: 1.0, close_gaps: false }
    }
}

/// The cost of reading `read` where the symbol is printed: the cheapest alignment. `strange` is what
/// it costs that a letter was read as no pair has it, or where nothing is printed.
fn misreading_cost(symbol: &str, read: &[char], channel: &Channel, strange: f32) -> f32 {
    let mut row = vec![f32::INFINITY; read.len() + 1];
    row[0] = 0.0;
    for printed in symbol.chars() {
        let mut next = vec![f32::INFINITY; read.len() + 1];
        for (at, &cost) in row.iter().enumerate().filter(|(_, cost)| cost.is_finite()) {
            for length in 0..=LONGEST_READING.min(read.len() - at) {
                let reading = &read[at..at + length];
                let more = match channel.cost(printed, Reading::new(reading)) {
                    _ if reading == [printed] => 0.05,
                    Some(cost) => cost,
                    None if length == 1 => strange,
                    None => continue,
                };
                next[at + length] = next[at + length].min(cost + more);
            }
        }
        for at in 1..next.len() {
            next[at] = next[at].min(next[at - 1] + strange);
        }
        row = next;
    }
    row[read.len()]
}

/// A number with a symbol, as it was read in a line.
struct Found<'a> {
    span: Range<usize>,
    /// The word số without a space behind it.
    glued: bool,
    number: &'a str,
    year: &'a str,
    sign: &'a str,
    /// The symbol that was printed, if that can be told.
    symbol: Option<String>,
}

/// Finds the mentions of a text; what each symbol was is asked once.
struct Finder<'a> {
    symbols: &'a Symbols,
    care: &'a Care<'a>,
    asked: HashMap<(String, String), Option<String>>,
}

impl Finder<'_> {
    fn printed(&mut self, read: &str, initials: &str) -> Option<String> {
        let key = (read.to_owned(), initials.to_owned());
        let seek = || self.symbols.printed(read, initials, self.care).map(str::to_owned);
        self.asked.entry(key).or_insert_with(seek).clone()
    }

    /// The mentions in a line; `above` is the line before. A symbol has a capital, or it is a date or
    /// a ratio.
    fn find<'a>(&mut self, line: &'a str, above: &str) -> Vec<Found<'a>> {
        let mut found = Vec::new();
        // Most lines have no number, and the search in them would take a tenth of a right text's time.
        if !line.bytes().any(|byte| byte.is_ascii_digit()) {
            return found;
        }
        for captures in MENTION.captures_iter(line) {
            let [number, sign, symbol] =
                ["number", "sign", "symbol"].map(|name| captures.name(name).expect("always there"));
            let glued = captures.name("glued");
            let damaged = self.care.close_gaps;
            if !symbol.as_str().contains(char::is_uppercase) || glued.is_some() && !damaged {
                continue;
            }
            let start = captures.get_match().start();
            let before = match line[..start].trim() {
                "" => above,
                before => before,
            };
            let initials = if glued.is_some() {
                type_initials(&format!("{before} số"))
            } else {
                type_initials(before)
            };
            let torn = captures.name("torn").filter(|_| damaged).and_then(|torn| {
                let whole = format!("{}{}", symbol.as_str(), torn.as_str().trim());
                self.symbols.holds(&whole).then_some((whole, torn.end()))
            });
            let (symbol, end) = match torn {
                Some((whole, end)) => (Some(whole), end),
                None => (self.printed(symbol.as_str(), &initials), symbol.end()),
            };
            found.push(Found {
                span: start..end,
                glued: glued.is_some(),
                number: number.as_str(),
                year: captures.name("year").map_or("", |year| year.as_str()),
                sign: sign.as_str(),
                symbol,
            });
        }
        found
    }
}

/// The documents cited in each line of a text, mended where that can be proven.
pub fn mentions(lines: &[&str], symbols: &Symbols, care: &Care) -> Vec<Vec<Mention>> {
    let mut finder = Finder { symbols, care, asked: HashMap::new() };
    let above = std::iter::once("").chain(lines.iter().copied());
    let found: Vec<Vec<Found>> =
        lines.iter().zip(above).map(|(line, above)| finder.find(line, above)).collect();
    let proven: Vec<(String, String)> = found
        .iter()
        .flatten()
        .filter(|found| is_digits(found.number))
        .filter_map(|found| Some((found.number.to_owned(), found.symbol.clone()?)))
        .collect();
    let mention = |found: &Found, line: &str| {
        let whole = &line[found.span.clone()];
        let mended = mend(found, &proven, care).filter(|text| {
            // A gap alone is no damage where little is.
            care.close_gaps || *text != whole.replace(' ', "")
        });
        let confidence = match &mended {
            Some(text) if text == whole => KNOWN,
            Some(_) => MENDED,
            None if found.symbol.as_deref().is_some_and(|symbol| whole.ends_with(symbol)) => KNOWN,
            None if found.symbol.is_none() => care.doubt,
            None => UNSURE,
        };
        let text = mended.unwrap_or_else(|| whole.to_owned());
        Mention { span: found.span.clone(), text, confidence }
    };
    let in_line = |(found, line): (&Vec<Found>, &&str)| {
        found.iter().map(|found| mention(found, line)).collect()
    };
    found.iter().zip(lines).map(in_line).collect()
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

/// The number with its symbol as it was printed; `None` if digits were misread and nothing proves
/// which, or the symbol can't be told.
fn mend(found: &Found, proven: &[(String, String)], care: &Care) -> Option<String> {
    let Found { number, year, sign, .. } = found;
    let symbol = found.symbol.as_deref()?;
    let number = if is_digits(number) { number } else { proven_number(number, symbol, proven)? };
    let word = if found.glued { "số " } else { "" };
    // A dash is a hyphen that was read too long.
    let sign = if care.close_gaps && *sign != "/" { "-" } else { sign };
    Some(format!("{word}{number}{year}{sign}{symbol}"))
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
    fn what_was_glued_or_torn_is_put_right_where_most_is_damaged() {
        assert_eq!(mended(&["Nghi quyét sb71/NQ-CP,"]), ["số 71/NQ-CP"]);
        assert_eq!(mended(&["Nghi quyét sl2/NQ-CP,"]), [""; 0]);
        assert_eq!(mended(&["s6 57—NQ/T W ngay"]), ["57-NQ/TW"]);
    }

    #[test]
    fn another_symbol_is_believed_only_where_the_type_speaks_for_it() {
        assert_eq!(mended(&["Quyét dinh sé 9/XD-TTg"]), ["9/QĐ-TTg"]);
        assert_eq!(mended(&["Huong dan s6 9/XD-TTg"]), ["9/XD-TTg"]);
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
