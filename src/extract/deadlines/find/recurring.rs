//! How often: "hằng năm", "trước 30/11 hằng năm", "6 tháng một lần", as RFC 5545 rules.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{FoundTime, Meaning, built, has_any};
use crate::text::Span;

/// "hằng năm", "mỗi quý một lần", "6 tháng một lần", "theo định kỳ (hằng năm; …)".
static EVERY: LazyLock<Regex> = LazyLock::new(|| {
    built(concat!(
        r"(?i)(?P<hour>\b(?:trước|vào|lúc) \d{1,2}(?: giờ|h)(?: ?\d{1,2}(?: phút)?)? )?",
        r"(?P<lead>(?:theo )?định kỳ (?:\()?)?(?:\b(?:hằng|hàng|mỗi) (?P<unit>năm|quý|tháng|tuần|ngày)",
        r"\b(?: (?:một|1|01) lần\b)?|\b(?P<count>\d{1,2}|một|hai|ba|sáu) ",
        r"(?P<counted>năm|quý|tháng|tuần)(?:/| )(?:một |1 |01 )?lần\b)"
    ))
});

/// "định kỳ 6 tháng", also with the year's end that falls on the second: "định kỳ 6 tháng, năm".
static PERIODIC: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)\b(?:định kỳ (?:\()?(?P<count>\d{1,2}) (?P<unit>tháng|năm|tuần)\b(?:(?:,| và) (?:hằng |hàng |0?1 )?năm\b)?|0?6 tháng(?:,| và) (?:hằng |hàng |cả )?năm\b)",
    )
});

/// Days before "hằng năm" or the like: "trước 30/11 hằng năm", "ngày 05 và ngày 20 hằng tháng".
static DAYS_OF_EVERY: LazyLock<Regex> = LazyLock::new(|| {
    let day = r"(?:ngày )?(?:mùng )?\d{1,2}(?:(?: ?/ ?| tháng )\d{1,2})?";
    built(&format!(
        r"(?i)(?:\b(?:xong )?(?:trước|chậm nhất|vào|muộn nhất)(?: là| vào| trước)* ?)?(?P<days>\b{day}(?:(?:,| và|, và) {day})*) (?:của )?$"
    ))
});

/// One day of such a list.
static DAY: LazyLock<Regex> =
    LazyLock::new(|| built(r"(?i)(?P<day>\d{1,2})(?:(?: ?/ ?| tháng )(?P<month>\d{1,2}))?"));

/// "vào sáng thứ Bảy tuần cuối hằng tháng", "vào thứ Năm hằng tuần", up to "hằng".
static WEEKDAY_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    built(&format!(
        r"(?i)(?:\bđịnh kỳ )?(?:\bvào )?(?:\b(?:sáng|chiều|tối|ngày) )?{WEEKDAY}(?: tuần (?P<week>đầu|cuối))? $"
    ))
});

/// "Hằng tuần, vào chiều thứ Sáu", after "tuần".
static WEEKDAY_AFTER: LazyLock<Regex> =
    LazyLock::new(|| built(&format!(r"(?i)^,? (?:vào )?(?:(?:sáng|chiều|tối|ngày) )?{WEEKDAY}\b")));

const WEEKDAY: &str = r"(?P<weekday>thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)";

/// "trước ngày 25 tháng cuối quý", "ngày 10 của tháng đầu mỗi quý".
static MONTH_OF_QUARTER: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)(?:\b(?:trước|chậm nhất|muộn nhất|vào)(?: là| vào| trước)* )?\bngày (?P<day>\d{1,2}) (?:của )?(?:tháng )?(?P<month>đầu|cuối) (?:cùng )?(?:của )?(?:mỗi |hằng |hàng )?quý\b(?: (?:sau|tiếp theo|kế tiếp))?",
    )
});

/// "trước ngày 05 của tháng sau".
static NEXT_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)(?:\b(?:trước|chậm nhất|muộn nhất|vào)(?: là| vào| trước)* )?\bngày (?P<day>\d{1,2}) (?:của )?tháng (?:sau|tiếp theo|kế tiếp|liền kề)\b",
    )
});

/// "trước ngày 15 tháng 01 năm sau": of every year.
static NEXT_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)(?:\b(?:trước|chậm nhất|muộn nhất|vào)(?: là| vào| trước)* ?)?(?P<days>(?:ngày )?\b\d{1,2}(?: ?/ ?| tháng )\d{1,2}) (?:của )?năm (?:sau|tiếp theo|liền kề|kế tiếp)\b",
    )
});

/// "02 lần/năm", "ít nhất 01 lần trong tháng".
static TIMES: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)(?:\b(?:ít nhất|tối thiểu) )?\b(?P<count>\d{1,2}|một|hai|ba) lần ?(?:/|trong |mỗi |một )(?:một |0?1 )?(?P<unit>năm|quý|tháng|tuần|ngày)\b",
    )
});

/// "trong tháng 10 hằng năm", "quý IV hằng năm".
static MONTH_OF_EVERY: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)(?:\b(?:trước|chậm nhất|trong|vào)(?: trong| vào)? )?\b(?:tháng (?P<months>\d{1,2}(?:(?:,| và) (?:tháng )?\d{1,2})*)|quý (?P<quarter>IV|I{1,3}|[1-4])) (?:hằng|hàng|mỗi) năm\b",
    )
});

static DAY_AT_END: LazyLock<Regex> = LazyLock::new(|| built(r"\d{1,2} $"));

/// What can follow a rule in brackets: "hằng năm (trước ngày 15/12)".
static DAYS_IN_BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)^ ?\((?:xong )?(?:trước|chậm nhất|vào|muộn nhất)(?: là| vào| trước)* ?(?P<days>(?:ngày )?\d{1,2}(?:(?: ?/ ?| tháng )\d{1,2})?(?:(?:,| và|, và) (?:ngày )?\d{1,2}(?: ?/ ?| tháng )\d{1,2})*)\)",
    )
});

/// "6 tháng (trước ngày 15/6)", "năm (trước ngày 15/12)": the name of a report and its days.
static REPORT_IN_BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)(?:\bđịnh kỳ )?\b(?:(?:0?6|9) tháng|(?:hằng |hàng |cả |0?1 |một )?(?P<unit>năm|tháng))(?P<open> ?\()",
    )
});

pub(super) fn recurrences(text: &str) -> Vec<FoundTime> {
    let mut found: Vec<FoundTime> = Vec::new();
    found.extend(matches(&REPORT_IN_BRACKETS, text, &["("]).flat_map(|c| report(text, &c)));
    found.extend(matches(&MONTH_OF_QUARTER, text, &["uý"]).filter_map(|captures| {
        let day = month_day(None, &captures["day"])?;
        let first = captures["month"].to_lowercase() == "đầu";
        let months = if first { "1,4,7,10" } else { "3,6,9,12" };
        let rule = format!("FREQ=YEARLY;BYMONTH={months};BYMONTHDAY={day}");
        Some(recurring(captures.get(0)?.range(), rule, true))
    }));
    found.extend(
        matches(&NEXT_MONTH, text, &["áng sau", "áng tiếp", "áng kế", "áng liền"]).filter_map(
            |captures| {
                let day = month_day(None, &captures["day"])?;
                let rule = format!("FREQ=MONTHLY;BYMONTHDAY={day}");
                Some(recurring(captures.get(0)?.range(), rule, true))
            },
        ),
    );
    found.extend(matches(&NEXT_YEAR, text, &["ăm sau", "ăm tiếp", "ăm kế", "ăm liền"]).flat_map(
        |captures| {
            let span = captures.get(0).map_or(0..0, |whole| whole.range());
            let rules = day_rules("năm", &captures["days"]).into_iter();
            rules.map(|rule| recurring(span.clone(), rule, true)).collect::<Vec<_>>()
        },
    ));
    found.extend(matches(&MONTH_OF_EVERY, text, &["ằng năm", "àng năm", "ỗi năm"]).filter_map(
        |captures| {
            let months = match captures.name("months") {
                Some(months) => months_of(months.as_str())?,
                None => match captures["quarter"].to_uppercase().as_str() {
                    "I" | "1" => "1,2,3".to_owned(),
                    "II" | "2" => "4,5,6".to_owned(),
                    "III" | "3" => "7,8,9".to_owned(),
                    _ => "10,11,12".to_owned(),
                },
            };
            // "ngày 15 tháng 10 hằng năm" is read with its day.
            let whole = captures.get(0)?;
            let dated = DAY_AT_END.is_match(&text[..whole.start()]);
            (!dated)
                .then(|| recurring(whole.range(), format!("FREQ=YEARLY;BYMONTH={months}"), true))
        },
    ));
    found.extend(matches(&PERIODIC, text, &["ịnh kỳ", "6 tháng"]).filter_map(|captures| {
        let unit = captures.name("unit").map_or("tháng", |unit| unit.as_str());
        let count = captures.name("count").map_or(6, |count| counted(count.as_str()));
        Some(recurring(captures.get(0)?.range(), plain_rule(unit, count), true))
    }));
    found.extend(
        matches(&EVERY, text, &["ằng ", "àng ", "ỗi ", "lần"])
            .flat_map(|captures| every(text, &captures)),
    );
    found.extend(matches(&TIMES, text, &["lần"]).filter_map(|captures| {
        let rule = times_rule(&captures["unit"], counted(&captures["count"]));
        Some(recurring(captures.get(0)?.range(), rule, true))
    }));
    found
}

/// The matches of a form, searched for only where one of `words` stands.
fn matches<'t>(
    form: &'static Regex,
    text: &'t str,
    words: &[&str],
) -> impl Iterator<Item = Captures<'t>> {
    let found = has_any(text, words).then(|| form.captures_iter(text));
    found.into_iter().flatten()
}

/// "6 tháng (trước ngày 15/6)": the day of each year on which the report is due.
fn report(text: &str, captures: &Captures) -> Vec<FoundTime> {
    let (whole, open) = (captures.get(0), captures.name("open"));
    let (Some(whole), Some(open)) = (whole, open) else { return Vec::new() };
    let Some(days) = DAYS_IN_BRACKETS.captures(&text[open.start()..]) else { return Vec::new() };
    let unit = captures.name("unit").map_or("năm", |unit| unit.as_str()).to_lowercase();
    let end = open.start() + days.get(0).map_or(0, |group| group.end());
    let span = |rule| recurring(whole.start()..end, rule, true);
    day_rules(&unit, &days["days"]).into_iter().map(span).collect()
}

/// "6 và tháng 12" as a rule lists them; `None` if one is no month.
fn months_of(words: &str) -> Option<String> {
    let numbers = words.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty());
    let months = numbers.map(|number| number.parse::<u8>().ok().filter(|m| (1..=12).contains(m)));
    let months = months.collect::<Option<Vec<_>>>()?;
    Some(months.iter().map(u8::to_string).collect::<Vec<_>>().join(","))
}

/// "02 lần/năm": evenly spread, as far as a rule can say it.
fn times_rule(unit: &str, count: u32) -> String {
    match (unit.to_lowercase().as_str(), count) {
        ("năm", count) if count > 1 && 12 % count == 0 => match 12 / count {
            1 => "FREQ=MONTHLY".to_owned(),
            months => format!("FREQ=MONTHLY;INTERVAL={months}"),
        },
        (unit, _) => plain_rule(unit, 1),
    }
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

/// Number of bytes, at most `limit`, that can be cut off the end of `text` between characters.
fn back(text: &str, limit: usize) -> usize {
    let keep = text.len().saturating_sub(limit);
    let keep = (keep..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    text.len() - keep
}
