//! PNG and JPEG: one picture, one page. The resolution comes from the file's own metadata, and a
//! photograph stands as its Exif orientation says.

use std::io::Cursor;

use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::{DynamicImage, ImageDecoder, ImageError, Limits};

use super::guard::guarded;
use super::kind::Kind;
use super::{PageImage, pixels};
use crate::error::{Error, ErrorKind, Result};
use crate::warning::{Warning, WarningCode};

/// What the decoder may allocate: the largest page at 4 channels, and as much again to work in.
const MAX_DECODER_BYTES: u64 = pixels::MAX_PIXELS * 8;
const METRES_PER_INCH: f64 = 0.0254;
const CENTIMETRES_PER_INCH: f64 = 2.54;

/// Decodes a PNG or JPEG file.
///
/// # Errors
/// [`ErrorKind::Damaged`] if it can't be decoded, [`ErrorKind::TooLarge`] if it has too many
/// pixels.
pub(super) fn read(kind: Kind, bytes: &[u8]) -> Result<(PageImage, Vec<Warning>)> {
    guarded("the picture", || match kind {
        Kind::Png => {
            let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits());
            Ok((decode(decoder.map_err(damaged)?, png_resolution(bytes))?, Vec::new()))
        }
        _ => {
            let mut decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
            let exif = decoder.exif_metadata().ok().flatten();
            let declared =
                jfif_resolution(bytes).or_else(|| exif.as_deref().and_then(exif_resolution));
            Ok((decode(decoder, declared)?, truncation_warning(bytes)))
        }
    })
}

fn decode(mut decoder: impl ImageDecoder, declared_dpi: Option<f64>) -> Result<PageImage> {
    let (width, height) = decoder.dimensions();
    pixels::check_size(width.into(), height.into())?;
    decoder.set_limits(limits()).map_err(damaged)?;
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    Ok(PageImage::from_dynamic(picture, pixels::resolution(declared_dpi, width, height)))
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    limits
}

fn damaged(error: ImageError) -> Error {
    let kind = match error {
        ImageError::Limits(_) => ErrorKind::TooLarge,
        ImageError::Unsupported(_) => ErrorKind::Unsupported,
        _ => ErrorKind::Damaged,
    };
    Error::new(kind, format!("cannot decode the picture: {error}"))
}

/// The JPEG decoder fills what is missing at the end with grey and says nothing.
fn truncation_warning(bytes: &[u8]) -> Vec<Warning> {
    if ends_its_scan(bytes) {
        return Vec::new();
    }
    let message = "the JPEG data end early; the lower part of the page may be missing";
    vec![Warning::new(WarningCode::ImageDamaged, message)]
}

/// Whether an end-of-image marker follows the start of the last scan.
pub(super) fn ends_its_scan(jpeg: &[u8]) -> bool {
    let last = |marker: [u8; 2]| jpeg.windows(2).rposition(|window| window == marker);
    match (last([0xFF, 0xDA]), last([0xFF, 0xD9])) {
        (Some(scan), Some(end)) => end > scan,
        _ => false,
    }
}

/// The `pHYs` chunk of a PNG (W3C PNG, 11.3.4.3): pixels per metre.
fn png_resolution(bytes: &[u8]) -> Option<f64> {
    const SIGNATURE_LENGTH: usize = 8;
    const HEADER_AND_CHECKSUM: usize = 12;
    let mut rest = bytes.get(SIGNATURE_LENGTH..)?;
    loop {
        let (length, kind) = (be_u32(rest, 0)? as usize, rest.get(4..8)?);
        match kind {
            b"pHYs" => {
                let is_per_metre = *rest.get(16)? == 1;
                return is_per_metre.then_some(f64::from(be_u32(rest, 8)?) * METRES_PER_INCH);
            }
            b"IDAT" => return None,
            _ => rest = rest.get(length.checked_add(HEADER_AND_CHECKSUM)?..)?,
        }
    }
}

/// The density in the JFIF header (JFIF 1.02), which comes first in the file if at all.
fn jfif_resolution(bytes: &[u8]) -> Option<f64> {
    if bytes.get(6..11)? != b"JFIF\0" {
        return None;
    }
    let density = f64::from(u16::from_be_bytes([*bytes.get(14)?, *bytes.get(15)?]));
    match *bytes.get(13)? {
        1 => Some(density),
        2 => Some(density * CENTIMETRES_PER_INCH),
        _ => None,
    }
}

/// XResolution (tag 282) and ResolutionUnit (296) of an Exif block, which is a small TIFF file.
fn exif_resolution(exif: &[u8]) -> Option<f64> {
    let mut decoder = tiff::decoder::Decoder::new(Cursor::new(exif)).ok()?;
    super::tiff::declared_resolutions(&mut decoder).map(|(across, _)| across)
}

fn be_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
