//! Words with boxes to lines in reading order; knows nothing of pictures, engines or meaning.

use crate::geometry::PixelBox;
use crate::input::SourcePage;
use crate::ocr::{Alternative, OcrLine, OcrPage, OcrWord};
use crate::plan::{LineRole, TextOrigin};

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

/// Puts the words of one page into lines in reading order. Every word ends in exactly one line.
pub fn arrange(mut words: Vec<PlacedWord>, _page: PageGeometry) -> Vec<OcrLine> {
    words.sort_by_key(|word| (word.bounds.y0, word.bounds.x0));
    let mut rows: Vec<Vec<PlacedWord>> = Vec::new();
    for word in words {
        let middle = word.bounds.y0 / 2 + word.bounds.y1 / 2;
        let row = rows.iter_mut().rev().take(3).find(|row| {
            row.last().is_some_and(|last| (last.bounds.y0..last.bounds.y1).contains(&middle))
        });
        match row {
            Some(row) => row.push(word),
            None => rows.push(vec![word]),
        }
    }
    rows.into_iter().map(line_of).collect()
}

fn line_of(mut words: Vec<PlacedWord>) -> OcrLine {
    words.sort_by_key(|word| word.bounds.x0);
    let bounds = PixelBox::around(words.iter().map(|word| word.bounds)).unwrap_or_default();
    let words = words
        .into_iter()
        .map(|word| OcrWord {
            text: word.text,
            bounds: word.bounds,
            confidence: word.confidence,
            alternatives: word.alternatives,
        })
        .collect();
    OcrLine { role: LineRole::Body, block: 0, bounds, words }
}

/// Lays out the words of a page's own text layer as if they had been read.
pub fn page_from_layer(page: &SourcePage) -> OcrPage {
    let (width, height) = page.image.gray.dimensions();
    let geometry = PageGeometry { width, height, dpi: page.image.dpi };
    let words = page.layer.iter().filter(|word| !word.text.trim().is_empty());
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
