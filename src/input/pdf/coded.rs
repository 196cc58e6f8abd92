//! The sizes that images and their coded data claim, read before anything is decoded: the decoders
//! take what memory they are told.
//!
//! The data of an image may be coded as a picture within its packings (ISO 32000-1, 7.4): its own
//! header then decides its size, whatever the dictionary says. Headers are walked as the decoders
//! walk them, so that no second header can hide behind the first.

use std::borrow::Cow;
use std::io::Read;

use hayro::hayro_interpret::hayro_syntax::object::Stream;

use super::limits::{self, Extent};
use crate::error::Result;
use crate::input::pixels::check_size;

/// Types of JBIG2 segments (ITU-T T.88, 7.3).
const PAGE_INFORMATION: u8 = 48;
const REGIONS: [u8; 12] = [4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43];
/// What a length or height is that isn't known yet.
const UNKNOWN: u32 = u32::MAX;
/// Where the fields of a JPEG 2000 size marker stand, from the start of the code stream
/// (ISO 15444-1, A.5.1).
const JPX_WIDTH: usize = 8;
const JPX_COMPONENTS: usize = 40;
/// Components that a picture has without being larger than its pixels: colour and transparency.
const USUAL_COMPONENTS: u32 = 4;

/// Checks the sizes that an image, its masks and its coded data claim.
///
/// # Errors
/// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge), or
/// [`ErrorKind::Damaged`](crate::ErrorKind::Damaged) for an image without pixels.
pub(super) fn check_image(stream: &Stream<'_>) -> Result<()> {
    check_one_image(stream)?;
    for key in [b"SMask".as_slice(), b"Mask"] {
        if let Some(mask) = stream.dict().get::<Stream<'_>>(key) {
            check_one_image(&mask)?;
        }
    }
    Ok(())
}

fn check_one_image(stream: &Stream<'_>) -> Result<()> {
    let dict = stream.dict();
    let number = |short: &[u8], long: &[u8]| {
        dict.get::<u32>(short).or_else(|| dict.get::<u32>(long)).unwrap_or(0).into()
    };
    let (width, height) = (number(b"W", b"Width"), number(b"H", b"Height"));
    check_size(width, height)?;
    for parameters in limits::decode_parameters(dict) {
        if let Some(columns) = parameters.get::<u32>(b"Columns".as_slice()) {
            check_size(u64::from(columns).max(1), height)?;
        }
    }
    let (packed, packings) = (stream.raw_data(), limits::packings_of(dict));
    if !packings.is_empty() && limits::check_packed(&packed, &packings)? == Extent::Unknown {
        return Err(limits::damaged_stream());
    }
    let coding = limits::filters_of(dict).get(packings.len()).map(|name| name.to_vec());
    let data = || {
        if packings.is_empty() {
            return Cow::Borrowed(&*packed);
        }
        let mut unpacked = Vec::new();
        // Damaged data count as far as they can be unpacked.
        let _ = limits::unpacking(&packed, &packings).read_to_end(&mut unpacked);
        Cow::Owned(unpacked)
    };
    match coding.as_deref() {
        Some(b"JPXDecode") => jpx_sizes(&data()),
        Some(b"JBIG2Decode") => jbig2_sizes(&data()),
        _ => Vec::new(),
    }
    .into_iter()
    .try_for_each(|(width, height)| check_size(width.into(), height.into()))
}

/// Width and height of each code stream of a JPEG 2000 picture; more for each if it has more
/// components than pixels need.
fn jpx_sizes(data: &[u8]) -> Vec<(u32, u32)> {
    let of_stream = |stream: &[u8]| {
        let (width, height) = (be_u32(stream, JPX_WIDTH)?, be_u32(stream, JPX_WIDTH + 4)?);
        let components = stream.get(JPX_COMPONENTS..JPX_COMPONENTS + 2);
        let components = components.map_or(1, |c| u32::from(c[0]) << 8 | u32::from(c[1]));
        Some((width, height.saturating_mul(components.div_ceil(USUAL_COMPONENTS))))
    };
    if data.starts_with(&[0xFF, 0x4F]) {
        return of_stream(data).into_iter().collect();
    }
    // Boxes (I.4): length, type, content; 0 is all the rest, 1 a longer length after the type.
    let mut sizes = Vec::new();
    let mut rest = data;
    while let (Some(length), Some(kind)) = (be_u32(rest, 0), rest.get(4..8)) {
        let (header, length) = match length {
            0 => (8, rest.len()),
            1 => (16, be_u32(rest, 12).map_or(0, |length| length as usize)),
            length => (8, length as usize),
        };
        let length = length.clamp(header, rest.len().max(header));
        if kind == b"jp2c" {
            sizes.extend(rest.get(header..length).and_then(of_stream));
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    sizes
}

/// Width and height of the pages and regions of an embedded JBIG2 stream (T.88, 7.2, 7.4.1 and
/// 7.4.8), as far as they are known.
fn jbig2_sizes(data: &[u8]) -> Vec<(u32, u32)> {
    let mut sizes = Vec::new();
    let mut rest = data;
    while let Some((kind, length, content)) = jbig2_segment(rest) {
        if kind == PAGE_INFORMATION || REGIONS.contains(&kind) {
            let size = be_u32(content, 0).zip(be_u32(content, 4));
            sizes.extend(size.map(|(width, height)| match height {
                UNKNOWN => (width, 1),
                height => (width, height),
            }));
        }
        rest = match length {
            // Only its end marker tells where the segment ends; what follows is found by trying.
            UNKNOWN => next_after_marker(content),
            length => content.get(length as usize..).unwrap_or_default(),
        };
    }
    sizes.retain(|&(width, height)| width > 0 && height > 0);
    sizes
}

/// Type, length and the rest of the data from the content on, of the segment at their start.
fn jbig2_segment(data: &[u8]) -> Option<(u8, u32, &[u8])> {
    let (number, flags, count) = (be_u32(data, 0)?, *data.get(4)?, *data.get(5)?);
    let (count, retention_bytes) = match count >> 5 {
        7 => {
            let count = (be_u32(data, 5)? & 0x1FFF_FFFF) as usize;
            (count, 4 + (count + 1).div_ceil(8))
        }
        count => (count.into(), 1),
    };
    let number_bytes = match number {
        0..=256 => 1,
        257..=65536 => 2,
        _ => 4,
    };
    let page_bytes = if flags & 0x40 == 0 { 1 } else { 4 };
    let at = 5 + retention_bytes + count * number_bytes + page_bytes;
    Some((flags & 0x3F, be_u32(data, at)?, data.get(at + 4..)?))
}

/// What follows a generic region of unknown length (7.4.6.4): its flags tell which two bytes end
/// it, then comes its row count.
fn next_after_marker(content: &[u8]) -> &[u8] {
    const REGION_INFORMATION: usize = 17;
    const ROW_COUNT: usize = 4;
    let Some(&flags) = content.get(REGION_INFORMATION) else { return &[] };
    // The coordinates that follow the flags may look like a marker.
    let (marker, coordinates) = match (flags & 1, flags & 0b110, flags & 0b1_0000) {
        (1, ..) => ([0, 0], 0),
        (_, 0, 0) => ([0xFF, 0xAC], 8),
        (_, 0, _) => ([0xFF, 0xAC], 24),
        _ => ([0xFF, 0xAC], 2),
    };
    let body = content.get(REGION_INFORMATION + 1 + coordinates..).unwrap_or_default();
    let end = body.windows(2).position(|window| window == marker);
    end.and_then(|at| body.get(at + 2 + ROW_COUNT..)).unwrap_or_default()
}

fn be_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
