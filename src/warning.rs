//! What went less than well without stopping the work; travels with the result into the JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Stable names for programs. Add freely; never rename.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WarningCode {
    /// The page could not be read; its text is missing.
    PageFailed,
    /// The page took longer than the limit; its text is missing.
    PageTimeout,
    /// The page has nothing on it.
    PageBlank,
    /// The page was read, but with low confidence throughout.
    PageDoubtful,
    /// The page was turned before reading.
    PageRotated,
    /// Text layer passed over: it holds only a stamp or a signature.
    TextLayerStampOnly,
    /// Text layer passed over: OCR of the wrong language, or garbage.
    TextLayerGarbage,
    /// Text layer passed over: it does not match the page picture.
    TextLayerMismatch,
    /// Text layer passed over because the user asked for OCR always.
    TextLayerIgnored,
    /// Part of the page's picture could not be decoded.
    ImageDamaged,
    /// Bytes that were no valid UTF-8 were replaced, or an old encoding was converted.
    Encoding,
    /// A number, date or symbol was read with doubt, and should be checked by a person.
    DoubtfulNumber,
    /// A date that the calendar does not have.
    ImpossibleDate,
    /// The same document is cited with two different dates.
    ConflictingDates,
    /// A cited document's symbol is not one that its issuer, as the text names it, can give.
    UnfitSymbol,
    /// A label is out of sequence.
    LabelSequence,
    /// A document's own number, date or title could not be found.
    HeadingIncomplete,
}

/// One warning, with the place it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    pub code: WarningCode,
    /// For people, in English.
    pub message: String,
    /// 1-based page of the input, if it is about one.
    pub page: Option<u32>,
    /// 1-based line of the restored text, if it is about one.
    pub line: Option<u32>,
}

impl Warning {
    pub fn new(code: WarningCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), page: None, line: None }
    }

    pub fn on_page(mut self, page: u32) -> Self {
        self.page = Some(page);
        self
    }

    pub fn on_line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }
}
