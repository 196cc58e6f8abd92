//! From the lines of a zone to its tree of sections: finds line heads that may be labels, weighs
//! them, and hangs titles and kinds on those that [`super::sequence`] chose.

use std::ops::Range;

use super::caption::{caption_of, opens_quoted_label};
use super::label::{Head, Reading, read_head};
use super::lines::{Line, Lines, awaits_number, ends_clause, is_dangling};
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
        let Some(head) = head_of(lines, line) else { continue };
        let after = &line.text[head.after..];
        let (accept_cost, reject_cost) =
            weigh(lines, zone.start, index, after, head.readings[0].style);
        let second_at = line.span.start + head.after;
        found.push(Candidate { line: index, at: line.span.start, head, accept_cost, reject_cost });
        found.extend(inline_point(after).map(|(at, head)| {
            let (accept_cost, reject_cost) = if at == 0 { (0.0, 1.5) } else { (0.5, 0.0) };
            Candidate { line: index, at: second_at + at, head, accept_cost, reject_cost }
        }));
    }
    found
}

/// The head of a line, read as it stands and as it was before repair: a model of language makes
/// words of labels ("¢)" became "b)", "c¢)" became "có)"), and only the sequence can tell.
fn head_of(lines: &Lines, line: &Line) -> Option<Head> {
    let printed = read_head(line.text);
    let words = lines.text.words_in(line.span.clone());
    let Some(word) = words.first().filter(|word| word.span.start == line.span.start) else {
        return printed;
    };
    let (text, rest) = line.text.split_at(word.span.len().min(line.text.len()));
    if word.read == text || word.read.contains(' ') {
        return printed;
    }
    let Some(read) = read_head(&format!("{}{rest}", word.read)) else { return printed };
    match printed {
        Some(mut head) if head.mark == read.mark => {
            let is_new =
                |reading: &Reading| !head.readings.iter().any(|r| r.label == reading.label);
            let new: Vec<Reading> = read.readings.into_iter().filter(is_new).collect();
            head.readings.extend(new);
            Some(head)
        }
        Some(head) => Some(head),
        None => {
            let after = read.after.checked_sub(word.read.len())? + text.len();
            let label = 0..text.trim_end_matches(['.', ',', ')', '/']).len();
            Some(Head { label, after, ..read })
        }
    }
}

/// The first point on its parent's line: "2. a) …", "2. Quyền lợi a) …"; where it begins.
///
/// Away from the label it is only taken where a "b)" that follows asks for it.
fn inline_point(after: &str) -> Option<(usize, Head)> {
    let at = after
        .match_indices("a) ")
        .map(|(at, _)| at)
        .find(|&at| at == 0 || after[..at].ends_with(' ') && !after[..at].ends_with("điểm "))?;
    let begins_sentence = after[at + 3..].starts_with(char::is_uppercase);
    (at == 0 || begins_sentence).then(|| Some((at, read_head(&after[at..])?)))?
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
    // A share begins many a target ("b) 100% hồ sơ …"); a bare number is most often cut from a sum.
    let quantity = after.trim_start_matches(|c: char| c.is_ascii_digit() || ".,".contains(c));
    let begins_digit = quantity.len() < after.len() && !quantity.trim_start().starts_with('%');
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

#[cfg(test)]
mod tests {
    use super::super::node::DocumentPart;
    use crate::sections::segment;
    use crate::text::{AlignedText, Edit};

    /// The sections of a text: path and title.
    fn sections(source: &str) -> Vec<(String, String)> {
        let parts = segment(&AlignedText::from_plain(source));
        let walk = parts.iter().flat_map(DocumentPart::walk);
        walk.map(|l| (l.path, l.section.title.clone().unwrap_or_default())).collect()
    }

    fn paths(source: &str) -> Vec<String> {
        sections(source).into_iter().map(|(path, _)| path).collect()
    }

    const FULL: &str = "Các cơ quan, đơn vị, địa phương căn cứ Kế hoạch này và điều kiện cụ thể";

    #[test]
    fn wrapped_lines_that_begin_like_a_label_are_no_section() {
        for wrapped in [
            "2025 trở thành nước phát triển.",
            "12. Phấn đấu hoàn thành.",
            "Điều 5 của Luật này.",
            "Điều 5. Các quy định khác.",
        ] {
            let source = format!("1. {FULL}\n{FULL} theo\n{wrapped}\n2. {FULL}.\n{FULL}.");
            assert_eq!(paths(&source), ["1", "2"], "{wrapped}");
        }
    }

    #[test]
    fn labels_that_repair_made_words_of_are_read_as_they_were() {
        let text = AlignedText::from_plain("a) Một.\nb) Hai.\n¢) Ba.\nd) Bốn.\nd) Năm.");
        let span = text.lines()[2].span.clone();
        for mended in ["b)", "có)"] {
            let edit =
                Edit { span: span.start..span.start + 3, text: mended.into(), confidence: 0.9 };
            let repaired = text.clone().apply(&[edit]);
            let parts = segment(&repaired);
            let labels: Vec<_> = parts[0].sections.iter().map(|s| s.label.as_str()).collect();
            assert_eq!(labels, ["a", "b", "c", "d", "đ"], "{mended}");
        }
    }

    #[test]
    fn quoted_amendments_have_no_sections() {
        let source = "Điều 1. Sửa đổi khoản 6\n“6. Việc nhận kết quả.\n7. Việc trả.”.\nĐiều 2. Hiệu lực\nTừ nay.";
        assert_eq!(paths(source), ["Điều 1", "Điều 2"]);
    }

    #[test]
    fn a_first_point_can_stand_on_its_parents_line() {
        let found =
            sections("1. Quyền lợi a) Người lao động được.\nb) Khác.\n2. a) Nghĩa vụ.\nb) Khác.");
        let found: Vec<_> = found.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
        assert_eq!(
            found,
            [("1", "Quyền lợi"), ("1/a", ""), ("1/b", ""), ("2", ""), ("2/a", ""), ("2/b", "")]
        );
        assert_eq!(paths("1. Theo điểm a) Người lao động.\n2. Khác."), ["1", "2"]);
    }

    #[test]
    fn articles_run_through_chapters_and_annexes_stand_apart() {
        let source = "THÔNG TƯ\nVề đơn\nCăn cứ Luật;\nChương I\nCHUNG\nĐiều 1. Phạm vi\nTừ nay.\n\
            Chương II\nRIÊNG\nĐiều 2. Đơn\na) Một.\nNơi nhận:\n- Lưu: VT.\nPHỤ LỤC I\nMẪU ĐƠN\n1. Tên.";
        assert_eq!(
            paths(source),
            [
                "Chương I",
                "Chương I/Điều 1",
                "Chương II",
                "Chương II/Điều 2",
                "Chương II/Điều 2/a",
                "Phụ lục I",
                "Phụ lục I/1"
            ]
        );
    }
}
