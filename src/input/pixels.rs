//! Pixels as decoders give them to a [`PageImage`]: grey always, colour only where there is any.

use image::imageops::FilterType;
use image::{DynamicImage, GrayImage, ImageBuffer, RgbImage, RgbaImage};

use super::PageImage;
use crate::error::{Error, ErrorKind, Result};

/// The largest page picture that is decoded, in pixels: an A2 sheet at 600 dpi has 140 million.
/// At 4 bytes a pixel (grey and colour) one page takes 800 MB at the most.
pub(super) const MAX_PIXELS: u64 = 200_000_000;

/// How far the channels of a pixel must lie apart for it to be coloured: JPEG leaves grey pixels
/// a few levels off.
const COLOUR_SPREAD: u8 = 40;
/// One pixel in this many must be coloured for the page to be: a small stamp is enough, the odd
/// speckle of a scanner is not.
const COLOURED_ONE_IN: usize = 4000;

/// Up to this ratio of height to width, pixels count as square.
pub(super) const SQUARE_ENOUGH: f64 = 1.1;
/// Pixels more oblong than this aren't meant: the coarsest fax mode has a ratio of 2.1.
const MAX_STRETCH: f64 = 5.0;

/// The long side of A4 in inches: what a page is taken to be if the file doesn't tell its size.
const A4_LONG_SIDE_INCHES: f64 = 11.69;
/// Page sizes (long side, inches) that a scan of a paper can have: A7 to A2. A resolution that
/// says otherwise is one that a camera or an image editor filled in.
const PLAUSIBLE_LONG_SIDE: std::ops::RangeInclusive<f64> = 3.9..=24.0;

/// # Errors
/// [`ErrorKind::TooLarge`] if a picture of this size is beyond [`MAX_PIXELS`];
/// [`ErrorKind::Damaged`] if it has no pixels.
pub(super) fn check_size(width: u64, height: u64) -> Result<()> {
    if width == 0 || height == 0 {
        let message = format!("the picture has no pixels ({width} x {height})");
        return Err(Error::new(ErrorKind::Damaged, message));
    }
    if width.saturating_mul(height) > MAX_PIXELS {
        let million = MAX_PIXELS / 1_000_000;
        let message = format!(
            "the picture claims {width} x {height} pixels, expected at most {million} million"
        );
        return Err(Error::new(ErrorKind::TooLarge, message)
            .hint("scan or export the page at a lower resolution"));
    }
    Ok(())
}

impl PageImage {
    pub(super) fn from_gray(gray: GrayImage, dpi: u32) -> Self {
        Self { gray, color: None, dpi }
    }

    /// Keeps the colours only if there are any.
    pub(super) fn from_rgb(rgb: RgbImage, dpi: u32) -> Self {
        let gray = gray_of(&rgb);
        let color = is_coloured(&rgb).then_some(rgb);
        Self { gray, color, dpi }
    }

    /// From whatever the `image` crate decoded; transparent places are white, as on paper.
    pub(super) fn from_dynamic(picture: DynamicImage, dpi: u32) -> Self {
        if picture.color().has_alpha() {
            return Self::from_rgb(on_white(&picture.to_rgba8()), dpi);
        }
        match picture {
            DynamicImage::ImageLuma8(gray) => Self::from_gray(gray, dpi),
            picture if !picture.color().has_color() => Self::from_gray(picture.to_luma8(), dpi),
            picture => Self::from_rgb(picture.to_rgb8(), dpi),
        }
    }
}

/// Luma after ITU-R BT.601, as in JPEG; a grey pixel keeps its value exactly.
fn gray_of(rgb: &RgbImage) -> GrayImage {
    let luma = |&[r, g, b]: &[u8; 3]| {
        ((u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114 + 500) / 1000) as u8
    };
    let data = rgb.as_raw().as_chunks::<3>().0.iter().map(luma).collect();
    ImageBuffer::from_raw(rgb.width(), rgb.height(), data).expect("one byte for each pixel")
}

fn is_coloured(rgb: &RgbImage) -> bool {
    let pixels = rgb.as_raw().as_chunks::<3>().0;
    let spread = |&&[r, g, b]: &&[u8; 3]| r.max(g).max(b) - r.min(g).min(b) > COLOUR_SPREAD;
    let needed = (pixels.len() / COLOURED_ONE_IN).max(1);
    pixels.iter().filter(spread).take(needed).count() == needed
}

fn on_white(rgba: &RgbaImage) -> RgbImage {
    let blend = |value: u8, alpha: u8| {
        let alpha = u32::from(alpha);
        ((u32::from(value) * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    let pixels = rgba.as_raw().as_chunks::<4>().0;
    let data = pixels.iter().flat_map(|&[r, g, b, a]| [r, g, b].map(|value| blend(value, a)));
    ImageBuffer::from_raw(rgba.width(), rgba.height(), data.collect()).expect("three bytes a pixel")
}

/// Stretches a picture whose pixels aren't square, as those of faxes (204 by 98 dpi): rows or
/// columns are repeated, nothing is blended. `across` and `down` are its resolutions.
pub(super) fn made_square(
    picture: DynamicImage,
    across: Option<f64>,
    down: Option<f64>,
) -> DynamicImage {
    let (Some(across), Some(down)) = (across, down) else { return picture };
    let ratio = across / down;
    let is_fax_like = |ratio: f64| (SQUARE_ENOUGH..MAX_STRETCH).contains(&ratio);
    let (width, height) = (picture.width(), picture.height());
    let (new_width, new_height) = if is_fax_like(ratio) {
        (width, (f64::from(height) * ratio).round() as u32)
    } else if is_fax_like(1.0 / ratio) {
        ((f64::from(width) / ratio).round() as u32, height)
    } else {
        return picture;
    };
    if check_size(new_width.into(), new_height.into()).is_err() {
        return picture;
    }
    picture.resize_exact(new_width, new_height, FilterType::Nearest)
}

/// The resolution of a picture of which the file may say `declared` dots per inch: that, if it
/// makes the page a size that paper has, else the one that makes it A4.
pub(super) fn resolution(declared: Option<f64>, width: u32, height: u32) -> u32 {
    let long_side = f64::from(width.max(height));
    let plausible =
        declared.filter(|&dpi| dpi > 0.0 && PLAUSIBLE_LONG_SIDE.contains(&(long_side / dpi)));
    plausible.unwrap_or(long_side / A4_LONG_SIDE_INCHES).round().max(1.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolution_is_the_declared_one_where_paper_can_be_that_large() {
        for (declared, width, height, dpi) in [
            (Some(300.0), 2480, 3508, 300),
            (Some(199.9), 1654, 2339, 200),
            (Some(72.0), 2480, 3508, 300), // a camera's 72 dpi would make it 1.2 m tall
            (None, 2480, 3508, 300),
            (Some(0.0), 3508, 2480, 300),
            (None, 1, 1, 1),
        ] {
            assert_eq!(resolution(declared, width, height), dpi, "{declared:?} {width}x{height}");
        }
    }

    #[test]
    fn colour_is_kept_only_where_there_is_some() {
        let mut rgb = RgbImage::from_pixel(100, 100, image::Rgb([250, 252, 248]));
        assert!(PageImage::from_rgb(rgb.clone(), 300).color.is_none());
        for x in 0..10 {
            rgb.put_pixel(x, 0, image::Rgb([200, 30, 30]));
        }
        let page = PageImage::from_rgb(rgb, 300);
        assert!(page.color.is_some());
        assert_eq!(page.gray.get_pixel(50, 50).0, [251]);
    }

    #[test]
    fn sizes_that_no_page_has_are_refused() {
        assert!(check_size(9921, 14031).is_ok());
        assert_eq!(check_size(1 << 30, 1 << 30).unwrap_err().kind(), ErrorKind::TooLarge);
        assert_eq!(check_size(0, 5).unwrap_err().kind(), ErrorKind::Damaged);
    }
}
