//! A plan as Akoma Ntoso 3.0 (OASIS LegalDocML), the XML of parliaments and legal databases.
//!
//! The text is the plan's, line by line: what stands before the first section is the preface, the
//! sections are the body, recipients and signature the conclusions. Cited documents are `ref`s. A
//! file with several documents is a collection.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::xml::Escaped;
use crate::plan::{Document, Plan, Section};
use crate::text::normalise::strip_marks;

const NAMESPACE: &str = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0";

/// The plan as one XML document, ended by a line end.
pub fn to_akoma_ntoso(plan: &Plan) -> String {
    let mut out =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<akomaNtoso xmlns=\"{NAMESPACE}\">\n");
    match &plan.documents[..] {
        [] => write_document(&mut out, plan, &whole_file(plan), 1),
        [document] => write_document(&mut out, plan, document, 1),
        several => {
            out.push_str("<documentCollection name=\"file\">\n");
            write_meta(&mut out, plan, &several[0], ("collection", "col"));
            out.push_str("<collectionBody>\n");
            for (index, document) in several.iter().enumerate() {
                let _ = writeln!(out, "<component eId=\"cmp_{}\">", index + 1);
                write_document(&mut out, plan, document, index + 1);
                out.push_str("</component>\n");
            }
            out.push_str("</collectionBody>\n</documentCollection>\n");
        }
    }
    out.push_str("</akomaNtoso>\n");
    out
}

/// A file in which no document was found is one without a heading.
fn whole_file(plan: &Plan) -> Document {
    let last_line = u32::try_from(plan.lines.len()).unwrap_or(u32::MAX);
    Document { first_line: 1, last_line, ..Document::default() }
}

fn write_document(out: &mut String, plan: &Plan, document: &Document, number: usize) {
    let name = slug(document.doc_type.as_deref().unwrap_or("van ban"));
    let _ = writeln!(out, "<doc name=\"{name}\">");
    write_meta(out, plan, document, (&name, &format!("doc_{number}")));
    let closing = closing_line(plan, document);
    let first = document.sections.first().map_or(closing, |section| section.line);
    let mut body = Body { plan, out, ids: BTreeSet::new(), prefix: format!("doc_{number}") };
    body.block("preface", document.first_line, first);
    body.out.push_str("<mainBody>\n");
    if document.sections.is_empty() {
        body.out.push_str("<p/>\n");
    }
    let prefix = body.prefix.clone();
    body.sections(&document.sections, closing, &prefix);
    body.out.push_str("</mainBody>\n");
    body.block("conclusions", closing, document.last_line + 1);
    out.push_str("</doc>\n");
}

/// The line on which recipients and signature begin: after the last section's text.
fn closing_line(plan: &Plan, document: &Document) -> u32 {
    let mut last = document.first_line;
    let mut sections = &document.sections;
    while let Some(section) = sections.last() {
        last = section.line;
        sections = &section.children;
    }
    let begins = |line: &u32| {
        let text = plan.lines.get(*line as usize - 1).map_or("", |line| line.text.trim());
        strip_marks(text).to_lowercase().starts_with("noi nhan")
    };
    let lines = last.max(1)..=document.last_line;
    lines.clone().find(begins).unwrap_or(document.last_line + 1)
}

/// `name` is of the kind of document, `prefix` tells its ids from those of other documents.
fn write_meta(out: &mut String, plan: &Plan, document: &Document, (name, prefix): (&str, &str)) {
    let (date, precision) = full_date(document.date.as_deref());
    let number = match (&document.number, &document.symbol) {
        (Some(number), Some(symbol)) => format!("{number}/{symbol}"),
        (None, Some(symbol)) => symbol.clone(),
        (Some(number), None) => number.clone(),
        (None, None) => String::new(),
    };
    let key = match number.is_empty() {
        true => plan.source.sha256.get(..16).unwrap_or("file").to_owned(),
        false => slug(&number),
    };
    let work = format!("/akn/vn/doc/{name}/{date}/{key}");
    let expression = format!("{work}/vie@{date}");
    let date = format!("<FRBRdate date=\"{date}\" name=\"{precision}\"/>");
    let author = format!("<FRBRauthor href=\"#{prefix}_issuer\"/>");
    let level = |element: &str, uri: &str, rest: &str| {
        format!(
            "<{element}><FRBRthis value=\"{uri}/!main\"/><FRBRuri value=\"{uri}\"/>{date}{author}{rest}</{element}>\n"
        )
    };
    let numbered = match number.is_empty() {
        true => String::new(),
        false => format!("<FRBRnumber value=\"{}\"/>", Escaped(&number)),
    };
    let _ = write!(out, "<meta>\n<identification source=\"#{prefix}_sohoa\">\n");
    out.push_str(&level("FRBRWork", &work, &format!("<FRBRcountry value=\"vn\"/>{numbered}")));
    out.push_str(&level("FRBRExpression", &expression, "<FRBRlanguage language=\"vie\"/>"));
    out.push_str(&level(
        "FRBRManifestation",
        &format!("{expression}/main.xml"),
        "<FRBRformat value=\"application/akn+xml\"/>",
    ));
    let issuer = document.issuer.as_deref().unwrap_or("không rõ");
    let _ = write!(
        out,
        "</identification>\n<references source=\"#{prefix}_sohoa\">\n<TLCOrganization eId=\"{prefix}_issuer\" \
         href=\"/akn/ontology/organization/vn/{}\" showAs=\"{}\"/>\n<TLCOrganization eId=\"{prefix}_sohoa\" \
         href=\"/akn/ontology/organization/vn/sohoa\" showAs=\"sohoa\"/>\n</references>\n</meta>\n",
        slug(issuer),
        Escaped(issuer)
    );
}

/// The schema asks for a whole date: the first day of what is known, and how much of it is said.
fn full_date(date: Option<&str>) -> (String, &'static str) {
    match date.map(|date| (date, date.split('-').count())) {
        Some((date, 3)) => (date.to_owned(), "issued"),
        Some((date, 2)) => (format!("{date}-01"), "issued-month"),
        Some((date, 1)) if date.len() == 4 => (format!("{date}-01-01"), "issued-year"),
        _ => ("0001-01-01".to_owned(), "unknown"),
    }
}

/// Small letters and digits without marks, joined by hyphens.
fn slug(text: &str) -> String {
    let plain = strip_marks(text).to_lowercase();
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-");
    if slug.is_empty() { "x".to_owned() } else { slug }
}

/// What is being written.
struct Body<'a> {
    plan: &'a Plan,
    out: &'a mut String,
    /// Those given out: an author's misnumbering repeats labels.
    ids: BTreeSet<String>,
    prefix: String,
}

impl Body<'_> {
    /// Lines `from..to` (1-based) as paragraphs of an element; nothing if none has text.
    fn block(&mut self, element: &str, from: u32, to: u32) {
        let paragraphs = self.paragraphs(from, to, "");
        if !paragraphs.is_empty() {
            let _ = write!(self.out, "<{element}>\n{paragraphs}</{element}>\n");
        }
    }

    /// `end` is the line after the last section's text.
    fn sections(&mut self, sections: &[Section], end: u32, above: &str) {
        for (index, section) in sections.iter().enumerate() {
            let next = sections.get(index + 1).map_or(end, |next| next.line);
            self.section(section, next.max(section.line), above);
        }
    }

    fn section(&mut self, section: &Section, end: u32, above: &str) {
        let element = element_of(&section.label);
        let id = self.new_id(&format!("{above}__{element}_{}", slug(&section.label)));
        let _ = writeln!(self.out, "<{element} eId=\"{id}\">");
        let _ = writeln!(self.out, "<num>{}</num>", Escaped(&section.label));
        if let Some(title) = &section.title {
            let _ = writeln!(self.out, "<heading>{}</heading>", Escaped(title));
        }
        let own_end = section.children.first().map_or(end, |child| child.line);
        let heading = format!("{} {}", section.label, section.title.as_deref().unwrap_or(""));
        let own = self.paragraphs(section.line, own_end, &heading);
        let (open, close) = match section.children.is_empty() {
            true => ("<content>\n", "</content>\n"),
            false => ("<intro>\n", "</intro>\n"),
        };
        match own.is_empty() {
            true if section.children.is_empty() => self.out.push_str("<content><p/></content>\n"),
            true => {}
            false => {
                let _ = write!(self.out, "{open}{own}{close}");
            }
        }
        self.sections(&section.children, end, &id);
        let _ = writeln!(self.out, "</{element}>");
    }

    fn new_id(&mut self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        let mut copy = 2;
        while !self.ids.insert(id.clone()) {
            id = format!("{wanted}-{copy}");
            copy += 1;
        }
        id
    }

    /// One `p` for each line with text, without the words of `heading` with which they begin.
    fn paragraphs(&self, from: u32, to: u32, heading: &str) -> String {
        let mut rest: Vec<String> = heading.split_whitespace().map(bare).rev().collect();
        let mut paragraphs = String::new();
        for number in from..to {
            let Some(line) = self.plan.lines.get(number as usize - 1) else { break };
            let mut words = line.text.trim();
            while let Some(wanted) = rest.last() {
                let (word, after) = words.split_once(' ').unwrap_or((words, ""));
                if word.is_empty() {
                    break;
                }
                if bare(word) != *wanted {
                    rest.clear();
                    break;
                }
                rest.pop();
                words = after.trim_start();
            }
            if !words.is_empty() {
                let _ = writeln!(paragraphs, "<p>{}</p>", self.with_references(words, number));
            }
        }
        paragraphs
    }

    /// A line with the documents that it cites marked.
    fn with_references(&self, text: &str, line: u32) -> String {
        let mut places: Vec<(usize, usize, &str)> = Vec::new();
        for reference in &self.plan.references {
            for mention in reference.mentions.iter().filter(|mention| mention.line == line) {
                // A mention that runs over the line's end is marked up to there.
                let tail = (1..=mention.text.len()).rev().find_map(|length| {
                    let words = mention.text.get(..length)?;
                    text.find(words).map(|at| (at, at + words.len()))
                });
                let Some((start, end)) = tail.filter(|(start, end)| end - start > 3) else {
                    continue;
                };
                if places.iter().all(|(from, to, _)| end <= *from || *to <= start) {
                    places.push((start, end, &reference.id));
                }
            }
        }
        places.sort_unstable();
        let mut marked = String::new();
        let mut at = 0;
        for (start, end, id) in places {
            let _ = write!(
                marked,
                "{}<ref href=\"/akn/vn/cited/{}\">{}</ref>",
                Escaped(&text[at..start]),
                slug(id),
                Escaped(&text[start..end])
            );
            at = end;
        }
        let _ = write!(marked, "{}", Escaped(&text[at..]));
        marked
    }
}

/// A word without the marks around it, in lower case.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// The level of Akoma Ntoso that a label stands for: the words are those of Vietnamese law, the
/// rest follows the order of Decree 30/2020/NĐ-CP, Annex I (I, 1, a).
fn element_of(label: &str) -> &'static str {
    let first = label.chars().next().unwrap_or(' ');
    if label.starts_with("Phần") || label.starts_with("Phụ lục") {
        "part"
    } else if label.starts_with("Chương") {
        "chapter"
    } else if label.starts_with("Mục") || label.starts_with("Tiểu mục") {
        "section"
    } else if label.starts_with("Điều") {
        "article"
    } else if label.contains('.') {
        "subparagraph"
    } else if first.is_ascii_digit() {
        "paragraph"
    } else if first.is_uppercase() {
        "section"
    } else {
        "point"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_their_levels() {
        for (label, element) in [
            ("Chương II", "chapter"),
            ("Điều 5", "article"),
            ("IV", "section"),
            ("2", "paragraph"),
            ("2.1", "subparagraph"),
            ("đ", "point"),
            ("Phụ lục I", "part"),
        ] {
            assert_eq!(element_of(label), element);
        }
    }

    #[test]
    fn slugs_are_safe_in_addresses() {
        assert_eq!(slug("145/KH-UBND"), "145-kh-ubnd");
        assert_eq!(slug("Ủy ban nhân dân"), "uy-ban-nhan-dan");
        assert_eq!(slug("⟨?⟩"), "x");
    }

    #[test]
    fn a_date_says_how_much_of_it_is_known() {
        assert_eq!(full_date(Some("2026-04")), ("2026-04-01".to_owned(), "issued-month"));
        assert_eq!(full_date(None), ("0001-01-01".to_owned(), "unknown"));
    }
}
