//! The cells of ruled tables: patches of paper that rules enclose.
//!
//! Patches rather than crossings of straight lines, so that joined cells, slopes and bent paper
//! need no care. What is printed in the cells is read by `stack`, put into lines by `layout`.

use std::collections::BTreeMap;

use super::rules::Rules;
use crate::geometry::PixelBox;
use crate::ocr::layout::Table;

/// Squares an inch in which rules are followed.
const SQUARES_PER_INCH: f32 = 50.0;

/// Rules are thought longer by so many squares at each end: gaps up to twice that are bridged.
const BRIDGE: usize = 3;

/// Cells are at least so many squares wide and high: one letter of ten points.
const LEAST_SIDE: usize = 6;

/// A cell fills this share of its box; patches around other things don't.
const FILL: f32 = 0.8;

/// Cells of a table are at most so many squares apart.
const THICKEST_RULE: u32 = 5;

/// Tops of the cells of one row differ by at most so many squares.
const LEVEL_SLACK: u32 = 5;

/// Fewer cells make a frame, not a table.
const LEAST_CELLS: usize = 4;

/// More patches than any page has cells: a halftone or a maze.
const MOST_CELLS: usize = 3000;

/// The tables of a page, in pixels of the picture that the rules were found on.
pub(super) fn find(rules: &Rules, dpi: u32) -> Vec<Table> {
    let side = ((dpi as f32 / SQUARES_PER_INCH).round() as usize).max(1);
    let cells = patches(&Squares::of(rules, side));
    if !(LEAST_CELLS..=MOST_CELLS).contains(&cells.len()) {
        return Vec::new();
    }
    let in_pixels = |cell: PixelBox| {
        // The squares that the rules run through belong to the cells: print can stand close by.
        let side = side as u32;
        let right = ((cell.x1 + 1) * side).min(rules.width as u32);
        let bottom = ((cell.y1 + 1) * side).min(rules.height as u32);
        PixelBox::new((cell.x0 - 1) * side, (cell.y0 - 1) * side, right, bottom)
    };
    let tables = groups(cells).into_iter().map(rows_of).filter(|rows| is_table(rows));
    tables
        .map(|rows| {
            let rows = rows.into_iter().map(|row| row.into_iter().map(in_pixels).collect());
            Table { rows: rows.collect() }
        })
        .collect()
}

/// A page in squares.
struct Squares {
    width: usize,
    height: usize,
    /// Whether a rule runs through it.
    walled: Vec<bool>,
}

impl Squares {
    fn of(rules: &Rules, side: usize) -> Self {
        let (width, height) = (rules.width / side, rules.height / side);
        let mut walled = vec![false; width * height];
        let mut mark = |marks: &[bool], across: usize, down: usize| {
            let rows = marks.chunks_exact(rules.width.max(1)).take(height * side);
            for (y, row) in rows.enumerate() {
                for (column, marks) in row.chunks_exact(side).enumerate() {
                    if !marks.contains(&true) {
                        continue;
                    }
                    let y = y / side;
                    for row in y.saturating_sub(down)..(y + down + 1).min(height) {
                        let ends = column.saturating_sub(across)..(column + across + 1).min(width);
                        walled[row * width..][ends].fill(true);
                    }
                }
            }
        };
        mark(&rules.level, BRIDGE, 0);
        mark(&rules.upright, 0, BRIDGE);
        Self { width, height, walled }
    }
}

/// Boxes, in squares, of the enclosed patches that can be cells; from top to bottom.
fn patches(squares: &Squares) -> Vec<PixelBox> {
    let (width, height) = (squares.width, squares.height);
    let mut taken = squares.walled.clone();
    let mut found = Vec::new();
    let mut waiting = Vec::new();
    for start in 0..taken.len() {
        if std::mem::replace(&mut taken[start], true) {
            continue;
        }
        waiting.push(start);
        let (mut area, mut enclosed) = (0usize, true);
        let (mut x0, mut y0, mut x1, mut y1) = (width, height, 0, 0);
        while let Some(at) = waiting.pop() {
            let (x, y) = (at % width, at / width);
            area += 1;
            (x0, y0, x1, y1) = (x0.min(x), y0.min(y), x1.max(x + 1), y1.max(y + 1));
            if x == 0 || y == 0 || x + 1 == width || y + 1 == height {
                enclosed = false;
                continue;
            }
            for next in [at - 1, at + 1, at - width, at + width] {
                if !std::mem::replace(&mut taken[next], true) {
                    waiting.push(next);
                }
            }
        }
        let large = x1.saturating_sub(x0).min(y1.saturating_sub(y0)) >= LEAST_SIDE;
        if enclosed && large && area as f32 >= FILL * ((x1 - x0) * (y1 - y0)) as f32 {
            found.push(PixelBox::new(x0 as u32, y0 as u32, x1 as u32, y1 as u32));
        }
    }
    found
}

/// Cells that stand together, group by group.
fn groups(cells: Vec<PixelBox>) -> Vec<Vec<PixelBox>> {
    let near = |a: &PixelBox, b: &PixelBox| {
        a.x0 <= b.x1 + THICKEST_RULE
            && b.x0 <= a.x1 + THICKEST_RULE
            && a.y0 <= b.y1 + THICKEST_RULE
            && b.y0 <= a.y1 + THICKEST_RULE
    };
    let mut groups = Vec::new();
    let mut rest = cells;
    while let Some(first) = rest.pop() {
        let mut group = vec![first];
        let mut at = 0;
        while at < group.len() {
            let cell = group[at];
            let (joined, apart) = rest.into_iter().partition(|other| near(&cell, other));
            group.extend::<Vec<PixelBox>>(joined);
            rest = apart;
            at += 1;
        }
        groups.push(group);
    }
    groups.sort_by_key(|group| group.iter().map(|cell| (cell.y0, cell.x0)).min());
    groups
}

/// Cells in rows, each from left to right; one over several rows stands in the first of them.
fn rows_of(mut cells: Vec<PixelBox>) -> Vec<Vec<PixelBox>> {
    cells.sort_by_key(|cell| (cell.y0, cell.x0));
    let begins = |above: &PixelBox, below: &PixelBox| below.y0 - above.y0 <= LEVEL_SLACK;
    let mut rows: BTreeMap<u32, Vec<PixelBox>> = BTreeMap::new();
    for cell in cells {
        let row = rows.last_entry().filter(|row| begins(&row.get()[0], &cell));
        match row {
            Some(mut row) => row.get_mut().push(cell),
            None => {
                rows.insert(cell.y0, vec![cell]);
            }
        }
    }
    rows.into_values()
        .map(|mut row| {
            row.sort_by_key(|cell| (cell.x0, cell.y0));
            row
        })
        .collect()
}

/// Whether cells stand beside and above each other.
fn is_table(rows: &[Vec<PixelBox>]) -> bool {
    rows.len() > 1
        && rows.iter().any(|row| row.len() > 1)
        && rows.iter().map(Vec::len).sum::<usize>() >= LEAST_CELLS
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;
    use crate::ocr::tables::rules::drawn;

    /// Cells of each row of each table, by the rules `(x0, y0, x1, y1)` of a page of 8 × 10 inches.
    fn cells_of(rules: &[(u32, u32, u32, u32)]) -> Vec<Vec<usize>> {
        let tables = find(&Rules::of(&drawn(1600, 2000, rules), 200), 200);
        tables.iter().map(|table| table.rows.iter().map(Vec::len).collect()).collect()
    }

    #[test]
    fn cells_are_what_rules_enclose() {
        let level = [400, 500, 700].map(|y| (200, y, 1400, y + 3));
        let upright = [200, 300, 900, 1397].map(|x| (x, 400, x + 3, 703));
        let grid = [&level[..], &upright].concat();
        assert_eq!(cells_of(&grid), [[3, 3]], "a plain table");

        let joined = (300, 600, 1400, 603);
        assert_eq!(cells_of(&[&grid[..], &[joined]].concat()), [vec![3, 3, 2]], "a joined cell");

        let below: Vec<_> = grid.iter().map(|(a, b, c, d)| (*a, b + 900, *c, d + 900)).collect();
        assert_eq!(cells_of(&[grid, below].concat()), [[3, 3], [3, 3]], "two tables");
    }

    #[test]
    fn gaps_and_slopes_of_scanned_rules_do_no_harm() {
        let mut rules: Vec<_> = (200..1400)
            .step_by(100)
            .flat_map(|x| [400, 500, 700].map(|y| (x, y + x / 200, x + 90, y + x / 200 + 3)))
            .collect();
        rules.extend([200, 300, 900, 1387].map(|x| (x, 400, x + 3, 706)));
        assert_eq!(cells_of(&rules), [[3, 3]]);
    }

    #[test]
    fn what_is_no_table() {
        let frame = [
            (100, 100, 1500, 103),
            (100, 1900, 1500, 1903),
            (100, 100, 103, 1900),
            (1497, 100, 1500, 1900),
        ];
        let forms = (0..12).map(|n| (300, 400 + 80 * n, 1300, 402 + 80 * n));
        let ladder = [200, 600, 1000].map(|y| (200, y, 1400, y + 3));
        let boxes = [(200, 200, 203, 1003), (1397, 200, 1400, 1003)];
        let cases = [
            (frame.to_vec(), "the frame of a page"),
            (forms.collect(), "lines to write on"),
            ([&ladder[..], &boxes].concat(), "two boxes one above the other"),
            (Vec::new(), "nothing"),
        ];
        for (rules, what) in cases {
            assert_eq!(cells_of(&rules), Vec::<Vec<usize>>::new(), "{what}");
        }
    }

    #[test]
    fn any_rules_give_cells_within_the_page() {
        for side in [0, 1, 3, 17, 90] {
            let picture = GrayImage::from_fn(side, side, |x, y| Luma([((x * y) % 256) as u8]));
            for table in find(&Rules::of(&picture, 72), 72) {
                let bounds = table.bounds();
                assert!(bounds.x1 <= side && bounds.y1 <= side);
            }
        }
    }
}
