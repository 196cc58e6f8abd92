//! Laid-out pages and a source's answers to the gold files that `shared/eval/score.py` reads.
//!
//! Line numbers come from where the layout put the anchors; an answer whose anchor is missing, or
//! whose words don't stand in the text, is an error rather than a wrong gold file.

use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;

use crate::layout::{Mark, Page, ReadLine};
use crate::markup::{SectionStart, Target};
use crate::source::{Award, Document, Heading, Source};

/// The restored text, one line of print a line, and the answers as JSON.
pub struct Gold {
    pub text: String,
    pub json: String,
}

#[derive(Serialize)]
struct Answers {
    documents: Vec<DocumentAnswer>,
    references: Vec<ReferenceAnswer>,
    deadlines: Vec<DeadlineAnswer>,
    awards: Vec<AwardAnswer>,
    assignments: Vec<AssignmentAnswer>,
}

#[derive(Serialize)]
struct DocumentAnswer {
    doc_type: String,
    number: Option<String>,
    symbol: Option<String>,
    issuer: String,
    place: Option<String>,
    date: Option<String>,
    title: String,
    signatory: Option<SignatoryAnswer>,
    recipients: Vec<String>,
    first_line: usize,
    last_line: usize,
    sections: Vec<SectionAnswer>,
}

#[derive(Serialize)]
struct SignatoryAnswer {
    capacity: Option<String>,
    position: String,
    name: String,
}

#[derive(Serialize)]
struct SectionAnswer {
    label: String,
    title: Option<String>,
    kinds: Vec<String>,
    line: usize,
    children: Vec<SectionAnswer>,
}

#[derive(Serialize)]
struct ReferenceAnswer {
    #[serde(rename = "type")]
    doc_type: String,
    id: String,
    date: Option<String>,
    issuer: Option<String>,
    mentions: Vec<usize>,
    legal_basis: bool,
}

#[derive(Serialize)]
struct DeadlineAnswer {
    kind: String,
    text: String,
    start: Option<String>,
    end: Option<String>,
    recurrence: Option<String>,
    action: Option<String>,
    responsible: Option<String>,
    recipient: Option<String>,
    line: usize,
    section: Option<String>,
}

#[derive(Serialize)]
struct AwardAnswer {
    #[serde(flatten)]
    award: Award,
    section: Option<String>,
    line: usize,
}

#[derive(Serialize)]
struct AssignmentAnswer {
    unit: String,
    section: Option<String>,
    line: usize,
    tasks: u32,
}

/// An anchor with the line on which it begins.
struct Placed<'a> {
    line: usize,
    words: &'a str,
    target: &'a Target,
    section: &'a Option<String>,
}

/// The gold files of one source.
pub fn gold(source: Source, pages: &[Page]) -> Result<Gold> {
    let mut lines: Vec<&ReadLine> = pages.iter().flat_map(|page| &page.lines).collect();
    while lines.last().is_some_and(|line| line.text.is_empty()) {
        lines.pop();
    }
    let text = lines.iter().map(|line| format!("{}\n", line.text)).collect::<String>();
    let anchors = anchors(&lines);
    check_targets(&source, &anchors)?;
    let words = Words::of(&text);
    for deadline in &source.deadlines {
        for phrase in [&deadline.action, &deadline.responsible, &deadline.recipient] {
            words.must_hold(phrase.as_deref())?;
        }
    }
    for award in &source.awards {
        words.must_hold(award.form.as_deref())?;
    }
    let documents = source
        .documents
        .into_iter()
        .enumerate()
        .map(|(index, document)| document_answer(index, document, &lines))
        .collect::<Result<_>>()?;
    let answers = Answers {
        documents,
        references: references(source.references, &anchors),
        deadlines: deadlines(source.deadlines, &anchors)?,
        awards: awards(source.awards, &anchors)?,
        assignments: assignments(&anchors),
    };
    Ok(Gold { text, json: serde_json::to_string_pretty(&answers)? + "\n" })
}

fn anchors<'a>(lines: &[&'a ReadLine]) -> Vec<Placed<'a>> {
    let mut anchors = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        for mark in &line.marks {
            if let Mark::Anchor(anchor, section) = mark {
                let (words, target) = (anchor.words.as_str(), &anchor.target);
                anchors.push(Placed { line: index + 1, words, target, section });
            }
        }
    }
    anchors
}

/// Every anchor names an answer.
fn check_targets(source: &Source, anchors: &[Placed]) -> Result<()> {
    for anchor in anchors {
        let known = match anchor.target {
            Target::Unit(_) => true,
            Target::Reference(id) => source.references.iter().any(|known| known.id == *id),
            Target::Key(key) => {
                source.deadlines.iter().any(|known| known.at == *key)
                    || source.awards.iter().any(|known| known.at == *key)
            }
        };
        ensure!(
            known,
            "resolving anchor {:?}: found no answer for {:?}",
            anchor.words,
            anchor.target
        );
    }
    Ok(())
}

/// The text with every run of white space as one blank, to look phrases up across lines.
struct Words(String);

impl Words {
    fn of(text: &str) -> Words {
        // A hyphen at the end of a line belongs to a code or a name, which goes on without a blank.
        Words(text.replace("-\n", "-").split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn must_hold(&self, phrase: Option<&str>) -> Result<()> {
        if let Some(phrase) = phrase {
            let found = self.0.contains(phrase) || self.0.contains(&phrase.replace("- ", "-"));
            ensure!(found, "checking answers: found no {phrase:?} in the text");
        }
        Ok(())
    }
}

fn document_answer(
    index: usize,
    document: Document,
    lines: &[&ReadLine],
) -> Result<DocumentAnswer> {
    let own = |line: &&ReadLine| line.document == index && !line.text.is_empty();
    let first = lines.iter().position(own).context("numbering lines: found an empty document")?;
    let last = lines.iter().rposition(own).context("numbering lines: found an empty document")?;
    let mut starts = Vec::new();
    for (index, line) in lines.iter().enumerate().take(last + 1).skip(first) {
        for mark in &line.marks {
            if let Mark::Section(section) = mark {
                starts.push((index + 1, section));
            }
        }
    }
    let title =
        document.title.iter().map(|line| without_anchors(line)).collect::<Result<Vec<_>>>()?;
    let issued = document.heading != Heading::None;
    let recipients = document.signature.as_ref().map(|signature| signature.recipients.clone());
    Ok(DocumentAnswer {
        doc_type: document.doc_type,
        number: document.number.filter(|_| issued),
        symbol: document.symbol.filter(|_| issued),
        issuer: document.issuer,
        place: document.place,
        date: document.date,
        title: title.join(" "),
        signatory: document.signature.map(|signature| SignatoryAnswer {
            capacity: Some(signature.capacity.join(" ")).filter(|capacity| !capacity.is_empty()),
            position: signature.position,
            name: signature.name,
        }),
        recipients: recipients.unwrap_or_default(),
        first_line: first + 1,
        last_line: last + 1,
        sections: tree(&mut starts.into_iter().peekable(), 1),
    })
}

fn without_anchors(line: &str) -> Result<String> {
    Ok(crate::markup::inline(line, crate::markup::Look::Plain)?.text)
}

/// The sections of `depth` and below, up to the first one above.
fn tree<'a>(
    starts: &mut std::iter::Peekable<impl Iterator<Item = (usize, &'a SectionStart)>>,
    depth: usize,
) -> Vec<SectionAnswer> {
    let mut sections = Vec::new();
    while let Some((line, start)) = starts.next_if(|(_, start)| start.depth >= depth) {
        let children = tree(starts, start.depth + 1);
        let SectionStart { label, title, kinds, .. } = start.clone();
        sections.push(SectionAnswer { label, title, kinds, line, children });
    }
    sections
}

fn references(
    references: Vec<crate::source::Reference>,
    anchors: &[Placed],
) -> Vec<ReferenceAnswer> {
    let answer = |reference: crate::source::Reference| ReferenceAnswer {
        mentions: anchors
            .iter()
            .filter(|anchor| *anchor.target == Target::Reference(reference.id.clone()))
            .map(|anchor| anchor.line)
            .collect(),
        doc_type: reference.doc_type,
        id: reference.id,
        date: reference.date,
        issuer: reference.issuer,
        legal_basis: reference.legal_basis,
    };
    let mut answers: Vec<_> = references.into_iter().map(answer).collect();
    answers.sort_by_key(|reference| reference.mentions.first().copied());
    answers
}

/// The one anchor of a key.
fn only<'a, 'b>(key: &str, anchors: &'b [Placed<'a>]) -> Result<&'b Placed<'a>> {
    let target = Target::Key(key.to_owned());
    let mut found = anchors.iter().filter(|anchor| *anchor.target == target);
    match (found.next(), found.next()) {
        (Some(anchor), None) => Ok(anchor),
        (None, _) => bail!("resolving answer {key:?}: found no anchor, expected one"),
        (Some(_), Some(_)) => {
            bail!("resolving answer {key:?}: found several anchors, expected one")
        }
    }
}

fn deadlines(
    deadlines: Vec<crate::source::Deadline>,
    anchors: &[Placed],
) -> Result<Vec<DeadlineAnswer>> {
    let mut answers = Vec::new();
    for deadline in deadlines {
        let anchor = only(&deadline.at, anchors)?;
        answers.push(DeadlineAnswer {
            kind: deadline.kind,
            text: anchor.words.to_owned(),
            start: deadline.start,
            end: deadline.end,
            recurrence: deadline.recurrence,
            action: deadline.action,
            responsible: deadline.responsible,
            recipient: deadline.recipient,
            line: anchor.line,
            section: anchor.section.clone(),
        });
    }
    answers.sort_by_key(|deadline| deadline.line);
    Ok(answers)
}

fn awards(awards: Vec<Award>, anchors: &[Placed]) -> Result<Vec<AwardAnswer>> {
    let mut answers = Vec::new();
    for award in awards {
        let anchor = only(&award.at, anchors)?;
        let (section, line) = (anchor.section.clone(), anchor.line);
        answers.push(AwardAnswer { award, section, line });
    }
    Ok(answers)
}

fn assignments(anchors: &[Placed]) -> Vec<AssignmentAnswer> {
    let assignment = |anchor: &Placed| match anchor.target {
        Target::Unit(tasks) => Some(AssignmentAnswer {
            unit: anchor.words.to_owned(),
            section: anchor.section.clone(),
            line: anchor.line,
            tasks: *tasks,
        }),
        Target::Reference(_) | Target::Key(_) => None,
    };
    anchors.iter().filter_map(assignment).collect()
}
