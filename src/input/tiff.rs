//! TIFF: several pages in one file, each with its own size, resolution and compression.

use std::io::{Read, Seek};

use tiff::decoder::Decoder;
use tiff::tags::{ResolutionUnit, Tag};

const CENTIMETRES_PER_INCH: f64 = 2.54;

/// Dots per inch as the current directory declares them (TIFF 6.0, XResolution and
/// ResolutionUnit); `None` if it doesn't, or only as a ratio without unit.
pub(super) fn declared_resolution<R: Read + Seek>(decoder: &mut Decoder<R>) -> Option<f64> {
    let resolution = f64::from(decoder.get_tag_f32(Tag::XResolution).ok()?);
    let unit = decoder.find_tag_unsigned::<u16>(Tag::ResolutionUnit).ok()?;
    match unit.map_or(Some(ResolutionUnit::Inch), ResolutionUnit::from_u16)? {
        ResolutionUnit::Inch => Some(resolution),
        ResolutionUnit::Centimeter => Some(resolution * CENTIMETRES_PER_INCH),
        _ => None,
    }
}
