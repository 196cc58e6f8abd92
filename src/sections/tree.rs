//! From the lines of a zone to its tree of sections: finds line heads that may be labels, weighs
//! them, and hangs titles and kinds on those that [`super::sequence`] chose.

use std::ops::Range;

use super::caption::{caption_of, opens_quoted_label};
use super::label::read_head;
use super::lines::{Lines, awaits_number, ends_clause, is_dangling};
use super::node::{LabelStyle, SectionNode};
use super::phrase::is_capitals;
use super::sequence::{Candidate, Chosen, choose_labels};
use super::topic::kinds_of;
use crate::plan::SectionKind;
use crate::text::Span;
use crate::warning::{Warning, WarningCode};

/// The sections of a run of lines, and a warning for each label out of sequence.
pub(crate) fn sections_of(lines: &Lines, zone: Range<usize>) -> (Vec<SectionNode>, Vec<Warning>) {
    let candidates = candidates(lines, zone.clone());
    let chosen = choose_labels(&candidates);
    let warnings = chosen.iter().filter(|c| c.out_of_sequence).map(|c| {
        let label = &c.reading(&candidates).label;
        let message = format!("the label {label:?} is out of sequence");
        let line = candidates[c.candidate].line as u32 + 1;
        Warning::new(WarningCode::LabelSequence, message).on_line(line)
    });
    let warnings = warnings.collect();
    let end = zone.end.checked_sub(1).map_or(0, |last| lines.text.lines()[last].span.end);
    let builder = Builder { lines, candidates: &candidates, chosen: &chosen, end };
    let mut sections = builder.children(0..chosen.len(), 0);
    for section in &mut sections {
        set_kinds(section, &[]);
    }
    (sections, warnings)
}

/// The line heads of a zone that can be labels, with how likely each is.
fn candidates(lines: &Lines, zone: Range<usize>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let quoted = quoted_lines(lines, zone.clone());
    for index in lines.body_in(zone.clone()).filter(|index| !quoted.contains(index)) {
        let line = lines.get(index);
        let Some(head) = read_head(line.text) else { continue };
        let after = &line.text[head.after..];
        let (accept_cost, reject_cost) =
            weigh(lines, zone.start, index, after, head.readings[0].style);
        let second_at = line.span.start + head.after;
        found.push(Candidate { line: index, at: line.span.start, head, accept_cost, reject_cost });
        // "2. a) …": the first point begins on its parent's line.
        if after.starts_with("a)")
            && let Some(head) = read_head(after)
        {
            let second =
                Candidate { line: index, at: second_at, head, accept_cost: 0.0, reject_cost: 1.5 };
            found.push(second);
        }
    }
    found
}

/// The lines of quoted amendments ("“6. Việc nhận kết quả …”."), whose labels are of another
/// document.
fn quoted_lines(lines: &Lines, zone: Range<usize>) -> Vec<usize> {
    let mut quoted = Vec::new();
    let mut open: Option<usize> = None;
    for index in lines.body_in(zone) {
        let text = lines.get(index).text;
        if opens_quoted_label(text) {
            open = Some(quoted.len());
        }
        if open.is_some() {
            quoted.push(index);
        }
        if text.trim_end_matches(['.', ';', ',']).ends_with('”') {
            open = None;
        }
    }
    // A quotation that never ends was none, or its end was lost: keep only its first line.
    if let Some(start) = open {
        quoted.truncate(start + 1);
    }
    quoted
}

/// The cost of taking a line's head for a label, and of taking it for text.
fn weigh(
    lines: &Lines,
    zone_start: usize,
    index: usize,
    after: &str,
    style: LabelStyle,
) -> (f32, f32) {
    let begins_low = after.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase);
    let begins_digit = after.starts_with(|c: char| c.is_ascii_digit());
    let is_word_label = style <= LabelStyle::Article;
    let mut accept: f32 = 0.0;
    let mut reject: f32 = 3.0;
    if begins_low {
        accept += if is_word_label { 2.5 } else { 0.8 };
        reject = 1.5;
    }
    if begins_digit || (after.is_empty() && !is_word_label && style != LabelStyle::Roman) {
        accept += 1.5;
        reject = 0.5;
    }
    if let Some(above) = lines.body_before(index, zone_start) {
        let text = lines.get(above).text;
        let blank = lines.blank_between(above, index);
        let last_word = lines.get(above).folded.rsplit(' ').next().unwrap_or("");
        let is_open = !ends_clause(text) && !is_capitals(text);
        let is_dangling = is_dangling(last_word) || awaits_number(last_word);
        if is_open && is_dangling && !is_capitals(after) {
            accept += 2.5;
            reject = 0.2;
        } else if is_open && !blank && lines.fill(above) >= 0.85 {
            accept += 2.0;
            reject = reject.min(0.8);
        } else if text.ends_with(',') && !blank {
            accept += 1.0;
            reject = reject.min(1.5);
        }
    }
    (accept, reject)
}

struct Builder<'a> {
    lines: &'a Lines<'a>,
    candidates: &'a [Candidate],
    chosen: &'a [Chosen],
    /// Byte at which the zone ends.
    end: usize,
}

impl Builder<'_> {
    /// The nodes at `depth` among the chosen labels of `range`, all of which lie at or below it.
    fn children(&self, range: Range<usize>, depth: usize) -> Vec<SectionNode> {
        let mut nodes = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let next = (at + 1..range.end)
                .find(|&later| self.chosen[later].depth <= depth)
                .unwrap_or(range.end);
            nodes.push(self.node(at, next, depth));
            at = next;
        }
        nodes
    }

    /// The node of label `at`, whose descendants go up to label `next`.
    fn node(&self, at: usize, next: usize, depth: usize) -> SectionNode {
        let chosen = &self.chosen[at];
        let candidate = &self.candidates[chosen.candidate];
        let reading = chosen.reading(self.candidates);
        let start = self.start(at);
        let children = self.children(at + 1..next, depth + 1);
        let own_end = self.start(at + 1);
        let caption =
            caption_of(self.lines, candidate, reading.style, own_end, !children.is_empty());
        SectionNode {
            style: reading.style,
            label: reading.label.clone(),
            label_span: start..candidate.at + candidate.head.label.end,
            title: caption.as_ref().map(|c| c.text.clone()),
            title_span: caption.map(|c| c.span),
            kinds: Vec::new(),
            line: candidate.line,
            span: self.without_space(start..self.start(next)),
            own_text: self.without_space(start..own_end),
            children,
        }
    }

    /// Where chosen label `at` begins; the end of the zone after the last.
    fn start(&self, at: usize) -> usize {
        self.chosen.get(at).map_or(self.end, |chosen| {
            let candidate = &self.candidates[chosen.candidate];
            candidate.at + candidate.head.label.start
        })
    }

    fn without_space(&self, span: Span) -> Span {
        span.start..span.start + self.lines.text.as_str()[span].trim_end().len()
    }
}

fn set_kinds(section: &mut SectionNode, above: &[SectionKind]) {
    if let Some(title) = &section.title {
        section.kinds = kinds_of(title, above);
    }
    let below = if section.title.is_some() { section.kinds.clone() } else { above.to_vec() };
    for child in &mut section.children {
        set_kinds(child, &below);
    }
}
