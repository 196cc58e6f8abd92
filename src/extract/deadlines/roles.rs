//! Reads who, what and to whom out of the sentence around a time.
//!
//! Words are copied from the text, never made up: a role that the sentence does not show is `None`.

use std::sync::LazyLock;

use regex::Regex;

use crate::extract::bodies::leading_body;
use crate::extract::outline::Block;
use crate::extract::running::RunningText;
use crate::extract::units;
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

/// Where an action's words end: what follows says how, why or on what terms.
static ACTION_END: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?:[;:.]|, (?:bảo đảm|đảm bảo|góp phần|nhằm|trong đó|gắn với|tiến hành|tạo |kịp thời|hoàn thành|trên cơ sở|báo cáo|định kỳ|đồng thời|qua đó|từ đó|gửi|ý kiến)| (?:bảo đảm|nhằm|để|theo quy định|theo định kỳ|trên cơ sở)\b| \(|\n)",
    )
});

/// Where a clause begins within its sentence, before a time.
static CLAUSE_START: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?:; |\. |, (?:đồng thời|và|định kỳ|tiến hành|gửi|ý kiến|tổ chức|trình|hoàn thành|phấn đấu)\b ?|: )",
    )
});

/// "về Sở Nội vụ", "gửi Sở …", "báo cáo Chủ tịch …", "trình …".
static TO: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?: |^)(?:(?:gửi )?về|gửi(?: (?:cho|đến|tới))?|báo cáo(?: với)?|trình|cho) (?P<whom>(?:\p{Lu}|tỉnh ủy|các ))",
    )
});

/// The event for which a milestone stands.
static EVENT: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)(?:(?:tiến hành|tổ chức) )?(?:sơ kết|tổng kết|đại hội|lễ |hội nghị|hội thi)[^;.:]*$",
    )
});

/// Where the words of a vision begin, before its date.
static VISION: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?i)(?:(?:sớm )?đưa \p{L}|xây dựng \p{Lu}|phấn đấu (?:đưa|thành|trở thành|xây dựng)|trở thành|tầm nhìn)",
    )
});

/// Words before a verb that belong to no action: "định kỳ báo cáo" is a report.
static AUXILIARY: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"^(?:định kỳ(?: (?:hằng|hàng) (?:năm|quý|tháng|tuần))?|chủ trì, phối hợp[^,;]*,|chịu trách nhiệm|có trách nhiệm|chủ động|thường xuyên|khẩn trương|nghiêm túc|kịp thời|tham mưu|khuyến khích|Khuyến khích|hoàn thành việc|đề nghị|,) ",
    )
});

fn built(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// What the title's own period is for: the title without the words of issuing and of the period.
pub fn title_action(title: &str) -> Option<String> {
    let issued =
        ["Ban hành Kế hoạch ", "Về việc ban hành Kế hoạch ", "Ban hành Chương trình ", "Về việc "];
    let title = issued.iter().find_map(|lead| title.strip_prefix(lead)).unwrap_or(title);
    let end = title.to_lowercase().find("giai đoạn").filter(|&at| title.is_char_boundary(at));
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
    let first = &running.as_str()[block.paragraphs.first()?.clone()];
    units::charge(first).map(|charge| first[charge.unit].to_owned())
}

/// The roles around `time` in a paragraph. `unit` is the one charged by the section, `below` the
/// paragraph under a heading that holds the time.
pub fn roles(
    paragraph: &str,
    time: &Span,
    kind: DeadlineKind,
    unit: Option<&str>,
    below: Option<&str>,
) -> Roles {
    let sentence = sentence_around(paragraph, time);
    let before = paragraph[sentence.start..time.start].trim();
    let after = paragraph[time.end..sentence.end].trim_start_matches([' ', ',', ')', ':']);
    let subject = units::charge(&paragraph[sentence.clone()])
        .filter(|charge| charge.unit.end <= paragraph.len())
        .map(|charge| {
            let at = sentence.start;
            (
                at + charge.unit.start..at + charge.unit.end,
                at + charge.duty.start..at + charge.duty.end,
            )
        });
    let ordered = ordered_unit(paragraph, &sentence);
    let (unit_span, duty) = match ordered.or(subject) {
        Some((unit, duty)) => (Some(unit), Some(duty)),
        None => (None, None),
    };
    let action = match kind {
        DeadlineKind::Horizon => vision(before, after),
        DeadlineKind::Milestone => EVENT.find(before).map(|event| event.as_str().to_owned()),
        DeadlineKind::Period => period_action(before, paragraph, time, duty.as_ref(), below),
        DeadlineKind::Due | DeadlineKind::Recurring => {
            duty_action(paragraph, &sentence, time, duty.as_ref())
        }
    };
    let named = unit_span.map(|span| paragraph[span].to_owned());
    let below_unit = || below.and_then(units_of);
    let responsible = if kind == DeadlineKind::Horizon {
        None
    } else {
        named
            .or_else(|| paragraph_unit(paragraph, time))
            .or_else(below_unit)
            .or(unit.map(str::to_owned))
    };
    let recipient = matches!(kind, DeadlineKind::Due | DeadlineKind::Recurring)
        .then(|| recipient(paragraph, &sentence, time))
        .flatten();
    Roles { action: action.and_then(tidy), responsible, recipient }
}

fn units_of(paragraph: &str) -> Option<String> {
    units::charge(paragraph).map(|charge| paragraph[charge.unit].to_owned())
}

/// The unit with which the paragraph begins, for a sentence further on without one.
fn paragraph_unit(paragraph: &str, time: &Span) -> Option<String> {
    let charge = units::charge(paragraph)?;
    (charge.unit.end <= time.start).then(|| paragraph[charge.unit].to_owned())
}

/// The sentence that holds `time`; "a; b" within brackets is one.
fn sentence_around(paragraph: &str, time: &Span) -> Span {
    let sentences = units::sentences(paragraph);
    let around = sentences.into_iter().find(|s| s.start <= time.start && time.start < s.end);
    let span = around.unwrap_or(0..paragraph.len());
    span.start..span.end.max(time.end)
}

/// "… giao Sở Nội vụ tham mưu tổ chức …", "… đề nghị các cơ quan treo cờ": the unit ordered within
/// a sentence, and its duty. A semicolon in the list of the units ordered does not end it.
fn ordered_unit(paragraph: &str, sentence: &Span) -> Option<(Span, Span)> {
    static ORDERS: LazyLock<Regex> = LazyLock::new(|| {
        built(r"(?: |^)(?:[Gg]iao|[Đđ]ề nghị|[Yy]êu cầu)(?: cho)? (?P<rest>\p{L})")
    });
    let from = paragraph[..sentence.start].rfind(". ").map_or(0, |at| at + 2);
    let captures = ORDERS.captures(&paragraph[from..sentence.end])?;
    let start = from + captures.name("rest")?.start();
    let found = units::heading_unit(&paragraph[start..sentence.end])?;
    let duty = start + found.duty.start..sentence.end;
    (!duty.is_empty()).then_some((start + found.unit.start..start + found.unit.end, duty))
}

fn vision(before: &str, after: &str) -> Option<String> {
    let ends = |text: &str| {
        let end =
            [", đến năm", ", phấn đấu", ";", "."].iter().filter_map(|end| text.find(end)).min();
        text[..end.unwrap_or(text.len())].to_owned()
    };
    if ["trở thành", "là ", "thành ", "cơ bản", "sẽ ", "phấn đấu"]
        .iter()
        .any(|lead| after.starts_with(lead))
    {
        return Some(ends(after));
    }
    let start = VISION.find_iter(before).map(|found| found.start()).collect::<Vec<_>>();
    // The clause next to the date: "đưa … trở thành … trước năm 2030, phấn đấu thành … trước …".
    let clause = before.rfind(", phấn đấu").map(|at| at + 2);
    let from = clause.or(start.first().copied()).unwrap_or(0);
    Some(before[from..].to_owned())
}

fn period_action(
    before: &str,
    paragraph: &str,
    time: &Span,
    duty: Option<&Span>,
    below: Option<&str>,
) -> Option<String> {
    let rest = paragraph[time.end..].trim_start_matches([')', ' ']);
    if let Some(rest) = rest.strip_prefix(':') {
        // "Giai đoạn 1 (từ 2025 - 2027): Xây dựng …": what the stage is for.
        let rest = rest.trim();
        return Some(upto_action_end(stage_duty(rest)).to_owned());
    }
    if let Some(below) = below.filter(|_| before.is_empty()) {
        return Some(upto_action_end(stage_duty(below)).to_owned());
    }
    match duty.filter(|duty| duty.start < time.start) {
        Some(duty) => Some(paragraph[duty.start..time.start].to_owned()),
        None => Some(before.to_owned()),
    }
}

/// What a stage's sentence says is done: from its verb on, if a unit does it.
fn stage_duty(text: &str) -> &str {
    units::charge(text).map_or(text, |charge| from_main_verb(&text[charge.duty]))
}

fn duty_action(
    paragraph: &str,
    sentence: &Span,
    time: &Span,
    duty: Option<&Span>,
) -> Option<String> {
    let before = &paragraph[sentence.start..time.start];
    let opens = before.trim().len() < 12;
    if opens || before.trim_end().ends_with(',') && duty.is_some_and(|duty| duty.start >= time.end)
    {
        // "Hằng năm, Hội đồng … tổ chức …": the action follows.
        let from = duty.filter(|duty| duty.start >= time.end).map_or(time.end, |duty| duty.start);
        return Some(upto_action_end(from_main_verb(&paragraph[from..sentence.end])).to_owned());
    }
    let from =
        duty.filter(|duty| duty.start < time.start).map_or(sentence.start, |duty| duty.start);
    let words = &paragraph[from..time.start];
    // The last clause before the time is what is due.
    let clause = CLAUSE_START.find_iter(words).last().map_or(0, |clause| clause.start() + 2);
    let words = from_main_verb(words[clause.min(words.len())..].trim_start());
    let to = TO.find_iter(words).find(|to| to.start() > 0 && !to.as_str().contains("báo cáo"));
    let end = to.map_or(words.len(), |to| to.start());
    Some(upto_action_end(&words[..end]).to_owned())
}

/// A duty without what stands before its main verb: "căn cứ Kế hoạch này … xây dựng", "định kỳ",
/// "tham mưu".
fn from_main_verb(duty: &str) -> &str {
    let mut duty = duty.trim_start();
    while let Some(auxiliary) = AUXILIARY.find(duty) {
        duty = duty[auxiliary.end()..].trim_start();
    }
    if let Some(rest) = duty.strip_prefix("căn cứ ")
        && let Some(verb) = units::first_verb(rest)
    {
        return from_main_verb(&rest[verb..]);
    }
    duty
}

fn upto_action_end(words: &str) -> &str {
    let end = ACTION_END
        .find_iter(words)
        .find(|end| end.start() > 0)
        .map_or(words.len(), |end| end.start());
    &words[..end]
}

fn recipient(paragraph: &str, sentence: &Span, time: &Span) -> Option<String> {
    let words = &paragraph[sentence.start..time.start];
    // The clause of the time, so that a report of another clause is left out.
    let from = words.rfind("; ").map_or(0, |at| at + 2);
    let words = &words[from..];
    let captures = TO.captures(words)?;
    let start = captures.name("whom")?.start();
    let body = leading_body(&words[start..]).or_else(|| {
        words[start..].starts_with("các ").then(|| {
            let rest = &words[start..];
            &rest[..rest.find([',', ';']).unwrap_or(rest.len())]
        })
    })?;
    let end = start + body.len();
    // "(qua Phòng …)" tells the way that the report takes.
    let through = words[end..].strip_prefix(" (qua").and_then(|rest| rest.find(')'));
    let end = through.map_or(end, |close| end + " (qua".len() + close + 1);
    Some(words[start..end].trim().to_owned())
}

fn tidy(action: String) -> Option<String> {
    let trimmed = action.trim_matches([' ', ',', ';', '.', ':', '(', '-', '–', '+']);
    let trimmed = ["và ", "hoàn thành việc "]
        .iter()
        .fold(trimmed, |t, lead| t.strip_prefix(lead).unwrap_or(t));
    let words = trimmed.split_whitespace().count();
    if words == 0 {
        return None;
    }
    Some(trimmed.split(' ').take(LONGEST_ACTION).collect::<Vec<_>>().join(" "))
}
