//! Page image to [`OcrPage`]: lines in reading order, words with boxes and confidences.
//!
//! No type of this module knows which engine read the page, so later stages and tests work on
//! pages that were recorded.

pub mod layout;
mod leaders;
pub mod prepare;
mod reader;
mod recorded;
mod reread;
mod tables;
pub mod tesseract;
mod unread;
mod vote;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::geometry::PixelBox;
use crate::input::PageImage;
use crate::plan::{LineRole, TextOrigin};
use crate::warning::{Warning, WarningCode};

pub use layout::page_from_layer;
pub use reader::TesseractEngine;
pub use recorded::RecordedEngine;

/// One page as read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OcrPage {
    /// 1-based.
    pub number: u32,
    /// Size of the page image in pixels, as the file holds it.
    pub width: u32,
    pub height: u32,
    pub dpi: u32,
    /// Degrees clockwise by which the picture had to be turned to stand upright.
    pub rotation: u16,
    /// Degrees clockwise by which the lines of the upright page slope.
    pub skew: f32,
    pub origin: TextOrigin,
    /// Why the page's text layer was taken or passed over.
    pub reason: Option<WarningCode>,
    /// In reading order.
    pub lines: Vec<OcrLine>,
    pub warnings: Vec<Warning>,
}

/// One line of print.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OcrLine {
    pub role: LineRole,
    /// Lines of one block (paragraph, heading column, list) share a number; it grows in reading
    /// order.
    pub block: u32,
    pub bounds: PixelBox,
    pub words: Vec<OcrWord>,
}

/// One word: no white space within.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OcrWord {
    pub text: String,
    pub bounds: PixelBox,
    /// 0 to 1, as the engine says: not calibrated.
    pub confidence: f32,
    /// Other readings of the whole word, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
}

/// A reading that the engine considered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    pub text: String,
    /// 0 to 1.
    pub confidence: f32,
}

impl OcrPage {
    /// The lines of the running text, footnotes included.
    pub fn running_lines(&self) -> impl Iterator<Item = &OcrLine> {
        self.lines.iter().filter(|line| line.is_running())
    }

    /// The lines outside the running text: page numbers, stamps, noise.
    pub fn asides(&self) -> impl Iterator<Item = &OcrLine> {
        self.lines.iter().filter(|line| !line.is_running())
    }
}

impl OcrLine {
    /// Whether it belongs to the running text, footnotes included.
    pub fn is_running(&self) -> bool {
        matches!(self.role, LineRole::Body | LineRole::Footnote)
    }

    /// The words joined by single spaces.
    pub fn text(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// Reads page pictures. One engine for each worker thread, never shared.
pub trait OcrEngine {
    /// Reads one page picture: words with boxes in pixels of `image`, lines in reading order.
    ///
    /// # Errors
    /// [`ErrorKind::Ocr`](crate::ErrorKind::Ocr) if the engine fails on this picture.
    fn read(&mut self, image: &PageImage, number: u32) -> Result<OcrPage>;
}
