//! Which pages of a file are asked for: `1-3,7,10-`.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// The pages (1-based) that a user asked for; all of them by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageSelection {
    /// In order, without overlap or gaps of zero; empty stands for all pages.
    ranges: Vec<RangeInclusive<u32>>,
}

impl PageSelection {
    /// The selected pages of a file that has `count`, in order.
    pub fn of(&self, count: u32) -> Vec<u32> {
        (1..=count).filter(|page| self.holds(*page)).collect()
    }

    fn holds(&self, page: u32) -> bool {
        self.ranges.is_empty() || self.ranges.iter().any(|range| range.contains(&page))
    }
}

impl FromStr for PageSelection {
    type Err = Error;

    /// Reads pages and ranges separated by commas; a range without an end goes to the last page.
    /// Order and repetition don't matter.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut ranges = text.split(',').map(read_range).collect::<Result<Vec<_>, _>>()?;
        ranges.sort_by_key(|range| *range.start());
        let mut merged: Vec<RangeInclusive<u32>> = Vec::new();
        for range in ranges {
            match merged.last_mut() {
                Some(last) if *range.start() <= last.end().saturating_add(1) => {
                    *last = *last.start()..=*range.end().max(last.end());
                }
                _ => merged.push(range),
            }
        }
        Ok(Self { ranges: merged })
    }
}

fn read_range(part: &str) -> Result<RangeInclusive<u32>, Error> {
    let wrong = || {
        Error::new(
            ErrorKind::Usage,
            format!("cannot read page range {part:?}: expected a page or first-last, from page 1"),
        )
        .hint("write pages like 1-3,7 or 10-")
    };
    let number = |digits: &str| digits.trim().parse::<u32>().map_err(|_| wrong());
    let (first, last) = match part.split_once('-') {
        None => (number(part)?, number(part)?),
        Some((first, last)) if last.trim().is_empty() => (number(first)?, u32::MAX),
        Some((first, last)) => (number(first)?, number(last)?),
    };
    if first == 0 || last < first { Err(wrong()) } else { Ok(first..=last) }
}

impl fmt::Display for PageSelection {
    /// Writes the selection in its one normal form, `all` if nothing was asked for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ranges.is_empty() {
            return f.write_str("all");
        }
        for (index, range) in self.ranges.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            match (*range.start(), *range.end()) {
                (first, last) if first == last => write!(f, "{comma}{first}")?,
                (first, u32::MAX) => write!(f, "{comma}{first}-")?,
                (first, last) => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selections_have_one_normal_form() {
        for (text, normal, of_five) in [
            ("1", "1", vec![1]),
            ("1-3,7", "1-3,7", vec![1, 2, 3]),
            ("7, 2 - 3 ,1", "1-3,7", vec![1, 2, 3]),
            ("4-", "4-", vec![4, 5]),
            ("2-4,3-9", "2-9", vec![2, 3, 4, 5]),
            ("3-,1", "1,3-", vec![1, 3, 4, 5]),
            ("9", "9", vec![]),
        ] {
            let selection: PageSelection = text.parse().unwrap();
            assert_eq!(selection.to_string(), normal, "{text}");
            assert_eq!(selection.of(5), of_five, "{text}");
        }
        assert_eq!(PageSelection::default().of(3), [1, 2, 3]);
        assert_eq!(PageSelection::default().to_string(), "all");
    }

    #[test]
    fn what_is_no_selection_is_refused() {
        for text in ["", "0", "0-3", "3-1", "-", "-3", "a", "1,", "1--2", "1.5", "99999999999"] {
            let error = text.parse::<PageSelection>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage, "{text}");
            assert!(error.hint_text().is_some(), "{text}");
        }
    }
}
