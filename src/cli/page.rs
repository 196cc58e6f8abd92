//! The page that `ingest --html` writes beside a plan: its pictures are taken from the input again,
//! one file at a time, so that a batch keeps none of them.

use std::fs;
use std::io;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ExtendedColorType, ImageEncoder};
use sohoa::batch::STANDARD_INPUT;
use sohoa::export::{PagePicture, to_page};
use sohoa::input::{InputFile, PageImage};
use sohoa::plan::Plan;
use sohoa::{Error, Result};

use super::export::read_plan;

/// Width of the pictures in pixels: legible on a screen, a tenth of the scan's bytes.
const WIDTH: u32 = 1100;
/// Of the JPEG encoder, 1 to 100.
const QUALITY: u8 = 60;

/// Writes FOLDER/NAME.html for the plan FOLDER/NAME.json; one that is there and newer than its plan
/// stays, unless `force`.
pub fn write(source: &Path, folder: &Path, name: &str, force: bool) -> Result<()> {
    let (plan_path, path) =
        (folder.join(format!("{name}.json")), folder.join(format!("{name}.html")));
    if !force && is_newer(&path, &plan_path) {
        return Ok(());
    }
    let plan = read_plan(&plan_path)?;
    let pictures =
        match source.as_os_str() == STANDARD_INPUT || plan.source.page_readings.is_empty() {
            // What came through a pipe is gone, and a text has no pictures.
            true => Vec::new(),
            false => pictures(&InputFile::open(source)?, &plan)?,
        };
    let page = to_page(&plan, &pictures);
    let temporary = folder.join(format!(".sohoa-{name}.html.tmp"));
    fs::write(&temporary, page)
        .and_then(|()| fs::rename(&temporary, &path))
        .map_err(|error| Error::io("cannot write", &path, error))
}

fn is_newer(path: &Path, than: &Path) -> bool {
    let modified = |path: &Path| -> io::Result<_> { fs::metadata(path)?.modified() };
    matches!((modified(path), modified(than)), (Ok(page), Ok(plan)) if page >= plan)
}

/// The pictures of the pages that the plan reads; those that can't be read are left out, as the
/// plan warns of them.
fn pictures(file: &InputFile, plan: &Plan) -> Result<Vec<PagePicture>> {
    let mut pictures = Vec::new();
    for reading in plan.source.page_readings.iter().filter(|reading| reading.width > 0) {
        let Ok(page) = file.page(reading.page) else { continue };
        pictures.push(PagePicture {
            page: reading.page,
            width: page.image.gray.width(),
            height: page.image.gray.height(),
            jpeg: jpeg(&page.image)?,
        });
    }
    Ok(pictures)
}

fn jpeg(image: &PageImage) -> Result<Vec<u8>> {
    let (width, height) = image.gray.dimensions();
    let small_width = WIDTH.min(width);
    let scaled = u64::from(height) * u64::from(small_width) / u64::from(width.max(1));
    let small_height = u32::try_from(scaled).unwrap_or(height).max(1);
    let small = match &image.color {
        Some(color) => DynamicImage::ImageRgb8(imageops::resize(
            color,
            small_width,
            small_height,
            FilterType::Triangle,
        )),
        None => DynamicImage::ImageLuma8(imageops::resize(
            &image.gray,
            small_width,
            small_height,
            FilterType::Triangle,
        )),
    };
    let kind = if image.color.is_some() { ExtendedColorType::Rgb8 } else { ExtendedColorType::L8 };
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .write_image(small.as_bytes(), small_width, small_height, kind)
        .map_err(|error| {
            Error::new(sohoa::ErrorKind::Internal, "cannot compress a page's picture")
                .caused_by(error)
        })?;
    Ok(bytes)
}
