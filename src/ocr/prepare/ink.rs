//! A page as a coarse map of ink, on which orientation and skew are found.

use image::GrayImage;

/// Cells an inch: an x-height of 10 point print is about 8 cells, a page 2 million.
const CELLS_PER_INCH: u32 = 150;

/// A cell counts as inked from this share of its pixels on, so that specks go and strokes stay.
const INKED_SHARE: f32 = 0.3;

/// Straight runs of ink longer than this are rules of tables, underlines or black borders, not
/// print. In inches.
const LONGEST_STROKE: f32 = 0.8;

/// Which cells of a page hold print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InkMap {
    width: usize,
    height: usize,
    inked: Vec<bool>,
}

impl InkMap {
    /// Reduces a picture to its print: rules and borders are left out.
    pub fn of(picture: &GrayImage, dpi: u32) -> Self {
        let side = ((dpi as f32 / CELLS_PER_INCH as f32).round() as u32).max(1);
        let threshold = otsu_threshold(picture);
        let (width, height) = (picture.width() / side, picture.height() / side);
        let least = (INKED_SHARE * (side * side) as f32).ceil() as u32;
        let mut counts = vec![0u32; (width * height) as usize];
        let stride = picture.width() as usize;
        for (y, row) in picture.as_raw().chunks_exact(stride.max(1)).enumerate() {
            let cell_row = y / side as usize;
            if cell_row >= height as usize {
                break;
            }
            let counts = &mut counts[cell_row * width as usize..][..width as usize];
            for (count, pixels) in counts.iter_mut().zip(row.chunks_exact(side as usize)) {
                *count += pixels.iter().filter(|value| **value <= threshold).count() as u32;
            }
        }
        let inked = counts.into_iter().map(|count| count >= least).collect();
        let map = Self { width: width as usize, height: height as usize, inked };
        map.without_rules((LONGEST_STROKE * dpi as f32 / side as f32) as usize)
    }

    fn without_rules(self, longest: usize) -> Self {
        let mut kept = self.inked.clone();
        for y in 0..self.height {
            clear_runs(&self.inked, &mut kept, y * self.width, 1, self.width, longest);
        }
        for x in 0..self.width {
            clear_runs(&self.inked, &mut kept, x, self.width, self.height, longest);
        }
        Self { inked: kept, ..self }
    }

    /// Number of cells that hold print.
    pub fn inked_cells(&self) -> usize {
        self.inked.iter().filter(|inked| **inked).count()
    }

    /// The same page turned a quarter clockwise.
    pub fn turned(&self) -> Self {
        let (width, height) = (self.height, self.width);
        let mut inked = Vec::with_capacity(self.inked.len());
        for y in 0..height {
            inked.extend((0..width).map(|x| self.inked[(self.height - 1 - x) * self.width + y]));
        }
        Self { width, height, inked }
    }

    /// The ink of the page in strips of `STRIP` columns.
    pub fn strips(&self) -> InkStrips {
        let mut counts = vec![0u8; self.width.div_ceil(STRIP) * self.height];
        for (y, row) in self.inked.chunks_exact(self.width.max(1)).enumerate() {
            for (strip, cells) in row.chunks(STRIP).enumerate() {
                let inked = cells.iter().filter(|inked| **inked).count();
                counts[strip * self.height + y] = inked as u8;
            }
        }
        InkStrips { width: self.width, height: self.height, counts }
    }
}

/// Columns that are moved together: at the steepest slope a strip's ends lie less than half a cell
/// off its middle.
const STRIP: usize = 8;

/// The ink of a page in upright strips, of which profiles at any slope are quickly made.
pub struct InkStrips {
    width: usize,
    height: usize,
    /// Inked cells of each row of a strip, strip after strip.
    counts: Vec<u8>,
}

impl InkStrips {
    /// Inked cells for each row, rows sloping by `slope` cells down for each cell to the right.
    pub fn profile(&self, slope: f32) -> Vec<f32> {
        let reach = (slope.abs() * self.width as f32).ceil() as usize + 1;
        let mut rows = vec![0.0; self.height + 2 * reach];
        for (number, strip) in self.counts.chunks_exact(self.height.max(1)).enumerate() {
            let middle = (number * STRIP + STRIP / 2).min(self.width);
            let shift = reach as i64 - (slope * middle as f32).round() as i64;
            for (row, count) in rows[shift as usize..].iter_mut().zip(strip) {
                *row += f32::from(*count);
            }
        }
        rows
    }
}

/// Clears runs of ink beyond `longest` along `length` cells from `start`, `step` apart.
fn clear_runs(
    inked: &[bool],
    kept: &mut [bool],
    start: usize,
    step: usize,
    length: usize,
    longest: usize,
) {
    let mut run = 0;
    for at in 0..=length {
        if at < length && inked[start + at * step] {
            run += 1;
            continue;
        }
        if run > longest {
            for back in 1..=run {
                kept[start + (at - back) * step] = false;
            }
        }
        run = 0;
    }
}

/// The grey that best parts ink from paper (Otsu 1979), at most mid-grey to light: an evenly grey
/// page has no ink.
fn otsu_threshold(picture: &GrayImage) -> u8 {
    let mut histogram = [0u64; 256];
    for value in picture.as_raw() {
        histogram[usize::from(*value)] += 1;
    }
    let total: u64 = histogram.iter().sum();
    let weighted: f64 = histogram.iter().enumerate().map(|(v, n)| v as f64 * *n as f64).sum();
    let (mut below, mut below_weighted) = (0u64, 0.0);
    let (mut best, mut best_spread) = (128u8, 0.0);
    for (value, count) in histogram.iter().enumerate() {
        below += count;
        below_weighted += value as f64 * *count as f64;
        let above = total - below;
        if below == 0 || above == 0 {
            continue;
        }
        let apart = below_weighted / below as f64 - (weighted - below_weighted) / above as f64;
        let spread = below as f64 * above as f64 * apart * apart;
        if spread > best_spread {
            (best, best_spread) = (value as u8, spread);
        }
    }
    best.clamp(64, 200)
}
