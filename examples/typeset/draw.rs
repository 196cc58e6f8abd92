//! A laid-out page to ink on paper: print, and by hand the number, the signature, the seal and the
//! incoming-mail stamp.

use std::f32::consts::TAU;

use crate::canvas::{BLACK, Canvas, Ink, PEN_BLUE, SEAL_RED};
use crate::font::{Face, Fonts};
use crate::layout::{Item, PAGE_HEIGHT, PAGE_WIDTH, Page};
use crate::random::Random;
use crate::source::Received;

const SEAL_RADIUS: f32 = 51.0;

/// The page as it leaves the registry; `planes` is 1 for grey, 3 for colour.
pub fn draw(page: &Page, fonts: &Fonts, dpi: u32, planes: usize, random: &mut Random) -> Canvas {
    let mut canvas = Canvas::new((PAGE_WIDTH, PAGE_HEIGHT), dpi, planes);
    for item in &page.items {
        match item {
            Item::Text { x, baseline, text, face, size } => {
                canvas.text(fonts, text, (*x, *baseline), (*face, *size), BLACK);
            }
            Item::Rule { from, to, width } => {
                canvas.stroke(&[*from, *to], *width, BLACK, &|_| 1.0);
            }
            Item::Pen { x, baseline, text, size } => {
                pen(&mut canvas, text, (*x, *baseline), *size, PEN_BLUE, random);
            }
            Item::Seal { centre, words } => seal(&mut canvas, fonts, *centre, words, random),
            Item::Signature { centre } => signature(&mut canvas, *centre, random),
        }
    }
    canvas
}

/// Strokes of a handwritten sign in a box one wide and one high, y downwards.
fn pen_strokes(sign: char) -> &'static [&'static [(f32, f32)]] {
    match sign {
        '0' => &[&[
            (0.6, 0.0),
            (0.2, 0.2),
            (0.1, 0.7),
            (0.4, 1.0),
            (0.8, 0.7),
            (0.8, 0.2),
            (0.55, 0.0),
        ]],
        '1' => &[&[(0.3, 0.25), (0.6, 0.0), (0.5, 1.0)]],
        '2' => &[&[
            (0.1, 0.25),
            (0.4, 0.0),
            (0.8, 0.2),
            (0.5, 0.6),
            (0.05, 1.0),
            (0.5, 0.9),
            (0.95, 0.95),
        ]],
        '3' => &[&[
            (0.2, 0.1),
            (0.6, 0.0),
            (0.8, 0.2),
            (0.4, 0.45),
            (0.85, 0.65),
            (0.6, 1.0),
            (0.05, 0.9),
        ]],
        '4' => &[&[(0.5, 0.0), (0.1, 0.6), (0.9, 0.55)], &[(0.7, 0.3), (0.6, 1.05)]],
        '5' => &[&[(0.85, 0.0), (0.35, 0.05), (0.25, 0.45), (0.7, 0.45), (0.7, 0.85), (0.1, 1.0)]],
        '6' => &[&[
            (0.7, 0.0),
            (0.25, 0.4),
            (0.15, 0.85),
            (0.5, 1.0),
            (0.75, 0.7),
            (0.5, 0.5),
            (0.2, 0.7),
        ]],
        '7' => &[&[(0.1, 0.1), (0.85, 0.0), (0.4, 1.0)], &[(0.25, 0.5), (0.75, 0.45)]],
        '8' => &[&[
            (0.7, 0.15),
            (0.4, 0.0),
            (0.25, 0.25),
            (0.7, 0.7),
            (0.45, 1.0),
            (0.15, 0.8),
            (0.75, 0.2),
        ]],
        '9' => &[&[(0.75, 0.2), (0.4, 0.0), (0.2, 0.35), (0.5, 0.55), (0.8, 0.2), (0.65, 1.0)]],
        '/' => &[&[(0.8, -0.05), (0.1, 1.1)]],
        _ => &[],
    }
}

/// Digits by hand, each a little off.
fn pen(
    canvas: &mut Canvas,
    text: &str,
    (x, baseline): (f32, f32),
    size: f32,
    ink: Ink,
    random: &mut Random,
) {
    let (width, height) = (size * 0.42, size * 0.72);
    for (number, sign) in text.chars().enumerate() {
        let left = x + number as f32 * size * 0.5;
        let lift = random.signed() * size * 0.06;
        for stroke in pen_strokes(sign) {
            let points: Vec<_> = stroke
                .iter()
                .map(|(u, v)| {
                    let slant = (1.0 - v) * 0.18;
                    let (du, dv) = (random.signed() * 0.05, random.signed() * 0.05);
                    (left + (u + slant + du) * width, baseline + lift - height + (v + dv) * height)
                })
                .collect();
            canvas.stroke(&smooth(&points), size * 0.075, ink, &|_| 1.0);
        }
    }
}

/// A curve through the points (Catmull-Rom).
fn smooth(points: &[(f32, f32)]) -> Vec<(f32, f32)> {
    let at = |index: isize| points[index.clamp(0, points.len() as isize - 1) as usize];
    let mut curve = Vec::new();
    for index in 0..points.len() as isize - 1 {
        let (a, b, c, d) = (at(index - 1), at(index), at(index + 1), at(index + 2));
        for step in 0..12 {
            let t = step as f32 / 12.0;
            let blend = |a: f32, b: f32, c: f32, d: f32| {
                b + 0.5
                    * t
                    * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
            };
            curve.push((blend(a.0, b.0, c.0, d.0), blend(a.1, b.1, c.1, d.1)));
        }
    }
    curve.extend(points.last());
    curve
}

/// A signature nobody has: loops that run to the right, and a long tail.
fn signature(canvas: &mut Canvas, (x, y): (f32, f32), random: &mut Random) {
    let mut points = vec![(x - 46.0, y + 14.0)];
    for step in 0..7 {
        let up = if step % 2 == 0 { -1.0 } else { 1.0 };
        points.push((
            x - 40.0 + step as f32 * 11.0 + random.signed() * 7.0,
            y + up * (9.0 + random.unit() * 19.0),
        ));
    }
    points.push((x + 30.0, y + 10.0));
    points.push((x + 84.0, y - 6.0 + random.signed() * 5.0));
    points.push((x - 20.0, y + 17.0 + random.signed() * 3.0));
    let press = random.unit() * 6.0;
    canvas.stroke(&smooth(&points), 1.5, PEN_BLUE, &|along| {
        0.75 + 0.35 * (along * 23.0 + press).sin()
    });
}

/// A round seal: two rings, words between them, an emblem; pressed unevenly.
fn seal(canvas: &mut Canvas, fonts: &Fonts, (x, y): (f32, f32), words: &str, random: &mut Random) {
    let before = canvas.clone();
    let ring = |radius: f32| -> Vec<(f32, f32)> {
        (0..=180)
            .map(|step| step as f32 / 180.0 * TAU)
            .map(|angle| (x + radius * angle.cos(), y + radius * angle.sin()))
            .collect()
    };
    canvas.stroke(&ring(SEAL_RADIUS), 2.2, SEAL_RED, &|_| 1.0);
    canvas.stroke(&ring(SEAL_RADIUS - 3.4), 0.9, SEAL_RED, &|_| 1.0);
    canvas.stroke(&ring(SEAL_RADIUS * 0.64), 1.1, SEAL_RED, &|_| 1.0);
    let turn = random.signed() * 0.25;
    words_around(canvas, fonts, (x, y, SEAL_RADIUS * 0.70), words, turn);
    for radius in [SEAL_RADIUS * 0.28, SEAL_RADIUS * 0.2, SEAL_RADIUS * 0.12] {
        canvas.stroke(&star((x, y - 4.0), radius, turn), 1.2, SEAL_RED, &|_| 1.0);
    }
    for step in 0..26 {
        let angle = turn + step as f32 / 26.0 * TAU;
        let from = (x + SEAL_RADIUS * 0.42 * angle.cos(), y + SEAL_RADIUS * 0.42 * angle.sin());
        let bent = angle + 0.22;
        let to = (x + SEAL_RADIUS * 0.56 * bent.cos(), y + SEAL_RADIUS * 0.56 * bent.sin());
        canvas.stroke(&[from, to], 1.6, SEAL_RED, &|_| 1.0);
    }
    canvas.wear((x, y), SEAL_RADIUS + 3.0, &before, random);
}

fn star((x, y): (f32, f32), radius: f32, turn: f32) -> Vec<(f32, f32)> {
    (0..=10)
        .map(|corner| {
            let radius = if corner % 2 == 0 { radius } else { radius * 0.4 };
            let angle = turn - TAU / 4.0 + corner as f32 / 10.0 * TAU;
            (x + radius * angle.cos(), y + radius * angle.sin())
        })
        .collect()
}

/// Words along a circle, from lower left over the top to lower right.
fn words_around(
    canvas: &mut Canvas,
    fonts: &Fonts,
    (x, y, radius): (f32, f32, f32),
    words: &str,
    turn: f32,
) {
    let type_style = (Face::Bold, 9.5);
    let length = fonts.width(words, type_style.0, type_style.1);
    let spread = (TAU * 0.86 / (length / radius)).clamp(0.6, 2.2);
    let mut angle = turn - TAU / 4.0 - length / radius * spread / 2.0;
    for letter in words.chars() {
        let width = fonts.width(letter.encode_utf8(&mut [0; 4]), type_style.0, type_style.1);
        let at = (x + radius * angle.cos(), y + radius * angle.sin(), angle + TAU / 4.0);
        canvas.letter(fonts, letter, at, type_style, SEAL_RED);
        angle += width / radius * spread;
    }
}

/// The frame that the receiving office stamps on the first page.
pub fn received(canvas: &mut Canvas, fonts: &Fonts, stamp: &Received, random: &mut Random) {
    let points_per_millimetre = 72.0 / 25.4;
    let (left, top) = (stamp.at.0 * points_per_millimetre, stamp.at.1 * points_per_millimetre);
    let (width, height) = (136.0, 50.0);
    let slope = random.signed() * 3.0;
    let ink = [0.25, 0.18, 0.55];
    let corner = |u: f32, v: f32| (left + u * width, top + v * height + u * slope);
    let frame =
        [corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0), corner(0.0, 0.0)];
    canvas.stroke(&frame, 1.6, ink, &|_| 1.0);
    canvas.stroke(&[corner(0.0, 0.3), corner(1.0, 0.3)], 0.8, ink, &|_| 1.0);
    let size = (9.0 * (width - 8.0) / fonts.width(&stamp.office, Face::Bold, 9.0)).min(9.0);
    let at = corner(0.03, 0.22);
    canvas.text(fonts, &stamp.office, at, (Face::Bold, size), ink);
    canvas.text(fonts, "ĐẾN", corner(0.03, 0.74), (Face::Bold, 12.0), ink);
    for (caption, entry, down) in [("Số:", &stamp.number, 0.58), ("Ngày:", &stamp.date, 0.88)] {
        canvas.text(fonts, caption, corner(0.27, down), (Face::Regular, 10.0), ink);
        let dots = ".".repeat(30);
        canvas.text(fonts, &dots, corner(0.45, down + 0.02), (Face::Regular, 9.0), ink);
        pen(canvas, entry, corner(0.48, down), 12.0, PEN_BLUE, random);
    }
}
