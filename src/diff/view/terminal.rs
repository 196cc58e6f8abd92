//! A comparison on a terminal: what matters first, then both plans side by side.

use std::fmt::Write as _;

use super::super::comparison::{
    Class, ComparedFile, Comparison, FigureKind, Pair, Segment, SegmentKind, Severity, Side,
};
use super::grouped::grouped;
use super::order::in_reading_order;

/// How wide, and whether in colour.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    pub width: usize,
    pub color: bool,
}

/// Narrower than this no two columns fit.
const NARROWEST: usize = 60;
/// Between the two columns.
const GAP: &str = " │ ";
/// Under what a finding says, and what a figure became.
const FINDING_INDENT: usize = 9;
const FIGURE_INDENT: usize = 11;

const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const CYAN: &str = "36";
const BOLD: &str = "1";
const DIM: &str = "2";

impl Terminal {
    /// The whole comparison, with a line end.
    pub fn render(self, comparison: &Comparison) -> String {
        let mut out = String::new();
        self.heads(comparison, &mut out);
        self.findings(comparison, &mut out);
        self.figures(comparison, &mut out);
        let _ = writeln!(out, "{}", self.paint(BOLD, "Side by side: lower plan │ upper plan"));
        for pair in in_reading_order(comparison) {
            self.row(pair, &mut out);
        }
        out
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn heads(self, comparison: &Comparison, out: &mut String) {
        for (name, side) in [("lower", &comparison.lower), ("upper", &comparison.upper)] {
            let _ = writeln!(out, "{} {}", self.paint(BOLD, name), self.cut(&describe(side), 6));
        }
        let summary = &comparison.summary;
        let counts = [
            (Class::Same, summary.same),
            (Class::Renamed, summary.renamed),
            (Class::Reworded, summary.reworded),
            (Class::Changed, summary.changed),
            (Class::Added, summary.added),
            (Class::Dropped, summary.dropped),
        ];
        let counts: Vec<String> = counts
            .iter()
            .map(|(class, count)| {
                self.paint(color_of(*class), &format!("{count} {}", class.name()))
            })
            .collect();
        let _ = writeln!(out, "\n{}; {} moved", counts.join(", "), summary.moved);
        let _ = writeln!(out, "{:.0}% of the upper plan taken over", summary.taken_over * 100.0);
        let deadlines = &summary.deadlines;
        let _ = writeln!(
            out,
            "deadlines of the upper plan: {} kept, {} later, {} missing",
            deadlines.kept, deadlines.later, deadlines.missing
        );
        let _ = writeln!(
            out,
            "differences of reading, no changes: {}; doubtful figures, to be checked: {}\n",
            summary.reading_differences, summary.doubtful_figures
        );
    }

    fn findings(self, comparison: &Comparison, out: &mut String) {
        let _ = writeln!(out, "{}", self.paint(BOLD, "Findings"));
        for finding in &comparison.findings {
            let color = match finding.severity {
                Severity::High => RED,
                Severity::Medium => YELLOW,
                Severity::Low => DIM,
            };
            let severity = self.paint(color, &format!("{:<6}", finding.severity.name()));
            let place = places(
                &finding.lower_section,
                finding.lower_line,
                &finding.upper_section,
                finding.upper_line,
            );
            let text = format!("{}{place}", visible(&finding.text));
            let mut lines = self.hanging(&text, FINDING_INDENT).into_iter();
            let _ = writeln!(out, "  {severity} {}", lines.next().unwrap_or_default());
            for line in lines {
                let _ = writeln!(out, "{}{line}", " ".repeat(FINDING_INDENT));
            }
        }
        out.push('\n');
    }

    fn figures(self, comparison: &Comparison, out: &mut String) {
        let _ = writeln!(out, "{}", self.paint(BOLD, "Figures: upper → lower"));
        for group in grouped(&comparison.figures) {
            let figure = group[0];
            let side = |text: &Option<String>| text.as_deref().map_or("none".to_owned(), visible);
            let place = places(
                &figure.lower_section,
                figure.lower_line,
                &figure.upper_section,
                figure.upper_line,
            );
            let more = match group.len() - 1 {
                0 => String::new(),
                1 => " and in one more place".to_owned(),
                more => format!(" and in {more} more places"),
            };
            let change = format!("{} → {}{place}{more}", side(&figure.upper), side(&figure.lower));
            let mut lines = self.hanging(&change, FIGURE_INDENT).into_iter();
            let _ = writeln!(
                out,
                "  {} {}",
                self.paint(YELLOW, &format!("{:<8}", kind(figure.what))),
                lines.next().unwrap_or_default()
            );
            for line in lines {
                let _ = writeln!(out, "{}{line}", " ".repeat(FIGURE_INDENT));
            }
        }
        out.push('\n');
    }

    /// A text in lines that leave room for an indent.
    fn hanging(self, text: &str, indent: usize) -> Vec<String> {
        wrapped(text, self.width.max(NARROWEST) - indent)
    }

    fn row(self, pair: &Pair, out: &mut String) {
        let moved = if pair.moved { ", moved" } else { "" };
        let side = |path: &Option<String>| path.clone().unwrap_or_else(|| "none".to_owned());
        let head =
            format!("{} │ {}: {}{moved}", side(&pair.lower), side(&pair.upper), pair.class.name());
        let _ = writeln!(out, "{}", self.paint(color_of(pair.class), &head));
        if pair.class == Class::Same {
            let first = pair.segments.first().map_or("", |segment| segment.lower.as_str());
            let _ = writeln!(out, "  {}", self.paint(DIM, &self.cut(&visible(first), 2)));
            return;
        }
        let column = (self.width.max(NARROWEST) - GAP.chars().count()) / 2;
        let lower = self.column(&pair.segments, column, |segment| &segment.lower, GREEN);
        let upper = self.column(&pair.segments, column, |segment| &segment.upper, RED);
        for at in 0..lower.len().max(upper.len()) {
            let blank = || " ".repeat(column);
            let left = lower.get(at).cloned().unwrap_or_else(blank);
            let right = upper.get(at).cloned().unwrap_or_default();
            let _ = writeln!(out, "{}", format!("{left}{GAP}{right}").trim_end());
        }
    }

    /// Lines of exactly `width` columns.
    fn column(
        self,
        segments: &[Segment],
        width: usize,
        side: impl Fn(&Segment) -> &String,
        color: &str,
    ) -> Vec<String> {
        let words = segments.iter().flat_map(|segment| {
            let text = visible(side(segment));
            let words = text.split_whitespace().map(|word| (word.to_owned(), segment.kind));
            words.collect::<Vec<_>>()
        });
        let mut lines: Vec<(String, usize)> = Vec::new();
        for (word, kind) in words {
            let length = word.chars().count();
            let painted = match kind {
                SegmentKind::Same | SegmentKind::Heading => word,
                SegmentKind::Reading | SegmentKind::Doubt => self.paint(DIM, &word),
                SegmentKind::Name => self.paint(CYAN, &word),
                SegmentKind::Figure => self.paint(&format!("{BOLD};{color}"), &word),
                SegmentKind::Wording | SegmentKind::Matter => self.paint(color, &word),
            };
            match lines.last_mut() {
                Some((line, used)) if *used + 1 + length <= width => {
                    line.push(' ');
                    line.push_str(&painted);
                    *used += 1 + length;
                }
                _ => lines.push((painted, length)),
            }
        }
        let padded = |(line, used): (String, usize)| {
            format!("{line}{}", " ".repeat(width.saturating_sub(used)))
        };
        lines.into_iter().map(padded).collect()
    }

    /// As much of a text as fits in a line with `used` columns taken.
    fn cut(self, text: &str, used: usize) -> String {
        let room = self.width.max(NARROWEST).saturating_sub(used + 1);
        if text.chars().count() <= room {
            return text.to_owned();
        }
        format!("{}…", text.chars().take(room.saturating_sub(1)).collect::<String>())
    }
}

fn color_of(class: Class) -> &'static str {
    match class {
        Class::Same => DIM,
        Class::Renamed => CYAN,
        Class::Reworded => BOLD,
        Class::Changed => YELLOW,
        Class::Added => GREEN,
        Class::Dropped => RED,
    }
}

/// "Kế hoạch 18/KH-UBND, 2025-08-14, Ủy ban nhân dân …: title (path)".
pub fn describe(side: &Side) -> String {
    let document = &side.document;
    let code = match (&document.number, &document.symbol) {
        (number, Some(symbol)) => {
            format!("{}/{symbol}", number.as_deref().unwrap_or("…"))
        }
        _ => String::new(),
    };
    let named = [document.doc_type.as_deref(), Some(code.as_str())];
    let named: Vec<&str> = named.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let parts = [
        Some(named.join(" ")).filter(|name| !name.is_empty()),
        document.date.clone(),
        document.issuer.clone(),
        document.title.clone(),
    ];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    visible(&format!("{}: {}", side.source.path, said.join(", ")))
}

/// Without what controls a terminal: a plan may hold any character.
fn visible(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// The name of a kind as in the JSON.
pub fn kind(what: FigureKind) -> &'static str {
    match what {
        FigureKind::Deadline => "deadline",
        FigureKind::Quota => "quota",
        FigureKind::Year => "year",
        FigureKind::Date => "date",
        FigureKind::Document => "document",
        FigureKind::Unit => "unit",
        FigureKind::Number => "number",
    }
}

/// " (lower IV/2, line 94; upper VI/5, line 449)"; empty where no place is known.
fn places(
    lower: &Option<String>,
    lower_line: Option<u32>,
    upper: &Option<String>,
    upper_line: Option<u32>,
) -> String {
    let place = |name: &str, section: &Option<String>, line: Option<u32>| match (section, line) {
        (Some(section), Some(line)) => Some(format!("{name} {section}, line {line}")),
        (Some(section), None) => Some(format!("{name} {section}")),
        (None, Some(line)) => Some(format!("{name} line {line}")),
        (None, None) => None,
    };
    let said: Vec<String> = [place("lower", lower, lower_line), place("upper", upper, upper_line)]
        .into_iter()
        .flatten()
        .collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join("; ")) }
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Many comparisons as a table, one line a plan; with a line end.
pub fn table(files: &[ComparedFile]) -> String {
    let widest = files.iter().map(|file| file.path.chars().count()).max().unwrap_or(0).max(4);
    let mut out = format!(
        "{:<widest$}  taken  changed  added  dropped  deadlines kept/later/missing  high  medium  low\n",
        "plan"
    );
    for file in files {
        let Some(comparison) = &file.comparison else {
            let error = visible(file.error.as_deref().unwrap_or(""));
            let _ = writeln!(out, "{:<widest$}  {error}", visible(&file.path));
            continue;
        };
        let summary = &comparison.summary;
        let of =
            |severity| comparison.findings.iter().filter(|one| one.severity == severity).count();
        let deadlines = format!(
            "{}/{}/{}",
            summary.deadlines.kept, summary.deadlines.later, summary.deadlines.missing
        );
        let _ = writeln!(
            out,
            "{:<widest$}  {:>4.0}%  {:>7}  {:>5}  {:>7}  {:>28}  {:>4}  {:>6}  {:>3}",
            visible(&file.path),
            summary.taken_over * 100.0,
            summary.changed,
            summary.added,
            summary.dropped,
            deadlines,
            of(Severity::High),
            of(Severity::Medium),
            of(Severity::Low),
        );
    }
    out
}
