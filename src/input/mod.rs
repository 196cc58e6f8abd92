//! Bytes to pages: file type by content, page images and text layers; no reading of pictures.
//!
//! Files come from anybody, so everything here holds against damaged and hostile ones: sizes are
//! checked before memory is taken, panics of decoders are caught (in one place, `guard`), and what
//! goes wrong is an [`Error`] that names file, page and reason. One bad page costs that page.

mod guard;
mod ink;
mod kind;
mod layer;
mod pdf;
mod picture;
mod pixels;
mod text;
mod tiff;

use std::path::Path;

use image::{GrayImage, RgbImage};
use sha2::{Digest, Sha256};

use self::kind::Kind;
use self::pdf::PdfFile;
use self::tiff::TiffFile;
use crate::error::{Error, ErrorKind, Result};
use crate::geometry::PixelBox;
use crate::text::legacy::OldEncoding;
use crate::warning::Warning;

pub use self::kind::{HEAD_BYTES, is_scan};
pub use self::layer::judge_layer;

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
    /// Whether it reads from left to right on the picture: watermarks across the page and text on
    /// a page that lies on its side do not.
    pub upright: bool,
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
    kind: Kind,
    sha256: String,
    content: Content,
}

/// What is kept of a file between pages: its bytes as they are, nothing decoded.
enum Content {
    Text(text::Decoded),
    Picture(Vec<u8>),
    Tiff(TiffFile),
    Pdf(PdfFile),
}

impl InputFile {
    /// Opens a file.
    ///
    /// # Errors
    /// Names the file and the reason: it can't be read, is empty, of a kind that isn't read,
    /// needs a password, or is damaged beyond its single pages.
    pub fn open(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|e| Error::io("cannot read", path, e))?;
        Self::from_bytes(&path.display().to_string(), bytes)
    }

    /// Takes what was read from standard input; `name` is for messages and the JSON, and tells
    /// Markdown from plain text.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self> {
        let opened = || -> Result<Self> {
            let kind = Kind::of(name, &bytes)?;
            let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            let content = match kind {
                Kind::Text | Kind::Markdown => Content::Text(text::decode(&bytes)?),
                Kind::Png | Kind::Jpeg => Content::Picture(bytes),
                Kind::Tiff => Content::Tiff(TiffFile::open(bytes)?),
                Kind::Pdf => Content::Pdf(PdfFile::open(bytes)?),
            };
            Ok(Self { name: name.to_owned(), kind, sha256, content })
        };
        opened().map_err(|error| error.at_path(Path::new(name)))
    }

    /// As given when it was opened.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// As the content tells, for instance `application/pdf`.
    pub fn media_type(&self) -> &'static str {
        self.kind.media_type()
    }

    /// Of the file's bytes, lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The text of a text input, its lines ended by `\n`; `None` for inputs that have page
    /// pictures.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text((text, _)) => Some(text),
            _ => None,
        }
    }

    /// The encoding from before Unicode that a text input was in; `None` if it was in Unicode.
    pub fn old_encoding(&self) -> Option<OldEncoding> {
        match self.content {
            Content::Text((_, encoding)) => encoding,
            _ => None,
        }
    }

    /// Number of pages; 1 for text.
    pub fn page_count(&self) -> u32 {
        match &self.content {
            Content::Text(_) | Content::Picture(_) => 1,
            Content::Tiff(tiff) => tiff.page_count(),
            Content::Pdf(pdf) => pdf.page_count(),
        }
    }

    /// Reads one page (1-based). Any number of threads may read pages at the same time; what one
    /// page takes in memory is given back with it.
    ///
    /// # Errors
    /// Names the file, the page and the reason: the page doesn't exist, is damaged or too large.
    pub fn page(&self, number: u32) -> Result<SourcePage> {
        let read = || match &self.content {
            _ if !(1..=self.page_count()).contains(&number) => {
                let message = format!("there is no such page, expected 1 to {}", self.page_count());
                Err(Error::new(ErrorKind::Usage, message))
            }
            Content::Text(_) => {
                Err(Error::new(ErrorKind::Usage, "text has no page pictures, only text"))
            }
            Content::Picture(bytes) => {
                let (image, warnings) = picture::read(self.kind, bytes)?;
                Ok(SourcePage { number, image, layer: Vec::new(), warnings })
            }
            Content::Tiff(tiff) => {
                let (image, warnings) = tiff.page(number)?;
                Ok(SourcePage { number, image, layer: Vec::new(), warnings })
            }
            Content::Pdf(pdf) => pdf.page(number),
        };
        read().map_err(|error| error.at_path(Path::new(&self.name)).at_page(number))
    }
}
