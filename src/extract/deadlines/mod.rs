//! When what is to be done, by whom and for whom.
//!
//! [`find`] reads the words that say when; [`roles`] reads who, what and to whom out of the sentence
//! around them. Here it is decided what counts: a date of a cited document, the years in a
//! movement's name and an award's occasion are no deadlines.

mod find;
mod roles;
mod table;

use std::sync::LazyLock;

use regex::Regex;

use self::find::{FoundTime, Meaning, Start};
use super::confidence;
use super::dates::PartialDate;
use super::outline::{self, Block};
use super::running::RunningText;
use crate::plan::{Deadline, DeadlineKind, Document, SectionKind};
use crate::sections::DocumentPart;
use crate::text::normalise::strip_marks;
use crate::text::{AlignedText, Span};
use crate::warning::{Warning, WarningCode};

/// How often each kind of time is right on clean text (see docs/accuracy-extract.md).
const STRICT: f32 = 0.97;
const LOOSE: f32 = 0.85;
/// Of a date whose year was taken from the document's own date.
const YEAR_TAKEN: f32 = 0.5;

/// An event that is set for a date, in letters without marks: what makes a milestone of it.
static EVENT: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"\b(?:(?:so|tong) ket|dai hoi|le (?:phat dong|tong ket|khoi cong|khanh thanh|cong bo|ky niem|trao)|hoi nghi|hoi thi|khai mac|be mac)\b[^;.:]*$",
    )
});

/// What is hoped for rather than ordered: what makes a horizon of a date.
static VISION_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)^,? ?(?:[^ ,;.:]+ ){0,6}?(?:trở thành|thuộc nhóm|nằm trong nhóm|đứng (?:trong|đầu|thứ)|là (?:nước|tỉnh|thành phố|một trong)|thành (?:nước|tỉnh|trung tâm))",
    )
});
static VISION_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    built(r"(?i)(?:trở thành|phấn đấu thành|đưa [^,;.]{2,60} thành|tầm nhìn)[^;.]*$")
});

/// A title that goes on after a citation, up to the end of its clause: the years in it are its own.
static CITED_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"^[^;.]{0,12}?(?:về|ban hành|phê duyệt|quy định|sửa đổi|thực hiện|triển khai|hướng dẫn)\b[^;.]*",
    )
});

static PREAMBLE: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"^(?:Căn cứ|Theo đề nghị|Xét đề nghị|Thực hiện (?:các )?(?:Nghị|Kế|Quyết|Chỉ|Chương|Công|Hướng|Đề|Luật|Thông))",
    )
});

fn built(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// A paragraph with what is known of the place where it stands.
#[derive(Clone, Default)]
struct Place<'a> {
    span: Span,
    path: Option<&'a str>,
    /// The section is about awards.
    awards: bool,
    /// The unit charged by the section or by one above it.
    unit: Option<String>,
    /// The title of the section or of the nearest one above it that has one.
    title: Option<&'a str>,
    /// The paragraph that follows in the same section.
    next: Option<Span>,
    /// The paragraph is the section's title.
    heading: bool,
}

/// The deadlines of all parts, in order of the text; `cited` are the spans of citations.
pub fn deadlines(
    text: &AlignedText,
    running: &RunningText,
    parts: &[DocumentPart],
    documents: &[Document],
    cited: Vec<Span>,
) -> (Vec<Deadline>, Vec<Warning>) {
    let cited = cited_stretches(running, cited);
    let mut gathering = Gathering {
        text,
        running,
        cited,
        title_period: None,
        found: Vec::new(),
        warnings: Vec::new(),
    };
    for (part, document) in parts.iter().zip(documents) {
        gathering.title(part, document);
    }
    for (index, part) in parts.iter().enumerate() {
        gathering.part(part, documents.get(index));
    }
    (gathering.found, gathering.warnings)
}

/// Citations with the titles that follow them, in order.
fn cited_stretches(running: &RunningText, spans: Vec<Span>) -> Vec<Span> {
    let text = running.as_str();
    let stretch = |span: Span| {
        let end = running.paragraph_at(span.start).map_or(text.len(), |p| p.span.end);
        let rest = text.get(span.end..end).unwrap_or("");
        let title = CITED_TITLE.find(rest).map_or(0, |title| title.end());
        span.start..span.end + title
    };
    spans.into_iter().map(stretch).collect()
}

/// Start, end and recurrence as the plan has them.
type When = (Option<String>, Option<String>, Option<String>);

struct Gathering<'a> {
    text: &'a AlignedText,
    running: &'a RunningText,
    cited: Vec<Span>,
    /// Start and end of the movement's own period, which is said once.
    title_period: Option<(PartialDate, PartialDate)>,
    found: Vec<Deadline>,
    warnings: Vec<Warning>,
}

impl Gathering<'_> {
    /// The period in the movement's own name, once a file.
    fn title(&mut self, part: &DocumentPart, document: &Document) {
        let (Some(title), None) = (&part.title, self.title_period) else { return };
        let (start, end) = (
            self.running.offset_of(title.start),
            self.running.offset_of(title.end.saturating_sub(1)),
        );
        let text = self.running.as_str();
        let Some(words) = text.get(start..(end + 1).max(start)) else { return };
        for time in find::times(words) {
            let Meaning::Period(Start::Date(from), to) = time.meaning else { continue };
            self.title_period = Some((from, to));
            let span = start + time.span.start..start + time.span.end;
            let action = roles::title_action(document.title.as_deref().unwrap_or(words));
            let place = Place { heading: true, ..Place::default() };
            let roles = roles::Roles { action, ..roles::Roles::default() };
            self.push(
                &place,
                &span,
                DeadlineKind::Period,
                (from.iso(), to.iso(), None),
                roles,
                STRICT,
            );
            return;
        }
    }

    fn part(&mut self, part: &DocumentPart, document: Option<&Document>) {
        for span in outline::unsectioned(self.running, part) {
            self.paragraph(&Place { span, ..Place::default() }, document);
        }
        let blocks = outline::blocks(self.running, part);
        // The sections around a block, outermost first.
        let mut above: Vec<Place> = Vec::new();
        for block in &blocks {
            let within = |place: &Place| {
                let rest = place.path.and_then(|path| block.path.strip_prefix(path));
                rest.is_some_and(|rest| rest.starts_with('/'))
            };
            while above.last().is_some_and(|place| !within(place)) {
                above.pop();
            }
            let around = above.last();
            let unit = roles::section_unit(self.running, block);
            let place = Place {
                path: Some(&block.path),
                awards: block.section.kinds.contains(&SectionKind::Awards)
                    || block.section.kinds.is_empty() && around.is_some_and(|place| place.awards),
                // What is below a unit is charged to it, whoever else it names.
                unit: around.and_then(|place| place.unit.clone()).or(unit),
                title: (block.section.title.as_deref())
                    .filter(|title| !roles::is_label_of_time(title))
                    .or(around.and_then(|place| place.title)),
                ..Place::default()
            };
            self.block(block, &place, document);
            above.push(place);
        }
    }

    fn block(&mut self, block: &Block, place: &Place, document: Option<&Document>) {
        if let Some(span) = &block.section.title_span {
            let start = self.running.offset_of(span.start);
            let end = self.running.offset_of(span.end.saturating_sub(1)) + 1;
            // The last byte of a title can be within a character.
            let text = self.running.as_str();
            let end = (end..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(start);
            let (span, next) = (start..end.max(start), block.paragraphs.first().cloned());
            self.paragraph(&Place { span, next, heading: true, ..place.clone() }, document);
        }
        for (index, span) in block.paragraphs.iter().enumerate() {
            let next = block.paragraphs.get(index + 1).cloned();
            self.paragraph(&Place { span: span.clone(), next, ..place.clone() }, document);
        }
    }

    fn paragraph(&mut self, place: &Place, document: Option<&Document>) {
        let content = &self.running.as_str()[place.span.clone()];
        if place.path.is_none() && PREAMBLE.is_match(content) {
            return;
        }
        if let Some(rows) = table::rows(content) {
            rows.into_iter().for_each(|row| self.row(place, content, row));
            return;
        }
        let spanned = |time: &Span| place.span.start + time.start..place.span.start + time.end;
        let mut times = find::times(content);
        times.retain(|time| {
            self.counts(place, content, time, &spanned(&time.span))
                && !is_past(content, time, document)
        });
        // What stands before a time and after the last one belongs to it; "6 tháng và hằng năm"
        // are said of the same action.
        let joint =
            |one: &FoundTime, next: &FoundTime| is_joint(&content[one.span.end..next.span.start]);
        let mut groups = times.chunk_by(joint).peekable();
        let mut since = 0;
        while let Some(group) = groups.next() {
            let whole = group[0].span.start..group[group.len() - 1].span.end;
            let until = groups.peek().map_or(content.len(), |next| next[0].span.start);
            for time in group {
                self.read(place, content, (since, &whole, until), time, document);
            }
            since = whole.end;
        }
    }

    /// A row of a table of tasks.
    fn row(&mut self, place: &Place, content: &str, row: table::Row) {
        let span = place.span.start + row.time.start..place.span.start + row.time.end;
        let time = FoundTime {
            span: row.time,
            meaning: row.date.map_or_else(Meaning::Impossible, Meaning::By),
            strict: true,
        };
        let (when, sure) = self.meaning(&time, &span, None);
        let words = |span: Span| Some(content[span].to_owned()).filter(|words| !words.is_empty());
        let roles = roles::Roles {
            action: words(row.task),
            responsible: row.unit.and_then(words),
            recipient: None,
        };
        self.push(place, &span, DeadlineKind::Due, when, roles, sure.min(LOOSE));
    }

    /// Whether a time is a deadline here.
    fn counts(&self, place: &Place, content: &str, time: &FoundTime, span: &Span) -> bool {
        if self.cited.iter().any(|c| c.start < span.end && span.start < c.end) {
            return false;
        }
        let before = &content[..time.span.start];
        let quoted = before.matches('“').count() > before.matches('”').count();
        // "… “Tên phong trào” giai đoạn 2025 - 2030": the years are part of the name.
        let named = before.trim_end().ends_with(['”', '"'])
            && matches!(time.meaning, Meaning::Period(_, PartialDate { month: None, .. }));
        if quoted || named {
            return false;
        }
        let about_awards = place.awards
            || before.to_lowercase().trim_start_matches(['-', '+', ' ']).starts_with("khen thưởng");
        match &time.meaning {
            Meaning::Period(..) if is_stage_of_noun(before, time, content) => false,
            Meaning::Period(Start::Date(from), to) => {
                self.title_period != Some((*from, *to)) || time.strict
            }
            Meaning::Recurring(_) => {
                time.strict || !place.heading && !about_awards && !find::is_attribute(before)
            }
            Meaning::By(_) if !time.strict && tells_of_the_past(content, time) => false,
            Meaning::By(date) if date.month.is_none() && NAMED_YEAR.is_match(before) => {
                VISION_AFTER.is_match(&content[time.span.end..])
            }
            Meaning::By(date) => {
                let strict = time.strict && date.day.is_some();
                strict || !about_awards && (time.strict || !place.heading)
            }
            _ => !about_awards,
        }
    }

    fn read(
        &mut self,
        place: &Place,
        content: &str,
        (since, words, until): (usize, &Span, usize),
        time: &FoundTime,
        document: Option<&Document>,
    ) {
        let span = &(place.span.start + time.span.start..place.span.start + time.span.end);
        let kind = match time.meaning {
            Meaning::By(_) => kind_of_date(content, time),
            _ => time.kind(),
        };
        let (when, sure) = self.meaning(time, span, document);
        let next = place.next.clone().map(|next| &self.running.as_str()[next]);
        let around = roles::Around {
            unit: place.unit.as_deref(),
            heading: place.title,
            below: next.filter(|_| place.heading),
            since,
            until,
        };
        let roles = roles::roles(content, words, kind, &around);
        self.push(place, span, kind, when, roles, sure);
    }

    /// Start, end and rule of a time, and how sure they are.
    fn meaning(
        &mut self,
        time: &FoundTime,
        span: &Span,
        document: Option<&Document>,
    ) -> (When, f32) {
        let sure = if time.strict { STRICT } else { LOOSE };
        let when = match &time.meaning {
            Meaning::By(date) if date.year.is_none() => {
                let end = next_after(*date, document).and_then(|date| date.iso());
                return ((None, end, None), YEAR_TAKEN);
            }
            Meaning::By(date) => (None, date.iso(), None),
            Meaning::Period(Start::Issue, end) => (Some("issue".to_owned()), end.iso(), None),
            Meaning::Period(Start::Date(start), end) => (start.iso(), end.iso(), None),
            Meaning::Recurring(rule) => (None, None, Some(rule.clone())),
            Meaning::Relative { from_issue } => {
                (from_issue.then(|| "issue".to_owned()), None, None)
            }
            Meaning::Impossible(impossible) => {
                let message = format!("a deadline bears {}, which is no date", impossible.0);
                let line = self.running.line_at(span.start);
                self.warnings
                    .push(Warning::new(WarningCode::ImpossibleDate, message).on_line(line));
                (None, None, None)
            }
        };
        (when, sure)
    }

    fn push(
        &mut self,
        place: &Place,
        span: &Span,
        kind: DeadlineKind,
        (start, end, recurrence): When,
        roles: roles::Roles,
        sure: f32,
    ) {
        let read = confidence::of_digits(self.text, self.running, span);
        let line = self.running.line_at(span.start);
        if read < confidence::DOUBTFUL {
            let message = "the date of a deadline was read with doubt";
            self.warnings.push(Warning::new(WarningCode::DoubtfulNumber, message).on_line(line));
        }
        self.found.push(Deadline {
            kind,
            text: self.running.as_str()[span.clone()].to_owned(),
            start,
            end,
            recurrence,
            action: roles.action,
            responsible: roles.responsible,
            recipient: roles.recipient,
            line,
            section: place.path.map(str::to_owned),
            confidence: sure * read,
        });
    }
}

/// The years in the name of a strategy or plan, up to the words of time: "Quy hoạch … thời kỳ 2021 -
/// 2030, tầm nhìn đến năm 2050", "Chiến lược … đến năm 2030".
static NAMED_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?:(?:Chiến lược|Quy hoạch|Đề án|Chương trình|Kế hoạch|Dự án|Phương án|[Đđ]ịnh hướng|[Mm]ục tiêu)[^,;.:]*|(?i:tầm nhìn) ?)$",
    )
});

/// "trong giai đoạn 2026 - 2030" or a clause that begins so sets a time; after a noun the years
/// are its attribute.
fn is_stage_of_noun(before: &str, time: &FoundTime, content: &str) -> bool {
    let words = content[time.span.clone()].to_lowercase();
    let plain = words.starts_with("giai đoạn")
        && words["giai đoạn".len()..].trim().starts_with(|c: char| c.is_ascii_digit());
    let before = before.trim_end();
    let set = before.is_empty()
        || before.ends_with([';', '.', ':', '-', '+', '(', ','])
        || ["trong", "cho", "cả", "từng", "thực hiện"].iter().any(|word| before.ends_with(word));
    plain && !time.strict && !set
}

/// Whether what stands between two times joins them.
fn is_joint(between: &str) -> bool {
    matches!(between.trim(), "và" | "," | ", và" | "hoặc")
}

/// "Đến ngày 15/7/2026, toàn tỉnh giải ngân đạt …" in a letter of 21 July: nothing is due on a day
/// gone by; "đã vận hành trước ngày 01/7/2025" is a condition.
fn is_past(content: &str, time: &FoundTime, document: Option<&Document>) -> bool {
    let own = document.and_then(|document| document.date.as_deref());
    match (&time.meaning, own) {
        (Meaning::By(date), Some(own)) if !time.strict || tells_of_the_past(content, time) => {
            date.iso().is_some_and(|iso| iso.as_str() < &own[..own.len().min(iso.len())])
        }
        _ => false,
    }
}

/// "Trong năm 2025, … đã cấp …" and "Giấy phép có giá trị đến …" ask nothing of anybody.
fn tells_of_the_past(content: &str, time: &FoundTime) -> bool {
    let ends = ['.', ';'];
    let from = content[..time.span.start].rfind(ends).unwrap_or(0);
    let to = content[time.span.end..].find(ends).map_or(content.len(), |at| time.span.end + at);
    let validity = ["giá trị", "hiệu lực", "thời hạn"];
    let before = content[..time.span.start].trim_end();
    content[from..to].contains(" đã ") || validity.iter().any(|word| before.ends_with(word))
}

/// A date is due, or a milestone if an event is set for it, or a horizon if it is hoped for.
fn kind_of_date(content: &str, time: &FoundTime) -> DeadlineKind {
    let before = &content[..time.span.start];
    let after = &content[time.span.end..];
    let sentence = before.rfind(['.', ';']).map_or(before, |at| &before[at..]);
    if VISION_AFTER.is_match(after) || VISION_BEFORE.is_match(sentence) {
        DeadlineKind::Horizon
    } else if !time.strict && EVENT.is_match(&strip_marks(sentence).to_lowercase()) {
        DeadlineKind::Milestone
    } else {
        DeadlineKind::Due
    }
}

/// A day or month without its year is the first one after the document's own date.
fn next_after(date: PartialDate, document: Option<&Document>) -> Option<PartialDate> {
    let own = document?.date.as_deref()?;
    let year: i16 = own.get(..4)?.parse().ok()?;
    let issued: (i8, i8) =
        (own.get(5..7)?.parse().ok()?, own.get(8..10).and_then(|d| d.parse().ok()).unwrap_or(1));
    let later = (date.month?, date.day.unwrap_or(31)) >= issued;
    let year = if later { year } else { year + 1 };
    Some(PartialDate { year: Some(year), ..date })
}
