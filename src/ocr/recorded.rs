//! Pages that were read before, replayed: tests of later stages need no OCR.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::input::PageImage;
use crate::ocr::{OcrEngine, OcrPage};

/// Answers with recorded pages, by page number, whatever the picture.
pub struct RecordedEngine {
    pages: BTreeMap<u32, OcrPage>,
}

impl RecordedEngine {
    pub fn new(pages: impl IntoIterator<Item = OcrPage>) -> Self {
        Self { pages: pages.into_iter().map(|page| (page.number, page)).collect() }
    }

    /// Takes every `*.json` of a folder, each one [`OcrPage`].
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if a file can't be read, [`ErrorKind::Schema`] if it is no recorded page.
    pub fn from_folder(folder: &Path) -> Result<Self> {
        let entries = std::fs::read_dir(folder).map_err(|e| Error::io("cannot list", folder, e))?;
        let mut pages = Vec::new();
        for entry in entries {
            let path = entry.map_err(|e| Error::io("cannot list", folder, e))?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                pages.push(read_page(&path)?);
            }
        }
        Ok(Self::new(pages))
    }
}

fn read_page(path: &Path) -> Result<OcrPage> {
    let file = File::open(path).map_err(|e| Error::io("cannot read", path, e))?;
    serde_json::from_reader(BufReader::new(file)).map_err(|e| {
        Error::new(ErrorKind::Schema, "cannot take it as a recorded page")
            .at_path(path)
            .caused_by(e)
    })
}

impl OcrEngine for RecordedEngine {
    fn read(&mut self, _image: &PageImage, number: u32) -> Result<OcrPage> {
        self.pages
            .get(&number)
            .cloned()
            .ok_or_else(|| Error::new(ErrorKind::Ocr, "no recording of this page").at_page(number))
    }
}
