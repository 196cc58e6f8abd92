//! The JSON that `ingest` writes: the types of `sohoa.plan/1`, and nothing that computes them.
//!
//! Field names are the interface; renaming or dropping one is a new schema version.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::geometry::PixelBox;
use crate::warning::{Warning, WarningCode};

/// The value of [`Plan::schema`].
pub const SCHEMA: &str = "sohoa.plan/1";

/// What one input file says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Always `sohoa.plan/1`.
    pub schema: String,
    pub source: Source,
    /// In order of appearance; a file can hold a decision, then the plan that it issues.
    pub documents: Vec<Document>,
    /// One for each distinct document cited in the file, in order of first mention.
    pub references: Vec<Reference>,
    pub deadlines: Vec<Deadline>,
    pub awards: Vec<Award>,
    pub assignments: Vec<Assignment>,
    /// The restored text with its way back to the scan: entry i is line i + 1 of the text file.
    pub lines: Vec<Line>,
    /// What stands on the pages outside the running text: page numbers, stamps, signature marks.
    pub asides: Vec<Aside>,
    pub warnings: Vec<Warning>,
}

/// The input file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// As given on the command line.
    pub path: String,
    /// Of the file's bytes, in lower-case hexadecimal.
    pub sha256: String,
    pub media_type: String,
    /// Number of pages in the file; 1 for text.
    pub pages: u32,
    /// How most of the text was got.
    pub text_origin: TextOrigin,
    /// One for each page that was asked for, in order; empty for text.
    pub page_readings: Vec<PageReading>,
}

/// How text was got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextOrigin {
    /// Read from the page picture.
    Ocr,
    /// Taken from the PDF's own text.
    TextLayer,
    /// The input was text.
    Text,
}

/// How one page was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageReading {
    /// 1-based.
    pub page: u32,
    /// `None` if the page could not be read; a warning says why.
    pub text_origin: Option<TextOrigin>,
    /// Why the text layer was taken or passed over; `None` where the page has none.
    pub reason: Option<WarningCode>,
    /// Size of the page image in pixels, as the boxes count them.
    pub width: u32,
    pub height: u32,
    pub dpi: u32,
    /// Degrees clockwise by which the page had to be turned to stand upright: 0, 90, 180, 270.
    pub rotation: u16,
    /// Degrees clockwise by which the lines of the upright page slope.
    pub skew: f32,
    /// Mean confidence of the page's words, 0 to 1; `None` for a page without words.
    pub confidence: Option<f32>,
}

/// One administrative document (văn bản).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// One of the 29 kinds of Decree 30/2020/NĐ-CP, in Vietnamese: "Quyết định", "Kế hoạch".
    pub doc_type: Option<String>,
    /// "190" of "190/KH-UBND"; `None` where blank or illegible.
    pub number: Option<String>,
    /// "KH-UBND" of "190/KH-UBND".
    pub symbol: Option<String>,
    /// The issuing authority, spelled out.
    pub issuer: Option<String>,
    pub place: Option<String>,
    /// ISO 8601, as precise as what is legible: "2025-07-28", "2026-04".
    pub date: Option<String>,
    /// The abstract line (trích yếu), on one line, without the type word.
    pub title: Option<String>,
    pub signatory: Option<Signatory>,
    /// The list after "Nơi nhận:", one entry a string, without dash and end punctuation.
    pub recipients: Vec<String>,
    /// 1-based line of the restored text.
    pub first_line: u32,
    pub last_line: u32,
    pub sections: Vec<Section>,
    /// How sure each field above is.
    pub confidence: DocumentConfidence,
}

/// How sure each field of a document is, 0 to 1; `None` where the field is null.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentConfidence {
    pub doc_type: Option<f32>,
    pub number: Option<f32>,
    pub symbol: Option<f32>,
    pub issuer: Option<f32>,
    pub place: Option<f32>,
    pub date: Option<f32>,
    pub title: Option<f32>,
    pub signatory: Option<f32>,
}

/// Who signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signatory {
    /// The KT./TM./TL./TUQ./Q. lines joined by a space: "TM. ỦY BAN NHÂN DÂN".
    pub capacity: Option<String>,
    /// "CHỦ TỊCH".
    pub position: Option<String>,
    pub name: Option<String>,
}

/// A numbered part of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// As printed: "I", "1", "a", "đ", "2.1", "Điều 1".
    pub label: String,
    /// `None` for a numbered paragraph without a heading of its own.
    pub title: Option<String>,
    /// What a titled section is about; empty for one without a title.
    pub kinds: Vec<SectionKind>,
    /// 1-based line on which it begins.
    pub line: u32,
    pub children: Vec<Section>,
}

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// Mục đích.
    Purpose,
    /// Yêu cầu.
    Requirements,
    /// Đối tượng.
    Subjects,
    /// Thời gian thực hiện.
    Duration,
    /// Mục tiêu.
    Objectives,
    /// Nội dung.
    Content,
    /// Tiêu chí.
    Criteria,
    /// Khen thưởng.
    Awards,
    /// Giải pháp.
    Solutions,
    /// Tổ chức thực hiện.
    Implementation,
    /// Kinh phí.
    Funding,
    Other,
}

/// A cited document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reference {
    /// The word before the number: "Nghị quyết".
    #[serde(rename = "type")]
    pub doc_type: Option<String>,
    /// As correctly printed: "57-NQ/TW"; a law without a number has its name here.
    pub id: String,
    /// ISO 8601.
    pub date: Option<String>,
    pub issuer: Option<String>,
    pub mentions: Vec<Mention>,
    /// Cited under "Căn cứ …" or in the plan's opening paragraph.
    pub legal_basis: bool,
    pub confidence: f32,
}

/// One place where a document is cited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    /// 1-based line on which the mention begins.
    pub line: u32,
    /// The words of the restored text.
    pub text: String,
    /// The part of it that is meant: "khoản 2 Điều 5 …"; `None` for all of it.
    #[serde(default)]
    pub provision: Option<Provision>,
}

/// Part of a cited document, each number or letter as printed: "1, 2 và 3".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Provision {
    /// Điều.
    pub article: Option<String>,
    /// Khoản.
    pub clause: Option<String>,
    /// Điểm.
    pub point: Option<String>,
}

/// A date by, in or over which something is to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Deadline {
    pub kind: DeadlineKind,
    /// The words that say when: "trước 30/11 hằng năm".
    pub text: String,
    /// ISO 8601 as precise as said, or "issue" for "từ ngày ban hành".
    pub start: Option<String>,
    pub end: Option<String>,
    /// An RFC 5545 RRULE: "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30".
    pub recurrence: Option<String>,
    /// What is to be done; words of the text.
    pub action: Option<String>,
    /// Who must do it.
    pub responsible: Option<String>,
    /// To whom it is reported.
    pub recipient: Option<String>,
    pub line: u32,
    /// Path of labels: "VI/5"; `None` outside all sections.
    pub section: Option<String>,
    pub confidence: f32,
}

/// What a date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    /// By or in a date or month.
    Due,
    /// Every year, quarter, month.
    Recurring,
    /// From … to ….
    Period,
    /// An event set for a year or month.
    Milestone,
    /// A vision: "đến năm 2045 trở thành …".
    Horizon,
}

/// A form of award (hình thức khen thưởng) on one occasion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Award {
    /// "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh"; `None` if the occasion names no form.
    pub form: Option<String>,
    pub occasion: Option<AwardOccasion>,
    pub max_collectives: Option<u32>,
    pub max_individuals: Option<u32>,
    pub max_flags: Option<u32>,
    /// Path of labels.
    pub section: Option<String>,
    pub line: u32,
    pub confidence: f32,
}

/// When an award is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AwardOccasion {
    /// Hằng năm.
    Annual,
    /// Sơ kết.
    Preliminary,
    /// Tổng kết.
    Final,
}

/// A unit given duties in the implementation section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Assignment {
    pub unit: String,
    /// Path of labels.
    pub section: Option<String>,
    pub line: u32,
    /// Number of its lettered points, or bullets, or 1.
    pub tasks: u32,
    pub confidence: f32,
}

/// One line of the restored text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    pub text: String,
    /// 1-based page of the input; `None` for text input and for the blank line between blocks.
    pub page: Option<u32>,
    #[serde(rename = "box")]
    pub bounds: Option<PixelBox>,
    pub role: LineRole,
    pub words: Vec<Word>,
}

/// What a line is on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineRole {
    /// Running text, headings, lists.
    Body,
    Footnote,
    PageNumber,
    /// A stamp or a digital signature's caption: incoming-mail stamp, "Ký bởi: …".
    Stamp,
    /// Specks, handwriting, borders read as letters.
    Noise,
}

/// One word of the restored text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Word {
    pub text: String,
    /// What OCR or the input had here.
    pub read: String,
    #[serde(rename = "box")]
    pub bounds: Option<PixelBox>,
    /// Of `text`, 0 to 1.
    pub confidence: f32,
}

/// A line outside the running text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Aside {
    pub text: String,
    pub page: u32,
    #[serde(rename = "box")]
    pub bounds: Option<PixelBox>,
    pub role: LineRole,
}
