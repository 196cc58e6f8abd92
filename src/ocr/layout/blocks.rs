//! Regions to lines, and lines to blocks: what a blank line parts in the text.

use super::columns::{BlockKind, Region};
use super::fragments::join_rows;
use super::{PlannedLine, Sheet, Spacing};
use crate::plan::LineRole;

/// A paragraph or heading apart from the one before it by this many line pitches begins a block.
const BLOCK_PITCH: f32 = 1.7;
/// Paragraphs farther apart than this many type heights are blocks of their own on any page.
const WIDEST_PARAGRAPH_GAP: f32 = 2.6;
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
            Spacing::Heading => f32::INFINITY,
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
/// Lines stand at one distance within a paragraph and at a wider one between paragraphs; the widest
/// of the usual distances is the measure, so that pages with wide paragraph spacing do not fall
/// apart into single paragraphs.
fn widest_gap_in_text(sheet: &Sheet, lines: &[PlannedLine]) -> f32 {
    let mut pitches: Vec<u32> = lines
        .windows(2)
        .filter(|pair| pair.iter().all(|line| line.spacing == Spacing::Text))
        .map(|pair| pitch(&pair[0], &pair[1]))
        .filter(|&pitch| pitch >= sheet.types(0.5) && pitch <= sheet.types(WIDEST_PARAGRAPH_GAP))
        .collect();
    pitches.sort_unstable();
    let share = |part: usize| pitches.get(pitches.len() * part / 10).copied();
    match (share(5), share(8)) {
        (Some(line), Some(paragraph)) => (BLOCK_PITCH * line as f32).max(1.2 * paragraph as f32),
        _ => BLOCK_PITCH * 1.3 * sheet.type_height as f32,
    }
}

/// From baseline to baseline.
fn pitch(above: &PlannedLine, below: &PlannedLine) -> u32 {
    below.bottom().saturating_sub(above.bottom())
}
