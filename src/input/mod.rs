//! Bytes to pages: file type by content, page images and text layers; no reading of pictures.

use std::path::Path;

use image::{GrayImage, RgbImage};

use crate::error::{Error, ErrorKind, Result};

use crate::geometry::PixelBox;
use crate::warning::{Warning, WarningCode};

/// The picture of one page as the file holds it: never resampled.
#[derive(Clone)]
pub struct PageImage {
    /// 0 is black, 255 white.
    pub gray: GrayImage,
    /// The same picture in colour where the file has colour; same size.
    pub color: Option<RgbImage>,
    /// Dots per inch, as the page size tells.
    pub dpi: u32,
}

/// One word of a PDF's own text.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerWord {
    pub text: String,
    pub bounds: PixelBox,
    /// Whether it paints: an OCR layer under a scan does not.
    pub visible: bool,
}

/// One page of a file.
pub struct SourcePage {
    /// 1-based.
    pub number: u32,
    pub image: PageImage,
    /// Words of the text layer in the file's order; boxes in pixels of `image`.
    pub layer: Vec<LayerWord>,
    /// What was wrong with the page without making it unreadable.
    pub warnings: Vec<Warning>,
}

/// One input, its type known, its pages read on demand. Shared by all workers.
pub struct InputFile {
    name: String,
    media_type: &'static str,
    sha256: String,
    text: Option<String>,
}

impl InputFile {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|e| Error::io("cannot read", path, e))?;
        Self::from_bytes(&path.display().to_string(), bytes)
    }

    /// Takes what was read from standard input; `name` is for messages and the JSON.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self> {
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::new(ErrorKind::Unsupported, "not written yet"))?;
        Ok(Self {
            name: name.to_owned(),
            media_type: "text/plain",
            sha256: String::new(),
            text: Some(text),
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn media_type(&self) -> &'static str {
        self.media_type
    }

    /// Of the file's bytes, lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The text of a text input; `None` for inputs that have page pictures.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Number of pages; 1 for text.
    pub fn page_count(&self) -> u32 {
        1
    }

    /// Reads one page (1-based).
    pub fn page(&self, _number: u32) -> Result<SourcePage> {
        Err(Error::new(ErrorKind::Unsupported, "not written yet"))
    }
}

/// Whether a page's text layer is its text: `Ok(())`, or the reason to read the picture instead.
pub fn judge_layer(_page: &SourcePage) -> std::result::Result<(), WarningCode> {
    Err(WarningCode::TextLayerStampOnly)
}
