//! A page of paper that takes ink: the marks of print, pen and stamp before the scanner sees them.
//!
//! Inks darken what is there (they multiply), so that a seal over print lets the print through.

use ab_glyph::{Font, Glyph, point};

use crate::font::{Face, Fonts, SUPERSCRIPT, drawn};
use crate::markup::FOOTNOTE_MARKS;
use crate::random::Random;

/// How much of red, green and blue an ink reflects, 0 to 1.
pub type Ink = [f32; 3];

pub const BLACK: Ink = [0.06, 0.06, 0.07];
pub const SEAL_RED: Ink = [0.84, 0.12, 0.16];
pub const PEN_BLUE: Ink = [0.10, 0.16, 0.62];

/// Share of each colour in brightness (ITU-R BT.601).
pub const BRIGHTNESS: [f32; 3] = [0.299, 0.587, 0.114];

/// Rows of light, 1 for paper and 0 for black; one plane for grey, three for colour.
#[derive(Clone)]
pub struct Canvas {
    pub width: usize,
    pub height: usize,
    pub planes: Vec<Vec<f32>>,
    /// Pixels for each point.
    pub scale: f32,
}

impl Canvas {
    pub fn new((width, height): (f32, f32), dpi: u32, planes: usize) -> Canvas {
        let scale = dpi as f32 / 72.0;
        let (width, height) = ((width * scale).round() as usize, (height * scale).round() as usize);
        Canvas { width, height, planes: vec![vec![1.0; width * height]; planes], scale }
    }

    /// Lets `coverage` (0 to 1) of an ink fall on one pixel; outside the page it is lost.
    fn drop(&mut self, x: i32, y: i32, coverage: f32, ink: Ink) {
        if x < 0 || y < 0 || x >= self.width as i32 || y >= self.height as i32 {
            return;
        }
        let at = y as usize * self.width + x as usize;
        if let [grey] = self.planes.as_mut_slice() {
            let light: f32 = ink.iter().zip(BRIGHTNESS).map(|(colour, share)| colour * share).sum();
            grey[at] *= 1.0 - coverage * (1.0 - light);
        } else {
            for (plane, colour) in self.planes.iter_mut().zip(ink) {
                plane[at] *= 1.0 - coverage * (1.0 - colour);
            }
        }
    }

    /// Prints text; position and size in points.
    pub fn text(
        &mut self,
        fonts: &Fonts,
        text: &str,
        (x, baseline): (f32, f32),
        (face, size): (Face, f32),
        ink: Ink,
    ) {
        let mut x = x;
        for letter in text.chars() {
            let raised = if FOOTNOTE_MARKS.contains(&letter) { size * 0.34 } else { 0.0 };
            self.letter(fonts, letter, (x, baseline - raised, 0.0), (face, size), ink);
            x += fonts.width(letter.encode_utf8(&mut [0; 4]), face, size);
        }
    }

    /// Prints one letter, turned clockwise by `angle` radians about the left end of its baseline.
    pub fn letter(
        &mut self,
        fonts: &Fonts,
        letter: char,
        (x, baseline, angle): (f32, f32, f32),
        (face, size): (Face, f32),
        ink: Ink,
    ) {
        let (letter, relative) = drawn(letter);
        let size = if relative < 1.0 { size * SUPERSCRIPT } else { size };
        let pixels = fonts.scale(face, size * self.scale);
        let font = fonts.face(face);
        let (left, top) = (x * self.scale, baseline * self.scale);
        let position =
            if angle == 0.0 { point(left.fract(), top.fract()) } else { point(0.0, 0.0) };
        let glyph: Glyph = font.glyph_id(letter).with_scale_and_position(pixels, position);
        let Some(outline) = font.outline_glyph(glyph) else { return };
        let bounds = outline.px_bounds();
        if angle == 0.0 {
            let (left, top) =
                ((left.floor() + bounds.min.x) as i32, (top.floor() + bounds.min.y) as i32);
            outline.draw(|dx, dy, coverage| {
                self.drop(left + dx as i32, top + dy as i32, coverage.min(1.0), ink);
            });
            return;
        }
        let (sine, cosine) = angle.sin_cos();
        outline.draw(|dx, dy, coverage| {
            let (u, v) = (bounds.min.x + dx as f32, bounds.min.y + dy as f32);
            let (px, py) = (left + u * cosine - v * sine, top + u * sine + v * cosine);
            self.drop(px.round() as i32, py.round() as i32, coverage.min(1.0) * 0.9, ink);
        });
    }

    /// A line of ink through `points`, in points; `width` likewise. Where it crosses itself it is
    /// not darker.
    pub fn stroke(
        &mut self,
        points: &[(f32, f32)],
        width: f32,
        ink: Ink,
        flow: &dyn Fn(f32) -> f32,
    ) {
        let points: Vec<_> = points.iter().map(|(x, y)| (x * self.scale, y * self.scale)).collect();
        let radius = (width * self.scale / 2.0).max(0.5);
        let edge = radius + 1.5;
        let least = |pick: fn(&(f32, f32)) -> f32| {
            points.iter().map(pick).fold(f32::INFINITY, f32::min) - edge
        };
        let most = |pick: fn(&(f32, f32)) -> f32| {
            points.iter().map(pick).fold(f32::NEG_INFINITY, f32::max) + edge
        };
        let (left, top) = (least(|p| p.0).floor() as i32, least(|p| p.1).floor() as i32);
        let columns = (most(|p| p.0).ceil() as i32 - left).max(0) as usize;
        let rows = (most(|p| p.1).ceil() as i32 - top).max(0) as usize;
        let mut covered = vec![0.0f32; columns * rows];
        for (number, pair) in points.windows(2).enumerate() {
            let flow = flow(number as f32 / points.len() as f32);
            cover(&mut covered, (columns, rows), (left, top), pair, radius * flow);
        }
        for (index, &coverage) in covered.iter().enumerate().filter(|(_, c)| **c > 0.0) {
            let (dx, dy) = ((index % columns) as i32, (index / columns) as i32);
            self.drop(left + dx, top + dy, coverage, ink);
        }
    }

    /// Takes ink away in patches inside a square, as a dry seal prints.
    pub fn wear(&mut self, (x, y): (f32, f32), radius: f32, before: &Canvas, random: &mut Random) {
        let field = random.field(12, 12);
        let (left, top) = ((x - radius) * self.scale, (y - radius) * self.scale);
        let side = (2.0 * radius * self.scale) as usize;
        for dy in 0..side {
            for dx in 0..side {
                let (px, py) = (left as i32 + dx as i32, top as i32 + dy as i32);
                if px < 0 || py < 0 || px >= self.width as i32 || py >= self.height as i32 {
                    continue;
                }
                let at = py as usize * self.width + px as usize;
                let share = field.at(dx as f32 / side as f32, dy as f32 / side as f32);
                let keep = (1.0 + 0.75 * share).clamp(0.0, 1.0);
                for (plane, old) in self.planes.iter_mut().zip(&before.planes) {
                    plane[at] = old[at] + (plane[at] - old[at]) * keep;
                }
            }
        }
    }
}

/// Raises the coverage of the pixels within `radius` of a segment.
fn cover(
    covered: &mut [f32],
    (columns, rows): (usize, usize),
    (left, top): (i32, i32),
    segment: &[(f32, f32)],
    radius: f32,
) {
    let [(x0, y0), (x1, y1)] = [segment[0], segment[1]];
    let reach = radius + 1.0;
    let range = |a: f32, b: f32, origin: i32, limit: usize| {
        let from = (a.min(b) - reach).floor() as i32 - origin;
        let to = (a.max(b) + reach).ceil() as i32 - origin;
        from.clamp(0, limit as i32) as usize..to.clamp(0, limit as i32) as usize
    };
    let length = ((x1 - x0).powi(2) + (y1 - y0).powi(2)).max(1e-6);
    for row in range(y0, y1, top, rows) {
        for column in range(x0, x1, left, columns) {
            let (x, y) = (left as f32 + column as f32 + 0.5, top as f32 + row as f32 + 0.5);
            let along = (((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length).clamp(0.0, 1.0);
            let (dx, dy) = (x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0));
            let coverage = (radius + 0.5 - dx.hypot(dy)).clamp(0.0, 1.0);
            let pixel = &mut covered[row * columns + column];
            *pixel = pixel.max(coverage);
        }
    }
}
