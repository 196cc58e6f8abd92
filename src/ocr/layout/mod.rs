//! Words with boxes to lines in reading order; knows nothing of pictures and engines.
//!
//! Administrative documents after Decree 30/2020/NĐ-CP are one column of text, but for two places:
//! the heading (issuer and number at the left; the country's name, motto, place and date at the
//! right) and the signature block (recipients at the left, who signed at the right). There the
//! left column is read before the right one. Tables whose rules are known are read cell by cell;
//! everything else, other tables too, row by row.
//!
//! `fragments` joins words to pieces of lines, `asides` takes out `stamps` and `noise`,
//! `columns` finds the two-column blocks, `blocks` makes lines and blocks of what is left and
//! `margins` finds page numbers and footnotes; `tables` reads cells. What the words mean is for later stages;
//! only the fixed formulas of the decree (`formulas`) are looked for here.

mod asides;
mod blocks;
mod columns;
mod formulas;
mod fragments;
mod margins;
mod noise;
mod stamps;
mod tables;

use crate::geometry::PixelBox;
use crate::input::SourcePage;
use crate::ocr::{Alternative, OcrLine, OcrPage, OcrWord};
use crate::plan::{LineRole, TextOrigin};

use fragments::Fragment;

pub use tables::Table;

/// One word where it stands on the upright, deskewed page.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedWord {
    /// No white space within.
    pub text: String,
    pub bounds: PixelBox,
    /// 0 to 1, as the engine says.
    pub confidence: f32,
    /// Other readings of the whole word, best first.
    pub alternatives: Vec<Alternative>,
}

/// Size of the page on which words stand, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageGeometry {
    pub width: u32,
    pub height: u32,
    pub dpi: u32,
}

/// Puts the words of one page into lines in reading order; every word ends in exactly one line.
///
/// First the running text, footnotes last; then page numbers, stamps and noise from top to bottom.
/// Takes any boxes, also empty ones and ones outside the page, in any order; the order of the
/// words makes no difference to the result.
pub fn arrange(words: Vec<PlacedWord>, page: PageGeometry) -> Vec<OcrLine> {
    arrange_with_tables(words, page, &[])
}

/// As [`arrange`], for a page whose ruled tables are known: they are read cell by cell.
pub fn arrange_with_tables(
    mut words: Vec<PlacedWord>,
    page: PageGeometry,
    tables: &[Table],
) -> Vec<OcrLine> {
    // Words on the very same spot are told apart by their text, so that input order never counts.
    words.sort_by(|a, b| {
        let corner = |word: &PlacedWord| <[u32; 4]>::from(word.bounds);
        corner(a).cmp(&corner(b)).then_with(|| a.text.cmp(&b.text))
    });
    let sheet = Sheet::new(&words, page);
    let (tables, outside) = tables::fill(&sheet, tables);
    let parted = asides::part(&sheet, fragments::join_words(&sheet, outside));
    let regions = columns::find(&sheet, parted.text);
    let mut lines = blocks::lines_of(&sheet, regions);
    lines.extend(parted.asides.into_iter().map(|(role, line)| PlannedLine::new(role, line)));
    margins::assign_roles(&sheet, &mut lines);
    tables::insert(&sheet, &mut lines, tables);
    blocks::number(&sheet, &mut lines);
    spell_out(lines, words)
}

/// The page as the steps of this module share it.
struct Sheet<'a> {
    words: &'a [PlacedWord],
    page: PageGeometry,
    /// Median height of the words, marks and descenders included: the unit of every distance here,
    /// since a gap or a letter is wide or narrow only against the type. About 0.9 of the type size.
    type_height: u32,
}

impl<'a> Sheet<'a> {
    fn new(words: &'a [PlacedWord], page: PageGeometry) -> Self {
        // Dots, dashes and rules say nothing about the type.
        let lettered = words.iter().filter(|word| word.text.chars().any(char::is_alphanumeric));
        let mut heights: Vec<u32> = lettered.map(|word| word.bounds.height()).collect();
        heights.sort_unstable();
        let type_height = heights.get(heights.len() / 2).copied().unwrap_or(0).max(1);
        Self { words, page, type_height }
    }

    /// `share` of the type height, in pixels.
    fn types(&self, share: f32) -> u32 {
        (self.type_height as f32 * share) as u32
    }

    fn text(&self, fragment: &Fragment) -> String {
        let words = fragment.words.iter().map(|&at| self.words[at].text.as_str());
        words.collect::<Vec<_>>().join(" ")
    }

    /// The left margin of the text, from its wide lines; the page's edge if it has none.
    fn text_left(&self, fragments: &[Fragment]) -> u32 {
        let mut edges: Vec<u32> = self.wide(fragments).map(|fragment| fragment.bounds.x0).collect();
        edges.sort_unstable();
        edges.get(edges.len() / 4).copied().unwrap_or(0)
    }

    /// The middle between the margins of the text, from its wide lines; of the page if it has none.
    fn text_middle<'f>(&self, fragments: impl IntoIterator<Item = &'f Fragment>) -> u32 {
        let mut middles: Vec<u32> = self.wide(fragments).map(Fragment::center_x).collect();
        middles.sort_unstable();
        middles.get(middles.len() / 2).copied().unwrap_or(self.page.width / 2)
    }

    fn wide<'f>(
        &self,
        fragments: impl IntoIterator<Item = &'f Fragment>,
    ) -> impl Iterator<Item = &'f Fragment> {
        let half = self.page.width / 2;
        fragments.into_iter().filter(move |fragment| fragment.bounds.width() > half)
    }

    /// Mean over the fragment's letters and digits; 0 for one that has none.
    fn confidence(&self, fragment: &Fragment) -> f32 {
        let (mut sum, mut letters) = (0.0, 0.0);
        for &at in &fragment.words {
            let word = &self.words[at];
            let count = word.text.chars().filter(|c| c.is_alphanumeric()).count() as f32;
            sum += word.confidence * count;
            letters += count;
        }
        if letters > 0.0 { sum / letters } else { 0.0 }
    }
}

/// A line before its words are moved into it.
struct PlannedLine {
    role: LineRole,
    block: u32,
    /// From left to right.
    fragments: Vec<Fragment>,
    spacing: Spacing,
    /// The first line of its column or of the text between two-column blocks.
    begins_region: bool,
}

/// How far apart lines of one block may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spacing {
    /// As lines and paragraphs of the page do.
    Text,
    /// Any distance: a heading's column is one block.
    Heading,
    /// Any distance: a table's row is one block.
    Row,
    /// Less than the space for a signature.
    Signature,
}

impl PlannedLine {
    fn new(role: LineRole, fragments: Vec<Fragment>) -> Self {
        Self { role, block: 0, fragments, spacing: Spacing::Text, begins_region: false }
    }

    /// Where its type ends below, near enough the baseline.
    fn bottom(&self) -> u32 {
        self.fragments.iter().map(|fragment| fragment.band.bottom).max().unwrap_or(0)
    }

    fn bounds(&self) -> PixelBox {
        PixelBox::around(self.fragments.iter().map(|fragment| fragment.bounds)).unwrap_or_default()
    }
}

fn spell_out(lines: Vec<PlannedLine>, words: Vec<PlacedWord>) -> Vec<OcrLine> {
    let mut words: Vec<Option<PlacedWord>> = words.into_iter().map(Some).collect();
    let mut take = |at: usize| {
        let word = words[at].take().expect("every word is in one fragment only");
        OcrWord {
            text: word.text,
            bounds: word.bounds,
            confidence: word.confidence,
            alternatives: word.alternatives,
        }
    };
    let spell = |line: PlannedLine| {
        let words: Vec<OcrWord> = line
            .fragments
            .iter()
            .flat_map(|fragment| &fragment.words)
            .map(|&at| take(at))
            .collect();
        let bounds = PixelBox::around(words.iter().map(|word| word.bounds)).unwrap_or_default();
        OcrLine { role: line.role, block: line.block, bounds, words }
    };
    lines.into_iter().map(spell).collect()
}

/// Lays out the words of a page's own text layer as if they had been read.
///
/// Confidence is 1: the file says what it says. The reason why the layer was taken, if there is
/// one, is for the caller to add.
pub fn page_from_layer(page: &SourcePage) -> OcrPage {
    let (width, height) = page.image.gray.dimensions();
    let geometry = PageGeometry { width, height, dpi: page.image.dpi };
    let words = page.layer.iter().filter(|word| word.upright && !word.text.trim().is_empty());
    let words = words.map(|word| PlacedWord {
        text: word.text.clone(),
        bounds: word.bounds,
        confidence: 1.0,
        alternatives: Vec::new(),
    });
    OcrPage {
        number: page.number,
        width,
        height,
        dpi: page.image.dpi,
        rotation: 0,
        skew: 0.0,
        origin: TextOrigin::TextLayer,
        reason: None,
        lines: arrange(words.collect(), geometry),
        warnings: page.warnings.clone(),
    }
}

#[cfg(test)]
mod tests;
