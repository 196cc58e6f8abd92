//! Paragraphs to printed lines on A4 pages, as Decree 30/2020/NĐ-CP (appendix I) lays them out, and
//! with every line its place in the reading order of the gold text.
//!
//! Units are points (1/72 inch) from the top left corner. Drawing is left to `draw`, the scanner's
//! faults to `degrade`, line numbers to `gold`.

use anyhow::{Context, Result, ensure};

use crate::font::{Face, Fonts};
use crate::markup::{Anchor, Block, FOOTNOTE_MARKS, Look, Paragraph, SectionStart, Table};
use crate::source::Document;

pub const PAGE_WIDTH: f32 = 595.3;
pub const PAGE_HEIGHT: f32 = 841.9;
pub const LEFT: f32 = 85.0;
pub const RIGHT: f32 = PAGE_WIDTH - 51.0;
pub const TOP: f32 = 62.0;
const BOTTOM: f32 = PAGE_HEIGHT - 62.0;
pub const TEXT_WIDTH: f32 = RIGHT - LEFT;
const INDENT: f32 = 36.0;
/// Line pitch and paragraph gap as shares of the type size.
const PITCH: f32 = 1.24;
const GAP: f32 = 0.42;
const FOOTNOTE_SIZE: f32 = 10.0;
const FOOTNOTE_RULE_HEIGHT: f32 = 14.0;
const TABLE_SIZE: f32 = 12.0;
const CELL_PADDING: f32 = 4.0;

/// Something printed or stamped.
#[derive(Debug)]
pub enum Item {
    Text {
        x: f32,
        baseline: f32,
        text: String,
        face: Face,
        size: f32,
    },
    /// Digits written by hand.
    Pen {
        x: f32,
        baseline: f32,
        text: String,
        size: f32,
    },
    Rule {
        from: (f32, f32),
        to: (f32, f32),
        width: f32,
    },
    Seal {
        centre: (f32, f32),
        words: String,
    },
    Signature {
        centre: (f32, f32),
    },
}

/// What a line begins or names.
#[derive(Clone, Debug)]
pub enum Mark {
    Section(SectionStart),
    Anchor(Anchor, Option<String>),
}

/// One line of the gold text; blank between blocks.
#[derive(Default, Debug)]
pub struct ReadLine {
    pub text: String,
    pub marks: Vec<Mark>,
    /// Index of the document, for lines that are not blank.
    pub document: usize,
}

/// One printed page.
#[derive(Default)]
pub struct Page {
    pub items: Vec<Item>,
    pub lines: Vec<ReadLine>,
}

/// A line broken to its measure: words with their offset from the line's left end.
pub struct SetLine {
    pub words: Vec<(f32, String, Face)>,
    pub width: f32,
    pub text: String,
    pub marks: Vec<Mark>,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Align {
    Left,
    Centre,
    Justify,
}

/// What is being set, page after page.
pub struct Composer<'a> {
    pub fonts: &'a Fonts,
    pub pages: Vec<Page>,
    pub y: f32,
    document: usize,
    page_in_document: usize,
    size: f32,
    /// Footnotes that no line has called yet; `None` where their marks are only letters.
    footnotes: Option<Vec<Paragraph>>,
    /// The lines of the footnotes called on this page.
    called: Vec<SetLine>,
}

impl<'a> Composer<'a> {
    pub fn new(fonts: &'a Fonts) -> Self {
        Composer {
            fonts,
            pages: Vec::new(),
            y: TOP,
            document: 0,
            page_in_document: 0,
            size: 14.0,
            footnotes: None,
            called: Vec::new(),
        }
    }

    /// Sets a document on pages of its own.
    pub fn document(
        &mut self,
        index: usize,
        document: &Document,
        blocks: Vec<Block>,
        annex: Vec<Block>,
    ) -> Result<()> {
        self.document = index;
        self.page_in_document = 0;
        self.size = document.size;
        self.break_page();
        self.head(document)?;
        self.body(blocks)?;
        if let Some(signature) = &document.signature {
            self.signature(signature, document.heading);
        }
        if !annex.is_empty() {
            self.break_page();
            self.body(annex)?;
        }
        self.finish_page();
        let uncalled = self.footnotes.iter().flatten().next().map(|note| &note.text);
        ensure!(
            uncalled.is_none(),
            "setting footnotes: found one that nothing calls: {uncalled:?}"
        );
        Ok(())
    }

    fn body(&mut self, blocks: Vec<Block>) -> Result<()> {
        let (mut running, mut footnotes) = (Vec::new(), Vec::new());
        for block in blocks {
            match block {
                Block::Paragraph(note) if note.look == Look::Footnote => footnotes.push(note),
                block => running.push(block),
            }
        }
        self.footnotes = Some(footnotes);
        let mut after_banner = false;
        for block in &running {
            match block {
                Block::Paragraph(paragraph) => {
                    let banner = paragraph.look == Look::Banner;
                    if banner || after_banner {
                        self.blank();
                    }
                    self.paragraph(paragraph)?;
                    after_banner = banner;
                }
                Block::Table(table) => {
                    self.blank();
                    self.table(table)?;
                    self.blank();
                    after_banner = false;
                }
            }
        }
        Ok(())
    }

    pub fn page(&mut self) -> &mut Page {
        self.pages.last_mut().expect("document() opens a page before anything is set")
    }

    /// Sets lines of plain text, each a paragraph, in one document of the given type size.
    pub fn plain_lines(&mut self, lines: &[&str], size: f32) -> Result<()> {
        self.size = size;
        self.break_page();
        for line in lines {
            self.paragraph(&Paragraph::plain(line))?;
        }
        self.finish_page();
        Ok(())
    }

    /// A blank line of the gold text; never two in a row.
    pub fn blank(&mut self) {
        let lines = &mut self.page().lines;
        if lines.last().is_some_and(|line| !line.text.is_empty()) {
            lines.push(ReadLine::default());
        }
    }

    /// Adds a line to the gold text; room left for the pen (wide blanks) reads as one blank.
    pub fn read(&mut self, text: String, marks: Vec<Mark>) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let document = self.document;
        self.page().lines.push(ReadLine { text, marks, document });
    }

    fn finish_page(&mut self) {
        if self.called.is_empty() {
            return self.blank();
        }
        let top = BOTTOM - notes_height(self.called.len());
        let rule =
            Item::Rule { from: (LEFT, top + 6.0), to: (LEFT + 144.0, top + 6.0), width: 0.6 };
        self.page().items.push(rule);
        self.blank();
        let mut baseline = top + 9.0;
        for line in std::mem::take(&mut self.called) {
            baseline += FOOTNOTE_SIZE * PITCH;
            self.place(&line, LEFT, baseline, FOOTNOTE_SIZE);
            self.read(line.text, line.marks);
        }
        self.blank();
    }

    fn break_page(&mut self) {
        if self.page_in_document > 0 {
            self.finish_page();
        }
        self.pages.push(Page::default());
        self.page_in_document += 1;
        self.y = TOP;
        if self.page_in_document > 1 {
            let text = self.page_in_document.to_string();
            let x = PAGE_WIDTH / 2.0 - self.fonts.width(&text, Face::Regular, 13.0) / 2.0;
            let baseline = TOP - 18.0;
            self.page().items.push(Item::Text {
                x,
                baseline,
                text,
                face: Face::Regular,
                size: 13.0,
            });
        }
    }

    /// Starts a new page unless `height` more points fit on this one, with `notes` more lines of
    /// footnotes.
    pub fn need(&mut self, height: f32, notes: usize) {
        if self.y + height + notes_height(self.called.len() + notes) > BOTTOM {
            self.break_page();
        }
    }

    pub fn place(&mut self, line: &SetLine, x: f32, baseline: f32, size: f32) {
        for (offset, text, face) in &line.words {
            let item =
                Item::Text { x: x + offset, baseline, text: text.clone(), face: *face, size };
            self.page().items.push(item);
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph) -> Result<()> {
        let (indent, align) = match paragraph.look {
            Look::Banner => (0.0, Align::Centre),
            _ => (INDENT, Align::Justify),
        };
        let size = self.size;
        let lines = set(self.fonts, paragraph, TEXT_WIDTH, indent, size, align);
        self.y += size * GAP;
        if paragraph.look == Look::Banner {
            self.y += size * 0.5;
        }
        if paragraph.bold_until == paragraph.text.len() {
            // A heading stays with two lines of what it heads.
            self.need((lines.len() + 2) as f32 * size * PITCH + size, 0);
        }
        for line in lines {
            self.line(line, size)?;
        }
        if paragraph.look == Look::Banner {
            self.y += size * 0.5;
        }
        Ok(())
    }

    /// Places one line of running text and makes room for the footnotes that it calls.
    fn line(&mut self, line: SetLine, size: f32) -> Result<()> {
        let called = self.call_footnotes(&line.text)?;
        self.need(size * PITCH, called.len());
        self.called.extend(called);
        self.y += size * PITCH;
        let y = self.y;
        self.place(&line, LEFT, y - size * 0.24, size);
        self.read(line.text, line.marks);
        Ok(())
    }

    /// The lines of the footnotes whose marks stand in `text`.
    fn call_footnotes(&mut self, text: &str) -> Result<Vec<SetLine>> {
        let Some(footnotes) = &mut self.footnotes else { return Ok(Vec::new()) };
        let mut called = Vec::new();
        for mark in text.chars().filter(|letter| FOOTNOTE_MARKS.contains(letter)) {
            let index = footnotes
                .iter()
                .position(|note| note.text.starts_with(mark))
                .with_context(|| format!("setting {text:?}: found no footnote {mark}"))?;
            let note = footnotes.remove(index);
            called.extend(set(self.fonts, &note, TEXT_WIDTH, 0.0, FOOTNOTE_SIZE, Align::Justify));
        }
        Ok(called)
    }

    fn table(&mut self, table: &Table) -> Result<()> {
        self.y += 10.0;
        for (number, row) in table.rows.iter().enumerate() {
            ensure!(
                row.len() == table.widths.len(),
                "setting table: found {} cells in a row, expected {}",
                row.len(),
                table.widths.len()
            );
            let mut left = LEFT;
            let mut cells = Vec::new();
            for (cell, share) in row.iter().zip(&table.widths) {
                let width = TEXT_WIDTH * share / 100.0;
                let mut cell = cell.clone();
                let short = width < TEXT_WIDTH / 5.0;
                if number == 0 {
                    cell.bold_until = cell.text.len();
                }
                let align = if number == 0 || short { Align::Centre } else { Align::Left };
                let inner = width - 2.0 * CELL_PADDING;
                cells.push((left, width, set(self.fonts, &cell, inner, 0.0, TABLE_SIZE, align)));
                left += width;
            }
            self.row(cells);
        }
        self.y += 6.0;
        Ok(())
    }

    /// Draws a row and its frame. It is read cell by cell; a row in which no cell wraps is one line.
    fn row(&mut self, cells: Vec<(f32, f32, Vec<SetLine>)>) {
        let most = cells.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(1);
        let height = most as f32 * TABLE_SIZE * PITCH + 2.0 * CELL_PADDING;
        self.need(height, 0);
        let (top, bottom) = (self.y, self.y + height);
        let mut joined = Vec::new();
        for (left, width, lines) in cells {
            let right = left + width;
            for (from, to) in [
                ((left, top), (right, top)),
                ((left, bottom), (right, bottom)),
                ((left, top), (left, bottom)),
                ((right, top), (right, bottom)),
            ] {
                self.page().items.push(Item::Rule { from, to, width: 0.6 });
            }
            let slack = (most - lines.len()) as f32 * TABLE_SIZE * PITCH / 2.0;
            let mut baseline = top + CELL_PADDING + slack - TABLE_SIZE * 0.24;
            for line in lines {
                baseline += TABLE_SIZE * PITCH;
                self.place(&line, left + CELL_PADDING, baseline, TABLE_SIZE);
                joined.push(line);
            }
        }
        self.y = bottom;
        joined.retain(|line| !line.text.is_empty());
        if most == 1 {
            let text = joined.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
            self.read(text, joined.into_iter().flat_map(|line| line.marks).collect());
        } else {
            for line in joined {
                self.read(line.text, line.marks);
            }
        }
    }
}

/// Height of footnotes of so many lines, with the rule above them.
fn notes_height(lines: usize) -> f32 {
    if lines == 0 { 0.0 } else { FOOTNOTE_RULE_HEIGHT + lines as f32 * FOOTNOTE_SIZE * PITCH }
}

/// Breaks a paragraph into lines of `width`, as a word processor does: at spaces, and after a
/// hyphen within a word ("08/KH-" "UBND").
pub fn set(
    fonts: &Fonts,
    paragraph: &Paragraph,
    width: f32,
    indent: f32,
    size: f32,
    align: Align,
) -> Vec<SetLine> {
    let pieces = pieces(&paragraph.text);
    let measure = |piece: &Piece| fonts.width(piece.text, face(paragraph, piece.at), size);
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut filled = indent;
    for piece in pieces {
        let space = if piece.after_space { fonts.width(" ", Face::Regular, size) } else { 0.0 };
        let line = lines.last_mut().expect("one line at least");
        if !line.is_empty() && filled + space + measure(&piece) > width {
            filled = measure(&piece);
            lines.push(vec![piece]);
        } else {
            filled += measure(&piece) + if line.is_empty() { 0.0 } else { space };
            line.push(piece);
        }
    }
    let last = lines.len() - 1;
    let mut set = Vec::new();
    for (number, line) in lines.into_iter().enumerate() {
        let indent = if number == 0 { indent } else { 0.0 };
        let align = if align == Align::Justify && number == last { Align::Left } else { align };
        set.push(set_line(fonts, paragraph, &line, (width, indent, size), align));
    }
    attach_marks(paragraph, &mut set);
    set
}

fn set_line(
    fonts: &Fonts,
    paragraph: &Paragraph,
    line: &[Piece],
    (width, indent, size): (f32, f32, f32),
    align: Align,
) -> SetLine {
    let measure = |piece: &Piece| fonts.width(piece.text, face(paragraph, piece.at), size);
    let gaps = line.iter().skip(1).filter(|piece| piece.after_space).count();
    let words: f32 = line.iter().map(measure).sum();
    let natural = fonts.width(" ", Face::Regular, size);
    let space = match align {
        Align::Justify if gaps > 0 => (width - indent - words) / gaps as f32,
        _ => natural,
    };
    let total = words + space * gaps as f32;
    let mut x = if align == Align::Centre { (width - total) / 2.0 } else { indent };
    let mut placed = Vec::new();
    let mut text = String::new();
    for (number, piece) in line.iter().enumerate() {
        if number > 0 && piece.after_space {
            x += space;
            text.push(' ');
        }
        placed.push((x, piece.text.to_owned(), face(paragraph, piece.at)));
        x += measure(piece);
        text.push_str(piece.text);
    }
    SetLine { words: placed, width: total, text, marks: Vec::new() }
}

fn face(paragraph: &Paragraph, at: usize) -> Face {
    match (at < paragraph.bold_until, paragraph.look) {
        (true, Look::Italic) => Face::BoldItalic,
        (true, _) => Face::Bold,
        (false, Look::Italic) => Face::Italic,
        (false, _) => Face::Regular,
    }
}

/// What a line may not break: a word, or a part of one up to a hyphen.
struct Piece<'a> {
    at: usize,
    text: &'a str,
    after_space: bool,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for word in text.split(' ') {
        let mut from = 0;
        for (hyphen, _) in word.match_indices('-') {
            if hyphen > 0 && hyphen + 1 < word.len() {
                pieces.push((at + from, &word[from..=hyphen], from == 0));
                from = hyphen + 1;
            }
        }
        pieces.push((at + from, &word[from..], from == 0));
        at += word.len() + 1;
    }
    pieces
        .into_iter()
        .filter(|(_, text, _)| !text.is_empty())
        .map(|(at, text, after_space)| Piece { at, text, after_space })
        .collect()
}

/// Gives each mark of a paragraph to the line on which it begins.
fn attach_marks(paragraph: &Paragraph, lines: &mut [SetLine]) {
    let mut marks: Vec<(usize, Mark)> = Vec::new();
    if let Some(section) = &paragraph.section {
        marks.push((0, Mark::Section(section.clone())));
    }
    for anchor in &paragraph.anchors {
        marks.push((anchor.at, Mark::Anchor(anchor.clone(), paragraph.path.clone())));
    }
    let mut end = 0;
    let mut marks = marks.into_iter().peekable();
    for line in lines {
        // Lines drop only the one space at which they break, if they break at one.
        end += line.text.len();
        if paragraph.text[end..].starts_with(' ') {
            end += 1;
        }
        while let Some((_, mark)) = marks.next_if(|&(at, _)| at < end) {
            line.marks.push(mark);
        }
    }
}
