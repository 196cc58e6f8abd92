//! Number, symbol, place and date of a heading block.
//!
//! What can't be read is left out, with a warning: a wrong number is worse than none.

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::references::with_strokes;
use crate::sections::document_type::type_of_symbol;
use crate::sections::landmark::{DateLine, date_line, number_line, place_start};
use crate::sections::lines::Lines;
use crate::text::Span;
use crate::warning::{Warning, WarningCode};

/// Below this a number is worth a second look by a person.
const DOUBTFUL: f32 = 0.8;

/// Something read from the text, and how sure that is, 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found<T> {
    pub value: T,
    pub confidence: f32,
}

impl<T> Found<T> {
    pub fn new(value: T, confidence: f32) -> Self {
        Self { value, confidence }
    }
}

/// The number line as read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Number {
    pub number: Option<Found<String>>,
    pub symbol: Option<Found<String>>,
}

/// Nothing is surer than this: text input can be the work of an OCR program too.
const SUREST: f32 = 0.98;

/// The least confidence of the words in a span, at most [`SUREST`].
pub(super) fn least_confidence(lines: &Lines, span: Span) -> f32 {
    lines.text.words_in(span).iter().map(|word| word.confidence).fold(SUREST, f32::min)
}

/// Reads number and symbol from the first number line of `candidates` (0-based lines).
pub(super) fn read_number(
    lines: &Lines,
    candidates: &[usize],
    doc_type: Option<&str>,
    warnings: &mut Vec<Warning>,
) -> Number {
    let Some((index, read)) =
        candidates.iter().find_map(|&i| number_line(lines.get(i).text).map(|read| (i, read)))
    else {
        return Number::default();
    };
    let start = lines.get(index).span.start;
    let number_span = start + read.number_at..start + read.number_at + read.number.len();
    let number = clean_number(read.number, least_confidence(lines, number_span));
    let mut doubt = |message: String| {
        let warning = Warning::new(WarningCode::DoubtfulNumber, message);
        warnings.push(warning.on_line(index as u32 + 1));
    };
    match &number {
        Ok(Some(found)) if found.confidence < DOUBTFUL => {
            doubt(format!("reading the document's number, found {:?} with doubt", found.value));
        }
        Err(()) => doubt(format!(
            "reading the document's number, found {:?}, expected digits",
            read.number.trim()
        )),
        Ok(_) => {}
    }
    let symbol: String = read.symbol.chars().filter(|c| !c.is_whitespace()).collect();
    let symbol = with_strokes(symbol.trim_end_matches('.'));
    let mut confidence = least_confidence(lines, start + read.symbol_at..start + read.end);
    let named = type_of_symbol(&symbol);
    if doc_type.is_some_and(|expected| expected != "Công văn" && named != Some(expected)) {
        confidence = confidence.min(0.6);
    }
    Number { number: number.unwrap_or(None), symbol: Some(Found::new(symbol, confidence)) }
}

/// A number's digits; nothing for a blank, an error for anything else.
fn clean_number(read: &str, confidence: f32) -> Result<Option<Found<String>>, ()> {
    if is_blank(read) {
        return Ok(None);
    }
    let pieces: Vec<&str> = read.split_whitespace().collect();
    let digits = pieces.concat();
    let head = digits.trim_end_matches(|c: char| c.is_ascii_lowercase());
    // "66.16" numbers the Government's resolutions of one kind.
    let is_number = head.starts_with(|c: char| c.is_ascii_digit())
        && head.ends_with(|c: char| c.is_ascii_digit())
        && head.len() <= 5
        && digits.len() - head.len() <= 1
        && head.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    // Digits apart are two readings of a handwritten number, or one broken by a stroke.
    let confidence = if pieces.len() > 1 { confidence.min(0.5) } else { confidence };
    if is_number { Ok(Some(Found::new(digits, confidence))) } else { Err(()) }
}

/// Whether nothing, or only dots to write on, or the mark of something illegible stands there.
fn is_blank(read: &str) -> bool {
    read.chars()
        .all(|c| c.is_whitespace() || matches!(c, '.' | '…' | '_' | '-' | '⟨' | '?' | '⟩' | ':'))
}

/// Place and date of a heading block.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PlaceAndDate {
    pub place: Option<Found<String>>,
    pub date: Option<Found<String>>,
}

/// Reads place and date from the first date line of `candidates` (0-based lines).
pub(super) fn read_place_and_date(
    lines: &Lines,
    candidates: &[usize],
    warnings: &mut Vec<Warning>,
) -> PlaceAndDate {
    let Some((index, read)) =
        candidates.iter().find_map(|&i| date_line(lines.get(i).text).map(|read| (i, read)))
    else {
        return PlaceAndDate::default();
    };
    let line = lines.get(index);
    let before = &line.text[..read.start];
    let place_at = place_start(before);
    let place = before[place_at..].trim_matches(|c: char| c.is_whitespace() || ",.;".contains(c));
    let start = line.span.start;
    let place_confidence = least_confidence(lines, start + place_at..start + read.start);
    let date_confidence = least_confidence(lines, start + read.span.start..start + read.span.end);
    let date = iso_date(&read, date_confidence, |code, message| {
        warnings.push(Warning::new(code, message).on_line(index as u32 + 1));
    });
    PlaceAndDate {
        place: (!place.is_empty()).then(|| Found::new(place.to_owned(), place_confidence)),
        date,
    }
}

fn iso_date(
    read: &DateLine,
    confidence: f32,
    mut warn: impl FnMut(WarningCode, String),
) -> Option<Found<String>> {
    let mut part = |name: &str, read: &str, range: std::ops::RangeInclusive<u16>| {
        let number = read.trim().parse::<u16>().ok();
        let value = number.filter(|value| range.contains(value));
        if value.is_none() && !is_blank(read) {
            let code = match number {
                Some(_) => WarningCode::ImpossibleDate,
                None => WarningCode::DoubtfulNumber,
            };
            warn(code, format!("reading the document's date, found {read:?} for its {name}"));
        }
        value
    };
    let year = part("year", read.year, 1900..=2199);
    let month = part("month", read.month, 1..=12);
    let day = part("day", read.day, 1..=31);
    let year = year?;
    if confidence < DOUBTFUL {
        warn(WarningCode::DoubtfulNumber, "the document's date was read with doubt".to_owned());
    }
    match (month, day) {
        (Some(month), Some(day)) if is_calendar_day(year, month, day) => {
            Some(Found::new(format!("{year}-{month:02}-{day:02}"), confidence))
        }
        (Some(month), Some(day)) => {
            let message =
                format!("the document's date is {day}/{month}/{year}, which no calendar has");
            warn(WarningCode::ImpossibleDate, message);
            Some(Found::new(format!("{year}-{month:02}"), confidence.min(0.5)))
        }
        (Some(month), None) => Some(Found::new(format!("{year}-{month:02}"), confidence)),
        (None, _) => Some(Found::new(year.to_string(), confidence)),
    }
}

fn is_calendar_day(year: u16, month: u16, day: u16) -> bool {
    jiff::civil::Date::new(year as i16, month as i8, day as i8).is_ok()
}

/// What "(Kèm theo Quyết định số 12/QĐ-UBND ngày 3/6/2025 của …)" says of that decision.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Attachment {
    pub number: Option<String>,
    pub symbol: Option<String>,
    /// ISO 8601, as precise as legible.
    pub date: Option<String>,
    /// 0-based line on which it begins.
    pub line: usize,
}

static ATTACHMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)s[ốôoóồổ6]\s*:?\s*(?P<number>\d*)[^/\pL]{0,8}(?:\s*[/-]\s*(?P<symbol>(?:\d{4}/)?\p{Lu}[\pL0-9]*(?:[-/]\p{Lu}[\pL0-9]*)*))?.*?ng[aàáâ]y\s*(?P<day>\d*)[^/\pL]{0,6}(?:/|\s*th[aáàâ]ng)\s*(?P<month>\d{1,2})\s*(?:/|n[aăâ]m)\s*(?P<year>\d{4})",
    )
    .expect("a fixed pattern")
});

/// Month and year alone, the day before them scrawled: "ngày #4 6 /2025 của".
static MONTH_AND_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[ /](?P<month>\d{1,2})\s*/\s*(?P<year>\d{4})\b").expect("a fixed pattern")
});

/// Reads the line "(Kèm theo …)", given on one line.
pub(super) fn read_attachment(text: &str, line: usize) -> Attachment {
    let Some(found) = ATTACHMENT.captures(text) else {
        let date = MONTH_AND_YEAR.captures(text).and_then(|found| {
            let month = found["month"].parse::<u16>().ok().filter(|m| (1..=12).contains(m))?;
            Some(format!("{}-{month:02}", &found["year"]))
        });
        return Attachment { date, line, ..Attachment::default() };
    };
    let part = |name| found.name(name).map_or("", |m| m.as_str());
    let value = |name| part(name).parse::<u16>().ok();
    let date = match (value("year"), value("month"), value("day")) {
        (Some(y), Some(m), Some(d)) if is_calendar_day(y, m, d) => {
            Some(format!("{y}-{m:02}-{d:02}"))
        }
        (Some(y), Some(m @ 1..=12), None) => Some(format!("{y}-{m:02}")),
        _ => None,
    };
    let text_of = |name| Some(part(name).to_owned()).filter(|text| !text.is_empty());
    Attachment { number: text_of("number"), symbol: text_of("symbol"), date, line }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::AlignedText;

    fn number(line: &str, doc_type: &str) -> (Option<String>, Option<String>, usize) {
        let text = AlignedText::from_plain(line);
        let lines = Lines::new(&text);
        let mut warnings = Vec::new();
        let read = read_number(&lines, &[0], Some(doc_type), &mut warnings);
        (read.number.map(|n| n.value), read.symbol.map(|s| s.value), warnings.len())
    }

    #[test]
    fn numbers_are_digits_or_nothing() {
        for (line, doc_type, expected, doubts) in [
            ("Số: 18 /KH-UBND", "Kế hoạch", (Some("18"), Some("KH-UBND")), 0),
            ("Số: 37 /2026/TT-BCA", "Thông tư", (Some("37"), Some("2026/TT-BCA")), 0),
            ("Số:      /QĐ-UBND", "Quyết định", (None, Some("QĐ-UBND")), 0),
            ("Số: …/QĐ-UBND", "Quyết định", (None, Some("QĐ-UBND")), 0),
            ("Số: 66.16/2026/NQ-CP", "Nghị quyết", (Some("66.16"), Some("2026/NQ-CP")), 0),
            ("Số: 2A5/QĐ-UBND", "Quyết định", (None, Some("QĐ-UBND")), 1),
            ("Số: l8/KH- UBND", "Kế hoạch", (None, Some("KH-UBND")), 1),
            ("Số: 1 8/KH-UBND", "Kế hoạch", (Some("18"), Some("KH-UBND")), 1),
            ("Sở Nội vụ", "Kế hoạch", (None, None), 0),
        ] {
            let (number, symbol, warnings) = number(line, doc_type);
            assert_eq!((number.as_deref(), symbol.as_deref()), expected, "{line}");
            assert_eq!(warnings, doubts, "{line}");
        }
    }

    fn place_and_date(line: &str) -> (Option<String>, Option<String>, usize) {
        let text = AlignedText::from_plain(line);
        let lines = Lines::new(&text);
        let mut warnings = Vec::new();
        let read = read_place_and_date(&lines, &[0], &mut warnings);
        (read.place.map(|p| p.value), read.date.map(|d| d.value), warnings.len())
    }

    #[test]
    fn dates_are_as_precise_as_legible() {
        for (line, place, date, doubts) in [
            ("Tân An, ngày 14 tháng 8 năm 2025", Some("Tân An"), Some("2025-08-14"), 0),
            (
                "Số: 1/KH-UBND Tân An, ngày 4 tháng 12 năm 2025",
                Some("Tân An"),
                Some("2025-12-04"),
                0,
            ),
            ("Tân An, ngày tháng 4 năm 2026", Some("Tân An"), Some("2026-04"), 0),
            ("Tân An, ngày … tháng … năm 2026", Some("Tân An"), Some("2026"), 0),
            ("Tân An, ngày tháng năm", Some("Tân An"), None, 0),
            ("Tân An, ngày A4 tháng 8 năm 2025", Some("Tân An"), Some("2025-08"), 1),
            ("Tân An, ngày 31 tháng 6 năm 2025", Some("Tân An"), Some("2025-06"), 1),
            (
                "Thành phố Tân An, ngày 1 tháng 6 năm 2025",
                Some("Thành phố Tân An"),
                Some("2025-06-01"),
                0,
            ),
        ] {
            assert_eq!(
                place_and_date(line),
                (place.map(str::to_owned), date.map(str::to_owned), doubts),
                "{line}"
            );
        }
    }

    #[test]
    fn attachments_name_their_decision() {
        let read = |text| {
            let found = read_attachment(text, 0);
            (found.number, found.symbol, found.date)
        };
        let some = |s: &str| Some(s.to_owned());
        assert_eq!(
            read("(Kèm theo Quyết định số 12/QĐ-UBND ngày 3/6/2025 của Ủy ban nhân dân tỉnh)"),
            (some("12"), some("QĐ-UBND"), some("2025-06-03"))
        );
        assert_eq!(
            read("(Kèm theo Quyết định số ⟨?⟩ ngày ⟨?⟩/6/2025 của Chủ tịch)"),
            (None, None, some("2025-06"))
        );
        assert_eq!(
            read("(Ban hành kèm theo Quyết định số     /QĐ-UBND ngày    tháng 4 năm 2026)"),
            (None, some("QĐ-UBND"), some("2026-04"))
        );
        assert_eq!(
            read("(Kèm theo Quyết định số-#8ngày #4 6 /2025 của Chủ tịch)"),
            (None, None, some("2025-06"))
        );
        assert_eq!(read("(Kèm theo Kế hoạch này)"), (None, None, None));
    }
}
