//! A plan cut into the pieces that are compared: its leaf sections, and what inner sections say
//! before their children.
//!
//! Footnotes, page numbers and the closing formula with recipients and signature belong to no piece.

use std::sync::LazyLock;

use regex::Regex;

use crate::plan::{Line, LineRole, Plan, Section, SectionKind, TextOrigin};

use super::joined::{JoinedText, is_damaged};
use super::names::{OwnPlaces, mark_names};
use super::tokens::{Lexicon, Token, tokenise};

/// One document of a plan, cut up.
pub struct Outline {
    /// Index in the plan's documents.
    pub document: usize,
    /// All sections, parents before children, in order.
    pub nodes: Vec<Node>,
    /// In order.
    pub pieces: Vec<Piece>,
    /// Of the document's title (trích yếu).
    pub title: Vec<Token>,
    pub title_text: String,
    pub reading: Reading,
}

/// What the reading of a plan may have done to its text.
#[derive(Clone, Copy)]
pub struct Reading {
    /// Lost marks or letters throughout.
    pub damaged: bool,
    /// Read from pictures: words at a line's end may be missing.
    pub from_pictures: bool,
}

/// A section.
pub struct Node {
    /// "III/1/b".
    pub path: String,
    pub title: Option<String>,
    pub kinds: Vec<SectionKind>,
    pub line: u32,
    pub parent: Option<usize>,
    pub is_leaf: bool,
    /// Tokens of the title.
    pub heading: Vec<Token>,
}

/// A text that is compared as one.
pub struct Piece {
    pub node: usize,
    /// An inner section's own text: its title is left out, being the heading of the pieces below.
    pub is_lead: bool,
    pub text: String,
    pub tokens: Vec<Token>,
}

/// Fewer tokens than this under an inner heading are the rest of it.
const SHORTEST_LEAD: usize = 6;

impl Outline {
    /// Cuts up `plan.documents[document]`.
    pub fn new(plan: &Plan, document: usize, lexicon: &mut Lexicon) -> Self {
        let places = OwnPlaces::of(plan.documents.iter());
        let cited: Vec<String> = plan.references.iter().map(|cited| cited.id.clone()).collect();
        let damaged = is_damaged(&plan.lines);
        let read = |joined: &JoinedText, lexicon: &mut Lexicon| {
            let mut tokens = tokenise(joined, lexicon, &cited);
            mark_names(&mut tokens, lexicon, &places);
            tokens
        };
        let chosen = &plan.documents[document];
        let mut nodes = Vec::new();
        list_sections(&chosen.sections, None, "", &mut nodes);
        for node in &mut nodes {
            let title = joined_title(node.title.as_deref(), node.line);
            node.heading = read(&title, lexicon);
        }
        let last_section = nodes.last().map_or(0, |node| node.line);
        let end = closing_line(&plan.lines, chosen.last_line, last_section);
        let mut pieces = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let next = match nodes.get(index + 1) {
                // Before an annex stand the formula and the signature of what it is annexed to.
                Some(annex) if is_annex(annex) => {
                    closing_line(&plan.lines, annex.line.saturating_sub(1), node.line)
                }
                Some(next) => next.line,
                None => end,
            };
            let mut joined = JoinedText::default();
            for number in
                running_lines(&plan.lines, node.line, next.max(node.line.saturating_add(1)))
            {
                joined.push_line(number, &plan.lines[number as usize - 1], damaged);
            }
            // Two labels on one line: the text belongs to the last.
            if next == node.line {
                joined = joined_title(node.title.as_deref(), node.line);
            }
            let mut tokens = read(&joined, lexicon);
            tokens.drain(..label_length(&joined.text, &tokens));
            if !node.is_leaf {
                let titled = title_length(&tokens, &node.heading);
                tokens.drain(..titled);
                if tokens.len() < SHORTEST_LEAD {
                    continue;
                }
            }
            pieces.push(Piece { node: index, is_lead: !node.is_leaf, text: joined.text, tokens });
        }
        let title = joined_title(chosen.title.as_deref(), chosen.first_line);
        let title_tokens = read(&title, lexicon);
        let from_pictures = plan.source.text_origin == TextOrigin::Ocr;
        Self {
            document,
            nodes,
            pieces,
            title: title_tokens,
            title_text: title.text,
            reading: Reading { damaged, from_pictures },
        }
    }

    pub fn path(&self, piece: usize) -> &str {
        &self.nodes[self.pieces[piece].node].path
    }

    /// The heading of the section that holds a piece.
    pub fn heading_over(&self, piece: &Piece) -> &[Token] {
        self.nodes[piece.node].parent.map_or(&[], |parent| &self.nodes[parent].heading)
    }

    pub fn leaves(&self) -> usize {
        self.nodes.iter().filter(|node| node.is_leaf).count()
    }

    /// The section and those above it, innermost first.
    pub fn ancestry(&self, node: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(node), |&node| self.nodes[node].parent)
    }

    /// Whether the section or one above it is of a kind.
    pub fn is_of_kind(&self, node: usize, kind: SectionKind) -> bool {
        self.ancestry(node).any(|node| self.nodes[node].kinds.contains(&kind))
    }

    /// The first section whose path is `path`.
    pub fn node_at(&self, path: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.path == path)
    }
}

fn list_sections(sections: &[Section], parent: Option<usize>, above: &str, nodes: &mut Vec<Node>) {
    for section in sections {
        let path = match above {
            "" => section.label.clone(),
            above => format!("{above}/{}", section.label),
        };
        nodes.push(Node {
            path: path.clone(),
            title: section.title.clone(),
            kinds: section.kinds.clone(),
            line: section.line,
            parent,
            is_leaf: section.children.is_empty(),
            heading: Vec::new(),
        });
        let index = nodes.len() - 1;
        list_sections(&section.children, Some(index), &path, nodes);
    }
}

fn joined_title(title: Option<&str>, line: u32) -> JoinedText {
    let mut joined = JoinedText::default();
    if let Some(title) = title {
        let line_of_title = Line {
            text: title.to_owned(),
            page: None,
            bounds: None,
            role: LineRole::Body,
            words: Vec::new(),
        };
        joined.push_line(line, &line_of_title, false);
    }
    joined
}

static FOOTNOTE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*[¹²³⁰⁴-⁹]+ ?\p{L}").expect("a valid pattern"));
static PAGE_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*[-–]? ?\d{1,3} ?[-–]?\s*$").expect("a valid pattern"));

/// A footnote whose mark was lost: a citation that begins a paragraph in the midst of a sentence.
static UNMARKED_FOOTNOTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^\W*(?:Nghị quyết|Nghị định|Quyết định|Chương trình|Kế hoạch|Thông tư|Chỉ thị|Kết luận|Hướng dẫn|Đề án|Luật)\b[^.;]{0,40}\d",
    )
    .expect("a valid pattern")
});

/// The 1-based numbers of the lines of running text in `from..to`.
fn running_lines(lines: &[Line], from: u32, to: u32) -> Vec<u32> {
    let mut running: Vec<u32> = Vec::new();
    let (mut footnote, mut blank_before) = (false, false);
    for number in (from.max(1)..to).take_while(|&number| number as usize <= lines.len()) {
        let line = &lines[number as usize - 1];
        let blank = line.text.trim().is_empty();
        // A blank line or the next page ends it; page breaks come as form feeds or spaces.
        if blank || line.text.starts_with(char::is_whitespace) {
            footnote = false;
        }
        let open = running.last().is_some_and(|&last| !ends_item(&lines[last as usize - 1].text));
        footnote |= FOOTNOTE.is_match(&line.text)
            || blank_before && open && UNMARKED_FOOTNOTE.is_match(&line.text);
        blank_before = blank;
        let kept = number == from || !PAGE_NUMBER.is_match(&line.text);
        if line.role == LineRole::Body && !footnote && !blank && kept {
            running.push(number);
        }
    }
    running
}

/// What begins the end of a document: the formula, the recipients, the signature.
static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^\W*(?i:nơi nhận|(?:TM|KT|TL|TUQ|T/M|K/T)\s?\. ?\p{L}|(?:phó )?chủ tịch\s*$|giám đốc\s*$|trên đây |trong quá trình (?:tổ chức )?(?:thực hiện|triển khai)|(?:đề nghị|yêu cầu) (?:các|thủ trưởng) .*(?:cấp|cơ quan|đơn vị|ngành|thôn)|(?:kế hoạch|quyết định) này )",
    )
    .expect("a valid pattern")
});

/// Sentences that end an item, so that a closing formula after them is no part of it.
fn ends_item(line: &str) -> bool {
    line.trim_end().ends_with(['.', ';', '/', ':']) || line.trim().is_empty()
}

/// "Phụ lục", "Phụ lục II".
fn is_annex(node: &Node) -> bool {
    node.parent.is_none() && node.path.to_lowercase().starts_with("phụ lục")
}

/// The first line (1-based) after the own text of a section that is the last before the line `end`.
fn closing_line(lines: &[Line], end: u32, last_section: u32) -> u32 {
    let end = end.min(lines.len() as u32);
    let mut before = "";
    for number in last_section.max(1)..=end {
        let line = &lines[number as usize - 1];
        if number > last_section && ends_item(before) && CLOSING.is_match(&line.text) {
            return number;
        }
        before = &line.text;
    }
    end + 1
}

/// The number of tokens of the label with which a section's text begins.
fn label_length(text: &str, tokens: &[Token]) -> usize {
    let Some(label) = LABEL.find(text) else { return 0 };
    tokens.iter().take_while(|token| token.span.end <= label.end()).count()
}

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\s*#°•]*(?:(?i:điều|chương|mục|phần) \S{1,5}|\p{L}{1,4}|\d[\d.]{0,7}|\S{1,3})[.,):;/]+\**(?:\s|$)")
        .expect("a valid pattern")
});

/// The number of tokens that repeat the heading.
fn title_length(tokens: &[Token], heading: &[Token]) -> usize {
    let fits = tokens.iter().zip(heading).take_while(|(token, titled)| token.key == titled.key);
    let fits = fits.count();
    if fits == heading.len() { fits } else { 0 }
}
