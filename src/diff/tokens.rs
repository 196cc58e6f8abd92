//! A text as tokens that compare: words without case and marks, numbers and dates by their value,
//! cited documents by their number and symbol.
//!
//! A token keeps its place in the text, so that a difference can be shown as it was printed, and
//! whether it was read surely, so that a bad reading is never taken for a change.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use unicode_normalization::char::is_combining_mark;

use crate::text::normalise::{fold_look_alike, nfc, strip_marks};

use super::joined::JoinedText;

use super::names::{NameKind, may_begin_name};

/// A number in an index of distinct tokens: equal keys are equal tokens.
pub type Key = u32;

/// What a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Word,
    /// A word that carries no matter of its own: "của", "và", "các".
    Function,
    Number,
    Year,
    /// A day or a month, with its year or without; a quarter.
    Date,
    /// Number and symbol: "57-NQ/TW".
    Document,
}

impl Token {
    /// Whether two tokens say the same: of numbers also that they count the same, where both say what.
    pub fn equals(&self, other: &Self) -> bool {
        let counted = self.unit.is_none() || other.unit.is_none() || self.unit == other.unit;
        self.key == other.key && counted
    }

    /// Equal for tokens that may be matched.
    pub fn matching(&self) -> u64 {
        u64::from(self.key) | u64::from(self.unit.map_or(0, |unit| unit + 1)) << 32
    }
}

impl TokenKind {
    /// Whether a change of it is reported as a figure.
    pub fn is_figure(self) -> bool {
        !matches!(self, Self::Word | Self::Function)
    }
}

/// One word, number, date or document of a text.
#[derive(Clone, Debug)]
pub struct Token {
    /// Bytes of the text.
    pub span: Range<usize>,
    pub key: Key,
    /// The same with its marks; tells tỉnh from tính.
    pub marked: Key,
    pub kind: TokenKind,
    /// Part of the name of a place, a body or a level.
    pub name: Option<NameKind>,
    /// 1-based line of the restored text.
    pub line: u32,
    /// Read well enough that a difference is one of the page.
    pub sure: bool,
    pub capital: bool,
    /// A comma, semicolon, colon or full stop follows.
    pub ends_phrase: bool,
    /// Of a number, the first word of what it counts: "tập" in "02 tập thể".
    pub unit: Option<Key>,
    /// A date that belongs to the document cited before it.
    pub of_document: bool,
}

/// The distinct tokens of a comparison; a key is an index.
#[derive(Default)]
pub struct Lexicon {
    texts: Vec<String>,
    keys: HashMap<String, Key>,
    /// Key and marked key of a word as it was printed.
    forms: HashMap<String, (Key, Key)>,
    /// Of each marked key of a word.
    traits: Vec<WordTraits>,
}

/// What a word is wherever it stands; looked up once for each distinct word.
#[derive(Clone, Copy, Default)]
struct WordTraits {
    /// A name of the level may begin with it.
    begins_name: bool,
    begins_figure: bool,
    is_function: bool,
}

impl Lexicon {
    pub fn key(&mut self, text: &str) -> Key {
        if let Some(&key) = self.keys.get(text) {
            return key;
        }
        let key = self.texts.len() as Key;
        self.texts.push(text.to_owned());
        self.keys.insert(text.to_owned(), key);
        key
    }

    pub fn begins_name(&self, marked: Key) -> bool {
        self.traits_of(marked).begins_name
    }

    fn traits_of(&self, marked: Key) -> WordTraits {
        self.traits.get(marked as usize).copied().unwrap_or_default()
    }

    pub fn text(&self, key: Key) -> &str {
        &self.texts[key as usize]
    }

    fn word(&mut self, form: &str) -> (Key, Key) {
        if let Some(&keys) = self.forms.get(form) {
            return keys;
        }
        let lower: String =
            nfc(form).chars().map(fold_look_alike).collect::<String>().to_lowercase();
        let plain = folded(&lower);
        let keys = (self.key(&plain), self.key(&lower));
        self.traits.resize(self.texts.len(), WordTraits::default());
        self.traits[keys.1 as usize] = WordTraits {
            begins_name: may_begin_name(&plain, &lower),
            begins_figure: FIGURE_WORDS.contains(&lower.as_str()),
            is_function: FUNCTION_WORDS.contains(&lower.as_str()),
        };
        self.forms.insert(form.to_owned(), keys);
        keys
    }
}

/// Without marks; i for y, which habit exchanges (kĩ thuật, kỹ thuật).
pub fn folded(lower: &str) -> String {
    strip_marks(lower).replace('y', "i")
}

/// The pieces of [`FIGURE`], each with a text that it matches.
const PARTS: [(&str, &str); 9] = [
    // 98/2023/NĐ-CP, 57-NQ/TW, ⟨?⟩/QĐ-UBND
    (
        "document",
        r"(?:\d{1,5}[a-z]?|⟨\?⟩)(?:/(?:19|20)\d\d)?[-/–]\p{Lu}\p{L}{0,5}\d{0,2}(?:[-/–]\p{Lu}[\p{L}&]{0,9}\d{0,2})*",
    ),
    // Nghị quyết số 57
    (
        "short",
        r"(?:Nghị quyết|Nghị định|Quyết định|Kế hoạch|Chỉ thị|Thông tư|Chương trình|Đề án) số (?P<short_number>\d{1,5})",
    ),
    // 19/02/2025, 19 tháng 02 năm 2025
    (
        "day",
        r"(?P<d1>\d{1,2})(?:/|\.|-| ?tháng ?)(?P<m1>\d{1,2})(?:/|\.|-| năm )(?P<y1>(?:19|20)\d\d)",
    ),
    // tháng 7/2025, tháng 7 năm 2025, 12/2030
    ("month", r"(?:(?i:tháng) (?P<m2>\d{1,2})(?:/| năm )|(?P<m3>\d{1,2})/)(?P<y2>(?:19|20)\d\d)"),
    // quý III năm 2027, quý IV
    ("quarter", r"(?i:quý) (?P<q>IV|I{1,3}|[1-4])\b(?:(?:/| năm )(?P<y3>(?:19|20)\d\d))?"),
    // 30/11, 15 tháng 6
    ("day_of_year", r"(?P<d2>\d{1,2})(?:/| tháng )(?P<m4>\d{1,2})"),
    // tháng 6
    ("month_of_year", r"(?i:tháng) (?P<m5>\d{1,2})"),
    // 2030
    ("year", r"(?:19|20)\d\d\b"),
    // 3,5 tỷ; 85%; 1.200.000
    ("number", r"\d+(?:[.,]\d+)*(?: ?%| (?P<scale>tỷ|tỉ|triệu|nghìn|ngàn))?"),
];

/// Words with which a figure may begin; any other word is only a word.
const FIGURE_WORDS: [&str; 9] =
    ["nghị", "quyết", "kế", "chỉ", "thông", "chương", "đề", "tháng", "quý"];

static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    let parts = PARTS.map(|(name, pattern)| format!("(?P<{name}>{pattern})"));
    Regex::new(&format!("^(?:{})", parts.join("|"))).expect("a valid pattern")
});

/// Words that carry no matter of their own.
const FUNCTION_WORDS: [&str; 33] = [
    "của", "và", "các", "những", "là", "cho", "với", "về", "tại", "ở", "trong", "trên", "theo",
    "từ", "đến", "để", "do", "bởi", "mà", "thì", "được", "đã", "sẽ", "đang", "có", "này", "đó",
    "việc", "cùng", "như", "vào", "ra", "cũng",
];

/// The tokens of a text. `documents` gives the codes that short forms ("Nghị quyết số 57") stand for.
pub fn tokenise(joined: &JoinedText, lexicon: &mut Lexicon, documents: &[String]) -> Vec<Token> {
    let mut tokeniser = Tokeniser { joined, lexicon, documents, tokens: Vec::new() };
    let text = joined.text.as_str();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        at = if first.is_alphabetic() {
            tokeniser.word(at)
        } else if first.is_ascii_digit() || first == '⟨' {
            tokeniser.figure(at).unwrap_or(at + first.len_utf8())
        } else {
            at + first.len_utf8()
        };
    }
    let mut tokens = tokeniser.tokens;
    mark_dates_of_documents(text, &mut tokens);
    mark_units(text, &mut tokens);
    tokens
}

/// A text on its way to tokens.
struct Tokeniser<'a> {
    joined: &'a JoinedText,
    lexicon: &'a mut Lexicon,
    documents: &'a [String],
    tokens: Vec<Token>,
}

impl Tokeniser<'_> {
    /// Reads the word at `at`, or the figure that begins with it; gives the byte at which to go on.
    fn word(&mut self, at: usize) -> usize {
        let text = self.joined.text.as_str();
        let rest = &text[at..];
        let in_word = |c: char| c.is_alphanumeric() || is_combining_mark(c);
        let mut end = at + rest.find(|c| !in_word(c)).unwrap_or(rest.len());
        // "sb71/NQ-CP": what was read for "số" stuck to the code.
        if text[end..].starts_with(['/', '-'])
            && let Some(digits) = text[at..end].find(|c: char| c.is_ascii_digit())
        {
            end = at + digits;
        }
        let (key, marked) = self.lexicon.word(&text[at..end]);
        let traits = self.lexicon.traits_of(marked);
        if traits.begins_figure
            && let Some(end) = self.figure(at)
        {
            return end;
        }
        let kind = if traits.is_function { TokenKind::Function } else { TokenKind::Word };
        self.push(at..end, kind, key, marked)
    }

    fn push(&mut self, span: Range<usize>, kind: TokenKind, key: Key, marked: Key) -> usize {
        let text = self.joined.text.as_str();
        let (line, sure) = self.joined.place(&span);
        let rest = text[span.end..].trim_start_matches(['”', '"', ')', '¹', '²', '³']);
        let end = span.end;
        self.tokens.push(Token {
            key,
            marked,
            kind,
            name: None,
            line,
            sure,
            capital: text[span.clone()].starts_with(char::is_uppercase),
            ends_phrase: rest.is_empty() || rest.starts_with([',', ';', '.', ':']),
            unit: None,
            of_document: false,
            span,
        });
        end
    }

    /// Reads the figure at `at`; gives the byte at which to go on, or `None` if there is none.
    fn figure(&mut self, at: usize) -> Option<usize> {
        let text = self.joined.text.as_str();
        let found = FIGURE.captures(&text[at..])?;
        let part = |name| found.name(name).map(|part| part.as_str());
        let span = at..at + found.get(0)?.end();
        if let Some(code) = part("document") {
            if is_code(code) {
                let key = self.lexicon.key(&canonical_code(code));
                return Some(self.push(span, TokenKind::Document, key, key));
            }
            // "2025-Xây": the number alone.
            return self.number(at);
        }
        if let Some(number) = part("short_number") {
            return self.short_form(span, number);
        }
        if let Some((canonical, kind)) = date(&found) {
            let key = self.lexicon.key(&canonical);
            let start = found.name("m3").and_then(|_| self.take_month()).unwrap_or(span.start);
            return Some(self.push(start..span.end, kind, key, key));
        }
        if part("number").is_some() && self.counts_parts() {
            let key = self.lexicon.key(&text[span.clone()]);
            return Some(self.push(span, TokenKind::Word, key, key));
        }
        if part("number").is_some() {
            let key = self.lexicon.key(&value(&text[span.clone()], part("scale")));
            return Some(self.push(span, TokenKind::Number, key, key));
        }
        // No date of the calendar.
        self.number(at)
    }

    /// "tháng - 10/2030": a speck doesn't part the word from its month. Takes it off the tokens and
    /// gives its first byte.
    fn take_month(&mut self) -> Option<usize> {
        let month =
            |last: &mut Token| !last.ends_phrase && self.lexicon.text(last.marked) == "tháng";
        self.tokens.pop_if(month).map(|last| last.span.start)
    }

    /// "giai đoạn 1", "Điều 37": a number that is a name.
    fn counts_parts(&self) -> bool {
        let before = self.tokens.last().map(|token| self.lexicon.text(token.marked));
        before.is_some_and(|word| ["đoạn", "điều", "khoản", "mục", "lục"].contains(&word))
    }

    /// The digits at `at` as a number.
    fn number(&mut self, at: usize) -> Option<usize> {
        let text = self.joined.text.as_str();
        let rest = &text[at..];
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        (length > 0).then(|| {
            let key = self.lexicon.key(&value(&rest[..length], None));
            self.push(at..at + length, TokenKind::Number, key, key)
        })
    }

    /// "Nghị quyết số 57", after the document was introduced.
    fn short_form(&mut self, span: Range<usize>, number: &str) -> Option<usize> {
        let text = self.joined.text.as_str();
        // "Quyết định số 923/QĐ-TTg": the whole code follows.
        if text[span.end..].starts_with(['/', '-', '–']) {
            return None;
        }
        let start = span.end - number.len();
        for word in WORDS.find_iter(&text[span.start..start]) {
            let at = span.start + word.start()..span.start + word.end();
            let (key, marked) = self.lexicon.word(word.as_str());
            self.push(at, TokenKind::Word, key, marked);
        }
        let full = self.documents.iter().find(|id| leading_number(id) == number);
        let code = full.map_or_else(|| format!("số {number}"), |id| canonical_code(id));
        let key = self.lexicon.key(&code);
        Some(self.push(start..span.end, TokenKind::Document, key, key))
    }
}

static WORDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\p{L}[\p{L}\p{M}]*").expect("a valid pattern"));

/// Half of a symbol's letters and at least two are capitals: "NQ/TW", "CTr/TU", "QĐ-TTg".
fn is_code(code: &str) -> bool {
    let capitals = code.chars().filter(|c| c.is_uppercase()).count();
    let letters = code.chars().filter(|c| c.is_alphabetic()).count();
    capitals >= 2 && capitals * 2 >= letters
}

/// The code without marks, case and kind of dash, so that a bad reading of Đ is no other document.
pub fn canonical_code(code: &str) -> String {
    strip_marks(code)
        .to_uppercase()
        .replace('–', "-")
        .replace(' ', "")
        .trim_start_matches('0')
        .into()
}

/// "57" of "57-NQ/TW".
fn leading_number(id: &str) -> &str {
    id.split(|c: char| !c.is_ascii_digit()).next().unwrap_or("")
}

/// ISO form and kind; `None` where the calendar has no such date.
fn date(found: &Captures) -> Option<(String, TokenKind)> {
    let part = |name: &str| found.name(name).map(|part| part.as_str());
    let number = |name: &str| part(name).and_then(|part| part.parse::<u32>().ok());
    let month = ["m1", "m2", "m3", "m4", "m5"].into_iter().find_map(number);
    let day = ["d1", "d2"].into_iter().find_map(number);
    if month.is_some_and(|month| !(1..=12).contains(&month))
        || day.is_some_and(|day| !(1..=31).contains(&day))
    {
        return None;
    }
    let year = ["y1", "y2", "y3"].into_iter().find_map(part);
    if let Some(year) = part("year") {
        return Some((year.to_owned(), TokenKind::Year));
    }
    if let Some(quarter) = part("q") {
        let quarter = match quarter {
            "I" => "1",
            "II" => "2",
            "III" => "3",
            "IV" => "4",
            digit => digit,
        };
        return Some((format!("{}-Q{quarter}", year.unwrap_or("-")), TokenKind::Date));
    }
    let month = month?;
    let day = day.map_or(String::new(), |day| format!("-{day:02}"));
    Some((format!("{}-{month:02}{day}", year.unwrap_or("-")), TokenKind::Date))
}

/// A number's value: "1.200.000" is 1200000, "52,5" 52.5, "02" 2, "3,5 tỷ" 3500000000, "85%" 85%.
fn value(printed: &str, scale: Option<&str>) -> String {
    let percent = printed.ends_with('%');
    let number: String =
        printed.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let groups: Vec<&str> = number.split(['.', ',']).collect();
    // Groups of three part thousands; anything else after one mark is a fraction.
    let thousands = groups.len() > 2 || groups.len() == 2 && groups[1].len() == 3;
    let (whole, fraction) = match groups[..] {
        [whole] => (Cow::Borrowed(whole), ""),
        [whole, fraction] if !thousands => (Cow::Borrowed(whole), fraction),
        _ => (Cow::Owned(groups.concat()), ""),
    };
    let zeros = match scale {
        Some("tỷ" | "tỉ") => 9,
        Some("triệu") => 6,
        Some(_) => 3,
        None => 0,
    };
    let mut digits = whole.into_owned();
    let (moved, rest) = fraction.split_at(fraction.len().min(zeros));
    digits.push_str(moved);
    digits.extend(std::iter::repeat_n('0', zeros - moved.len()));
    let digits = digits.trim_start_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let rest = rest.trim_end_matches('0');
    let point = if rest.is_empty() { "" } else { "." };
    format!("{digits}{point}{rest}{}", if percent { "%" } else { "" })
}

/// What numbers of these documents count; the longest first where one begins another.
pub const UNITS: &[&str] = &[
    "tập thể",
    "cá nhân",
    "chuyên đề",
    "học bổng",
    "phút",
    "giờ",
    "ngày",
    "tháng",
    "năm",
    "tuổi",
    "liều",
    "điểm",
    "cây",
    "lớp",
    "cuộc",
    "người",
    "suất",
    "mm",
    "tấn",
    "ha",
    "km",
    "hộ",
    "xe",
    "lần",
    "lượt",
    "cờ",
    "tuyến",
    "mô hình",
    "đồng",
    "độ",
    "trường",
    "bài",
    "tin",
    "buổi",
    "đợt",
    "sản phẩm",
    "doanh nghiệp",
    "gia đình",
    "dòng họ",
    "cộng đồng",
    "hồ sơ",
    "giải",
    "đội",
    "tổ",
    "trạm",
    "công trình",
    "hồ chứa",
    "mũi",
    "bàn",
    "cán bộ",
    "dân quân",
    "quý",
];

fn mark_units(text: &str, tokens: &mut [Token]) {
    for index in 1..tokens.len() {
        let (before, at) = tokens.split_at_mut(index);
        let number = &mut before[index - 1];
        let share = text[number.span.clone()].ends_with('%');
        if number.kind != TokenKind::Number || number.ends_phrase || share {
            continue;
        }
        let word = text[at[0].span.clone()].to_lowercase();
        let counts = |unit: &&str| unit.split(' ').next() == Some(word.as_str());
        if UNITS.iter().any(counts) {
            number.unit = Some(at[0].key);
        }
    }
}

/// The longest name of a law that is dated, in tokens.
const LONGEST_LAW: usize = 14;

/// "57-NQ/TW ngày 22/12/2024": the date says which document, not when something is due.
fn mark_dates_of_documents(text: &str, tokens: &mut [Token]) {
    for index in 0..tokens.len() {
        if tokens[index].kind != TokenKind::Date {
            continue;
        }
        let before = &tokens[..index];
        let printed = |token: &Token| &text[token.span.clone()];
        let [.., cited, said] = before else { continue };
        let said = printed(said) == "ngày";
        let law = before.iter().rev().take(LONGEST_LAW).any(|token| printed(token) == "Luật");
        let of_document = cited.kind == TokenKind::Document || law;
        tokens[index].of_document = of_document && said;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        let mut joined = JoinedText::default();
        for (index, line) in text.lines().enumerate() {
            for word in line.split_whitespace() {
                joined.push_word(index as u32 + 1, word, true);
            }
        }
        let mut lexicon = Lexicon::default();
        let documents = ["57-NQ/TW".to_owned()];
        let tokens = tokenise(&joined, &mut lexicon, &documents);
        tokens.iter().map(|token| lexicon.text(token.key).to_owned()).collect()
    }

    #[test]
    fn tokens_compare_by_what_they_mean() {
        let table: [(&str, &[&str]); 17] = [
            ("Hoá đơn", &["hoa", "don"]),
            ("kĩ thuật", &["ki", "thuat"]),
            ("kỹ thuật", &["ki", "thuat"]),
            ("98/2023/NĐ-CP", &["98/2023/ND-CP"]),
            ("08/KH-\nUBND", &["8/KH-UBND"]),
            ("Nghị quyết số 57,", &["nghi", "quiet", "so", "57-NQ/TW"]),
            ("Nghị quyết số 58,", &["nghi", "quiet", "so", "số 58"]),
            ("ngày 19/02/2025", &["ngai", "2025-02-19"]),
            ("15 tháng 12 năm 2026", &["2026-12-15"]),
            ("tháng 7/2025; 12/2030", &["2025-07", "2030-12"]),
            ("hết tháng - 10/2030", &["het", "2030-10"]),
            ("trước 30/11 hằng năm", &["truoc", "--11-30", "hang", "nam"]),
            ("trực 24/24 giờ", &["truc", "24", "24", "gio"]),
            ("quý III năm 2027", &["2027-Q3"]),
            ("2025 - 2030", &["2025", "2030"]),
            ("1.200.000 cây, 52,5%, 02 cờ", &["1200000", "cai", "52.5%", "2", "co"]),
            ("3,5 tỷ đồng; 4.850.000.000 đồng", &["3500000000", "dong", "4850000000", "dong"]),
        ];
        for (text, expected) in table {
            assert_eq!(keys(text), expected, "{text}");
        }
    }

    #[test]
    fn the_date_of_a_cited_document_is_told_from_a_deadline() {
        let marked = |text: &str| {
            let mut joined = JoinedText::default();
            text.split_whitespace().for_each(|word| joined.push_word(1, word, true));
            let tokens = tokenise(&joined, &mut Lexicon::default(), &[]);
            tokens.iter().filter(|token| token.of_document).count()
        };
        assert_eq!(marked("Kế hoạch số 12/KH-UBND ngày 08/01/2026 của Ủy ban nhân dân"), 1);
        assert_eq!(marked("Luật Thi đua, khen thưởng ngày 15/6/2022"), 1);
        assert_eq!(marked("báo cáo theo Công văn số 12/SNV-TH trước ngày 08/01/2026"), 0);
        assert_eq!(marked("hoàn thành trước ngày 30/6/2026"), 0);
    }
}
