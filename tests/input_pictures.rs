//! TIFF, PNG and JPEG files of every kind that scanners and cameras write.

mod files;

use std::io::Cursor;

use fax::encoder::Encoder;
use fax::{Color, VecWriter};
use files::{TiffPage, jpeg, tiff_of};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage, imageops};
use sohoa::WarningCode;
use sohoa::input::{InputFile, PageImage};
use tiff::encoder::{Compression, DeflateLevel, TiffEncoder, colortype};

const WIDTH: u32 = 100;
const HEIGHT: u32 = 140;

fn read(bytes: Vec<u8>) -> PageImage {
    let page = InputFile::from_bytes("test", bytes).unwrap().page(1).unwrap();
    assert_eq!(page.warnings, [], "an undamaged file gives no warnings");
    page.image
}

/// A bilevel picture without symmetry.
fn bilevel() -> GrayImage {
    GrayImage::from_fn(WIDTH, HEIGHT, |x, y| Luma([if (x * 3 + y * y) % 17 < 9 { 0 } else { 255 }]))
}

fn gray() -> GrayImage {
    GrayImage::from_fn(WIDTH, HEIGHT, |x, y| Luma([(x * 7 + y * 31) as u8]))
}

fn rgb() -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| Rgb([(x * 2) as u8, (y * 2) as u8, 30]))
}

/// One bit a pixel, 1 for `one`.
fn packed(picture: &GrayImage, one: u8) -> Vec<u8> {
    let byte = |eight: &[u8]| {
        eight
            .iter()
            .enumerate()
            .fold(0, |byte, (at, &pixel)| byte | u8::from(pixel == one) << (7 - at))
    };
    picture
        .rows()
        .flat_map(|row| {
            row.map(|pixel| pixel.0[0]).collect::<Vec<_>>().chunks(8).map(byte).collect::<Vec<_>>()
        })
        .collect()
}

/// Group 4 fax data of some rows.
fn group4(picture: &GrayImage, rows: std::ops::Range<u32>) -> Vec<u8> {
    let mut encoder = Encoder::new(VecWriter::new());
    for y in rows {
        let color = |x| match picture.get_pixel(x, y).0[0] {
            0 => Color::Black,
            _ => Color::White,
        };
        encoder.encode_line((0..picture.width()).map(color), picture.width()).unwrap();
    }
    encoder.finish().unwrap().finish()
}

/// A page with one bit a pixel; photometric 0 is white for 0, 1 black.
fn bilevel_page(compression: u32, photometric: u32, strips: Vec<Vec<u8>>) -> TiffPage {
    TiffPage {
        width: WIDTH,
        height: HEIGHT,
        rows_per_strip: HEIGHT.div_ceil(strips.len() as u32),
        shorts: vec![(258, vec![1]), (259, vec![compression]), (262, vec![photometric])],
        ratios: vec![],
        strips,
    }
}

#[test]
fn bilevel_pages_are_read_whatever_their_coding() {
    let picture = bilevel();
    let whole = group4(&picture, 0..HEIGHT);
    let halves = vec![group4(&picture, 0..HEIGHT / 2), group4(&picture, HEIGHT / 2..HEIGHT)];
    let reversed: Vec<u8> = whole.iter().map(|byte| byte.reverse_bits()).collect();
    let mut low_bit_first = bilevel_page(4, 0, vec![reversed]);
    low_bit_first.shorts.push((266, vec![2]));
    for (claim, page, expected) in [
        ("uncompressed, 1 is black", bilevel_page(1, 0, vec![packed(&picture, 0)]), &picture),
        ("uncompressed, 1 is white", bilevel_page(1, 1, vec![packed(&picture, 255)]), &picture),
        ("Group 4", bilevel_page(4, 0, vec![whole.clone()]), &picture),
        ("Group 4 in two strips", bilevel_page(4, 0, halves), &picture),
        ("Group 4, low bit first", low_bit_first, &picture),
    ] {
        for is_big_endian in [false, true] {
            let image = read(tiff_of(std::slice::from_ref(&page), is_big_endian));
            assert!(image.gray == *expected, "{claim}, big endian {is_big_endian}");
        }
    }
    let mut negative = picture;
    imageops::invert(&mut negative);
    let inverted = read(tiff_of(&[bilevel_page(4, 1, vec![whole])], false));
    assert!(inverted.gray == negative, "Group 4 where 0 is black");
}

#[test]
fn group_3_lines_are_read() {
    // ITU-T T.4: eight white pixels are 10011, none white and eight black 00110101 000101.
    let mut page = bilevel_page(2, 0, vec![vec![0b1001_1000, 0b0011_0101, 0b0001_0100]]);
    (page.width, page.height, page.rows_per_strip) = (8, 2, 2);
    let image = read(tiff_of(&[page], false));
    assert_eq!(image.gray.as_raw()[..], [[255; 8], [0; 8]].concat());
}

#[test]
fn grey_and_colour_pages_of_one_file_are_read_in_order() {
    for (claim, compression) in [
        ("uncompressed", Compression::Uncompressed),
        ("LZW", Compression::Lzw),
        ("PackBits", Compression::Packbits),
        ("deflate", Compression::Deflate(DeflateLevel::Fast)),
    ] {
        let mut bytes = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut bytes).unwrap().with_compression(compression);
        encoder.write_image::<colortype::Gray8>(WIDTH, HEIGHT, gray().as_raw()).unwrap();
        encoder.write_image::<colortype::RGB8>(WIDTH, HEIGHT, rgb().as_raw()).unwrap();
        let deep: Vec<u16> = gray().iter().map(|&value| u16::from(value) * 257).collect();
        encoder.write_image::<colortype::Gray16>(WIDTH, HEIGHT, &deep).unwrap();
        let file = InputFile::from_bytes("test", bytes.into_inner()).unwrap();
        assert_eq!(file.page_count(), 3);
        // In any order, as workers do.
        assert!(file.page(3).unwrap().image.gray == gray(), "{claim}: 16 bits");
        assert!(file.page(1).unwrap().image.gray == gray(), "{claim}: grey");
        let color = file.page(2).unwrap().image.color;
        assert!(color.is_some_and(|color| color == rgb()), "{claim}: RGB");
    }
}

#[test]
fn palette_colours_are_looked_up() {
    let mut map = vec![0; 3 * 256];
    for (channel, value) in [200, 20, 30].into_iter().enumerate() {
        map[channel * 256 + 7] = value << 8;
        map[channel * 256] = 255 << 8;
    }
    let mut page = bilevel_page(1, 3, vec![vec![7; 50], vec![0; 50]]);
    (page.width, page.height, page.rows_per_strip) = (10, 10, 5);
    page.shorts[0] = (258, vec![8]);
    page.shorts.push((320, map));
    let color = read(tiff_of(&[page], true)).color.unwrap();
    assert_eq!(*color.get_pixel(3, 3), Rgb([200, 20, 30]));
    assert_eq!(*color.get_pixel(3, 7), Rgb([255, 255, 255]));
}

#[test]
fn jpeg_within_tiff_has_the_colours_of_the_jpeg() {
    let expected = image::load_from_memory(&jpeg()).unwrap().into_rgb8();
    let page = TiffPage {
        width: expected.width(),
        height: expected.height(),
        rows_per_strip: expected.height(),
        shorts: vec![(258, vec![8; 3]), (259, vec![7]), (262, vec![6]), (277, vec![3])],
        ratios: vec![],
        strips: vec![jpeg()],
    };
    let color = read(tiff_of(&[page], false)).color.unwrap();
    let far = color.iter().zip(expected.iter()).filter(|(a, b)| a.abs_diff(**b) > 3).count();
    assert_eq!(far, 0);
}

#[test]
fn resolution_orientation_and_oblong_pixels_are_heeded() {
    let picture = bilevel();
    let with = |shorts: &[(u16, Vec<u32>)], ratios: &[(u16, u32)]| {
        let mut page = bilevel_page(1, 1, vec![packed(&picture, 255)]);
        page.shorts.extend_from_slice(shorts);
        page.ratios = ratios.to_vec();
        read(tiff_of(&[page], false))
    };
    assert_eq!(with(&[(296, vec![2])], &[(282, 20), (283, 20)]).dpi, 20);
    assert_eq!(with(&[(296, vec![3])], &[(282, 8), (283, 8)]).dpi, 20, "dots per centimetre");
    // 140 pixels on the long side of A4.
    assert_eq!(with(&[], &[]).dpi, 12);
    assert!(with(&[(274, vec![6])], &[]).gray == imageops::rotate90(&picture));
    let fax = with(&[(296, vec![2])], &[(282, 20), (283, 10)]);
    assert_eq!((fax.gray.dimensions(), fax.dpi), ((WIDTH, HEIGHT * 2), 20));
}

#[test]
fn thumbnails_are_no_pages_and_a_damaged_page_is_not_the_end() {
    let good = || bilevel_page(4, 0, vec![group4(&bilevel(), 0..HEIGHT)]);
    let mut thumbnail = good();
    thumbnail.shorts.push((254, vec![1]));
    let mut unknown = good();
    unknown.shorts[1] = (259, vec![34712]);
    let file = tiff_of(&[good(), thumbnail, unknown, good()], false);
    let file = InputFile::from_bytes("a.tif", file).unwrap();
    assert_eq!(file.page_count(), 3);
    assert!(file.page(3).unwrap().image.gray == bilevel());
    let error = file.page(2).err().unwrap();
    assert_eq!((error.kind(), error.page()), (sohoa::ErrorKind::Unsupported, Some(2)));
}

#[test]
fn fax_data_that_end_early_leave_white_and_a_warning() {
    let mut data = group4(&bilevel(), 0..HEIGHT);
    data.truncate(data.len() / 2);
    let file = tiff_of(&[bilevel_page(4, 0, vec![data])], false);
    let page = InputFile::from_bytes("a.tif", file).unwrap().page(1).unwrap();
    assert_eq!(page.image.gray.dimensions(), (WIDTH, HEIGHT));
    assert_eq!(page.image.gray.get_pixel(0, 0), bilevel().get_pixel(0, 0));
    assert_eq!(*page.image.gray.get_pixel(0, HEIGHT - 1), Luma([255]));
    assert_eq!(page.warnings[0].code, WarningCode::ImageDamaged);
}

#[test]
fn png_keeps_its_pixels_and_tells_its_resolution() {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(gray()).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let plain = bytes.into_inner();
    let image = read(plain.clone());
    assert!(image.gray == gray() && image.color.is_none());
    assert_eq!(image.dpi, 12);

    // 787 pixels a metre, after the header chunk; checksums of ancillary chunks must be right.
    let mut physical = b"pHYs".to_vec();
    physical.extend([787u32.to_be_bytes(), 787u32.to_be_bytes()].concat());
    physical.push(1);
    let mut chunk = 9u32.to_be_bytes().to_vec();
    chunk.extend_from_slice(&physical);
    chunk.extend_from_slice(&crc(&physical).to_be_bytes());
    let header_end = 8 + 25;
    let with_size = [&plain[..header_end], &chunk, &plain[header_end..]].concat();
    assert_eq!(read(with_size).dpi, 20);
}

#[test]
fn transparent_places_of_a_png_are_white() {
    let mut bytes = Cursor::new(Vec::new());
    let clear = image::RgbaImage::from_pixel(20, 30, image::Rgba([0, 0, 0, 0]));
    DynamicImage::from(clear).write_to(&mut bytes, ImageFormat::Png).unwrap();
    assert!(read(bytes.into_inner()).gray.pixels().all(|pixel| pixel.0 == [255]));
}

#[test]
fn a_photograph_stands_as_its_exif_says() {
    let upright = read(jpeg());
    // An Exif segment with nothing but orientation 6: turn by 90 degrees clockwise.
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01".to_vec();
    exif.extend_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]);
    let mut segment = vec![0xFF, 0xE1];
    segment.extend_from_slice(&(exif.len() as u16 + 2).to_be_bytes());
    segment.extend_from_slice(&exif);
    let turned = read([&jpeg()[..2], &segment, &jpeg()[2..]].concat());
    assert!(turned.gray == imageops::rotate90(&upright.gray));
}

/// CRC-32 as PNG uses it (W3C PNG, annex D).
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { 0xEDB8_8320 ^ crc >> 1 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), step))
}
