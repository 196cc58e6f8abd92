//! Dates in all written forms, and what they are in ISO 8601.
//!
//! A date is only as precise as said: "tháng 12/2030" is 2030-12. What a date is for (a citation's,
//! a deadline) is left to the callers.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::text::Span;

/// A day, month, quarter or year of the calendar; `year` can be left open ("trước 30/11").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartialDate {
    pub year: Option<i16>,
    pub month: Option<i8>,
    pub day: Option<i8>,
}

/// A date as it was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundDate {
    /// Of the text that was searched.
    pub span: Span,
    /// `Err` with what was written if the calendar does not have it.
    pub date: Result<PartialDate, ImpossibleDate>,
}

/// What was written, for the warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImpossibleDate(pub String);

/// Years that these documents speak of: nothing before the first decrees of 1945 is cited, and no
/// plan looks past the century.
const YEARS: std::ops::RangeInclusive<i16> = 1945..=2100;

/// Between day and month. "14.8.2025" and "14-8-2025" are older habits.
const STROKE: &str = r" ?[/.\-] ?";
/// A day or month: a digit or two, or nothing where the page left a blank to be filled by hand.
const BLANK: &str = r"(?:⟨\?⟩|[.…_]+)?";

/// "ngày 14 tháng 8 năm 2025", "14 tháng 8 năm 2025", "ngày   tháng 6 năm 2025".
static LONG: LazyLock<Regex> = LazyLock::new(|| {
    built(&format!(
        r"(?i)^(?:ngày ?)?(?:(?<day>\d{{1,2}})|{BLANK}) ?tháng (?<month>\d{{1,2}}),? năm (?<year>\d{{4}})\b"
    ))
});
/// "ngày 22/12/2024", "22/12/2024", "ngày ⟨?⟩/6/2025", "ngày /6/2025".
static SHORT: LazyLock<Regex> = LazyLock::new(|| {
    built(&format!(
        r"(?i)^(?:ngày ?(?:{BLANK}{STROKE})?)?(?:(?<day>\d{{1,2}}){STROKE})?(?<month>\d{{1,2}}) ?[/.\-] ?(?<year>\d{{4}})\b"
    ))
});
/// "ngày 30 tháng 11", "30/11": the year is left open.
static DAY_OF_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    built(r"(?i)^(?:ngày )?(?:mùng )?(?<day>\d{1,2})(?: ?/ ?| tháng )(?<month>\d{1,2})\b")
});
/// "tháng 12/2030", "tháng 12 năm 2030", "tháng 12-2030".
static MONTH: LazyLock<Regex> =
    LazyLock::new(|| built(r"(?i)^tháng (?<month>\d{1,2})(?: ?[/.\-] ?|,? năm )(?<year>\d{4})\b"));
/// "tháng 12".
static MONTH_OF_YEAR: LazyLock<Regex> = LazyLock::new(|| built(r"(?i)^tháng (?<month>\d{1,2})\b"));
/// "quý II/2026", "quý 2 năm 2026".
static QUARTER: LazyLock<Regex> = LazyLock::new(|| {
    built(r"(?i)^quý (?<quarter>IV|I{1,3}|[1-4])(?: ?[/.\-] ?|,? (?:của )?năm )(?<year>\d{4})\b")
});
/// "năm 2027".
static YEAR: LazyLock<Regex> = LazyLock::new(|| built(r"(?i)^năm (?<year>\d{4})\b"));

fn built(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

impl PartialDate {
    pub const fn year(year: i16) -> Self {
        Self { year: Some(year), month: None, day: None }
    }

    /// "2025-07-28", "2025-07", "2025"; `None` where the year is left open.
    pub fn iso(&self) -> Option<String> {
        let year = self.year?;
        Some(match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
            (Some(month), None) => format!("{year:04}-{month:02}"),
            _ => format!("{year:04}"),
        })
    }

    fn checked(self, written: &str) -> Result<Self, ImpossibleDate> {
        // A leap year stands in for one that is left open, so that 29/2 is allowed.
        let (year, month, day) =
            (self.year.unwrap_or(2024), self.month.unwrap_or(1), self.day.unwrap_or(1));
        let possible = YEARS.contains(&year) && jiff::civil::Date::new(year, month, day).is_ok();
        possible.then_some(self).ok_or_else(|| ImpossibleDate(written.trim().to_owned()))
    }
}

/// The full date with which `text` begins: one that says its year. "ngày 22/12/2024",
/// "14 tháng 8 năm 2025", "tháng 12/2030", "quý II/2026" (its last month), "năm 2027".
pub fn dated(text: &str) -> Option<FoundDate> {
    let text = &text[..crate::extract::floor_boundary(text, 80)];
    [&LONG, &SHORT, &MONTH, &QUARTER, &YEAR].into_iter().find_map(|form| read(form, text))
}

/// As [`dated`], and also days and months that leave the year open: "30/11", "tháng 12".
pub fn dated_or_open(text: &str) -> Option<FoundDate> {
    let near = &text[..crate::extract::floor_boundary(text, 80)];
    dated(text)
        .or_else(|| [&DAY_OF_YEAR, &MONTH_OF_YEAR].into_iter().find_map(|form| read(form, near)))
}

fn read(form: &Regex, text: &str) -> Option<FoundDate> {
    let captures = form.captures(text)?;
    let whole = captures.get(0).expect("group 0 is the match");
    let month = number(&captures, "month").or_else(|| quarter(&captures));
    let date = PartialDate {
        year: number(&captures, "year"),
        month: month.map(|m| m as i8),
        day: number(&captures, "day").map(|d| d as i8),
    };
    Some(FoundDate { span: whole.range(), date: date.checked(whole.as_str()) })
}

fn number(captures: &Captures, name: &str) -> Option<i16> {
    captures.name(name)?.as_str().parse().ok()
}

/// The last month of a quarter: what is due in a quarter is due by its end.
fn quarter(captures: &Captures) -> Option<i16> {
    Some(match captures.name("quarter")?.as_str().to_uppercase().as_str() {
        "I" | "1" => 3,
        "II" | "2" => 6,
        "III" | "3" => 9,
        _ => 12,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(text: &str) -> Option<(String, &str)> {
        let found = dated(text)?;
        Some((found.date.ok()?.iso()?, &text[found.span]))
    }

    #[test]
    fn dates_with_a_year_are_read_in_every_form() {
        for (text, expected, words) in [
            ("ngày 22/12/2024 của", "2024-12-22", "ngày 22/12/2024"),
            ("22/12/2024", "2024-12-22", "22/12/2024"),
            ("ngày 01-4-2025,", "2025-04-01", "ngày 01-4-2025"),
            ("ngày 1.4.2025", "2025-04-01", "ngày 1.4.2025"),
            ("ngày 14 tháng 8 năm 2025", "2025-08-14", "ngày 14 tháng 8 năm 2025"),
            ("NGÀY 15 THÁNG 11 NĂM 2024 CỦA", "2024-11-15", "NGÀY 15 THÁNG 11 NĂM 2024"),
            ("ngày tháng 6 năm 2025", "2025-06", "ngày tháng 6 năm 2025"),
            ("ngày ⟨?⟩/6/2025 của", "2025-06", "ngày ⟨?⟩/6/2025"),
            ("ngày …/6/2025", "2025-06", "ngày …/6/2025"),
            ("tháng 12/2030.", "2030-12", "tháng 12/2030"),
            ("tháng 12 năm 2030", "2030-12", "tháng 12 năm 2030"),
            ("12/2030", "2030-12", "12/2030"),
            ("quý II/2026", "2026-06", "quý II/2026"),
            ("Quý 4 năm 2026", "2026-12", "Quý 4 năm 2026"),
            ("năm 2027 để", "2027", "năm 2027"),
            ("29/02/2024", "2024-02-29", "29/02/2024"),
        ] {
            assert_eq!(iso(text), Some((expected.to_owned(), words)), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_gives_none() {
        for text in
            ["", "ngày làm việc", "30/11 hằng năm", "2025", "số 22/2024", "năm 20255", "quý"]
        {
            assert!(dated(text).is_none(), "{text}");
        }
    }

    #[test]
    fn dates_that_the_calendar_lacks_are_errors() {
        for text in ["ngày 31/02/2025", "29/02/2025", "ngày 12/13/2024", "ngày 10/10/1024"] {
            assert!(dated(text).is_some_and(|found| found.date.is_err()), "{text}");
        }
    }

    #[test]
    fn a_year_can_be_left_open() {
        for (text, month, day) in [
            ("30/11 hằng năm", 11, Some(30)),
            ("ngày 20 tháng 5", 5, Some(20)),
            ("tháng 12", 12, None),
        ] {
            let date = dated_or_open(text).unwrap().date.unwrap();
            assert_eq!((date.year, date.month, date.day), (None, Some(month), day), "{text}");
        }
        assert!(dated_or_open("31/11").unwrap().date.is_err());
    }
}
