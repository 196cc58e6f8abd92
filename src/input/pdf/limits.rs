//! Refuses PDF files and images that would unpack into more memory than any page needs: `hayro`
//! unpacks whatever it is given, and memory that can't be had ends the program.

use std::io::{self, Read};
use std::sync::LazyLock;

use hayro::hayro_interpret::hayro_syntax::object::{Dict, Object, Stream};
use regex::bytes::Regex;

use super::packing::{Packing, is_zlib};
use crate::error::{Error, ErrorKind, Result};
use crate::input::pixels::{MAX_PIXELS, check_size};

/// The most that a single stream may unpack into: the largest page picture in RGB.
const MAX_UNPACKED: u64 = MAX_PIXELS * 3;
/// Data packed more often than this were made to be a bomb.
const MAX_LAYERS: usize = 4;
/// A stream's dictionary lies in so many bytes before it.
const LONGEST_ENTRIES: usize = 4096;
/// The widest row that a predictor is told of; wider than any page picture.
const MAX_COLUMNS: u64 = MAX_PIXELS;
/// A JBIG2 stream in a PDF starts with its page information, if not with a few small segments.
const JBIG2_PROBE_BYTES: usize = 4096;

static STREAM_START: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u)stream\r?\n").expect("the pattern is well formed"));
/// Also under a name that is written with escapes, whatever it is.
static WIDE_ROWS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)/(?:Columns|[^\s/<>()\[\]]*#[^\s/<>()\[\]]*)\s+(\d+)")
        .expect("the pattern is well formed")
});

/// Looks through the bytes of a file for streams that unpack into too much. Only those that could
/// are unpacked to see; nothing is kept.
///
/// # Errors
/// [`ErrorKind::TooLarge`].
pub(super) fn check_file(bytes: &[u8]) -> Result<()> {
    for found in WIDE_ROWS.captures_iter(bytes) {
        let columns = std::str::from_utf8(&found[1]).ok().and_then(|digits| digits.parse().ok());
        if columns.is_none_or(|columns: u64| columns > MAX_COLUMNS) {
            let message = "the PDF claims rows of more pixels than a page has";
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
    }
    let starts: Vec<usize> = STREAM_START.find_iter(bytes).map(|found| found.end()).collect();
    // The "stream" of "endstream" starts what lies between two streams: short, and no harm.
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    starts.iter().zip(ends).try_for_each(|(&start, end)| {
        let before = &bytes[start.saturating_sub(LONGEST_ENTRIES)..start];
        let entries = before.windows(3).rposition(|window| window == b"obj").unwrap_or(0);
        check_packed(&bytes[start..end], Packing::named_in(&before[entries..]))
    })
}

/// Checks data that are packed in these ways, outermost first; or in one that isn't named, where
/// the dictionary has it elsewhere.
fn check_packed(data: &[u8], mut packings: Vec<Packing>) -> Result<()> {
    if packings.is_empty() {
        packings.push(Packing::Deflate);
    }
    let unpacking = |packings: &[Packing]| {
        packings.iter().fold(Box::new(data) as Box<dyn Read>, |inner, layer| layer.unpacking(inner))
    };
    let mut bound = data.len() as u64;
    let mut checked = 0;
    while checked < packings.len() {
        if checked == MAX_LAYERS {
            return Err(bomb());
        }
        bound = bound.saturating_mul(packings[checked].highest_ratio());
        checked += 1;
        if bound > MAX_UNPACKED {
            let mut reader = unpacking(&packings[..checked]).take(MAX_UNPACKED + 1);
            // Damaged data count as far as they can be unpacked.
            let unpacked = io::copy(&mut reader, &mut io::sink());
            if unpacked.is_ok_and(|bytes| bytes > MAX_UNPACKED) {
                return Err(bomb());
            }
        }
        let mut head = [0; 2];
        let is_packed_again = checked == packings.len()
            && unpacking(&packings).read_exact(&mut head).is_ok()
            && is_zlib(&head);
        if is_packed_again {
            packings.push(Packing::Deflate);
        }
    }
    Ok(())
}

fn bomb() -> Error {
    let megabytes = MAX_UNPACKED / 1_000_000;
    let message = format!("a stream of the PDF unpacks into more than {megabytes} MB");
    Error::new(ErrorKind::TooLarge, message)
}

/// Checks the sizes that an image, its masks and its coded data claim, before it is decoded.
///
/// # Errors
/// [`ErrorKind::TooLarge`], or [`ErrorKind::Damaged`] for an image without pixels.
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
    for parameters in decode_parameters(dict) {
        if let Some(columns) = parameters.get::<u32>(b"Columns".as_slice()) {
            check_size(u64::from(columns).max(1), height)?;
        }
    }
    let data = stream.raw_data();
    match jpx_size(&data).or_else(|| jbig2_size(&data)) {
        Some((width, height)) => check_size(width.into(), height.into()),
        None => Ok(()),
    }
}

fn decode_parameters<'a>(dict: &Dict<'a>) -> Vec<Dict<'a>> {
    let keys = [b"DecodeParms".as_slice(), b"DP"];
    match keys.iter().find_map(|key| dict.get::<Object<'_>>(*key)) {
        Some(Object::Dict(parameters)) => vec![parameters],
        Some(Object::Array(list)) => list.iter::<Dict<'_>>().collect(),
        _ => Vec::new(),
    }
}

/// Width and height in the SIZ marker of a JPEG 2000 code stream (ISO 15444-1, A.5.1).
fn jpx_size(data: &[u8]) -> Option<(u32, u32)> {
    let is_jpx = data.starts_with(b"\0\0\0\x0CjP  ") || data.starts_with(&[0xFF, 0x4F]);
    let start = data.windows(4).position(|window| window == [0xFF, 0x4F, 0xFF, 0x51])?;
    is_jpx.then_some((be_u32(data, start + 8)?, be_u32(data, start + 12)?))
}

/// Width and height in the page information segment of an embedded JBIG2 stream (ITU-T T.88, 7.2
/// and 7.4.8): type 48, refers to nothing, 19 bytes long. The height may be left open.
fn jbig2_size(data: &[u8]) -> Option<(u32, u32)> {
    let probe = &data[..data.len().min(JBIG2_PROBE_BYTES)];
    let is_page_information = |window: &[u8]| matches!(window, [0, 0, _, _, kind, 0, _, 0, 0, 0, 19] if kind & 0x3F == 48);
    let at = probe.windows(11).position(is_page_information)? + 11;
    let (width, height) = (be_u32(data, at)?, be_u32(data, at + 4)?);
    (height != u32::MAX).then_some((width, height))
}

fn be_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
