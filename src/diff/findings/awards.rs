//! Awards of which the two plans set other numbers, and targets that the lower plan sets lower.

use crate::plan::Award;

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

/// Shares and least numbers that shrank. Plain numbers shrink with the level and say nothing.
fn targets(evidence: &Evidence) -> Vec<Finding> {
    let shrunk = evidence.figures.iter().filter_map(|figure| {
        let (lower, upper) = (figure.lower_value.as_deref()?, figure.upper_value.as_deref()?);
        let share = lower.ends_with('%') && upper.ends_with('%');
        let number = |value: &str| value.trim_end_matches('%').parse::<f64>().ok();
        let counted = matches!(figure.what, FigureKind::Quota | FigureKind::Number);
        let award =
            evidence.lower.plan.awards.iter().any(|award| Some(award.line) == figure.lower_line);
        (counted && share && !award && number(lower)? < number(upper)?).then(|| Finding {
            lower_section: figure.lower_section.clone(),
            upper_section: figure.upper_section.clone(),
            lower_line: figure.lower_line,
            upper_line: figure.upper_line,
            ..finding(
                FindingCode::TargetLower,
                Severity::Medium,
                format!(
                    "the lower plan sets “{}”, the upper “{}”",
                    figure.lower.as_deref().unwrap_or(""),
                    figure.upper.as_deref().unwrap_or("")
                ),
            )
        })
    });
    shrunk.collect()
}
