//! Where the pages of a TIFF file start (TIFF 6.0, section 2; BigTIFF).

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::Range;

/// Bit of NewSubfileType that marks a smaller copy of another page: a thumbnail.
const REDUCED_COPY: u64 = 1;
const NEW_SUBFILE_TYPE: u16 = 254;
/// More pages than this are a chain that was made to be long.
const MAX_PAGES: usize = 100_000;

/// Offsets of the directories that are pages, in order; those that can't be reached are missing,
/// and a chain that leads back into itself ends there.
pub(super) fn pages(bytes: &[u8]) -> Vec<u64> {
    let Some(layout) = Layout::of(bytes) else { return Vec::new() };
    let mut pages = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = layout.number(bytes, layout.first_directory_at(), layout.offset_size);
    while let Some(offset) = next.filter(|&offset| offset != 0 && seen.insert(offset)) {
        let Some(directory) = layout.directory(bytes, offset) else { break };
        if !directory.is_reduced_copy {
            pages.push(offset);
        }
        next = directory.next.filter(|_| pages.len() < MAX_PAGES);
    }
    pages
}

/// Byte order and sizes of the fields of a directory.
#[derive(Clone, Copy)]
struct Layout {
    is_big_endian: bool,
    offset_size: u64,
    count_size: u64,
    entry_size: u64,
}

struct Directory {
    is_reduced_copy: bool,
    next: Option<u64>,
}

impl Layout {
    fn of(bytes: &[u8]) -> Option<Self> {
        let is_big_endian = bytes.starts_with(b"MM");
        let version = Self { is_big_endian, ..Self::CLASSIC }.number(bytes, 2, 2)?;
        let layout = if version == 43 { Self::BIG } else { Self::CLASSIC };
        Some(Self { is_big_endian, ..layout })
    }

    const CLASSIC: Self =
        Self { is_big_endian: false, offset_size: 4, count_size: 2, entry_size: 12 };
    const BIG: Self = Self { is_big_endian: false, offset_size: 8, count_size: 8, entry_size: 20 };

    /// Where the header keeps the offset of the first directory.
    fn first_directory_at(self) -> u64 {
        self.offset_size
    }

    fn number(self, bytes: &[u8], at: u64, size: u64) -> Option<u64> {
        let end = at.checked_add(size)?;
        let field = bytes.get(usize::try_from(at).ok()?..usize::try_from(end).ok()?)?;
        let shift_in = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Some(if self.is_big_endian {
            field.iter().fold(0, shift_in)
        } else {
            field.iter().rev().fold(0, shift_in)
        })
    }

    /// `None` if no directory lies at `offset`.
    fn directory(self, bytes: &[u8], offset: u64) -> Option<Directory> {
        let end = self.entries(bytes, offset)?.end;
        let kind = self
            .entry(bytes, offset, NEW_SUBFILE_TYPE)
            .and_then(|entry| self.number(bytes, self.value_of(entry), 4));
        let is_reduced_copy = kind.is_some_and(|kind| kind & REDUCED_COPY != 0);
        Some(Directory { is_reduced_copy, next: self.number(bytes, end, self.offset_size) })
    }

    /// Where the entries of the directory at `offset` lie; `None` if there is none.
    fn entries(self, bytes: &[u8], offset: u64) -> Option<Range<u64>> {
        let count = self.number(bytes, offset, self.count_size)?;
        let start = offset + self.count_size;
        let end = start.checked_add(count.checked_mul(self.entry_size)?)?;
        (count > 0 && end <= bytes.len() as u64).then_some(start..end)
    }

    /// Where the entry of a tag lies.
    fn entry(self, bytes: &[u8], directory: u64, tag: u16) -> Option<u64> {
        let mut entries = self.entries(bytes, directory)?.step_by(self.entry_size as usize);
        entries.find(|&entry| self.number(bytes, entry, 2) == Some(tag.into()))
    }

    /// Where an entry keeps its value, if that is short enough not to lie elsewhere: after tag,
    /// type and count.
    fn value_of(self, entry: u64) -> u64 {
        entry + 4 + self.offset_size
    }
}

/// A TIFF file as if one of its directories were the first, and some of its fields others.
pub(super) struct SinglePage<'a> {
    file: Cursor<&'a [u8]>,
    layout: Layout,
    directory: u64,
    /// Bytes that stand in for those of the file, by offset.
    changes: Vec<(usize, Vec<u8>)>,
}

impl<'a> SinglePage<'a> {
    pub(super) fn new(bytes: &'a [u8], directory: u64) -> Self {
        let layout = Layout::of(bytes).expect("a file with a directory has a header");
        let mut page = Self { file: Cursor::new(bytes), layout, directory, changes: Vec::new() };
        page.change(layout.first_directory_at(), directory, layout.offset_size);
        page
    }

    /// Shows another value of a tag that is a SHORT.
    pub(super) fn with_short(mut self, tag: u16, value: u16) -> Self {
        if let Some(entry) = self.layout.entry(self.file.get_ref(), self.directory, tag) {
            self.change(self.layout.value_of(entry), value.into(), 2);
        }
        self
    }

    fn change(&mut self, at: u64, number: u64, size: u64) {
        let size = size as usize;
        let mut field = number.to_le_bytes()[..size].to_vec();
        if self.layout.is_big_endian {
            field.reverse();
        }
        self.changes.push((at as usize, field));
    }
}

impl Read for SinglePage<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let start = self.file.position() as usize;
        let count = self.file.read(buffer)?;
        for (at, field) in &self.changes {
            for (offset, &byte) in field.iter().enumerate() {
                if let Some(index) = (at + offset).checked_sub(start).filter(|&at| at < count) {
                    buffer[index] = byte;
                }
            }
        }
        Ok(count)
    }
}

impl Seek for SinglePage<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
