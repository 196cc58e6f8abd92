//! Tasks and deadlines that the upper plan sets for the level below: which are missing, which are
//! later; and units that are named without a duty.

use std::collections::HashSet;

use crate::plan::{Deadline, DeadlineKind, SectionKind};

use super::super::comparison::{
    DeadlineCounts, Figure, FigureKind, Finding, FindingCode, Severity,
};
use super::super::names::NameKind;
use super::super::pieces::{Outline, Piece};
use super::super::tokens::{Token, TokenKind};
use super::answers::{Answer, answer, due, plan_wanted_by};
use super::{Evidence, document, finding, issued};

/// Who carries a plan out below the level that issues it; without marks.
const LOWER_LEVEL: &[&str] = &[
    "cac xa",
    "xa phuong",
    "xa dac khu",
    "cap xa",
    "dia phuong",
    "cac co quan don vi",
    "cac don vi",
    "tung dia phuong",
];

/// Duties towards those below, which are another's; without marks.
const OF_OTHERS: &[&str] = &[
    "huong dan",
    "chi dao",
    "phoi hop",
    "chu tri",
    "don doc",
    "kiem tra",
    "tham muu",
    "ho tro",
    " voi ",
    " cua ",
    "giup ",
];

/// A unit is named within so many tokens of a section's beginning.
const HEAD: usize = 16;

pub fn findings(evidence: &Evidence) -> Vec<Finding> {
    let mut found = later_deadlines(evidence);
    found.extend(missing_tasks(evidence));
    found.extend(issued_late(evidence));
    found.extend(idle_units(evidence));
    found
}

/// What became of the upper plan's deadlines to do something by a date.
pub fn count_deadlines(evidence: &Evidence) -> DeadlineCounts {
    let upper = evidence.upper;
    let document = document(upper.plan, upper);
    let own = document.first_line..=document.last_line;
    let due = upper.plan.deadlines.iter().filter(|deadline| {
        matches!(deadline.kind, DeadlineKind::Due | DeadlineKind::Recurring)
            && own.contains(&deadline.line)
            && deadline.text.contains(|c: char| c.is_ascii_digit())
    });
    let linked = |path: &str| {
        evidence.links.iter().any(|link| {
            let at = upper.outline.path(link.upper);
            at == path || at.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let mut counts = DeadlineCounts::default();
    for deadline in due {
        let changed = evidence.figures.iter().find(|figure| {
            figure.what == FigureKind::Deadline
                && figure.upper_line.is_some_and(|line| line.abs_diff(deadline.line) <= 1)
                && figure.upper.as_ref().is_some_and(|upper| {
                    deadline.text.contains(upper.as_str()) || upper.contains(&deadline.text)
                })
        });
        let count = match changed.map(|figure| (&figure.lower_value, &figure.upper_value)) {
            Some((Some(lower), Some(upper))) if is_later(lower, upper) => &mut counts.later,
            Some((Some(_), _)) => &mut counts.kept,
            None if deadline.section.as_deref().is_some_and(linked) => &mut counts.kept,
            Some((None, _)) | None => match answered_late(evidence, deadline) {
                Some(true) => &mut counts.later,
                Some(false) => &mut counts.kept,
                None => &mut counts.missing,
            },
        };
        *count += 1;
    }
    counts
}

/// Whether what answers a deadline of a section without counterpart is later; `None` if nothing does.
fn answered_late(evidence: &Evidence, deadline: &Deadline) -> Option<bool> {
    let outline = evidence.upper.outline;
    let node = outline.node_at(deadline.section.as_deref()?)?;
    let piece = unlinked(evidence).find(|piece| piece.node == node)?;
    match answer(evidence, piece)? {
        Answer::Plan => {
            let due =
                plan_wanted_by(evidence, piece).map(|date| evidence.lexicon.text(date.key))?;
            issued(evidence.lower).map(|issued| is_later(issued, due))
        }
        Answer::Report { lower, upper } => Some(is_later(&due(lower)?, &due(upper)?)),
    }
}

/// Pieces of the upper plan without counterpart.
fn unlinked<'a>(evidence: &Evidence<'a>) -> impl Iterator<Item = &'a Piece> {
    let linked: HashSet<usize> = evidence.links.iter().map(|link| link.upper).collect();
    let pieces = evidence.upper.outline.pieces.iter().enumerate();
    pieces.filter(move |(index, _)| !linked.contains(index)).map(|(_, piece)| piece)
}

fn later_deadlines(evidence: &Evidence) -> Vec<Finding> {
    let dated = evidence.figures.iter().filter(|figure| figure.what == FigureKind::Deadline);
    dated
        .filter_map(|figure| match (&figure.lower_value, &figure.upper_value) {
            (Some(lower), Some(upper)) if is_later(lower, upper) => {
                let text = format!(
                    "the lower plan sets {}, later than the upper plan's {}",
                    quoted(&figure.lower),
                    quoted(&figure.upper)
                );
                Some(placed(FindingCode::DeadlineLater, Severity::High, text, figure))
            }
            (None, Some(_)) if figure.lower_section.is_none() && is_for_lower(evidence, figure) => {
                let text = format!(
                    "the upper plan's deadline {} has none standing for it",
                    quoted(&figure.upper)
                );
                Some(placed(FindingCode::DeadlineMissing, Severity::Medium, text, figure))
            }
            _ => None,
        })
        .collect()
}

fn quoted(text: &Option<String>) -> String {
    format!("“{}”", text.as_deref().unwrap_or(""))
}

fn placed(code: FindingCode, severity: Severity, text: String, figure: &Figure) -> Finding {
    Finding {
        lower_section: figure.lower_section.clone(),
        upper_section: figure.upper_section.clone(),
        lower_line: figure.lower_line,
        upper_line: figure.upper_line,
        ..finding(code, severity, text)
    }
}

/// Compares ISO dates of which one may be less precise; both with a year, or neither.
fn is_later(lower: &str, upper: &str) -> bool {
    let (lower, upper) = (last_day(lower), last_day(upper));
    lower.starts_with('-') == upper.starts_with('-') && lower > upper
}

/// The date with its last day where it says none: "2025-07" is its 31st, "2027-Q3" 30 September.
fn last_day(date: &str) -> String {
    if let Some((year, quarter)) = date.split_once("-Q") {
        let month = quarter.parse::<u32>().unwrap_or(4) * 3;
        return format!("{year}-{month:02}-31");
    }
    let year = if date.starts_with('-') { date.len() - 1 } else { date.len() };
    match year {
        4 if !date.starts_with('-') => format!("{date}-12-31"),
        3 | 7 => format!("{date}-31"),
        _ => date.to_owned(),
    }
}

fn is_for_lower(evidence: &Evidence, figure: &Figure) -> bool {
    let outline = evidence.upper.outline;
    let node = figure.upper_section.as_deref().and_then(|path| outline.node_at(path));
    let piece = node.and_then(|node| outline.pieces.iter().find(|piece| piece.node == node));
    piece.is_some_and(|piece| {
        addresses_lower(evidence, outline, piece) && answer(evidence, piece).is_none()
    })
}

/// Whether a piece, or the heading above it, gives a task to the level below.
fn addresses_lower(evidence: &Evidence, outline: &Outline, piece: &Piece) -> bool {
    let head = |tokens: &[Token]| {
        let words: Vec<&str> =
            tokens.iter().take(HEAD).map(|token| evidence.lexicon.text(token.key)).collect();
        let said = words.join(" ");
        // The duty may name those below without being theirs: "hướng dẫn các xã, phường".
        LOWER_LEVEL.iter().any(|unit| {
            said.find(unit)
                .is_some_and(|at| !OF_OTHERS.iter().any(|verb| said[..at].contains(verb)))
        })
    };
    let above = outline.nodes[piece.node].parent;
    head(&piece.tokens) || above.is_some_and(|node| head(&outline.nodes[node].heading))
}

fn missing_tasks(evidence: &Evidence) -> Vec<Finding> {
    let outline = evidence.upper.outline;
    let asked = unlinked(evidence).filter(|piece| {
        !piece.is_lead
            && outline.is_of_kind(piece.node, SectionKind::Implementation)
            && addresses_lower(evidence, outline, piece)
    });
    asked
        .filter_map(|piece| {
            let node = &outline.nodes[piece.node];
            match answer(evidence, piece) {
                Some(Answer::Plan) => return None,
                Some(Answer::Report { lower, upper }) => return later_report(lower, upper),
                None => {}
            }
            let text = format!(
                "the upper plan gives the level below a task without counterpart: “{}”",
                beginning(piece)
            );
            Some(Finding {
                upper_section: Some(node.path.clone()),
                upper_line: Some(node.line),
                ..finding(FindingCode::TaskWithoutCounterpart, Severity::High, text)
            })
        })
        .collect()
}

/// A report to the same body that the lower plan makes later than the upper wants it.
fn later_report(lower: &Deadline, upper: &Deadline) -> Option<Finding> {
    let later = is_later(&due(lower)?, &due(upper)?);
    let text = format!(
        "the report to {} is due “{}” in the lower plan, “{}” in the upper",
        upper.recipient.as_deref()?,
        lower.text,
        upper.text
    );
    later.then(|| Finding {
        lower_section: lower.section.clone(),
        upper_section: upper.section.clone(),
        lower_line: Some(lower.line),
        upper_line: Some(upper.line),
        ..finding(FindingCode::DeadlineLater, Severity::High, text)
    })
}

/// The first words of a piece, after its label.
fn beginning(piece: &Piece) -> String {
    const WORDS: usize = 18;
    let start = piece.tokens.first().map_or(0, |token| token.span.start);
    let mut words = piece.text[start..].split_whitespace();
    let head: Vec<&str> = words.by_ref().take(WORDS).collect();
    let more = if words.next().is_some() { " …" } else { "" };
    format!("{}{more}", head.join(" "))
}

/// The upper plan says by when those below have their own plan; the lower one's date is later.
fn issued_late(evidence: &Evidence) -> Vec<Finding> {
    let Some(issued) = issued(evidence.lower) else { return Vec::new() };
    let outline = evidence.upper.outline;
    let mut found = Vec::new();
    for piece in outline.pieces.iter().filter(|piece| addresses_lower(evidence, outline, piece)) {
        let Some(date) = plan_wanted_by(evidence, piece) else { continue };
        let due = evidence.lexicon.text(date.key);
        if due.starts_with('-') || issued <= last_day(due).as_str() {
            continue;
        }
        let node = &outline.nodes[piece.node];
        found.push(Finding {
            upper_section: Some(node.path.clone()),
            upper_line: Some(date.line),
            lower_line: Some(document(evidence.lower.plan, evidence.lower).first_line),
            ..finding(
                FindingCode::IssuedLate,
                Severity::High,
                format!(
                    "the lower plan is dated {issued}; the upper plan wanted it by “{}”",
                    &piece.text[date.span.clone()]
                ),
            )
        });
    }
    found
}

/// Sections of the implementation that hold nothing but the name of a unit.
fn idle_units(evidence: &Evidence) -> Vec<Finding> {
    let outline = evidence.lower.outline;
    let idle = outline.pieces.iter().filter(|piece| {
        let named = piece.tokens.iter().any(|token| token.name == Some(NameKind::Body));
        let silent = piece
            .tokens
            .iter()
            .all(|token| token.name.is_some() || token.kind == TokenKind::Function);
        !piece.is_lead
            && named
            && silent
            && outline.is_of_kind(piece.node, SectionKind::Implementation)
    });
    idle.map(|piece| {
        let node = &outline.nodes[piece.node];
        Finding {
            lower_section: Some(node.path.clone()),
            lower_line: Some(node.line),
            ..finding(
                FindingCode::UnitWithoutDuty,
                Severity::Medium,
                format!("“{}” is named without a duty", beginning(piece)),
            )
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_compared_by_their_last_day() {
        let later = [
            ("2026-07-01", "2026-06-30"),
            ("2026-07", "2026-06-30"),
            ("2027-Q4", "2027-Q3"),
            ("--12-05", "--11-30"),
            ("--12", "--11-30"),
            ("2031", "2030-12"),
        ];
        for (lower, upper) in later {
            assert!(is_later(lower, upper), "{lower} {upper}");
            assert!(!is_later(upper, lower), "{upper} {lower}");
        }
        // The month holds the day; a date without a year is before none with one.
        assert!(!is_later("2026-06-30", "2026-06"));
        assert!(!is_later("--11-30", "2026-06-30") && !is_later("2026-06-30", "--11-30"));
    }
}
