//! The types of a segmented text: documents and their trees of sections.

use std::ops::Range;

use crate::plan::SectionKind;
use crate::text::Span;
use crate::warning::Warning;

/// One document (văn bản) of the file: where it begins and ends, and its zones.
///
/// `heading`, `body`, `closing` and `annexes` tile `span` in this order: each is a run of whole
/// lines with their line ends (the last without), and any but the body can be empty. Blank lines
/// between two documents belong to neither.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentPart {
    /// From the first byte of its first line to the last byte of its last.
    pub span: Span,
    /// 0-based, the end exclusive.
    pub lines: Range<usize>,
    /// The kind as Decree 30/2020/NĐ-CP writes it: "Kế hoạch", "Công văn"; `None` if the text
    /// shows none.
    pub doc_type: Option<&'static str>,
    /// How sure `doc_type` is, 0 to 1.
    pub doc_type_confidence: f32,
    /// The line of the type word; `None` for a công văn, which has none.
    pub type_line: Option<usize>,
    /// Issuer, motto, number, place and date, type word, trích yếu, "(Kèm theo …)", authority.
    pub heading: Span,
    /// The trích yếu (abstract line) within `heading`, without the type word; may run over lines.
    pub title: Option<Span>,
    /// From the opening paragraph ("Căn cứ …", "Thực hiện …") to the last one.
    pub body: Span,
    /// Recipients (nơi nhận) and signature.
    pub closing: Span,
    /// What follows the signature: the phụ lục (annexes), whose sections are in `sections` too.
    pub annexes: Span,
    /// In order; none for a document without numbered parts.
    pub sections: Vec<SectionNode>,
    /// Labels out of sequence.
    pub warnings: Vec<Warning>,
}

/// A numbered part of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionNode {
    pub style: LabelStyle,
    /// As printed, with damage mended: "I", "1", "a", "2.1", "Điều 1".
    pub label: String,
    /// Where the label stands, without the mark after it.
    pub label_span: Span,
    /// On one line; `None` for a numbered paragraph without a heading of its own.
    pub title: Option<String>,
    /// Where the title stands; may run over lines.
    pub title_span: Option<Span>,
    /// Empty for a section without a title.
    pub kinds: Vec<SectionKind>,
    /// 0-based line of the label.
    pub line: usize,
    /// Label, title, text and children, up to the next section or the end of the zone.
    pub span: Span,
    /// The part of `span` before the first child, label and title included.
    pub own_text: Span,
    pub children: Vec<SectionNode>,
}

/// How a label is written; in the order in which they can nest, but for an author's whim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LabelStyle {
    /// "Phụ lục I".
    Annex,
    /// "Phần I", "Phần thứ nhất".
    Part,
    /// "Chương II".
    Chapter,
    /// "Mục 1".
    Division,
    /// "Điều 5".
    Article,
    /// "A.".
    Capital,
    /// "IV.".
    Roman,
    /// "3.".
    Arabic,
    /// "2.1.", "2.1.3.".
    Decimal,
    /// "đ)".
    Letter,
}

/// A section with the labels above it, outermost first.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<'a> {
    pub section: &'a SectionNode,
    /// Joined by "/": "III/2/2.2/a".
    pub path: String,
}

impl LabelStyle {
    /// How many styles there are.
    pub(crate) const COUNT: usize = Self::Letter as usize + 1;
}

impl DocumentPart {
    /// All sections, parents before children, in the order of the text.
    pub fn walk(&self) -> Vec<Located<'_>> {
        let mut found = Vec::new();
        for section in &self.sections {
            section.walk_below("", &mut found);
        }
        found
    }

    /// The innermost section around a byte offset; `None` outside all of them.
    pub fn section_at(&self, offset: usize) -> Option<Located<'_>> {
        let mut sections = &self.sections;
        let mut located: Option<Located> = None;
        while let Some(section) = sections.iter().find(|s| s.span.contains(&offset)) {
            let above = located.map_or(String::new(), |l| l.path);
            located = Some(Located { path: join_path(&above, &section.label), section });
            sections = &section.children;
        }
        located
    }

    /// The path of labels of [`Self::section_at`].
    pub fn path_at(&self, offset: usize) -> Option<String> {
        self.section_at(offset).map(|located| located.path)
    }
}

impl SectionNode {
    fn walk_below<'a>(&'a self, above: &str, found: &mut Vec<Located<'a>>) {
        let path = join_path(above, &self.label);
        found.push(Located { section: self, path: path.clone() });
        for child in &self.children {
            child.walk_below(&path, found);
        }
    }
}

fn join_path(above: &str, label: &str) -> String {
    if above.is_empty() { label.to_owned() } else { format!("{above}/{label}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(label: &str, span: Span, children: Vec<SectionNode>) -> SectionNode {
        let own_text = span.start..children.first().map_or(span.end, |c| c.span.start);
        SectionNode {
            style: LabelStyle::Arabic,
            label: label.into(),
            label_span: span.start..span.start + 1,
            title: None,
            title_span: None,
            kinds: Vec::new(),
            line: 0,
            span,
            own_text,
            children,
        }
    }

    #[test]
    fn paths_are_of_the_innermost_section() {
        let part = DocumentPart {
            span: 0..100,
            lines: 0..10,
            doc_type: None,
            doc_type_confidence: 0.0,
            type_line: None,
            heading: 0..10,
            title: None,
            body: 10..90,
            closing: 90..100,
            annexes: 100..100,
            sections: vec![
                node("I", 10..40, vec![]),
                node("III", 40..90, vec![node("2", 50..90, vec![node("2.2", 60..70, vec![])])]),
            ],
            warnings: Vec::new(),
        };
        let paths = [5, 10, 45, 55, 65, 70, 90].map(|offset| part.path_at(offset));
        assert_eq!(
            paths.map(|p| p.unwrap_or_default()),
            ["", "I", "III", "III/2", "III/2/2.2", "III/2", ""]
        );
        let walked: Vec<_> = part.walk().into_iter().map(|located| located.path).collect();
        assert_eq!(walked, ["I", "III", "III/2", "III/2/2.2"]);
    }
}
