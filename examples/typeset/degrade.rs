//! What age, press and scanner do to a page: show-through, slope, borders, shade, grain, blur, and
//! for a bitonal scan the threshold and specks.
//!
//! Every step takes its strength from the source's `[scan]` and its chances from the page's seed.

use crate::canvas::Canvas;
use crate::random::Random;
use crate::source::{Encoding, Scan};

const MILLIMETRES_PER_INCH: f32 = 25.4;

/// The page as scanned; `reverse` is the page printed on its back, if any.
pub fn degrade(
    page: &Canvas,
    reverse: Option<&Canvas>,
    scan: &Scan,
    random: &mut Random,
) -> Canvas {
    let mut canvas = page.clone();
    if let Some(reverse) = reverse.filter(|_| scan.show_through > 0.0) {
        show_through(&mut canvas, reverse, scan.show_through);
    }
    if scan.toner > 0.0 {
        fade(&mut canvas, scan.toner, random);
    }
    let mut canvas = turn(&canvas, scan.skew * slope(random), random);
    if scan.holes {
        punch(&mut canvas, random);
    }
    if scan.black_edge > 0.0 {
        blacken_edges(&mut canvas, scan.black_edge, random);
    }
    if scan.shade > 0.0 {
        shade(&mut canvas, scan.shade, random);
    }
    if scan.grain > 0.0 {
        grain(&mut canvas, scan.grain, random);
    }
    for plane in &mut canvas.planes {
        blur(plane, canvas.width, scan.blur);
    }
    if scan.encoding == Encoding::G4 {
        let threshold = scan.threshold + 0.03 * random.signed();
        for light in &mut canvas.planes[0] {
            *light = if *light < threshold { 0.0 } else { 1.0 };
        }
    }
    if scan.specks > 0.0 {
        speck(&mut canvas, scan.specks, random);
    }
    cut(&canvas, scan.cut)
}

/// Between half and all of the slope, either way.
fn slope(random: &mut Random) -> f32 {
    let size = 0.5 + 0.5 * random.unit();
    if random.unit() < 0.5 { -size } else { size }
}

fn show_through(canvas: &mut Canvas, reverse: &Canvas, strength: f32) {
    let width = canvas.width;
    for (plane, back) in canvas.planes.iter_mut().zip(&reverse.planes) {
        let mut back = back.clone();
        blur(&mut back, width, 2.0);
        for (row, back) in plane.chunks_mut(width).zip(back.chunks(width)) {
            for (light, back) in row.iter_mut().zip(back.iter().rev()) {
                *light *= 1.0 - strength * (1.0 - back);
            }
        }
    }
}

/// Toner that lies thin in places: print loses part of its darkness there.
fn fade(canvas: &mut Canvas, strength: f32, random: &mut Random) {
    let field = random.field(7, 10);
    each(canvas, |light, x, y| {
        let loss = (strength * field.at(x, y)).max(0.0);
        light + (1.0 - light) * loss
    });
}

/// Turns the page clockwise by `degrees` about its middle and shifts it a little; the paper goes
/// on beyond its edges.
fn turn(page: &Canvas, degrees: f32, random: &mut Random) -> Canvas {
    let (shift_x, shift_y) =
        (random.signed() * 4.0 * page.scale, random.signed() * 4.0 * page.scale);
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let (width, height) = (page.width as f32, page.height as f32);
    let mut turned = page.clone();
    for y in 0..page.height {
        for x in 0..page.width {
            let (dx, dy) = (x as f32 - width / 2.0 - shift_x, y as f32 - height / 2.0 - shift_y);
            let (u, v) =
                (dx * cosine + dy * sine + width / 2.0, dy * cosine - dx * sine + height / 2.0);
            let at = y * page.width + x;
            for (plane, source) in turned.planes.iter_mut().zip(&page.planes) {
                plane[at] = sample(source, page.width, page.height, u, v);
            }
        }
    }
    turned
}

/// Bilinear; paper outside.
fn sample(plane: &[f32], width: usize, height: usize, x: f32, y: f32) -> f32 {
    if x < 0.0 || y < 0.0 || x >= (width - 1) as f32 || y >= (height - 1) as f32 {
        return 1.0;
    }
    let (column, row) = (x as usize, y as usize);
    let (dx, dy) = (x - column as f32, y - row as f32);
    let at = row * width + column;
    let top = plane[at] * (1.0 - dx) + plane[at + 1] * dx;
    let bottom = plane[at + width] * (1.0 - dx) + plane[at + width + 1] * dx;
    top * (1.0 - dy) + bottom * dy
}

/// Two holes for the binder, 80 mm apart (ISO 838), black because the lid is.
fn punch(canvas: &mut Canvas, random: &mut Random) {
    let millimetre = canvas.scale * 72.0 / MILLIMETRES_PER_INCH;
    let x = (9.0 + random.signed()) * millimetre;
    let middle = canvas.height as f32 / 2.0 + random.signed() * 3.0 * millimetre;
    for y in [middle - 40.0 * millimetre, middle + 40.0 * millimetre] {
        let radius = 3.0 * millimetre;
        for row in (y - radius) as usize..(y + radius) as usize {
            for column in (x - radius) as usize..(x + radius) as usize {
                if (row as f32 - y).hypot(column as f32 - x) < radius {
                    let at = row * canvas.width + column;
                    canvas.planes.iter_mut().for_each(|plane| plane[at] = 0.08);
                }
            }
        }
    }
}

/// Dark bands at two edges, their inner border not straight.
fn blacken_edges(canvas: &mut Canvas, millimetres: f32, random: &mut Random) {
    let reach = millimetres * canvas.scale * 72.0 / MILLIMETRES_PER_INCH;
    let (right, top) = (random.field(9, 1), random.field(9, 1));
    let (width, height) = (canvas.width as f32, canvas.height as f32);
    each(canvas, |light, x, y| {
        let from_right = (1.0 - x) * width - reach * (0.6 + 0.4 * right.at(y, 0.5));
        let from_top = y * height - reach * (0.25 + 0.35 * top.at(x, 0.5));
        if from_right < 0.0 || from_top < 0.0 { light.min(0.1) } else { light }
    });
}

/// Light that falls off towards one lower corner.
fn shade(canvas: &mut Canvas, strength: f32, random: &mut Random) {
    let left = random.unit() < 0.5;
    each(canvas, |light, x, y| {
        let across = if left { 1.0 - x } else { x };
        light * (1.0 - strength * across * (0.3 + 0.7 * y))
    });
}

fn grain(canvas: &mut Canvas, strength: f32, random: &mut Random) {
    for plane in &mut canvas.planes {
        for light in plane {
            *light = (*light + strength * random.normal()).clamp(0.0, 1.0);
        }
    }
}

/// Dust: dots of one to three pixels, at 300 dpi up to five, mostly dark.
fn speck(canvas: &mut Canvas, per_square_centimetre: f32, random: &mut Random) {
    let centimetre = canvas.scale * 72.0 / MILLIMETRES_PER_INCH * 10.0;
    let area = (canvas.width * canvas.height) as f32 / centimetre.powi(2);
    let largest = canvas.scale * 72.0 / 60.0;
    for _ in 0..(area * per_square_centimetre) as usize {
        let x = (random.unit() * canvas.width as f32) as usize;
        let y = (random.unit() * canvas.height as f32) as usize;
        // Most specks are small: the square of an even number leans towards zero.
        let side = 1 + (random.unit().powi(2) * largest) as usize;
        let light = if random.unit() < 0.85 { 0.0 } else { 1.0 };
        for row in y..(y + side).min(canvas.height) {
            for column in x..(x + side).min(canvas.width) {
                let at = row * canvas.width + column;
                canvas.planes.iter_mut().for_each(|plane| plane[at] = light);
            }
        }
    }
}

/// Leaves out millimetres at the top, right, bottom and left.
fn cut(page: &Canvas, millimetres: [f32; 4]) -> Canvas {
    let pixels = millimetres.map(|edge| (edge * page.scale * 72.0 / MILLIMETRES_PER_INCH) as usize);
    let [top, right, bottom, left] = pixels;
    let (width, height) = (page.width - left - right, page.height - top - bottom);
    let planes = page
        .planes
        .iter()
        .map(|plane| {
            let rows = plane.chunks(page.width).skip(top).take(height);
            rows.flat_map(|row| row[left..left + width].iter().copied()).collect()
        })
        .collect();
    Canvas { width, height, planes, scale: page.scale }
}

/// Replaces every pixel; the place is given as shares of width and height.
fn each(canvas: &mut Canvas, new: impl Fn(f32, f32, f32) -> f32) {
    let (width, height) = (canvas.width, canvas.height);
    for plane in &mut canvas.planes {
        for (y, row) in plane.chunks_mut(width).enumerate() {
            for (x, light) in row.iter_mut().enumerate() {
                *light = new(*light, x as f32 / width as f32, y as f32 / height as f32);
            }
        }
    }
}

/// Gaussian blur in two passes; the edge pixel goes on beyond the edge.
fn blur(plane: &mut [f32], width: usize, deviation: f32) {
    if deviation <= 0.0 {
        return;
    }
    let reach = (deviation * 3.0).ceil() as usize;
    let weights: Vec<f32> = (0..=2 * reach)
        .map(|at| (-0.5 * ((at as f32 - reach as f32) / deviation).powi(2)).exp())
        .collect();
    let total: f32 = weights.iter().sum();
    let weights: Vec<f32> = weights.iter().map(|weight| weight / total).collect();
    let mut source = vec![0.0; width + 2 * reach];
    for row in plane.chunks_mut(width) {
        source[reach..reach + width].copy_from_slice(row);
        source[..reach].fill(row[0]);
        source[reach + width..].fill(row[width - 1]);
        for (light, window) in row.iter_mut().zip(source.windows(weights.len())) {
            *light = window.iter().zip(&weights).map(|(light, weight)| light * weight).sum();
        }
    }
    blur_columns(plane, width, &weights);
}

/// Row by row for the processor's cache: a ring of the rows above is not worth its code here, so a
/// copy of the plane is taken.
fn blur_columns(plane: &mut [f32], width: usize, weights: &[f32]) {
    let source = plane.to_vec();
    let (height, reach) = (source.len() / width, weights.len() / 2);
    for (y, row) in plane.chunks_mut(width).enumerate() {
        row.fill(0.0);
        for (offset, weight) in weights.iter().enumerate() {
            let from = (y + offset).saturating_sub(reach).min(height - 1) * width;
            for (light, other) in row.iter_mut().zip(&source[from..from + width]) {
                *light += other * weight;
            }
        }
    }
}
