//! Forms of award (hình thức khen thưởng), the occasion they are given on, and their quotas.
//!
//! A plan sets them out in two ways: under each occasion a list of forms ("Khen thưởng tổng kết: +
//! Huân chương Lao động; + …"), or under each form a list of occasions with quotas ("Bằng khen của
//! …: a) Khen thưởng hằng năm: Tối đa 15 tập thể"). Only sections about awards are read.

use std::sync::LazyLock;

use regex::Regex;

use super::bodies::leading_body;
use super::outline::{self, Block};
use super::running::RunningText;
use super::{confidence, floor_boundary};
use crate::plan::{Award, AwardOccasion, SectionKind};
use crate::sections::DocumentPart;
use crate::text::normalise::strip_marks;
use crate::text::{AlignedText, Span};

/// How often each way of naming an award is right on clean text (see docs/accuracy-extract.md).
const LISTED: f32 = 0.91;
const IN_PROSE: f32 = 0.8;

/// The forms of award of the Law on Emulation and Commendation (Luật Thi đua, khen thưởng), Art. 18
/// to 77, by their first words.
const FORMS: &str = r"(?i:huân chương|huy chương|bằng khen|giấy khen|cờ thi đua|kỷ niệm chương|danh hiệu|giải thưởng|chiến sĩ thi đua|tập thể lao động|lao động tiên tiến|anh hùng lao động|thư khen|bằng ghi nhận)";

/// A list entry or heading that names a form: "+ Bằng khen của Chủ tịch …".
static ENTRY: LazyLock<Regex> = LazyLock::new(|| {
    built(&format!(
        r"^(?:[-–+*•] ?)?(?:(?:[Đđ]ề nghị )?(?:[Tt]ặng|[Tt]rao|[Xx]ét)(?: tặng| thưởng)? )?(?P<form>{FORMS}[^:;.()\n]*)"
    ))
});

/// A heading of awards of one rank, which is a form by itself: "Khen thưởng cấp Nhà nước".
static RANK: LazyLock<Regex> = LazyLock::new(|| built(r"^Khen thưởng cấp [^:;.(]+$"));

/// The first words of any form.
static FORM: LazyLock<Regex> = LazyLock::new(|| built(&format!(r"\b{FORMS}")));

/// Words after which a form is given.
static GIVING: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i:\b(?:tặng(?: thưởng)?|trao(?: tặng)?|truy tặng|đề nghị|đề xuất|khen thưởng|xét))(?: các hình thức)?:? $",
    )
});

/// Words that make a form the subject of papers or conditions: "hồ sơ đề nghị tặng Bằng khen".
static NOT_GIVEN: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)(?:hồ sơ|tiêu chuẩn|điều kiện|tờ trình|danh sách|quy trình|thủ tục|đã được) (?:đề nghị|xét|tặng|trao|khen)",
    )
});

static QUOTA: LazyLock<Regex> = LazyLock::new(|| {
    built(r"(?P<count>\d{1,4})\)? (?:\([^)]*\) ?)?(?P<whom>tap the|ca nhan|co)\b")
});

/// Collectives and people by what they are.
static QUOTA_BY_KIND: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?P<count>\d{1,4})\)? (?i:(?:doanh nghiệp|đơn vị|cơ quan|xã|phường|thôn|tổ dân phố)|(?P<people>doanh nhân|công nhân|cán bộ|người))\b",
    )
});

static OCCASION: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?P<annual>\b(?:hang|moi|cuoi) nam\b|thuong nien)|(?P<preliminary>\bso ket\b)|(?P<final>\btong ket\b)",
    )
});

/// What begins a list entry for an occasion: "Khen thưởng sơ kết: …", "Dịp tổng kết: …".
static OCCASION_HEAD: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"^(?i:đối với )?(?i:khen thưởng|nhân dịp|dịp|khi|sơ kết|tổng kết|hằng năm|hàng năm)\b[^.;]{0,80}$",
    )
});

fn built(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// The awards of all parts, in order of the text.
pub fn awards(text: &AlignedText, running: &RunningText, parts: &[DocumentPart]) -> Vec<Award> {
    let mut gathering = Gathering { text, running, found: Vec::new() };
    for part in parts {
        let blocks = outline::blocks(running, part);
        let mut at = 0;
        while at < blocks.len() {
            at = gathering.visit(&blocks, at, &Context::default());
        }
    }
    gathering.found
}

/// What the headings above have settled.
#[derive(Clone, Default)]
struct Context {
    awards: bool,
    form: Option<String>,
    occasions: Vec<AwardOccasion>,
}

struct Gathering<'a> {
    text: &'a AlignedText,
    running: &'a RunningText,
    found: Vec<Award>,
}

/// One award as a line of text names it.
struct Named {
    form: Option<String>,
    occasions: Vec<AwardOccasion>,
    quota: Quota,
    span: Span,
    sure: f32,
}

#[derive(Clone, Copy, Default)]
struct Quota {
    collectives: Option<u32>,
    individuals: Option<u32>,
    flags: Option<u32>,
}

impl Quota {
    fn is_any(&self) -> bool {
        [self.collectives, self.individuals, self.flags].iter().any(Option::is_some)
    }
}

impl Gathering<'_> {
    /// Reads the section at `at` and all below it; gives the place after them.
    fn visit(&mut self, blocks: &[Block], at: usize, above: &Context) -> usize {
        let block = &blocks[at];
        let end = at + 1 + blocks[at + 1..].iter().take_while(|b| is_below(block, b)).count();
        // A point without a heading is about what its section is about.
        let kinds = &block.section.kinds;
        let about_awards = kinds.contains(&SectionKind::Awards) || kinds.is_empty() && above.awards;
        let title = block.section.title.as_deref();
        let mut here = Context { awards: about_awards, ..above.clone() };
        if about_awards && let Some(title) = title {
            here.form = heading_form(title).or(here.form);
            let named = occasions(title);
            here.occasions = if named.is_empty() { here.occasions } else { named };
        }
        let before = self.found.len();
        let mut next = at + 1;
        while next < end {
            next = self.visit(blocks, next, &here);
        }
        if about_awards {
            let below = self.found.split_off(before);
            if below.is_empty() {
                self.own(block, &here, title);
            }
            self.found.extend(below);
        }
        end
    }

    /// The awards that a section names itself, none being named below it.
    fn own(&mut self, block: &Block, here: &Context, title: Option<&str>) {
        let listed = self.listed(block, here);
        if !listed.is_empty() {
            for named in listed {
                self.push(block, named);
            }
            return;
        }
        let names_occasion = title.is_some_and(|title| !occasions(title).is_empty());
        let own_form = title.and_then(heading_form);
        let form = own_form.or_else(|| here.form.clone().filter(|_| names_occasion));
        if form.is_none() && !(names_occasion && is_award_heading(title)) {
            return;
        }
        let start = self.running.offset_of(block.section.label_span.start);
        let span = start..start + title.map_or(0, str::len);
        let content = self.content(block);
        // The sentence is closer than the headings: "… khi tổng kết".
        let named = occasions(&content);
        let when = if here.occasions.is_empty() { named } else { here.occasions.clone() };
        let quota = quota(&content, form.as_deref());
        self.push(block, Named { form, occasions: when, quota, span, sure: LISTED });
    }

    /// Forms in entries and sentences, or occasions of the form that the heading names.
    fn listed(&self, block: &Block, here: &Context) -> Vec<Named> {
        let title = block.section.title.as_deref();
        let titled = title.and_then(heading_form).is_some();
        let by_right = title.is_some_and(|title| title.to_lowercase().contains("theo thẩm quyền"));
        let mut found = Vec::new();
        let mut when = here.occasions.clone();
        let paragraphs = block.paragraphs.iter();
        let clauses: Vec<Span> = paragraphs.flat_map(|span| self.clauses(span)).collect();
        for paragraph in &clauses {
            let content = &self.running.as_str()[paragraph.clone()];
            let bare = content.trim_start_matches(|c: char| "-–+*• ".contains(c));
            let entry = |form: String, occasions: Vec<AwardOccasion>, quota: Quota| Named {
                form: Some(form),
                occasions,
                quota,
                span: paragraph.clone(),
                sure: LISTED,
            };
            let (head, rest) = bare.split_once(':').unwrap_or((bare, ""));
            let headed = occasions(head);
            let is_headed = !headed.is_empty() && OCCASION_HEAD.is_match(head);
            let forms = entry_forms(if is_headed { rest.trim() } else { content });
            if let Some(last) = forms.last() {
                let after = content.split_once(last.as_str()).map_or("", |(_, after)| after);
                let named = if is_headed { headed } else { occasions(after) };
                let occasions = if named.is_empty() { when.clone() } else { named };
                let quota = quota(content, Some(last));
                found.extend(forms.into_iter().map(|form| entry(form, occasions.clone(), quota)));
                continue;
            }
            let mut given = if titled { Vec::new() } else { forms_given(content, by_right) };
            let about = if is_headed { &headed } else { &when };
            given.retain(|given| {
                by_right || given.quota.is_any() || !given.occasions.is_empty() || !about.is_empty()
            });
            if !given.is_empty() {
                for given in given {
                    let said = !given.occasions.is_empty() && (title.is_none() || about.is_empty());
                    let occasions = if said { given.occasions } else { about.clone() };
                    let span = paragraph.start + given.at..paragraph.end;
                    let sure = IN_PROSE;
                    let form = Some(given.form);
                    found.push(Named { form, occasions, quota: given.quota, span, sure });
                }
            } else if let Some(form) = here.form.clone().filter(|_| is_headed) {
                found.push(entry(form.clone(), headed, quota(content, Some(&form))));
            } else if is_headed {
                when = headed;
            }
        }
        found
    }

    /// A paragraph cut before each form that follows a semicolon: "Cờ … cho 10 xã; Bằng khen … cho …".
    fn clauses(&self, paragraph: &Span) -> Vec<Span> {
        static NEXT: LazyLock<Regex> = LazyLock::new(|| built(&format!(r"; {FORMS}")));
        let text = &self.running.as_str()[paragraph.clone()];
        if entry_forms(text).is_empty() {
            return vec![paragraph.clone()];
        }
        let cuts = NEXT.find_iter(text).map(|next| paragraph.start + next.start() + "; ".len());
        let starts: Vec<usize> = std::iter::once(paragraph.start).chain(cuts).collect();
        let end = |index: usize| starts.get(index + 1).copied().unwrap_or(paragraph.end);
        starts.iter().enumerate().map(|(index, &start)| start..end(index)).collect()
    }

    fn content(&self, block: &Block) -> String {
        let paragraphs = block.paragraphs.iter();
        let texts: Vec<&str> = paragraphs.map(|p| &self.running.as_str()[p.clone()]).collect();
        texts.join("\n")
    }

    /// One entry for each occasion.
    fn push(&mut self, block: &Block, named: Named) {
        let sure = named.sure * confidence::of_words(self.text, self.running, &named.span);
        let whens: Vec<Option<AwardOccasion>> = if named.occasions.is_empty() {
            vec![None]
        } else {
            named.occasions.into_iter().map(Some).collect()
        };
        for occasion in whens {
            self.found.push(Award {
                form: named.form.clone(),
                occasion,
                max_collectives: named.quota.collectives,
                max_individuals: named.quota.individuals,
                max_flags: named.quota.flags,
                section: Some(block.path.clone()),
                line: self.running.line_at(named.span.start),
                confidence: sure,
            });
        }
    }
}

fn is_below(block: &Block, other: &Block) -> bool {
    other.path.strip_prefix(&block.path).is_some_and(|rest| rest.starts_with('/'))
        && block.section.span.start <= other.section.span.start
        && other.section.span.start < block.section.span.end
}

fn is_award_heading(title: Option<&str>) -> bool {
    title.is_some_and(|title| title.to_lowercase().starts_with("khen thưởng"))
}

/// The form that a heading names: "Cờ thi đua của …", "Khen thưởng cấp Nhà nước".
fn heading_form(title: &str) -> Option<String> {
    let rank = RANK.is_match(title) && occasions(title).is_empty();
    if rank { Some(title.to_owned()) } else { entry_form(title) }
}

/// All forms with which an entry begins: "Huân chương Lao động, Bằng khen của …: theo quy định".
fn entry_forms(entry: &str) -> Vec<String> {
    static NEXT: LazyLock<Regex> = LazyLock::new(|| built(&format!(r"(?:, | và |; )({FORMS})")));
    let Some(first) = entry_form(entry) else { return Vec::new() };
    let mut forms = Vec::new();
    let mut rest = first.as_str();
    while let Some(next) = NEXT.captures(rest).and_then(|next| Some((next.get(0)?, next.get(1)?))) {
        forms.push(rest[..next.0.start()].to_owned());
        rest = &rest[next.1.start()..];
    }
    forms.push(rest.to_owned());
    forms
}

/// A form that a sentence gives.
struct Given {
    /// Byte of the paragraph.
    at: usize,
    form: String,
    /// What stands between it and the next form.
    quota: Quota,
    /// Said in the same sentence.
    occasions: Vec<AwardOccasion>,
}

/// The forms that a paragraph gives: after a verb of giving, or in a row with one that is given.
/// Where units award by their own right (`by_right`), the standards that they set name the form.
fn forms_given(text: &str, by_right: bool) -> Vec<Given> {
    let mut found: Vec<Given> = Vec::new();
    let mut last = 0;
    let places: Vec<usize> = FORM.find_iter(text).map(|form| form.start()).collect();
    for (index, &at) in places.iter().enumerate() {
        let before = &text[..at];
        let in_a_row = !found.is_empty()
            && matches!(text[last.min(at)..at].trim(), "," | "và" | "hoặc" | ";" | ", và");
        let start = before.rfind([';', '.']).map_or(0, |at| at + 1);
        let papers = !by_right && NOT_GIVEN.is_match(&before[start..]);
        if papers || !(GIVING.is_match(before) || in_a_row) {
            continue;
        }
        last = form_end(text, at);
        let next = places.get(index + 1).copied().filter(|&next| next >= last);
        let rest = &text[last..next.unwrap_or(text.len())];
        let rest = &rest[..rest.find(';').unwrap_or(rest.len())];
        let form = text[at..last].to_owned();
        let mut quota = quota(rest, Some(&form));
        if !quota.is_any() && !in_a_row {
            // "xét chọn không quá 05 tập thể, 10 cá nhân đề nghị tặng Bằng khen".
            quota = self::quota(&before[start..], Some(&form));
        }
        let mut occasions = occasions(&format!("{} {rest}", &before[start..]));
        // "Cuối năm, … tặng Giấy khen …; … đề nghị tặng Bằng khen": one sentence, one occasion.
        if occasions.is_empty()
            && let Some(above) = found.last().filter(|above| !text[above.at..at].contains(". "))
        {
            occasions.clone_from(&above.occasions);
        }
        found.push(Given { at, form, quota, occasions });
    }
    found
}

/// Where the form that begins at `at` ends: after its rank or the body that gives it.
fn form_end(text: &str, at: usize) -> usize {
    static TAIL: LazyLock<Regex> = LazyLock::new(|| {
        built(
            r"^(?: (?:hạng (?:Nhất|Nhì|Ba|nhất|nhì|ba)|Lao động|lao động|cơ sở|tiên tiến|xuất sắc|cấp \p{L}+))*",
        )
    });
    let head = at + FORM.find(&text[at..]).map_or(0, |form| form.end());
    let ranked = head + TAIL.find(&text[head..]).map_or(0, |tail| tail.end());
    match text[ranked..].strip_prefix(" của ") {
        Some(giver) => {
            let lower = giver.split([',', ';', '.', ':', '(']).next().unwrap_or("");
            let stop = [" cho ", " đối với ", " theo ", " không quá ", " tối đa ", " khi ", " để "];
            let end = stop.iter().filter_map(|stop| lower.find(stop)).min();
            let named = leading_body(giver).unwrap_or(&lower[..end.unwrap_or(lower.len())]);
            ranked + " của ".len() + named.trim_end().len()
        }
        None => ranked,
    }
}

fn entry_form(entry: &str) -> Option<String> {
    let captures = ENTRY.captures(&entry[..floor_boundary(entry, 300)])?;
    let form = captures["form"].trim();
    // "Cờ thi đua của tỉnh tối đa 02 cờ cho …": the quota is no part of the name.
    let end = ["tối đa", "không quá", "tặng ", "cho ", "đối với", "số lượng", " - "]
        .iter()
        .filter_map(|word| form.to_lowercase().find(word).filter(|&at| form.is_char_boundary(at)))
        .min();
    let form = form[..end.unwrap_or(form.len())].trim_end_matches([' ', ',', '-']);
    (form.split(' ').count() <= 20).then(|| form.to_owned())
}

fn occasions(text: &str) -> Vec<AwardOccasion> {
    let mut found = Vec::new();
    // "số kết quả" is not "sơ kết".
    let text = strip_marks(text).to_lowercase().replace("ket qua", "");
    for captures in OCCASION.captures_iter(&text) {
        let occasion = if captures.name("annual").is_some() {
            AwardOccasion::Annual
        } else if captures.name("preliminary").is_some() {
            AwardOccasion::Preliminary
        } else {
            AwardOccasion::Final
        };
        if !found.contains(&occasion) {
            found.push(occasion);
        }
    }
    found
}

/// How many may be given. "Cờ thi đua … cho 10 doanh nghiệp" counts flags by who gets them.
fn quota(text: &str, form: Option<&str>) -> Quota {
    let mut quota = Quota::default();
    let is_flag = form.is_some_and(|form| form.to_lowercase().starts_with("cờ"));
    // Letters without marks, so that a lost one ("tập thế") loses no number.
    for captures in QUOTA.captures_iter(&strip_marks(text).to_lowercase()) {
        let count = captures["count"].parse().ok();
        let field = match &captures["whom"] {
            "tap the" => &mut quota.collectives,
            "ca nhan" => &mut quota.individuals,
            "co" if !is_flag && !text.contains("cờ") => continue,
            _ => &mut quota.flags,
        };
        *field = field.or(count);
    }
    for captures in QUOTA_BY_KIND.captures_iter(text) {
        let count = captures["count"].parse().ok();
        let field = match captures.name("people") {
            Some(_) => &mut quota.individuals,
            None if is_flag => &mut quota.flags,
            None => &mut quota.collectives,
        };
        *field = field.or(count);
    }
    quota
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_from_headings_about_awards() {
        for (entry, form) in [
            (
                "+ Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh.",
                Some("Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh"),
            ),
            ("Huân chương Lao động;", Some("Huân chương Lao động")),
            ("Cờ thi đua của tỉnh: Tối đa 02 cờ", Some("Cờ thi đua của tỉnh")),
            ("- Giấy khen", Some("Giấy khen")),
            ("- Hình thức khen thưởng", None),
            ("Tiêu chuẩn khen thưởng: Căn cứ", None),
            ("Đối tượng khen thưởng", None),
        ] {
            assert_eq!(entry_form(entry).as_deref(), form, "{entry}");
        }
        assert!(heading_form("Khen thưởng cấp Nhà nước").is_some());
        assert!(heading_form("Khen thưởng hằng năm").is_none());
    }

    #[test]
    fn quotas_are_read_by_whom_they_are_for() {
        let found = quota("Tối đa 15 tập thể, 20 cá nhân và 02 cờ", None);
        assert_eq!(
            (found.collectives, found.individuals, found.flags),
            (Some(15), Some(20), Some(2))
        );
        let none = quota("năm 2027 cho tập thể", None);
        assert_eq!((none.collectives, none.individuals, none.flags), (None, None, None));
    }

    #[test]
    fn a_heading_can_name_two_occasions() {
        use AwardOccasion::{Annual, Final, Preliminary};
        assert_eq!(occasions("Khen thưởng hàng năm và khen thưởng sơ kết"), [Annual, Preliminary]);
        assert_eq!(occasions("vào dịp tổng kết phong trào"), [Final]);
        assert_eq!(occasions("Khen thưởng đột xuất"), []);
    }
}
