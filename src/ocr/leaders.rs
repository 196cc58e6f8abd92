//! Dotted leaders: the rows of full stops that a form leaves to be filled in.
//!
//! The recogniser makes words of them ("ererrrrrree"), among which the words beside them are lost.
//! So they are found on the picture, by their size and even pace, taken out before reading, and put
//! back as what they are: as many full stops as were printed.

use std::borrow::Cow;

use image::GrayImage;

use crate::geometry::PixelBox;
use crate::ocr::tesseract::RawWord;

/// Pixels darker than this are ink.
const INK: u8 = 128;
const PAPER: u8 = 255;

/// A full stop of 14 points is half a millimetre wide; with the spread of the ink, in inches.
const LARGEST_DOT: f32 = 0.032;
/// Smaller are specks.
const SMALLEST_DOT: f32 = 0.006;

/// From dot to dot: a quarter of the type size, 14 points at most, and some widening of justified
/// lines; in inches.
const LONGEST_STEP: f32 = 0.085;
/// Steps of one leader differ by less than this share.
const UNEVEN: f32 = 0.4;
/// Dots of one leader lie on one line but for this, in inches.
const OFF_LINE: f32 = 0.014;

/// Fewer dots in a row are read well as they are.
const FEWEST_DOTS: usize = 7;

/// How sure a leader is: nothing else on a page is so even.
const CONFIDENCE: f32 = 0.95;

/// Takes the leaders out of the picture of a level page, and gives them as words of it, whose `line`
/// is none of the others'.
pub(super) fn take_out(picture: &mut Cow<GrayImage>, dpi: u32) -> Vec<RawWord> {
    let leaders = find(picture, dpi);
    if !leaders.is_empty() {
        erase(picture.to_mut(), &leaders);
    }
    leaders.iter().map(Leader::as_word).collect()
}

/// A row of dots.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Leader {
    /// From left to right.
    dots: Vec<PixelBox>,
}

impl Leader {
    fn as_word(&self) -> RawWord {
        RawWord {
            text: ".".repeat(self.dots.len()),
            bounds: PixelBox::around(self.dots.iter().copied()).unwrap_or_default(),
            confidence: CONFIDENCE,
            line: u32::MAX,
            alternatives: Vec::new(),
        }
    }

    /// Whether `dot` is the next one.
    fn goes_on_with(&self, dot: PixelBox, dpi: f32) -> bool {
        let [.., last] = self.dots.as_slice() else { return true };
        let (across, down) = step(*last, dot);
        let even = match self.dots.as_slice() {
            [.., before, last] => {
                let usual = step(*before, *last).0;
                (across - usual).abs() <= (UNEVEN * usual).max(1.5)
            }
            _ => true,
        };
        across > 0.0 && across <= LONGEST_STEP * dpi && down.abs() <= OFF_LINE * dpi && even
    }
}

/// From the middle of a dot to that of another, across and down.
fn step(from: PixelBox, to: PixelBox) -> (f32, f32) {
    let middle = |b: PixelBox| ((b.x0 + b.x1) as f32 / 2.0, (b.y0 + b.y1) as f32 / 2.0);
    let ((x0, y0), (x1, y1)) = (middle(from), middle(to));
    (x1 - x0, y1 - y0)
}

/// The leaders of a level page.
fn find(picture: &GrayImage, dpi: u32) -> Vec<Leader> {
    let dpi = dpi as f32;
    let (smallest, largest) = (SMALLEST_DOT * dpi, LARGEST_DOT * dpi);
    let is_dot = |b: &PixelBox| {
        let (width, height) = (b.width() as f32, b.height() as f32);
        width.min(height) >= smallest && width.max(height) <= largest
    };
    let mut dots: Vec<PixelBox> = blobs(picture).into_iter().filter(is_dot).collect();
    dots.sort_by_key(|dot| (dot.x0, dot.y0));
    let (mut open, mut leaders) = (Vec::<Leader>::new(), Vec::new());
    for dot in dots {
        let reach = |leader: &Leader| leader.dots.last().map_or(0.0, |last| step(*last, dot).0);
        leaders.extend(open.extract_if(.., |leader| reach(leader) > LONGEST_STEP * dpi));
        match open.iter_mut().rev().find(|leader| leader.goes_on_with(dot, dpi)) {
            Some(leader) => leader.dots.push(dot),
            None => open.push(Leader { dots: vec![dot] }),
        }
    }
    leaders.append(&mut open);
    leaders.retain(|leader| leader.dots.len() >= FEWEST_DOTS);
    leaders
}

/// Paints the leaders white.
fn erase(picture: &mut GrayImage, leaders: &[Leader]) {
    let (width, height) = picture.dimensions();
    let pixels: &mut [u8] = picture;
    for dot in leaders.iter().flat_map(|leader| &leader.dots) {
        // Their soft edges, too.
        let (x0, x1) = (dot.x0.saturating_sub(1), (dot.x1 + 1).min(width));
        for y in dot.y0.saturating_sub(1)..(dot.y1 + 1).min(height) {
            let row = y as usize * width as usize;
            pixels[row + x0 as usize..row + x1 as usize].fill(PAPER);
        }
    }
}

/// Ink in one row of pixels, and the blob to which it belongs.
struct Run {
    x0: u32,
    x1: u32,
    blob: usize,
}

/// The boxes around all ink that hangs together, also by corners.
fn blobs(picture: &GrayImage) -> Vec<PixelBox> {
    let mut found = Blobs::default();
    let mut above: Vec<Run> = Vec::new();
    for (y, row) in picture.as_raw().chunks_exact(picture.width().max(1) as usize).enumerate() {
        let mut here: Vec<Run> = Vec::new();
        let mut next = 0;
        let mut start = 0;
        for stretch in row.chunk_by(|a, b| (*a < INK) == (*b < INK)) {
            let (x0, x1) = (start as u32, (start + stretch.len()) as u32);
            start += stretch.len();
            if stretch[0] >= INK {
                continue;
            }
            let blob = found.add(PixelBox::new(x0, y as u32, x1, y as u32 + 1));
            while above.get(next).is_some_and(|run| run.x1 < x0) {
                next += 1;
            }
            let touching = above[next.min(above.len())..].iter().take_while(|run| run.x0 <= x1);
            touching.for_each(|run| found.join(run.blob, blob));
            here.push(Run { x0, x1, blob });
        }
        above = here;
    }
    found.boxes()
}

/// Blobs while they grow together: each knows one that it became part of, or itself.
#[derive(Default)]
struct Blobs {
    part_of: Vec<usize>,
    bounds: Vec<PixelBox>,
}

impl Blobs {
    fn add(&mut self, bounds: PixelBox) -> usize {
        self.part_of.push(self.part_of.len());
        self.bounds.push(bounds);
        self.part_of.len() - 1
    }

    fn whole(&mut self, mut blob: usize) -> usize {
        while self.part_of[blob] != blob {
            // Shortens the way for the next time.
            self.part_of[blob] = self.part_of[self.part_of[blob]];
            blob = self.part_of[blob];
        }
        blob
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.whole(a), self.whole(b));
        let (first, second) = (a.min(b), a.max(b));
        self.part_of[second] = first;
        self.bounds[first] = self.bounds[first].union(self.bounds[second]);
    }

    fn boxes(self) -> Vec<PixelBox> {
        let whole = self.part_of.iter().enumerate().filter(|(blob, of)| blob == *of);
        whole.map(|(blob, _)| self.bounds[blob]).collect()
    }
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    /// A page with black boxes.
    fn page(boxes: &[PixelBox]) -> GrayImage {
        let mut picture = GrayImage::from_pixel(600, 200, Luma([PAPER]));
        for PixelBox { x0, y0, x1, y1 } in boxes.iter().copied() {
            for (x, y) in (y0..y1).flat_map(|y| (x0..x1).map(move |x| (x, y))) {
                picture.put_pixel(x, y, Luma([0]));
            }
        }
        picture
    }

    /// `count` dots of 4 pixels from (`x`, `y`), each `pace` pixels after the last.
    fn dots(x: u32, y: u32, count: u32, pace: u32) -> Vec<PixelBox> {
        (0..count).map(|n| x + n * pace).map(|x| PixelBox::new(x, y, x + 4, y + 4)).collect()
    }

    #[test]
    fn a_leader_is_found_between_words_and_comes_back_as_its_full_stops() {
        let letters = [PixelBox::new(20, 80, 40, 104), PixelBox::new(400, 80, 420, 104)];
        let leader = dots(50, 100, 30, 10);
        let mut picture = page(&[&letters[..], &leader].concat());
        let leaders = find(&picture, 200);
        assert_eq!(leaders, [Leader { dots: leader }]);
        let word = leaders[0].as_word();
        assert_eq!((word.text.len(), word.bounds), (30, PixelBox::new(50, 100, 344, 104)));
        erase(&mut picture, &leaders);
        assert_eq!(picture, page(&letters));
    }

    #[test]
    fn two_leaders_under_each_other_stay_apart() {
        let picture = page(&[dots(50, 60, 12, 9), dots(54, 100, 15, 9)].concat());
        let counts: Vec<usize> = find(&picture, 200).iter().map(|l| l.dots.len()).collect();
        assert_eq!(counts, [12, 15]);
    }

    #[test]
    fn an_ellipsis_a_row_of_strokes_and_uneven_specks_are_no_leaders() {
        let strokes: Vec<PixelBox> =
            dots(50, 60, 20, 10).into_iter().map(|b| PixelBox { y1: b.y1 + 15, ..b }).collect();
        let uneven: Vec<PixelBox> = [0u32, 4, 15, 20, 33, 37, 50, 66, 70, 84, 88]
            .map(|x| PixelBox::new(50 + x, 100, 53 + x, 103))
            .to_vec();
        for marks in [dots(50, 60, 5, 10), strokes, uneven] {
            assert_eq!(find(&page(&marks), 200), [], "{marks:?}");
        }
    }

    #[test]
    fn ink_that_meets_later_is_one_blob() {
        // A U: two arms, joined at the foot.
        let arms = [
            PixelBox::new(10, 10, 14, 40),
            PixelBox::new(30, 5, 34, 40),
            PixelBox::new(10, 40, 34, 44),
        ];
        assert_eq!(blobs(&page(&arms)), [PixelBox::new(10, 5, 34, 44)]);
        assert_eq!(blobs(&page(&[])), []);
    }
}
