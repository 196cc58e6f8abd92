//! A page picture made ready for the recogniser: upright, level, of the resolution that reads
//! best; and the way back to the file's pixels.
//!
//! Which steps are here is decided by measurement on real scans: docs/accuracy-ocr.md.

mod filter;
mod ink;
mod orientation;
mod placement;

use std::borrow::Cow;

use image::{GrayImage, imageops};

use crate::input::PageImage;

pub use filter::{reduced, softened};
pub use ink::InkMap;
pub use orientation::{Pose, Poses, find_poses};
pub use placement::Placement;

/// Lines that slope by less are left: turning a picture blurs it.
const LEAST_SKEW_DEGREES: f32 = 0.3;

/// Above this resolution a picture is reduced to [`READING_DPI`]: the network sees lines of 36
/// pixels anyway, and an even reduction keeps the marks over the vowels better than its own.
const HIGH_DPI: u32 = 250;

const READING_DPI: u32 = 200;

/// A page standing upright and level, and where it came from.
pub struct Upright<'a> {
    /// At the file's resolution.
    pub picture: Cow<'a, GrayImage>,
    pub dpi: u32,
    pub placement: Placement,
}

/// Turns a page upright and levels its lines.
pub fn upright(image: &PageImage, pose: Pose) -> Upright<'_> {
    let skew = if pose.skew.abs() < LEAST_SKEW_DEGREES { 0.0 } else { pose.skew };
    let (width, height) = image.gray.dimensions();
    let placement = Placement::new(width, height, pose.rotation, skew);
    let mut picture = Cow::Borrowed(&image.gray);
    match pose.rotation {
        90 => picture = Cow::Owned(imageops::rotate90(&image.gray)),
        180 => picture = Cow::Owned(imageops::rotate180(&image.gray)),
        270 => picture = Cow::Owned(imageops::rotate270(&image.gray)),
        _ => {}
    }
    if skew != 0.0 {
        picture = Cow::Owned(filter::levelled(&picture, &placement));
    }
    Upright { picture, dpi: image.dpi, placement }
}

/// A picture for the reading of a whole page, with its share of the original's resolution.
pub struct Reading {
    pub picture: GrayImage,
    pub dpi: u32,
    /// Pixels of the original for one pixel of `picture`.
    pub scale: f32,
}

/// Reduces a page to the resolution that reads best, and softens the stairs of bitonal ones.
pub fn for_reading(page: &Upright) -> Reading {
    let bitonal = filter::is_bitonal(&page.picture);
    let (mut picture, mut dpi, mut scale) = (Cow::Borrowed(&*page.picture), page.dpi, 1.0);
    if page.dpi > HIGH_DPI {
        let reduced = filter::reduced(&picture, READING_DPI as f32 / page.dpi as f32);
        scale = picture.width() as f32 / reduced.width() as f32;
        (picture, dpi) = (Cow::Owned(reduced), READING_DPI);
    }
    if bitonal {
        picture = Cow::Owned(filter::softened(&picture));
    }
    Reading { picture: picture.into_owned(), dpi, scale }
}
