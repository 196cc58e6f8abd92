//! Tables: row by row, in a row cell by cell, in a cell line by line.

use super::fragments::{Fragment, join_rows, join_words, sort_downwards};
use super::{PlannedLine, Sheet, Spacing};
use crate::geometry::PixelBox;
use crate::plan::LineRole;

/// The cells of a ruled table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// From top to bottom, each from left to right; no row is empty.
    pub rows: Vec<Vec<PixelBox>>,
}

impl Table {
    /// The same table on a page `factor` times as large.
    pub fn scaled(&self, factor: f32) -> Self {
        let scale = |row: &Vec<PixelBox>| row.iter().map(|cell| cell.scaled(factor)).collect();
        Self { rows: self.rows.iter().map(scale).collect() }
    }

    /// The box around all cells.
    pub fn bounds(&self) -> PixelBox {
        PixelBox::around(self.rows.iter().flatten().copied()).unwrap_or_default()
    }
}

/// The words of a table by its cells.
pub(super) struct FilledTable {
    bounds: PixelBox,
    /// The words of each cell of each row.
    rows: Vec<Vec<Vec<usize>>>,
}

/// Parts words that stand in cells from those that don't, which come second.
pub(super) fn fill(sheet: &Sheet, tables: &[Table]) -> (Vec<FilledTable>, Vec<usize>) {
    let mut filled: Vec<FilledTable> = tables
        .iter()
        .map(|table| FilledTable {
            bounds: table.bounds(),
            rows: table.rows.iter().map(|row| vec![Vec::new(); row.len()]).collect(),
        })
        .collect();
    let mut outside = Vec::new();
    for (at, word) in sheet.words.iter().enumerate() {
        match cell_of(tables, word.bounds) {
            Some((table, row, cell)) => filled[table].rows[row][cell].push(at),
            None => outside.push(at),
        }
    }
    (filled, outside)
}

/// Table, row and cell in which the middle of a word stands.
fn cell_of(tables: &[Table], word: PixelBox) -> Option<(usize, usize, usize)> {
    let (x, y) = (word.x0 / 2 + word.x1 / 2, word.y0 / 2 + word.y1 / 2);
    let holds =
        |cell: &PixelBox| (cell.x0..cell.x1).contains(&x) && (cell.y0..cell.y1).contains(&y);
    let table = tables.iter().position(|table| holds(&table.bounds()))?;
    let mut rows = tables[table].rows.iter().enumerate();
    rows.find_map(|(row, cells)| Some((table, row, cells.iter().position(holds)?)))
}

/// Puts the lines of each table before the first line of the text that stands below its top.
pub(super) fn insert(sheet: &Sheet, lines: &mut Vec<PlannedLine>, tables: Vec<FilledTable>) {
    for table in tables {
        let below =
            |line: &PlannedLine| line.role == LineRole::Body && line.bounds().y0 >= table.bounds.y0;
        let at = lines.iter().position(below).unwrap_or(lines.len());
        let rows = table.rows.into_iter().flat_map(|row| lines_of_row(sheet, row));
        lines.splice(at..at, rows.collect::<Vec<_>>());
    }
}

/// The lines of a row. Cells of one line each stand on one line, as they do in print; where a cell
/// has more, the next one begins a line.
fn lines_of_row(sheet: &Sheet, cells: Vec<Vec<usize>>) -> Vec<PlannedLine> {
    let mut lines: Vec<Vec<Fragment>> = Vec::new();
    for words in cells {
        let mut fragments = join_words(sheet, words);
        sort_downwards(&mut fragments);
        let mut printed = join_rows(sheet, fragments).into_iter();
        if let [line] = lines.as_mut_slice() {
            line.extend(printed.next().unwrap_or_default());
        }
        lines.extend(printed);
    }
    lines
        .into_iter()
        .enumerate()
        .map(|(at, fragments)| PlannedLine {
            spacing: Spacing::Row,
            begins_region: at == 0,
            ..PlannedLine::new(LineRole::Body, fragments)
        })
        .collect()
}
