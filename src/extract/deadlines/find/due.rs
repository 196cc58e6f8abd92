//! By when: "trước ngày …", "trong tháng …", and terms that run from an event.

use std::sync::LazyLock;

use regex::Regex;

use super::{FoundTime, Meaning, built, has_any};
use crate::extract::dates::{self, PartialDate};
use crate::text::Span;

/// What introduces a day, month or year by which something is due, up to the date itself.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)\b(?:(?P<strict>trước|chậm nhất (?:là )?(?:vào |trước |đến |trong )?|muộn nhất (?:là )?(?:vào |trước |trong )?|không (?:chậm|muộn|quá)(?: hơn)?|hạn (?:cuối|chót)?:? ?(?:là )?|xong trước|thời hạn:? ?|thời gian(?: (?:thực hiện|hoàn thành|tổ chức|gửi|báo cáo|gửi báo cáo|triển khai))?:? ?(?:dự kiến )?(?:trước|trong|vào|xong trước|xong trong)?|xong (?:trong|vào)|hoàn thành (?:trong|trước|vào|xong)?) ?|(?P<loose>đến hết|đến cuối|đến trước|cuối|giữa|đầu|hết|trong|vào dịp|vào|đến) )(?:\d{1,2}(?: giờ|h)(?: ?\d{1,2}(?: phút)?)?,? )?(?:hết |cuối |đầu )?(?P<date>(?:ngày|mùng|tháng|quý|năm|\d{1,2} ?/|\d{1,2} tháng))",
    )
});

/// "trong thời hạn 10 ngày làm việc kể từ ngày ký".
static WITHIN: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)\b(?:trong(?: (?:thời hạn|thời gian|vòng))?|chậm nhất (?:là |sau )?|không quá|sau) ?(?P<count>\d{1,3}) (?:\([^)]*\) )?(?:ngày|tháng|giờ|tuần)(?: làm việc)?,? (?:kể )?từ (?:ngày|khi|thời điểm) (?P<event>[^,.;()]{2,60})",
    )
});

pub(super) fn relatives(text: &str) -> Vec<FoundTime> {
    if !has_any(text, &["từ ngày", "từ khi", "từ thời điểm"]) {
        return Vec::new();
    }
    WITHIN
        .captures_iter(text)
        .filter_map(|captures| {
            let whole = captures.get(0)?;
            let event = captures["event"].to_lowercase();
            let own = event.contains(" này ") || event.contains("văn bản");
            let from_issue = event.starts_with("ký")
                || event.starts_with("ban hành")
                || own && event.contains("ban hành");
            let meaning = Meaning::Relative { from_issue };
            Some(FoundTime { span: whole.range(), meaning, strict: true })
        })
        .collect()
}

/// "trong 6 tháng đầu năm 2026".
static HALF_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)(?:\b(?:trong|hết|vào) )?\b(?P<count>\d{1,2}|sáu|chín) tháng (?P<part>đầu|cuối) năm (?P<year>\d{4})\b",
    )
});

pub(super) fn half_years(text: &str) -> Vec<FoundTime> {
    let read = |captures: regex::Captures| {
        let count = match &captures["count"] {
            "sáu" => 6,
            "chín" => 9,
            digits => digits.parse().ok().filter(|count| (1..=12).contains(count))?,
        };
        let month = if captures["part"].to_lowercase() == "đầu" { count } else { 12 };
        let year = captures["year"].parse().ok();
        let meaning = Meaning::By(PartialDate { year, month: Some(month), day: None });
        Some(FoundTime { span: captures.get(0)?.range(), meaning, strict: false })
    };
    if !has_any(text, &["áng đầu năm", "áng cuối năm"]) {
        return Vec::new();
    }
    HALF_YEAR.captures_iter(text).filter_map(read).collect()
}

pub(super) fn dues(text: &str) -> Vec<FoundTime> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(captures) = BEFORE.captures_at(text, at) {
        let whole = captures.get(0).expect("group 0 is the match");
        let date = captures.name("date").expect("in the pattern");
        at = date.start();
        let strict = captures.name("strict").is_some();
        let rest = &text[date.start()..];
        // Without its year only a strict deadline or a day is one: "trong tháng 3" is any March.
        let open = dates::dated_or_open(rest).filter(|read| {
            let named = read.date.as_ref().is_ok_and(|date| date.day.is_some());
            strict || named && !whole.as_str().to_lowercase().starts_with("đến ")
        });
        if let Some(months) = months_in_a_row(rest) {
            for (index, (span, month)) in months.into_iter().enumerate() {
                let from = if index == 0 { whole.start() } else { date.start() + span.start };
                at = date.start() + span.end;
                found.push(FoundTime { span: from..at, meaning: Meaning::By(month), strict });
            }
            continue;
        }
        let Some(read) = dates::dated(rest).or(open) else { continue };
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

/// "tháng 5 và tháng 10 năm 2026": the year is said once, at the end.
fn months_in_a_row(text: &str) -> Option<Vec<(Span, PartialDate)>> {
    static NEXT: LazyLock<Regex> = LazyLock::new(|| built(r"^(?:,| và) (?i:tháng )"));
    let mut months: Vec<(Span, PartialDate)> = Vec::new();
    let mut at = 0;
    loop {
        let found = dates::dated_or_open(&text[at..])?;
        let month = found.date.ok().filter(|date| date.month.is_some() && date.day.is_none())?;
        months.push((at..at + found.span.end, month));
        at += found.span.end;
        if month.year.is_some() {
            break;
        }
        at += NEXT.find(&text[at..])?.end() - "tháng ".len();
    }
    let year = months.last()?.1.year;
    let dated = |(span, month): (Span, PartialDate)| (span, PartialDate { year, ..month });
    (months.len() > 1).then(|| months.into_iter().map(dated).collect())
}
