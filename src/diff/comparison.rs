//! The JSON of a comparison: the types of `sohoa.diff/1`, and nothing that computes them.
//!
//! Field names are the interface; renaming or dropping one is a new schema version.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::Source;

/// The value of [`Comparison::schema`].
pub const SCHEMA: &str = "sohoa.diff/1";

/// One line of `sohoa diff --against UPPER DIR --json`: a plan of the folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedFile {
    pub path: String,
    /// The plan that it was compared with.
    pub upper: Option<String>,
    /// `None` if it could not be compared; then `error` says why.
    pub comparison: Option<Comparison>,
    pub error: Option<String>,
}

/// How one plan stands to the plan above it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// Always `sohoa.diff/1`.
    pub schema: String,
    pub lower: Side,
    pub upper: Side,
    pub summary: Summary,
    /// Every leaf section of both plans at least once; in the order of the lower plan, then what was
    /// dropped, in the order of the upper.
    pub pairs: Vec<Pair>,
    /// The same for the text that inner sections have before their children.
    pub leads: Vec<Pair>,
    pub figures: Vec<Figure>,
    /// Most severe first, then in the order of the lower plan.
    pub findings: Vec<Finding>,
}

/// One of the two plans.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    pub source: Source,
    pub document: ComparedDocument,
}

/// The document of the file that was compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedDocument {
    /// 0-based place in the plan's `documents`.
    pub index: u32,
    pub doc_type: Option<String>,
    pub number: Option<String>,
    pub symbol: Option<String>,
    pub issuer: Option<String>,
    pub date: Option<String>,
    pub title: Option<String>,
    pub first_line: u32,
    pub last_line: u32,
    /// Number of leaf sections.
    pub leaves: u32,
}

/// Counts over the pairs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    pub same: u32,
    pub renamed: u32,
    pub reworded: u32,
    pub changed: u32,
    pub added: u32,
    pub dropped: u32,
    /// Pairs of any class that are moved.
    pub moved: u32,
    /// Share of the upper plan's leaf sections that have a counterpart, 0 to 1.
    pub taken_over: f32,
    /// The upper plan's deadlines, by what became of them.
    pub deadlines: DeadlineCounts,
    /// Words that differ by their reading alone: marks, letters of a low confidence.
    pub reading_differences: u32,
    /// Numbers, dates and documents that differ, but were not read surely: to be looked at, and in
    /// no class and no figure.
    pub doubtful_figures: u32,
}

/// Deadlines of the upper plan to do something by a date.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeadlineCounts {
    /// The lower plan has the same, or an earlier one.
    pub kept: u32,
    pub later: u32,
    /// The lower plan has none in its place.
    pub missing: u32,
}

/// A section of the lower plan and its counterpart in the upper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pair {
    /// Path of labels: "III/1/b"; `None` for a section that the lower plan hasn't.
    pub lower: Option<String>,
    pub upper: Option<String>,
    pub class: Class,
    /// Under another parent or in another order, not only renumbered.
    pub moved: bool,
    /// Share of the two texts that is the same, 0 to 1; 0 without a counterpart.
    pub similarity: f32,
    /// That the two belong together, 0 to 1; of a section without counterpart, that it has none.
    pub confidence: f32,
    /// 1-based lines of the restored texts.
    pub lower_line: Option<u32>,
    pub upper_line: Option<u32>,
    /// Both texts from end to end, cut where they begin or cease to differ. Of a section that was
    /// split or merged, only what belongs to this pair.
    pub segments: Vec<Segment>,
}

/// How a section stands to its counterpart.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// But for spelling, punctuation and bad reading.
    Same,
    /// But for the names of places, bodies and documents that the level brings with it.
    Renamed,
    /// Other words, same substance.
    Reworded,
    /// A figure, date, quota, duty or scope differs.
    Changed,
    /// Only in the lower plan.
    Added,
    /// Only in the upper plan.
    Dropped,
}

impl Class {
    pub const ALL: [Self; 6] =
        [Self::Same, Self::Renamed, Self::Reworded, Self::Changed, Self::Added, Self::Dropped];

    /// As in the JSON: "same".
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Renamed => "renamed",
            Self::Reworded => "reworded",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Dropped => "dropped",
        }
    }
}

/// A stretch of a pair's texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Segment {
    pub kind: SegmentKind,
    /// As printed; empty where the lower plan has nothing here.
    pub lower: String,
    pub upper: String,
}

/// How the two sides of a segment differ.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// Not, or in case and punctuation only.
    Same,
    /// In a heading that stands above the other side.
    Heading,
    /// By their reading: marks, letters of a low confidence.
    Reading,
    /// In a figure that was not read surely.
    Doubt,
    /// In names that the level brings with it.
    Name,
    /// In words.
    Wording,
    /// In matter: a duty, a scope, an item of a list.
    Matter,
    /// In a number, a date or a cited document.
    Figure,
}

/// A number, date, period, quota, cited document or responsible unit that changed, came or went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    pub what: FigureKind,
    /// As printed; `None` where it came or went.
    pub lower: Option<String>,
    pub upper: Option<String>,
    /// Path of labels; `None` outside all sections.
    pub lower_section: Option<String>,
    pub upper_section: Option<String>,
    pub lower_line: Option<u32>,
    pub upper_line: Option<u32>,
    /// The same in one spelling: "2026-06-30", "52.5%"; dates ISO 8601, "--11-30" without a year.
    pub lower_value: Option<String>,
    pub upper_value: Option<String>,
}

/// What a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FigureKind {
    /// A date by or in which something is due.
    Deadline,
    /// A number that bounds: awards, "tối đa", "ít nhất".
    Quota,
    Year,
    Date,
    /// A cited document.
    Document,
    /// A unit that is given duties.
    Unit,
    Number,
}

/// What an analyst would write down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub code: FindingCode,
    pub severity: Severity,
    /// In English, quoting the documents.
    pub text: String,
    pub lower_section: Option<String>,
    pub upper_section: Option<String>,
    pub lower_line: Option<u32>,
    pub upper_line: Option<u32>,
}

/// Stable names for programs. Add freely; never rename.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FindingCode {
    /// The lower plan cites the upper.
    CitesUpper,
    /// The lower plan doesn't cite the upper.
    UpperNotCited,
    /// A legal basis of the upper plan that the lower doesn't cite.
    BasisMissing,
    /// A legal basis of the lower plan that the upper doesn't cite.
    BasisAdded,
    /// The same document with two dates.
    BasisDateDiffers,
    /// The lower plan cites what replaced a basis of the upper.
    BasisReplaced,
    /// The lower plan cites a document that has been replaced.
    BasisOutdated,
    /// A deadline later than the upper plan's.
    DeadlineLater,
    /// A deadline of the upper plan that the lower hasn't.
    DeadlineMissing,
    /// Issued after the date that the upper plan set for it.
    IssuedLate,
    /// A task that the upper plan gives to the level of the lower, without counterpart.
    TaskWithoutCounterpart,
    /// An award or a quota that differs.
    AwardDiffers,
    /// A share that falls short of the upper plan's, or a bound that is less strict.
    TargetLower,
    /// A unit named in the implementation section without a duty.
    UnitWithoutDuty,
}

/// How much a finding matters; most first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    High,
    Medium,
    Low,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}
