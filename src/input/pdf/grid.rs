//! Decides what the picture of a PDF page is made of: the page's own image, on that image's own
//! pixel grid, where the page is one image or several that tile it; else a rendering.

use hayro::kurbo::{Affine, Rect};

use super::survey::{Placement, Survey};
use crate::error::Result;
use crate::input::pixels::{SQUARE_ENOUGH, check_size, resolution};

/// Images on one pixel grid that together cover this share of the page are the page.
const PAGE_SHARE: f64 = 0.75;
/// They are still its whole content at this share, if the page shows no text beside them: a small
/// sheet scanned on a large bed.
const LONE_SHARE: f64 = 0.2;
/// More visible letters than this are a text of their own, not stamps on a scan: a page made on a
/// computer with a picture behind it. Four electronic signatures have some 500.
const MAX_STAMP_GLYPHS: usize = 600;
/// More images than this and the page is drawn, not scanned; scanners cut a page into some 100
/// strips at the most.
const MAX_IMAGES: usize = 500;
/// Pitches that differ by no more than this share are the same: tiles are placed with rounded
/// sizes.
const SAME_PITCH: f64 = 0.01;
/// A scan that hangs over the edge of the page by no more than this share isn't cut: page sizes
/// are rounded.
const OVERHANG: f64 = 0.01;
/// Tangent of the angle up to which an image may be placed askew and still count as upright.
const MAX_SKEW: f64 = 0.2;

pub(super) const POINTS_PER_INCH: f64 = 72.0;

/// The pixel grid of a page picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub width: u32,
    pub height: u32,
    pub dpi: u32,
    /// From points of the page to pixels of the picture.
    pub to_image: Affine,
}

/// The grid of the page's own image; `None` if the page is to be rendered. Pixels are those of the
/// image, turned and mirrored as the page shows it, never resampled (but for pixels that aren't
/// square).
///
/// # Errors
/// If the image has too many pixels.
pub(super) fn own_grid(survey: &Survey, page: Rect) -> Result<Option<Grid>> {
    let Some(base) = base_image(survey, page).filter(|base| skew(base) <= MAX_SKEW) else {
        return Ok(None);
    };
    let upright = upright_pixels(&base) * base.to_page.inverse();
    let bounds = picture_bounds(survey, page, &base, upright);
    check_size(bounds.width() as u64, bounds.height() as u64)?;
    let (width, height) = (bounds.width() as u32, bounds.height() as u32);
    let declared = POINTS_PER_INCH / pitch(base.to_page);
    Ok(Some(Grid {
        width,
        height,
        dpi: resolution(Some(declared), width, height),
        to_image: Affine::translate((-bounds.x0, -bounds.y0)) * upright,
    }))
}

/// One of the images that make up the page, on the finest grid that does.
fn base_image(survey: &Survey, page: Rect) -> Option<Placement> {
    let visible_glyphs = survey.glyphs.iter().filter(|glyph| glyph.visible).count();
    if survey.images.len() > MAX_IMAGES || visible_glyphs > MAX_STAMP_GLYPHS {
        return None;
    }
    let share = |images: &mut dyn Iterator<Item = &Placement>| {
        images.map(|image| image.shown.area()).sum::<f64>() / page.area()
    };
    let needed = if visible_glyphs == 0 { LONE_SHARE } else { PAGE_SHARE };
    if share(&mut survey.images.iter()) < needed {
        return None;
    }
    let is_large = |base: &&Placement| {
        share(&mut survey.images.iter().filter(|image| on_same_grid(base, image))) >= LONE_SHARE
    };
    let finest = |a: &&Placement, b: &&Placement| pitch(a.to_page).total_cmp(&pitch(b.to_page));
    survey.images.iter().filter(is_large).min_by(finest).copied()
}

fn on_same_grid(base: &Placement, other: &Placement) -> bool {
    let relative = (base.to_page.inverse() * other.to_page).as_coeffs();
    let identity = [1.0, 0.0, 0.0, 1.0];
    relative.iter().zip(identity).all(|(value, wanted)| (value - wanted).abs() <= SAME_PITCH)
}

/// Points for each pixel, along the finer axis.
fn pitch(to_page: Affine) -> f64 {
    let [a, b, c, d, ..] = to_page.as_coeffs();
    a.hypot(b).min(c.hypot(d))
}

/// Tangent of the angle between the image's axes and the page's nearest ones.
fn skew(image: &Placement) -> f64 {
    let [a, b, c, d, ..] = image.to_page.as_coeffs();
    let tangent = |x: f64, y: f64| x.abs().min(y.abs()) / x.abs().max(y.abs());
    tangent(a, b).max(tangent(c, d))
}

/// Turns and mirrors the image's pixels as the page shows them (up to a shift), and makes them
/// square where they are far from it.
fn upright_pixels(image: &Placement) -> Affine {
    let [a, b, c, d, ..] = image.to_page.as_coeffs();
    let is_turned = b.abs() > a.abs();
    let (column, row) = (a.hypot(b), c.hypot(d));
    let fine = column.min(row);
    let stretch = if column.max(row) > fine * SQUARE_ENOUGH { fine } else { f64::NAN };
    let scale = |pitch: f64| if stretch.is_nan() { 1.0 } else { pitch / stretch };
    let (column, row) = (scale(column), scale(row));
    if is_turned {
        Affine::new([0.0, b.signum() * column, c.signum() * row, 0.0, 0.0, 0.0])
    } else {
        Affine::new([a.signum() * column, 0.0, 0.0, d.signum() * row, 0.0, 0.0])
    }
}

/// What the picture takes in, in `upright` pixels: all that the tiles show, cut to the page.
fn picture_bounds(survey: &Survey, page: Rect, base: &Placement, upright: Affine) -> Rect {
    let tiles = survey.images.iter().filter(|image| on_same_grid(base, image));
    let of_tile = |tile: &Placement| {
        let pixels = Rect::new(0.0, 0.0, tile.width.into(), tile.height.into());
        let all = (upright * tile.to_page).transform_rect_bbox(pixels);
        let shown = upright.transform_rect_bbox(tile.shown);
        cut(all, shown)
    };
    let tiled = tiles.map(of_tile).reduce(|a, b| a.union(b)).unwrap_or(Rect::ZERO);
    let overlays = survey.images.iter().filter(|image| !on_same_grid(base, image));
    let page = upright.transform_rect_bbox(page);
    let all = overlays
        .map(|image| upright.transform_rect_bbox(image.shown).intersect(page))
        .fold(tiled, |all, overlay| all.union(overlay));
    // An overlay that sticks out by a fraction of a pixel must not shift the grid.
    round(if overhangs(all, tiled) { all } else { tiled })
}

/// `all` without what lies outside of `shown` by more than the usual rounding.
fn cut(all: Rect, shown: Rect) -> Rect {
    if overhangs(all, shown) { all.intersect(round(shown)) } else { all }
}

fn overhangs(outer: Rect, inner: Rect) -> bool {
    let (x, y) = (inner.width() * OVERHANG, inner.height() * OVERHANG);
    let over = outer.intersect(inner.inflate(x, y));
    over != outer
}

fn round(rect: Rect) -> Rect {
    Rect::new(rect.x0.round(), rect.y0.round(), rect.x1.round(), rect.y1.round())
}
