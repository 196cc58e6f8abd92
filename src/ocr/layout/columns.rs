//! The two-column blocks of a page: heading and signature block.
//!
//! A gutter is a white strip that several lines on both sides respect. Tables and forms have
//! gutters too but are read row by row, so a block counts only if its wording says that it is a
//! heading or a signature block.

use super::Sheet;
use super::formulas::{names_the_country, opens_recipients, opens_signature};
use super::fragments::Fragment;

/// Least width of a gutter in type heights.
const NARROWEST_GUTTER: f32 = 0.7;
/// A block ends where nothing is printed for this many type heights: the seal and signature
/// between the signatory's position and name take up to 7.
const TALLEST_HOLE: f32 = 8.0;
/// Lines of a centred column are centred within this many type heights of each other: numbers and
/// dates filled in by hand are often lost, and the rest of the line is not in the middle then.
const CENTERING_SLACK: f32 = 2.5;
/// The first lines of a column tell where it stands; one of them can be noise.
const LINES_OF_HEAD: usize = 2;
/// Lines of a list begin within this many type heights of each other.
const EDGE_SLACK: f32 = 1.0;
/// Lines centred this close to the middle of the page, as a share of its width, belong to no column.
const CENTER_SLACK: f32 = 0.02;
/// Below this confidence a fragment is more likely a seal or handwriting than a column.
const LEGIBLE: f32 = 0.5;
/// A column that is told by its wording has the other one this many type heights above or below
/// at most: the right one may have nothing legible but the name below the seal.
const OTHER_COLUMN_REACH: f32 = 20.0;
/// The right column of a signature block begins right of this share of the page's width.
const RIGHT_COLUMN_FROM: f32 = 0.4;

/// A part of the page, read whole before the next one.
pub(super) enum Region {
    /// From top to bottom; to be read row by row.
    Rows(Vec<Fragment>),
    /// Each from top to bottom; the left column is read first.
    Columns { block: BlockKind, left: Vec<Fragment>, right: Vec<Fragment> },
}

/// Which of the decree's two-column blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    Heading,
    Signature,
}

/// Cuts the page into regions, from top to bottom. Takes fragments from top to bottom.
pub(super) fn find(sheet: &Sheet, fragments: Vec<Fragment>) -> Vec<Region> {
    let blocks = blocks(sheet, &fragments);
    let mut regions = Vec::new();
    let mut rows = Vec::new();
    let mut blocks = blocks.into_iter().peekable();
    let mut columns = (Vec::new(), Vec::new());
    for (at, fragment) in fragments.into_iter().enumerate() {
        let Some(block) = blocks.peek().filter(|block| block.first <= at) else {
            rows.push(fragment);
            continue;
        };
        if !rows.is_empty() {
            regions.push(Region::Rows(std::mem::take(&mut rows)));
        }
        if block.gutter.is_left(&fragment) {
            columns.0.push(fragment);
        } else {
            columns.1.push(fragment);
        }
        if block.last == at {
            let kind = block.kind;
            blocks.next();
            let (left, right) = std::mem::take(&mut columns);
            regions.push(Region::Columns { block: kind, left, right });
        }
    }
    if !rows.is_empty() {
        regions.push(Region::Rows(rows));
    }
    regions
}

/// A two-column block: the fragments `first..=last` (by index) on both sides of a gutter.
struct Block {
    kind: BlockKind,
    first: usize,
    last: usize,
    gutter: Gutter,
    /// Of the page; what is centred on it belongs to no column.
    text_middle: u32,
}

#[derive(Clone, Copy)]
struct Gutter {
    left: u32,
    right: u32,
}

impl Gutter {
    fn width(self) -> u32 {
        self.right.saturating_sub(self.left)
    }

    fn is_left(self, fragment: &Fragment) -> bool {
        fragment.center_x() < self.left / 2 + self.right / 2
    }

    /// What is left of the gutter beside the fragment.
    fn beside(self, fragment: &Fragment) -> Self {
        let past_left = fragment.bounds.x1.saturating_sub(self.left);
        let past_right = self.right.saturating_sub(fragment.bounds.x0);
        if past_left <= past_right {
            Self { left: self.left.max(fragment.bounds.x1), ..self }
        } else {
            Self { right: self.right.min(fragment.bounds.x0), ..self }
        }
    }
}

/// All blocks, from top to bottom, none overlapping.
fn blocks(sheet: &Sheet, fragments: &[Fragment]) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let text_middle = sheet.text_middle(fragments);
    // Fragments before this one belong to a block already.
    let mut settled = 0;
    for at in 0..fragments.len() {
        if at < settled {
            continue;
        }
        let Some((kind, side)) = telling_line(&sheet.text(&fragments[at])) else { continue };
        let Some(gutter) = gutter_beside(sheet, fragments, at, side) else { continue };
        let seed = Block { kind, first: at, last: at, gutter, text_middle };
        let block = grow(sheet, fragments, at, seed, settled);
        if let Some(block) = trimmed(sheet, fragments, at, block) {
            settled = block.last + 1;
            found.push(block);
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// The block and column that a line belongs to, if its wording tells.
fn telling_line(text: &str) -> Option<(BlockKind, Side)> {
    if names_the_country(text) {
        Some((BlockKind::Heading, Side::Right))
    } else if opens_recipients(text) {
        Some((BlockKind::Signature, Side::Left))
    } else if opens_signature(text) {
        Some((BlockKind::Signature, Side::Right))
    } else {
        None
    }
}

/// The gap between a line and the nearest one in the other column; `None` if there is no other.
fn gutter_beside(sheet: &Sheet, fragments: &[Fragment], at: usize, side: Side) -> Option<Gutter> {
    let line = &fragments[at];
    let reach = sheet.types(OTHER_COLUMN_REACH);
    let between = |other: &Fragment| match side {
        Side::Left => Gutter { left: line.bounds.x1, right: other.bounds.x0 },
        Side::Right => Gutter { left: other.bounds.x1, right: line.bounds.x0 },
    };
    let off = |other: &Fragment| other.band.middle().abs_diff(line.band.middle());
    let above = fragments[..at].iter().rev().take_while(|other| off(other) <= reach);
    let below = fragments[at + 1..].iter().take_while(|other| off(other) <= reach);
    above
        .chain(below)
        .filter(|other| is_lettered(sheet, other) && sheet.confidence(other) >= LEGIBLE)
        .map(|other| (off(other), between(other)))
        .filter(|(_, gutter)| gutter.width() >= sheet.types(NARROWEST_GUTTER))
        .filter(|(_, gutter)| gutter.right as f32 >= RIGHT_COLUMN_FROM * sheet.page.width as f32)
        .min_by_key(|(off, gutter)| (*off, gutter.width()))
        .map(|(_, gutter)| gutter)
}

/// Follows a gutter up and down as far as no line crosses it.
fn grow(sheet: &Sheet, fragments: &[Fragment], at: usize, seed: Block, floor: usize) -> Block {
    let mut block = seed;
    let tallest_hole = sheet.types(TALLEST_HOLE);
    let mut bottom = fragments[at].bounds.y1;
    for (below, fragment) in fragments.iter().enumerate().skip(at + 1) {
        let hole = fragment.band.top.saturating_sub(bottom);
        if hole > tallest_hole || !keep_apart(sheet, &mut block, fragment) {
            break;
        }
        block.last = below;
        bottom = bottom.max(fragment.bounds.y1);
    }
    let mut top = fragments[at].bounds.y0;
    for (above, fragment) in fragments.iter().enumerate().take(at).skip(floor).rev() {
        let hole = top.saturating_sub(fragment.band.bottom);
        if hole > tallest_hole || !keep_apart(sheet, &mut block, fragment) {
            break;
        }
        block.first = above;
        top = top.min(fragment.bounds.y0);
    }
    block
}

/// Narrows the block's gutter to what the fragment leaves of it; false if the fragment crosses it.
fn keep_apart(sheet: &Sheet, block: &mut Block, fragment: &Fragment) -> bool {
    if !is_lettered(sheet, fragment) {
        return true; // rules and specks are on either side or on both
    }
    let slack = (sheet.page.width as f32 * CENTER_SLACK) as u32;
    if fragment.center_x().abs_diff(block.text_middle) <= slack {
        return false; // a title beside nothing, or a page number
    }
    let rest = block.gutter.beside(fragment);
    if rest.width() < sheet.types(NARROWEST_GUTTER) {
        return false;
    }
    block.gutter = rest;
    true
}

/// The block without what only touches it: text above it in one column, and lines below it that
/// stand in neither column, such as a short title or "Kính gửi:" (to whom a letter goes), which
/// cross no gutter. `None` if less than two columns are left.
fn trimmed(sheet: &Sheet, fragments: &[Fragment], at: usize, mut block: Block) -> Option<Block> {
    let is_left = |index: usize| block.gutter.is_left(&fragments[index]);
    let told = fragments[at].band.top;
    let other = (block.first..=block.last)
        .filter(|&index| is_left(index) != is_left(at) && is_lettered(sheet, &fragments[index]))
        .map(|index| fragments[index].band.top)
        .min()?;
    // The first line of a heading's column can stand a little above the other column's.
    let slack = if block.kind == BlockKind::Heading { sheet.types(0.5) } else { 0 };
    let begin = told.min(other).saturating_sub(slack);
    while block.first < at && fragments[block.first].band.bottom <= begin {
        block.first += 1;
    }
    while block.last > at && !is_aligned(sheet, &fragments[block.first..=block.last], &block) {
        block.last -= 1;
    }
    let mut sides = fragments[block.first..=block.last].iter().map(|f| block.gutter.is_left(f));
    let first = sides.next()?;
    sides.any(|side| side != first).then_some(block)
}

/// Whether the last of a block's fragments stands under the head of its column: centred below it, in
/// a signature block also with the same left edge.
fn is_aligned(sheet: &Sheet, fragments: &[Fragment], block: &Block) -> bool {
    let Some((last, others)) = fragments.split_last() else { return false };
    let side = block.gutter.is_left(last);
    let column = others.iter().filter(|f| block.gutter.is_left(f) == side && is_lettered(sheet, f));
    // A line with blanks to fill in ("ngày … tháng … năm") is in pieces.
    let (same_line, above): (Vec<&Fragment>, Vec<&Fragment>) =
        column.partition(|f| f.band.on_one_line(last.band));
    let line = same_line.iter().fold(last.bounds, |line, piece| line.union(piece.bounds));
    let center = line.x0 / 2 + line.x1 / 2;
    // Not under any line: two lines of a title are under each other.
    above.iter().take(LINES_OF_HEAD).any(|other| {
        other.center_x().abs_diff(center) <= sheet.types(CENTERING_SLACK)
            || block.kind == BlockKind::Signature
                && other.bounds.x0.abs_diff(line.x0) <= sheet.types(EDGE_SLACK)
    })
}

fn is_lettered(sheet: &Sheet, fragment: &Fragment) -> bool {
    fragment.words.iter().any(|&at| sheet.words[at].text.chars().any(char::is_alphanumeric))
}
