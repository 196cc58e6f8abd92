//! Two plans compared by what they say: what the lower took from the upper, changed, added, dropped.
//!
//! 1. `pieces`: each plan cut into its leaf sections; `tokens` and `names` say what is equal.
//! 2. `align`: which piece stands for which, the best assignment over all at once; splits and merges.
//! 3. `hunks`: linked pieces laid side by side; `judge`: what each difference is.
//! 4. `moves`, `figures`, `findings`: what an analyst looks for.
//!
//! [`compare`] is pure. [`search`] finds the plan above a plan among many; [`view`] shows comparisons on a
//! terminal and as a page. What is on a page that was badly read is no change: words that differ by
//! marks or by letters of a low confidence are counted apart.

mod align;
mod assignment;
pub mod comparison;
mod connected;
mod edits;
mod features;
mod figures;
mod findings;
mod hunks;
mod joined;
mod judge;
mod moves;
mod names;
mod pieces;
pub mod search;
mod tokens;
pub mod view;

use std::collections::HashSet;

use crate::error::{Error, ErrorKind, Result};
use crate::plan::{self, Plan};

use align::Alignment;
use comparison::{
    Class, ComparedDocument, Comparison, DeadlineCounts, Figure, Pair, SCHEMA, Segment,
    SegmentKind, Side, Summary,
};
use figures::{Place, View};
use hunks::Stretch;
use judge::Verdict;
use moves::Counterparts;
use pieces::{Outline, Piece};
use tokens::{Lexicon, Token};

/// Compares a plan with the plan above it.
///
/// A file can hold a decision and the plan that it issues: of the lower file the document with most
/// sections is compared, of the upper the one of the same kind, if it is of any size.
///
/// # Errors
/// If either has no document with sections.
pub fn compare(lower: &Plan, upper: &Plan) -> Result<Comparison> {
    let (lower_document, upper_document) = choose_documents(lower, upper)?;
    let mut lexicon = Lexicon::default();
    let lower_outline = Outline::new(lower, lower_document, &mut lexicon);
    let upper_outline = Outline::new(upper, upper_document, &mut lexicon);
    let mut alignment = align::align(&lower_outline, &upper_outline);
    let mut laid = hunks::lay_out(&lower_outline, &upper_outline, &alignment.links);
    if hunks::drop_empty(&mut alignment.links, &laid) {
        laid = hunks::lay_out(&lower_outline, &upper_outline, &alignment.links);
    }
    let links = &alignment.links;
    let counterparts = Counterparts::new(&lower_outline, &upper_outline, links);
    let views = (
        View { plan: lower, outline: &lower_outline },
        View { plan: upper, outline: &upper_outline },
    );
    let work = Work { lower: views.0, upper: views.1, lexicon: &lexicon, alignment: &alignment };
    let mut draft = Draft::default();
    work.pair_linked(&counterparts, &laid, &mut draft);
    work.list_unlinked(&mut draft);
    work.compare_titles(&mut draft);
    draft.figures.extend(figures::bases(views.0, views.1));
    draft.figures.extend(figures::units(views.0, views.1, &counterparts));
    let evidence = findings::Evidence {
        lower: views.0,
        upper: views.1,
        lexicon: &lexicon,
        links,
        figures: &draft.figures,
    };
    let findings = findings::findings(&evidence);
    let deadlines = findings::count_deadlines(&evidence);
    let summary = summarise(&draft, &upper_outline, deadlines);
    Ok(Comparison {
        schema: SCHEMA.to_owned(),
        lower: side(views.0),
        upper: side(views.1),
        summary,
        pairs: draft.pairs,
        leads: draft.leads,
        figures: draft.figures,
        findings,
    })
}

/// Reads the plan that `ingest` wrote.
///
/// # Errors
/// If the bytes are no JSON, no plan, or a plan of another version.
pub fn plan_from_json(bytes: &[u8]) -> Result<Plan> {
    /// What tells whether the rest can be read at all.
    #[derive(serde::Deserialize)]
    struct Marked {
        schema: Option<String>,
    }
    let read = serde_json::from_slice::<Plan>(bytes);
    let read = match read {
        Ok(plan) if plan.schema == plan::SCHEMA => return Ok(plan),
        other => other,
    };
    let marked: Marked = serde_json::from_slice(bytes).map_err(|error| {
        Error::new(ErrorKind::Schema, "cannot read the plan: found no JSON object")
            .caused_by(error)
            .hint("make the plan with `sohoa ingest FILE -o DIR`")
    })?;
    if marked.schema.as_deref() != Some(plan::SCHEMA) {
        let found = match marked.schema {
            Some(schema) => format!("found schema {schema:?}"),
            None => "found JSON without a schema".to_owned(),
        };
        let message = format!("cannot read the plan: {found}, expected {:?}", plan::SCHEMA);
        return Err(Error::new(ErrorKind::Schema, message)
            .hint("make the plan with `sohoa ingest FILE -o DIR`"));
    }
    read.map_err(|error| {
        Error::new(ErrorKind::Schema, "cannot read the plan: it is not as its schema says")
            .caused_by(error)
            .hint("make the plan again with `sohoa ingest FILE -o DIR`")
    })
}

/// Whether a plan can be compared.
///
/// # Errors
/// If it has no document with sections.
pub fn check(plan: &Plan) -> Result<()> {
    leaf_counts(plan).map(|_| ())
}

/// A document with fewer than this share of the leaves of the largest is a cover to it.
const LEAST_SHARE: f64 = 0.3;

fn choose_documents(lower: &Plan, upper: &Plan) -> Result<(usize, usize)> {
    let lower_leaves = leaf_counts(lower)?;
    let upper_leaves = leaf_counts(upper)?;
    let largest = |leaves: &[usize]| {
        let most = leaves.iter().copied().max().unwrap_or(0);
        leaves.iter().position(|&count| count == most).unwrap_or(0)
    };
    let chosen = largest(&lower_leaves);
    let top = upper_leaves[largest(&upper_leaves)] as f64;
    let kind = &lower.documents[chosen].doc_type;
    let same_kind = (0..upper_leaves.len())
        .filter(|&index| upper.documents[index].doc_type == *kind)
        .filter(|&index| upper_leaves[index] as f64 >= LEAST_SHARE * top)
        .max_by_key(|&index| (upper_leaves[index], std::cmp::Reverse(index)));
    Ok((chosen, same_kind.unwrap_or_else(|| largest(&upper_leaves))))
}

fn leaf_counts(plan: &Plan) -> Result<Vec<usize>> {
    fn leaves(sections: &[plan::Section]) -> usize {
        sections.iter().map(|section| leaves(&section.children).max(1)).sum()
    }
    let counts: Vec<usize> =
        plan.documents.iter().map(|document| leaves(&document.sections)).collect();
    if counts.iter().all(|&count| count == 0) {
        let message = "cannot compare this: found no document with numbered sections";
        return Err(Error::new(ErrorKind::Empty, message)
            .hint("look at its text: `sohoa ingest FILE -o DIR`, then DIR/NAME.txt"));
    }
    Ok(counts)
}

/// What is compared.
struct Work<'a> {
    lower: View<'a>,
    upper: View<'a>,
    lexicon: &'a Lexicon,
    alignment: &'a Alignment,
}

/// The comparison as it grows.
#[derive(Default)]
struct Draft {
    pairs: Vec<Pair>,
    leads: Vec<Pair>,
    figures: Vec<Figure>,
    reading_differences: u32,
    doubtful_figures: u32,
}

impl Draft {
    /// A leaf stands in `pairs`, also where its counterpart is the text before others.
    fn push(&mut self, pair: Pair, leaf: bool) {
        if leaf { self.pairs.push(pair) } else { self.leads.push(pair) }
    }
}

impl Work<'_> {
    fn lower_piece(&self, index: usize) -> &Piece {
        &self.lower.outline.pieces[index]
    }

    fn upper_piece(&self, index: usize) -> &Piece {
        &self.upper.outline.pieces[index]
    }

    /// Pairs and figures of all links, and between them what the lower plan added, in its order.
    fn pair_linked(&self, counterparts: &Counterparts, laid: &[Vec<Stretch>], draft: &mut Draft) {
        let moved = moves::moved(
            self.lower.outline,
            self.upper.outline,
            &self.alignment.links,
            counterparts,
        );
        let mut next = 0;
        for lower in 0..self.lower.outline.pieces.len() {
            let linked =
                self.alignment.links[next..].iter().take_while(|link| link.lower == lower).count();
            for index in next..next + linked {
                self.pair_one(index, &laid[index], moved[index], draft);
            }
            if linked == 0 {
                self.list_one(Some(lower), None, draft);
            }
            next += linked;
        }
    }

    fn pair_one(&self, index: usize, stretches: &[Stretch], moved: bool, draft: &mut Draft) {
        let link = self.alignment.links[index];
        let (lower, upper) = (self.lower_piece(link.lower), self.upper_piece(link.upper));
        let mut segments = Vec::new();
        let mut hunks: Vec<(&Stretch, Verdict)> = Vec::new();
        for stretch in stretches {
            let kind = if stretch.equal {
                SegmentKind::Same
            } else {
                let here =
                    judge::Side { text: &lower.text, tokens: &lower.tokens[stretch.lower.clone()] };
                let there =
                    judge::Side { text: &upper.text, tokens: &upper.tokens[stretch.upper.clone()] };
                let verdict = judge::judge(self.lexicon, here, there);
                let kind = verdict.kind;
                hunks.push((stretch, verdict));
                kind
            };
            segments.push(Segment {
                kind,
                lower: printed(lower, &stretch.lower),
                upper: printed(upper, &stretch.upper),
            });
        }
        judge::settle(
            self.lexicon,
            (self.lower.outline, lower),
            (self.upper.outline, upper),
            &mut hunks,
        );
        let mut settled = hunks.iter().map(|(_, verdict)| verdict.kind);
        for segment in segments.iter_mut().filter(|segment| segment.kind != SegmentKind::Same) {
            segment.kind = settled.next().expect("a verdict for each hunk");
        }
        let sum = |tokens: fn(&Stretch) -> usize| -> usize { stretches.iter().map(tokens).sum() };
        let both = sum(|stretch| if stretch.equal { stretch.lower.len() * 2 } else { 0 });
        let all = sum(|stretch| stretch.lower.len() + stretch.upper.len());
        let count = |kind| hunks.iter().filter(|(_, verdict)| verdict.kind == kind).count() as u32;
        draft.reading_differences += count(SegmentKind::Reading);
        draft.doubtful_figures += count(SegmentKind::Doubt);
        for (stretch, verdict) in &hunks {
            let place = |piece, range: &std::ops::Range<usize>, figures: &[usize]| -> Vec<Place> {
                let at = figures.iter().map(|figure| range.start + figure);
                at.map(|token| Place { piece: Some(piece), token }).collect()
            };
            let here = place(link.lower, &stretch.lower, &verdict.lower_figures);
            let there = place(link.upper, &stretch.upper, &verdict.upper_figures);
            let mut found =
                figures::figures_of_hunk(self.lexicon, (self.lower, &here), (self.upper, &there));
            // Both places are known, also of what stands on one side only.
            for figure in &mut found {
                figure
                    .lower_section
                    .get_or_insert_with(|| self.lower.outline.path(link.lower).into());
                figure
                    .upper_section
                    .get_or_insert_with(|| self.upper.outline.path(link.upper).into());
            }
            draft.figures.extend(found);
        }
        let pair = Pair {
            lower: Some(self.lower.outline.path(link.lower).to_owned()),
            upper: Some(self.upper.outline.path(link.upper).to_owned()),
            class: judge::class_of(segments.iter().map(|segment| segment.kind)),
            moved,
            similarity: both as f32 / all.max(1) as f32,
            confidence: link.confidence,
            lower_line: Some(first_line(self.lower, lower, stretches, |one| &one.lower)),
            upper_line: Some(first_line(self.upper, upper, stretches, |one| &one.upper)),
            segments,
        };
        draft.push(pair, !(lower.is_lead && upper.is_lead));
    }

    /// What only one plan has.
    fn list_one(&self, lower: Option<usize>, upper: Option<usize>, draft: &mut Draft) {
        let (view, index) = match (lower, upper) {
            (Some(index), _) => (self.lower, index),
            (_, index) => (self.upper, index.expect("a piece of one side")),
        };
        let piece = &view.outline.pieces[index];
        let own = lower.is_some();
        let all = printed(piece, &(0..piece.tokens.len()));
        let path = view.outline.path(index).to_owned();
        let line = view.outline.nodes[piece.node].line;
        let segment = Segment {
            kind: SegmentKind::Matter,
            lower: if own { all.clone() } else { String::new() },
            upper: if own { String::new() } else { all },
        };
        let pair = Pair {
            lower: own.then(|| path.clone()),
            upper: (!own).then_some(path),
            class: if own { Class::Added } else { Class::Dropped },
            moved: false,
            similarity: 0.0,
            confidence: if own {
                self.alignment.lower_alone[index]
            } else {
                self.alignment.upper_alone[index]
            },
            lower_line: own.then_some(line),
            upper_line: (!own).then_some(line),
            segments: vec![segment],
        };
        let places = figures_of(&piece.tokens, Some(index));
        draft.figures.extend(if own {
            figures::figures_of_hunk(self.lexicon, (self.lower, &places), (self.upper, &[]))
        } else {
            figures::figures_of_hunk(self.lexicon, (self.lower, &[]), (self.upper, &places))
        });
        draft.push(pair, !piece.is_lead);
    }

    /// What the lower plan dropped, in the order of the upper.
    fn list_unlinked(&self, draft: &mut Draft) {
        let linked: HashSet<usize> = self.alignment.links.iter().map(|link| link.upper).collect();
        for upper in (0..self.upper.outline.pieces.len()).filter(|upper| !linked.contains(upper)) {
            self.list_one(None, Some(upper), draft);
        }
    }

    /// Years and periods in the titles (trích yếu).
    fn compare_titles(&self, draft: &mut Draft) {
        let title = |view: &View<'_>| {
            let document = &view.plan.documents[view.outline.document];
            let sure = document.confidence.title.is_none_or(|confidence| confidence >= SURE_TITLE);
            sure && view.outline.title.iter().any(|token| token.kind.is_figure())
        };
        // A title that was cut short says nothing about its figures.
        if !title(&self.lower) || !title(&self.upper) {
            return;
        }
        let (here, there) = (title_side(self.lower), title_side(self.upper));
        let verdict = judge::judge(self.lexicon, here, there);
        let places = |figures: &[usize]| -> Vec<Place> {
            figures.iter().map(|&token| Place { piece: None, token }).collect()
        };
        let (here, there) = (places(&verdict.lower_figures), places(&verdict.upper_figures));
        draft.figures.extend(figures::figures_of_hunk(
            self.lexicon,
            (self.lower, &here),
            (self.upper, &there),
        ));
    }
}

fn title_side<'a>(view: View<'a>) -> judge::Side<'a> {
    judge::Side { text: &view.outline.title_text, tokens: &view.outline.title }
}

/// A title below this confidence is not compared.
const SURE_TITLE: f32 = 0.5;

/// All figures of a text that were read surely.
fn figures_of(tokens: &[Token], piece: Option<usize>) -> Vec<Place> {
    let figures = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.kind.is_figure() && !token.of_document && token.sure);
    figures.map(|(token, _)| Place { piece, token }).collect()
}

/// The text of some tokens, with what is printed between them and after the last.
fn printed(piece: &Piece, tokens: &std::ops::Range<usize>) -> String {
    let Some(first) = piece.tokens.get(tokens.start).filter(|_| !tokens.is_empty()) else {
        return String::new();
    };
    // What opens a quotation belongs to the word after it.
    let open = |at: usize| piece.text[..at].trim_end_matches(['“', '"', '(', '-', '+', ' ']).len();
    let start = open(first.span.start);
    let end = piece.tokens.get(tokens.end).map_or(piece.text.len(), |next| open(next.span.start));
    piece.text[start..end.max(first.span.end)].trim().to_owned()
}

/// The line on which the part of a piece begins that belongs to a pair; of the section if none does.
fn first_line(
    view: View,
    piece: &Piece,
    stretches: &[Stretch],
    side: impl Fn(&Stretch) -> &std::ops::Range<usize>,
) -> u32 {
    let first = stretches.iter().map(side).find(|range| !range.is_empty());
    first.map_or(view.outline.nodes[piece.node].line, |range| piece.tokens[range.start].line)
}

fn summarise(draft: &Draft, upper: &Outline, deadlines: DeadlineCounts) -> Summary {
    let count = |class| draft.pairs.iter().filter(|pair| pair.class == class).count() as u32;
    let dropped = count(Class::Dropped);
    Summary {
        same: count(Class::Same),
        renamed: count(Class::Renamed),
        reworded: count(Class::Reworded),
        changed: count(Class::Changed),
        added: count(Class::Added),
        dropped,
        moved: draft.pairs.iter().filter(|pair| pair.moved).count() as u32,
        taken_over: 1.0 - dropped as f32 / upper.leaves().max(1) as f32,
        deadlines,
        reading_differences: draft.reading_differences,
        doubtful_figures: draft.doubtful_figures,
    }
}

fn side(view: View) -> Side {
    let document = &view.plan.documents[view.outline.document];
    Side {
        source: view.plan.source.clone(),
        document: ComparedDocument {
            index: view.outline.document as u32,
            doc_type: document.doc_type.clone(),
            number: document.number.clone(),
            symbol: document.symbol.clone(),
            issuer: document.issuer.clone(),
            date: document.date.clone(),
            title: document.title.clone(),
            first_line: document.first_line,
            last_line: document.last_line,
            leaves: view.outline.leaves() as u32,
        },
    }
}
