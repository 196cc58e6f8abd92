//! What a source file of `corpora/source` holds: the composed documents, how their pages are to be
//! scanned, and the answers that the text alone doesn't give.
//!
//! The format is described in `corpora/README.md`. This module reads the TOML; the body of a
//! document, which is markup within it, is left to `markup`.

use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// One source file, which becomes one scan.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// A source without it gives its text and answers only.
    pub scan: Option<Scan>,
    #[serde(rename = "document")]
    pub documents: Vec<Document>,
    #[serde(rename = "reference", default)]
    pub references: Vec<Reference>,
    #[serde(rename = "deadline", default)]
    pub deadlines: Vec<Deadline>,
    #[serde(rename = "award", default)]
    pub awards: Vec<Award>,
}

/// How the printed pages are scanned. Everything random follows from `seed`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    pub seed: u64,
    pub dpi: u32,
    pub encoding: Encoding,
    /// Files of the same pages beside the PDF, for tests of the other input formats.
    #[serde(default)]
    pub also: Vec<Copy>,
    /// Greatest slope of the lines in degrees; each page gets its own, either way.
    #[serde(default)]
    pub skew: f32,
    /// Standard deviation of the scanner's blur in pixels.
    pub blur: f32,
    /// Amplitude of the grain, 0 to 1 of the range from black to white.
    #[serde(default)]
    pub grain: f32,
    /// Grey level, 0 black to 1 white, below which a bitonal scan prints black: low values thin
    /// the strokes, high ones fatten them.
    #[serde(default = "half")]
    pub threshold: f32,
    /// By how much the toner's darkness varies over the page, 0 to 1.
    #[serde(default)]
    pub toner: f32,
    /// Specks for each square centimetre.
    #[serde(default)]
    pub specks: f32,
    /// Darkness of what shines through from the reverse, 0 to 1.
    #[serde(default)]
    pub show_through: f32,
    /// By how much the light falls off towards one corner, 0 to 1.
    #[serde(default)]
    pub shade: f32,
    /// Width in millimetres of the black band along the edges where the lid stood open.
    #[serde(default)]
    pub black_edge: f32,
    /// Millimetres cut off at the top, right, bottom and left.
    #[serde(default)]
    pub cut: [f32; 4],
    /// Two holes punched for the file binder.
    #[serde(default)]
    pub holes: bool,
    /// The frame stamped on the first page by the office that received it.
    pub received: Option<Received>,
}

fn half() -> f32 {
    0.5
}

/// How the page images lie in the PDF.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// Black and white, CCITT group 4.
    G4,
    /// Grey, JPEG.
    GreyJpeg,
    /// Colour, JPEG.
    ColourJpeg,
}

/// A second file of the same pages.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Copy {
    /// All pages in one file.
    Tiff,
    /// The first page.
    Png,
}

/// The incoming-mail stamp (dấu "Đến"): printed captions, entries by hand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    pub office: String,
    pub number: String,
    pub date: String,
    /// Where its upper left corner is pressed, in millimetres from the page's.
    pub at: (f32, f32),
}

/// One administrative document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    #[serde(rename = "type")]
    pub doc_type: String,
    pub heading: Heading,
    /// Left blank on the page where absent.
    pub number: Option<String>,
    pub symbol: Option<String>,
    /// The number is written by hand.
    #[serde(default)]
    pub number_by_hand: bool,
    /// The body above the issuing one, in light type.
    #[serde(default)]
    pub superior: Vec<String>,
    /// The issuing body's lines, as printed.
    #[serde(default)]
    pub authority: Vec<String>,
    /// The issuing body, spelled out.
    pub issuer: String,
    pub place: Option<String>,
    /// ISO 8601; the day is left blank on the page where it is missing.
    pub date: Option<String>,
    /// The printed lines of the abstract (trích yếu); may hold anchors.
    pub title: Vec<String>,
    /// Lines in italics under the title: "(Kèm theo Quyết định số …)".
    #[serde(default)]
    pub enclosure: Vec<String>,
    /// Whom a letter or directive is addressed to; one entry stands beside "Kính gửi:".
    #[serde(default)]
    pub addressees: Vec<String>,
    /// Body size in points.
    #[serde(default = "body_size")]
    pub size: f32,
    pub body: String,
    pub signature: Option<Signature>,
    /// What follows the signature on pages of its own: annexes, in the markup of a body.
    pub annex: Option<String>,
}

fn body_size() -> f32 {
    14.0
}

/// The two-column block at the top of the first page.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Heading {
    /// Decree 30/2020/NĐ-CP: country and motto at the right.
    State,
    /// Guideline 36-HD/VPTW: "ĐẢNG CỘNG SẢN VIỆT NAM" at the right, an asterisk under the issuer.
    Party,
    /// A document enclosed with another one: the title alone.
    None,
}

/// Recipients at the left, signatory at the right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    #[serde(default)]
    pub capacity: Vec<String>,
    pub position: String,
    pub name: String,
    /// The words around the seal.
    pub seal: Option<String>,
    pub recipients: Vec<String>,
}

/// A cited document; anchors name it by `id`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    #[serde(rename = "type")]
    pub doc_type: String,
    pub id: String,
    pub date: Option<String>,
    pub issuer: Option<String>,
    #[serde(default)]
    pub legal_basis: bool,
}

/// A deadline; the anchor `(#at)` marks its words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    pub at: String,
    pub kind: String,
    pub start: Option<String>,
    pub end: Option<String>,
    pub recurrence: Option<String>,
    pub action: Option<String>,
    pub responsible: Option<String>,
    pub recipient: Option<String>,
}

/// A form of award; the anchor `(#at)` marks where it is named. Several awards may share one.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Award {
    #[serde(skip_serializing)]
    pub at: String,
    pub form: Option<String>,
    pub occasion: Option<String>,
    pub max_collectives: Option<u32>,
    pub max_individuals: Option<u32>,
    pub max_flags: Option<u32>,
}

/// Reads one source file.
pub fn read(path: &Path) -> Result<Source> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("reading source {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("reading source {}", path.display()))
}
