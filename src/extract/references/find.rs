//! Finds single citations: the word of kind, the number and symbol or the law's name, and the date
//! and issuer that belong to it.

use std::sync::LazyLock;

use regex::Regex;

use super::laws;
use crate::extract::bodies::{leading_body, spelled_out};
use crate::extract::dates::{self, ImpossibleDate, PartialDate};
use crate::extract::floor_boundary;
use crate::extract::running::RunningText;
use crate::text::Span;

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

/// Number and symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// "57"; `None` where the page leaves a blank or could not be read.
    pub number: Option<String>,
    /// "NQ/TW"; empty where only a number's place is printed.
    pub symbol: String,
    /// The whole, as correctly printed: "57-NQ/TW", "98/2023/NĐ-CP", "⟨?⟩/QĐ-UBND".
    pub id: String,
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

/// The kinds of document that are cited: those of Decree 30/2020/NĐ-CP, of the Law on the
/// promulgation of legal documents, and of the Party's Hướng dẫn 36-HD/VPTW; a kind that begins with
/// another stands before it.
const KINDS: &[&str] = &[
    "Chương trình hành động",
    "Chương trình phối hợp",
    "Chương trình",
    "Kế hoạch hành động",
    "Kế hoạch liên tịch",
    "Kế hoạch phối hợp",
    "Kế hoạch",
    "Thông tư liên tịch",
    "Thông tư",
    "Nghị quyết liên tịch",
    "Nghị quyết",
    "Nghị định",
    "Quyết định",
    "Chỉ thị",
    "Quy chế phối hợp",
    "Quy chế",
    "Quy định",
    "Quy hoạch",
    "Thông cáo",
    "Thông báo kết luận",
    "Thông báo",
    "Thông tri",
    "Hướng dẫn liên ngành",
    "Hướng dẫn",
    "Phương án",
    "Đề án",
    "Dự án",
    "Báo cáo",
    "Biên bản",
    "Tờ trình",
    "Hợp đồng",
    "Công văn",
    "Công điện",
    "Kết luận",
    "Văn bản hợp nhất",
    "Lệnh",
    "Sắc lệnh",
    "Giấy mời",
    "Phiếu chuyển",
    "Bộ luật",
    "Pháp lệnh",
    "Hiến pháp",
    "Luật",
    "Văn bản",
];

/// What the first letters of a symbol stand for, where the text says only "văn bản".
const KIND_OF_SYMBOL: &[(&str, &str)] = &[
    ("NQ", "Nghị quyết"),
    ("NĐ", "Nghị định"),
    ("QĐ", "Quyết định"),
    ("CT", "Chỉ thị"),
    ("QC", "Quy chế"),
    ("QĐi", "Quy định"),
    ("TB", "Thông báo"),
    ("HD", "Hướng dẫn"),
    ("CTr", "Chương trình"),
    ("KH", "Kế hoạch"),
    ("PA", "Phương án"),
    ("ĐA", "Đề án"),
    ("DA", "Dự án"),
    ("BC", "Báo cáo"),
    ("BB", "Biên bản"),
    ("TTr", "Tờ trình"),
    ("CĐ", "Công điện"),
    ("TT", "Thông tư"),
    ("KL", "Kết luận"),
    ("CV", "Công văn"),
    ("GM", "Giấy mời"),
    ("TTLT", "Thông tư liên tịch"),
];

/// Part of a symbol: capitals, with the small letters of "CTr", "TTg" and the session of "QH15".
const SYMBOL_PART: &str = r"\p{Lu}[\p{L}&]*\d{0,2}";
/// Marks of footnotes that stand between the parts of a citation.
const MARKS: &str = r"[¹²³⁰⁴-⁹]*";

static KIND: LazyLock<Regex> = LazyLock::new(|| {
    let kinds = KINDS.join("|");
    built(&format!(r"(?i)\b(?:{kinds})\b"))
});

/// " số 57-NQ/TW", " 553/QĐ-UBND", " số 98/2023/NĐ-CP"; "S7- NQ/TW" is for the repair stage.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    built(&format!(
        r"^(?i: số)?:? ?(?<number>\d{{1,5}}[a-zA-Z]?)(?<year> ?/ ?(?:19|20)\d\d)? ?(?<mark>[-–/]) ?(?<symbol>{SYMBOL_PART}(?:(?:[-–/] ?|\.){SYMBOL_PART})*)"
    ))
});

/// " số ⟨?⟩/QĐ-UBND", " số /QĐ-UBND", " số ……": a blank to be filled in by hand.
static BLANK_CODE: LazyLock<Regex> = LazyLock::new(|| {
    built(&format!(
        r"^(?i: số):? ?(?:(?:⟨\?⟩|[.…_]{{2,}}|…)(?: ?/ ?(?<symbol>{SYMBOL_PART}(?:[-–/.]{SYMBOL_PART})*))?|/ ?(?<bare>{SYMBOL_PART}(?:[-–/.]{SYMBOL_PART})*))"
    ))
});

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
        while let Some(kind) = KIND.find_at(text, at) {
            at = kind.end();
            let Some(citation) = citation(text, kind.range()) else { continue };
            at = citation.extent.end;
            let doc_type = citation.doc_type;
            found.push(shifted(citation, paragraph.span.start));
            while let Some(next) = next_item(text, at, doc_type) {
                at = next.extent.end;
                found.push(shifted(next, paragraph.span.start));
            }
        }
    }
    found
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
    let doc_type =
        KINDS.iter().copied().find(|known| known.to_lowercase() == word.to_lowercase())?;
    let law = LAW.is_match(word);
    if matches!(doc_type, "Luật" | "Bộ luật" | "Pháp lệnh" | "Hiến pháp") && !law {
        // "pháp luật", "kỷ luật": only a capital begins a law's name.
        return None;
    }
    let (target, end) = if let Some((code, length)) = code(rest) {
        (Target::Code(code), kind.end + length)
    } else if let Some((code, length)) = blank_code(rest) {
        (Target::Code(code), kind.end + length)
    } else if law {
        let name = laws::law_name(&text[kind.start..])?;
        let end = kind.start + name.length;
        let code = code(&text[end..]).or_else(|| code(text[end..].strip_prefix(',')?));
        let code_end = code.as_ref().map_or(end, |(_, length)| end + length);
        let target = Target::Law {
            name: text[kind.start..end].to_owned(),
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
    Some(completed(text, kind.start..end, known_kind(doc_type, &target), target))
}

/// "văn bản số 12/HD-SNV" is a Hướng dẫn; a symbol that begins with the issuer is a letter's.
fn known_kind(doc_type: &'static str, target: &Target) -> Option<&'static str> {
    if doc_type != "Văn bản" {
        return Some(doc_type);
    }
    let Target::Code(code) = target else { return None };
    let first = code.symbol.split(['-', '/', '.']).next().unwrap_or("");
    let known = KIND_OF_SYMBOL.iter().find(|(symbol, _)| *symbol == first);
    Some(known.map_or("Công văn", |(_, kind)| kind))
}

/// A further item of a list, which takes its kind from the first: ", số 71/NQ-CP".
fn next_item(text: &str, at: usize, doc_type: Option<&'static str>) -> Option<Citation> {
    NEXT_ITEM.find(&text[at..])?;
    let separator = text[at..].find([',', ';', 'v'])?;
    let skip = ["và", "; và", ", và", ",", ";"];
    let from = at + separator;
    let word = skip.iter().find(|word| text[from..].starts_with(**word))?;
    let rest = &text[from + word.len()..];
    let (code, length) = code(rest).or_else(|| blank_code(rest))?;
    let start = from + word.len() + (rest.len() - rest.trim_start().len());
    let end = from + word.len() + length;
    Some(completed(text, start..end, doc_type, Target::Code(code)))
}

fn code(rest: &str) -> Option<(Code, usize)> {
    let captures = CODE.captures(&rest[..floor_boundary(rest, 60)])?;
    let symbol = without_mark(&captures["symbol"]);
    let end = captures.name("symbol")?.start() + symbol.len();
    let symbol: String = symbol.replace('–', "-").replace(' ', "");
    let capitals = symbol.chars().filter(|c| c.is_uppercase()).count();
    let letters = symbol.chars().filter(|c| c.is_alphabetic()).count();
    // "12/Quyết định" or "22-Hà Nội" are no symbols.
    if capitals * 2 < letters || letters < 2 || letters > 30 {
        return None;
    }
    let number = captures["number"].to_owned();
    let year = captures.name("year").map_or("", |year| year.as_str()).replace(' ', "");
    let mark = if &captures["mark"] == "–" { "-" } else { &captures["mark"] };
    let id = format!("{number}{year}{mark}{symbol}");
    Some((Code { number: Some(number), symbol, id }, end))
}

/// A symbol without the digits of a footnote's mark; the session of "QH15" is no mark.
fn without_mark(symbol: &str) -> &str {
    let last = symbol.rsplit(['-', '–', '/', '.', ' ']).next().unwrap_or(symbol);
    let session = last.starts_with("QH") || last.starts_with("UBTVQH");
    if session { symbol } else { symbol.trim_end_matches(|c: char| c.is_ascii_digit()) }
}

fn blank_code(rest: &str) -> Option<(Code, usize)> {
    let captures = BLANK_CODE.captures(&rest[..floor_boundary(rest, 60)])?;
    let symbol = captures.name("symbol").or(captures.name("bare"));
    let symbol = symbol.map_or(String::new(), |symbol| symbol.as_str().replace('–', "-"));
    let id = if symbol.is_empty() { UNREAD.to_owned() } else { format!("{UNREAD}/{symbol}") };
    Some((Code { number: None, symbol, id }, captures.get(0)?.end()))
}

/// Stands for a number that the page leaves blank or that can't be read.
pub const UNREAD: &str = "⟨?⟩";

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
    // A notice of what somebody concluded is not his own paper.
    let issuer = issuer.or_else(|| {
        issuer_before(&text[..span.start])
            .filter(|_| !doc_type.is_some_and(|d| d.starts_with("Thông báo")))
    });
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
