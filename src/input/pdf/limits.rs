//! Refuses PDF files that would unpack into more memory than any page needs: `hayro` unpacks
//! whatever it is given, and memory that can't be had ends the program.
//!
//! Streams are looked at twice. First as they stand in the file, since loading it unpacks those
//! that hold its tables and objects; then, once it is loaded, as the library resolves them: what is
//! encrypted, or says in another object how it is packed, only it can tell.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::LazyLock;

use hayro::hayro_interpret::hayro_syntax::Pdf;
use hayro::hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro::hayro_interpret::hayro_syntax::page::Page;
use regex::bytes::Regex;

use super::packing::{Packing, is_zlib, names_in, without_escapes};
use crate::error::{Error, ErrorKind, Result};
use crate::input::pixels::MAX_PIXELS;

/// The most that a single stream may unpack into: the largest page picture in RGB.
const MAX_UNPACKED: u64 = MAX_PIXELS * 3;
/// The most that all object streams of a file may hold together: they stay in memory while it is
/// open, with six times as much for a list of their objects. Books of thousands of pages have some
/// ten megabytes.
const MAX_OBJECTS: u64 = 64_000_000;
/// The most dictionaries that a file and its object streams may hold. A page takes a kilobyte while
/// the file is open, and each may be one; books of thousands of pages have some hundred thousand.
const MAX_DICTIONARIES: u64 = 1_000_000;
/// The most that all tables in streams may hold together. Each byte may become an entry of some
/// fifty; tables of real files take five bytes for an object.
const MAX_TABLES: u64 = 16_000_000;
/// The most that a page's own content may unpack into. Maps have some twenty megabytes; drawing it
/// takes many times as much, and the same stream may be named often.
const MAX_CONTENT: u64 = 100_000_000;
/// What mends a file that is built in a way that can be a trap.
const ANEW: &str = "if you trust its origin, print it to a new PDF and ingest that";
/// More pages than this are a tree that was made to be large.
const MAX_PAGES: usize = 100_000;
/// Data packed more often than this were made to be a bomb.
const MAX_LAYERS: usize = 4;
/// A stream's dictionary lies in so many bytes before it.
const LONGEST_ENTRIES: usize = 1 << 16;
/// The widest row that a predictor is told of; wider than any page picture.
const MAX_COLUMNS: u64 = MAX_PIXELS;

static STREAM_START: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u)stream(?:\r\n|\n|\r)").expect("the pattern is well formed"));
static DICTIONARY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u)<<").expect("the pattern is well formed"));
/// Also under a name that is written with escapes, whatever it is.
static WIDE_ROWS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)/(?:Columns|[^\s/<>()\[\]]*#[^\s/<>()\[\]]*)\s+\+?(\d+)")
        .expect("the pattern is well formed")
});
/// The end of a reference to another object, and the entries of an object stream that may be one.
static REFERENCE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u)\sR[\s/>\]%]").expect("the pattern is well formed"));
static HARMLESS_REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)/(?:Length|Extends)\s+\d+\s+\d+\s+R").expect("the pattern is well formed")
});
static ENCRYPTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)/(?:Encrypt|[^\s/<>()\[\]]*#[^\s/<>()\[\]]*)")
        .expect("the pattern is well formed")
});

/// The streams of a file that were found harmless: how each is packed, by where its data start.
pub(super) type Harmless = BTreeMap<usize, Vec<Packing>>;

/// Looks through the bytes of a file for streams that unpack into too much. Only those that could
/// are unpacked to see; nothing is kept.
///
/// # Errors
/// [`ErrorKind::TooLarge`], or [`ErrorKind::Damaged`] for object streams that can't be measured.
pub(super) fn check_file(bytes: &[u8]) -> Result<Harmless> {
    for found in WIDE_ROWS.captures_iter(bytes) {
        let columns = std::str::from_utf8(&found[1]).ok().and_then(|digits| digits.parse().ok());
        check_columns(columns.unwrap_or(u64::MAX))?;
    }
    let mut names = ENCRYPTION.find_iter(bytes);
    let is_encrypted = names.any(|name| without_escapes(name.as_bytes()) == b"/Encrypt");
    let starts = STREAM_START.find_iter(bytes).filter(|s| !bytes[..s.start()].ends_with(b"end"));
    let starts: Vec<usize> = starts.map(|start| start.end()).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let mut harmless = Harmless::new();
    let dictionaries = DICTIONARY.find_iter(bytes).count() as u64;
    let dictionaries = MAX_DICTIONARIES.checked_sub(dictionaries).ok_or_else(too_many_objects)?;
    let mut allowance = Allowance { objects: MAX_OBJECTS, dictionaries, tables: MAX_TABLES };
    for (&start, end) in starts.iter().zip(ends) {
        let before = &bytes[start.saturating_sub(LONGEST_ENTRIES)..start];
        let entries = before.windows(3).rposition(|window| window == b"obj").unwrap_or(0);
        let entries = without_escapes(&before[entries..]);
        let data = &bytes[start..end];
        let packings = Packing::named_in(&entries);
        allowance.spend(&entries, data, &packings, is_encrypted)?;
        if check_packed(data, &packings)? == Extent::Known {
            harmless.insert(start, packings);
        }
    }
    Ok(harmless)
}

/// What is left of the memory that object streams and tables may take.
struct Allowance {
    objects: u64,
    dictionaries: u64,
    tables: u64,
}

impl Allowance {
    /// Spends what a stream unpacks into, if it is an object stream or a table: those are known by
    /// the entries that they can't be read without.
    fn spend(
        &mut self,
        entries: &[u8],
        data: &[u8],
        packings: &[Packing],
        is_encrypted: bool,
    ) -> Result<()> {
        let has = |key: &[u8]| names_in(entries).any(|name| name == key);
        if !has(b"First") {
            // Tables are never encrypted, and what they need stands in them.
            return match has(b"W") && has(b"Size") {
                true => spend(&mut self.tables, data, packings).map(drop),
                false => Ok(()),
            };
        }
        let references = REFERENCE.find_iter(entries).count();
        if references > HARMLESS_REFERENCE.find_iter(entries).count() {
            let message = "an object stream of the PDF says in another object how it is packed";
            return Err(Error::new(ErrorKind::Damaged, message).hint(ANEW));
        }
        match is_encrypted {
            // It is unpacked as soon as the file is loaded: all that can be told is its bound.
            true if bound(data, packings) > MAX_UNPACKED => Err(bomb()),
            true => Ok(()),
            false => {
                let dictionaries = spend(&mut self.objects, data, packings)?;
                let left = self.dictionaries.checked_sub(dictionaries);
                self.dictionaries = left.ok_or_else(too_many_objects)?;
                Ok(())
            }
        }
    }
}

/// Spends the bytes that data unpack into; gives the number of dictionaries in them.
fn spend(left: &mut u64, data: &[u8], packings: &[Packing]) -> Result<u64> {
    let measured = measured(data, packings, *left);
    if measured.is_damaged && bound(data, packings) > MAX_UNPACKED {
        return Err(damaged_stream());
    }
    *left = left.checked_sub(measured.bytes).ok_or_else(too_many_objects)?;
    Ok(measured.dictionaries)
}

/// The most that data can unpack into.
fn bound(data: &[u8], packings: &[Packing]) -> u64 {
    let ratios = packings.iter().map(|packing| packing.highest_ratio());
    ratios.fold(data.len() as u64, u64::saturating_mul)
}

/// Checks a loaded file: how many pages it has, and its streams as the library resolves them.
///
/// # Errors
/// [`ErrorKind::TooLarge`]; [`ErrorKind::Damaged`] for large streams that can't be measured, but
/// for images: of those each costs its page.
pub(super) fn check_loaded(pdf: &Pdf, bytes: &[u8], harmless: &Harmless) -> Result<()> {
    let count = pdf.pages().len();
    if count > MAX_PAGES {
        let message = format!("the PDF has {count} pages, expected at most {MAX_PAGES}");
        return Err(Error::new(ErrorKind::TooLarge, message).hint("split it"));
    }
    let mut objects_left = MAX_OBJECTS;
    for object in pdf.objects() {
        let Object::Stream(stream) = object else { continue };
        for parameters in decode_parameters(stream.dict()) {
            let columns = parameters.get::<usize>(b"Columns".as_slice());
            check_columns(columns.map_or(0, |columns| columns as u64))?;
        }
        let data = stream.raw_data();
        let packings = packings_of(stream.dict());
        if stream.dict().contains_key(b"First") {
            spend(&mut objects_left, &data, &packings)?;
        }
        let start = data.as_ptr().addr().checked_sub(bytes.as_ptr().addr());
        if start.and_then(|start| harmless.get(&start)) == Some(&packings) {
            continue;
        }
        let is_image = dict_name(stream.dict(), b"Subtype").is_some_and(|name| &*name == b"Image");
        if check_packed(&data, &packings)? == Extent::Unknown && !is_image {
            return Err(damaged_stream());
        }
    }
    Ok(())
}

/// Checks what a page's content unpacks into, all of its streams together.
///
/// # Errors
/// [`ErrorKind::TooLarge`].
pub(super) fn check_content(page: &Page<'_>) -> Result<()> {
    let contents = page.raw().get::<Object<'_>>(b"Contents".as_slice());
    let streams: Box<dyn Iterator<Item = Stream<'_>>> = match contents {
        Some(Object::Stream(stream)) => Box::new([stream].into_iter()),
        Some(Object::Array(list)) => Box::new(list.iter::<Stream<'_>>()),
        _ => return Ok(()),
    };
    let mut left = MAX_CONTENT;
    for stream in streams {
        let measured = measured(&stream.raw_data(), &packings_of(stream.dict()), left);
        left = left.checked_sub(measured.bytes + 1).ok_or_else(|| {
            let megabytes = MAX_CONTENT / 1_000_000;
            let message = format!("the page's content unpacks into more than {megabytes} MB");
            Error::new(ErrorKind::TooLarge, message).hint(ANEW)
        })?;
    }
    Ok(())
}

/// The packings of a stream, outermost first, up to the coding of an image.
pub(super) fn packings_of(dict: &Dict<'_>) -> Vec<Packing> {
    filters_of(dict).iter().map_while(|name| Packing::of_name(name)).collect()
}

/// The names of a stream's filters, outermost first, as the library finds them.
pub(super) fn filters_of<'a>(dict: &Dict<'a>) -> Vec<Name<'a>> {
    let list = || dict.get::<Array<'a>>(b"F").or_else(|| dict.get::<Array<'a>>(b"Filter"));
    match dict_name(dict, b"F").or_else(|| dict_name(dict, b"Filter")) {
        Some(name) => vec![name],
        None => list().map(|list| list.iter::<Name<'a>>().collect()).unwrap_or_default(),
    }
}

fn dict_name<'a>(dict: &Dict<'a>, key: &[u8]) -> Option<Name<'a>> {
    dict.get::<Name<'a>>(key)
}

pub(super) fn decode_parameters<'a>(dict: &Dict<'a>) -> Vec<Dict<'a>> {
    let keys = [b"DP".as_slice(), b"DecodeParms"];
    match keys.iter().find_map(|key| dict.get::<Object<'_>>(*key)) {
        Some(Object::Dict(parameters)) => vec![parameters],
        Some(Object::Array(list)) => list.iter::<Dict<'_>>().collect(),
        _ => Vec::new(),
    }
}

/// Whether it is known what data unpack into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Known,
    /// They could be a bomb and are damaged: the library reads on where this stops.
    Unknown,
}

/// Checks data that are packed in these ways, outermost first; or in one that isn't named, where
/// the dictionary has it elsewhere.
pub(super) fn check_packed(data: &[u8], packings: &[Packing]) -> Result<Extent> {
    let mut packings = packings.to_vec();
    if packings.is_empty() {
        packings.push(Packing::Deflate);
    }
    let mut extent = Extent::Known;
    let mut checked = 0;
    while checked < packings.len() {
        if checked == MAX_LAYERS {
            return Err(bomb());
        }
        checked += 1;
        if bound(data, &packings[..checked]) > MAX_UNPACKED {
            let measured = measured(data, &packings[..checked], MAX_UNPACKED);
            if measured.bytes > MAX_UNPACKED {
                return Err(bomb());
            }
            if measured.is_damaged {
                extent = Extent::Unknown;
            }
        }
        let mut head = [0; 2];
        let is_packed_again = checked == packings.len()
            && unpacking(data, &packings).read_exact(&mut head).is_ok()
            && is_zlib(&head);
        if is_packed_again {
            packings.push(Packing::Deflate);
        }
    }
    Ok(extent)
}

/// What comes out of data, as far as they can be unpacked.
#[derive(Default)]
struct Measured {
    /// One more than asked for if it is more.
    bytes: u64,
    dictionaries: u64,
    /// Data that only end early are not damaged.
    is_damaged: bool,
    last: Option<u8>,
}

fn measured(data: &[u8], packings: &[Packing], most: u64) -> Measured {
    let measure = |packings: &[Packing]| {
        let mut measured = Measured::default();
        let mut unpacked = unpacking(data, packings).take(most.saturating_add(1));
        let end = io::copy(&mut unpacked, &mut measured);
        measured.is_damaged = end.is_err_and(|error| error.kind() != io::ErrorKind::UnexpectedEof);
        measured
    };
    let early = measure(packings);
    if !packings.contains(&Packing::Lzw) {
        return early;
    }
    // Which of the two it is may stand in another object; the wrong one gives something, too.
    let late = |packing: &Packing| match packing {
        Packing::Lzw => Packing::LateLzw,
        other => *other,
    };
    let late = measure(&packings.iter().map(late).collect::<Vec<_>>());
    let longer = if late.bytes > early.bytes { late } else { early };
    Measured { is_damaged: false, ..longer }
}

impl io::Write for Measured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        let across = self.last == Some(b'<') && bytes.first() == Some(&b'<');
        self.dictionaries += u64::from(across) + DICTIONARY.find_iter(bytes).count() as u64;
        self.last = bytes.last().copied().or(self.last);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(super) fn unpacking<'a>(data: &'a [u8], packings: &[Packing]) -> Box<dyn Read + 'a> {
    let data: Box<dyn Read + 'a> = Box::new(data);
    packings.iter().fold(data, |inner, layer| layer.unpacking(inner))
}

fn check_columns(columns: u64) -> Result<()> {
    if columns <= MAX_COLUMNS {
        return Ok(());
    }
    let message = "the PDF claims rows of more pixels than a page has";
    Err(Error::new(ErrorKind::TooLarge, message))
}

fn bomb() -> Error {
    let megabytes = MAX_UNPACKED / 1_000_000;
    let message = format!("a stream of the PDF unpacks into more than {megabytes} MB");
    Error::new(ErrorKind::TooLarge, message).hint(ANEW)
}

fn too_many_objects() -> Error {
    let message = "the PDF's lists of objects unpack into more than any document has";
    Error::new(ErrorKind::TooLarge, message).hint(ANEW)
}

pub(super) fn damaged_stream() -> Error {
    let message = "a large stream of the PDF is damaged: found data that can't be unpacked";
    Error::new(ErrorKind::Damaged, message).hint("fetch the file again")
}
