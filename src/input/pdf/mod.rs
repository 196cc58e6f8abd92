//! PDF: the page's own image, unresampled, and its text layer, both from one interpretation of the
//! page by `hayro`. Pages that aren't scans are rendered.

mod canvas;
mod coded;
mod glyphs;
mod grid;
mod limits;
mod packing;
mod paint;
mod render;
mod survey;

use std::sync::Arc;

use hayro::hayro_interpret::hayro_syntax::object::{Dict, Name, Object};
use hayro::hayro_interpret::hayro_syntax::page::Page;
use hayro::hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    Context, Device, InterpreterCache, InterpreterSettings, interpret_page,
};
use hayro::kurbo::Rect;

use self::paint::Painter;
use self::survey::{Survey, Surveyor};
use super::guard::guarded;
use super::{PageImage, SourcePage};
use crate::error::{Error, ErrorKind, Result};
use crate::warning::{Warning, WarningCode};

/// A PDF file. Only its bytes are kept: it is parsed anew for each page, which takes microseconds
/// (tables are read lazily), so that no page leaves anything behind in memory.
pub(super) struct PdfFile {
    bytes: Arc<Vec<u8>>,
    page_count: u32,
}

impl PdfFile {
    /// # Errors
    /// [`ErrorKind::Encrypted`] if it needs a password, [`ErrorKind::Damaged`] if no page tree can
    /// be found, [`ErrorKind::Empty`] if it has no pages.
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self> {
        let harmless = limits::check_file(&bytes)?;
        let bytes = Arc::new(bytes);
        let page_count = guarded("the PDF", || {
            let pdf = load(&bytes)?;
            limits::check_loaded(&pdf, &bytes, &harmless)?;
            Ok(pdf.pages().len())
        })?;
        if page_count == 0 {
            return Err(Error::new(ErrorKind::Empty, "the PDF has no pages"));
        }
        let page_count = u32::try_from(page_count)
            .map_err(|_| Error::new(ErrorKind::TooLarge, "the PDF has over four billion pages"))?;
        Ok(Self { bytes, page_count })
    }

    pub(super) fn page_count(&self) -> u32 {
        self.page_count
    }

    /// Reads one page (1-based).
    pub(super) fn page(&self, number: u32) -> Result<SourcePage> {
        guarded("the page", || {
            let pdf = load(&self.bytes)?;
            let page = pdf.pages().get(number as usize - 1).ok_or_else(|| {
                Error::new(ErrorKind::Damaged, "the page is no longer in the page tree")
            })?;
            read_page(page, number)
        })
    }
}

fn load(bytes: &Arc<Vec<u8>>) -> Result<Pdf> {
    Pdf::new(Arc::clone(bytes)).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            Error::new(ErrorKind::Encrypted, "the PDF needs a password")
                .hint("remove it with qpdf --decrypt --password=… IN OUT")
        }
        LoadPdfError::Decryption(error) => {
            let message = format!("cannot decrypt the PDF ({error:?})");
            Error::new(ErrorKind::Encrypted, message)
                .hint("open it with the program that made it and save it without protection")
        }
        LoadPdfError::Invalid => {
            let message = "cannot read the PDF: found neither a table of its objects nor pages";
            Error::new(ErrorKind::Damaged, message)
                .hint("if the file was cut short, fetch it again")
        }
    })
}

fn read_page(page: &Page<'_>, number: u32) -> Result<SourcePage> {
    let (width, height) = page.render_dimensions();
    if !(width.is_finite() && height.is_finite()) {
        return Err(Error::new(ErrorKind::Damaged, "the page has no size"));
    }
    limits::check_content(page)?;
    if page.page_stream().is_none() && page.raw().contains_key(b"Contents".as_slice()) {
        return Err(Error::new(ErrorKind::Damaged, "cannot decode the page's content stream"));
    }
    let bounds = Rect::new(0.0, 0.0, width.into(), height.into());
    let mut surveyor = Surveyor::new(bounds);
    interpret(page, &mut surveyor);
    let survey = surveyor.survey;
    let missing = missing_objects(page);
    if !missing.is_empty() && survey.is_blank() {
        let message = format!("cannot draw the page: its {} missing from the file", missing[0]);
        return Err(Error::new(ErrorKind::Damaged, message)
            .hint("if the file was cut short, fetch it again"));
    }
    let (image, to_image, mut warnings) = picture(page, &survey, bounds)?;
    warnings.extend(missing.into_iter().map(|what| {
        let message = format!("part of the page is not drawn: its {what} missing from the file");
        Warning::new(WarningCode::ImageDamaged, message)
    }));
    let layer = glyphs::words(&survey.glyphs, to_image, image.gray.width(), image.gray.height());
    Ok(SourcePage { number, image, layer, warnings })
}

/// Images, forms and fonts that the page names and the file doesn't hold: what a file that was cut
/// short has lost.
fn missing_objects(page: &Page<'_>) -> Vec<String> {
    let resources = page.resources();
    let lost = |entries: &Dict<'_>, what: &'static str| {
        let is_lost = |name: &Name<'_>| {
            matches!(entries.get::<Object<'_>>(&**name), None | Some(Object::Null(_)))
        };
        let mut names: Vec<Name<'_>> = entries.keys().filter(|name| is_lost(name)).collect();
        names.sort_by(|a, b| a.as_ref().cmp(b.as_ref()));
        names.iter().map(|name| format!("{what} /{} is", name.as_str())).collect::<Vec<_>>()
    };
    [lost(&resources.x_objects, "image or form"), lost(&resources.fonts, "font")].concat()
}

/// The picture of a page, how points of the page lie on it, and what was wrong.
fn picture(
    page: &Page<'_>,
    survey: &Survey,
    bounds: Rect,
) -> Result<(PageImage, hayro::kurbo::Affine, Vec<Warning>)> {
    let Some(grid) = grid::own_grid(survey, bounds)? else {
        return render::render(page, bounds);
    };
    let mut painter = Painter::new(grid, bounds);
    interpret(page, &mut painter);
    Ok((painter.canvas.into_page_image(grid.dpi), grid.to_image, painter.warnings))
}

/// Runs the page's content and annotations through `device`, in points (y down).
fn interpret<'a>(page: &'a Page<'a>, device: &mut impl Device<'a>) {
    let (width, height) = page.render_dimensions();
    let bounds = Rect::new(0.0, 0.0, width.into(), height.into());
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings::default();
    let to_page = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(to_page, bounds, &cache, page.xref(), settings);
    interpret_page(page, &mut context, device);
}
