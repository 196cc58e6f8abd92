//! Who is charged with what (phân công trách nhiệm), and with how many tasks.
//!
//! In a plan the implementation section says it, unit by unit; in a letter, notice or directive the
//! sentences that begin with a unit do; in a decision only articles that charge someone by name
//! ("Giao Sở …"), not the closing "chịu trách nhiệm thi hành".

use std::sync::LazyLock;

use regex::Regex;

use super::outline::{self, Block};
use super::running::RunningText;
use super::units::{self, Charge};
use super::{bodies, confidence};
use crate::plan::{Assignment, Document, SectionKind};
use crate::sections::{DocumentPart, LabelStyle, SectionNode};
use crate::text::{AlignedText, Span};

/// How often each way of charging is right on clean text (see docs/accuracy-extract.md).
const BY_HEADING: f32 = 0.92;
const BY_SENTENCE: f32 = 0.9;

/// Paragraphs that end a document: wishes to all readers, and what to do in case of trouble.
static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:Trên đây|Trong quá trình|Quá trình|Nơi nhận|(?:Đề nghị|Yêu cầu) (?:các|Thủ trưởng) (?:cấp|cơ quan|các|đơn vị|sở|phòng|ban)[^.]{0,200}(?:nghiêm túc|quan tâm|triển khai|thực hiện))",
    )
    .expect("a valid pattern")
});

/// Kinds of document that charge units without a section for it.
const WITHOUT_IMPLEMENTATION: &[&str] = &["Công văn", "Thông báo", "Chỉ thị", "Công điện"];

/// The assignments of all parts, in order of the text.
pub fn assignments(
    text: &AlignedText,
    running: &RunningText,
    parts: &[DocumentPart],
    documents: &[Document],
) -> Vec<Assignment> {
    let mut found = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let mut gathering = Gathering {
            text,
            running,
            issuer: documents.get(index).and_then(|document| document.issuer.as_deref()),
            decides: matches!(part.doc_type, Some("Quyết định" | "Nghị quyết")),
            everywhere: WITHOUT_IMPLEMENTATION.contains(&part.doc_type.unwrap_or("")),
            found: Vec::new(),
        };
        gathering.part(part);
        found.append(&mut gathering.found);
    }
    found
}

struct Gathering<'a> {
    text: &'a AlignedText,
    running: &'a RunningText,
    issuer: Option<&'a str>,
    /// The document charges units in any of its sections.
    everywhere: bool,
    /// Its articles can charge units by name, as those of a circular, which binds all, do not.
    decides: bool,
    found: Vec<Assignment>,
}

impl Gathering<'_> {
    fn part(&mut self, part: &DocumentPart) {
        let blocks = outline::blocks(self.running, part);
        if self.everywhere {
            for paragraph in outline::unsectioned(self.running, part) {
                self.sentences(&paragraph, None);
            }
        }
        let mut at = 0;
        while at < blocks.len() {
            at = self.visit(&blocks, at, self.everywhere);
        }
    }

    /// Reads the section at `at` and all below it; gives the place after them. `charging` says that
    /// a section above gives out duties.
    fn visit(&mut self, blocks: &[Block], at: usize, charging: bool) -> usize {
        let block = &blocks[at];
        let section = block.section;
        let end = at + 1 + descendants(section);
        // A heading about something else ("Thời gian thực hiện") charges nobody.
        let charging = if section.kinds.is_empty() || self.everywhere {
            charging
        } else {
            section.kinds.contains(&SectionKind::Implementation)
        };
        if charging && self.block(&blocks[at..end]) {
            return end;
        }
        if !charging && section.style == LabelStyle::Article && self.decides {
            for paragraph in &block.paragraphs {
                self.sentences(paragraph, Some(&block.path));
            }
        }
        let mut next = at + 1;
        while next < end {
            next = self.visit(blocks, next, charging);
        }
        end
    }

    /// One section where duties are given out; true if its children are tasks of its unit.
    fn block(&mut self, blocks: &[Block]) -> bool {
        let block = &blocks[0];
        let section = block.section;
        if let Some((unit, span)) = self.named_unit(block) {
            let children_are_units = units_below(self.running, blocks);
            if !children_are_units {
                self.push(unit, Some(&block.path), span, tasks(self.running, block), BY_HEADING);
                if let Some(first) =
                    block.paragraphs.first().filter(|_| block.leads && section.title.is_none())
                {
                    self.further_units(first, &block.path);
                }
                return true;
            }
        } else if !section.children.is_empty() || section.title.is_some() {
            self.loose_paragraphs(block);
        }
        false
    }

    /// The unit that a section is about, and where it is named.
    fn named_unit(&self, block: &Block) -> Option<(String, Span)> {
        if let Some(title) = &block.section.title {
            let charge = units::heading_unit(title)?;
            let start = self.running_start(block);
            return Some((title[charge.unit].to_owned(), start..start + title.len()));
        }
        let first = block.paragraphs.first()?;
        let sentence = &self.running.as_str()[first.clone()];
        // "Hội đồng …: Phân công rõ …" and "Sở Nội vụ chủ trì …".
        let head = sentence.split(':').next().unwrap_or("");
        let charge = units::charge(sentence).filter(|_| !is_enacting(sentence));
        let charge = charge.or_else(|| {
            units::heading_unit(head)
                .filter(|charge| charge.duty.is_empty() && head.len() < sentence.len())
        })?;
        let span = first.start + charge.unit.start..first.start + charge.unit.end;
        Some((sentence[charge.unit].to_owned(), span))
    }

    /// "… Các cụm, khối thi đua bổ sung …": a sentence further on that charges another unit.
    fn further_units(&mut self, paragraph: &Span, path: &str) {
        let text = self.running.as_str();
        for sentence in units::clauses(&text[paragraph.clone()]).into_iter().skip(1) {
            let start = paragraph.start + sentence.start;
            let sentence = &text[start..paragraph.start + sentence.end];
            if CLOSING.is_match(sentence) {
                continue;
            }
            // After a semicolon only a body of its own is charged anew: "…; các xã" may go on.
            let ended = text[..start].trim_end().ends_with('.');
            let named = |charge: &Charge| {
                ended
                    || charge.unit.start > 0
                    || sentence[charge.unit.clone()].starts_with(char::is_uppercase)
                    || sentence[charge.unit.clone()].starts_with("các ")
            };
            if let Some(charge) =
                units::charge(sentence).filter(|c| !is_aside(sentence, c) && named(c))
            {
                let span = start + charge.unit.start..start + charge.unit.end;
                self.push(sentence[charge.unit].to_owned(), Some(path), span, 1, BY_SENTENCE);
            }
        }
    }

    /// Paragraphs under a heading that names no unit: each that begins with one charges it, and
    /// those that follow without one are further tasks of the same.
    fn loose_paragraphs(&mut self, block: &Block) {
        let mut open = false;
        for paragraph in &block.paragraphs {
            let content = &self.running.as_str()[paragraph.clone()];
            if CLOSING.is_match(content) {
                break;
            }
            if self.everywhere {
                self.sentences(paragraph, Some(&block.path));
                continue;
            }
            match units::charge(content).filter(|_| !is_enacting(content)) {
                Some(charge) => {
                    let start = paragraph.start + charge.unit.start;
                    let span = start..paragraph.start + charge.unit.end;
                    let unit = content[charge.unit].to_owned();
                    self.push(unit, Some(&block.path), span, 1, BY_SENTENCE);
                    self.further_units(paragraph, &block.path);
                    open = true;
                }
                None if open => {
                    if let Some(last) = self.found.last_mut() {
                        last.tasks += 1;
                    }
                }
                None => self.further_units(paragraph, &block.path),
            }
        }
    }

    /// The sentences of a letter that begin with a unit, its issuer's own left out.
    fn sentences(&mut self, paragraph: &Span, path: Option<&str>) {
        let text = self.running.as_str();
        if CLOSING.is_match(&text[paragraph.clone()]) {
            return;
        }
        for sentence in units::sentences(&text[paragraph.clone()]) {
            let start = paragraph.start + sentence.start;
            let sentence = &text[start..paragraph.start + sentence.end];
            let Some(charge) = units::charge(sentence) else { continue };
            let unit = &sentence[charge.unit.clone()];
            // Whoever is named after "Giao" is charged, be it the issuer's own office.
            let own = self.is_issuer(unit) && !sentence.starts_with("Giao ");
            // An exception to a rule charges nobody with a task of its own.
            let excepted = sentence.trim_start_matches(['-', '+', ' ']).starts_with("Riêng ");
            if own || excepted || is_enacting(sentence) {
                continue;
            }
            let span = start + charge.unit.start..start + charge.unit.end;
            self.push(unit.to_owned(), path, span, 1, BY_SENTENCE);
        }
    }

    fn is_issuer(&self, unit: &str) -> bool {
        self.issuer.is_some_and(|issuer| {
            let unit = bodies::spelled_out(unit).to_lowercase();
            let unit = unit.strip_prefix("chủ tịch ").unwrap_or(&unit);
            issuer.to_lowercase().starts_with(unit) || unit.starts_with(&issuer.to_lowercase())
        })
    }

    fn running_start(&self, block: &Block) -> usize {
        self.running.offset_of(block.section.label_span.start)
    }

    /// One entry for each unit of `unit`, which stands at `span`.
    fn push(&mut self, unit: String, path: Option<&str>, span: Span, tasks: u32, sure: f32) {
        for part in units::units_in(&unit) {
            self.found.push(Assignment {
                unit: unit[part.clone()].to_owned(),
                section: path.map(str::to_owned),
                line: self.running.line_at(span.start + part.start),
                tasks,
                confidence: sure * confidence::of_words(self.text, self.running, &span),
            });
        }
    }
}

fn descendants(section: &SectionNode) -> usize {
    section.children.iter().map(|child| 1 + descendants(child)).sum()
}

/// "… chịu trách nhiệm thi hành Quyết định này": everybody's duty, no assignment.
fn is_enacting(sentence: &str) -> bool {
    sentence.contains("chịu trách nhiệm thi hành")
}

/// A sentence about a unit that goes on with what the first one does: "… phải", "… là".
fn is_aside(sentence: &str, charge: &Charge) -> bool {
    sentence[charge.duty.clone()].starts_with("là ")
}

/// Whether the sections below name units themselves, as under "Các sở, ban, ngành".
fn units_below(running: &RunningText, blocks: &[Block]) -> bool {
    let count = blocks[0].section.children.len();
    let children = blocks[1..].iter().filter(|block| {
        blocks[0].section.children.iter().any(|child| std::ptr::eq(child, block.section))
    });
    let named = children.filter(|block| match &block.section.title {
        Some(title) => units::heading_unit(title).is_some(),
        None => block
            .paragraphs
            .first()
            .is_some_and(|first| units::charge(&running.as_str()[first.clone()]).is_some()),
    });
    count > 0 && named.count() * 2 > count
}

/// Lettered points, else bullets, else 1.
fn tasks(running: &RunningText, block: &Block) -> u32 {
    let children = block.section.children.len();
    let bullets = block
        .paragraphs
        .iter()
        .filter(|paragraph| {
            running.as_str()[(*paragraph).clone()].starts_with(['-', '–', '+', '•'])
        })
        .count();
    let count = if children > 0 { children } else { bullets.max(1) };
    u32::try_from(count).unwrap_or(u32::MAX)
}
