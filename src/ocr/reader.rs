//! The engine that reads scans: prepares the picture, reads it with Tesseract, puts the words into
//! lines.

use crate::error::Result;
use crate::input::PageImage;
use crate::ocr::layout::{PageGeometry, PlacedWord, arrange};
use crate::ocr::tesseract::{RawWord, Recognizer, Segmentation};
use crate::ocr::{OcrEngine, OcrPage};
use crate::plan::TextOrigin;

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
}

impl OcrEngine for TesseractEngine {
    fn read(&mut self, image: &PageImage, number: u32) -> Result<OcrPage> {
        let (width, height) = image.gray.dimensions();
        let words = self
            .recognizer
            .read(&image.gray, image.dpi, Segmentation::Page)
            .map_err(|e| e.at_page(number))?;
        let geometry = PageGeometry { width, height, dpi: image.dpi };
        let lines = arrange(words.into_iter().map(place).collect(), geometry);
        Ok(OcrPage {
            number,
            width,
            height,
            dpi: image.dpi,
            rotation: 0,
            skew: 0.0,
            origin: TextOrigin::Ocr,
            reason: None,
            lines,
            warnings: Vec::new(),
        })
    }
}

fn place(word: RawWord) -> PlacedWord {
    PlacedWord {
        text: word.text,
        bounds: word.bounds,
        confidence: word.confidence,
        alternatives: word.alternatives,
    }
}
