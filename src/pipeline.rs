//! The one place that knows the order of the stages.
//!
//! [`Pipeline::read_page`] is the slow half, page by page; [`Pipeline::understand`] the fast one,
//! once all pages of a file are there.

use crate::error::{Error, ErrorKind, Result};
use crate::extract::{self, Extraction};
use crate::input::{self, InputFile};
use crate::ocr::{self, OcrEngine, OcrLine, OcrPage};
use crate::plan::{self, PageReading, Plan, Source, TextOrigin};
use crate::repair::Repairer;
use crate::sections;
use crate::text::AlignedText;
use crate::warning::{Warning, WarningCode};

/// Whether a page's text layer may stand for reading its picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OcrMode {
    /// Where the layer is right.
    #[default]
    Auto,
    /// Never: every picture is read.
    Always,
    /// Always: a page without a layer has no text.
    Never,
}

/// A page that was asked for: as read, or its number (1-based) and why it could not be.
pub type PageOutcome = std::result::Result<OcrPage, (u32, Error)>;

/// The stages with the models that they share; one for all workers.
pub struct Pipeline {
    repairer: Repairer,
    mode: OcrMode,
}

impl Pipeline {
    pub fn new(repairer: Repairer, mode: OcrMode) -> Self {
        Self { repairer, mode }
    }

    /// Reads page `number` (1-based) of a file that has pictures: its text layer if that is its
    /// text, else the picture.
    ///
    /// # Errors
    /// If the page is damaged or the engine fails on it; the error names the page.
    pub fn read_page(
        &self,
        file: &InputFile,
        number: u32,
        engine: &mut dyn OcrEngine,
    ) -> Result<OcrPage> {
        let source = file.page(number).map_err(|e| e.at_page(number))?;
        let verdict = match self.mode {
            _ if source.layer.is_empty() => Err(None),
            OcrMode::Auto => input::judge_layer(&source).map_err(Some),
            OcrMode::Always => Err(Some(WarningCode::TextLayerIgnored)),
            OcrMode::Never => Ok(()),
        };
        let mut page = match verdict {
            Ok(()) => ocr::page_from_layer(&source),
            Err(_) if self.mode == OcrMode::Never => ocr::page_from_layer(&source),
            Err(reason) => {
                let page = engine.read(&source.image, number).map_err(|e| e.at_page(number))?;
                OcrPage { reason, ..page }
            }
        };
        page.warnings.splice(0..0, source.warnings);
        Ok(page)
    }

    /// Makes the plan of a file from all its pages that were asked for, in order; none for text
    /// input.
    pub fn understand(&self, file: &InputFile, outcomes: Vec<PageOutcome>) -> Plan {
        let mut warnings = Vec::new();
        let mut page_readings = Vec::new();
        let mut pages = Vec::new();
        for outcome in outcomes {
            match outcome {
                Ok(page) => {
                    page_readings.push(reading_of(&page));
                    warnings.extend(page.warnings.iter().cloned());
                    pages.push(page);
                }
                Err((number, error)) => {
                    page_readings.push(failed_reading(number));
                    warnings.push(failure_warning(number, &error));
                }
            }
        }
        let text_origin = main_origin(file, &pages);
        let asides = pages.iter().flat_map(plan_asides).collect();
        let read = match file.text() {
            Some(text) => AlignedText::from_plain(text),
            None => AlignedText::from_pages(pages),
        };
        if let Some(encoding) = file.old_encoding() {
            let message =
                format!("the text was in {}, and was converted to Unicode", encoding.name());
            warnings.push(Warning::new(WarningCode::Encoding, message));
        }
        let text = self.repairer.repair(read);
        let parts = sections::segment(&text);
        let Extraction { documents, references, deadlines, awards, assignments, warnings: found } =
            extract::extract(&text, &parts);
        warnings.extend(found);
        Plan {
            schema: plan::SCHEMA.to_owned(),
            source: Source {
                path: file.name().to_owned(),
                sha256: file.sha256().to_owned(),
                media_type: file.media_type().to_owned(),
                pages: file.page_count(),
                text_origin,
                page_readings,
            },
            documents,
            references,
            deadlines,
            awards,
            assignments,
            lines: plan_lines(&text),
            asides,
            warnings,
        }
    }
}

fn reading_of(page: &OcrPage) -> PageReading {
    let confidences: Vec<f32> =
        page.running_lines().flat_map(|line| &line.words).map(|word| word.confidence).collect();
    PageReading {
        page: page.number,
        text_origin: Some(page.origin),
        reason: page.reason,
        width: page.width,
        height: page.height,
        dpi: page.dpi,
        rotation: page.rotation,
        skew: page.skew,
        confidence: (!confidences.is_empty())
            .then(|| confidences.iter().sum::<f32>() / confidences.len() as f32),
    }
}

fn failed_reading(page: u32) -> PageReading {
    PageReading {
        page,
        text_origin: None,
        reason: None,
        width: 0,
        height: 0,
        dpi: 0,
        rotation: 0,
        skew: 0.0,
        confidence: None,
    }
}

fn failure_warning(page: u32, error: &Error) -> Warning {
    let code = match error.kind() {
        ErrorKind::Timeout => WarningCode::PageTimeout,
        _ => WarningCode::PageFailed,
    };
    Warning::new(code, error.reason()).on_page(page)
}

/// The origin of most pages; OCR where both are as many, since that is the weaker claim.
fn main_origin(file: &InputFile, pages: &[OcrPage]) -> TextOrigin {
    if file.text().is_some() {
        return TextOrigin::Text;
    }
    let layers = pages.iter().filter(|page| page.origin == TextOrigin::TextLayer).count();
    if layers * 2 > pages.len() { TextOrigin::TextLayer } else { TextOrigin::Ocr }
}

fn plan_lines(text: &AlignedText) -> Vec<plan::Line> {
    let as_word = |word: &crate::text::TextWord| plan::Word {
        text: text.as_str()[word.span.clone()].to_owned(),
        read: word.read.clone(),
        bounds: word.bounds,
        confidence: word.confidence,
    };
    let as_line = |(index, line): (usize, &crate::text::TextLine)| plan::Line {
        text: text.line_text(index).to_owned(),
        page: line.page,
        bounds: line.bounds,
        role: line.role,
        words: text.words_of_line(index).iter().map(as_word).collect(),
    };
    text.lines().iter().enumerate().map(as_line).collect()
}

fn plan_asides(page: &OcrPage) -> Vec<plan::Aside> {
    let as_aside = |line: &OcrLine| plan::Aside {
        text: line.text(),
        page: page.number,
        bounds: Some(line.bounds),
        role: line.role,
    };
    page.asides().map(as_aside).collect()
}
