//! Reads who, what and to whom out of the sentence around a time.
//!
//! Words are copied from the text, never made up: a role that the text does not show is `None`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::extract::bodies::leading_body;
use crate::extract::outline::Block;
use crate::extract::running::RunningText;
use crate::extract::units::{self, Charge};
use crate::plan::DeadlineKind;
use crate::text::Span;

/// What a deadline asks, of whom, and to whom it is reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    pub action: Option<String>,
    pub responsible: Option<String>,
    pub recipient: Option<String>,
}

/// A phrase of more words than this has run on into the sentence.
const LONGEST_ACTION: usize = 45;

/// Where an action's words end: what follows says how, why, on what terms, or is another action.
static ACTION_END: LazyLock<Regex> = LazyLock::new(|| {
    built(concat!(
        r"(?:[:.](?: |$)|[,;] (?:bảo đảm|đảm bảo|góp phần|nhằm|trong đó|gắn với|tạo |kịp thời|tiến hành|",
        r"sơ kết|tổng kết|trên cơ sở|báo cáo|định kỳ|đồng thời|qua đó|từ đó|gửi|ý kiến)",
        r"| và (?:sơ kết|tổng kết)\b| (?:bảo đảm|nhằm|để|theo quy định|theo định kỳ|trên cơ sở)\b",
        r"| \()"
    ))
});

/// Where the last clause before a time begins within its sentence.
static CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?:; |\. |: |, (?:đồng thời|và|định kỳ) |, (?:tiến hành|phấn đấu)\b| và (?:báo cáo|gửi)\b|, gửi (?:báo cáo|hồ sơ|kết quả|danh sách|văn bản)\b)",
    )
});

/// "về Sở Nội vụ", "gửi Sở …", "báo cáo Chủ tịch …", "trình …".
static TO: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?:^| )(?P<how>(?i:(?:(?:gửi|nộp)(?: báo cáo)? )?về|(?:gửi|nộp)(?: (?:cho|đến|tới))?|báo cáo(?: với)?|trình|(?:gửi|báo cáo|nộp) [^,;.]{2,60}? (?:với|cho|đến|tới))) (?P<whom>\p{Lu}|tỉnh ủy |các )",
    )
});

/// "… trước ngày 15/12, gửi Sở Nội vụ": to whom, right after the time.
static SENT_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    built(r"^\)?,? ?(?:và )?(?:về|gửi|nộp|báo cáo|trình|tổng hợp,? (?:báo cáo|trình|gửi)) ")
});

/// The event of a milestone.
static EVENT: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?:(?:tiến hành|tổ chức) )?(?:[Ss]ơ kết|[Tt]ổng kết|[Đđ]ại hội|[Ll]ễ |[Hh]ội nghị|[Hh]ội thi)",
    )
});

/// Where the words of a vision begin, before its date.
static VISION: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?:(?:[Ss]ớm )?[Đđ]ưa \p{L}|[Xx]ây dựng \p{Lu}|[Pp]hấn đấu (?:đưa|thành|trở thành|xây dựng)|[Tt]rở thành|[Tt]ầm nhìn)",
    )
});

/// A vision that follows its date: "đến năm 2045 trở thành …".
static VISION_FOLLOWS: LazyLock<Regex> = LazyLock::new(|| {
    built(r"^ (?:sẽ |cơ bản |phấn đấu )?(?:trở thành|là|thành|thuộc nhóm|nằm trong|đứng) ")
});

/// Words before a verb that belong to no action: "định kỳ báo cáo" is a report.
static AUXILIARY: LazyLock<Regex> = LazyLock::new(|| {
    built(concat!(
        r"^(?i:(?:định kỳ ?)?(?:(?:hằng|hàng|mỗi) (?:năm|quý|tháng|tuần|ngày)),?|định kỳ|chịu trách nhiệm|có trách nhiệm|",
        r"chủ động|thường xuyên|khẩn trương|nghiêm túc|kịp thời|tham mưu|khuyến khích|đề nghị|để|và|",
        r"phấn đấu|tập trung|có nhiệm vụ|dự kiến|,) "
    ))
});

/// Whether words name nothing but the time that follows: "Thời gian: từ ngày …".
pub fn is_label_of_time(words: &str) -> bool {
    LABEL_OF_TIME.is_match(words)
}

/// "- Giai đoạn 1: " before "từ ngày …, phát động …".
fn is_label_of_stage(words: &str) -> bool {
    static STAGE: LazyLock<Regex> =
        LazyLock::new(|| built(r"^[-+* ]*(?i:giai đoạn|đợt) \w{1,4}:? *$"));
    STAGE.is_match(words)
}

static LABEL_OF_TIME: LazyLock<Regex> =
    LazyLock::new(|| built(r"^[-+* ]*(?:Thời (?:gian|hạn)[^:]{0,30}:? *)?$"));

/// Asking words within a sentence, before the unit that is to act.
static ORDERS: LazyLock<Regex> =
    LazyLock::new(|| built(r"(?:^| )(?:[Gg]iao|[Đđ]ề nghị|[Yy]êu cầu)(?: cho)? (?P<unit>\p{L})"));

fn built(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// What the title's own period is for: the title without the words of issuing, and up to the name
/// of the movement, the place or the period.
pub fn title_action(title: &str) -> Option<String> {
    let issuing =
        ["Ban hành Kế hoạch ", "Về việc ban hành Kế hoạch ", "Ban hành Chương trình ", "Về việc "];
    let title = issuing.iter().find_map(|lead| title.strip_prefix(lead)).unwrap_or(title);
    let ends = ["giai đoạn", "Giai đoạn", "“", "\"", "trên địa bàn"];
    let end = ends.iter().filter_map(|word| title.find(word)).filter(|&at| at > 0).min();
    let words = title[..end.unwrap_or(title.len())].trim_end_matches([' ', ',']);
    let mut letters = words.chars();
    let first = letters.next()?;
    Some(first.to_lowercase().chain(letters).collect())
}

/// The unit that a section charges, by its heading or first sentence.
pub fn section_unit(running: &RunningText, block: &Block) -> Option<String> {
    if let Some(title) = &block.section.title {
        return units::heading_unit(title).map(|charge| title[charge.unit].to_owned());
    }
    unit_of(&running.as_str()[block.paragraphs.first()?.clone()])
}

fn unit_of(sentence: &str) -> Option<String> {
    units::charge(sentence).map(|charge| sentence[charge.unit].to_owned())
}

/// What is known of the place of a time beyond its paragraph.
pub struct Around<'a> {
    /// The unit charged by the section.
    pub unit: Option<&'a str>,
    /// The paragraph under a heading that holds the time.
    pub below: Option<&'a str>,
    /// The title of the section or of the nearest one above it that has one.
    pub heading: Option<&'a str>,
    /// Where the time before it ends, in the paragraph; what stands before that is another's.
    pub since: usize,
    /// Where the next time begins, in the paragraph; what stands from there on is that one's.
    pub until: usize,
}

/// The roles around `time` in a paragraph.
pub fn roles(paragraph: &str, time: &Span, kind: DeadlineKind, around: &Around) -> Roles {
    let sentence = Sentence::around(paragraph, time, around);
    let action = match kind {
        DeadlineKind::Horizon => sentence.vision(),
        DeadlineKind::Milestone => sentence.event(),
        DeadlineKind::Period => sentence.period_action(around),
        DeadlineKind::Due | DeadlineKind::Recurring => sentence.duty_action(kind),
    };
    let action = action.and_then(tidy);
    if kind == DeadlineKind::Horizon {
        return Roles { action, ..Roles::default() };
    }
    // A sentence without a subject has the paragraph's, else the section's.
    let first =
        || unit_of(paragraph).filter(|unit| paragraph[..time.start].contains(unit.as_str()));
    let below = || unit_of(around.below?);
    let charged = || around.unit.map(str::to_owned);
    let responsible = sentence.unit().or_else(first).or_else(below).or_else(charged);
    let reported = matches!(kind, DeadlineKind::Due | DeadlineKind::Recurring);
    let recipient = reported.then(|| sentence.recipient()).flatten();
    Roles { action, responsible, recipient }
}

/// The sentence that says a time.
struct Sentence<'a> {
    text: &'a str,
    /// Of `text`.
    time: Span,
    /// Who is to act, of `text`.
    charge: Option<Charge>,
    /// "Giai đoạn 1 (2025 - 2027): …": the time heads what follows the colon.
    headed: Option<usize>,
    /// Where the words of the time before end, of `text`.
    since: usize,
}

impl<'a> Sentence<'a> {
    fn around(paragraph: &'a str, time: &Span, limits: &Around) -> Self {
        let spans = units::sentences(paragraph);
        let around = spans.into_iter().find(|s| s.start <= time.start && time.start < s.end);
        let span = around.unwrap_or(0..paragraph.len());
        let text = &paragraph[span.start..span.end.min(limits.until).max(time.end)];
        let since = limits.since.saturating_sub(span.start);
        let time = time.start - span.start..time.end - span.start;
        let rest = text[time.end..].trim_start_matches([')', ' ']);
        let headed = rest.strip_prefix(':').map(|rest| text.len() - rest.trim_start().len());
        // A label before a colon ("Giai đoạn 2 (2027 - 2030): Trên cơ sở …") is no subject.
        let colon = text[..time.start].find(": ").map(|at| at + ": ".len());
        // "…; Ủy ban … sơ kết trong quý IV": the clause's own subject comes first.
        let clause = text[..time.start].rfind("; ").map(|at| at + "; ".len());
        let starts = [headed, clause, Some(0), colon].into_iter().flatten();
        let subject = starts.filter_map(|from| shifted(units::charge(&text[from..])?, from)).next();
        Self { charge: ordered(text).or(subject), text, time, headed, since }
    }

    fn before(&self) -> &'a str {
        &self.text[self.since..self.time.start]
    }

    /// Where the duty begins if it stands before the time; of [`Self::before`].
    fn duty_before(&self) -> usize {
        let duty = self.charge.as_ref().map(|charge| charge.duty.start);
        duty.filter(|&duty| duty < self.time.start)
            .map_or(0, |duty| duty.saturating_sub(self.since))
    }

    fn unit(&self) -> Option<String> {
        self.charge.as_ref().map(|charge| self.text[charge.unit.clone()].to_owned())
    }

    fn event(&self) -> Option<String> {
        let before = self.before();
        let mut start: Option<usize> = None;
        let mut end = 0;
        for event in EVENT.find_iter(before) {
            // "tổ chức hội nghị tổng kết" is one event.
            if start.is_none() || event.start() > end + 1 {
                start = Some(event.start());
            }
            end = event.end();
        }
        start.map(|start| before[start..].to_owned())
    }

    fn vision(&self) -> Option<String> {
        let (before, after) = (self.before(), &self.text[self.time.end..]);
        let clause = before.rfind("; ").map_or(before, |at| &before[at + "; ".len()..]);
        let bare = clause.trim().trim_matches([',', ' ']).to_lowercase();
        let set_off =
            matches!(bare.as_str(), "" | "tầm nhìn").then(|| after.trim_start_matches(','));
        let follows = VISION_FOLLOWS.is_match(set_off.unwrap_or(after));
        let stated = VISION.find(clause).filter(|_| !follows);
        let Some(stated) = stated else {
            let ends = [", đến năm", ", phấn đấu", "; ", ". "];
            let end = ends.iter().filter_map(|end| after.find(end)).min();
            return Some(after[..end.unwrap_or(after.len())].to_owned());
        };
        // The words next to the date: "đưa … trở thành … trước năm 2030, phấn đấu thành …".
        let nearest = clause.rfind(", phấn đấu").map(|at| at + ", ".len());
        Some(clause[nearest.unwrap_or(stated.start())..].to_owned())
    }

    fn period_action(&self, around: &Around) -> Option<String> {
        if let Some(from) = self.headed {
            return Some(stage_action(&self.text[from..]));
        }
        if let Some(below) = around.below {
            return Some(stage_action(below));
        }
        let rest = &self.text[self.time.end..];
        if is_label_of_stage(self.before())
            && let Some(rest) = rest.strip_prefix(", ").or_else(|| rest.strip_prefix(": "))
        {
            return Some(rest.trim_end_matches('.').to_owned());
        }
        if is_label_of_time(self.before()) {
            return around.heading.map(str::to_owned);
        }
        Some(from_main_verb(&self.before()[self.duty_before()..]).to_owned())
    }

    fn duty_action(&self, kind: DeadlineKind) -> Option<String> {
        let before = self.before();
        let duty = self.charge.as_ref().map(|charge| charge.duty.start);
        let follows = duty.filter(|&duty| duty >= self.time.end);
        let lead = before.trim_matches(['-', '+', ' ', ';']);
        let clause = lead[lead.rfind("; ").map_or(0, |at| at + 2)..].to_lowercase();
        let opens = lead.is_empty()
            || before.trim_end().ends_with(';') && !self.counts_after() && self.goes_on()
            || kind == DeadlineKind::Recurring
                && lead.ends_with([',', ';'])
                && !self.counts_after()
            || ["định kỳ", "phấn đấu", "dự kiến", "trong đó"].contains(&clause.as_str());
        if follows.is_some() || opens {
            // "Hằng năm, Hội đồng … tổ chức …": the action follows its time.
            let words = from_main_verb(&self.text[follows.unwrap_or(self.time.end)..]);
            let end = ACTION_END.find_iter(words).find(|end| end.start() > 0);
            let words = &words[..end.map_or(words.len(), |end| end.start())];
            return Some(up_to_recipient(words).to_owned());
        }
        let words = without_finishing(&before[self.duty_before()..]);
        let clause = CLAUSE.find_iter(words).last().map_or(0, |clause| clause.start());
        let words = from_main_verb(words[clause..].trim_start_matches([';', '.', ':', ',', ' ']));
        let bracket = words.find(" (").unwrap_or(words.len());
        Some(up_to_recipient(&words[..bracket]).to_owned())
    }

    /// Whether words follow the time in its sentence.
    fn goes_on(&self) -> bool {
        self.text[self.time.end..].contains(char::is_alphanumeric)
    }

    /// "Tập huấn …, mỗi năm 02 lớp": what follows the time counts what was said before it.
    fn counts_after(&self) -> bool {
        static COUNT: LazyLock<Regex> =
            LazyLock::new(|| built(r"^ (?:ít nhất |tối thiểu |từ )?\d{1,3} \p{L}"));
        COUNT.is_match(&self.text[self.time.end..])
    }

    fn recipient(&self) -> Option<String> {
        let before = self.before();
        let clause = before.rfind("; ").map_or(0, |at| at + "; ".len());
        let follows = self.charge.as_ref().is_some_and(|charge| charge.duty.start >= self.time.end);
        let rest = &self.text[self.time.end..];
        let opens = before[clause..].trim_matches(['-', '+', ' ', ';', ',']).is_empty();
        let after = || recipient(rest).filter(|_| follows || opens || SENT_AFTER.is_match(rest));
        recipient(&before[clause..]).or_else(after)
    }
}

fn shifted(charge: Charge, by: usize) -> Option<Charge> {
    let shift = |span: Span| span.start + by..span.end + by;
    Some(Charge { unit: shift(charge.unit), duty: shift(charge.duty) })
}

/// "… giao Sở Nội vụ tham mưu tổ chức …", "… đề nghị các cơ quan treo cờ": the unit ordered within
/// a sentence.
fn ordered(sentence: &str) -> Option<Charge> {
    let start = ORDERS.captures(sentence)?.name("unit")?.start();
    let found = shifted(units::heading_unit(&sentence[start..])?, start)?;
    (found.duty.start < found.duty.end).then_some(found)
}

/// What a stage is for: the sentence from its verb on, up to the event that ends the stage.
fn stage_action(text: &str) -> String {
    let duty = units::charge(text).map_or(text, |charge| from_main_verb(&text[charge.duty]));
    let end = ACTION_END.find_iter(duty).find(|end| end.start() > 0);
    duty[..end.map_or(duty.len(), |end| end.start())].to_owned()
}

/// A duty without what stands before its main verb: "căn cứ Kế hoạch này … xây dựng", "định kỳ",
/// "tham mưu Hội đồng … tiếp tục".
fn from_main_verb(duty: &str) -> &str {
    let mut duty = duty.trim_start_matches([' ', ',', '-', '+']);
    while let Some(auxiliary) = AUXILIARY.find(duty) {
        duty = duty[auxiliary.end()..].trim_start();
        if auxiliary.as_str() == "tham mưu "
            && let Some(charge) = units::charge(duty)
        {
            duty = &duty[charge.duty];
        }
    }
    // What is done on the ground of something, or with somebody, is the next verb.
    if let Some(rest) = strip_ignoring_first_case(duty, "chủ trì ")
        .or_else(|| strip_ignoring_first_case(duty, "chủ trì, "))
        && units::begins_with_verb(rest)
        && !rest.starts_with("phối hợp")
    {
        return from_main_verb(rest);
    }
    let grounds = ["căn cứ ", "chủ trì, phối hợp với ", "phối hợp với ", "chủ trì phối hợp với "];
    let rest = grounds.iter().find_map(|ground| strip_ignoring_first_case(duty, ground));
    match rest.and_then(|rest| Some(&rest[units::first_verb(rest)?..])) {
        Some(rest) => from_main_verb(rest),
        None => duty,
    }
}

/// `text` after `lead`, whose first letter may be a capital there.
fn strip_ignoring_first_case<'a>(text: &'a str, lead: &str) -> Option<&'a str> {
    let mut letters = text.chars();
    let first: String = letters.next()?.to_lowercase().collect();
    letters.as_str().strip_prefix(lead.strip_prefix(first.as_str())?)
}

/// "…, hoàn thành" before a time says that the action is to be finished, and is none.
fn without_finishing(words: &str) -> &str {
    let words = words.trim_end_matches([' ', '(']);
    let finished = words.strip_suffix("hoàn thành").unwrap_or(words);
    if finished.trim_end().ends_with([',', ';', '(']) {
        finished.trim_end_matches([',', ';', '(', ' '])
    } else {
        words
    }
}

/// An action without the words that say to whom it is sent.
fn up_to_recipient(words: &str) -> &str {
    // "báo cáo Chủ tịch … kết quả", "trình …": whom one reports to stands within the action.
    let to = TO
        .captures_iter(words)
        .filter(|to| is_sent(words, to))
        .find(|to| to["how"].ends_with("về") || to["how"].starts_with("gửi"));
    let end = to.and_then(|to| to.get(0)).map_or(words.len(), |to| to.start());
    if end == 0 { words } else { &words[..end] }
}

/// Whether a bare "về" says to whom something is sent, rather than what it is about: "tuyên truyền
/// về Phong trào".
fn is_sent(words: &str, to: &Captures) -> bool {
    static SENDING: LazyLock<Regex> = LazyLock::new(|| {
        built(r"(?i)\b(?:gửi|nộp|báo cáo|chuyển|hồ sơ|phản ánh|kết quả|đăng ký|trả lời|ý kiến)\b")
    });
    let at = to.get(0).map_or(0, |whole| whole.start());
    &to["how"] != "về" || at == 0 || SENDING.is_match(&words[..at])
}

fn recipient(words: &str) -> Option<String> {
    let captures = TO.captures_iter(words).find(|to| is_sent(words, to))?;
    let start = captures.name("whom")?.start();
    let rest = &words[start..];
    let length = match leading_body(rest) {
        Some(body) => joined_bodies(rest, body.len()),
        None => rest.find([',', ';', '.', '(']).unwrap_or(rest.len()),
    };
    // "(qua Phòng …)" tells the way that the report takes.
    let way = rest[length..].strip_prefix(" (qua").and_then(|way| way.find(')'));
    let length = way.map_or(length, |close| length + " (qua".len() + close + ")".len());
    Some(rest[..length].trim().to_owned())
}

/// The length of "Sở Y tế và Ủy ban nhân dân xã": a body with those joined to it by "và".
fn joined_bodies(text: &str, first: usize) -> usize {
    let next = text[first..].strip_prefix(" và ").and_then(leading_body);
    next.filter(|body| units::heading_unit(body).is_some())
        .map_or(first, |body| joined_bodies(text, first + " và ".len() + body.len()))
}

fn tidy(action: String) -> Option<String> {
    let edges = [' ', ',', ';', '.', ':', '(', '-', '–', '+'];
    let trimmed = action.trim_matches(edges);
    let trimmed = [" trong", " vào", " đến", " cho đến"]
        .iter()
        .find_map(|word| trimmed.strip_suffix(word))
        .unwrap_or(trimmed)
        .trim_end_matches(edges);
    if trimmed.is_empty() {
        return None;
    }
    Some(trimmed.split(' ').take(LONGEST_ACTION).collect::<Vec<_>>().join(" "))
}
