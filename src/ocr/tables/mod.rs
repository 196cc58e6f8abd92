//! Reads ruled tables cell by cell.
//!
//! Reading a table as it stands, the recogniser takes rules for letters, reads across cells and
//! drops columns of single figures. Here `rules` finds the straight strokes of a page, `cells` what
//! they enclose, and `stack` has the cells read one under the other. `layout` puts them into lines.

mod cells;
mod rules;
mod stack;

use image::GrayImage;

use crate::error::Result;
use crate::geometry::PixelBox;
use crate::ocr::layout::Table;
use crate::ocr::tesseract::{RawWord, Recognizer, Segmentation};
use rules::Rules;

/// The ruled tables of a level page, from top to bottom, in pixels of `picture`; and the page
/// without its rules. `None` if there is no table.
pub(super) fn find(picture: &GrayImage, dpi: u32) -> Option<(Vec<Table>, GrayImage)> {
    let rules = Rules::of(picture, dpi);
    let tables = cells::find(&rules, dpi);
    (!tables.is_empty()).then(|| (tables, rules.erased(picture)))
}

/// The words of a page without rules: those in cells read table by table, the others as on any page.
///
/// # Errors
/// As [`Recognizer::read`].
pub(super) fn read(
    recognizer: &mut Recognizer,
    picture: &GrayImage,
    dpi: u32,
    tables: &[Table],
) -> Result<Vec<RawWord>> {
    let mut around = picture.clone();
    for cell in tables.iter().flat_map(|table| table.rows.iter().flatten()) {
        blank(&mut around, *cell);
    }
    let mut words = recognizer.read(&around, dpi, Segmentation::Page)?;
    for table in tables {
        let next_line = words.iter().map(|word| word.line + 1).max().unwrap_or(0);
        let found = stack::read_cells(recognizer, picture, dpi, table)?;
        words.extend(found.into_iter().map(|mut word| {
            word.line += next_line;
            word
        }));
    }
    Ok(words)
}

/// Paints a part of a picture white.
fn blank(picture: &mut GrayImage, part: PixelBox) {
    let width = picture.width() as usize;
    let pixels: &mut [u8] = picture;
    for y in part.y0..part.y1 {
        pixels[y as usize * width..][part.x0 as usize..part.x1 as usize].fill(255);
    }
}
