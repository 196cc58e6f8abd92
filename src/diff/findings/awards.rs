//! Awards of which the two plans set other numbers, and targets that the lower plan sets less strict.

use crate::plan::{Award, Plan};

use super::super::comparison::{FigureKind, Finding, FindingCode, Severity};
use super::super::tokens::folded;
use super::{Evidence, finding};

pub fn findings(evidence: &Evidence) -> Vec<Finding> {
    let mut found = awards(evidence);
    found.extend(targets(evidence));
    found
}

fn awards(evidence: &Evidence) -> Vec<Finding> {
    let mut found = Vec::new();
    for lower in &evidence.lower.plan.awards {
        let same = |upper: &&Award| upper.occasion == lower.occasion && form(upper) == form(lower);
        let Some(upper) = evidence.upper.plan.awards.iter().find(same) else { continue };
        let (here, there) = (numbers(lower), numbers(upper));
        if lower.form.is_none() || here == there || here.is_empty() || there.is_empty() {
            continue;
        }
        found.push(Finding {
            lower_section: lower.section.clone(),
            upper_section: upper.section.clone(),
            lower_line: Some(lower.line),
            upper_line: Some(upper.line),
            ..finding(
                FindingCode::AwardDiffers,
                Severity::Medium,
                format!(
                    "“{}”: {here} in the lower plan, {there} in the upper",
                    lower.form.as_deref().unwrap_or("")
                ),
            )
        });
    }
    found
}

fn form(award: &Award) -> Option<String> {
    award.form.as_ref().map(|form| folded(&form.to_lowercase()))
}

/// "15 collectives, 20 individuals".
fn numbers(award: &Award) -> String {
    let counts = [
        (award.max_collectives, "collectives"),
        (award.max_individuals, "individuals"),
        (award.max_flags, "flags"),
    ];
    let said =
        counts.iter().filter_map(|(count, what)| count.map(|count| format!("{count} {what}")));
    said.collect::<Vec<_>>().join(", ")
}

/// Shares that fall short of the upper plan's, and bounds that are less strict. Other numbers shrink
/// with the level and say nothing.
fn targets(evidence: &Evidence) -> Vec<Finding> {
    let weaker = evidence.figures.iter().filter_map(|figure| {
        let (lower, upper) = (figure.lower_value.as_deref()?, figure.upper_value.as_deref()?);
        let share = lower.ends_with('%') && upper.ends_with('%');
        let number = |value: &str| value.trim_end_matches('%').parse::<f64>().ok();
        let counted = matches!(figure.what, FigureKind::Quota | FigureKind::Number);
        let award =
            evidence.lower.plan.awards.iter().any(|award| Some(award.line) == figure.lower_line);
        let (here, there) = (number(lower)?, number(upper)?);
        if !counted || award || here == there {
            return None;
        }
        let bound = bound(evidence.upper.plan, figure.upper_line?, figure.upper.as_deref()?);
        let severity = if share { Severity::Medium } else { Severity::Low };
        let text = match bound {
            Some(Bound::Most) if here > there => "allows more than the upper",
            None if share && here < there => "sets less than the upper",
            Some(Bound::Least) if here < there && (share || here > OF_THE_WHOLE * there) => {
                "sets less than the upper"
            }
            _ => return None,
        };
        Some(Finding {
            lower_section: figure.lower_section.clone(),
            upper_section: figure.upper_section.clone(),
            lower_line: figure.lower_line,
            upper_line: figure.upper_line,
            ..finding(
                FindingCode::TargetLower,
                severity,
                format!(
                    "the lower plan {text}: “{}” for “{}”",
                    figure.lower.as_deref().unwrap_or(""),
                    figure.upper.as_deref().unwrap_or("")
                ),
            )
        })
    });
    weaker.collect()
}

/// A least number that is no more than this of the upper plan's is the commune's part of the whole.
const OF_THE_WHOLE: f64 = 0.25;

/// What a number bounds.
enum Bound {
    Least,
    Most,
}

/// By the words before it: "tối thiểu 80%"; "giảm còn dưới 50%".
fn bound(plan: &Plan, line: u32, printed: &str) -> Option<Bound> {
    /// Words before the number that are looked at.
    const WORDS: usize = 6;
    const MOST: [&str; 5] = ["dưới", "không quá", "không vượt quá", "tối đa", "giảm còn"];
    const LEAST: [&str; 3] = ["ít nhất", "tối thiểu", "không dưới"];
    let at = (line as usize).checked_sub(1)?;
    let text = &plan.lines.get(at)?.text;
    let before = at.checked_sub(1).map_or("", |at| plan.lines[at].text.as_str());
    let said = format!("{before} {}", &text[..text.find(printed)?]).to_lowercase();
    let words: Vec<&str> = said.split_whitespace().collect();
    // The bound of another number, before a comma or a digit, is not this one's.
    let near = words.iter().rev().take(WORDS);
    let near: Vec<&str> = near
        .take_while(|word| !word.ends_with([',', ';', '.']) && !word.contains(char::is_numeric))
        .copied()
        .collect();
    let near = format!(" {} ", near.into_iter().rev().collect::<Vec<_>>().join(" "));
    let has = |bounds: &[&str]| bounds.iter().any(|bound| near.contains(&format!(" {bound} ")));
    // "khi nhiệt độ dưới 8 độ C" says when something is done.
    if has(&["khi", "nếu"]) {
        return None;
    }
    match (has(&LEAST), has(&MOST)) {
        (true, _) => Some(Bound::Least),
        (_, true) => Some(Bound::Most),
        _ => None,
    }
}
