//! The numbers, dates, periods, quotas, cited documents and responsible units that changed, came or
//! went, as printed on both sides.

use std::collections::HashMap;

use crate::plan::{Plan, SectionKind};

use super::comparison::{Figure, FigureKind};
use super::judge::BESIDE_DOCUMENTS;
use super::moves::Counterparts;
use super::pieces::Outline;
use super::tokens::{Lexicon, Token, TokenKind, UNITS, canonical_code, folded};

/// One plan as the figures see it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub plan: &'a Plan,
    pub outline: &'a Outline,
}

/// A figure of one side: a token of a piece; of the document's title if `piece` is `None`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub piece: Option<usize>,
    pub token: usize,
}

/// One side of a figure, read.
struct Printed {
    what: FigureKind,
    text: String,
    value: String,
    unit: Option<String>,
    section: Option<String>,
    line: u32,
}

impl Printed {
    /// How well one can stand for the other: 0 not at all.
    fn near(&self, other: &Self) -> u8 {
        if family(self.what) != family(other.what) {
            return 0;
        }
        if self.what == FigureKind::Document {
            let (own, others) = (kind_and_issuer(&self.value), kind_and_issuer(&other.value));
            return 2 * u8::from(own.0 == others.0) + u8::from(own.1 == others.1);
        }
        1 + u8::from(self.unit == other.unit)
    }
}

/// "KH" and "UBND" of "25/KH-UBND"; "NQ" and "TW" of "57-NQ/TW". Party committees are one issuer.
fn kind_and_issuer(code: &str) -> (&str, &str) {
    let symbol = code.trim_start_matches(|c: char| c.is_ascii_digit() || "/-".contains(c));
    let (kind, issuer) = symbol.split_once(['/', '-']).unwrap_or((symbol, ""));
    (kind, if matches!(issuer, "TU" | "DU") { "TU" } else { issuer })
}

/// Words before a number that make it a bound; of these words without marks.
const BOUNDS: &[&[&str]] = &[
    &["toi", "da"],
    &["toi", "thieu"],
    &["it", "nhat"],
    &["nhieu", "nhat"],
    &["khong", "qua"],
    &["chi", "tieu"],
];

/// Words before a date that make it a deadline; without marks.
const DUE: &[&str] = &["truoc", "het", "han", "cham", "thanh", "muon", "xong"];

/// How many words before a figure are looked at.
const BEFORE: usize = 6;

/// Pairs the differing figures of one hunk.
pub fn figures_of_hunk(
    lexicon: &Lexicon,
    lower: (View, &[Place]),
    upper: (View, &[Place]),
) -> Vec<Figure> {
    let read = |(view, places): (View, &[Place])| -> Vec<Printed> {
        places.iter().map(|&place| printed(lexicon, view, place)).collect()
    };
    let here = read(lower);
    let mut there: Vec<Option<Printed>> = read(upper).into_iter().map(Some).collect();
    let mut partner = |one: &Printed| {
        let nearness = |other: &Option<Printed>| other.as_ref().map_or(0, |other| one.near(other));
        // The nearest; of several the first.
        let nearest = there.iter().enumerate().rev().max_by_key(|(_, other)| nearness(other));
        let (at, _) = nearest.filter(|(_, other)| nearness(other) > 0)?;
        there[at].take()
    };
    let mut figures: Vec<Figure> = Vec::new();
    for one in here {
        let other = partner(&one);
        figures.push(figure(Some(one), other));
    }
    figures.extend(there.into_iter().flatten().map(|gone| figure(None, Some(gone))));
    figures
}

/// Kinds of which one can stand for the other.
fn family(what: FigureKind) -> u8 {
    match what {
        FigureKind::Deadline | FigureKind::Date | FigureKind::Year => 0,
        FigureKind::Quota | FigureKind::Number => 1,
        FigureKind::Document => 2,
        FigureKind::Unit => 3,
    }
}

fn figure(lower: Option<Printed>, upper: Option<Printed>) -> Figure {
    // A date that is due on either side is due.
    let what = match (&lower, &upper) {
        (Some(a), Some(b)) => match (a.what, b.what) {
            (FigureKind::Deadline, _) | (_, FigureKind::Deadline) => FigureKind::Deadline,
            (FigureKind::Quota, _) | (_, FigureKind::Quota) => FigureKind::Quota,
            (a, _) => a,
        },
        (Some(one), None) | (None, Some(one)) => one.what,
        (None, None) => unreachable!("a figure stands on one side at least"),
    };
    let (lower_section, upper_section) = (
        lower.as_ref().and_then(|one| one.section.clone()),
        upper.as_ref().and_then(|one| one.section.clone()),
    );
    Figure {
        what,
        lower_line: lower.as_ref().map(|one| one.line),
        upper_line: upper.as_ref().map(|one| one.line),
        lower_section,
        upper_section,
        lower_value: lower.as_ref().map(|one| one.value.clone()),
        upper_value: upper.as_ref().map(|one| one.value.clone()),
        lower: lower.map(|one| one.text),
        upper: upper.map(|one| one.text),
    }
}

fn printed(lexicon: &Lexicon, view: View, place: Place) -> Printed {
    let outline = view.outline;
    let (tokens, text, section) = match place.piece {
        Some(piece) => {
            let one = &outline.pieces[piece];
            (&one.tokens, one.text.as_str(), Some(outline.path(piece).to_owned()))
        }
        None => (&outline.title, outline.title_text.as_str(), None),
    };
    let token = &tokens[place.token];
    let rest = &tokens[place.token + 1..];
    let words = |count: usize| -> Option<&str> {
        (rest.len() >= count).then(|| &text[rest[0].span.start..rest[count - 1].span.end])
    };
    // Close by: no comma between.
    let close = |count: usize| {
        !token.ends_phrase && rest.iter().take(count.max(1) - 1).all(|token| !token.ends_phrase)
    };
    let follows = |wanted: &dyn Fn(&str) -> bool| {
        (1..=2).rev().find(|&count| {
            close(count) && words(count).is_some_and(|words| wanted(&words.to_lowercase()))
        })
    };
    let extra = match token.kind {
        TokenKind::Number if !text[token.span.clone()].ends_with('%') => {
            follows(&|words| UNITS.contains(&words))
        }
        TokenKind::Date => follows(&|words| {
            ["hằng năm", "hàng năm", "hằng tháng", "hàng tháng", "hằng quý", "hàng quý"]
                .contains(&words)
        }),
        _ => None,
    };
    let end = extra.map_or(token.span.end, |count| rest[count - 1].span.end);
    let unit = extra.map(|_| folded(&text[token.span.end..end].trim().to_lowercase()));
    // "Nghị quyết số 57", not the bare number.
    let bare = token.kind == TokenKind::Document
        && text[token.span.clone()].chars().all(|c| c.is_ascii_digit());
    let named = tokens[..place.token].iter().rev().take_while(|word| {
        bare && BESIDE_DOCUMENTS.contains(&lexicon.text(word.key)) && !word.ends_phrase
    });
    let start = named.last().map_or(token.span.start, |word| word.span.start);
    let what = kind(lexicon, view, place, tokens, text);
    let printed = text[start..end].to_owned();
    let value = lexicon.text(token.key).to_owned();
    Printed { what, text: printed, value, unit, section, line: token.line }
}

fn kind(lexicon: &Lexicon, view: View, place: Place, tokens: &[Token], text: &str) -> FigureKind {
    let token = &tokens[place.token];
    let before: Vec<&str> = tokens[place.token.saturating_sub(BEFORE)..place.token]
        .iter()
        .map(|token| lexicon.text(token.key))
        .collect();
    match token.kind {
        TokenKind::Document => FigureKind::Document,
        TokenKind::Number => {
            let bound =
                |words: &&[&str]| before.windows(words.len()).any(|window| window == *words);
            let award = place.piece.is_some_and(|piece| {
                view.outline.is_of_kind(view.outline.pieces[piece].node, SectionKind::Awards)
            });
            if award || BOUNDS.iter().any(bound) { FigureKind::Quota } else { FigureKind::Number }
        }
        _ => {
            let printed = &text[token.span.clone()];
            let listed = view.plan.deadlines.iter().any(|deadline| {
                deadline.line.abs_diff(token.line) <= 1 && deadline.text.contains(printed)
            });
            let near = &before[before.len().saturating_sub(3)..];
            if place.piece.is_some() && (listed || near.iter().any(|word| DUE.contains(word))) {
                FigureKind::Deadline
            } else if token.kind == TokenKind::Year {
                FigureKind::Year
            } else {
                FigureKind::Date
            }
        }
    }
}

/// One letter in so many of a unit's name may be misread in a damaged text.
const LETTERS_FOR_ONE: usize = 8;

/// References that were read less surely than this are not compared.
const SURE_REFERENCE: f32 = 0.8;

/// Documents cited before the first section that only one plan cites, and those of another date.
///
/// A document stands for the only other one of its kind and issuer: one decree for another.
pub fn bases(lower: View, upper: View) -> Vec<Figure> {
    let cited = |view: View<'_>| -> Vec<Cited> {
        let first = view.outline.nodes.first().map_or(u32::MAX, |node| node.line);
        let before = |line: u32| line < first;
        let references =
            view.plan.references.iter().filter(|cited| cited.confidence >= SURE_REFERENCE);
        references
            .filter_map(|cited| {
                let mention = cited.mentions.iter().find(|mention| before(mention.line))?;
                (!cited.id.contains('⟨')).then(|| Cited {
                    id: cited.id.clone(),
                    key: canonical_code(&cited.id),
                    class: (cited.doc_type.clone(), cited.issuer.clone()),
                    date: cited.date.clone(),
                    line: mention.line,
                })
            })
            .collect()
    };
    let (here, there) = (cited(lower), cited(upper));
    // Also under a code that was read badly.
    let known = |plan: &Plan, key: &str| {
        plan.references.iter().any(|cited| {
            let other = canonical_code(&cited.id);
            let allowed = if cited.confidence < SURE_REFERENCE { 1 + key.len() / 6 } else { 0 };
            other == key || strsim::levenshtein(&other, key) <= allowed
        })
    };
    let mut figures = Vec::new();
    for (one, other) in
        here.iter().filter_map(|one| Some((one, there.iter().find(|other| other.key == one.key)?)))
    {
        let (Some(date), Some(dated)) = (&one.date, &other.date) else { continue };
        if !date.starts_with(dated.as_str()) && !dated.starts_with(date.as_str()) {
            figures.push(figure(Some(one.dated(date)), Some(other.dated(dated))));
        }
    }
    let new: Vec<&Cited> = here.iter().filter(|one| !known(upper.plan, &one.key)).collect();
    let mut gone: Vec<&Cited> = there.iter().filter(|one| !known(lower.plan, &one.key)).collect();
    for one in &new {
        let only =
            |all: &[&Cited]| all.iter().filter(|other| other.class == one.class).count() == 1;
        let other = (only(&new) && only(&gone))
            .then(|| gone.iter().position(|other| other.class == one.class))
            .flatten();
        figures.push(figure(Some(one.printed()), other.map(|at| gone.remove(at).printed())));
    }
    figures.extend(gone.iter().map(|one| figure(None, Some(one.printed()))));
    figures
}

/// A document of the preamble.
struct Cited {
    id: String,
    key: String,
    class: (Option<String>, Option<String>),
    date: Option<String>,
    line: u32,
}

impl Cited {
    fn printed(&self) -> Printed {
        Printed {
            what: FigureKind::Document,
            text: self.id.clone(),
            value: self.key.clone(),
            unit: None,
            section: None,
            line: self.line,
        }
    }

    fn dated(&self, date: &str) -> Printed {
        let text = format!("{} ({date})", self.id);
        Printed { what: FigureKind::Date, text, value: date.to_owned(), ..self.printed() }
    }
}

/// Units given duties that are others in the counterpart of their section, or have none.
pub fn units(lower: View, upper: View, counterparts: &Counterparts) -> Vec<Figure> {
    let by_node = |view: View| -> HashMap<usize, usize> {
        let document = &view.plan.documents[view.outline.document];
        let own = document.first_line..=document.last_line;
        let assigned = view.plan.assignments.iter().enumerate();
        assigned
            .filter(|(_, assignment)| own.contains(&assignment.line))
            .filter_map(|(index, assignment)| {
                let node = view.outline.node_at(assignment.section.as_deref()?)?;
                Some((node, index))
            })
            .collect()
    };
    let (here, there) = (by_node(lower), by_node(upper));
    // In a text that lost letters throughout, one letter in some is a matter of its reading.
    let damaged = lower.outline.reading.damaged || upper.outline.reading.damaged;
    let same_unit = |one: &str, other: &str| {
        let allowed = if damaged { one.chars().count() / LETTERS_FOR_ONE } else { 0 };
        one == other || strsim::levenshtein(one, other) <= allowed
    };
    let read = |view: View, node: usize, index: usize| Printed {
        what: FigureKind::Unit,
        text: view.plan.assignments[index].unit.clone(),
        value: folded(&view.plan.assignments[index].unit.to_lowercase()),
        unit: None,
        section: Some(view.outline.nodes[node].path.clone()),
        line: view.plan.assignments[index].line,
    };
    let mut nodes: Vec<(usize, usize)> = here.iter().map(|(&node, &index)| (node, index)).collect();
    nodes.sort_unstable();
    let mut met = Vec::new();
    let mut figures = Vec::new();
    for (node, index) in nodes {
        let one = read(lower, node, index);
        let other = counterparts.of_lower(node).filter(|other| there.contains_key(other));
        let other = other.map(|other| {
            met.push(other);
            read(upper, other, there[&other])
        });
        if other.as_ref().is_none_or(|other| !same_unit(&other.value, &one.value)) {
            figures.push(figure(Some(one), other));
        }
    }
    let mut gone: Vec<(usize, usize)> = there
        .iter()
        .filter(|(node, _)| !met.contains(node))
        .map(|(&node, &index)| (node, index))
        .collect();
    gone.sort_unstable();
    figures
        .extend(gone.into_iter().map(|(node, index)| figure(None, Some(read(upper, node, index)))));
    figures
}
