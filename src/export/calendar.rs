//! Deadlines as an iCalendar file (RFC 5545).
//!
//! Every deadline with a day is an event of whole days. A month or year stands for its last day,
//! as what is due in it is late only then; the words of the plan are in the description.

use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::Date;

use super::recurrence::Rule;
use super::tables::kind;
use crate::plan::{Deadline, DeadlineKind, Plan};

/// A calendar, and what could not go into it.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// Lines ended by CR LF, none longer than 75 bytes.
    pub text: String,
    /// The deadlines without a day: their words, in order.
    pub left_out: Vec<String>,
}

/// The calendar of a plan. The same plan gives the same bytes: the stamps are the document's date.
pub fn to_calendar(plan: &Plan) -> Calendar {
    let issued = plan.documents.iter().find_map(|document| last_day(document.date.as_deref()?));
    let title = plan.documents.iter().find_map(|document| document.title.as_deref());
    let mut lines = Lines::default();
    lines.push("BEGIN", "VCALENDAR");
    lines.push("VERSION", "2.0");
    lines.push("PRODID", "-//sohoa//plan//VI");
    lines.push("CALSCALE", "GREGORIAN");
    lines.push("METHOD", "PUBLISH");
    lines.push("X-WR-CALNAME", &escaped(title.unwrap_or(&plan.source.path)));
    let mut left_out = Vec::new();
    for (index, deadline) in plan.deadlines.iter().enumerate() {
        match days(deadline, issued) {
            Some(days) => event(&mut lines, plan, index, deadline, &days, issued),
            None => left_out.push(deadline.text.clone()),
        }
    }
    lines.push("END", "VCALENDAR");
    Calendar { text: lines.text, left_out }
}

/// The days of an event.
struct Days {
    first: Date,
    /// Inclusive.
    last: Date,
    rule: Option<String>,
}

fn days(deadline: &Deadline, issued: Option<Date>) -> Option<Days> {
    if let Some(rule) = &deadline.recurrence {
        let read = Rule::read(rule)?;
        let first = read.first(issued?)?;
        return Some(Days { first, last: first, rule: Some(read.completed(rule)) });
    }
    let last = last_day(deadline.end.as_deref()?)?;
    let start = match deadline.start.as_deref() {
        Some("issue") => issued,
        Some(start) => first_day(start),
        None => None,
    };
    let first = start.filter(|first| *first <= last).unwrap_or(last);
    Some(Days { first, last, rule: None })
}

fn event(
    lines: &mut Lines,
    plan: &Plan,
    index: usize,
    deadline: &Deadline,
    days: &Days,
    issued: Option<Date>,
) {
    let key = plan.source.sha256.get(..16).unwrap_or(&plan.source.sha256);
    let stamp = issued.unwrap_or(days.first);
    let end = days.last.checked_add(1.day()).unwrap_or(days.last);
    lines.push("BEGIN", "VEVENT");
    lines.push("UID", &format!("{key}-{}@sohoa", index + 1));
    lines.push("DTSTAMP", &format!("{}T000000Z", compact(stamp)));
    lines.push("DTSTART;VALUE=DATE", &compact(days.first));
    lines.push("DTEND;VALUE=DATE", &compact(end));
    if let Some(rule) = &days.rule {
        lines.push("RRULE", rule);
    }
    let summary = deadline.action.as_deref().unwrap_or(&deadline.text);
    let summary = match &deadline.responsible {
        Some(unit) => format!("{unit}: {summary}"),
        None => summary.to_owned(),
    };
    lines.push("SUMMARY", &escaped(&summary));
    lines.push("DESCRIPTION", &escaped(&description(deadline)));
    lines.push("CATEGORIES", kind(deadline.kind));
    let busy = matches!(deadline.kind, DeadlineKind::Milestone);
    lines.push("TRANSP", if busy { "OPAQUE" } else { "TRANSPARENT" });
    lines.push("END", "VEVENT");
}

/// The plan's own words and where they stand.
fn description(deadline: &Deadline) -> String {
    let mut text = format!("“{}”", deadline.text);
    if let Some(recipient) = &deadline.recipient {
        let _ = write!(text, "\nGửi: {recipient}");
    }
    match &deadline.section {
        Some(section) => write!(text, "\nMục {section}, dòng {}", deadline.line),
        None => write!(text, "\nDòng {}", deadline.line),
    }
    .expect("a string takes any text");
    text
}

fn first_day(iso: &str) -> Option<Date> {
    let (year, month, day) = parts(iso)?;
    Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()
}

/// The last day of what a date says: "2026-04" is 30 April.
fn last_day(iso: &str) -> Option<Date> {
    let (year, month, day) = parts(iso)?;
    let first = Date::new(year, month.unwrap_or(12), day.unwrap_or(1)).ok()?;
    Some(if day.is_some() { first } else { first.last_of_month() })
}

fn parts(iso: &str) -> Option<(i16, Option<i8>, Option<i8>)> {
    let mut parts = iso.split('-');
    let year = parts.next()?.parse().ok()?;
    let mut number = || parts.next().map(|part| part.parse::<i8>().ok());
    let (month, day) = (number(), number());
    // A part that is there must be a number.
    Some((year, flat(month)?, flat(day)?))
}

fn flat(part: Option<Option<i8>>) -> Option<Option<i8>> {
    match part {
        None => Some(None),
        Some(number) => number.map(Some),
    }
}

fn compact(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// Text as RFC 5545, 3.3.11 writes it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// Content lines, folded at 75 bytes (RFC 5545, 3.1).
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    const LONGEST: usize = 75;

    fn push(&mut self, name: &str, value: &str) {
        let mut length = 0;
        for c in format!("{name}:{value}").chars() {
            if length + c.len_utf8() > Self::LONGEST {
                self.text.push_str("\r\n ");
                length = 1;
            }
            self.text.push(c);
            length += c.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_letters() {
        let mut lines = Lines::default();
        lines.push("SUMMARY", &"ở".repeat(60));
        assert!(lines.text.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(lines.text.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "ở".repeat(60)));
    }

    #[test]
    fn what_structures_a_line_is_escaped() {
        assert_eq!(escaped("a, b; c\\d\ne"), "a\\, b\\; c\\\\d\\ne");
    }

    #[test]
    fn a_month_stands_for_its_last_day() {
        for (iso, first, last) in [
            ("2026", "2026-01-01", "2026-12-31"),
            ("2028-02", "2028-02-01", "2028-02-29"),
            ("2026-05-12", "2026-05-12", "2026-05-12"),
        ] {
            assert_eq!(first_day(iso), Some(first.parse().unwrap()));
            assert_eq!(last_day(iso), Some(last.parse().unwrap()));
        }
        for iso in ["", "issue", "2026-13", "2026-02-30", "2026-"] {
            assert_eq!(last_day(iso), None, "{iso}");
        }
    }
}
