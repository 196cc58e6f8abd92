//! The input layer on real scans; skipped, with a note, where those or poppler's `pdfimages` are
//! absent.

use std::path::{Path, PathBuf};
use std::process::Command;

use image::GrayImage;
use sohoa::WarningCode;
use sohoa::input::{InputFile, judge_layer};

/// Pages looked at in each file: the first has the signature stamp, the second usually none.
const PAGES: u32 = 2;

#[test]
fn a_bilevel_page_has_the_very_pixels_that_pdfimages_extracts() {
    if Command::new("pdfimages").arg("-v").output().is_err() {
        return println!("skipped: pdfimages (poppler-utils) is not installed");
    }
    let mut compared = 0;
    for path in scans() {
        let file = InputFile::open(&path).unwrap();
        for number in 1..=file.page_count().min(PAGES) {
            let Some((reference, is_lone)) = bilevel_image(&path, number) else { continue };
            let page = file.page(number).unwrap();
            let place = format!("{} page {number}", path.display());
            assert_eq!(page.image.gray.dimensions(), reference.dimensions(), "{place}");
            let differing = differing_pixels(&page.image.gray, &reference);
            // A coat of arms or logo laid over the scan takes up well under a hundredth of it.
            let allowed = if is_lone { 0 } else { reference.len() / 100 };
            assert!(differing <= allowed, "{place}: {differing} pixels differ");
            compared += 1;
        }
    }
    println!("compared {compared} pages");
}

#[test]
fn layers_of_scans_are_stamps_and_the_born_digital_page_is_text() {
    for path in scans() {
        let file = InputFile::open(&path).unwrap();
        let page = file.page(1).unwrap();
        let is_born_digital = path.parent().unwrap().ends_with("hanoi_tb_453_flag");
        let expected = match is_born_digital {
            true => Ok(()),
            false => Err(WarningCode::TextLayerStampOnly),
        };
        if !page.layer.is_empty() {
            assert_eq!(judge_layer(&page), expected, "{}", path.display());
        }
    }
}

#[test]
fn words_of_the_born_digital_page_stand_where_pdftotext_finds_them() {
    let Some(path) = scans().into_iter().find(|path| path.to_string_lossy().contains("hanoi_tb"))
    else {
        return;
    };
    let Ok(output) = Command::new("pdftotext").arg("-bbox").arg(&path).arg("-").output() else {
        return println!("skipped: pdftotext (poppler-utils) is not installed");
    };
    let page = InputFile::open(&path).unwrap().page(1).unwrap();
    let scale = f64::from(page.image.dpi) / 72.0;
    let theirs = bbox_words(&String::from_utf8(output.stdout).unwrap());
    let is_found = |(text, x, y): &&(String, f64, f64)| {
        page.layer.iter().any(|word| {
            let bounds = word.bounds;
            word.text == *text
                && (f64::from(bounds.x0) - x * scale).abs() < 5.0
                && f64::from(bounds.y0) < y * scale
                && f64::from(bounds.y1) > y * scale
        })
    };
    let found = theirs.iter().filter(is_found).count();
    assert!(found * 100 >= theirs.len() * 98, "{found} of {} words", theirs.len());
}

/// All scans that are there, in order.
fn scans() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/scans");
    let Ok(entries) = folder.read_dir() else {
        println!("skipped: no scans in {}", folder.display());
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .map(|entry| entry.unwrap().path().join("scan.pdf"))
        .filter(|path| path.exists())
        .collect();
    paths.sort();
    paths
}

/// The largest image of a page if it is bilevel, and whether the page has no other.
fn bilevel_image(path: &Path, number: u32) -> Option<(GrayImage, bool)> {
    let number = number.to_string();
    let range = ["-f", &number, "-l", &number];
    let list = Command::new("pdfimages").args(range).arg("-list").arg(path).output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let rows: Vec<_> = list.lines().skip(2).collect();
    let is_bilevel = rows.first()?.contains("ccitt") || rows.first()?.contains("jbig2");
    let folder = tempfile::tempdir().unwrap();
    let prefix = folder.path().join("image");
    let status =
        Command::new("pdfimages").args(range).arg("-png").arg(path).arg(&prefix).status().unwrap();
    assert!(status.success());
    let image = image::open(folder.path().join("image-000.png")).unwrap().into_luma8();
    is_bilevel.then_some((image, rows.len() == 1))
}

fn differing_pixels(a: &GrayImage, b: &GrayImage) -> usize {
    a.as_raw().iter().zip(b.as_raw()).filter(|(a, b)| a != b).count()
}

/// Words of `pdftotext -bbox` with their left edge and middle height in points.
fn bbox_words(html: &str) -> Vec<(String, f64, f64)> {
    let word = regex::Regex::new(
        r#"<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]+)</word>"#,
    )
    .unwrap();
    let number = |text: &str| text.parse::<f64>().unwrap();
    word.captures_iter(html)
        .map(|found| {
            let middle = (number(&found[2]) + number(&found[3])) / 2.0;
            (found[4].to_owned(), number(&found[1]), middle)
        })
        .collect()
}
