//! Samples of a TIFF page, as the `tiff` crate decodes them, to grey or RGB pixels.

use std::io::{Read, Seek};

use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;

use super::damaged;
use crate::error::{Error, ErrorKind, Result};

/// Decodes the current page: bilevel, grey, RGB, YCbCr or CMYK; or, if `is_palette`, grey levels
/// that stand for the colours of the page's palette.
///
/// # Errors
/// [`ErrorKind::Unsupported`] for other kinds of samples and unknown compressions.
pub(super) fn read<R: Read + Seek>(
    decoder: &mut Decoder<R>,
    is_palette: bool,
) -> Result<DynamicImage> {
    let (width, height) = decoder.dimensions().map_err(damaged)?;
    let color = decoder.colortype().map_err(damaged)?;
    let palette = match is_palette {
        true => decoder.get_tag_u16_vec(Tag::ColorMap).map_err(damaged)?,
        false => Vec::new(),
    };
    let mut samples = DecodingResult::U8(Vec::new());
    decoder.read_image_to_buffer(&mut samples).map_err(damaged)?;
    let samples = match samples {
        DecodingResult::U8(bytes) => bytes,
        // The high byte is all that 8-bit pixels keep.
        DecodingResult::U16(words) => words.into_iter().map(|word| (word >> 8) as u8).collect(),
        _ => return Err(unsupported(color)),
    };
    let picture = match color {
        ColorType::Gray(bits @ (1 | 2 | 4 | 8)) if is_palette => {
            let indices = unpacked(&samples, width, bits);
            let rgb = indices.flat_map(|index| palette_color(&palette, index)).collect();
            RgbImage::from_raw(width, height, rgb).map(DynamicImage::ImageRgb8)
        }
        ColorType::Gray(bits @ (1 | 2 | 4)) => {
            let widen = 255 / ((1u16 << bits) - 1) as u8;
            let gray = unpacked(&samples, width, bits).map(|value| value * widen).collect();
            GrayImage::from_raw(width, height, gray).map(DynamicImage::ImageLuma8)
        }
        ColorType::Gray(8 | 16) => {
            GrayImage::from_raw(width, height, samples).map(DynamicImage::ImageLuma8)
        }
        ColorType::GrayA(8 | 16) => {
            GrayAlphaImage::from_raw(width, height, samples).map(DynamicImage::ImageLumaA8)
        }
        ColorType::RGB(8 | 16) => {
            RgbImage::from_raw(width, height, samples).map(DynamicImage::ImageRgb8)
        }
        ColorType::RGBA(8 | 16) => {
            RgbaImage::from_raw(width, height, samples).map(DynamicImage::ImageRgba8)
        }
        ColorType::YCbCr(8) => converted(&samples, width, height, rgb_of_ycbcr),
        ColorType::CMYK(8 | 16) => converted(&samples, width, height, rgb_of_cmyk),
        _ => return Err(unsupported(color)),
    };
    picture.ok_or_else(|| Error::new(ErrorKind::Damaged, "the TIFF page has too few samples"))
}

fn unsupported(color: ColorType) -> Error {
    let message = format!("cannot read TIFF samples of kind {color:?}, expected grey or RGB");
    Error::new(ErrorKind::Unsupported, message).hint("convert it with tiff2rgba")
}

/// Samples of `bits` bits, packed into bytes from the high bit on, each row starting anew.
fn unpacked(bytes: &[u8], width: u32, bits: u8) -> impl Iterator<Item = u8> {
    let (width, bits) = (width as usize, usize::from(bits));
    let row_bytes = (width * bits).div_ceil(8);
    let mask = (1u16 << bits) - 1;
    let sample = move |row: &[u8], x: usize| {
        let bit = x * bits;
        (u16::from(row[bit / 8]) >> (8 - bits - bit % 8) & mask) as u8
    };
    bytes.chunks_exact(row_bytes).flat_map(move |row| (0..width).map(move |x| sample(row, x)))
}

/// TIFF 6.0, ColorMap: all reds, then all greens, then all blues, 16 bits each.
fn palette_color(palette: &[u16], index: u8) -> [u8; 3] {
    let size = palette.len() / 3;
    [0, 1, 2].map(|channel| {
        let value = palette.get(channel * size + usize::from(index)).copied().unwrap_or(0);
        (value >> 8) as u8
    })
}

fn converted<const N: usize>(
    samples: &[u8],
    width: u32,
    height: u32,
    rgb_of: fn(&[u8; N]) -> [u8; 3],
) -> Option<DynamicImage> {
    let rgb = samples.as_chunks::<N>().0.iter().flat_map(rgb_of).collect();
    RgbImage::from_raw(width, height, rgb).map(DynamicImage::ImageRgb8)
}

/// ITU-R BT.601 with full range, as in JPEG.
fn rgb_of_ycbcr(&[y, cb, cr]: &[u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    [y + 1.402 * cr, y - 0.344_14 * cb - 0.714_14 * cr, y + 1.772 * cb]
        .map(|value| value.round() as u8)
}

fn rgb_of_cmyk(&[c, m, y, k]: &[u8; 4]) -> [u8; 3] {
    [c, m, y].map(|ink| (u16::from(255 - ink) * u16::from(255 - k) / 255) as u8)
}
