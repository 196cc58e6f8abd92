//! From when to when: "từ … đến …", "giai đoạn 2026 - 2030".

use std::sync::LazyLock;

use regex::Regex;

use super::{FoundTime, Meaning, Start, built, has_any};
use crate::extract::dates::{self, PartialDate};

/// "từ ngày ban hành Kế hoạch đến hết tháng 12/2030", "từ năm 2025 đến năm 2030", "từ 2025 - 2027",
/// also within the words of a stage: "Giai đoạn 1 (từ năm 2026 - 2027)".
static FROM: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)(?P<stage>\bgiai đoạn \w{1,3} ?\(?)?\b(?:kể )?từ (?:đầu |khoảng )?(?P<start>(?:khi|lúc|ngày) (?:ban hành|ký|có hiệu lực)[^,.;()]{0,40}?|[^,.;()]{4,32}?) ?(?:đến|tới|–|-) ?(?:hết |cuối |trước )?(?:ngày )?(?P<end>(?:\d|ngày|tháng|năm|quý)[^,;()]*)",
    )
});

/// "giai đoạn 2026 - 2030", "Giai đoạn 1 (2025 - 2027)", "giai đoạn từ 2026 đến 2030".
static STAGE: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)\bgiai đoạn (?:\w{1,3} ?)?\(?(?:năm )?(?P<start>\d{4}) ?(?:-|–|đến) ?(?:năm )?(?P<end>\d{4})\b\)?",
    )
});

pub(super) fn periods(text: &str) -> Vec<FoundTime> {
    let mut found = Vec::new();
    let mut at = 0;
    if !has_any(text, &["ừ ", "Ừ "]) {
        return found;
    }
    while let Some(captures) = FROM.captures_at(text, at) {
        let whole = captures.get(0).expect("group 0 is the match");
        let (start, end) = (&captures["start"], captures.name("end").expect("in the pattern"));
        at = whole.start() + "t".len();
        while !text.is_char_boundary(at) {
            at += 1;
        }
        let Some((end_date, length)) = end_of_period(&text[end.start()..]) else { continue };
        let Some(start) = start_of_period(start, end_date) else { continue };
        let mut to = end.start() + length;
        if captures.name("stage").is_some() && text[to..].starts_with(')') {
            to += 1;
        }
        at = to;
        let meaning = Meaning::Period(start, end_date);
        found.push(FoundTime { span: whole.start()..to, meaning, strict: true });
    }
    found
}

/// A date, or the bare year of "từ 2025 - 2027".
fn end_of_period(text: &str) -> Option<(PartialDate, usize)> {
    if let Some(found) = dates::dated(text) {
        return Some((found.date.ok()?, found.span.end));
    }
    let year = text.get(..4)?.parse().ok().filter(|year| (1945..=2100).contains(year))?;
    let bare = !text[4..].starts_with(|c: char| c.is_alphanumeric() || c == '/');
    bare.then_some((PartialDate::year(year), 4))
}

fn start_of_period(text: &str, end: PartialDate) -> Option<Start> {
    let lower = text.to_lowercase();
    if ["ban hành", " ký", "có hiệu lực"].iter().any(|word| lower.contains(word)) {
        return Some(Start::Issue);
    }
    let text = text.trim();
    if let Some(found) = dates::dated_or_open(text).filter(|found| found.span.end == text.len()) {
        let mut date = found.date.ok()?;
        // "từ ngày 01/7 đến ngày 31/7/2025": the year is said once.
        date.year = date.year.or(end.year);
        return Some(Start::Date(date));
    }
    let bare = text.strip_prefix("ngày ").unwrap_or(text);
    let number: i16 = bare.parse().ok()?;
    if (1945..=2100).contains(&number) {
        return Some(Start::Date(PartialDate::year(number)));
    }
    // "từ ngày 15 đến ngày 20/8/2025": month and year are said once.
    let day = i8::try_from(number).ok().filter(|day| (1..=31).contains(day))?;
    (end.day.is_some()).then_some(Start::Date(PartialDate { day: Some(day), ..end }))
}

pub(super) fn stages(text: &str) -> Vec<FoundTime> {
    if !has_any(text, &["iai đoạn", "IAI ĐOẠN"]) {
        return Vec::new();
    }
    let read = |year: &str| year.parse().ok().map(PartialDate::year);
    STAGE
        .captures_iter(text)
        .filter_map(|captures| {
            let whole = captures.get(0)?;
            let meaning =
                Meaning::Period(Start::Date(read(&captures["start"])?), read(&captures["end"])?);
            // The closing bracket belongs to the words only if the opening one does.
            let end = whole.end()
                - usize::from(whole.as_str().ends_with(')') && !whole.as_str().contains('('));
            Some(FoundTime { span: whole.start()..end, meaning, strict: false })
        })
        .collect()
}
