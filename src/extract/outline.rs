//! The section tree laid over the running text: which paragraphs a section holds.

use super::running::RunningText;
use crate::sections::{DocumentPart, SectionNode};
use crate::text::Span;

/// A section with its own paragraphs, those of its children left out.
pub struct Block<'a> {
    pub section: &'a SectionNode,
    /// "III/2/2.2/a".
    pub path: String,
    /// Spans of the running text in order; the first without the label, and without the title if
    /// the section has one. Footnotes are left out. Empty ones are, too.
    pub paragraphs: Vec<Span>,
    /// The first of `paragraphs` follows the label or the title on the same line.
    pub leads: bool,
}

/// The sections of a part, parents before children.
pub fn blocks<'a>(running: &RunningText, part: &'a DocumentPart) -> Vec<Block<'a>> {
    let located = part.walk();
    located
        .into_iter()
        .map(|located| {
            let (paragraphs, leads) = own_paragraphs(running, located.section);
            Block { section: located.section, path: located.path, paragraphs, leads }
        })
        .collect()
}

/// The paragraphs of a part's body that stand before its first section, or all if it has none.
pub fn unsectioned(running: &RunningText, part: &DocumentPart) -> Vec<Span> {
    let end = part.sections.first().map_or(part.body.end, |section| section.span.start);
    paragraphs_between(running, &(part.body.start..end.min(part.body.end)))
}

fn own_paragraphs(running: &RunningText, section: &SectionNode) -> (Vec<Span>, bool) {
    let mut paragraphs = paragraphs_between(running, &section.own_text);
    let Some(first) = paragraphs.first_mut() else { return (paragraphs, false) };
    let text = &running.as_str()[first.clone()];
    let mut skipped = after_label(text, section.label_span.len());
    // A title that fills its paragraph can go on in the next: two lines set apart.
    let mut title = section.title.as_deref().unwrap_or("").trim();
    let mut index = 0;
    while !title.is_empty() {
        let Some(span) = paragraphs.get(index) else { break };
        let rest = &running.as_str()[span.start + skipped..span.end];
        if let Some(after) = rest.strip_prefix(title) {
            skipped = span.end - span.start - after.len();
            title = "";
        } else if let Some(more) = title.strip_prefix(rest).filter(|_| !rest.is_empty()) {
            title = more.trim_start();
            index += 1;
            skipped = 0;
        } else {
            break;
        }
    }
    paragraphs.drain(..index.min(paragraphs.len()));
    let Some(first) = paragraphs.first_mut() else { return (paragraphs, false) };
    first.start += skipped;
    let text = &running.as_str()[first.clone()];
    first.start += text.len() - text.trim_start_matches([' ', '.', ':', ')', '*']).len();
    let leads = first.start < first.end;
    if !leads {
        paragraphs.remove(0);
    }
    (paragraphs, leads)
}

/// Bytes of a label and the mark after it.
fn after_label(text: &str, label: usize) -> usize {
    let label = super::floor_boundary(text, label);
    let rest = &text[label..];
    label + rest.len() - rest.trim_start_matches(|c: char| " .:)/*-–".contains(c)).len()
}

fn paragraphs_between(running: &RunningText, source: &Span) -> Vec<Span> {
    let paragraphs = running.paragraphs().iter().filter(|paragraph| !paragraph.footnote);
    paragraphs
        .filter(|paragraph| source.contains(&running.source_at(paragraph.span.start)))
        .map(|paragraph| paragraph.span.clone())
        .collect()
}
