//! Glyphs of a PDF page to the words of its text layer.

use hayro::hayro_interpret::font::{Glyph as PdfGlyph, PositionedGlyph};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::kurbo::{Affine, Point, Rect, Vec2};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::geometry::PixelBox;
use crate::input::LayerWord;

/// Units of glyph space in an em, after `hayro`.
const UNITS_PER_EM: f64 = 1000.0;
/// Advance of a glyph whose font tells none, in em: that of most digits and small letters.
const USUAL_ADVANCE: f32 = 500.0;
/// What a line of text reaches above and below the baseline, in em: tall Vietnamese capitals
/// with two marks, and descenders.
const ASCENT: f64 = 0.85;
const DESCENT: f64 = 0.22;
/// A gap wider than this, in em, parts words; the space of Times is 0.25 em, and justified lines
/// squeeze it.
const WORD_GAP: f64 = 0.15;
/// A glyph that starts this far before the end of the one before it, in em, starts a new word.
const WORD_BACKSTEP: f64 = 0.6;
/// A baseline that jumps by more than this, in em, parts words; footnote marks are raised by 0.33.
const BASELINE_STEP: f64 = 0.5;
/// Slope of a line that still counts as upright, as a tangent: about 10 degrees.
const MAX_SLOPE: f64 = 0.18;
/// What stands for a glyph that the font gives no character for.
const UNKNOWN: char = char::REPLACEMENT_CHARACTER;

/// One glyph on the page, in points of the page (y down).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Glyph {
    pub text: BfString,
    pub origin: Point,
    /// Where the next glyph would start.
    pub end: Point,
    /// The way up from the baseline, as long as an em.
    pub up: Vec2,
    pub visible: bool,
}

impl Glyph {
    /// `None` for a glyph without extent.
    pub(super) fn of(glyph: &PositionedGlyph<'_>, to_page: Affine) -> Option<Self> {
        let transform = to_page * glyph.transform();
        let advance = match &**glyph {
            PdfGlyph::Outline(outline) => outline.advance_width(),
            PdfGlyph::Type3(drawn) => drawn.advance_width(),
        };
        let advance = f64::from(advance.unwrap_or(USUAL_ADVANCE));
        let origin = transform * Point::ZERO;
        let up = transform * Point::new(0.0, UNITS_PER_EM) - origin;
        let is_sound = origin.is_finite() && up.is_finite() && up.hypot() > 0.0;
        is_sound.then(|| Self {
            text: glyph.as_unicode().unwrap_or(BfString::Char(UNKNOWN)),
            origin,
            end: transform * Point::new(advance, 0.0),
            up,
            visible: true,
        })
    }

    /// A point that lies on the letter.
    pub(super) fn middle(&self) -> Point {
        self.origin.midpoint(self.end) + self.up * 0.3
    }

    fn bounds(&self) -> Rect {
        let (above, below) = (self.up * ASCENT, self.up * -DESCENT);
        Rect::from_points(self.origin + above, self.end + below)
            .union(Rect::from_points(self.origin + below, self.end + above))
    }

    fn chars(&self) -> impl Iterator<Item = char> {
        let (one, many) = match &self.text {
            BfString::Char(char) => (Some(*char), ""),
            BfString::String(text) => (None, text.as_str()),
        };
        one.into_iter().chain(many.chars())
    }

    fn is_space(&self) -> bool {
        self.chars().all(|char| char.is_whitespace() || char == '\0')
    }

    fn is_mark(&self) -> bool {
        self.chars().all(is_combining_mark)
    }

    /// Whether the glyph goes on with the word of the glyph before it.
    fn continues(&self, before: &Self) -> bool {
        let em = before.up.hypot();
        let along = (before.end - before.origin).normalize();
        let along =
            if along.is_finite() { along } else { Vec2::new(-before.up.y, before.up.x) / em };
        let step = self.origin - before.end;
        let gap = step.dot(along) / em;
        let rise = step.cross(along).abs() / em;
        let near = -WORD_BACKSTEP..WORD_GAP;
        self.visible == before.visible
            && rise < BASELINE_STEP
            && (near.contains(&gap) || self.is_mark() && gap < WORD_GAP)
    }
}

/// Groups glyphs into words, in the order of painting, which is the file's order. Boxes are in
/// pixels of a page image of this size, into which `to_image` takes points of the page; words
/// outside of it are dropped.
pub(super) fn words(glyphs: &[Glyph], to_image: Affine, width: u32, height: u32) -> Vec<LayerWord> {
    let mut words = Vec::new();
    let mut rest = glyphs;
    while let Some(first) = rest.iter().position(|glyph| !glyph.is_space()) {
        rest = &rest[first..];
        let starts_anew = |pair: &[Glyph]| pair[1].is_space() || !pair[1].continues(&pair[0]);
        let length = rest.windows(2).position(starts_anew).map_or(rest.len(), |at| at + 1);
        words.extend(word(&rest[..length], to_image, width, height));
        rest = &rest[length..];
    }
    words
}

fn word(glyphs: &[Glyph], to_image: Affine, width: u32, height: u32) -> Option<LayerWord> {
    let is_shown = |char: &char| {
        !char.is_control() && !matches!(char, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}')
    };
    let text: String = glyphs.iter().flat_map(Glyph::chars).filter(is_shown).nfc().collect();
    let bounds = glyphs.iter().map(Glyph::bounds).reduce(|a, b| a.union(b))?;
    let image = Rect::new(0.0, 0.0, width.into(), height.into());
    let bounds = to_image.transform_rect_bbox(bounds).intersect(image);
    let bounds = PixelBox::new(
        bounds.x0.floor() as u32,
        bounds.y0.floor() as u32,
        bounds.x1.ceil() as u32,
        bounds.y1.ceil() as u32,
    );
    let (first, last) = (glyphs.first()?, glyphs.last()?);
    let Vec2 { x, y } = to_image * last.end - to_image * first.origin;
    let is_on_image = bounds.width() > 0 && bounds.height() > 0;
    let visible = glyphs.iter().all(|glyph| glyph.visible);
    (is_on_image && !text.trim().is_empty()).then(|| LayerWord {
        text: text.trim().to_owned(),
        bounds,
        visible,
        upright: x > 0.0 && y.abs() <= x * MAX_SLOPE,
    })
}
