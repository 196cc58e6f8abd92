//! Gathers citations by the document that they name.
//!
//! A citation by number and symbol names its document by itself. A short form ("Nghị quyết số 57",
//! a law's name, "Chương trình hành động của …", a defined abbreviation) is resolved only where
//! exactly one document is left that it can stand for; else it is dropped.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::authority::contradicts;
use super::code::{Code, Reading, UNREAD};
use super::find::{Citation, Issuer, Target};
use super::provision;
use crate::extract::confidence;
use crate::extract::dates::{ImpossibleDate, PartialDate};
use crate::extract::running::RunningText;
use crate::plan::{Document, Mention, Provision, Reference};
use crate::sections::DocumentPart;
use crate::text::normalise::strip_marks;
use crate::text::syllable::is_syllable;
use crate::text::{AlignedText, Span};
use crate::warning::{Warning, WarningCode};

/// A document and all that was said of it.
#[derive(Debug, Default)]
struct Cited {
    doc_type: Option<&'static str>,
    id: String,
    /// Of the law, if it was named.
    name: Option<String>,
    number: Option<String>,
    symbol: String,
    dates: Vec<(Span, Result<PartialDate, ImpossibleDate>)>,
    issuers: Vec<Issuer>,
    mentions: Vec<Span>,
    legal_basis: bool,
    /// Of the pattern by which it was first found.
    reliability: f32,
}

/// A name that the text gives to a document: "(sau đây viết tắt là Đề án 06)".
struct Alias {
    name: String,
    /// From where on it holds.
    from: usize,
    document: usize,
}

/// How often each way of citing is right on clean text (see docs/accuracy-extract.md).
const BY_CODE: f32 = 0.98;
const BY_LISTED_NAME: f32 = 0.97;
const BY_UNLISTED_NAME: f32 = 0.85;
/// What a mended symbol or a guessed digit leaves of that.
const BY_MENDED_CODE: f32 = 0.9;
const BY_DOUBTFUL_CODE: f32 = 0.5;

/// The clauses of a preamble that name the legal basis; "Theo đề nghị" and "Xét đề nghị" don't.
static BASIS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:căn cứ|thực hiện|triển khai|thi hành|để|tiếp tục thực hiện)\b")
        .expect("a valid pattern")
});

static ENCLOSED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\(? ?kèm theo").expect("a valid pattern"));

static DEFINES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\((?:(?:sau đây|dưới đây|từ đây)?,? ?(?:được )?(?:viết tắt|gọi tắt|gọi chung|gọi|viết tắt chung) (?:là|:) ?)?“?(?<name>\p{Lu}[^()”;,]{3,60})”?\)",
    )
    .expect("a valid pattern")
});

pub fn resolve(
    text: &AlignedText,
    running: &RunningText,
    parts: &[DocumentPart],
    documents: &[Document],
    citations: Vec<Citation>,
) -> (Vec<Reference>, Vec<Warning>) {
    let mut gathering =
        Gathering { running, parts, documents, cited: Vec::new(), by_key: BTreeMap::new() };
    for citation in &citations {
        gathering.add_full(citation);
    }
    for citation in &citations {
        gathering.add_short(citation);
    }
    gathering.add_aliases(&citations);
    gathering.share_issuers(&citations);
    gathering.finish(text)
}

struct Gathering<'a> {
    running: &'a RunningText,
    parts: &'a [DocumentPart],
    documents: &'a [Document],
    cited: Vec<Cited>,
    by_key: BTreeMap<String, usize>,
}

impl Gathering<'_> {
    /// Citations that name their document by themselves.
    fn add_full(&mut self, citation: &Citation) {
        let (code, name, reliability) = match &citation.target {
            Target::Code(code) => (Some(code), None, BY_CODE),
            Target::Law { name, listed, code } => {
                let by_name = if *listed { BY_LISTED_NAME } else { BY_UNLISTED_NAME };
                (code.as_ref(), Some(name), if code.is_some() { BY_CODE } else { by_name })
            }
            Target::Short { .. } | Target::Unnumbered => return,
        };
        // "Công văn số ……" in a form to be filled in cites nothing.
        let blank = code.is_some_and(|code| code.id == UNREAD) && !self.is_enclosure(citation);
        if blank || code.is_some_and(|code| self.is_own(code, citation)) {
            return;
        }
        let reliability = match code.map_or(Reading::Clean, |code| code.reading) {
            Reading::Clean => reliability,
            Reading::MendedSymbol => reliability * BY_MENDED_CODE,
            Reading::DoubtfulNumber => reliability * BY_DOUBTFUL_CODE,
        };
        let id = code.map_or_else(|| name.cloned().unwrap_or_default(), |code| code.id.clone());
        let known = self.by_key.get(&key(&id)).copied();
        // A law that was first cited with its number goes on under its name alone.
        let known = known.or_else(|| self.law_named(name.filter(|_| code.is_none())?));
        let index = known.unwrap_or_else(|| {
            self.cited.push(Cited {
                doc_type: citation.doc_type,
                id: id.clone(),
                number: code.and_then(|code| code.number.clone()),
                symbol: code.map_or(String::new(), |code| code.symbol.clone()),
                reliability,
                ..Cited::default()
            });
            self.by_key.insert(key(&id), self.cited.len() - 1);
            self.cited.len() - 1
        });
        let legal_basis = self.is_basis(&citation.span);
        let cited = &mut self.cited[index];
        // A clear citation settles what another could only guess.
        cited.reliability = cited.reliability.max(reliability);
        cited.name = cited.name.take().or_else(|| name.cloned());
        cited.mentions.push(citation.span.clone());
        cited.legal_basis |= legal_basis;
        if let Some(date) = citation.date.clone() {
            cited.dates.push((citation.extent.clone(), date));
        }
        cited.issuers.extend(citation.issuer.clone());
    }

    fn law_named(&self, name: &str) -> Option<usize> {
        let same = |cited: &Cited| cited.name.as_ref().is_some_and(|n| key(n) == key(name));
        self.only(|cited| same(cited))
    }

    /// The one document for which `fits` holds; `None` for several, too.
    fn only(&self, fits: impl Fn(&Cited) -> bool) -> Option<usize> {
        let mut fitting = (0..self.cited.len()).filter(|&index| fits(&self.cited[index]));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }

    /// The file's own documents are none that it cites, but where one says to which decision it
    /// belongs: "(Kèm theo Quyết định số …)" under the heading.
    fn is_own(&self, code: &Code, citation: &Citation) -> bool {
        let own = self.documents.iter().any(|document| {
            let same_number = document.number.is_some() && document.number == code.number;
            let symbol = document.symbol.as_deref().map(key);
            same_number && symbol.is_some_and(|symbol| key(&code.id).ends_with(&symbol))
        });
        own && !self.is_enclosure(citation)
    }

    fn is_enclosure(&self, citation: &Citation) -> bool {
        let at = self.running.source_at(citation.span.start);
        let in_heading = self.parts.iter().any(|part| part.heading.contains(&at));
        let paragraph = self.running.paragraph_at(citation.span.start);
        in_heading
            && paragraph.is_some_and(|paragraph| {
                ENCLOSED.is_match(&self.running.as_str()[paragraph.span.start..citation.span.start])
            })
    }

    /// Whether a citation stands in a clause of the preamble that names the legal basis.
    fn is_basis(&self, span: &Span) -> bool {
        let Some(paragraph) = self.running.paragraph_at(span.start) else { return false };
        let before = &self.running.as_str()[paragraph.span.start..span.end];
        let sentence = before.rfind(". ").map_or(before, |at| &before[at + ". ".len()..]);
        let grounds = [before, sentence].iter().any(|t| BASIS.is_match(t) || is_damaged_basis(t));
        if paragraph.footnote || !grounds {
            return false;
        }
        let at = self.running.source_at(paragraph.span.start);
        let Some(part) = self.parts.iter().find(|part| part.span.contains(&at)) else {
            return self.parts.is_empty();
        };
        let first_section = part.sections.first().map_or(part.closing.start, |s| s.span.start);
        part.body.start <= at && at < first_section
    }

    /// Citations by number alone, or by kind and issuer alone.
    fn add_short(&mut self, citation: &Citation) {
        let same_kind = |cited: &Cited| match (cited.doc_type, citation.doc_type) {
            // "Kế hoạch số 33" for what was introduced as a "Kế hoạch hành động".
            (Some(full), Some(short)) => full.starts_with(short) || short.starts_with(full),
            _ => false,
        };
        let before = |cited: &Cited| {
            cited.mentions.iter().any(|mention| mention.start < citation.span.start)
        };
        let found = match &citation.target {
            Target::Short { number } => self.only(|cited| {
                let same_number = cited.number.as_ref().is_some_and(|n| same_number(n, number));
                same_number && same_kind(cited) && before(cited)
            }),
            Target::Unnumbered => {
                let Some(Issuer::After(issuer)) = &citation.issuer else { return };
                if self.is_own_kind(citation, issuer) {
                    return;
                }
                self.only(|cited| {
                    let names = cited.issuers.iter().map(Issuer::name);
                    same_kind(cited) && names.into_iter().any(|name| is_prefix(name, issuer))
                })
            }
            Target::Code(_) | Target::Law { .. } => None,
        };
        if let Some(index) = found {
            self.cited[index].mentions.push(citation.span.clone());
        }
    }

    /// "Kế hoạch của Ủy ban nhân dân tỉnh" in a plan of that committee speaks of the plan itself.
    fn is_own_kind(&self, citation: &Citation, issuer: &str) -> bool {
        self.documents.iter().any(|document| {
            document.doc_type.as_deref() == citation.doc_type
                && document.issuer.as_deref().is_some_and(|own| is_prefix(own, issuer))
        })
    }

    /// Names that the text defines for a document, at every later use.
    fn add_aliases(&mut self, citations: &[Citation]) {
        let running = self.running;
        let aliases: Vec<Alias> = DEFINES
            .captures_iter(running.as_str())
            .filter_map(|captures| {
                let name = captures.name("name")?;
                let document =
                    self.defined_as(&captures[0], name.as_str(), name.start(), citations)?;
                Some(Alias { name: name.as_str().trim().to_owned(), from: name.start(), document })
            })
            .collect();
        let mut taken: Vec<Span> =
            self.cited.iter().flat_map(|cited| cited.mentions.iter().cloned()).collect();
        for alias in aliases {
            for (at, _) in running.as_str()[alias.from..].match_indices(&alias.name) {
                let span = alias.from + at..alias.from + at + alias.name.len();
                let next = running.as_str()[span.end..].chars().next();
                let whole = next.is_none_or(|c| !c.is_alphanumeric() && c != '/' && c != '-');
                if whole && !taken.iter().any(|t| t.start < span.end && span.start < t.end) {
                    taken.push(span.clone());
                    self.cited[alias.document].mentions.push(span);
                }
            }
        }
    }

    /// The document that a name in brackets is given to: the last one cited before the brackets in
    /// the same paragraph whose kind or number the name repeats.
    fn defined_as(
        &self,
        whole: &str,
        name: &str,
        at: usize,
        citations: &[Citation],
    ) -> Option<usize> {
        let explicit = whole.contains("tắt") || whole.contains("gọi");
        let digits: String = name.chars().filter(char::is_ascii_digit).collect();
        let words = name.split(' ').count();
        // A bare word of kind ("Kế hoạch") is everybody's, and a name without a number or a second
        // word can't be told from prose.
        if words < 2 || name.contains('/') || (!explicit && digits.is_empty()) {
            return None;
        }
        let paragraph = self.running.paragraph_at(at)?.span.clone();
        let before = citations
            .iter()
            .rev()
            .filter(|citation| citation.span.end <= at && citation.span.start >= paragraph.start);
        let fits = |cited: &Cited| {
            let number = cited.number.as_deref().unwrap_or("");
            let by_number = !digits.is_empty() && same_number(number, &digits);
            let by_kind = cited.doc_type.is_some_and(|kind| name.starts_with(kind));
            if digits.is_empty() { explicit && by_kind } else { by_number }
        };
        let mut documents = before.filter_map(|citation| {
            self.cited.iter().position(|cited| cited.mentions.contains(&citation.span))
        });
        documents.find(|&index| fits(&self.cited[index]))
    }

    /// "Thông tư số 13/… và Thông tư số 51/… của Bộ trưởng": what stands in a row under the same
    /// symbol has one issuer, named at the end.
    fn share_issuers(&mut self, citations: &[Citation]) {
        let index_of = |cited: &[Cited], citation: &Citation| {
            cited.iter().position(|cited| cited.mentions.contains(&citation.span))
        };
        for pair in citations.windows(2).rev() {
            let between = self.running.as_str().get(pair[0].extent.end..pair[1].span.start);
            let in_a_row = between.is_some_and(|between| {
                matches!(between.trim().to_lowercase().as_str(), "," | ";" | "và" | ", và" | "; và")
            });
            if !in_a_row {
                continue;
            }
            let (Some(first), Some(second)) =
                (index_of(&self.cited, &pair[0]), index_of(&self.cited, &pair[1]))
            else {
                continue;
            };
            let (a, b) = (&self.cited[first], &self.cited[second]);
            if first != second
                && a.issuers.is_empty()
                && !a.symbol.is_empty()
                && a.symbol == b.symbol
            {
                self.cited[first].issuers = self.cited[second].issuers.clone();
            }
        }
    }

    fn finish(self, text: &AlignedText) -> (Vec<Reference>, Vec<Warning>) {
        let mut warnings = Vec::new();
        let mut cited = self.cited;
        for document in &mut cited {
            document.mentions.sort_by_key(|mention| mention.start);
        }
        cited.sort_by_key(|document| document.mentions[0].start);
        let references = cited
            .into_iter()
            .map(|document| reference(text, self.running, document, &mut warnings))
            .collect();
        (references, warnings)
    }
}

fn reference(
    text: &AlignedText,
    running: &RunningText,
    cited: Cited,
    warnings: &mut Vec<Warning>,
) -> Reference {
    let date = settled_date(running, &cited, warnings);
    let read = cited.mentions.iter().map(|m| confidence::of_digits(text, running, m));
    // One clear reading is enough: the same number was made out there.
    let reading = read.fold(0.0f32, f32::max);
    let line = running.line_at(cited.mentions[0].start);
    let mut confidence = cited.reliability * reading;
    if confidence < confidence::DOUBTFUL {
        let message = format!("number of the cited document {} was read with doubt", cited.id);
        warnings.push(Warning::new(WarningCode::DoubtfulNumber, message).on_line(line));
    }
    if cited.id.starts_with(UNREAD) {
        confidence = confidence.min(confidence::DOUBTFUL);
    }
    let mentions = cited.mentions.iter().map(|span| Mention {
        line: running.line_at(span.start),
        text: running.as_str()[span.clone()].to_owned(),
        provision: provision_of(running, span),
    });
    let issuer = settled_issuer(running, &cited.issuers);
    if let Some(issuer) = issuer.as_deref().filter(|name| contradicts(&cited.symbol, name)) {
        let message = format!("cited document {} is said to be by {issuer}", cited.id);
        warnings.push(Warning::new(WarningCode::UnfitSymbol, message).on_line(line));
    }
    Reference {
        doc_type: cited.doc_type.map(str::to_owned),
        id: cited.id,
        date,
        issuer,
        mentions: mentions.collect(),
        legal_basis: cited.legal_basis,
        confidence,
    }
}

/// The provision that a citation names before its document, in the same paragraph.
fn provision_of(running: &RunningText, span: &Span) -> Option<Provision> {
    let paragraph = running.paragraph_at(span.start)?;
    provision::before(&running.as_str()[paragraph.span.start..span.start])
}

/// The date that most citations give; the first of those that are as frequent.
fn settled_date(
    running: &RunningText,
    cited: &Cited,
    warnings: &mut Vec<Warning>,
) -> Option<String> {
    let mut votes: Vec<(String, usize, &Span)> = Vec::new();
    for (span, date) in &cited.dates {
        match date {
            Ok(date) => {
                let Some(iso) = date.iso() else { continue };
                match votes.iter_mut().find(|(known, ..)| *known == iso) {
                    Some((_, count, _)) => *count += 1,
                    None => votes.push((iso, 1, span)),
                }
            }
            Err(ImpossibleDate(written)) => {
                let message =
                    format!("cited document {} bears {written}, which is no date", cited.id);
                let line = running.line_at(span.start);
                warnings.push(Warning::new(WarningCode::ImpossibleDate, message).on_line(line));
            }
        }
    }
    let most = votes.iter().map(|(_, count, _)| *count).max()?;
    let (settled, ..) = votes.iter().find(|(_, count, _)| *count == most)?.clone();
    for (other, _, span) in &votes {
        // "2025" and "2025-06-16" agree.
        if !other.starts_with(&settled) && !settled.starts_with(other) {
            let message = format!("cited document {} bears {settled} and {other}", cited.id);
            let line = running.line_at(span.start);
            warnings.push(Warning::new(WarningCode::ConflictingDates, message).on_line(line));
        }
    }
    let fuller = votes.iter().filter(|(iso, ..)| iso.starts_with(&settled));
    fuller.map(|(iso, ..)| iso.clone()).max_by_key(String::len)
}

/// The issuer that most citations name, at its fullest: a mention can add the place.
fn settled_issuer(running: &RunningText, issuers: &[Issuer]) -> Option<String> {
    let after = issuers.iter().filter(|issuer| matches!(issuer, Issuer::After(_)));
    let named: Vec<&str> = after.map(Issuer::name).collect();
    let named = if named.is_empty() { vec![issuers.first()?.name()] } else { named };
    let votes = |name: &str| named.iter().filter(|other| is_prefix(name, other)).count();
    let most = named.iter().map(|name| votes(name)).max()?;
    let first = *named.iter().find(|name| votes(name) == most)?;
    let same = |name: &str| named.iter().filter(|other| **other == name).count();
    // The last of several equals is the first mention.
    let fuller = named.iter().rev().filter(|name| adds_place(first, name));
    Some(in_mixed_case(running, fuller.max_by_key(|name| same(name)).unwrap_or(&first)))
}

/// Whether `longer` is the same name with its place: "Tỉnh ủy" and "Tỉnh ủy Hòa Tân".
fn adds_place(name: &str, longer: &str) -> bool {
    const LEVELS: [&str; 7] = ["tỉnh", "thành", "phường", "xã", "huyện", "quận", "đặc"];
    let Some(added) = longer.strip_prefix(name).and_then(|rest| rest.strip_prefix(' ')) else {
        return false;
    };
    let place =
        added.starts_with(char::is_uppercase) || LEVELS.iter().any(|l| added.starts_with(l));
    place && added.chars().all(|c| c.is_alphabetic() || " -".contains(c))
}

/// "Căn cứ" with letters that OCR lost: two words with its initials, not both of them syllables.
fn is_damaged_basis(text: &str) -> bool {
    let mut words = text.split(' ').map(strip_marks);
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    let near = |word: &str, right: &str| strsim::levenshtein(&word.to_lowercase(), right) <= 2;
    near(&first, "can")
        && near(&second, "cu")
        && first.starts_with('C')
        && second.starts_with('c')
        && !(is_syllable(&first.to_lowercase()) && is_syllable(&second))
}

/// A name from a heading all in capitals as the text writes it elsewhere.
fn in_mixed_case(running: &RunningText, name: &str) -> String {
    if name.chars().any(char::is_lowercase) || name.split(' ').count() < 2 {
        return name.to_owned();
    }
    let Ok(pattern) = Regex::new(&format!("(?i){}", regex::escape(name))) else {
        return name.to_owned();
    };
    let elsewhere = pattern
        .find_iter(running.as_str())
        .find(|found| found.as_str().chars().any(char::is_lowercase));
    elsewhere.map_or_else(|| name.to_owned(), |found| found.as_str().to_owned())
}

/// Whether one name begins with the other, word for word: "Tỉnh ủy" and "Tỉnh ủy Hòa Tân".
fn is_prefix(one: &str, other: &str) -> bool {
    let (one, other) = (key(one), key(other));
    let (short, long) = if one.len() < other.len() { (&one, &other) } else { (&other, &one) };
    !short.is_empty() && long.starts_with(short.as_str())
}

fn same_number(one: &str, other: &str) -> bool {
    !one.is_empty() && one.trim_start_matches('0') == other.trim_start_matches('0')
}

/// Upper case without white space and commas: what makes two numbers or names the same.
fn key(id: &str) -> String {
    id.chars().filter(|c| !c.is_whitespace() && *c != ',').flat_map(char::to_uppercase).collect()
}
