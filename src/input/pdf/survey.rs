//! First look at a PDF page: which images stand where, which glyphs, and whether they show.
//! Nothing is decoded here but the dictionaries.

use std::collections::BTreeMap;

use hayro::hayro_interpret::font::{Glyph as PdfGlyph, GlyphRun};
use hayro::hayro_interpret::hayro_syntax::object::Stream;
use hayro::hayro_interpret::pattern::Pattern;
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint,
    SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Rect, Shape};

use super::coded;
use super::glyphs::Glyph;
use crate::error::{Error, ErrorKind};
use crate::input::guard::abandon;

/// How many drawing operations a page may take, those within patterns and masks counted as often
/// as they are drawn. Engineering drawings have some hundred thousand; forms that draw each other
/// twice, 50 deep, would have 2^50. At the limit a page takes a few seconds.
const MAX_OPERATIONS: u64 = 2_000_000;
/// A clip costs as many operations as this: with each form comes one, and with it an interpreter
/// of its own.
const OPERATIONS_PER_CLIP: u64 = 20;
/// An image costs one operation for each of this many of its pixels: it may be drawn often.
const PIXELS_PER_OPERATION: u64 = 500;

/// One image as the page places it, not yet decoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placement {
    /// Size of its finest grid in pixels: that of its mask where the mask is finer.
    pub width: u32,
    pub height: u32,
    /// From pixels of that grid (y down) to points of the page (y down from the top left corner of
    /// the crop box, after the page's rotation).
    pub to_page: Affine,
    /// What of it shows, in points of the page.
    pub shown: Rect,
    /// Whether it hides what was painted before it.
    pub is_opaque: bool,
}

/// What a page consists of.
#[derive(Default)]
pub(super) struct Survey {
    pub images: Vec<Placement>,
    /// In the order of painting.
    pub glyphs: Vec<Glyph>,
}

impl Survey {
    /// Whether the page shows neither images nor text; it may still show lines.
    pub(super) fn is_blank(&self) -> bool {
        self.images.is_empty() && self.glyphs.is_empty()
    }
}

/// Collects a [`Survey`], and leaves the page with an error when it is too much work to draw.
pub(super) struct Surveyor {
    pub survey: Survey,
    page: Rect,
    clips: Clips,
    opacity: Vec<f32>,
    operations: u64,
    /// Operations that a pattern, mask or drawn glyph takes, by its key.
    costs: BTreeMap<u128, u64>,
    /// More than 0 within a pattern, mask or drawn glyph: those are counted, not collected.
    depth: u32,
}

impl Surveyor {
    pub(super) fn new(page: Rect) -> Self {
        Self {
            survey: Survey::default(),
            page,
            clips: Clips::new(page),
            opacity: vec![1.0],
            operations: 0,
            costs: BTreeMap::new(),
            depth: 0,
        }
    }

    fn opacity(&self) -> f32 {
        self.opacity.last().copied().unwrap_or(1.0)
    }

    fn spend(&mut self, operations: u64) {
        self.operations = self.operations.saturating_add(operations);
        if self.operations > MAX_OPERATIONS {
            let message = format!(
                "the page takes more than {MAX_OPERATIONS} drawing operations; \
                 its parts may contain each other"
            );
            abandon(Error::new(ErrorKind::TooLarge, message));
        }
    }

    /// Spends what drawing the thing with this `key` takes; `draw` draws it to find out.
    fn spend_on(&mut self, key: u128, draw: impl FnOnce(&mut Self)) {
        if let Some(&cost) = self.costs.get(&key) {
            return self.spend(cost);
        }
        let before = self.operations;
        self.depth += 1;
        draw(self);
        self.depth -= 1;
        self.costs.insert(key, self.operations - before);
    }

    fn spend_on_paint(&mut self, paint: &Paint<'_>) {
        if let Paint::Pattern(pattern) = paint
            && let Pattern::Tiling(tiling) = pattern.as_ref()
        {
            self.spend_on(tiling.cache_key(), |inner| {
                tiling.interpret(inner, Affine::IDENTITY, false);
            });
        }
    }

    fn spend_on_mask(&mut self, mask: Option<&SoftMask<'_>>) {
        if let Some(mask) = mask {
            self.spend_on(mask.cache_key(), |inner| mask.interpret(inner));
        }
    }

    fn spend_on_glyphs<'a>(&mut self, run: &GlyphRun<'_, 'a>, props: &DrawProps<'a>) {
        self.spend(run.glyphs().len() as u64);
        for glyph in run.glyphs() {
            if let PdfGlyph::Type3(drawn) = &**glyph {
                self.spend_on(drawn.cache_key(), |inner| {
                    drawn.interpret(inner, props.transform, glyph.transform(), &props.paint);
                });
            }
        }
    }

    /// Text painted before an image that hides it doesn't show: some OCR programs lay the text
    /// beneath the scan instead of marking it invisible.
    fn hide_glyphs_under(&mut self, image: &Placement) {
        for glyph in &mut self.survey.glyphs {
            if image.shown.contains(glyph.middle()) {
                glyph.visible = false;
            }
        }
    }

    fn collect_glyphs(&mut self, run: &GlyphRun<'_, '_>, props: &DrawProps<'_>, mode: &DrawMode) {
        let alpha = match &props.paint {
            Paint::Color(color) => color.to_rgba().components()[3],
            Paint::Pattern(_) => 1.0,
        };
        let paints = !matches!(mode, DrawMode::Invisible) && alpha * self.opacity() > 0.0;
        let shown = self.clips.shown();
        let glyphs = run.glyphs().iter().filter_map(|glyph| {
            let glyph = Glyph::of(glyph, props.transform)?;
            let middle = glyph.middle();
            self.page
                .contains(middle)
                .then_some(Glyph { visible: paints && shown.contains(middle), ..glyph })
        });
        let glyphs: Vec<Glyph> = glyphs.collect();
        // Text that is both filled and stroked comes twice.
        if !self.survey.glyphs.ends_with(&glyphs) {
            self.survey.glyphs.extend(glyphs);
        }
    }
}

impl<'a> Device<'a> for Surveyor {
    fn draw_path(&mut self, _: &BezPath, props: DrawProps<'a>, _: &DrawMode) {
        self.spend(1);
        self.spend_on_paint(&props.paint);
        self.spend_on_mask(props.soft_mask.as_ref());
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.spend(OPERATIONS_PER_CLIP);
        self.clips.push(clip.path.bounding_box());
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        self.spend(1);
        self.spend_on_mask(mask.as_ref());
        self.opacity.push(self.opacity() * opacity);
    }

    fn pop_transparency_group(&mut self) {
        self.opacity.pop();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.spend_on_glyphs(run, &props);
        self.spend_on_paint(&props.paint);
        self.spend_on_mask(props.soft_mask.as_ref());
        if self.depth == 0 {
            self.collect_glyphs(run, &props, mode);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let stream = match &image {
            Image::Raster(raster) => raster.stream(),
            Image::Stencil(stencil) => stencil.stream(),
        };
        if let Err(error) = coded::check_image(stream) {
            abandon(error);
        }
        let pixels = u64::from(image.width()) * u64::from(image.height());
        self.spend(1 + pixels / PIXELS_PER_OPERATION);
        if self.depth > 0 {
            return;
        }
        let placed = place(&image, props.transform, self.clips.shown(), self.opacity());
        if let Some(placement) = placed {
            if placement.is_opaque {
                self.hide_glyphs_under(&placement);
            }
            self.survey.images.push(placement);
        }
    }
}

/// Where an image stands; `None` if nothing of it shows.
fn place(image: &Image<'_, '_>, to_page: Affine, shown: Rect, opacity: f32) -> Option<Placement> {
    let (width, height) = (image.width(), image.height());
    let (mask_width, mask_height) = mask_size(image).unwrap_or((0, 0));
    let (fine_width, fine_height) = (width.max(mask_width), height.max(mask_height));
    let scale = Affine::scale_non_uniform(
        f64::from(width) / f64::from(fine_width),
        f64::from(height) / f64::from(fine_height),
    );
    let full = to_page.transform_rect_bbox(Rect::new(0.0, 0.0, width.into(), height.into()));
    let shown = full.intersect(shown);
    let is_sound = to_page.as_coeffs().iter().all(|value| value.is_finite())
        && to_page.determinant().abs() > f64::EPSILON;
    (is_sound && shown.area() > 0.0 && opacity > 0.0).then_some(Placement {
        width: fine_width,
        height: fine_height,
        to_page: to_page * scale,
        shown,
        is_opaque: matches!(image, Image::Raster(_)) && mask_width == 0 && opacity >= 1.0,
    })
}

/// Size of the mask that an image brings along, as its dictionary says.
fn mask_size(image: &Image<'_, '_>) -> Option<(u32, u32)> {
    let Image::Raster(raster) = image else { return None };
    let dict = raster.stream().dict();
    let mask = dict.get::<Stream<'_>>(b"SMask").or_else(|| dict.get::<Stream<'_>>(b"Mask"))?;
    Some((mask.dict().get::<u32>(b"Width")?, mask.dict().get::<u32>(b"Height")?))
}

/// The clips in force, as the rectangle around what they leave.
pub(super) struct Clips(Vec<Rect>);

impl Clips {
    pub(super) fn new(page: Rect) -> Self {
        Self(vec![page])
    }

    pub(super) fn shown(&self) -> Rect {
        self.0.last().copied().unwrap_or(Rect::ZERO)
    }

    pub(super) fn push(&mut self, bounds: Rect) {
        let inner = self.shown().intersect(bounds);
        self.0.push(inner);
    }

    pub(super) fn pop(&mut self) {
        if self.0.len() > 1 {
            self.0.pop();
        }
    }
}
