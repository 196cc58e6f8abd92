//! Small files for tests, written by hand so that each byte of them can be bent.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, RgbImage};

/// A PDF in the making: objects as given, then a right table and trailer.
pub struct Pdf {
    bytes: Vec<u8>,
    offsets: Vec<(u32, usize)>,
    trailer: String,
}

impl Pdf {
    pub fn new() -> Self {
        Self { bytes: b"%PDF-1.7\n".to_vec(), offsets: Vec::new(), trailer: String::new() }
    }

    /// One page of 500 by 700 points as objects 1 to 4, with more `entries` and this content.
    pub fn with_page(entries: &str, content: &str) -> Self {
        let mut pdf = Self::new();
        pdf.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
        pdf.object(2, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>");
        let page = "/Type /Page /Parent 2 0 R /MediaBox [0 0 500 700] /Contents 4 0 R";
        pdf.object(3, &format!("<< {page} {entries} >>"));
        pdf.stream(4, "", content.as_bytes());
        pdf
    }

    pub fn object(&mut self, number: u32, body: &str) {
        self.offsets.push((number, self.bytes.len()));
        write!(self.bytes, "{number} 0 obj\n{body}\nendobj\n").unwrap();
    }

    pub fn stream(&mut self, number: u32, entries: &str, data: &[u8]) {
        self.offsets.push((number, self.bytes.len()));
        let length = data.len();
        write!(self.bytes, "{number} 0 obj\n<< {entries} /Length {length} >>\nstream\n").unwrap();
        self.bytes.extend_from_slice(data);
        self.bytes.extend_from_slice(b"\nendstream\nendobj\n");
    }

    /// More entries of the trailer.
    pub fn trailer(&mut self, entries: &str) {
        self.trailer = entries.to_owned();
    }

    /// With a table in a stream instead, which also names objects within object streams: number,
    /// stream and place in it.
    pub fn finish_with_table_stream(mut self, within: &[(u32, u32, u16)]) -> Vec<u8> {
        let start = self.bytes.len();
        let mut entries: Vec<(u32, [u8; 7])> = Vec::new();
        let entry = |kind: u8, place: u32, index: u16| -> [u8; 7] {
            let fields = [&[kind][..], &place.to_be_bytes(), &index.to_be_bytes()].concat();
            fields.try_into().unwrap()
        };
        entries.extend(self.offsets.iter().map(|&(number, at)| (number, entry(1, at as u32, 0))));
        entries.extend(within.iter().map(|&(number, stream, at)| (number, entry(2, stream, at))));
        entries.sort_unstable();
        let index: Vec<String> = entries.iter().map(|(number, _)| format!("{number} 1")).collect();
        let data: Vec<u8> = entries.iter().flat_map(|(_, entry)| *entry).collect();
        let entries = format!(
            "/Type /XRef /Root 1 0 R /Size 99999 /W [1 4 2] /Index [{}] {}",
            index.join(" "),
            self.trailer
        );
        self.stream(99998, &entries, &data);
        write!(self.bytes, "startxref\n{start}\n%%EOF\n").unwrap();
        self.bytes
    }

    pub fn finish(mut self) -> Vec<u8> {
        let start = self.bytes.len();
        self.offsets.sort_unstable();
        self.bytes.extend_from_slice(b"xref\n0 1\n0000000000 65535 f \n");
        for (number, offset) in &self.offsets {
            write!(self.bytes, "{number} 1\n{offset:010} 00000 n \n").unwrap();
        }
        let size = self.offsets.last().map_or(0, |(number, _)| number + 1);
        let trailer = &self.trailer;
        write!(
            self.bytes,
            "trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"
        )
        .unwrap();
        self.bytes
    }
}

/// A page as scanners make them: one bilevel image at 100 dpi, invisible text, a coloured stamp.
pub fn scan() -> Pdf {
    let resources = "/Resources << /XObject << /I 5 0 R /S 6 0 R >> \
                     /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >> >> >>";
    let content = "q 500 0 0 700 0 0 cm /I Do Q q 50 0 0 50 400 600 cm /S Do Q \
                   BT /F 12 Tf 3 Tr 100 500 Td (Thi dua) Tj ET";
    let mut pdf = Pdf::with_page(resources, content);
    let stripes: Vec<u8> = (0..972u32).flat_map(|y| [(y % 251) as u8; 87]).collect();
    let image = "/Type /XObject /Subtype /Image /Width 694 /Height 972 /BitsPerComponent 1 \
                 /ColorSpace /DeviceGray /Filter /FlateDecode";
    pdf.stream(5, image, &deflated(&stripes));
    let stamp = "/Type /XObject /Subtype /Image /Width 10 /Height 10 /BitsPerComponent 8 \
                 /ColorSpace /DeviceRGB";
    pdf.stream(6, stamp, &[200, 20, 20].repeat(100));
    pdf
}

pub fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Packed with LZW whose codes grow one code early, as is usual.
pub fn lzw(data: &[u8]) -> Vec<u8> {
    weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(data).unwrap()
}

/// The same with `/EarlyChange 0`.
pub fn late_lzw(data: &[u8]) -> Vec<u8> {
    weezl::encode::Encoder::new(weezl::BitOrder::Msb, 8).encode(data).unwrap()
}

/// As hexadecimal digits.
pub fn hex(data: &[u8]) -> Vec<u8> {
    data.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
}

/// Deflate data (without header) that unpack into `data` many times over.
pub fn repeated_deflate(data: &[u8], times: usize) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    // Ends the block on a byte, without ending the stream.
    encoder.flush().unwrap();
    let block = encoder.get_ref().clone();
    let mut packed = vec![0x78, 0x9C];
    packed.extend(block.repeat(times));
    packed
}

/// One page of a TIFF file: what its directory says beside sizes and places, and its data.
#[derive(Clone)]
pub struct TiffPage {
    pub width: u32,
    pub height: u32,
    pub rows_per_strip: u32,
    /// Tags of type SHORT.
    pub shorts: Vec<(u16, Vec<u32>)>,
    /// Tags of type RATIONAL, over 1.
    pub ratios: Vec<(u16, u32)>,
    pub strips: Vec<Vec<u8>>,
}

/// A TIFF file of these pages.
pub fn tiff_of(pages: &[TiffPage], is_big_endian: bool) -> Vec<u8> {
    let number = |value: u32, size: usize| match is_big_endian {
        true => value.to_be_bytes()[4 - size..].to_vec(),
        false => value.to_le_bytes()[..size].to_vec(),
    };
    let mut bytes = if is_big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
    let mut link = bytes.len();
    bytes.extend_from_slice(&[0; 4]);
    for page in pages {
        let mut offsets = Vec::new();
        for strip in &page.strips {
            offsets.push(bytes.len() as u32);
            bytes.extend_from_slice(strip);
        }
        let sizes = page.strips.iter().map(|strip| strip.len() as u32).collect();
        let longs = [
            (256, vec![page.width]),
            (257, vec![page.height]),
            (273, offsets),
            (278, vec![page.rows_per_strip]),
            (279, sizes),
        ];
        let mut entries: Vec<(u16, u32, Vec<u32>, usize)> = Vec::new();
        entries.extend(longs.into_iter().map(|(tag, values)| (tag, 4, values, 4)));
        entries.extend(page.shorts.iter().cloned().map(|(tag, values)| (tag, 3, values, 2)));
        entries.extend(page.ratios.iter().map(|&(tag, value)| (tag, 5, vec![value, 1], 4)));
        entries.sort_by_key(|entry| entry.0);
        let mut directory = number(entries.len() as u32, 2);
        for (tag, kind, values, size) in entries {
            let count = if kind == 5 { 1 } else { values.len() as u32 };
            let mut data: Vec<u8> = values.iter().flat_map(|&value| number(value, size)).collect();
            if data.len() > 4 {
                let place = number(bytes.len() as u32, 4);
                bytes.extend_from_slice(&data);
                data = place;
            }
            data.resize(4, 0);
            directory.extend([number(tag.into(), 2), number(kind, 2), number(count, 4)].concat());
            directory.extend(data);
        }
        let place = number(bytes.len() as u32, 4);
        bytes[link..link + 4].copy_from_slice(&place);
        bytes.extend_from_slice(&directory);
        link = bytes.len();
        bytes.extend_from_slice(&[0; 4]);
    }
    bytes
}

/// A TIFF of two bilevel pages of 80 by 80 pixels.
pub fn tiff() -> Vec<u8> {
    let page = |byte: u8| TiffPage {
        width: 80,
        height: 80,
        rows_per_strip: 80,
        shorts: vec![(258, vec![1]), (259, vec![1]), (262, vec![1])],
        ratios: Vec::new(),
        strips: vec![vec![byte; 800]],
    };
    tiff_of(&[page(0xF0), page(0x0F)], false)
}

pub fn png() -> Vec<u8> {
    encoded(gradient().into(), ImageFormat::Png)
}

pub fn jpeg() -> Vec<u8> {
    let rgb = RgbImage::from_fn(90, 120, |x, y| image::Rgb([x as u8 * 2, y as u8 * 2, 30]));
    encoded(rgb.into(), ImageFormat::Jpeg)
}

fn gradient() -> GrayImage {
    GrayImage::from_fn(90, 120, |x, y| Luma([(x * y % 256) as u8]))
}

fn encoded(picture: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}
