//! The days that a rule of a deadline names (RFC 5545), as far as plans say them: by month, day of
//! the month and weekday.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// A rule as the plan has it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Rule<'a> {
    frequency: &'a str,
    interval: u32,
    months: Vec<i8>,
    days: Vec<i8>,
    /// Weekday, and which one of the month; 0 for every one.
    weekdays: Vec<(Weekday, i8)>,
}

impl<'a> Rule<'a> {
    /// `None` for a rule with parts that no plan has.
    pub fn read(rule: &'a str) -> Option<Self> {
        let mut read = Self { interval: 1, ..Self::default() };
        for part in rule.split(';') {
            let (name, value) = part.split_once('=')?;
            match name {
                "FREQ" => read.frequency = value,
                "INTERVAL" => read.interval = value.parse().ok()?,
                "BYMONTH" => read.months = numbers(value)?,
                "BYMONTHDAY" => read.days = numbers(value)?,
                "BYDAY" => read.weekdays = value.split(',').map(weekday).collect::<Option<_>>()?,
                _ => return None,
            }
        }
        let known = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY"].contains(&read.frequency);
        known.then_some(read)
    }

    /// The first day that the rule names, on or after `from`; the last day of the year, month or
    /// week where it names none, since that is when something that is due "each year" is late.
    pub fn first(&self, from: Date) -> Option<Date> {
        // Four years hold every day that there is, the 29th of February included.
        (0..4 * 366).filter_map(|days| from.checked_add(days.days()).ok()).find(|d| self.holds(*d))
    }

    fn holds(&self, date: Date) -> bool {
        let last = date.day() == date.days_in_month();
        let month = match (&self.months[..], self.frequency) {
            ([], "YEARLY") => date.month() == 12,
            ([], "MONTHLY") if self.interval > 1 => date.month() % self.interval as i8 == 0,
            ([], _) => true,
            (months, _) => months.contains(&date.month()),
        };
        let day = match (&self.days[..], self.frequency) {
            ([], "YEARLY" | "MONTHLY") if self.weekdays.is_empty() => last,
            ([], _) => true,
            (days, _) => days.contains(&date.day()),
        };
        let weekday = match &self.weekdays[..] {
            [] if self.frequency == "WEEKLY" => date.weekday() == Weekday::Friday,
            [] => true,
            weekdays => weekdays.iter().any(|(weekday, nth)| {
                let nth_holds = match nth {
                    0 => true,
                    1 => date.day() <= 7,
                    _ => date.day() + 7 > date.days_in_month(),
                };
                date.weekday() == *weekday && nth_holds
            }),
        };
        month && day && weekday
    }

    /// The rule with the day that it leaves open: a calendar would take that of its first day, and
    /// leave out months that are shorter.
    pub fn completed(&self, rule: &str) -> String {
        let open = self.days.is_empty() && self.weekdays.is_empty();
        match self.frequency {
            "MONTHLY" if open => format!("{rule};BYMONTHDAY=-1"),
            "YEARLY" if open && self.months.is_empty() => {
                format!("{rule};BYMONTH=12;BYMONTHDAY=31")
            }
            "YEARLY" if open => format!("{rule};BYMONTHDAY=-1"),
            "WEEKLY" if open => format!("{rule};BYDAY=FR"),
            _ => rule.to_owned(),
        }
    }
}

fn numbers(value: &str) -> Option<Vec<i8>> {
    value.split(',').map(|number| number.parse().ok()).collect()
}

fn weekday(value: &str) -> Option<(Weekday, i8)> {
    let at = value.len().checked_sub(2)?;
    let (nth, name) = (value.get(..at)?, value.get(at..)?);
    let weekday = match name {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let nth = if nth.is_empty() { 0 } else { nth.parse().ok()? };
    Some((weekday, nth))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_day_of_a_rule_is_the_next_one_that_it_names() {
        for (rule, from, first) in [
            ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30", "2026-02-09", "2026-11-30"),
            ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15", "2026-02-09", "2027-01-15"),
            ("FREQ=YEARLY", "2026-02-09", "2026-12-31"),
            ("FREQ=YEARLY;BYMONTH=10", "2026-02-09", "2026-10-31"),
            ("FREQ=MONTHLY", "2026-02-09", "2026-02-28"),
            ("FREQ=MONTHLY;INTERVAL=3", "2026-02-09", "2026-03-31"),
            ("FREQ=MONTHLY;INTERVAL=6", "2026-02-09", "2026-06-30"),
            ("FREQ=MONTHLY;BYMONTHDAY=5,20", "2026-02-09", "2026-02-20"),
            ("FREQ=WEEKLY;BYDAY=TH", "2026-01-08", "2026-01-08"),
            ("FREQ=MONTHLY;BYDAY=-1SA", "2026-02-09", "2026-02-28"),
            ("FREQ=MONTHLY;BYDAY=1MO", "2026-02-09", "2026-03-02"),
            ("FREQ=DAILY", "2026-02-09", "2026-02-09"),
        ] {
            let read = Rule::read(rule).unwrap_or_else(|| panic!("{rule}"));
            assert_eq!(read.first(from.parse().unwrap()), Some(first.parse().unwrap()), "{rule}");
        }
        assert_eq!(Rule::read("FREQ=HOURLY"), None);
        assert_eq!(Rule::read(""), None);
    }

    #[test]
    fn a_rule_without_its_day_gets_one() {
        for (rule, completed) in [
            ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31"),
            ("FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"),
            ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=FR"),
            ("FREQ=MONTHLY;BYMONTHDAY=5", "FREQ=MONTHLY;BYMONTHDAY=5"),
        ] {
            assert_eq!(Rule::read(rule).unwrap().completed(rule), completed);
        }
    }
}
