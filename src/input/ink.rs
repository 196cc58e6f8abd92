//! Letter-sized specks of ink on a page picture, to see what a text layer covers.

use image::GrayImage;

use crate::geometry::PixelBox;

/// Pixels darker than this are ink. Real scans are bilevel or have ink well below it.
const INK_BELOW: u8 = 128;
/// Sizes that the body of a letter can have, in inches: the x-height of small footnotes (6 pt) up
/// to the capitals of titles (18 pt) with their marks. Dots and speckle are smaller; rules, seals,
/// signatures and borders are larger.
const LETTER_HEIGHT: std::ops::RangeInclusive<f64> = 0.035..=0.30;
const LETTER_WIDTH: std::ops::RangeInclusive<f64> = 0.012..=0.40;

/// Boxes around connected ink (touching by sides or corners) of the size of letters.
pub(super) fn letters(gray: &GrayImage, dpi: u32) -> Vec<PixelBox> {
    let inches = |pixels: u32| f64::from(pixels) / f64::from(dpi);
    let is_letter = |bounds: &PixelBox| {
        LETTER_HEIGHT.contains(&inches(bounds.height()))
            && LETTER_WIDTH.contains(&inches(bounds.width()))
    };
    Components::of(gray).into_boxes().into_iter().filter(is_letter).collect()
}

/// Connected ink, found row by row: runs that touch a run of the row above belong together.
#[derive(Default)]
struct Components {
    /// For each run its component, as a forest: the root points to itself.
    parents: Vec<u32>,
    boxes: Vec<PixelBox>,
}

/// Ink from `start` to `end` (exclusive) in one row.
#[derive(Clone, Copy)]
struct Run {
    start: u32,
    end: u32,
    id: u32,
}

impl Components {
    fn of(gray: &GrayImage) -> Self {
        let mut components = Self::default();
        let mut above: Vec<Run> = Vec::new();
        for (y, row) in gray.as_raw().chunks_exact(gray.width().max(1) as usize).enumerate() {
            let mut runs = Vec::with_capacity(above.len());
            // Runs of the row above that end before this one starts can't touch later ones.
            let mut first_near = 0;
            let mut x = 0;
            while let Some(offset) = row[x..].iter().position(|&value| value < INK_BELOW) {
                let start = x + offset;
                let length = row[start..].iter().position(|&value| value >= INK_BELOW);
                let end = length.map_or(row.len(), |length| start + length);
                let run = components.add(start as u32, end as u32, y as u32);
                first_near += above[first_near..].iter().take_while(|a| a.end < run.start).count();
                for other in above[first_near..].iter().take_while(|a| a.start <= run.end) {
                    components.join(other.id, run.id);
                }
                runs.push(run);
                x = end;
            }
            above = runs;
        }
        components
    }

    fn add(&mut self, start: u32, end: u32, y: u32) -> Run {
        let id = self.parents.len() as u32;
        self.parents.push(id);
        self.boxes.push(PixelBox::new(start, y, end, y + 1));
        Run { start, end, id }
    }

    fn root(&mut self, mut id: u32) -> u32 {
        while self.parents[id as usize] != id {
            let parent = self.parents[id as usize];
            self.parents[id as usize] = self.parents[parent as usize];
            id = parent;
        }
        id
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            let (keep, drop) = (a.min(b), a.max(b));
            self.parents[drop as usize] = keep;
            self.boxes[keep as usize] = self.boxes[keep as usize].union(self.boxes[drop as usize]);
        }
    }

    fn into_boxes(self) -> Vec<PixelBox> {
        let is_root = |&(id, &parent): &(usize, &u32)| id as u32 == parent;
        self.parents.iter().enumerate().filter(is_root).map(|(id, _)| self.boxes[id]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(rows: &[&str]) -> GrayImage {
        let width = rows[0].len() as u32;
        let pixels =
            rows.iter().flat_map(|row| row.bytes()).map(|b| if b == b'#' { 0 } else { 255 });
        GrayImage::from_raw(width, rows.len() as u32, pixels.collect()).unwrap()
    }

    #[test]
    fn ink_that_touches_is_one_component_corners_included() {
        let gray = picture(&["#.#..##", ".#....#", "....#.#", "#####.."]);
        let mut boxes: Vec<[u32; 4]> =
            Components::of(&gray).into_boxes().into_iter().map(Into::into).collect();
        boxes.sort_unstable();
        // The arms of the U on the right meet in the last row, corner to corner.
        assert_eq!(boxes, [[0, 0, 3, 2], [0, 2, 5, 4], [5, 0, 7, 3]]);
    }

    #[test]
    fn only_specks_of_letter_size_are_letters() {
        let mut gray = GrayImage::from_pixel(600, 600, image::Luma([255]));
        let mut fill = |x0: u32, y0: u32, width: u32, height: u32| {
            for y in y0..y0 + height {
                for x in x0..x0 + width {
                    gray.put_pixel(x, y, image::Luma([0]));
                }
            }
        };
        fill(10, 10, 20, 30); // a letter at 300 dpi
        fill(50, 10, 4, 4); // a dot
        fill(10, 100, 500, 3); // a rule
        fill(100, 200, 300, 300); // a seal
        assert_eq!(letters(&gray, 300), [PixelBox::new(10, 10, 30, 40)]);
    }
}
