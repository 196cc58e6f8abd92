//! What an analyst would write down about how a plan carries out the plan above it.
//!
//! Each group of findings looks at the plans, the pairs and the figures, and at no other group.

mod answers;
mod awards;
mod bases;
mod tasks;

use crate::plan::{Document, Plan};

use super::align::Link;
use super::comparison::{Figure, Finding, FindingCode, Severity};
use super::figures::View;
use super::tokens::Lexicon;

pub use tasks::count_deadlines;

/// What the findings are made from.
pub struct Evidence<'a> {
    pub lower: View<'a>,
    pub upper: View<'a>,
    pub lexicon: &'a Lexicon,
    pub links: &'a [Link],
    pub figures: &'a [Figure],
}

/// Most severe first, then in the order of the lower plan, then of the upper.
pub fn findings(evidence: &Evidence) -> Vec<Finding> {
    let mut found = bases::findings(evidence);
    found.extend(tasks::findings(evidence));
    found.extend(awards::findings(evidence));
    found.sort_by_key(|finding| {
        let line = |line: Option<u32>| line.unwrap_or(u32::MAX);
        (finding.severity, line(finding.lower_line), line(finding.upper_line), finding.code)
    });
    found.dedup();
    found
}

/// A finding that no place is known of yet.
fn finding(code: FindingCode, severity: Severity, text: String) -> Finding {
    Finding {
        code,
        severity,
        text,
        lower_section: None,
        upper_section: None,
        lower_line: None,
        upper_line: None,
    }
}

/// "lower" or "upper" plan's document date, if the file has one.
fn issued<'a>(view: View<'a>) -> Option<&'a str> {
    document(view.plan, view).date.as_deref()
}

fn document<'a>(plan: &'a Plan, view: View) -> &'a Document {
    &plan.documents[view.outline.document]
}
