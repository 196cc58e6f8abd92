//! Finds single citations: the word of kind, the number and symbol or the law's name, and the date
//! and issuer that belong to it.

use std::sync::LazyLock;

use regex::Regex;

use super::code::{self, Code};
use super::{kinds, laws};
use crate::extract::bodies::{leading_body, spelled_out};
use crate::extract::dates::{self, ImpossibleDate, PartialDate};
use crate::extract::running::RunningText;
use crate::text::Span;
use crate::text::normalise::bare_letter;

/// One place where a document is named.
#[derive(Clone, Debug, PartialEq)]
pub struct Citation {
    /// Of the running text: from the word of kind to the end of number and symbol.
    pub span: Span,
    /// `span` with date and issuer.
    pub extent: Span,
    /// "Nghị quyết"; `None` where the text says only "văn bản".
    pub doc_type: Option<&'static str>,
    pub target: Target,
    pub date: Option<Result<PartialDate, ImpossibleDate>>,
    /// Spelled out.
    pub issuer: Option<Issuer>,
}

/// How a document is named.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// By number and symbol: "57-NQ/TW".
    Code(Code),
    /// By its name, for laws; with its number if that follows.
    Law { name: String, listed: bool, code: Option<Code> },
    /// By its number alone: "Nghị quyết số 57".
    Short { number: String },
    /// By kind and issuer alone: "Chương trình hành động của Ban Thường vụ Tỉnh ủy".
    Unnumbered,
}

/// A document's issuer and how it was found: the surest way is the first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Issuer {
    /// "… của Chính phủ".
    After(String),
    /// "đề nghị của Sở Nội vụ tại Tờ trình …".
    Before(String),
}

impl Issuer {
    pub fn name(&self) -> &str {
        match self {
            Self::After(name) | Self::Before(name) => name,
        }
    }
}

/// Marks of footnotes that stand between the parts of a citation.
const MARKS: &str = r"[¹²³⁰⁴-⁹]*";

static KIND: LazyLock<Regex> = LazyLock::new(|| {
    let kinds = kinds::KINDS.join("|");
    built(&format!(r"(?i)(?:{kinds})"))
});

/// The next word of kind from `at` on. That it is whole is checked here: a pattern that asks for it
/// is ten times as slow on letters with marks.
fn next_kind(text: &str, at: usize) -> Option<Span> {
    let mut at = at;
    loop {
        let found = KIND.find_at(text, at)?.range();
        let before = text[..found.start].chars().next_back();
        let after = text[found.end..].chars().next();
        if ![before, after].into_iter().flatten().any(char::is_alphanumeric) {
            return Some(found);
        }
        at = found.start + text[found.start..].chars().next()?.len_utf8();
    }
}

/// "số" before a number; its vowel is often lost.
static NUMBER_WORD: LazyLock<Regex> = LazyLock::new(|| built(r" (?:số|s[^\s\d]|s0)(?: ?\d)"));

/// " số 57", " 57": resolved only if exactly one document was cited with this number.
static SHORT: LazyLock<Regex> =
    LazyLock::new(|| built(r"^(?i: số)? (?<number>\d{1,4})(?:[^\d/\p{L}%.]|\.?$|\.? )"));

/// The next item of a list, without a word of kind: ", số 71/NQ-CP", " và 59-NQ/TW".
static NEXT_ITEM: LazyLock<Regex> =
    LazyLock::new(|| built(&format!(r"^{MARKS}(?:,|;| và|, và|; và)(?: số)? ?\d")));

static DATE_FOLLOWS: LazyLock<Regex> = LazyLock::new(|| {
    built(&format!(
        r"^{MARKS},? ?(?:\(|(?:được )?(?:ký|ban hành|thông qua) )?(?i:ngày|năm \d{{4}}\b)"
    ))
});

static ISSUER_FOLLOWS: LazyLock<Regex> = LazyLock::new(|| built(&format!(r"^{MARKS},? (?i:của) ")));

static LAW: LazyLock<Regex> =
    LazyLock::new(|| built(r"^(?:Bộ luật|BỘ LUẬT|Luật|LUẬT|Pháp lệnh|PHÁP LỆNH|Hiến pháp)$"));

/// What stands between an issuer and "tại" before the citation: "được UBND tỉnh giao tại".
static GIVEN_AT: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"^(?: ?(?:giao|phê duyệt|ban hành|phát động|quy định|chỉ đạo|phê chuẩn|thông qua|yêu cầu|thống nhất|công bố|nêu|trình))?,? (?:tại|trong) (?:các )?$",
    )
});

fn built(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// All citations of a text, in order, none overlapping another.
pub fn citations(running: &RunningText) -> Vec<Citation> {
    let mut found = Vec::new();
    for paragraph in running.paragraphs() {
        let text = &running.as_str()[paragraph.span.clone()];
        let mut at = 0;
        let first = found.len();
        while let Some(kind) = next_kind(text, at) {
            at = kind.end;
            let Some(citation) = citation(text, kind) else { continue };
            at = citation.extent.end;
            let doc_type = citation.doc_type;
            found.push(shifted(citation, paragraph.span.start));
            while let Some(next) = next_item(text, at, doc_type) {
                at = next.extent.end;
                found.push(shifted(next, paragraph.span.start));
            }
        }
        let taken: Vec<Span> = found[first..].iter().map(|known| known.extent.clone()).collect();
        let free = |citation: &Citation| {
            taken.iter().all(|t| t.end <= citation.span.start || citation.extent.end <= t.start)
        };
        let bare = bare_codes(text).into_iter().map(|c| shifted(c, paragraph.span.start));
        found.extend(bare.filter(free));
    }
    found.sort_by_key(|citation| citation.span.start);
    found
}

/// Numbers with a symbol that says their kind, whose word of kind is missing or can't be read:
/// "Nghz quyết số 57-NQ/TW".
fn bare_codes(text: &str) -> Vec<Citation> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(number) = NUMBER_WORD.find_at(text, at) {
        at = number.end();
        let Some((code, length)) = code::read(&text[number.start()..], "") else { continue };
        let Some(kind) = kinds::of_known_symbol(&code.symbol) else { continue };
        let end = number.start() + length;
        let start = kind_before(&text[..number.start()], kind).unwrap_or(number.start() + 1);
        at = end;
        found.push(completed(text, start..end, Some(kind), Target::Code(code)));
    }
    found
}

/// Where a damaged word of kind begins at the end of `before`: as many words as it has, with the
/// same initials.
fn kind_before(before: &str, kind: &str) -> Option<usize> {
    let count = kind.split(' ').count();
    let start = before.trim_end().rmatch_indices(' ').nth(count - 1).map_or(0, |(at, _)| at + 1);
    let initial = |word: &str| word.chars().next().map(|c| bare_letter(c).to_ascii_lowercase());
    let same = before[start..].split(' ').map(initial).eq(kind.split(' ').map(initial));
    same.then_some(start)
}

fn shifted(mut citation: Citation, by: usize) -> Citation {
    for span in [&mut citation.span, &mut citation.extent] {
        *span = span.start + by..span.end + by;
    }
    citation
}

/// The citation whose word of kind stands at `kind` of a paragraph.
fn citation(text: &str, kind: Span) -> Option<Citation> {
    let word = &text[kind.clone()];
    let rest = &text[kind.end..];
    let doc_type = kinds::named(word)?;
    let law = LAW.is_match(word);
    if matches!(doc_type, "Luật" | "Bộ luật" | "Pháp lệnh" | "Hiến pháp") && !law {
        // "pháp luật", "kỷ luật": only a capital begins a law's name.
        return None;
    }
    let (target, end) = if let Some((code, length)) = code::read(rest, doc_type) {
        (Target::Code(code), kind.end + length)
    } else if law {
        let name = laws::law_name(&text[kind.start..])?;
        let end = kind.start + name.length;
        let comma = usize::from(text[end..].starts_with(','));
        let code = code::read(&text[end + comma..], doc_type);
        let code_end = code.as_ref().map_or(end, |(_, length)| end + comma + length);
        let target = Target::Law {
            name: name.canonical.unwrap_or_else(|| text[kind.start..end].to_owned()),
            listed: name.listed,
            code: code.map(|(code, _)| code),
        };
        (target, code_end)
    } else if let Some(short) =
        SHORT.captures(rest).filter(|_| word.starts_with(char::is_uppercase))
    {
        let number = short.name("number").expect("the pattern has it");
        (Target::Short { number: number.as_str().to_owned() }, kind.end + number.end())
    } else if word.starts_with(char::is_uppercase) && rest.starts_with(" của ") {
        (Target::Unnumbered, kind.end)
    } else {
        return None;
    };
    let doc_type = match &target {
        Target::Code(code) if doc_type == "Văn bản" => kinds::of_symbol(&code.symbol),
        _ => Some(doc_type).filter(|known| *known != "Văn bản"),
    };
    Some(completed(text, kind.start..end, doc_type, target))
}

/// A further item of a list, which takes its kind from the first: ", số 71/NQ-CP".
fn next_item(text: &str, at: usize, doc_type: Option<&'static str>) -> Option<Citation> {
    NEXT_ITEM.find(&text[at..])?;
    let separator = text[at..].find([',', ';', 'v'])?;
    let skip = ["và", "; và", ", và", ",", ";"];
    let from = at + separator;
    let word = skip.iter().find(|word| text[from..].starts_with(**word))?;
    let rest = &text[from + word.len()..];
    let (code, length) = code::read(rest, doc_type.unwrap_or(""))?;
    let start = from + word.len() + (rest.len() - rest.trim_start().len());
    let end = from + word.len() + length;
    Some(completed(text, start..end, doc_type, Target::Code(code)))
}

/// Adds the date and the issuer that belong to the citation: those that follow it at once, never
/// any further ones, which may be another document's.
fn completed(text: &str, span: Span, doc_type: Option<&'static str>, target: Target) -> Citation {
    let mut end = span.end;
    let mut date = following_date(text, &mut end);
    let mut issuer = None;
    if let Some(of) = ISSUER_FOLLOWS.find(&text[end..]) {
        let from = end + of.end();
        if let Some(body) = leading_body(&text[from..]) {
            end = from + body.len();
            issuer = Some(Issuer::After(spelled_out(body)));
            date = date.or_else(|| following_date(text, &mut end));
        }
    }
    let issuer = issuer.or_else(|| issuer_before(&text[..span.start]));
    Citation { extent: span.start..end, span, doc_type, target, date, issuer }
}

fn following_date(text: &str, end: &mut usize) -> Option<Result<PartialDate, ImpossibleDate>> {
    let follows = DATE_FOLLOWS.find(&text[*end..])?;
    let whole = follows.as_str();
    let lower = whole.to_lowercase();
    let at = lower.rfind("ngày").or_else(|| lower.rfind("năm"))?;
    // Lower case has the same bytes for these words, but what precedes may not.
    let from = *end + whole.len() - (lower.len() - at);
    let found = dates::dated(text.get(from..)?)?;
    *end = from + found.span.end;
    Some(found.date)
}

/// "Theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số …": the issuer stands before "tại".
fn issuer_before(before: &str) -> Option<Issuer> {
    let before = &before[before.len() - floor_back(before, 160)..];
    let (at, word) = [" của ", " được ", " do "]
        .iter()
        .filter_map(|word| before.rfind(word).map(|at| (at, *word)))
        .max_by_key(|(at, _)| *at)?;
    let from = at + word.len();
    let body = leading_body(&before[from..])?;
    GIVEN_AT.is_match(&before[from + body.len()..]).then(|| {
        // A department's papers are the department's, by whomever they are signed.
        let body = body.strip_prefix("Giám đốc ").filter(|b| b.starts_with("Sở")).unwrap_or(body);
        Issuer::Before(spelled_out(body))
    })
}

/// Number of bytes, at most `bytes`, that can be cut off the end of `text` between characters.
fn floor_back(text: &str, bytes: usize) -> usize {
    let start = text.len().saturating_sub(bytes);
    let start = (start..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    text.len() - start
}
