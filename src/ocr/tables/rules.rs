//! The rules of a page: straight strokes that are no print, such as the borders of tables.
//!
//! Found on the level page; which of them make a table is for `cells`.

use image::GrayImage;

/// Pixels darker than this are ink: thin rules turn grey where a page is reduced.
const INK: u8 = 160;

/// Ink in one row of pixels is a level rule from this length on, in inches: no stroke of a letter
/// is as long. A rule that slopes is a row of such pieces.
const SHORTEST_LEVEL: f32 = 0.25;

/// Ink in one column of pixels is an upright rule from this length on, in inches: above the
/// height of brackets and capitals of a title, below that of a table's row.
const SHORTEST_UPRIGHT: f32 = 0.3;

/// Around a rule so many pixels go with it: its edge is soft and never quite straight.
const EDGE: usize = 2;

const PAPER: u8 = 255;

/// Which pixels of a page belong to rules.
pub(super) struct Rules {
    pub width: usize,
    pub height: usize,
    /// Row by row.
    pub level: Vec<bool>,
    pub upright: Vec<bool>,
}

impl Rules {
    /// Finds the rules of a level page.
    pub fn of(picture: &GrayImage, dpi: u32) -> Self {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let mut rules = Self {
            width,
            height,
            level: vec![false; width * height],
            upright: vec![false; width * height],
        };
        let pixels = |inches: f32| ((inches * dpi as f32) as usize).max(1);
        rules.mark_level(picture, pixels(SHORTEST_LEVEL));
        rules.mark_upright(picture, pixels(SHORTEST_UPRIGHT));
        rules
    }

    fn mark_level(&mut self, picture: &GrayImage, shortest: usize) {
        let rows = picture.as_raw().chunks_exact(self.width.max(1));
        for (row, marks) in rows.zip(self.level.chunks_exact_mut(self.width.max(1))) {
            let mut start = 0;
            for stretch in row.chunk_by(|a, b| (*a < INK) == (*b < INK)) {
                if stretch.len() >= shortest && stretch[0] < INK {
                    marks[start..start + stretch.len()].fill(true);
                }
                start += stretch.len();
            }
        }
    }

    fn mark_upright(&mut self, picture: &GrayImage, shortest: usize) {
        let mut runs = vec![0usize; self.width];
        for (y, row) in picture.as_raw().chunks_exact(self.width.max(1)).enumerate() {
            for (run, value) in runs.iter_mut().zip(row) {
                *run = if *value < INK { *run + 1 } else { 0 };
            }
            for (x, run) in runs.iter().enumerate().filter(|(_, run)| **run >= shortest) {
                // All of it when it grows long enough, then pixel by pixel.
                let first = if *run == shortest { y + 1 - shortest } else { y };
                for y in first..=y {
                    self.upright[y * self.width + x] = true;
                }
            }
        }
    }

    /// The picture that the rules were found on, without them.
    pub fn erased(&self, picture: &GrayImage) -> GrayImage {
        let mut clean = picture.clone();
        let pixels: &mut [u8] = &mut clean;
        for (y, marks) in self.level.chunks_exact(self.width.max(1)).enumerate() {
            for x in (0..self.width).filter(|&x| marks[x]) {
                for y in y.saturating_sub(EDGE)..(y + EDGE + 1).min(self.height) {
                    pixels[y * self.width + x] = PAPER;
                }
            }
        }
        for (y, marks) in self.upright.chunks_exact(self.width.max(1)).enumerate() {
            let row = &mut pixels[y * self.width..][..self.width];
            for x in (0..self.width).filter(|&x| marks[x]) {
                row[x.saturating_sub(EDGE)..(x + EDGE + 1).min(self.width)].fill(PAPER);
            }
        }
        clean
    }
}

/// A white picture with black rules, given by their corners.
#[cfg(test)]
pub(super) fn drawn(width: u32, height: u32, rules: &[(u32, u32, u32, u32)]) -> GrayImage {
    let mut picture = GrayImage::from_pixel(width, height, image::Luma([PAPER]));
    for (x0, y0, x1, y1) in rules {
        for (x, y) in (*y0..*y1).flat_map(|y| (*x0..*x1).map(move |x| (x, y))) {
            picture.put_pixel(x, y, image::Luma([0]));
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn erasing_takes_the_rules_and_leaves_the_print() {
        let letters = [(300, 320, 305, 350), (310, 320, 330, 324)];
        let page = drawn(800, 600, &[&letters[..], &[(200, 300, 700, 303)]].concat());
        let clean = Rules::of(&page, 200).erased(&page);
        assert_eq!(clean, drawn(800, 600, &letters));
    }
}
