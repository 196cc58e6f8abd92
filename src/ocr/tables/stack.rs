//! Reads the cells of a table laid one under the other, as one column of lines. Cell by cell, the
//! recogniser would be started a hundred times a page.

use image::{GrayImage, Luma, imageops};

use crate::error::Result;
use crate::geometry::PixelBox;
use crate::ocr::layout::Table;
use crate::ocr::tesseract::{RawWord, Recognizer, Segmentation};

/// Pixels darker than this are print.
const INK: u8 = 160;

/// A cell with less print is empty, in square inches: a full stop of 10 points has half.
const LEAST_INK: f32 = 0.0006;

/// White space around what a cell holds, in inches.
const MARGIN: f32 = 0.06;

/// A column is cut where it grows higher, in pixels: Tesseract's coordinates are 16-bit.
const HIGHEST: u32 = 8000;

/// What one cell holds, and where it is laid.
struct Piece {
    /// On the page.
    from: PixelBox,
    /// In the column: its top.
    top: u32,
}

/// The words in the cells of `table`, in pixels of `picture`, which has no rules any more; their
/// `line` counts from 0.
///
/// # Errors
/// As [`Recognizer::read`].
pub(super) fn read_cells(
    recognizer: &mut Recognizer,
    picture: &GrayImage,
    dpi: u32,
    table: &Table,
) -> Result<Vec<RawWord>> {
    let margin = (MARGIN * dpi as f32) as u32;
    let least = (LEAST_INK * (dpi * dpi) as f32) as usize;
    let cells = table.rows.iter().flatten();
    let filled: Vec<PixelBox> = cells.filter_map(|cell| print_in(picture, *cell, least)).collect();
    let mut words = Vec::new();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut bottom = margin;
    for from in filled {
        if bottom + from.height() > HIGHEST && !pieces.is_empty() {
            words.extend(read_column(recognizer, picture, dpi, &pieces, margin, words.len())?);
            (pieces, bottom) = (Vec::new(), margin);
        }
        let height = from.height();
        pieces.push(Piece { from, top: bottom });
        bottom += height + 2 * margin;
    }
    words.extend(read_column(recognizer, picture, dpi, &pieces, margin, words.len())?);
    Ok(words)
}

/// The box around the print of a cell; `None` if it is empty.
fn print_in(picture: &GrayImage, cell: PixelBox, least: usize) -> Option<PixelBox> {
    let mut count = 0;
    let mut print: Option<PixelBox> = None;
    let width = picture.width() as usize;
    for y in cell.y0..cell.y1 {
        let row = &picture.as_raw()[y as usize * width..][cell.x0 as usize..cell.x1 as usize];
        let Some(first) = row.iter().position(|value| *value < INK) else { continue };
        let last = row.iter().rposition(|value| *value < INK).unwrap_or(first) as u32;
        count += row.iter().filter(|value| **value < INK).count();
        let line = PixelBox::new(cell.x0 + first as u32, y, cell.x0 + last + 1, y + 1);
        print = Some(print.map_or(line, |print| print.union(line)));
    }
    print.filter(|_| count >= least)
}

fn read_column(
    recognizer: &mut Recognizer,
    picture: &GrayImage,
    dpi: u32,
    pieces: &[Piece],
    margin: u32,
    first_line: usize,
) -> Result<Vec<RawWord>> {
    let Some(last) = pieces.last() else { return Ok(Vec::new()) };
    let widest = pieces.iter().map(|piece| piece.from.width()).max().unwrap_or(0);
    let (width, height) = (widest + 2 * margin, last.top + last.from.height() + margin);
    let mut column = GrayImage::from_pixel(width, height, Luma([255]));
    for Piece { from, top } in pieces {
        let print = imageops::crop_imm(picture, from.x0, from.y0, from.width(), from.height());
        imageops::replace(&mut column, &*print, i64::from(margin), i64::from(*top));
    }
    let mut words = recognizer.read(&column, dpi, Segmentation::Block)?;
    for word in &mut words {
        let middle = word.bounds.y0 / 2 + word.bounds.y1 / 2 + margin;
        let piece = &pieces[pieces.partition_point(|piece| piece.top <= middle).max(1) - 1];
        let across = |x: u32| (x + piece.from.x0).saturating_sub(margin);
        let down = |y: u32| (y + piece.from.y0).saturating_sub(piece.top);
        let PixelBox { x0, y0, x1, y1 } = word.bounds;
        word.bounds = PixelBox::new(across(x0), down(y0), across(x1), down(y1));
        word.line += first_line as u32;
    }
    Ok(words)
}
