//! The Tesseract boundary: a grey picture to words with boxes and confidences.
//!
//! The only module that knows Tesseract, and the only one of this crate with calls into C. What is
//! done to the picture before, and to the words after, is decided in `reader`.

use std::env;
use std::ffi::{CStr, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

use image::GrayImage;
use tesseract_rs::{
    ResultIterator, TessPageIteratorLevel as Level, TessPageSegMode, TesseractAPI, TesseractError,
};

use crate::error::{Error, ErrorKind, Result};
use crate::geometry::PixelBox;
use crate::ocr::Alternative;

/// Tesseract refuses pictures with a longer side: its coordinates are 16-bit.
const LONGEST_SIDE: u32 = 32_767;

/// Nothing smaller can hold a letter, and Leptonica's filters misbehave on it.
const SHORTEST_SIDE: u32 = 8;

/// Recogniser of the neural network only ("LSTM"): the older one knows no Vietnamese.
const LSTM_ONLY: i32 = 1;

/// Tesseract's confidence of a letter is 100 less five times its negative log likelihood
/// (`lstm_rating_coefficient`).
const CONFIDENCE_PER_NAT: f32 = 5.0;

/// Spellings less likely than this against the best are not kept: no language model prefers a
/// word of the same context by more.
const FAINTEST_NATS: f32 = -14.0;

/// Alternatives of a word, itself included.
const MOST_SPELLINGS: usize = 6;

/// Where the packages of the usual systems put the models, newest first.
const TESSDATA_FOLDERS: [&str; 6] = [
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
];

/// How the picture is cut into lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segmentation {
    /// A whole page: columns, tables, pictures.
    Page,
    /// One block of lines, all of it print.
    Block,
    /// The picture is one line.
    Line,
    /// The picture is one line, and is read as it is: without looking for its parts.
    RawLine,
}

/// A word as Tesseract gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct RawWord {
    pub text: String,
    /// In pixels of the picture that was read.
    pub bounds: PixelBox,
    /// 0 to 1.
    pub confidence: f32,
    /// Number of the line in the picture, from 0.
    pub line: u32,
    /// Other readings of the whole word, best first; their `confidence` stands to the word's
    /// as their likelihoods do.
    pub alternatives: Vec<Alternative>,
}

/// One Tesseract with one model. Costs some 15 MB and 0.1 s to start; keep one for each thread.
pub struct Recognizer {
    api: TesseractAPI,
}

impl Recognizer {
    /// Starts Tesseract with a model, by its file name without `.traineddata`.
    ///
    /// # Errors
    /// [`ErrorKind::Ocr`] if the model is not installed or cannot be loaded.
    pub fn new(model: &str) -> Result<Self> {
        let folder = find_model(model)?;
        let folder = folder.to_str().ok_or_else(|| {
            let message = format!("cannot use {}: its name is no UTF-8", folder.display());
            Error::new(ErrorKind::Ocr, message)
        })?;
        silence_leptonica();
        let api = TesseractAPI::new();
        api.init_2(folder, model, LSTM_ONLY)
            .map_err(|e| failure("cannot load the model", e).at_path(Path::new(folder)))?;
        // Tesseract prints its remarks ("Empty page!!") to stderr, which is ours.
        set(&api, "debug_file", "/dev/null")?;
        // Lines read with doubt are not tried as white on black: administrative print has none.
        set(&api, "invert_threshold", "0")?;
        Ok(Self { api })
    }

    /// Reads a picture: words in Tesseract's order. Too small a picture has none.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`] beyond 32,767 pixels in one direction; [`ErrorKind::Ocr`] if
    /// Tesseract fails.
    pub fn read(
        &mut self,
        picture: &GrayImage,
        dpi: u32,
        segmentation: Segmentation,
    ) -> Result<Vec<RawWord>> {
        let (width, height) = picture.dimensions();
        if width.max(height) > LONGEST_SIDE {
            let message = format!(
                "cannot read a picture of {width} x {height} pixels: Tesseract takes at most \
                 {LONGEST_SIDE} in one direction"
            );
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        if width.min(height) < SHORTEST_SIDE {
            return Ok(Vec::new());
        }
        keep_to_one_thread();
        // Letters that came second cost a tenth of the time: kept where a line is read again.
        let choices = if segmentation == Segmentation::Page { "0" } else { "2" };
        set(&self.api, "lstm_choice_mode", choices)?;
        let mode = match segmentation {
            Segmentation::Page => TessPageSegMode::PSM_AUTO,
            Segmentation::Block => TessPageSegMode::PSM_SINGLE_BLOCK,
            Segmentation::Line => TessPageSegMode::PSM_SINGLE_LINE,
            Segmentation::RawLine => TessPageSegMode::PSM_RAW_LINE,
        };
        let words = self.recognize(picture, dpi, mode);
        // Frees the picture and the results; the model stays.
        let cleared = self.api.clear();
        let words = words.map_err(|e| failure("cannot read the picture", e))?;
        cleared.map_err(|e| failure("cannot free the picture", e))?;
        Ok(words)
    }

    fn recognize(
        &self,
        picture: &GrayImage,
        dpi: u32,
        mode: TessPageSegMode,
    ) -> Result<Vec<RawWord>, TesseractError> {
        let (width, height) = (picture.width() as i32, picture.height() as i32);
        self.api.set_page_seg_mode(mode)?;
        self.api.set_image(picture.as_raw(), width, height, 1, width)?;
        self.api.set_source_resolution(dpi.clamp(70, 2400) as i32)?;
        self.api.recognize()?;
        // No iterator: nothing was found. Both walk in step; only one knows where lines begin.
        let (Ok(letters), Ok(places)) = (self.api.get_iterator(), self.api.get_page_iterator())
        else {
            return Ok(Vec::new());
        };
        let mut found: Vec<(RawWord, Vec<Letter>)> = Vec::new();
        let mut line = 0;
        loop {
            if places.is_at_beginning_of(Level::RIL_TEXTLINE)? {
                line += 1;
            }
            if places.is_at_beginning_of(Level::RIL_WORD)? || found.is_empty() {
                found.push((word_at(&letters, line)?, Vec::new()));
            }
            if let Some((_, letters_of_word)) = found.last_mut() {
                letters_of_word.push(letter_at(&letters)?);
            }
            if !(letters.next(Level::RIL_SYMBOL)? && places.next(Level::RIL_SYMBOL)?) {
                break;
            }
        }
        found.retain(|(word, _)| !word.text.is_empty());
        Ok(found.into_iter().map(|(word, letters)| with_alternatives(word, &letters)).collect())
    }
}

fn word_at(walk: &ResultIterator, line: u32) -> Result<RawWord, TesseractError> {
    // An empty picture has an iterator that stands on no word.
    let text = walk.get_utf8_text(Level::RIL_WORD).unwrap_or_default();
    let (x0, y0, x1, y1) = walk.get_bounding_box(Level::RIL_WORD).unwrap_or_default();
    let [x0, y0, x1, y1] = [x0, y0, x1, y1].map(|v| v.max(0) as u32);
    let confidence = (walk.confidence(Level::RIL_WORD)? / 100.0).clamp(0.0, 1.0);
    Ok(RawWord {
        text: text.trim().to_owned(),
        bounds: PixelBox::new(x0, y0, x1, y1),
        confidence,
        line,
        alternatives: Vec::new(),
    })
}

/// One printed letter: what was read, and what else it could be.
struct Letter {
    text: String,
    /// Other readings with their log likelihood, in nats, relative to `text`; at most 0.
    others: Vec<(String, f32)>,
}

fn letter_at(walk: &ResultIterator) -> Result<Letter, TesseractError> {
    // On no letter the walk over its choices would abort the process: an assertion of Tesseract.
    let Ok(text) = walk.get_utf8_text(Level::RIL_SYMBOL) else {
        return Ok(Letter { text: String::new(), others: Vec::new() });
    };
    let mut choices = Vec::new();
    if let Ok(walk) = walk.get_choice_iterator() {
        loop {
            if let Ok(other) = walk.get_utf8_text() {
                choices.push((other, walk.confidence()?));
            }
            if !walk.next()? {
                break;
            }
        }
    }
    let own = choices.iter().find(|(other, _)| *other == text).map(|(_, confidence)| *confidence);
    let best = own.unwrap_or(100.0);
    choices.retain(|(other, confidence)| *other != text && !other.is_empty() && *confidence > 0.0);
    let nats = |confidence: f32| ((confidence - best) / CONFIDENCE_PER_NAT).min(0.0);
    let others = choices.into_iter().map(|(other, c)| (other, nats(c))).collect();
    Ok(Letter { text, others })
}

/// Attaches the likeliest other spellings of a word, and lowers its confidence by their share.
///
/// The confidence of each alternative stands to the word's as their likelihoods do.
fn with_alternatives(mut word: RawWord, letters: &[Letter]) -> RawWord {
    // Each spelling with its log likelihood; a beam over the letters.
    let mut spellings = vec![(String::new(), 0.0f32)];
    for letter in letters {
        let mut longer = Vec::with_capacity(spellings.len() * (1 + letter.others.len()));
        for (start, score) in &spellings {
            longer.push((format!("{start}{}", letter.text), *score));
            let others = letter.others.iter().filter(|(_, nats)| score + nats > FAINTEST_NATS);
            longer.extend(others.map(|(other, nats)| (format!("{start}{other}"), score + nats)));
        }
        // Stable: of equals the one with the first choices stays first.
        longer.sort_by(|a, b| b.1.total_cmp(&a.1));
        longer.truncate(MOST_SPELLINGS);
        spellings = longer;
    }
    spellings.retain(|(text, _)| *text != word.text);
    let rivals: f32 = spellings.iter().map(|(_, nats)| nats.exp()).sum();
    word.confidence /= 1.0 + rivals;
    word.alternatives = spellings
        .into_iter()
        .map(|(text, nats)| Alternative { text, confidence: word.confidence * nats.exp() })
        .collect();
    word
}

fn set(api: &TesseractAPI, name: &str, value: &str) -> Result<()> {
    api.set_variable(name, value)
        .map_err(|e| failure(&format!("cannot set Tesseract's {name} to {value}"), e))
}

fn failure(doing: &str, error: TesseractError) -> Error {
    Error::new(ErrorKind::Ocr, doing).caused_by(error)
}

/// The folder that holds a model: `TESSDATA_PREFIX` if it is set, else the system's.
fn find_model(model: &str) -> Result<PathBuf> {
    let file = format!("{model}.traineddata");
    let folders: Vec<PathBuf> = match env::var_os("TESSDATA_PREFIX") {
        // Older versions took the parent of the folder.
        Some(prefix) => vec![PathBuf::from(&prefix), Path::new(&prefix).join("tessdata")],
        None => TESSDATA_FOLDERS.iter().map(PathBuf::from).collect(),
    };
    if let Some(folder) = folders.iter().find(|folder| folder.join(&file).is_file()) {
        return Ok(folder.clone());
    }
    let looked = folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", ");
    let package = model.replace('_', "-").to_lowercase();
    Err(Error::new(ErrorKind::Ocr, format!("cannot find the OCR model {file} in {looked}")).hint(
        format!("apt-get install tesseract-ocr-{package}, or set TESSDATA_PREFIX to its folder"),
    ))
}

/// Makes Tesseract work in the calling thread alone: its own four-fold parallel loops cost more in
/// waiting than they save, and pages run in parallel already.
///
/// `OMP_THREAD_LIMIT` cannot be set from within: libgomp reads it when it is loaded, before `main`.
/// A limit of no active parallel region does the same; it is a property of the calling thread, so
/// this is called before each page. A Tesseract built without OpenMP does not bring the function.
fn keep_to_one_thread() {
    if let Some(function) = symbol(c"omp_set_max_active_levels") {
        // SAFETY: by section 3.2.15 of the OpenMP 5.0 specification the function has this
        // signature; it changes a setting of the calling thread and takes any value.
        let set_levels: extern "C" fn(c_int) = unsafe { std::mem::transmute(function) };
        set_levels(0);
    }
}

/// Keeps Leptonica, Tesseract's picture library, from printing remarks to stderr.
fn silence_leptonica() {
    const NONE: c_int = 6;
    if let Some(function) = symbol(c"setMsgSeverity") {
        // SAFETY: Leptonica's `l_int32 setMsgSeverity(l_int32)` has this signature since 1.71; it
        // sets a global that its messages are compared with.
        let set_severity: extern "C" fn(c_int) -> c_int = unsafe { std::mem::transmute(function) };
        set_severity(NONE);
    }
}

/// Looks a function up in the loaded libraries: for those that only some builds bring, so that
/// the program links with all.
fn symbol(name: &CStr) -> Option<NonNull<c_void>> {
    // SAFETY: the name is a string that ends in zero; `dlsym` has no other requirement.
    NonNull::new(unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_pictures_neither_fail_nor_crash() {
        let Ok(mut recognizer) = Recognizer::new("vie") else {
            println!("skipped: the vie model is not installed");
            return;
        };
        for (width, height) in [(0, 0), (1, 1), (1, 500), (7, 7), (8, 8), (60, 3000), (3000, 12)] {
            for grey in [0, 128, 255] {
                let picture = GrayImage::from_pixel(width, height, image::Luma([grey]));
                for segmentation in [Segmentation::Page, Segmentation::Block, Segmentation::Line] {
                    let read = recognizer.read(&picture, 300, segmentation);
                    assert!(read.is_ok(), "{width} x {height}, grey {grey}, {segmentation:?}");
                }
            }
        }
    }

    #[test]
    fn a_picture_beyond_16_bit_coordinates_is_refused_by_name() {
        let Ok(mut recognizer) = Recognizer::new("vie") else {
            println!("skipped: the vie model is not installed");
            return;
        };
        let picture = GrayImage::from_pixel(40_000, 10, image::Luma([255]));
        let error = recognizer.read(&picture, 300, Segmentation::Page).expect_err("too wide");
        assert_eq!(error.kind(), ErrorKind::TooLarge);
    }

    #[test]
    fn a_missing_model_is_named_with_the_command_that_installs_it() {
        let error = Recognizer::new("xyz").err().expect("no such model");
        assert!(error.reason().contains("xyz.traineddata"), "{error}");
        assert!(error.hint_text().is_some_and(|hint| hint.contains("apt-get install")), "{error}");
    }

    fn word(text: &str, letters: &[Letter]) -> RawWord {
        let raw = RawWord {
            text: text.to_owned(),
            bounds: PixelBox::default(),
            confidence: 0.9,
            line: 0,
            alternatives: Vec::new(),
        };
        with_alternatives(raw, letters)
    }

    fn letter(text: &str, others: &[(&str, f32)]) -> Letter {
        let others = others.iter().map(|(other, nats)| ((*other).to_owned(), *nats)).collect();
        Letter { text: text.to_owned(), others }
    }

    #[test]
    fn alternatives_are_whole_words_in_order_of_likelihood() {
        // tổ: to organise; the mark over ô is what scans lose.
        let read =
            word("tô", &[letter("t", &[("f", -13.0)]), letter("ô", &[("ổ", -1.0), ("ố", -4.0)])]);
        let texts: Vec<_> = read.alternatives.iter().map(|a| a.text.as_str()).collect();
        assert_eq!(texts, ["tổ", "tố", "fô", "fổ"][..texts.len()].to_vec());
        assert!(read.confidence < 0.9 && read.confidence > read.alternatives[0].confidence);
        let ratio = read.alternatives[0].confidence / read.confidence;
        assert!((ratio.ln() + 1.0).abs() < 1e-3, "{ratio}");
    }

    #[test]
    fn a_word_without_rivals_keeps_its_confidence() {
        let read = word("tổ", &[letter("t", &[]), letter("ổ", &[("ô", -20.0)])]);
        assert_eq!((read.confidence, read.alternatives.len()), (0.9, 0));
    }
}
