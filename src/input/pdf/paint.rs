//! Second look at a PDF page that is a scan: its images decoded one after the other and laid on
//! the page picture as the page shows them.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::hayro_syntax::object::{Name, Stream};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, LumaData,
    Paint, RasterImage, SoftMask, StencilImage,
};
use hayro::kurbo::{Affine, BezPath, Rect, Shape};

use super::canvas::{Canvas, Layer, Mask, Pixels};
use super::grid::Grid;
use super::survey::Clips;
use crate::error::{Error, ErrorKind};
use crate::input::guard::abandon;
use crate::input::picture::ends_its_scan;
use crate::warning::{Warning, WarningCode};

/// An image that should cover this share of the picture and can't be decoded fails the page; a
/// smaller one leaves a warning.
const VITAL_SHARE: f64 = 0.2;

/// Lays images onto a canvas; text and lines drawn over a scan are left out.
pub(super) struct Painter {
    pub canvas: Canvas,
    pub warnings: Vec<Warning>,
    grid: Grid,
    clips: Clips,
    groups: Vec<Group>,
}

#[derive(Clone, Copy)]
struct Group {
    opacity: f32,
    multiplies: bool,
}

impl Painter {
    pub(super) fn new(grid: Grid, page: Rect) -> Self {
        Self {
            canvas: Canvas::new(grid.width, grid.height),
            warnings: Vec::new(),
            grid,
            clips: Clips::new(page),
            groups: vec![Group { opacity: 1.0, multiplies: false }],
        }
    }

    fn group(&self) -> Group {
        *self.groups.last().expect("the page itself is never popped")
    }

    fn lay(&mut self, layer: &Layer, place: Affine) {
        let clip = self.grid.to_image.transform_rect_bbox(self.clips.shown());
        self.canvas.lay(layer, place, clip);
    }

    fn warn(&mut self, message: impl Into<String>) {
        self.warnings.push(Warning::new(WarningCode::ImageDamaged, message));
    }

    /// What to do about an image that can't be decoded at all.
    fn miss(&mut self, what: &str, extent: Rect) {
        let picture = Rect::new(0.0, 0.0, self.grid.width.into(), self.grid.height.into());
        let message = format!("cannot decode {what}");
        if extent.intersect(picture).area() >= VITAL_SHARE * picture.area() {
            abandon(Error::new(ErrorKind::Damaged, message));
        }
        self.warn(message);
    }

    fn draw_raster(&mut self, raster: &RasterImage<'_>, to_image: Affine, group: Group) {
        let (width, height) = (raster.width(), raster.height());
        let what = describe(raster.stream(), width, height);
        let mut decoded = None;
        raster.with_rgba(|image, alpha| decoded = Some((image, alpha)), None);
        let Some((data, alpha)) = decoded else {
            let extent = Rect::new(0.0, 0.0, width.into(), height.into());
            return self.miss(&what, to_image.transform_rect_bbox(extent));
        };
        let (scale_x, scale_y) = data.scale_factors();
        if f64::from(data.height()) * f64::from(scale_y) < f64::from(height) - 1.0
            || is_cut_jpeg(raster.stream())
        {
            self.warn(format!("{what} ends early; the lower part of it may be missing"));
        }
        let (width, height) = (data.width() as usize, data.height() as usize);
        let pixels = match data {
            ImageData::Luma(luma) => Pixels::Gray(luma.data),
            ImageData::Rgb(rgb) => Pixels::Rgb(rgb.data),
        };
        let mask = alpha.map(|alpha| Mask {
            width: alpha.width as usize,
            height: alpha.height as usize,
            alpha: alpha.data,
        });
        let Group { opacity, multiplies } = group;
        let layer = Layer { width, height, pixels, mask, opacity, multiplies };
        let scale = Affine::scale_non_uniform(scale_x.into(), scale_y.into());
        self.lay(&layer, to_image * scale);
    }

    fn draw_stencil(&mut self, stencil: &StencilImage<'_, '_>, to_image: Affine, group: Group) {
        let (width, height) = (stencil.width(), stencil.height());
        let mut decoded = None;
        stencil.with_stencil(|luma, paint| decoded = Some((luma, color_of(paint))), None);
        let Some((luma, color)) = decoded else {
            let extent = Rect::new(0.0, 0.0, width.into(), height.into());
            let what = describe(stencil.stream(), width, height);
            return self.miss(&what, to_image.transform_rect_bbox(extent));
        };
        let LumaData { data, width, height, scale_factors: (scale_x, scale_y), .. } = luma;
        let (width, height) = (width as usize, height as usize);
        let layer = Layer {
            width,
            height,
            pixels: Pixels::Flat(color),
            mask: Some(Mask { width, height, alpha: data }),
            opacity: group.opacity,
            multiplies: group.multiplies,
        };
        let scale = Affine::scale_non_uniform(scale_x.into(), scale_y.into());
        self.lay(&layer, to_image * scale);
    }
}

impl<'a> Device<'a> for Painter {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.clips.push(clip.path.bounding_box());
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(&mut self, opacity: f32, _: Option<SoftMask<'a>>, mode: BlendMode) {
        let outer = self.group();
        self.groups.push(Group {
            opacity: outer.opacity * opacity,
            multiplies: outer.multiplies || matches!(mode, BlendMode::Multiply | BlendMode::Darken),
        });
    }

    fn pop_transparency_group(&mut self) {
        if self.groups.len() > 1 {
            self.groups.pop();
        }
    }

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let to_image = self.grid.to_image * props.transform;
        let group = self.group();
        match &image {
            Image::Raster(raster) => self.draw_raster(raster, to_image, group),
            Image::Stencil(stencil) => self.draw_stencil(stencil, to_image, group),
        }
    }
}

/// The colour that a stencil is painted in; patterns count as black.
fn color_of(paint: &Paint<'_>) -> [u8; 3] {
    match paint {
        Paint::Color(color) => {
            let [r, g, b, _] = color.to_rgba().to_rgba8();
            [r, g, b]
        }
        Paint::Pattern(_) => [0; 3],
    }
}

fn filter_of(stream: &Stream<'_>) -> Option<String> {
    stream.dict().get::<Name<'_>>(b"Filter").map(|name| name.as_str().to_owned())
}

fn describe(stream: &Stream<'_>, width: u32, height: u32) -> String {
    let filter = filter_of(stream).unwrap_or_else(|| "several or no filters".to_owned());
    format!("the image of {width} x {height} pixels ({filter})")
}

/// The JPEG decoder fills what is missing at the end with grey and says nothing.
fn is_cut_jpeg(stream: &Stream<'_>) -> bool {
    filter_of(stream).as_deref() == Some("DCTDecode") && !ends_its_scan(&stream.raw_data())
}
