//! Regions to lines, and lines to blocks: what a blank line parts in the text.

use super::columns::{BlockKind, Region};
use super::fragments::join_rows;
use super::{PlannedLine, Sheet, Spacing};
use crate::plan::LineRole;

/// A line apart from the one before it by this many line pitches begins a block …
const BLOCK_PITCH: f32 = 1.7;
/// … on a page whose paragraphs are set apart, by this many paragraph pitches.
const BLOCK_AFTER_PARAGRAPH: f32 = 1.25;
/// Paragraphs that are set apart stand this many line pitches from each other.
const PARAGRAPH_PITCH: (f32, f32) = (1.3, 2.2);
/// Line pitch in type heights, where a page has too few lines to tell.
const TYPICAL_PITCH: f32 = 1.3;
/// In type heights: between the signatory's position and name is the space for the signature.
const WIDEST_SIGNATURE_GAP: f32 = 2.6;

/// The lines of all regions in reading order.
pub(super) fn lines_of(sheet: &Sheet, regions: Vec<Region>) -> Vec<PlannedLine> {
    let mut lines = Vec::new();
    for region in regions {
        let parts = match region {
            Region::Rows(rows) => vec![(Spacing::Text, rows)],
            Region::Columns { block: BlockKind::Heading, left, right } => {
                vec![(Spacing::Heading, left), (Spacing::Heading, right)]
            }
            Region::Columns { block: BlockKind::Signature, left, right } => {
                vec![(Spacing::Signature, left), (Spacing::Signature, right)]
            }
        };
        for (spacing, part) in parts {
            let rows = join_rows(sheet, part);
            let start = lines.len();
            lines.extend(rows.into_iter().map(|row| PlannedLine::new(LineRole::Body, row)));
            for line in &mut lines[start..] {
                line.spacing = spacing;
            }
            if let Some(first) = lines[start..].first_mut() {
                first.begins_region = true;
            }
        }
    }
    lines
}

/// Orders the lines: running text, footnotes, then the rest from top to bottom; and numbers blocks.
pub(super) fn number(sheet: &Sheet, lines: &mut [PlannedLine]) {
    lines.sort_by_key(|line| match line.role {
        LineRole::Body => (0, 0, 0),
        LineRole::Footnote => (1, 0, 0),
        _ => (2, line.bounds().y0, line.bounds().x0),
    });
    let paragraph_gap = widest_gap_in_text(sheet, lines);
    for at in 1..lines.len() {
        let (above, below) = (&lines[at - 1], &lines[at]);
        let allowed = match below.spacing {
            Spacing::Text => paragraph_gap,
            Spacing::Heading | Spacing::Row => f32::INFINITY,
            Spacing::Signature => {
                paragraph_gap.max(WIDEST_SIGNATURE_GAP * sheet.type_height as f32)
            }
        };
        let apart =
            below.begins_region || above.role != below.role || pitch(above, below) as f32 > allowed;
        lines[at].block = lines[at - 1].block + u32::from(apart);
    }
}

/// The distance from line to line above which a new block begins.
///
/// Lines stand at one distance within a paragraph and at a wider one between paragraphs. Pages with
/// wide paragraph spacing do not fall apart into single paragraphs, so where the wider distance
/// recurs it is the measure.
fn widest_gap_in_text(sheet: &Sheet, lines: &[PlannedLine]) -> f32 {
    let mut pitches: Vec<u32> = lines
        .windows(2)
        .filter(|pair| pair.iter().all(|line| line.spacing == Spacing::Text))
        .map(|pair| pitch(&pair[0], &pair[1]))
        .filter(|&pitch| pitch >= sheet.types(0.5))
        .collect();
    pitches.sort_unstable();
    let line = pitches.get(pitches.len() / 2).copied().unwrap_or(sheet.types(TYPICAL_PITCH));
    let apart = |share: f32| (share * line as f32) as u32;
    let (least, most) = (apart(PARAGRAPH_PITCH.0), apart(PARAGRAPH_PITCH.1));
    let recurring: Vec<u32> =
        pitches.into_iter().filter(|pitch| (least..=most).contains(pitch)).collect();
    let paragraph = match recurring.len() {
        0..=2 => 0,
        count => recurring[count / 2],
    };
    (BLOCK_PITCH * line as f32).max(BLOCK_AFTER_PARAGRAPH * paragraph as f32)
}

/// From baseline to baseline.
fn pitch(above: &PlannedLine, below: &PlannedLine) -> u32 {
    below.bottom().saturating_sub(above.bottom())
}
