//! References, deadlines and assignments as tables (RFC 4180), one row for each.

use crate::plan::{DeadlineKind, Plan};

/// One table; `name` is its file name without the ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    /// UTF-8 with a byte order mark, without which spreadsheet programs take it for Latin-1 and
    /// spoil every Vietnamese letter.
    pub csv: Vec<u8>,
}

/// The tables `references`, `deadlines` and `assignments` of a plan; a field that is null is empty.
pub fn to_tables(plan: &Plan) -> Vec<Table> {
    vec![references(plan), deadlines(plan), assignments(plan)]
}

fn references(plan: &Plan) -> Table {
    let heads = ["type", "id", "date", "issuer", "legal_basis", "mentions", "lines", "confidence"];
    let rows = plan.references.iter().map(|reference| {
        let lines = reference.mentions.iter().map(|mention| mention.line.to_string());
        vec![
            text(&reference.doc_type),
            reference.id.clone(),
            text(&reference.date),
            text(&reference.issuer),
            reference.legal_basis.to_string(),
            reference.mentions.len().to_string(),
            lines.collect::<Vec<_>>().join(" "),
            sure(reference.confidence),
        ]
    });
    table("references", &heads, rows)
}

fn deadlines(plan: &Plan) -> Table {
    let heads = [
        "kind",
        "start",
        "end",
        "recurrence",
        "action",
        "responsible",
        "recipient",
        "text",
        "section",
        "line",
        "confidence",
    ];
    let rows = plan.deadlines.iter().map(|deadline| {
        vec![
            kind(deadline.kind).to_owned(),
            text(&deadline.start),
            text(&deadline.end),
            text(&deadline.recurrence),
            text(&deadline.action),
            text(&deadline.responsible),
            text(&deadline.recipient),
            deadline.text.clone(),
            text(&deadline.section),
            deadline.line.to_string(),
            sure(deadline.confidence),
        ]
    });
    table("deadlines", &heads, rows)
}

fn assignments(plan: &Plan) -> Table {
    let heads = ["unit", "tasks", "section", "line", "confidence"];
    let rows = plan.assignments.iter().map(|assignment| {
        vec![
            assignment.unit.clone(),
            assignment.tasks.to_string(),
            text(&assignment.section),
            assignment.line.to_string(),
            sure(assignment.confidence),
        ]
    });
    table("assignments", &heads, rows)
}

/// The word that the JSON has for a kind.
pub(super) fn kind(kind: DeadlineKind) -> &'static str {
    match kind {
        DeadlineKind::Due => "due",
        DeadlineKind::Recurring => "recurring",
        DeadlineKind::Period => "period",
        DeadlineKind::Milestone => "milestone",
        DeadlineKind::Horizon => "horizon",
    }
}

fn text(field: &Option<String>) -> String {
    field.clone().unwrap_or_default()
}

fn sure(confidence: f32) -> String {
    format!("{confidence:.2}")
}

fn table(name: &'static str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Table {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let written = "a table in memory has room for every row, and rows are as long as their head";
    writer.write_record(heads).expect(written);
    for row in rows {
        // A cell that begins like a formula would be run by spreadsheet programs.
        let row = row.into_iter().map(|cell| match cell.chars().next() {
            Some('=' | '+' | '@' | '\t') => format!("'{cell}"),
            _ => cell,
        });
        writer.write_record(row).expect(written);
    }
    Table { name, csv: writer.into_inner().expect(written) }
}
