//! Heading block, signature and recipients of each document: who issued it, under what number,
//! when, about what, and who signed.
//!
//! Layout and wording after Decree 30/2020/NĐ-CP, Annex I. Where the documents and their zones
//! lie is found by [`crate::sections`].

mod issuer;
mod number;
mod signature;

use number::{Attachment, Found};

use crate::plan::{Document, Section};
use crate::sections::landmark::{is_attachment, left_column};
use crate::sections::lines::Lines;
use crate::sections::{DocumentPart, SectionNode};
use crate::text::{AlignedText, Span};
use crate::warning::{Warning, WarningCode};

/// Confidence of what a document takes from the one that it was issued with.
const INHERITED: f32 = 0.85;

/// Reads the headings of all documents of a file, in their order; one document for each part.
///
/// A plan takes what it doesn't print from the decision that it came with, and the other way
/// round: the line "(Kèm theo Quyết định số …)" names the decision's number and date. Warnings
/// are of numbers and dates read with doubt, of headings that lack them, and those of the parts.
pub fn read_headings(text: &AlignedText, parts: &[DocumentPart]) -> (Vec<Document>, Vec<Warning>) {
    let lines = Lines::new(text);
    let mut warnings = Vec::new();
    let mut documents: Vec<Document> = Vec::new();
    for part in parts {
        let (mut document, attachment) = read_heading(&lines, part, &mut warnings);
        if let Some(decision) = documents.last_mut().filter(|above| issues_others(above)) {
            share(decision, &mut document, attachment.as_ref());
        } else if let Some(Attachment { date: Some(date), .. }) = attachment
            && document.date.is_none()
        {
            document.date = Some(date);
            document.confidence.date = Some(INHERITED);
        }
        documents.push(document);
        warnings.extend(part.warnings.iter().cloned());
    }
    for (document, part) in documents.iter().zip(parts) {
        warnings.extend(missing(document, part));
    }
    (documents, warnings)
}

fn read_heading(
    lines: &Lines,
    part: &DocumentPart,
    warnings: &mut Vec<Warning>,
) -> (Document, Option<Attachment>) {
    let heading = body_lines(lines, &part.heading);
    let title_lines = part.title.as_ref().map(|span| body_lines(lines, span)).unwrap_or_default();
    let split = part.type_line.unwrap_or(usize::MAX);
    let above: Vec<usize> = heading.iter().copied().filter(|&index| index < split).collect();
    let below: Vec<usize> =
        heading.iter().copied().filter(|&i| i > split && !title_lines.contains(&i)).collect();
    let block: Vec<usize> = above.iter().chain(&below).copied().collect();

    let number = number::read_number(lines, &block, part.doc_type, warnings);
    let dated = number::read_place_and_date(lines, &block, warnings);
    let issuer = issuer::authority(lines, &below).or_else(|| issuer::letterhead(lines, &above));
    let issuer = issuer.map(|(name, used)| {
        let confidence =
            used.iter().map(|&i| number::least_confidence(lines, lines.get(i).span.clone()));
        Found::new(name, confidence.fold(1.0, f32::min))
    });
    let title = part.title.as_ref().and_then(|span| read_title(lines, span, &title_lines, part));
    let closing_lines = lines_of(lines, &part.closing);
    let closing = signature::read_closing(lines, closing_lines);
    let attachment = read_attachment(lines, &below);

    let mut document = Document {
        doc_type: part.doc_type.map(str::to_owned),
        recipients: closing.recipients,
        first_line: part.lines.start as u32 + 1,
        last_line: part.lines.end as u32,
        sections: part.sections.iter().map(plan_section).collect(),
        ..Document::default()
    };
    let confidence = &mut document.confidence;
    confidence.doc_type = part.doc_type.map(|_| part.doc_type_confidence);
    document.number = take(number.number, &mut confidence.number);
    document.symbol = take(number.symbol, &mut confidence.symbol);
    document.issuer = take(issuer, &mut confidence.issuer);
    document.place = take(dated.place, &mut confidence.place);
    document.date = take(dated.date, &mut confidence.date);
    document.title = take(title, &mut confidence.title);
    document.signatory = take(closing.signatory, &mut confidence.signatory);
    (document, attachment)
}

/// Splits something found into its value and its confidence.
fn take<T>(found: Option<Found<T>>, confidence: &mut Option<f32>) -> Option<T> {
    let found = found?;
    *confidence = Some(found.confidence);
    Some(found.value)
}

/// The 0-based lines that a zone covers.
fn lines_of(lines: &Lines, span: &Span) -> std::ops::Range<usize> {
    if span.is_empty() {
        return 0..0;
    }
    let first = lines.text.line_at(span.start);
    first..lines.text.line_at(span.end - 1) + 1
}

fn body_lines(lines: &Lines, span: &Span) -> Vec<usize> {
    lines.body_in(lines_of(lines, span)).collect()
}

/// The trích yếu on one line. An official letter's stands in the left column.
fn read_title(
    lines: &Lines,
    span: &Span,
    title: &[usize],
    part: &DocumentPart,
) -> Option<Found<String>> {
    let piece = |&index: &usize| {
        let line = lines.get(index);
        let text = &line.text[span.start.clamp(line.span.start, line.span.end) - line.span.start..];
        if part.type_line.is_none() { left_column(text) } else { text }
    };
    let pieces: Vec<&str> = title.iter().map(piece).filter(|piece| !piece.is_empty()).collect();
    let joined = pieces.join(" ");
    let is_mark = |c: char| matches!(c, '¹' | '²' | '³' | '⁴'..='⁹' | '*' | ' ');
    let joined = joined.trim_end_matches(is_mark).to_owned();
    let words = lines.text.words_in(span.clone());
    let mean = words.iter().map(|word| word.confidence).sum::<f32>() / words.len().max(1) as f32;
    (!joined.is_empty()).then(|| Found::new(joined, mean.min(0.98)))
}

/// The paragraph "(Kèm theo …)" among the lines below the type word.
fn read_attachment(lines: &Lines, below: &[usize]) -> Option<Attachment> {
    let first = below.iter().position(|&index| is_attachment(&lines.get(index).folded))?;
    let mut text = String::new();
    for &index in &below[first..] {
        text.push_str(lines.get(index).text);
        if text.ends_with(')') {
            break;
        }
        text.push(' ');
    }
    Some(number::read_attachment(&text, below[first]))
}

/// Whether plans and regulations are issued with such a document.
fn issues_others(document: &Document) -> bool {
    matches!(
        document.doc_type.as_deref(),
        Some("Quyết định" | "Nghị quyết" | "Thông tư" | "Nghị định")
    )
}

/// Lets a decision and what it issues tell each other what each leaves out.
fn share(decision: &mut Document, issued: &mut Document, attachment: Option<&Attachment>) {
    let has_own_heading = issued.number.is_some() || issued.symbol.is_some();
    if has_own_heading && attachment.is_none() {
        return;
    }
    if let Some(attachment) = attachment {
        let from = |value: &Option<String>| value.clone().map(|v| Found::new(v, INHERITED - 0.1));
        if decision.number.is_none() && attachment.symbol.is_some() {
            decision.number = take(from(&attachment.number), &mut decision.confidence.number);
        }
        if decision.symbol.is_none() {
            decision.symbol = take(from(&attachment.symbol), &mut decision.confidence.symbol);
        }
        if decision.date.is_none() {
            decision.date = take(from(&attachment.date), &mut decision.confidence.date);
        }
    }
    if issued.issuer.is_none() {
        issued.issuer = decision.issuer.clone();
        issued.confidence.issuer = decision.confidence.issuer.map(|c| c.min(INHERITED));
    }
    if issued.date.is_none() {
        issued.date = decision.date.clone();
        issued.confidence.date = decision.confidence.date.map(|c| c.min(INHERITED));
    }
}

/// A warning for a document whose heading lacks what it should have.
fn missing(document: &Document, part: &DocumentPart) -> Option<Warning> {
    let is_issued_with_another = document.number.is_none() && document.symbol.is_none();
    let wanted = [
        ("type", document.doc_type.is_some()),
        ("number", document.number.is_some() || (is_issued_with_another && part.lines.start > 0)),
        ("date", document.date.is_some()),
        ("title", document.title.is_some()),
    ];
    let names: Vec<&str> =
        wanted.iter().filter(|(_, is_there)| !is_there).map(|(n, _)| *n).collect();
    (!names.is_empty()).then(|| {
        let message = format!("the document's heading has no legible {}", names.join(", "));
        Warning::new(WarningCode::HeadingIncomplete, message).on_line(document.first_line)
    })
}

fn plan_section(node: &SectionNode) -> Section {
    Section {
        label: node.label.clone(),
        title: node.title.clone(),
        kinds: node.kinds.clone(),
        line: node.line as u32 + 1,
        children: node.children.iter().map(plan_section).collect(),
    }
}
