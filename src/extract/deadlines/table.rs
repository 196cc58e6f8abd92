//! Tables of tasks: "TT | Nhiệm vụ | Đơn vị chủ trì | Thời gian hoàn thành", one deadline a row.
//!
//! In the running text a table is one paragraph, its rows one after another; they are told apart by
//! their numbers, and the cells of a row by what they hold: a unit, and a date at the end.

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::dates::{self, ImpossibleDate, PartialDate};
use crate::extract::units;
use crate::text::Span;

/// A row with a date; spans of the paragraph.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub task: Span,
    /// Who is in charge; `None` if no cell names a unit.
    pub unit: Option<Span>,
    pub time: Span,
    pub date: Result<PartialDate, ImpossibleDate>,
}

/// The head of a table that has a column for the time.
static HEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:TT|STT|Số TT) [^.;]{4,160}?(?:[Tt]hời (?:gian|hạn)|[Tt]iến độ)(?: (?:hoàn thành|thực hiện|tổ chức))?(?: Ghi chú)?")
        .expect("a valid pattern")
});

/// Words before the date in its cell.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:(?:xong|hoàn thành) )?(?:(?:trước|trong|vào|đến|đến hết|chậm nhất) )?(?:hết )?",
    )
    .expect("a valid pattern")
});

/// A cell of the time has no more words than this.
const LONGEST_TIME: usize = 9;

/// The rows of a paragraph that is such a table; `None` if it is none.
pub fn rows(paragraph: &str) -> Option<Vec<Row>> {
    let head = HEAD.find(paragraph)?;
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut at = head.end();
    for number in 1.. {
        // Rows are numbered from 1 on; what is no number of the next row belongs to this one.
        let wanted = format!(" {number} ");
        let begins = |at: &usize| paragraph[*at + wanted.len()..].starts_with(char::is_uppercase);
        let mut next = paragraph[at..].match_indices(&wanted).map(|(found, _)| at + found);
        let start = next.find(begins);
        // A first number alone on its line was taken for a page's.
        if number == 1 && start.is_none_or(|start| start > at) {
            starts.push((at, at + usize::from(paragraph[at..].starts_with(' '))));
            continue;
        }
        let Some(start) = start else { break };
        starts.push((start, start + wanted.len()));
        at = start + wanted.len();
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([paragraph.len()]);
    let found = starts.iter().zip(ends).filter_map(|((_, from), to)| row(paragraph, *from..to));
    let found: Vec<Row> = found.collect();
    (!found.is_empty()).then_some(found)
}

fn row(paragraph: &str, span: Span) -> Option<Row> {
    let text = paragraph[span.clone()].trim_end_matches([' ', '.', ';']);
    let words: Vec<usize> = word_starts(text).collect();
    let (at, date) = words.iter().rev().take(LONGEST_TIME).rev().find_map(|&at| {
        let lead = LEAD.find(&text[at..]).map_or(0, |lead| lead.end());
        let found = dates::dated(&text[at + lead..])?;
        (at + lead + found.span.end == text.len()).then_some((at, found.date))
    })?;
    let before = text[..at].trim_end();
    let capital = |start: &&usize| before[**start..].starts_with(char::is_uppercase);
    let named = |start: &&usize| {
        units::heading_unit(&before[**start..]).is_some_and(|charge| charge.duty.is_empty())
    };
    let within = words.iter().take_while(|start| **start < before.len());
    let unit = within.filter(capital).filter(named).last();
    let shift = |range: Span| range.start + span.start..range.end + span.start;
    let task_end = unit.map_or(before.len(), |&start| start);
    Some(Row {
        task: shift(0..text[..task_end].trim_end().len()),
        unit: unit.map(|&start| shift(start..before.len())),
        time: shift(at..text.len()),
        date,
    })
}

fn word_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_apart_by_number_and_cells_by_what_they_hold() {
        let text = "TT Nhiệm vụ Đơn vị chủ trì Thời gian hoàn thành 1 Nâng cấp 2 máy chủ Phòng Văn hóa \
                    - Xã hội Quý II/2026 2 Số hóa hồ sơ hộ tịch Công an phường Trước ngày 30/9/2026 3 \
                    Họp Tổ công tác Thường xuyên";
        let rows = rows(text).unwrap();
        let shown: Vec<_> = rows
            .iter()
            .map(|row| {
                let unit = row.unit.clone().map(|unit| &text[unit]);
                let date = row.date.clone().unwrap().iso().unwrap();
                (&text[row.task.clone()], unit, &text[row.time.clone()], date)
            })
            .collect();
        assert_eq!(
            shown,
            [
                (
                    "Nâng cấp 2 máy chủ",
                    Some("Phòng Văn hóa - Xã hội"),
                    "Quý II/2026",
                    "2026-06".to_owned()
                ),
                (
                    "Số hóa hồ sơ hộ tịch",
                    Some("Công an phường"),
                    "Trước ngày 30/9/2026",
                    "2026-09-30".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn prose_is_no_table() {
        for text in
            ["", "TT Đảng ủy; TT HĐND phường", "Thời gian: 1 Trước 30/9/2026", "STT Họ tên 1 An"]
        {
            assert_eq!(rows(text), None, "{text}");
        }
    }
}
