//! TIFF: several pages in one file, each with its own size, resolution and compression.
//!
//! The `tiff` crate reads the directories and decodes all compressions but the fax ones: those go
//! to `hayro-ccitt` (see `fax`). Each page is opened through a view of the file whose header
//! points at that page's directory, so that a damaged page doesn't bar the way to the next.

mod directory;
mod fax;
mod samples;

use std::io::{Read, Seek};

use image::metadata::Orientation;
use tiff::TiffError;
use tiff::decoder::ifd::Value;
use tiff::decoder::{Decoder, Limits};
use tiff::tags::{CompressionMethod, PhotometricInterpretation, ResolutionUnit, Tag};

use self::directory::SinglePage;
use super::guard::guarded;
use super::{PageImage, pixels};
use crate::error::{Error, ErrorKind, Result};
use crate::warning::Warning;

const CENTIMETRES_PER_INCH: f64 = 2.54;
/// The largest page in 16-bit RGB.
const MAX_DECODED_BYTES: usize = pixels::MAX_PIXELS as usize * 6;
/// The largest list of strips or tiles: a strip for every row of a tall page, 8 bytes each.
const MAX_TAG_BYTES: usize = 1 << 20;

/// A TIFF file: its bytes, and where the directory of each page starts.
pub(super) struct TiffFile {
    bytes: Vec<u8>,
    directories: Vec<u64>,
}

impl TiffFile {
    /// # Errors
    /// [`ErrorKind::Damaged`] if the file doesn't lead to a single page.
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self> {
        let directories = directory::pages(&bytes);
        if directories.is_empty() {
            let message = "cannot read the TIFF: its header leads to no page";
            return Err(Error::new(ErrorKind::Damaged, message)
                .hint("if the file was cut short, fetch it again"));
        }
        Ok(Self { bytes, directories })
    }

    pub(super) fn page_count(&self) -> u32 {
        self.directories.len() as u32
    }

    /// Reads one page (1-based).
    pub(super) fn page(&self, number: u32) -> Result<(PageImage, Vec<Warning>)> {
        let directory = self.directories[number as usize - 1];
        guarded("the page", || read_page(&self.bytes, directory))
    }
}

fn read_page(bytes: &[u8], directory: u64) -> Result<(PageImage, Vec<Warning>)> {
    let mut decoder = open(SinglePage::new(bytes, directory))?;
    let photometric = decoder.find_tag_unsigned(Tag::PhotometricInterpretation).map_err(damaged)?;
    let is_palette = photometric == Some(PhotometricInterpretation::RGBPalette.to_u16());
    if is_palette {
        // The crate decodes no indices into a palette, but grey levels, which are coded alike.
        let grey = PhotometricInterpretation::BlackIsZero.to_u16();
        let page = SinglePage::new(bytes, directory);
        decoder = open(page.with_short(Tag::PhotometricInterpretation.to_u16(), grey))?;
    }
    let (width, height) = decoder.dimensions().map_err(damaged)?;
    pixels::check_size(width.into(), height.into())?;
    let compression = decoder.find_tag_unsigned::<u16>(Tag::Compression).map_err(damaged)?;
    let compression = CompressionMethod::from_u16_exhaustive(compression.unwrap_or(1));
    let (picture, warnings) = match fax::Encoding::of(compression, &mut decoder)? {
        Some(encoding) => fax::read(bytes, &mut decoder, encoding)?,
        None => (samples::read(&mut decoder, is_palette)?, Vec::new()),
    };
    let (across, down) = declared_resolutions(&mut decoder).unzip();
    let mut picture = pixels::made_square(picture, across, down);
    let orientation = decoder.find_tag_unsigned::<u8>(Tag::Orientation).ok().flatten();
    if let Some(orientation) = orientation.and_then(Orientation::from_exif) {
        picture.apply_orientation(orientation);
    }
    let declared = across.zip(down).map(|(across, down): (f64, f64)| across.max(down));
    let dpi = pixels::resolution(declared, picture.width(), picture.height());
    Ok((PageImage::from_dynamic(picture, dpi), warnings))
}

fn open(page: SinglePage<'_>) -> Result<Decoder<SinglePage<'_>>> {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MAX_DECODED_BYTES;
    limits.intermediate_buffer_size = MAX_DECODED_BYTES;
    limits.ifd_value_size = MAX_TAG_BYTES;
    Ok(Decoder::new(page).map_err(damaged)?.with_limits(limits))
}

/// Dots per inch across and down as the current directory declares them (TIFF 6.0, XResolution,
/// YResolution and ResolutionUnit); `None` if it doesn't, or only as a ratio without unit.
pub(super) fn declared_resolutions<R: Read + Seek>(decoder: &mut Decoder<R>) -> Option<(f64, f64)> {
    let mut ratio = |tag| match decoder.find_tag(tag) {
        Ok(Some(Value::Rational(number, divisor))) if divisor > 0 => {
            Some(f64::from(number) / f64::from(divisor))
        }
        Ok(Some(Value::Float(number))) => Some(f64::from(number)),
        _ => None,
    };
    let across = ratio(Tag::XResolution)?;
    let down = ratio(Tag::YResolution).unwrap_or(across);
    let unit = decoder.find_tag_unsigned::<u16>(Tag::ResolutionUnit).ok()?;
    let factor = match unit.map_or(Some(ResolutionUnit::Inch), ResolutionUnit::from_u16)? {
        ResolutionUnit::Inch => 1.0,
        ResolutionUnit::Centimeter => CENTIMETRES_PER_INCH,
        _ => return None,
    };
    Some((across * factor, down * factor))
}

fn damaged(error: TiffError) -> Error {
    let kind = match error {
        TiffError::LimitsExceeded => ErrorKind::TooLarge,
        TiffError::UnsupportedError(_) => ErrorKind::Unsupported,
        _ => ErrorKind::Damaged,
    };
    Error::new(kind, format!("cannot decode the TIFF page: {error}"))
}
