//! A picture of a page that is no scan: made on a computer, or a patchwork.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::hayro_syntax::page::Page;
use hayro::hayro_interpret::{InterpreterSettings, InterpreterWarning};
use hayro::kurbo::{Affine, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::RgbImage;

use super::grid::POINTS_PER_INCH;
use crate::error::Result;
use crate::input::PageImage;
use crate::warning::{Warning, WarningCode};

/// What Tesseract was made for.
const RENDER_DPI: f64 = 300.0;
/// The most pixels that a rendering has; A2 at 300 dpi has 35 million. Larger pages are rendered
/// at a lower resolution: the renderer takes some 12 bytes for each pixel.
const MAX_RENDERED_PIXELS: f64 = 40_000_000.0;
/// The renderer counts pixels of a row and of a column in 16 bits.
const MAX_SIDE: f64 = 65_000.0;

/// Renders a page of size `bounds` (in points) on white.
pub(super) fn render<'a>(
    page: &'a Page<'a>,
    bounds: Rect,
) -> Result<(PageImage, Affine, Vec<Warning>)> {
    let dpi = dpi_for(bounds);
    let scale = dpi / POINTS_PER_INCH;
    let is_damaged = Arc::new(AtomicBool::new(false));
    let settings = InterpreterSettings {
        warning_sink: {
            let is_damaged = Arc::clone(&is_damaged);
            Arc::new(move |warning| {
                if matches!(warning, InterpreterWarning::ImageDecodeFailure) {
                    is_damaged.store(true, Ordering::Relaxed);
                }
            })
        },
        ..InterpreterSettings::default()
    };
    let pixmap_settings =
        PixmapSettings { x_scale: scale as f32, y_scale: scale as f32, bg_color: WHITE };
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &settings,
        // Hinting runs what the font says, and a damaged font can make that never end; at this
        // resolution it changes next to nothing.
        &RenderSettings { hinting: false, ..RenderSettings::default() },
        &pixmap_settings,
    );
    let (width, height) = (pixmap.width().into(), pixmap.height().into());
    // On white everything is opaque, so premultiplied values are the colours themselves.
    let rgb = pixmap.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
    let rgb = RgbImage::from_raw(width, height, rgb).expect("three bytes for each pixel");
    let warnings = is_damaged
        .load(Ordering::Relaxed)
        .then(|| Warning::new(WarningCode::ImageDamaged, "cannot decode a picture on the page"));
    let image = PageImage::from_rgb(rgb, dpi.round().max(1.0) as u32);
    Ok((image, Affine::scale(scale), warnings.into_iter().collect()))
}

/// 300, or what keeps the page within the limits.
fn dpi_for(bounds: Rect) -> f64 {
    let inches = |points: f64| points.max(1.0) / POINTS_PER_INCH;
    let (width, height) = (inches(bounds.width()), inches(bounds.height()));
    let for_area = (MAX_RENDERED_PIXELS / (width * height)).sqrt();
    let for_side = MAX_SIDE / width.max(height);
    RENDER_DPI.min(for_area).min(for_side)
}
