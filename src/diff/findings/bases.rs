//! The legal bases: whether the upper plan is cited, and which documents are missing, added, of another
//! date, or replaced.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::plan::{Document, Plan, Reference};
use crate::text::normalise::strip_marks;

use super::super::comparison::{Finding, FindingCode, Severity};
use super::super::tokens::canonical_code;
use super::{Evidence, document, finding, issued};

/// A document and the one that replaced it.
#[derive(Clone)]
struct Replacement {
    old: String,
    new: String,
    /// ISO 8601; empty where only a plan says that it was replaced.
    in_force: String,
    /// "in force since 2025-07-01"; "as the lower plan says".
    source: String,
}

static REPLACED: LazyLock<Vec<Replacement>> = LazyLock::new(|| {
    let rows = include_str!("../replaced.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let mut cells = row.split('\t').map(str::to_owned);
        let mut next = || cells.next().expect("three cells in each row of replaced.tsv");
        let (old, new, in_force) = (next(), next(), next());
        let source = format!("in force since {in_force}");
        Replacement { old, new, in_force, source }
    })
    .collect()
});

/// "Nghị định số A … thay thế Nghị định số B", and "B được thay thế bằng A"; of parts ("thay thế một
/// số điều của") nothing follows.
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    let code = r"\d{1,5}(?:/\d{4})?[-/]\p{Lu}[\p{L}]*(?:[-/]\p{Lu}[\p{L}]*)*";
    Regex::new(&format!(
        r"(?P<first>{code})[^.;]{{0,200}}?(?P<passive>(?:được|bị) )?thay thế (?P<by>(?:bằng|bởi) )?(?:cho )?(?:\p{{Lu}}\p{{L}}+ \p{{L}}+ )?(?:số )?(?P<second>{code})"
    ))
    .expect("a valid pattern")
});

pub fn findings(evidence: &Evidence) -> Vec<Finding> {
    let replaced = replacements(evidence);
    let mut found = vec![upper_cited(evidence)];
    let (lower, upper) = (bases(evidence.lower.plan), bases(evidence.upper.plan));
    for base in &upper {
        found.extend(compare_base(evidence, base, &replaced));
    }
    let known: HashSet<String> = evidence.upper.plan.references.iter().map(identity).collect();
    let own = own_codes(evidence.upper.plan);
    for base in &lower {
        let new = replaced.iter().any(|replacement| {
            canonical_code(&replacement.new) == identity(base)
                && known.contains(&canonical_code(&replacement.old))
        });
        if known.contains(&identity(base)) || own.contains(&identity(base)) || new {
            continue;
        }
        found.push(Finding {
            lower_line: base.mentions.first().map(|mention| mention.line),
            ..finding(
                FindingCode::BasisAdded,
                Severity::Low,
                format!(
                    "the lower plan also rests on {}, which the upper doesn't cite",
                    named(base)
                ),
            )
        });
    }
    found.extend(outdated(evidence, &replaced));
    found
}

fn bases(plan: &Plan) -> Vec<&Reference> {
    plan.references.iter().filter(|cited| cited.legal_basis && !cited.id.contains('⟨')).collect()
}

/// Number and symbol; of a law without a number its name.
fn identity(cited: &Reference) -> String {
    canonical_code(&cited.id)
}

fn named(cited: &Reference) -> String {
    match (&cited.doc_type, &cited.date) {
        (Some(kind), Some(date)) if !cited.id.starts_with(kind.as_str()) => {
            format!("{kind} {} ({date})", cited.id)
        }
        (Some(kind), None) if !cited.id.starts_with(kind.as_str()) => {
            format!("{kind} {}", cited.id)
        }
        (_, Some(date)) => format!("{} ({date})", cited.id),
        _ => cited.id.clone(),
    }
}

/// The table, and what the two plans say themselves.
fn replacements(evidence: &Evidence) -> Vec<Replacement> {
    let mut all = REPLACED.clone();
    for (plan, side) in [(evidence.lower.plan, "lower"), (evidence.upper.plan, "upper")] {
        if !plan.lines.iter().any(|line| line.text.contains("thay thế")) {
            continue;
        }
        let text: Vec<&str> = plan.lines.iter().map(|line| line.text.as_str()).collect();
        for (old, new) in said_to_be_replaced(&text.join(" ")) {
            let source = format!("as the {side} plan says");
            all.push(Replacement { old, new, in_force: String::new(), source });
        }
    }
    all
}

/// Pairs of old and new, as a text says that the one replaced the other.
fn said_to_be_replaced(text: &str) -> Vec<(String, String)> {
    let pair = |said: regex::Captures| {
        let (first, second) = (said["first"].to_owned(), said["second"].to_owned());
        let turned = said.name("passive").is_some() || said.name("by").is_some();
        if turned { (first, second) } else { (second, first) }
    };
    SAID.captures_iter(text).map(pair).collect()
}

/// A basis of the upper plan: where is it in the lower?
fn compare_base(
    evidence: &Evidence,
    base: &Reference,
    replaced: &[Replacement],
) -> Option<Finding> {
    let upper_line = base.mentions.first().map(|mention| mention.line);
    let cited = &evidence.lower.plan.references;
    let place = |other: &Reference| other.mentions.first().map(|mention| mention.line);
    if let Some(other) = cited.iter().find(|other| identity(other) == identity(base)) {
        let (Some(here), Some(there)) = (&other.date, &base.date) else { return None };
        let surely = other.confidence.min(base.confidence) >= SURE;
        // "2025-06" and "2025-06-14" agree.
        if here.starts_with(there.as_str()) || there.starts_with(here.as_str()) || !surely {
            return None;
        }
        // A law known by its name alone has successors of the same name.
        let later = here > there && !base.id.contains(|c: char| c.is_ascii_digit());
        let (severity, text) = if later {
            let text = format!(
                "the lower plan cites the {} of {here}, the upper that of {there}: a later law of the same name, or a wrong date",
                base.id
            );
            (Severity::Medium, text)
        } else {
            let text =
                format!("{} is dated {here} in the lower plan, {there} in the upper", base.id);
            (Severity::High, text)
        };
        return Some(Finding {
            lower_line: place(other),
            upper_line,
            ..finding(FindingCode::BasisDateDiffers, severity, text)
        });
    }
    let newer = replaced.iter().find_map(|row| {
        let other = cited.iter().find(|other| identity(other) == canonical_code(&row.new))?;
        (canonical_code(&row.old) == identity(base)).then_some((row, other))
    });
    if let Some((row, other)) = newer {
        return Some(Finding {
            lower_line: place(other),
            upper_line,
            ..finding(
                FindingCode::BasisReplaced,
                Severity::Low,
                format!(
                    "the lower plan cites {}, which replaced the upper plan's {}, {}",
                    named(other),
                    named(base),
                    row.source
                ),
            )
        });
    }
    let severity = if is_law(base) { Severity::Medium } else { Severity::Low };
    let text = format!("the lower plan doesn't cite {}, on which the upper rests", named(base));
    Some(Finding { upper_line, ..finding(FindingCode::BasisMissing, severity, text) })
}

/// References below this are not compared by their dates.
const SURE: f32 = 0.6;

fn is_law(cited: &Reference) -> bool {
    cited
        .doc_type
        .as_deref()
        .is_some_and(|kind| matches!(kind, "Luật" | "Bộ luật" | "Nghị định" | "Thông tư"))
}

/// Bases of the lower plan that were no longer in force when it was issued.
fn outdated(evidence: &Evidence, replaced: &[Replacement]) -> Vec<Finding> {
    let issued = issued(evidence.lower).unwrap_or("");
    let old = bases(evidence.lower.plan).into_iter().filter_map(|base| {
        let row = replaced.iter().find(|row| canonical_code(&row.old) == identity(base))?;
        (!issued.is_empty() && row.in_force.as_str() <= issued).then(|| Finding {
            lower_line: base.mentions.first().map(|mention| mention.line),
            ..finding(
                FindingCode::BasisOutdated,
                Severity::High,
                format!(
                    "the lower plan rests on {}, replaced by {}, {}",
                    named(base),
                    row.new,
                    row.source
                ),
            )
        })
    });
    old.collect()
}

fn own_codes(plan: &Plan) -> HashSet<String> {
    plan.documents.iter().filter_map(own_code).collect()
}

fn own_code(document: &Document) -> Option<String> {
    let (number, symbol) = (document.number.as_deref()?, document.symbol.as_deref()?);
    // "77-KH/TU" of the Party, "77/KH-UBND" of the state: the mark is not kept, so none is compared.
    Some(canonical_code(&format!("{number}/{symbol}")))
}

/// Without the mark between number and symbol.
fn unmarked(code: &str) -> String {
    canonical_code(code).replace(['/', '-'], "")
}

fn upper_cited(evidence: &Evidence) -> Finding {
    let plan = evidence.upper.plan;
    let codes: Vec<String> = own_codes(plan).iter().map(|code| unmarked(code)).collect();
    let dates: Vec<&str> = plan.documents.iter().filter_map(|one| one.date.as_deref()).collect();
    let of_date = |cited: &Reference| {
        let Some(date) = &cited.date else { return true };
        dates.is_empty()
            || dates.iter().any(|own| own.starts_with(date.as_str()) || date.starts_with(own))
    };
    let cited = &evidence.lower.plan.references;
    let exact = cited.iter().find(|one| codes.contains(&unmarked(&one.id)) && of_date(one));
    // A number written by hand may be missing: then the issuer's kind, the date and the subject tell.
    let known: HashSet<String> = plan.references.iter().map(identity).collect();
    let alike = cited.iter().filter(|one| !known.contains(&identity(one)));
    let alike =
        alike.into_iter().find(|one| has_symbol_of(plan, one) && names_subject(evidence, one));
    let dated = alike.filter(|one| one.date.is_some() && !dates.is_empty() && of_date(one));
    match (exact.or(dated), alike) {
        (Some(one), _) => Finding {
            lower_line: one.mentions.first().map(|mention| mention.line),
            upper_line: Some(document(plan, evidence.upper).first_line),
            ..finding(
                FindingCode::CitesUpper,
                Severity::Low,
                format!("the lower plan cites the upper: {}", named(one)),
            )
        },
        (None, other) => {
            let instead = other.map_or(String::new(), |one| {
                format!("; it cites {} on the same subject", named(one))
            });
            Finding {
                lower_line: other.and_then(|one| one.mentions.first()).map(|mention| mention.line),
                upper_line: Some(document(plan, evidence.upper).first_line),
                ..finding(
                    FindingCode::UpperNotCited,
                    Severity::High,
                    format!("the lower plan doesn't cite the upper{instead}"),
                )
            }
        }
    }
}

fn has_symbol_of(plan: &Plan, cited: &Reference) -> bool {
    let symbols = plan.documents.iter().filter_map(|document| document.symbol.as_deref());
    let code = canonical_code(&cited.id);
    let kinds = || plan.documents.iter().map(|document| &document.doc_type);
    if symbols.clone().next().is_none() {
        return kinds().any(|kind| kind.is_some() && *kind == cited.doc_type);
    }
    symbols.into_iter().any(|symbol| code.ends_with(&canonical_code(symbol)))
}

/// Whether the lines after a mention say the upper plan's title.
fn names_subject(evidence: &Evidence, cited: &Reference) -> bool {
    /// Lines that a citation with its subject takes up.
    const LINES: usize = 5;
    /// Share of the title's words that must stand there.
    const SHARE: f64 = 0.7;
    let title = document(evidence.upper.plan, evidence.upper).title.as_deref().unwrap_or("");
    let title: Vec<String> = words(title);
    let lines = &evidence.lower.plan.lines;
    !title.is_empty()
        && cited.mentions.iter().any(|mention| {
            let from = (mention.line as usize).saturating_sub(1).min(lines.len());
            let to = (from + LINES).min(lines.len());
            let said: HashSet<String> =
                lines[from..to].iter().flat_map(|line| words(&line.text)).collect();
            let there = title.iter().filter(|word| said.contains(*word)).count();
            there as f64 >= SHARE * title.len() as f64
        })
}

fn words(text: &str) -> Vec<String> {
    let plain = strip_marks(&text.to_lowercase());
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_which_document_replaced_which() {
        let table = [
            ("Nghị định số 152/2025/NĐ-CP của Chính phủ thay thế Nghị định số 98/2023/NĐ-CP", true),
            ("Nghị định số 98/2023/NĐ-CP đã được thay thế bằng Nghị định số 152/2025/NĐ-CP", true),
            ("Nghị định số 98/2023/NĐ-CP bị thay thế bởi Nghị định số 152/2025/NĐ-CP", true),
            (
                "Nghị định số 152/2025/NĐ-CP thay thế một số điều của Nghị định số 98/2023/NĐ-CP",
                false,
            ),
            ("Nghị định số 152/2025/NĐ-CP; cây thay thế theo Nghị định số 98/2023/NĐ-CP", false),
        ];
        for (text, replaces) in table {
            let pair = ("98/2023/NĐ-CP".to_owned(), "152/2025/NĐ-CP".to_owned());
            let expected = if replaces { vec![pair] } else { Vec::new() };
            assert_eq!(said_to_be_replaced(text), expected, "{text}");
        }
    }

    #[test]
    fn each_row_of_the_table_has_a_date_and_no_document_replaces_itself() {
        for row in REPLACED.iter() {
            assert_ne!(canonical_code(&row.old), canonical_code(&row.new));
            let parts: Vec<usize> = row.in_force.split('-').map(str::len).collect();
            assert_eq!(parts, [4, 2, 2], "{}", row.old);
        }
    }
}
