//! Fax compressions in TIFF: CCITT Group 3 (one- and two-dimensional), its modified form, Group 4.
//!
//! Decoded by `hayro-ccitt`, which the PDF reader uses anyway: the `tiff` crate knows only Group 4,
//! takes no heed of the bit order, and stops a page at the first damaged line.

use std::io::{Read, Seek};

use hayro_ccitt::{DecodeSettings, DecoderContext, EncodingMode};
use image::{DynamicImage, GrayImage};
use tiff::decoder::Decoder;
use tiff::tags::{CompressionMethod, Tag};

use super::damaged;
use crate::error::{Error, ErrorKind, Result};
use crate::warning::{Warning, WarningCode};

/// Numbers of TIFF 6.0: T4Options, FillOrder, PhotometricInterpretation.
const T4_TWO_DIMENSIONAL: u32 = 1;
const T4_BYTE_ALIGNED_LINES: u32 = 4;
const LOW_BIT_FIRST: u16 = 2;
const BLACK_IS_ZERO: u16 = 1;

/// How the lines of a page are coded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Encoding {
    mode: EncodingMode,
    lines_are_byte_aligned: bool,
    has_line_ends: bool,
}

impl Encoding {
    /// `None` if the compression is no fax one.
    pub(super) fn of<R: Read + Seek>(
        compression: CompressionMethod,
        decoder: &mut Decoder<R>,
    ) -> Result<Option<Self>> {
        let (mode, lines_are_byte_aligned, has_line_ends) = match compression {
            CompressionMethod::Huffman => (EncodingMode::Group3_1D, true, false),
            CompressionMethod::Fax3 => {
                // T4Options, tag 292.
                let options =
                    decoder.find_tag_unsigned::<u32>(Tag::Unknown(292)).map_err(damaged)?;
                let options = options.unwrap_or(0);
                let mode = match options & T4_TWO_DIMENSIONAL {
                    0 => EncodingMode::Group3_1D,
                    _ => EncodingMode::Group3_2D,
                };
                (mode, options & T4_BYTE_ALIGNED_LINES != 0, true)
            }
            CompressionMethod::Fax4 => (EncodingMode::Group4, false, false),
            _ => return Ok(None),
        };
        Ok(Some(Self { mode, lines_are_byte_aligned, has_line_ends }))
    }
}

/// Decodes the strips of the current page of `file`. What is damaged or missing stays white, with a
/// warning.
pub(super) fn read<R: Read + Seek>(
    file: &[u8],
    decoder: &mut Decoder<R>,
    encoding: Encoding,
) -> Result<(DynamicImage, Vec<Warning>)> {
    let (width, height) = decoder.dimensions().map_err(damaged)?;
    let strips = strips(file, decoder)?;
    let is_reversed = tag(decoder, Tag::FillOrder, 1)? == LOW_BIT_FIRST;
    let zero_is_black = tag(decoder, Tag::PhotometricInterpretation, 0)? == BLACK_IS_ZERO;
    let rows_per_strip = decoder.find_tag_unsigned::<u32>(Tag::RowsPerStrip).map_err(damaged)?;
    let rows_per_strip = rows_per_strip.unwrap_or(height).clamp(1, height);
    let mut page = Page { width: width as usize, rows: Vec::new() };
    let mut is_whole = true;
    for (index, strip) in strips.into_iter().enumerate() {
        let first_row = index as u64 * u64::from(rows_per_strip);
        if first_row >= u64::from(height) {
            break;
        }
        let rows = rows_per_strip.min(height - first_row as u32);
        page.rows.resize(first_row as usize * page.width, 255);
        let settings = DecodeSettings {
            columns: width,
            rows,
            end_of_block: true,
            end_of_line: encoding.has_line_ends,
            rows_are_byte_aligned: encoding.lines_are_byte_aligned,
            encoding: encoding.mode,
            strict: false,
        };
        let reversed: Vec<u8>;
        let data = if is_reversed {
            reversed = strip.iter().map(|byte| byte.reverse_bits()).collect();
            &reversed
        } else {
            strip
        };
        is_whole &=
            hayro_ccitt::decode(data, &mut page, &mut DecoderContext::new(settings)).is_ok();
    }
    is_whole &= page.rows.len() == page.width * height as usize;
    if page.rows.is_empty() {
        let message = "cannot decode the fax data: found not one readable line";
        return Err(Error::new(ErrorKind::Damaged, message));
    }
    page.rows.resize(page.width * height as usize, 255);
    if zero_is_black {
        page.rows.iter_mut().for_each(|pixel| *pixel = !*pixel);
    }
    let gray = GrayImage::from_raw(width, height, page.rows).expect("one byte for each pixel");
    let warnings = (!is_whole).then(|| {
        let message = "part of the fax data is damaged or missing and was left white";
        Warning::new(WarningCode::ImageDamaged, message)
    });
    Ok((DynamicImage::ImageLuma8(gray), warnings.into_iter().collect()))
}

fn tag<R: Read + Seek>(decoder: &mut Decoder<R>, tag: Tag, default: u16) -> Result<u16> {
    Ok(decoder.find_tag_unsigned(tag).map_err(damaged)?.unwrap_or(default))
}

/// The compressed strips, as far as the file holds them.
fn strips<'a, R: Read + Seek>(file: &'a [u8], decoder: &mut Decoder<R>) -> Result<Vec<&'a [u8]>> {
    let offsets = decoder.find_tag_unsigned_vec::<u64>(Tag::StripOffsets).map_err(damaged)?;
    let sizes = decoder.find_tag_unsigned_vec::<u64>(Tag::StripByteCounts).map_err(damaged)?;
    let Some(offsets) = offsets else {
        let message = "cannot decode the TIFF page: found fax data in tiles, expected strips";
        return Err(Error::new(ErrorKind::Unsupported, message).hint("convert it with tiffcp -s"));
    };
    // Old writers leave out the sizes of a single strip: it then goes on to the end of the file.
    let sizes = sizes.unwrap_or_else(|| vec![u64::MAX; offsets.len()]);
    let strip = |(offset, size): (u64, u64)| {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(file.len());
        let end = usize::try_from(offset.saturating_add(size)).unwrap_or(usize::MAX);
        &file[start..end.clamp(start, file.len())]
    };
    Ok(offsets.into_iter().zip(sizes).map(strip).collect())
}

/// Rows decoded so far, one byte a pixel, white 255.
struct Page {
    width: usize,
    rows: Vec<u8>,
}

impl hayro_ccitt::Decoder for Page {
    fn push_row(&mut self, changes: &[u32]) {
        let start = self.rows.len();
        self.rows.resize(start + self.width, 255);
        let row = &mut self.rows[start..];
        for run in changes.chunks(2) {
            let end = run.get(1).map_or(self.width, |&end| end as usize);
            row[run[0] as usize..end].fill(0);
        }
    }
}
