//! The engine that reads scans: makes the picture ready, reads it with Tesseract, reads doubtful
//! lines twice, puts the words into lines.

use image::{GrayImage, imageops};

use crate::error::Result;
use crate::geometry::PixelBox;
use crate::input::PageImage;
use crate::ocr::layout::{PageGeometry, PlacedWord, arrange};
use crate::ocr::prepare::{self, InkMap, Placement, Pose, Upright};
use crate::ocr::reread::reread;
use crate::ocr::tesseract::{RawWord, Recognizer, Segmentation};
use crate::ocr::vote::spells;
use crate::ocr::{OcrEngine, OcrPage};
use crate::plan::TextOrigin;
use crate::text::normalise::{fold_look_alike, nfc};
use crate::warning::{Warning, WarningCode};

/// A page with fewer inked cells of 1/150 inch holds no word: three letters have more.
const LEAST_INK_CELLS: usize = 40;

/// Mean confidence of words below which a page is called doubtful.
const DOUBTFUL_MEAN: f32 = 0.7;

/// One of so many bands of a page is read to try which way is up.
const TRIAL_BANDS: u32 = 4;

/// A page lies as it was found unless a turned trial reads this much better.
const CLEARLY_BETTER: f32 = 1.25;

/// Reads pages with Tesseract's Vietnamese model.
pub struct TesseractEngine {
    recognizer: Recognizer,
}

impl TesseractEngine {
    /// # Errors
    /// [`ErrorKind::Ocr`](crate::ErrorKind::Ocr) if the model is not installed.
    pub fn new() -> Result<Self> {
        Ok(Self { recognizer: Recognizer::new("vie")? })
    }

    fn read_upright(&mut self, page: &Upright) -> Result<Vec<RawWord>> {
        let reading = prepare::for_reading(page);
        let mut words = self.recognizer.read(&reading.picture, reading.dpi, Segmentation::Page)?;
        for word in &mut words {
            word.bounds = scaled(word.bounds, reading.scale);
        }
        reread(&mut self.recognizer, &page.picture, page.dpi, words)
    }

    /// Which way is up: as the profiles say, or by trial where they say something unusual or are
    /// in doubt.
    fn settle_pose(&mut self, image: &PageImage, ink: &InkMap) -> Result<Pose> {
        let poses = prepare::find_poses(ink);
        if poses.certain && poses.rotation == 0 {
            return Ok(poses.turned_by(0));
        }
        let mut best = poses.turned_by(0);
        let mut best_sense = self.sense_of(image, best)? * CLEARLY_BETTER;
        for rotation in [90, 180, 270] {
            let pose = poses.turned_by(rotation);
            let sense = self.sense_of(image, pose)?;
            if sense > best_sense {
                (best, best_sense) = (pose, sense);
            }
        }
        Ok(best)
    }

    /// How much sense the densest part of the page makes in this pose.
    fn sense_of(&mut self, image: &PageImage, pose: Pose) -> Result<f32> {
        let page = prepare::upright(image, pose);
        let reading = prepare::for_reading(&page);
        let part = densest_band(&reading.picture);
        let words = self.recognizer.read(&part, reading.dpi, Segmentation::Page)?;
        let sense = |word: &RawWord| {
            let letters = word.text.chars().filter(|letter| letter.is_alphabetic()).count();
            // Tesseract turns blocks of upright lines by itself; their words stand on end.
            let level = word.bounds.width() > word.bounds.height();
            if letters >= 3 && level && spells(&word.text) { word.confidence.powi(2) } else { 0.0 }
        };
        Ok(words.iter().map(sense).sum())
    }
}

/// Of the quarters of a page, from top to bottom, the one with the most ink.
fn densest_band(picture: &GrayImage) -> GrayImage {
    let (width, height) = picture.dimensions();
    let band = (height / TRIAL_BANDS).max(1);
    let ink = |top: u32| {
        let pixels = picture.as_raw().iter().skip((top * width) as usize);
        pixels.take((band * width) as usize).map(|value| u64::from(255 - value)).sum::<u64>()
    };
    let tops = (0..TRIAL_BANDS).map(|n| n * band).filter(|top| top + band <= height);
    let top = tops.max_by_key(|top| ink(*top)).unwrap_or(0);
    imageops::crop_imm(picture, 0, top, width, band).to_image()
}

impl OcrEngine for TesseractEngine {
    fn read(&mut self, image: &PageImage, number: u32) -> Result<OcrPage> {
        let (width, height) = image.gray.dimensions();
        let mut page = OcrPage {
            number,
            width,
            height,
            dpi: image.dpi,
            rotation: 0,
            skew: 0.0,
            origin: TextOrigin::Ocr,
            reason: None,
            lines: Vec::new(),
            warnings: Vec::new(),
        };
        let ink = InkMap::of(&image.gray, image.dpi);
        if ink.inked_cells() >= LEAST_INK_CELLS {
            let at_page = |e: crate::Error| e.at_page(number);
            let pose = self.settle_pose(image, &ink).map_err(at_page)?;
            let upright = prepare::upright(image, pose);
            let words = self.read_upright(&upright).map_err(at_page)?;
            (page.rotation, page.skew) = (pose.rotation, pose.skew);
            page.warnings = doubts(&words, pose, number);
            page.lines = lines_of(words, &upright.placement, image.dpi);
        }
        if page.lines.is_empty() {
            let warning = Warning::new(WarningCode::PageBlank, "nothing to read on the page");
            page.warnings = vec![warning.on_page(number)];
        }
        Ok(page)
    }
}

/// What a person should know about how the page was read.
fn doubts(words: &[RawWord], pose: Pose, number: u32) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if pose.rotation != 0 {
        let message = format!("turned by {} degrees clockwise before reading", pose.rotation);
        warnings.push(Warning::new(WarningCode::PageRotated, message).on_page(number));
    }
    let mean = words.iter().map(|word| word.confidence).sum::<f32>() / words.len().max(1) as f32;
    if !words.is_empty() && mean < DOUBTFUL_MEAN {
        let message = format!("read with a mean confidence of {mean:.2}");
        warnings.push(Warning::new(WarningCode::PageDoubtful, message).on_page(number));
    }
    warnings
}

/// Lines in reading order on the level page, their boxes then put into the file's pixels.
fn lines_of(words: Vec<RawWord>, placement: &Placement, dpi: u32) -> Vec<crate::ocr::OcrLine> {
    let (width, height) = placement.upright_size();
    let words = words.into_iter().map(place).collect();
    let mut lines = arrange(words, PageGeometry { width, height, dpi });
    for line in &mut lines {
        line.bounds = placement.to_file(line.bounds);
        for word in &mut line.words {
            word.bounds = placement.to_file(word.bounds);
        }
    }
    lines
}

fn place(word: RawWord) -> PlacedWord {
    let mut alternatives = word.alternatives;
    for other in &mut alternatives {
        other.text = as_meant(&other.text);
    }
    let text = as_meant(&word.text);
    alternatives.retain(|other| other.text != text);
    PlacedWord { text, bounds: word.bounds, confidence: word.confidence, alternatives }
}

/// The text composed, with look-alikes of Vietnamese letters replaced.
fn as_meant(text: &str) -> String {
    nfc(text).chars().map(fold_look_alike).collect()
}

fn scaled(bounds: PixelBox, factor: f32) -> PixelBox {
    let low = |value: u32| (value as f32 * factor).floor() as u32;
    let high = |value: u32| (value as f32 * factor).ceil() as u32;
    PixelBox::new(low(bounds.x0), low(bounds.y0), high(bounds.x1), high(bounds.y1))
}
