//! A comparison as one page that needs nothing else: findings on top, figures, both plans side by side.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::super::comparison::{
    Class, ComparedFile, Comparison, Figure, Finding, Pair, Segment, SegmentKind, Severity, Side,
};
use super::grouped::grouped;
use super::order::in_reading_order;
use super::terminal::{describe, kind};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Text as HTML shows it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Whatever else controls a terminal or a page.
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<main>\n{body}</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        escaped(title)
    )
}

/// The page of one comparison.
pub fn page(comparison: &Comparison) -> String {
    let rows = in_reading_order(comparison);
    let places = Places::new(&rows);
    let mut body = String::from("<h1>Comparison of two plans</h1>\n");
    plans(comparison, &mut body);
    counts(comparison, &mut body);
    findings(&comparison.findings, &places, &mut body);
    figures(comparison, &places, &mut body);
    body.push_str(
        "<h2>Side by side</h2>\n<p class=\"legend\">left the lower plan, right the upper; \
         <mark class=\"figure\">figure</mark><mark class=\"name\">name of the level</mark>\
         <mark class=\"reading\">reading only</mark><mark class=\"doubt\">doubtful figure</mark></p>\n",
    );
    for (index, pair) in rows.iter().enumerate() {
        row(index, pair, &places, &mut body);
    }
    document(&format!("{} and {}", name(&comparison.lower), name(&comparison.upper)), &body)
}

fn name(side: &Side) -> String {
    side.document.title.clone().unwrap_or_else(|| side.source.path.clone())
}

/// The row in which a section stands, for links.
struct Places {
    lower: HashMap<String, usize>,
    upper: HashMap<String, usize>,
}

impl Places {
    fn new(rows: &[&Pair]) -> Self {
        let mut places = Self { lower: HashMap::new(), upper: HashMap::new() };
        for (index, pair) in rows.iter().enumerate() {
            if let Some(path) = &pair.lower {
                places.lower.entry(path.clone()).or_insert(index);
            }
            if let Some(path) = &pair.upper {
                places.upper.entry(path.clone()).or_insert(index);
            }
        }
        places
    }

    fn link(&self, lower: bool, path: &Option<String>, line: Option<u32>) -> String {
        let text = match (path, line) {
            (Some(path), Some(line)) => format!("{path}, line {line}"),
            (Some(path), None) => path.clone(),
            (None, Some(line)) => format!("line {line}"),
            (None, None) => return String::new(),
        };
        let rows = if lower { &self.lower } else { &self.upper };
        match path.as_ref().and_then(|path| rows.get(path)) {
            Some(row) => format!("<a href=\"#row{row}\">{}</a>", escaped(&text)),
            None => escaped(&text),
        }
    }
}

fn plans(comparison: &Comparison, out: &mut String) {
    out.push_str("<div class=\"plans\">\n");
    for (what, side) in [("Lower plan", &comparison.lower), ("Upper plan", &comparison.upper)] {
        let title = side.document.title.as_deref().unwrap_or("no title");
        let _ = writeln!(
            out,
            "<div class=\"plan\"><span class=\"soft\">{what}</span><b>{}</b><span class=\"soft\">{}</span></div>",
            escaped(title),
            escaped(&describe(&untitled(side))),
        );
    }
    out.push_str("</div>\n");
}

/// For where the title stands by itself.
fn untitled(side: &Side) -> Side {
    let mut side = side.clone();
    side.document.title = None;
    side
}

fn counts(comparison: &Comparison, out: &mut String) {
    let summary = &comparison.summary;
    out.push_str("<div class=\"counts\">\n");
    for class in Class::ALL {
        let count = match class {
            Class::Same => summary.same,
            Class::Renamed => summary.renamed,
            Class::Reworded => summary.reworded,
            Class::Changed => summary.changed,
            Class::Added => summary.added,
            Class::Dropped => summary.dropped,
        };
        let name = class.name();
        let _ = writeln!(
            out,
            "<label><input type=\"checkbox\" data-class=\"{name}\" checked>{count} {name}</label>"
        );
    }
    let deadlines = &summary.deadlines;
    let _ = writeln!(
        out,
        "<span>{} moved</span><span>{:.0}% taken over</span><span>deadlines: {} kept, {} later, {} missing</span>\
         <span>differences of reading: {}</span><span>doubtful figures: {}</span>\n</div>",
        summary.moved,
        summary.taken_over * 100.0,
        deadlines.kept,
        deadlines.later,
        deadlines.missing,
        summary.reading_differences,
        summary.doubtful_figures
    );
}

fn findings(findings: &[Finding], places: &Places, out: &mut String) {
    out.push_str("<h2>Findings</h2>\n<table>\n<tr><th>Severity</th><th>Finding</th><th>Lower</th><th>Upper</th></tr>\n");
    for finding in findings {
        let severity = finding.severity.name();
        let _ = writeln!(
            out,
            "<tr><td class=\"severity {severity}\">{severity}</td><td>{}</td><td class=\"where\">{}</td><td class=\"where\">{}</td></tr>",
            escaped(&finding.text),
            places.link(true, &finding.lower_section, finding.lower_line),
            places.link(false, &finding.upper_section, finding.upper_line),
        );
    }
    out.push_str("</table>\n");
}

fn figures(comparison: &Comparison, places: &Places, out: &mut String) {
    out.push_str(
        "<h2>Figures</h2>\n<table>\n<tr><th>What</th><th>Lower plan</th><th>Upper plan</th><th>Lower</th><th>Upper</th></tr>\n",
    );
    for group in grouped(&comparison.figures) {
        let figure = group[0];
        let side = |text: &Option<String>| match text {
            Some(text) => format!("<mark class=\"figure\">{}</mark>", escaped(text)),
            None => "<span class=\"empty\">none</span>".to_owned(),
        };
        let links = |link: &dyn Fn(&Figure) -> String| -> String {
            let all: Vec<String> = group.iter().map(|figure| link(figure)).collect();
            all.join("<br>")
        };
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"where\">{}</td><td class=\"where\">{}</td></tr>",
            kind(figure.what),
            side(&figure.lower),
            side(&figure.upper),
            links(&|one| places.link(true, &one.lower_section, one.lower_line)),
            links(&|one| places.link(false, &one.upper_section, one.upper_line)),
        );
    }
    out.push_str("</table>\n");
}

fn row(index: usize, pair: &Pair, places: &Places, out: &mut String) {
    let class = pair.class.name();
    let path = |path: &Option<String>| path.as_deref().map_or("none".to_owned(), escaped);
    let moved = match (&pair.lower, &pair.upper) {
        (Some(_), Some(upper)) if pair.moved => {
            let stood = stood_after(upper, places);
            format!("<span>moved{stood}</span>")
        }
        _ => String::new(),
    };
    let head = format!(
        "<span class=\"class\">{class}</span><span>{} │ {}</span>{moved}",
        path(&pair.lower),
        path(&pair.upper)
    );
    let sides = format!(
        "<div class=\"sides\"><div class=\"lower\">{}</div><div class=\"upper\">{}</div></div>",
        side(&pair.segments, |segment| &segment.lower),
        side(&pair.segments, |segment| &segment.upper),
    );
    let _ =
        write!(out, "<article class=\"pair {class}\" id=\"row{index}\" data-class=\"{class}\">");
    if pair.class == Class::Same {
        let first = pair.segments.first().map_or("", |segment| segment.lower.as_str());
        let _ = write!(
            out,
            "<details><summary>{head}<span class=\"text\">{}</span></summary>{sides}</details>",
            escaped(&first.chars().take(200).collect::<String>())
        );
    } else {
        let _ = write!(out, "<header>{head}</header>{sides}");
    }
    out.push_str("</article>\n");
}

/// Where a moved section's neighbour in the upper plan stands now.
fn stood_after(upper: &str, places: &Places) -> String {
    let (above, _) = upper.rsplit_once('/').unwrap_or((upper, ""));
    let neighbour = places
        .upper
        .iter()
        .filter(|(path, _)| {
            path.as_str() != upper && path.rsplit_once('/').is_some_and(|(over, _)| over == above)
        })
        .min_by_key(|(path, row)| (**row, path.as_str()));
    match neighbour {
        Some((path, row)) => {
            format!(
                ", upper {} stood with <a href=\"#row{row}\">{}</a>",
                escaped(upper),
                escaped(path)
            )
        }
        None => format!(", upper {}", escaped(upper)),
    }
}

fn side(segments: &[Segment], text: impl Fn(&Segment) -> &String) -> String {
    let said = segments.iter().filter(|segment| !text(segment).is_empty());
    let marked = said.map(|segment| {
        let printed = escaped(text(segment));
        match segment.kind {
            SegmentKind::Same | SegmentKind::Heading => printed,
            SegmentKind::Reading => format!("<mark class=\"reading\">{printed}</mark>"),
            SegmentKind::Doubt => format!("<mark class=\"doubt\">{printed}</mark>"),
            SegmentKind::Name => format!("<mark class=\"name\">{printed}</mark>"),
            SegmentKind::Wording => format!("<mark class=\"wording\">{printed}</mark>"),
            SegmentKind::Matter => format!("<mark class=\"matter\">{printed}</mark>"),
            SegmentKind::Figure => format!("<mark class=\"figure\">{printed}</mark>"),
        }
    });
    let joined = marked.collect::<Vec<_>>().join(" ");
    if joined.is_empty() { "<span class=\"empty\">nothing</span>".to_owned() } else { joined }
}

/// The page of many comparisons: a table, and each plan's findings folded under it.
pub fn pages(files: &[ComparedFile]) -> String {
    let mut body = String::from("<h1>Plans compared with the plan above them</h1>\n");
    body.push_str(
        "<table>\n<tr><th>Plan</th><th>Taken over</th><th>Changed</th><th>Added</th><th>Dropped</th>\
         <th>Deadlines kept / later / missing</th><th>High</th><th>Medium</th><th>Low</th></tr>\n",
    );
    for (index, file) in files.iter().enumerate() {
        file_row(index, file, &mut body);
    }
    body.push_str("</table>\n");
    for (index, file) in files.iter().enumerate() {
        let Some(comparison) = &file.comparison else { continue };
        let _ = writeln!(
            body,
            "<h2 id=\"plan{index}\">{}</h2>\n<p class=\"soft\">{}</p>",
            escaped(comparison.lower.document.title.as_deref().unwrap_or(&file.path)),
            escaped(&describe(&untitled(&comparison.lower))),
        );
        if let Some(upper) = &file.upper {
            let _ = writeln!(body, "<p class=\"soft\">upper plan: {}</p>", escaped(upper));
        }
        let none = Places::new(&[]);
        let count = comparison.findings.len();
        let noun = if count == 1 { "finding" } else { "findings" };
        let _ = write!(body, "<details class=\"findings\"><summary>{count} {noun}</summary>");
        findings(&comparison.findings, &none, &mut body);
        body.push_str("</details>\n");
    }
    document("Plans compared", &body)
}

fn file_row(index: usize, file: &ComparedFile, out: &mut String) {
    let Some(comparison) = &file.comparison else {
        let error = file.error.as_deref().unwrap_or("");
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td colspan=\"8\" class=\"high\">{}</td></tr>",
            escaped(&file.path),
            escaped(error)
        );
        return;
    };
    let summary = &comparison.summary;
    let of = |severity| comparison.findings.iter().filter(|one| one.severity == severity).count();
    let _ = writeln!(
        out,
        "<tr><td><a href=\"#plan{index}\">{}</a></td><td class=\"number\">{:.0}%</td><td class=\"number\">{}</td><td class=\"number\">{}</td>\
         <td class=\"number\">{}</td><td class=\"number\">{} / {} / {}</td><td class=\"number\">{}</td>\
         <td class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
        escaped(&file.path),
        summary.taken_over * 100.0,
        summary.changed,
        summary.added,
        summary.dropped,
        summary.deadlines.kept,
        summary.deadlines.later,
        summary.deadlines.missing,
        of(Severity::High),
        of(Severity::Medium),
        of(Severity::Low),
    );
}
