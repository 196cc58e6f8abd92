//! Finds the words that say when something is to be done, and what they mean.
//!
//! Every form is a pattern for what introduces a date ("trước ngày", "từ … đến", "hằng năm"), then
//! [`dates`] reads the date itself, anchored there, so that a bare date is never a deadline.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::extract::dates::{self, ImpossibleDate, PartialDate};
use crate::extract::floor_boundary;
use crate::plan::DeadlineKind;
use crate::text::Span;

/// A time as a sentence says it.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundTime {
    /// Of the paragraph.
    pub span: Span,
    pub meaning: Meaning,
    /// A deadline beyond doubt ("trước ngày", "chậm nhất"), not merely a time ("trong năm").
    pub strict: bool,
}

/// What the words mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// By or in a date.
    By(PartialDate),
    /// "từ … đến …"; the start can be the day of issue.
    Period(Start, PartialDate),
    /// "trước 30/11 hằng năm": an RFC 5545 rule.
    Recurring(String),
    /// "trong thời hạn 10 ngày kể từ ngày ký": an end that depends on another event.
    Relative {
        from_issue: bool,
    },
    Impossible(ImpossibleDate),
}

/// Where a period begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    Issue,
    Date(PartialDate),
}

impl FoundTime {
    /// The kind by its own words; what surrounds it can make a milestone or a vision of a date.
    pub fn kind(&self) -> DeadlineKind {
        match self.meaning {
            Meaning::Period(..) => DeadlineKind::Period,
            Meaning::Recurring(_) => DeadlineKind::Recurring,
            _ => DeadlineKind::Due,
        }
    }
}

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

/// What introduces a day, month or year by which something is due, up to the date itself.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)\b(?:(?P<strict>trước|chậm nhất (?:là )?(?:vào |trước |đến )?|muộn nhất (?:là )?(?:vào |trước )?|không (?:chậm|muộn|quá)(?: hơn)?|hạn (?:cuối|chót)?:? ?(?:là )?|xong trước|thời hạn:? ?|thời gian hoàn thành:? ?(?:trước |trong |xong trước )?|hoàn thành (?:trong|trước|vào|xong)?) ?|(?P<loose>đến hết|đến cuối|cuối|hết|trong|vào|đến) )(?:\d{1,2}(?: giờ|h)(?: ?\d{1,2}(?: phút)?)?,? )?(?:hết |cuối |đầu )?(?P<date>(?:ngày|mùng|tháng|quý|năm|\d{1,2} ?/|\d{1,2} tháng))",
    )
});

/// "hằng năm", "mỗi quý một lần", "6 tháng một lần", "theo định kỳ (hằng năm; …)".
static EVERY: LazyLock<Regex> = LazyLock::new(|| {
    built(concat!(
        r"(?i)(?P<hour>\b(?:trước|vào|lúc) \d{1,2}(?: giờ|h)(?: ?\d{1,2}(?: phút)?)? )?",
        r"(?P<lead>(?:theo )?định kỳ (?:\()?)?(?:\b(?:hằng|hàng|mỗi) (?P<unit>năm|quý|tháng|tuần|ngày)",
        r"\b(?: (?:một|1|01) lần\b)?|\b(?P<count>\d{1,2}|một|hai|ba|sáu) ",
        r"(?P<counted>năm|quý|tháng|tuần)(?:/| )(?:một |1 |01 )?lần\b)"
    ))
});

/// "định kỳ 6 tháng": a rule that says no "hằng".
static PERIODIC: LazyLock<Regex> =
    LazyLock::new(|| built(r"(?i)\bđịnh kỳ (?:\()?(?P<count>\d{1,2}) (?P<unit>tháng|năm|tuần)\b"));

/// Days before "hằng năm" or the like: "trước 30/11 hằng năm", "ngày 05 và ngày 20 hằng tháng".
static DAYS_OF_EVERY: LazyLock<Regex> = LazyLock::new(|| {
    let day = r"(?:ngày )?(?:mùng )?\d{1,2}(?:(?: ?/ ?| tháng )\d{1,2})?";
    built(&format!(
        r"(?i)(?:\b(?:xong )?(?:trước|chậm nhất|vào|muộn nhất)(?: là| vào| trước)? ?)?(?P<days>\b{day}(?:(?:,| và|, và) {day})*) (?:của )?$"
    ))
});

/// One day of such a list.
static DAY: LazyLock<Regex> =
    LazyLock::new(|| built(r"(?i)(?P<day>\d{1,2})(?:(?: ?/ ?| tháng )(?P<month>\d{1,2}))?"));

/// "vào sáng thứ Bảy tuần cuối hằng tháng", "vào thứ Năm hằng tuần", up to "hằng".
static WEEKDAY_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    built(&format!(
        r"(?i)(?:\bvào )?(?:\b(?:sáng|chiều|tối|ngày) )?{WEEKDAY}(?: tuần (?P<week>đầu|cuối))? $"
    ))
});

/// "Hằng tuần, vào chiều thứ Sáu", after "tuần".
static WEEKDAY_AFTER: LazyLock<Regex> =
    LazyLock::new(|| built(&format!(r"(?i)^,? (?:vào )?(?:(?:sáng|chiều|tối|ngày) )?{WEEKDAY}\b")));

const WEEKDAY: &str = r"(?P<weekday>thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)";

/// "trước ngày 25 tháng cuối quý".
static END_OF_QUARTER: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)(?:\b(?:trước|chậm nhất|vào)(?: là)? )?\bngày (?P<day>\d{1,2}) (?:của )?tháng cuối (?:cùng )?(?:của )?(?:mỗi |hằng |hàng )?quý\b",
    )
});

/// "trong thời hạn 10 ngày làm việc kể từ ngày ký".
static WITHIN: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)\b(?:trong (?:thời hạn|thời gian|vòng)|chậm nhất (?:là |sau )?|không quá|sau) ?(?P<count>\d{1,3}) (?:\([^)]*\) )?(?:ngày|tháng|giờ|tuần)(?: làm việc)?,? (?:kể )?từ (?:ngày|khi|thời điểm) (?P<event>[^,.;()]{2,60})",
    )
});

fn built(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// All times of a paragraph that can be deadlines, in order, none overlapping another.
pub fn times(paragraph: &str) -> Vec<FoundTime> {
    let mut found: Vec<FoundTime> = Vec::new();
    // The longer forms first: a date within "từ … đến …" is no date of its own.
    for finder in [periods, stages, recurrences, relatives, dues] {
        for time in finder(paragraph) {
            if !found.iter().any(|f| f.span.start < time.span.end && time.span.start < f.span.end) {
                found.push(time);
            }
        }
    }
    found.sort_by_key(|time| time.span.start);
    found
}

fn periods(text: &str) -> Vec<FoundTime> {
    let mut found = Vec::new();
    let mut at = 0;
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

fn stages(text: &str) -> Vec<FoundTime> {
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

fn recurrences(text: &str) -> Vec<FoundTime> {
    let mut found: Vec<FoundTime> = Vec::new();
    for captures in END_OF_QUARTER.captures_iter(text) {
        let (Some(whole), Some(day)) = (captures.get(0), month_day(None, &captures["day"])) else {
            continue;
        };
        let rule = format!("FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY={day}");
        found.push(recurring(whole.range(), rule, true));
    }
    for captures in EVERY.captures_iter(text) {
        found.extend(every(text, &captures));
    }
    for captures in PERIODIC.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        let rule = plain_rule(&captures["unit"], counted(&captures["count"]));
        found.push(recurring(whole.range(), rule, true));
    }
    found
}

fn recurring(span: Span, rule: String, strict: bool) -> FoundTime {
    FoundTime { span, meaning: Meaning::Recurring(rule), strict }
}

/// A "hằng …" with the days before it, or the weekday on either side.
fn every(text: &str, captures: &Captures) -> Vec<FoundTime> {
    let whole = captures.get(0).expect("group 0 is the match");
    let unit = captures.name("unit").or(captures.name("counted")).map_or("", |unit| unit.as_str());
    let unit = unit.to_lowercase();
    let count = captures.name("count").map_or(1, |count| counted(count.as_str()));
    let before = &text[..whole.start()];
    let near = &before[before.len() - back(before, 80)..];
    let from = |found: &Captures| {
        whole.start() - near.len() + found.get(0).map_or(0, |group| group.start())
    };
    let lead = captures.name("lead");
    if let Some(days) = DAYS_OF_EVERY.captures(near).filter(|_| lead.is_none()) {
        let span = from(&days)..whole.end();
        return day_rules(&unit, &days["days"])
            .into_iter()
            .map(|rule| recurring(span.clone(), rule, true))
            .collect();
    }
    if let Some(day) = WEEKDAY_BEFORE.captures(near) {
        let span = from(&day)..whole.end();
        return week_rule(&unit, &day)
            .map(|rule| recurring(span, rule, true))
            .into_iter()
            .collect();
    }
    if let Some(day) = WEEKDAY_AFTER.captures(&text[whole.end()..]) {
        let span = whole.start()..whole.end() + day.get(0).map_or(0, |group| group.end());
        return week_rule(&unit, &day)
            .map(|rule| recurring(span, rule, true))
            .into_iter()
            .collect();
    }
    let bracketed = lead.is_some_and(|lead| lead.as_str().ends_with('('));
    let close = text[whole.end()..].find(')').filter(|_| bracketed);
    let to = close.map_or(whole.end(), |close| whole.end() + close + 1);
    let strict =
        lead.is_some() || captures.name("hour").is_some() || captures.name("count").is_some();
    vec![recurring(whole.start()..to, plain_rule(&unit, count), strict)]
}

fn counted(count: &str) -> u32 {
    match count.to_lowercase().as_str() {
        "một" => 1,
        "hai" => 2,
        "ba" => 3,
        "sáu" => 6,
        digits => digits.parse().unwrap_or(1).max(1),
    }
}

fn plain_rule(unit: &str, count: u32) -> String {
    let (frequency, each) = match unit.to_lowercase().as_str() {
        "năm" => ("YEARLY", 1),
        "quý" => ("MONTHLY", 3),
        "tháng" => ("MONTHLY", 1),
        "tuần" => ("WEEKLY", 1),
        _ => ("DAILY", 1),
    };
    match count * each {
        1 => format!("FREQ={frequency}"),
        interval => format!("FREQ={frequency};INTERVAL={interval}"),
    }
}

/// "30/11 hằng năm", "05 và 20 hằng tháng": one rule where one can say it, else one for each day;
/// none for a day that no month has.
fn day_rules(unit: &str, days: &str) -> Vec<String> {
    let read = |captures: Captures| {
        let day = month_day(captures.name("month").map(|m| m.as_str()), &captures["day"])?;
        let month: Option<u8> = captures.name("month").and_then(|m| m.as_str().parse().ok());
        Some((month, day))
    };
    let Some(days) = DAY.captures_iter(days).map(read).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let list = |numbers: Vec<u8>| numbers.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
    let same_day = days.iter().all(|(_, day)| *day == days[0].1);
    let months: Option<Vec<u8>> = days.iter().map(|(month, _)| *month).collect();
    match (unit, months) {
        ("năm", Some(months)) if same_day => {
            vec![format!("FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}", list(months), days[0].1)]
        }
        ("năm", Some(months)) => {
            let each = months.iter().zip(&days);
            each.map(|(month, (_, day))| format!("FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"))
                .collect()
        }
        ("tháng", None) => {
            vec![format!(
                "FREQ=MONTHLY;BYMONTHDAY={}",
                list(days.iter().map(|(_, d)| *d).collect())
            )]
        }
        ("quý", None) if days.len() == 1 => {
            vec![format!("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY={}", days[0].1)]
        }
        _ => Vec::new(),
    }
}

/// The day if the month has it; any month if none is said.
fn month_day(month: Option<&str>, day: &str) -> Option<u8> {
    let month: i8 = month.map_or(Some(1), |month| month.parse().ok())?;
    let date = jiff::civil::Date::new(2024, month, day.parse().ok()?).ok()?;
    u8::try_from(date.day()).ok()
}

/// "thứ Năm hằng tuần", "thứ Bảy tuần cuối hằng tháng".
fn week_rule(unit: &str, captures: &Captures) -> Option<String> {
    let weekday = captures["weekday"].to_lowercase();
    let day = match weekday.trim_start_matches("thứ ") {
        "hai" | "2" => "MO",
        "ba" | "3" => "TU",
        "tư" | "4" => "WE",
        "năm" | "5" => "TH",
        "sáu" | "6" => "FR",
        "bảy" | "7" => "SA",
        _ => "SU",
    };
    let week = captures.name("week").map(|week| week.as_str().to_lowercase());
    match (unit, week.as_deref()) {
        ("tuần", None) => Some(format!("FREQ=WEEKLY;BYDAY={day}")),
        ("tháng", Some("cuối")) => Some(format!("FREQ=MONTHLY;BYDAY=-1{day}")),
        ("tháng", Some(_)) => Some(format!("FREQ=MONTHLY;BYDAY=1{day}")),
        _ => None,
    }
}

fn relatives(text: &str) -> Vec<FoundTime> {
    WITHIN
        .captures_iter(text)
        .filter_map(|captures| {
            let whole = captures.get(0)?;
            let event = captures["event"].to_lowercase();
            let from_issue = event.starts_with("ký") || event.starts_with("ban hành");
            let meaning = Meaning::Relative { from_issue };
            Some(FoundTime { span: whole.range(), meaning, strict: true })
        })
        .collect()
}

fn dues(text: &str) -> Vec<FoundTime> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(captures) = BEFORE.captures_at(text, at) {
        let whole = captures.get(0).expect("group 0 is the match");
        let date = captures.name("date").expect("in the pattern");
        at = date.start();
        let strict = captures.name("strict").is_some();
        let rest = &text[date.start()..];
        // Without its year only a strict deadline is one: "trong tháng 3" is any March.
        let read = dates::dated(rest).or_else(|| dates::dated_or_open(rest).filter(|_| strict));
        let Some(read) = read else { continue };
        at = date.start() + read.span.end;
        let meaning = match read.date {
            Ok(date) => Meaning::By(date),
            Err(impossible) => Meaning::Impossible(impossible),
        };
        // "hoàn thành" is the action, not the time.
        let words = &text[whole.start()..at];
        let action = words.to_lowercase().starts_with("hoàn thành ");
        let from = if action { whole.start() + "hoàn thành ".len() } else { whole.start() };
        found.push(FoundTime { span: from..at, meaning, strict });
    }
    found
}

/// Number of bytes, at most `limit`, that can be cut off the end of `text` between characters.
fn back(text: &str, limit: usize) -> usize {
    let keep = text.len().saturating_sub(limit);
    let keep = (keep..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    text.len() - keep
}

/// Whether words right before a "hằng năm" make it an attribute of a noun: "tiêu chí chấm điểm hằng
/// năm" sets no time for anything.
pub fn is_attribute(before: &str) -> bool {
    static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
        built(
            r"(?i)(?:tiêu chí|chấm điểm|khen thưởng|kế hoạch|dự toán|ngân sách|kinh phí|chương trình|chỉ tiêu|nhiệm vụ|công tác|bình xét|xếp loại|kết quả|danh hiệu|phân loại|thi đua|đánh giá|thống kê|thu nhập|tăng trưởng|bình quân|vốn|nghỉ|lễ hội|chi|thường xuyên|số liệu|báo cáo|(?:dự toán|ngân sách|kinh phí)[^,;.]{0,30})$",
        )
    });
    // A movement is set going anew each year; "thi đua hằng năm" within a title of honour is none.
    let before = before.trim_end();
    let near = &before[floor_boundary(before, before.len().saturating_sub(40))..];
    ATTRIBUTE.is_match(near) && !near.to_lowercase().ends_with("phong trào thi đua")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Option<(String, String)> {
        let found = times(text);
        assert!(found.len() <= 1, "{text}: {found:?}");
        let time = found.into_iter().next()?;
        let iso = |date: PartialDate| date.iso().unwrap_or("-".into());
        let meaning = match time.meaning {
            Meaning::By(date) => iso(date),
            Meaning::Period(Start::Issue, end) => format!("issue/{}", iso(end)),
            Meaning::Period(Start::Date(start), end) => format!("{}/{}", iso(start), iso(end)),
            Meaning::Recurring(rule) => rule,
            Meaning::Relative { from_issue } => format!("relative {from_issue}"),
            Meaning::Impossible(_) => "impossible".into(),
        };
        Some((text[time.span].to_owned(), meaning))
    }

    #[test]
    fn every_written_form_is_understood() {
        for (text, words, meaning) in [
            (
                "gửi trước ngày 10 tháng 5 năm 2026 để",
                "trước ngày 10 tháng 5 năm 2026",
                "2026-05-10",
            ),
            ("(hoàn thành trong tháng 7/2025)", "trong tháng 7/2025", "2025-07"),
            ("chậm nhất ngày 15/8/2025.", "chậm nhất ngày 15/8/2025", "2025-08-15"),
            ("xong trong quý II/2026", "trong quý II/2026", "2026-06"),
            ("sơ kết vào năm 2027", "vào năm 2027", "2027"),
            ("đến cuối năm 2027 hoàn thành", "đến cuối năm 2027", "2027"),
            (
                "trước 30/11 hằng năm để",
                "trước 30/11 hằng năm",
                "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30",
            ),
            (
                "trước ngày 20 tháng 11 hàng năm",
                "trước ngày 20 tháng 11 hàng năm",
                "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20",
            ),
            ("trước ngày 25 hằng tháng", "trước ngày 25 hằng tháng", "FREQ=MONTHLY;BYMONTHDAY=25"),
            ("Hằng năm, tổ chức", "Hằng năm", "FREQ=YEARLY"),
            (
                "vào ngày 05 và ngày 20 hằng tháng",
                "vào ngày 05 và ngày 20 hằng tháng",
                "FREQ=MONTHLY;BYMONTHDAY=5,20",
            ),
            (
                "trước ngày 15 tháng 6 và ngày 15 tháng 11 hằng năm",
                "trước ngày 15 tháng 6 và ngày 15 tháng 11 hằng năm",
                "FREQ=YEARLY;BYMONTH=6,11;BYMONTHDAY=15",
            ),
            (
                "trước ngày 25 tháng cuối quý.",
                "trước ngày 25 tháng cuối quý",
                "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=25",
            ),
            ("báo cáo vào thứ Năm hằng tuần", "vào thứ Năm hằng tuần", "FREQ=WEEKLY;BYDAY=TH"),
            (
                "Hằng tuần, vào chiều thứ Sáu, niêm yết",
                "Hằng tuần, vào chiều thứ Sáu",
                "FREQ=WEEKLY;BYDAY=FR",
            ),
            (
                "vào sáng thứ Bảy tuần cuối hằng tháng tại",
                "vào sáng thứ Bảy tuần cuối hằng tháng",
                "FREQ=MONTHLY;BYDAY=-1SA",
            ),
            ("luân chuyển mỗi quý một lần", "mỗi quý một lần", "FREQ=MONTHLY;INTERVAL=3"),
            ("Trước 16 giờ hằng ngày, cập nhật", "Trước 16 giờ hằng ngày", "FREQ=DAILY"),
            (
                "gửi trước 16 giờ 30 phút ngày 25 tháng 3 năm 2026 để",
                "trước 16 giờ 30 phút ngày 25 tháng 3 năm 2026",
                "2026-03-25",
            ),
            ("Định kỳ hằng quý báo cáo", "Định kỳ hằng quý", "FREQ=MONTHLY;INTERVAL=3"),
            ("họp 6 tháng một lần", "6 tháng một lần", "FREQ=MONTHLY;INTERVAL=6"),
            ("định kỳ 6 tháng báo cáo", "định kỳ 6 tháng", "FREQ=MONTHLY;INTERVAL=6"),
            (
                "theo định kỳ (hàng năm; sơ kết) gửi",
                "theo định kỳ (hàng năm; sơ kết)",
                "FREQ=YEARLY",
            ),
            ("từ năm 2025 đến năm 2030, chia", "từ năm 2025 đến năm 2030", "2025/2030"),
            ("Giai đoạn 1 (từ 2025 - 2027): Xây", "Giai đoạn 1 (từ 2025 - 2027)", "2025/2027"),
            ("Giai đoạn 2 (từ năm 2027 - 2030)", "Giai đoạn 2 (từ năm 2027 - 2030)", "2027/2030"),
            ("giai đoạn 2026 - 2030 của", "giai đoạn 2026 - 2030", "2026/2030"),
            (
                "từ ngày ban hành Kế hoạch đến hết tháng 12/2030.",
                "từ ngày ban hành Kế hoạch đến hết tháng 12/2030",
                "issue/2030-12",
            ),
            (
                "từ ngày 10/5/2026 đến hết ngày 14/5/2026.",
                "từ ngày 10/5/2026 đến hết ngày 14/5/2026",
                "2026-05-10/2026-05-14",
            ),
            (
                "từ ngày 01/7 đến ngày 31/7/2025",
                "từ ngày 01/7 đến ngày 31/7/2025",
                "2025-07-01/2025-07-31",
            ),
            (
                "từ ngày 15 đến ngày 20/8/2025",
                "từ ngày 15 đến ngày 20/8/2025",
                "2025-08-15/2025-08-20",
            ),
            (
                "trong thời hạn 10 ngày làm việc kể từ ngày ký Quyết định",
                "trong thời hạn 10 ngày làm việc kể từ ngày ký Quyết định",
                "relative true",
            ),
            ("trước ngày 31/02/2026", "trước ngày 31/02/2026", "impossible"),
        ] {
            assert_eq!(only(text), Some((words.to_owned(), meaning.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_sets_no_time_gives_none() {
        for text in [
            "",
            "nhiệm kỳ 2026 - 2031",
            "kể từ ngày ký ban hành.",
            "định kỳ báo cáo tình hình",
            "trong tháng 3",
            "từ “truyền thống” sang",
            "từ tỉnh đến cơ sở",
            "số 25/2025",
            "trong thời gian tới",
            "năm 2025 đã đạt",
            "ngày 14/8/2025",
        ] {
            assert_eq!(only(text), None, "{text}");
        }
    }

    #[test]
    fn an_attribute_of_a_noun_is_no_time() {
        assert!(is_attribute("là tiêu chí chấm điểm "));
        assert!(is_attribute("bình xét thi đua, khen thưởng "));
        assert!(!is_attribute("phát động, triển khai Phong trào thi đua "));
        assert!(!is_attribute("tổ chức hội nghị "));
    }
}
