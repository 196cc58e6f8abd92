//! The parts of a page that stand in two columns or centred: heading, title, addressees, and the
//! block of recipients and signature.
//!
//! In the gold text a left column is read before the right one.

use anyhow::Result;

use crate::font::Face;
use crate::layout::{
    Align, Composer, Item, LEFT, PAGE_WIDTH, RIGHT, SetLine, TEXT_WIDTH, TOP, set,
};
use crate::markup::{Look, Paragraph, inline};
use crate::source::{Document, Heading, Signature};

/// The left heading column spans this share of the text width.
const LEFT_SHARE: f32 = 0.42;
const HEADING_SIZE: f32 = 13.0;
const HEADING_PITCH: f32 = 16.0;
const RECIPIENTS_SIZE: f32 = 11.0;
const RECIPIENTS_PITCH: f32 = 13.2;
const ROOM_TO_SIGN: f32 = 64.0;

impl Composer<'_> {
    pub fn head(&mut self, document: &Document) -> Result<()> {
        if document.heading != Heading::None {
            let left_end = self.issuer_column(document)?;
            self.blank();
            let right_end = self.country_column(document)?;
            self.y = left_end.max(right_end) + 8.0;
            self.blank();
        }
        if document.doc_type != "Công văn" {
            self.title(document)?;
        }
        self.addressees(document)
    }

    /// A centred line in a column; returns it as set.
    fn column_line(
        &mut self,
        text: &str,
        (centre, baseline): (f32, f32),
        (face, size): (Face, f32),
    ) -> Result<f32> {
        let mut paragraph = inline(text, look(face))?;
        if matches!(face, Face::Bold | Face::BoldItalic) {
            paragraph.bold_until = paragraph.text.len();
        }
        let line = single_line(self, &paragraph, size);
        self.place(&line, centre - line.width / 2.0, baseline, size);
        self.read(line.text, line.marks);
        Ok(line.width)
    }

    fn rule(&mut self, centre: f32, y: f32, width: f32) {
        let (from, to) = ((centre - width / 2.0, y), (centre + width / 2.0, y));
        self.page().items.push(Item::Rule { from, to, width: 0.7 });
    }

    /// Issuing body, number and, in a letter, the abstract; returns where the column ends.
    fn issuer_column(&mut self, document: &Document) -> Result<f32> {
        let centre = LEFT + TEXT_WIDTH * LEFT_SHARE / 2.0 - 8.0;
        let mut baseline = TOP;
        for line in &document.superior {
            baseline += HEADING_PITCH;
            self.column_line(line, (centre, baseline), (Face::Regular, HEADING_SIZE))?;
        }
        let mut width = 0.0;
        for line in &document.authority {
            baseline += HEADING_PITCH;
            width = self.column_line(line, (centre, baseline), (Face::Bold, HEADING_SIZE))?;
        }
        if document.heading == Heading::Party {
            baseline += HEADING_PITCH;
            self.column_line("*", (centre, baseline), (Face::Regular, HEADING_SIZE))?;
        } else {
            self.rule(centre, baseline + 5.0, width * 0.45);
        }
        baseline += HEADING_PITCH + 6.0;
        self.number_line(document, centre, baseline)?;
        if document.doc_type == "Công văn" {
            for line in &document.title {
                baseline += 14.5;
                self.column_line(line, (centre, baseline), (Face::Regular, 12.0))?;
            }
        }
        Ok(baseline)
    }

    fn number_line(&mut self, document: &Document, centre: f32, baseline: f32) -> Result<()> {
        let Some(symbol) = &document.symbol else { return Ok(()) };
        let (caption, joint) =
            if document.heading == Heading::Party { ("Số", "-") } else { ("Số:", "/") };
        let number = document.number.as_deref().unwrap_or("");
        if !document.number_by_hand && !number.is_empty() {
            let text = format!("{caption} {number}{joint}{symbol}");
            self.column_line(&text, (centre, baseline), (Face::Regular, HEADING_SIZE))?;
            return Ok(());
        }
        // The room that a typist leaves for the registry clerk's pen.
        let (before, after) = (format!("{caption} "), format!("{joint}{symbol}"));
        let widths =
            [&before, &after].map(|text| self.fonts.width(text, Face::Regular, HEADING_SIZE));
        let room = 30.0;
        let left = centre - (widths[0] + room + widths[1]) / 2.0;
        for (x, text) in [(left, &before), (left + widths[0] + room, &after)] {
            let (text, face, size) = (text.trim().to_owned(), Face::Regular, HEADING_SIZE);
            self.page().items.push(Item::Text { x, baseline, text, face, size });
        }
        if !number.is_empty() {
            let (x, text) = (left + widths[0] + 2.0, number.to_owned());
            self.page().items.push(Item::Pen { x, baseline: baseline + 1.0, text, size: 15.0 });
        }
        self.read(format!("{caption} {number}{joint}{symbol}"), Vec::new());
        Ok(())
    }

    /// Country and motto, or the Party, then place and date; returns where the column ends.
    fn country_column(&mut self, document: &Document) -> Result<f32> {
        let left = LEFT + TEXT_WIDTH * LEFT_SHARE;
        let centre = (left + RIGHT) / 2.0 + 6.0;
        let mut baseline = TOP + HEADING_PITCH;
        if document.heading == Heading::Party {
            let width =
                self.column_line("ĐẢNG CỘNG SẢN VIỆT NAM", (centre, baseline), (Face::Bold, 14.5))?;
            self.rule(centre, baseline + 5.0, width);
        } else {
            let country = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
            self.column_line(country, (centre, baseline), (Face::Bold, 12.5))?;
            baseline += HEADING_PITCH;
            let motto = "Độc lập - Tự do - Hạnh phúc";
            let width = self.column_line(motto, (centre, baseline), (Face::Bold, 13.5))?;
            self.rule(centre, baseline + 5.0, width);
        }
        baseline += HEADING_PITCH + 6.0;
        let lines_at_left = document.superior.len() + document.authority.len();
        if lines_at_left > 2 || (document.heading == Heading::Party && lines_at_left > 1) {
            baseline += HEADING_PITCH;
        }
        if let Some(place) = &document.place {
            let text = format!("{place}, {}", printed_date(document.date.as_deref()));
            self.column_line(&text, (centre, baseline), (Face::Italic, HEADING_SIZE))?;
        }
        Ok(baseline)
    }

    fn title(&mut self, document: &Document) -> Result<()> {
        let centre = PAGE_WIDTH / 2.0 + 17.0;
        self.y += 26.0;
        let at = (centre, self.y);
        self.column_line(&document.doc_type.to_uppercase(), at, (Face::Bold, 14.5))?;
        let mut width = 0.0;
        for line in &document.title {
            self.y += 18.0;
            let at = (centre, self.y);
            width = self.column_line(line, at, (Face::Bold, 14.0))?;
        }
        for line in &document.enclosure {
            self.y += 17.0;
            let at = (centre, self.y);
            self.column_line(line, at, (Face::Italic, 13.0))?;
        }
        let y = self.y + 6.0;
        self.rule(centre, y, (width * 0.35).clamp(50.0, 120.0));
        self.y += 14.0;
        self.blank();
        Ok(())
    }

    fn addressees(&mut self, document: &Document) -> Result<()> {
        let size = document.size;
        match document.addressees.as_slice() {
            [] => return Ok(()),
            [only] => {
                self.y += size * 2.0;
                let at = (PAGE_WIDTH / 2.0 + 10.0, self.y);
                self.column_line(&format!("Kính gửi: {only}."), at, (Face::Regular, size))?;
            }
            several => {
                self.y += size * 2.0;
                let x = LEFT + 90.0;
                self.left_line("Kính gửi:", x, size, Face::Regular);
                let last = several.len() - 1;
                for (number, addressee) in several.iter().enumerate() {
                    let end = if number == last { '.' } else { ';' };
                    let paragraph = inline(&format!("- {addressee}{end}"), Look::Plain)?;
                    let width = RIGHT - x - 40.0;
                    for line in set(self.fonts, &paragraph, width, 0.0, size, Align::Left) {
                        self.y += size * 1.25;
                        let y = self.y;
                        self.place(&line, x + 40.0, y, size);
                        self.read(line.text, line.marks);
                    }
                }
            }
        }
        self.y += size;
        self.blank();
        Ok(())
    }

    fn left_line(&mut self, text: &str, x: f32, size: f32, face: Face) {
        let baseline = self.y;
        let text = text.to_owned();
        self.page().items.push(Item::Text { x, baseline, text: text.clone(), face, size });
        self.read(text, Vec::new());
    }

    /// Recipients at the left, signatory with seal at the right; never split over pages.
    pub fn signature(&mut self, signature: &Signature, heading: Heading) {
        let entries = self.recipient_lines(signature);
        let left = entries.len() as f32 * RECIPIENTS_PITCH + 18.0;
        let right = (signature.capacity.len() + 1) as f32 * HEADING_PITCH + ROOM_TO_SIGN + 18.0;
        let height = left.max(right);
        self.y += 12.0;
        self.need(height, 0);
        let top = self.y;
        self.blank();
        self.recipients(entries, heading);
        self.blank();
        self.signatory(signature, top);
        self.y = top + height;
    }

    fn recipient_lines(&self, signature: &Signature) -> Vec<SetLine> {
        let last = signature.recipients.len().saturating_sub(1);
        let mut lines = Vec::new();
        for (number, recipient) in signature.recipients.iter().enumerate() {
            let end = if number == last { '.' } else { ';' };
            let paragraph = Paragraph::plain(&format!("- {recipient}{end}"));
            let width = TEXT_WIDTH * 0.46;
            lines.extend(set(self.fonts, &paragraph, width, 0.0, RECIPIENTS_SIZE, Align::Left));
        }
        lines
    }

    fn recipients(&mut self, lines: Vec<SetLine>, heading: Heading) {
        self.y += 14.0;
        let caption = "Nơi nhận:";
        if heading == Heading::Party {
            let width = self.fonts.width(caption, Face::Regular, 13.0);
            let y = self.y + 2.0;
            let rule = Item::Rule { from: (LEFT, y), to: (LEFT + width, y), width: 0.7 };
            self.left_line(caption, LEFT, 13.0, Face::Regular);
            self.page().items.push(rule);
        } else {
            self.left_line(caption, LEFT, 12.0, Face::BoldItalic);
        }
        for line in lines {
            self.y += RECIPIENTS_PITCH;
            let y = self.y;
            self.place(&line, LEFT, y, RECIPIENTS_SIZE);
            self.read(line.text, line.marks);
        }
    }

    fn signatory(&mut self, signature: &Signature, top: f32) {
        let centre = LEFT + TEXT_WIDTH * 0.74;
        let mut baseline = top + 14.0;
        for line in signature.capacity.iter().chain([&signature.position]) {
            self.bold_line(line, (centre, baseline), HEADING_SIZE);
            baseline += HEADING_PITCH;
        }
        let name_baseline = baseline + ROOM_TO_SIGN;
        self.blank();
        self.bold_line(&signature.name, (centre, name_baseline), 13.5);
        if let Some(words) = &signature.seal {
            let centre = (centre - 52.0, baseline + 26.0);
            self.page().items.push(Item::Seal { centre, words: words.clone() });
        }
        let centre = (centre + 6.0, baseline + 24.0);
        self.page().items.push(Item::Signature { centre });
    }

    fn bold_line(&mut self, text: &str, (centre, baseline): (f32, f32), size: f32) {
        let line = single_line(self, &Paragraph::banner(text), size);
        self.place(&line, centre - line.width / 2.0, baseline, size);
        self.read(line.text, Vec::new());
    }
}

fn look(face: Face) -> Look {
    match face {
        Face::Italic | Face::BoldItalic => Look::Italic,
        Face::Regular | Face::Bold => Look::Plain,
    }
}

/// A paragraph on one line, however long.
fn single_line(composer: &Composer, paragraph: &Paragraph, size: f32) -> SetLine {
    let mut lines = set(composer.fonts, paragraph, f32::INFINITY, 0.0, size, Align::Left);
    lines.remove(0)
}

/// "ngày 05 tháng 3 năm 2026": a day below ten and the months January and February take a zero
/// (Decree 30/2020/NĐ-CP, appendix I, part II, point 4).
fn printed_date(date: Option<&str>) -> String {
    let parts: Vec<&str> = date.unwrap_or("").split('-').collect();
    let part = |index: usize| parts.get(index).copied().unwrap_or("");
    let month = match part(1) {
        "01" | "02" => part(1),
        month => month.trim_start_matches('0'),
    };
    let day = if part(2).is_empty() { "\u{2003}\u{2003}" } else { part(2) };
    format!("ngày {day} tháng {month} năm {}", part(0))
}
