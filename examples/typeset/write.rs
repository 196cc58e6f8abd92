//! Scanned pages to files: an image-only PDF, a multi-page TIFF, a PNG. No clock and no random
//! identifiers go in, so the same pages give the same bytes.

use anyhow::{Context, Result};
use fax::{Color, VecWriter, encoder::Encoder};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref};

use crate::canvas::{BRIGHTNESS, Canvas};
use crate::source::Encoding;

/// Office scanners compress strongly; 60 leaves visible blocks around letters.
const JPEG_QUALITY: u8 = 60;

/// A PDF in which each page is one image.
pub fn pdf(pages: &[Canvas], encoding: Encoding) -> Result<Vec<u8>> {
    let mut pdf = Pdf::new();
    let mut next = Ref::new(1);
    let (catalog, tree) = (next.bump(), next.bump());
    let page_refs: Vec<Ref> = pages.iter().map(|_| next.bump()).collect();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids(page_refs.iter().copied()).count(pages.len() as i32);
    for (canvas, page_ref) in pages.iter().zip(page_refs) {
        let (image_ref, content_ref) = (next.bump(), next.bump());
        let (width, height) =
            (canvas.width as f32 / canvas.scale, canvas.height as f32 / canvas.scale);
        let mut page = pdf.page(page_ref);
        page.parent(tree).media_box(Rect::new(0.0, 0.0, width, height)).contents(content_ref);
        page.resources().x_objects().pair(Name(b"Im0"), image_ref);
        page.finish();
        let mut content = Content::new();
        content.transform([width, 0.0, 0.0, height, 0.0, 0.0]).x_object(Name(b"Im0"));
        pdf.stream(content_ref, &content.finish());
        image(&mut pdf, image_ref, canvas, encoding)?;
    }
    Ok(pdf.finish())
}

fn image(pdf: &mut Pdf, image_ref: Ref, canvas: &Canvas, encoding: Encoding) -> Result<()> {
    let data = match encoding {
        Encoding::G4 => group4(canvas),
        Encoding::GreyJpeg | Encoding::ColourJpeg => jpeg(canvas)?,
    };
    let mut image = pdf.image_xobject(image_ref, &data);
    image.width(canvas.width as i32).height(canvas.height as i32);
    if encoding == Encoding::ColourJpeg {
        image.color_space().device_rgb();
    } else {
        image.color_space().device_gray();
    }
    image.bits_per_component(if encoding == Encoding::G4 { 1 } else { 8 });
    if encoding == Encoding::G4 {
        image.filter(Filter::CcittFaxDecode);
        image
            .decode_parms()
            .k(-1)
            .columns(canvas.width as i32)
            .rows(canvas.height as i32)
            .black_is_1(false);
    } else {
        image.filter(Filter::DctDecode);
    }
    image.finish();
    Ok(())
}

fn bytes(canvas: &Canvas) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(canvas.width * canvas.height * canvas.planes.len());
    for at in 0..canvas.width * canvas.height {
        for plane in &canvas.planes {
            bytes.push((plane[at] * 255.0).round() as u8);
        }
    }
    bytes
}

fn color_type(canvas: &Canvas) -> ExtendedColorType {
    if canvas.planes.len() == 1 { ExtendedColorType::L8 } else { ExtendedColorType::Rgb8 }
}

fn jpeg(canvas: &Canvas) -> Result<Vec<u8>> {
    let mut data = Vec::new();
    let (width, height) = (canvas.width as u32, canvas.height as u32);
    JpegEncoder::new_with_quality(&mut data, JPEG_QUALITY)
        .write_image(&bytes(canvas), width, height, color_type(canvas))
        .context("encoding JPEG")?;
    Ok(data)
}

/// The page as PNG in 16 greys; more would only store the grain, at ten times the size.
pub fn png(canvas: &Canvas) -> Result<Vec<u8>> {
    let shares: &[f32] = if canvas.planes.len() == 1 { &[1.0] } else { &BRIGHTNESS };
    let greys: Vec<u8> = (0..canvas.width * canvas.height)
        .map(|at| {
            let light: f32 =
                canvas.planes.iter().zip(shares).map(|(plane, share)| plane[at] * share).sum();
            (light * 15.0).round() as u8 * 17
        })
        .collect();
    let mut data = Vec::new();
    PngEncoder::new_with_quality(&mut data, CompressionType::Best, FilterType::NoFilter)
        .write_image(&greys, canvas.width as u32, canvas.height as u32, ExtendedColorType::L8)
        .context("encoding PNG")?;
    Ok(data)
}

/// CCITT group 4 (ITU-T T.6); a pixel darker than the middle is black.
fn group4(canvas: &Canvas) -> Vec<u8> {
    let mut encoder = Encoder::new(VecWriter::new());
    for row in canvas.planes[0].chunks(canvas.width) {
        let pixels = row.iter().map(|&light| if light < 0.5 { Color::Black } else { Color::White });
        let Ok(()) = encoder.encode_line(pixels, canvas.width as u32);
    }
    let Ok(writer) = encoder.finish();
    writer.finish()
}

/// A TIFF of bitonal pages, one strip each, compressed as group 4 (TIFF 6.0, section 11). Written
/// by hand: the tiff crate reads this compression but doesn't write it.
pub fn tiff(pages: &[Canvas]) -> Vec<u8> {
    const ENTRIES: u16 = 10;
    let mut file = b"II*\0".to_vec();
    let mut link = file.len();
    file.extend([0; 4]);
    for canvas in pages {
        let strip = group4(canvas);
        let strip_at = file.len() as u32;
        file.extend(&strip);
        let resolution_at = file.len() as u32;
        let dpi = (canvas.scale * 72.0).round() as u32;
        file.extend([dpi.to_le_bytes(), 1u32.to_le_bytes()].concat());
        file.resize(file.len().next_multiple_of(2), 0);
        let directory_at = file.len() as u32;
        file[link..link + 4].copy_from_slice(&directory_at.to_le_bytes());
        file.extend(ENTRIES.to_le_bytes());
        let (short, long, rational) = (3u16, 4u16, 5u16);
        let entries: [(u16, u16, u32); ENTRIES as usize] = [
            (256, long, canvas.width as u32),
            (257, long, canvas.height as u32),
            (258, short, 1), // bits for each sample
            (259, short, 4), // compression: group 4
            (262, short, 0), // 0 is white
            (273, long, strip_at),
            (278, long, canvas.height as u32), // rows for each strip
            (279, long, strip.len() as u32),
            (282, rational, resolution_at),
            (283, rational, resolution_at),
        ];
        for (tag, kind, value) in entries {
            file.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
            file.extend([1u32.to_le_bytes(), value.to_le_bytes()].concat());
        }
        link = file.len();
        file.extend([0; 4]);
    }
    file
}
