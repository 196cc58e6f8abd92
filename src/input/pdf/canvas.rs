//! Pixels of a page picture, onto which images are laid: copied where they lie on its grid,
//! resampled where they don't.

use hayro::kurbo::{Affine, Point, Rect};
use image::{GrayImage, RgbImage};

use crate::input::PageImage;

/// How far, in pixels, an image may come to lie from where the page puts it so as to be copied:
/// tiles are placed with rounded places and sizes.
const COPY_TOLERANCE: f64 = 1.0;
/// Most samples that are averaged for one pixel along each axis when an image is made smaller.
const MAX_SAMPLES: f64 = 8.0;

/// The picture of a page in the making: white paper at first, grey until colour comes.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    pixels: Pixels,
}

pub(super) enum Pixels {
    Gray(Vec<u8>),
    Rgb(Vec<u8>),
    /// All the same colour: what a stencil paints.
    Flat([u8; 3]),
}

/// An image to lay onto a canvas.
pub(super) struct Layer {
    pub width: usize,
    pub height: usize,
    pub pixels: Pixels,
    /// Opacity for each pixel, on a grid of its own over the same area.
    pub mask: Option<Mask>,
    /// Of the whole, 0 to 1.
    pub opacity: f32,
    /// Whether it darkens what is beneath, as ink does, instead of hiding it.
    pub multiplies: bool,
}

pub(super) struct Mask {
    pub width: usize,
    pub height: usize,
    pub alpha: Vec<u8>,
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self { width, height, pixels: Pixels::Gray(vec![255; width * height]) }
    }

    pub(super) fn into_page_image(self, dpi: u32) -> PageImage {
        let (width, height) = (self.width as u32, self.height as u32);
        let complete = "the canvas has a value for every pixel";
        match self.pixels {
            Pixels::Rgb(data) => {
                PageImage::from_rgb(RgbImage::from_raw(width, height, data).expect(complete), dpi)
            }
            Pixels::Gray(data) => {
                PageImage::from_gray(GrayImage::from_raw(width, height, data).expect(complete), dpi)
            }
            Pixels::Flat(_) => unreachable!("a canvas is made of pixels"),
        }
    }

    /// Lays `layer` onto the canvas; `place` takes its pixels to those of the canvas, and only
    /// what lies within `clip` (in pixels of the canvas) is touched.
    pub(super) fn lay(&mut self, layer: &Layer, place: Affine, clip: Rect) {
        if layer.has_colour() {
            self.make_coloured();
        }
        let extent = Rect::new(0.0, 0.0, layer.width as f64, layer.height as f64);
        let canvas = Rect::new(0.0, 0.0, self.width as f64, self.height as f64);
        let place = copying(place, extent).unwrap_or(place);
        let area = place.transform_rect_bbox(extent).intersect(clip).intersect(canvas);
        let columns = area.x0.round() as usize..area.x1.round() as usize;
        let rows = area.y0.round() as usize..area.y1.round() as usize;
        if layer.is_plain() && place == Affine::translate(place.translation()) {
            return self.copy_rows(layer, place, columns, rows);
        }
        let sampler = Sampler::new(layer, place.inverse());
        for y in rows {
            for x in columns.clone() {
                let (color, alpha) = sampler.at(x, y);
                if alpha > 0.0 {
                    self.blend(y * self.width + x, color, alpha, layer.multiplies);
                }
            }
        }
    }

    fn make_coloured(&mut self) {
        if let Pixels::Gray(gray) = &self.pixels {
            self.pixels = Pixels::Rgb(gray.iter().flat_map(|&value| [value; 3]).collect());
        }
    }

    /// The common case, a scan on its own grid: whole rows at once.
    fn copy_rows(
        &mut self,
        layer: &Layer,
        place: Affine,
        columns: std::ops::Range<usize>,
        rows: std::ops::Range<usize>,
    ) {
        let shift = place.translation();
        let left = (columns.start as f64 - shift.x) as usize;
        let top = (rows.start as f64 - shift.y) as usize;
        let (count, first) = (columns.len(), rows.start);
        for y in rows {
            let from = (top + y - first) * layer.width + left;
            let to = y * self.width + columns.start;
            match (&mut self.pixels, &layer.pixels) {
                (Pixels::Gray(canvas), Pixels::Gray(gray)) => {
                    canvas[to..to + count].copy_from_slice(&gray[from..from + count]);
                }
                (Pixels::Rgb(canvas), Pixels::Rgb(rgb)) => canvas[to * 3..(to + count) * 3]
                    .copy_from_slice(&rgb[from * 3..(from + count) * 3]),
                (Pixels::Rgb(canvas), Pixels::Gray(gray)) => {
                    let pixels = canvas[to * 3..(to + count) * 3].as_chunks_mut::<3>().0;
                    for (pixel, &value) in pixels.iter_mut().zip(&gray[from..]) {
                        *pixel = [value; 3];
                    }
                }
                _ => unreachable!("plain layers have pixels, and colour made the canvas coloured"),
            }
        }
    }

    fn blend(&mut self, at: usize, color: [f32; 3], alpha: f32, multiplies: bool) {
        let mix = |below: u8, above: f32| {
            let below = f32::from(below);
            let above = if multiplies { above * below / 255.0 } else { above };
            (below + (above - below) * alpha).round() as u8
        };
        match &mut self.pixels {
            Pixels::Gray(gray) => gray[at] = mix(gray[at], color[0]),
            Pixels::Rgb(rgb) => {
                for (value, above) in rgb[at * 3..at * 3 + 3].iter_mut().zip(color) {
                    *value = mix(*value, above);
                }
            }
            Pixels::Flat(_) => unreachable!("a canvas is made of pixels"),
        }
    }
}

impl Layer {
    fn has_colour(&self) -> bool {
        match self.pixels {
            Pixels::Gray(_) => false,
            Pixels::Rgb(_) => true,
            Pixels::Flat([r, g, b]) => r != g || g != b,
        }
    }

    /// Whether it hides all that is beneath.
    fn is_plain(&self) -> bool {
        self.mask.is_none()
            && self.opacity >= 1.0
            && !self.multiplies
            && !matches!(self.pixels, Pixels::Flat(_))
    }

    fn color(&self, x: usize, y: usize) -> [f32; 3] {
        let at = y * self.width + x;
        match &self.pixels {
            Pixels::Gray(gray) => [f32::from(gray[at]); 3],
            Pixels::Rgb(rgb) => [0, 1, 2].map(|channel| f32::from(rgb[at * 3 + channel])),
            Pixels::Flat(color) => color.map(f32::from),
        }
    }
}

impl Mask {
    /// Opacity at a place given in shares of the whole.
    fn at(&self, x: f64, y: f64) -> f32 {
        let column = ((x * self.width as f64) as usize).min(self.width - 1);
        let row = ((y * self.height as f64) as usize).min(self.height - 1);
        f32::from(self.alpha[row * self.width + column]) / 255.0
    }
}

/// `place` moved onto the grid of the canvas, if that moves no pixel of `extent` noticeably:
/// whole shifts, quarter turns and mirrorings.
fn copying(place: Affine, extent: Rect) -> Option<Affine> {
    let [a, b, c, d, x, y] = place.as_coeffs().map(f64::round);
    let is_turn =
        matches!((a.abs(), b.abs(), c.abs(), d.abs()), (1.0, 0.0, 0.0, 1.0) | (0.0, 1.0, 1.0, 0.0));
    let snapped = Affine::new([a, b, c, d, x, y]);
    let corners = [
        (extent.x0, extent.y0),
        (extent.x1, extent.y0),
        (extent.x0, extent.y1),
        (extent.x1, extent.y1),
    ];
    let moves = corners.map(|corner| {
        let moved = snapped * Point::from(corner) - place * Point::from(corner);
        moved.x.abs().max(moved.y.abs())
    });
    let is_near = moves.iter().all(|&by| by <= COPY_TOLERANCE);
    (is_turn && is_near).then_some(snapped)
}

/// Reads a layer at pixels of the canvas.
struct Sampler<'a> {
    layer: &'a Layer,
    to_layer: Affine,
    /// Samples for each pixel along each axis.
    samples: usize,
}

impl<'a> Sampler<'a> {
    fn new(layer: &'a Layer, to_layer: Affine) -> Self {
        let [a, b, c, d, ..] = to_layer.as_coeffs();
        let shrinks = a.hypot(b).max(c.hypot(d));
        let samples = if shrinks <= 1.0 { 1.0 } else { (shrinks + 1.0).ceil() };
        Self { layer, to_layer, samples: samples.min(MAX_SAMPLES) as usize }
    }

    /// Colour and opacity of the layer on the canvas pixel (x, y), each sample weighing as much as
    /// it is opaque.
    fn at(&self, x: usize, y: usize) -> ([f32; 3], f32) {
        let (mut color, mut opacity) = ([0.0; 3], 0.0);
        let step = 1.0 / self.samples as f64;
        for index in 0..self.samples * self.samples {
            let (column, row) = (index % self.samples, index / self.samples);
            let offset = |at: usize| (at as f64 + 0.5) * step;
            let point = Point::new(x as f64 + offset(column), y as f64 + offset(row));
            if let Some((sample, alpha)) = self.sample(self.to_layer * point) {
                color = [0, 1, 2].map(|channel| color[channel] + sample[channel] * alpha);
                opacity += alpha;
            }
        }
        if opacity == 0.0 {
            return (color, 0.0);
        }
        let count = (self.samples * self.samples) as f32;
        (color.map(|sum| sum / opacity), opacity / count * self.layer.opacity)
    }

    fn sample(&self, point: Point) -> Option<([f32; 3], f32)> {
        let Layer { width, height, .. } = *self.layer;
        let is_within =
            (0.0..width as f64).contains(&point.x) && (0.0..height as f64).contains(&point.y);
        if !is_within {
            return None;
        }
        let mask = self.layer.mask.as_ref();
        let alpha =
            mask.map_or(1.0, |mask| mask.at(point.x / width as f64, point.y / height as f64));
        Some((self.layer.color(point.x as usize, point.y as usize), alpha))
    }
}
