//! What in the lower plan answers a task of the upper that no section stands for: the plan itself, where
//! a plan was asked for, or a report to the same body.

use crate::plan::{Deadline, Plan};

use super::super::pieces::Piece;
use super::super::tokens::{Token, TokenKind, folded};
use super::Evidence;

/// How a plan is asked for; without marks, y as i.
const PLANNING: &[&str] = &[
    "xai dung ke hoach",
    "xai dung va ban hanh ke hoach",
    "ban hanh ke hoach",
    "xai dung chuong trinh",
];

/// Where a task is said, in tokens: what comes later is another.
const HEAD: usize = 16;

/// What stands for a task though no section does.
pub enum Answer<'a> {
    /// The lower plan is what was asked for.
    Plan,
    Report {
        lower: &'a Deadline,
        upper: &'a Deadline,
    },
}

/// The answer to a task of the upper plan, if there is one.
pub fn answer<'a>(evidence: &Evidence<'a>, piece: &Piece) -> Option<Answer<'a>> {
    if plan_asked_for(evidence, piece).is_some_and(|at| at < HEAD) {
        return Some(Answer::Plan);
    }
    let path = &evidence.upper.outline.nodes[piece.node].path;
    let of_piece = |deadline: &&Deadline| deadline.section.as_ref() == Some(path);
    let upper: &'a Plan = evidence.upper.plan;
    let asked = upper.deadlines.iter().filter(of_piece);
    asked.filter_map(|upper| report_like(evidence, upper)).next()
}

fn report_like<'a>(evidence: &Evidence<'a>, upper: &'a Deadline) -> Option<Answer<'a>> {
    let to = recipient(upper)?;
    let lower: &'a Plan = evidence.lower.plan;
    let mut reports = lower.deadlines.iter();
    let lower = reports.find(|lower| recipient(lower).is_some_and(|other| other.contains(&to)))?;
    Some(Answer::Report { lower, upper })
}

/// To whom is reported, without "(qua …)".
fn recipient(deadline: &Deadline) -> Option<String> {
    let named = deadline.recipient.as_deref()?.split('(').next()?.trim().to_lowercase();
    Some(folded(&named)).filter(|named| !named.is_empty())
}

/// The token of a piece at which it asks for a plan.
pub fn plan_asked_for(evidence: &Evidence, piece: &Piece) -> Option<usize> {
    let words: Vec<&str> =
        piece.tokens.iter().map(|token| evidence.lexicon.text(token.key)).collect();
    let asked = PLANNING.iter().filter_map(|phrase| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.windows(phrase.len()).position(|window| window == phrase)
    });
    asked.min()
}

/// The date by which a piece wants the plan that it asks for.
pub fn plan_wanted_by<'a>(evidence: &Evidence, piece: &'a Piece) -> Option<&'a Token> {
    let asked = plan_asked_for(evidence, piece)?;
    let dated = |token: &&Token| token.kind == TokenKind::Date && !token.of_document;
    piece.tokens[asked..].iter().find(dated).filter(|date| date.sure)
}

/// The last day of a deadline: ISO 8601, "--12-10" of one of every year.
pub fn due(deadline: &Deadline) -> Option<String> {
    if let Some(end) = &deadline.end {
        return Some(end.clone());
    }
    let rule = deadline.recurrence.as_deref()?;
    let part = |name: &str| -> Option<u32> {
        let value = rule.split(';').find_map(|part| part.strip_prefix(name))?;
        value.parse().ok()
    };
    let (month, day) = (part("BYMONTH=")?, part("BYMONTHDAY=")?);
    Some(format!("--{month:02}-{day:02}"))
}
