//! The engine that reads scans: makes the picture ready, reads it with Tesseract, reads doubtful
//! lines twice, puts the words into lines.

use image::{GrayImage, imageops};

use crate::error::Result;
use crate::input::PageImage;
use crate::ocr::layout::{PageGeometry, PlacedWord, Table, arrange_with_tables};
use crate::ocr::leaders;
use crate::ocr::prepare::{self, InkMap, Placement, Pose, Poses, Reading, Upright};
use crate::ocr::reread::reread;
use crate::ocr::tables;
use crate::ocr::tesseract::{RawWord, Recognizer, Segmentation};
use crate::ocr::unread::read_unread;
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

/// Mean sense of words below which a page may lie otherwise than the profiles said: upright pages
/// of running text have 0.7 and more.
const LEAST_SENSE: f32 = 0.5;

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

    /// Reads a page in the pose that makes sense of it: upright as it is, unless the profiles say
    /// otherwise or the page makes no sense so; then by trial.
    fn read_posed(
        &mut self,
        image: &PageImage,
        ink: &InkMap,
    ) -> Result<(Vec<RawWord>, Vec<Table>, Pose, Placement)> {
        let poses = prepare::find_poses(ink);
        let usual = poses.rotation == 0;
        let mut pose = if usual { poses.turned_by(0) } else { self.pose_by_trial(image, &poses)? };
        let mut page = prepare::upright(image, pose);
        let mut leaders = leaders::take_out(&mut page.picture, page.dpi);
        let (mut words, mut tables, mut reading) = self.read_once(&page)?;
        if usual && mean_sense(&words) < LEAST_SENSE {
            let tried = self.pose_by_trial(image, &poses)?;
            if tried != pose {
                pose = tried;
                page = prepare::upright(image, pose);
                leaders = leaders::take_out(&mut page.picture, page.dpi);
                (words, tables, reading) = self.read_once(&page)?;
            }
        }
        let words = reread(&mut self.recognizer, &page.picture, page.dpi, words)?;
        let mut words = read_unread(&mut self.recognizer, &reading, words)?;
        words.extend(leaders);
        Ok((words, tables, pose, page.placement))
    }

    /// The words and tables in pixels of the page, and the picture on which they were read.
    fn read_once(&mut self, page: &Upright) -> Result<(Vec<RawWord>, Vec<Table>, Reading)> {
        let mut reading = prepare::for_reading(page);
        let mut tables = Vec::new();
        if let Some((found, without_rules)) = tables::find(&reading.picture, reading.dpi) {
            (tables, reading.picture) = (found, without_rules);
        }
        let mut words = if tables.is_empty() {
            self.recognizer.read(&reading.picture, reading.dpi, Segmentation::Page)?
        } else {
            tables::read(&mut self.recognizer, &reading.picture, reading.dpi, &tables)?
        };
        for word in &mut words {
            word.bounds = word.bounds.scaled(reading.scale);
        }
        let tables = tables.iter().map(|table| table.scaled(reading.scale)).collect();
        Ok((words, tables, reading))
    }

    fn pose_by_trial(&mut self, image: &PageImage, poses: &Poses) -> Result<Pose> {
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
        Ok(words.iter().filter_map(sense).sum())
    }
}

/// How much sense a word makes, 0 to 1; `None` for those too short to tell.
fn sense(word: &RawWord) -> Option<f32> {
    let letters = word.text.chars().filter(|letter| letter.is_alphabetic()).count();
    if letters < 3 {
        return None;
    }
    // Tesseract turns blocks of upright lines by itself; their words stand on end.
    let level = word.bounds.width() > word.bounds.height();
    Some(if level && spells(&word.text) { word.confidence.powi(2) } else { 0.0 })
}

/// Over the words of a page; 1 if there are none.
fn mean_sense(words: &[RawWord]) -> f32 {
    let senses: Vec<f32> = words.iter().filter_map(sense).collect();
    if senses.is_empty() { 1.0 } else { senses.iter().sum::<f32>() / senses.len() as f32 }
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
            let (words, tables, pose, placement) = self.read_posed(image, &ink).map_err(at_page)?;
            (page.rotation, page.skew) = (pose.rotation, pose.skew);
            page.warnings = doubts(&words, pose, number);
            page.lines = lines_of(words, &tables, &placement, image.dpi);
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
fn lines_of(
    words: Vec<RawWord>,
    tables: &[Table],
    placement: &Placement,
    dpi: u32,
) -> Vec<crate::ocr::OcrLine> {
    let (width, height) = placement.upright_size();
    let words = words.into_iter().map(place).collect();
    let mut lines = arrange_with_tables(words, PageGeometry { width, height, dpi }, tables);
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
