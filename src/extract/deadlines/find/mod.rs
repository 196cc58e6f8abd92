//! Finds the words that say when something is to be done, and what they mean.
//!
//! Every form is a pattern for what introduces a date ("trước ngày", "từ … đến", "hằng năm"), then
//! [`dates`] reads the date itself, anchored there, so that a bare date is never a deadline.

mod due;
mod period;
mod recurring;

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::dates::{ImpossibleDate, PartialDate};
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

fn built(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// Whether any of `words` stands in a text; their first letters left off, as they can be capitals.
/// Most paragraphs say no time, and a search for words is far quicker than a pattern.
fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Every time has a number or a word for "each".
fn can_hold_time(paragraph: &str) -> bool {
    paragraph.bytes().any(|byte| byte.is_ascii_digit())
        || has_any(paragraph, &["ằng ", "àng ", "ỗi ", "ần"])
}

/// All times of a paragraph that can be deadlines, in order, none overlapping another.
pub fn times(paragraph: &str) -> Vec<FoundTime> {
    let mut found: Vec<FoundTime> = Vec::new();
    if !can_hold_time(paragraph) {
        return found;
    }
    // The longer forms first: a date within "từ … đến …" is no date of its own.
    for finder in [
        period::periods,
        period::stages,
        recurring::recurrences,
        due::relatives,
        due::half_years,
        due::dues,
    ] {
        for time in finder(paragraph) {
            if !found.iter().any(|f| f.span.start < time.span.end && time.span.start < f.span.end) {
                found.push(time);
            }
        }
    }
    found.sort_by_key(|time| time.span.start);
    with_their_days(paragraph, found)
}

/// "Hằng năm, … báo cáo … trước ngày 15/12" says one time in two places: the rule takes the day, and
/// stands where the day does.
fn with_their_days(paragraph: &str, times: Vec<FoundTime>) -> Vec<FoundTime> {
    let rule_of = |time: &FoundTime| match &time.meaning {
        Meaning::Recurring(rule) => Some(rule.clone()),
        _ => None,
    };
    let mut kept: Vec<FoundTime> = Vec::new();
    for mut time in times {
        let said = kept.last().and_then(|last| Some((last.span.end, rule_of(last)?)));
        let near = said.filter(|(end, _)| !paragraph[*end..time.span.start].contains(['.', ';']));
        let merged = near.and_then(|(_, rule)| match (rule.as_str(), &time.meaning) {
            (
                "FREQ=YEARLY",
                Meaning::By(PartialDate { year: None, month: Some(m), day: Some(d) }),
            ) => Some(format!("FREQ=YEARLY;BYMONTH={m};BYMONTHDAY={d}")),
            ("FREQ=MONTHLY;INTERVAL=3", Meaning::Recurring(rule)) if rule.contains("BYMONTH=") => {
                Some(rule.clone())
            }
            ("FREQ=MONTHLY", Meaning::Recurring(rule)) if rule.starts_with("FREQ=MONTHLY;BYM") => {
                Some(rule.clone())
            }
            _ => None,
        });
        if let Some(rule) = merged {
            kept.pop();
            time.meaning = Meaning::Recurring(rule);
            time.strict = true;
        }
        kept.push(time);
    }
    kept
}

/// Whether words right before a "hằng năm" make it an attribute of a noun: "tiêu chí chấm điểm hằng
/// năm" sets no time for anything.
pub fn is_attribute(before: &str) -> bool {
    static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
        built(
            r"(?i)(?:tiêu chí|chấm điểm|khen thưởng|kế hoạch|dự toán|ngân sách|kinh phí|chương trình|chỉ tiêu|nhiệm vụ|công tác|bình xét|xếp loại|kết quả|danh hiệu|phân loại|thi đua|đánh giá|thống kê|thu nhập|tăng trưởng|bình quân|vốn|nghỉ|lễ hội|chi|quy mô[^,;.]{0,30}|sản xuất|sản lượng[^,;.]{0,20}|khối lượng[^,;.]{0,20}|nhu cầu[^,;.]{0,20}|định mức|doanh thu|quyết toán|chi phí|hạn ngạch|biến động|thu|thường xuyên|số liệu|báo cáo|(?:dự toán|ngân sách|kinh phí)[^,;.]{0,30})$",
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
            ("xong trong quý II/2026", "xong trong quý II/2026", "2026-06"),
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
