//! A plan as one self-contained page to look at: the section tree, what was found, a timeline of
//! the deadlines, the text with uncertain words marked, and the pictures with each item where it
//! was read.
//!
//! No script, nothing loaded from elsewhere: the page works from any disk and any mail.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::place::places;
use super::tables::kind;
use super::xml::Escaped;
use crate::geometry::PixelBox;
use crate::plan::{Deadline, Document, Plan, Section};

/// Words less sure than this are marked.
const UNSURE: f32 = 0.6;

/// A page's picture as the page will show it.
#[derive(Clone, Debug)]
pub struct PagePicture {
    /// 1-based.
    pub page: u32,
    /// Size in the pixels that the plan's boxes count, whatever that of `jpeg` is.
    pub width: u32,
    pub height: u32,
    pub jpeg: Vec<u8>,
}

/// The page of a plan as HTML; without pictures for text input.
pub fn to_page(plan: &Plan, pictures: &[PagePicture]) -> String {
    let title = plan.documents.first().and_then(|document| document.title.as_deref());
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n",
        Escaped(title.unwrap_or(&plan.source.path)),
        include_str!("page.css")
    );
    let items = items(plan);
    navigation(&mut out, plan, !pictures.is_empty());
    out.push_str("<main>\n");
    for (index, document) in plan.documents.iter().enumerate() {
        heading(&mut out, index, document);
    }
    warnings(&mut out, plan);
    timeline(&mut out, plan, &items);
    references(&mut out, plan, &items);
    awards(&mut out, plan, &items);
    duties(&mut out, plan, &items);
    page_pictures(&mut out, plan, pictures, &items);
    text(&mut out, plan);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// Something that was found, wherever it stands on the pages.
struct Item {
    /// "deadline-3": of its entry in the lists.
    id: String,
    class: &'static str,
    label: String,
    places: Vec<super::place::Place>,
}

fn items(plan: &Plan) -> Vec<Item> {
    let mut items = Vec::new();
    let mut add = |class: &'static str, number: usize, label: &str, line: u32, text: &str| {
        let (id, label) = (format!("{class}-{number}"), label.to_owned());
        items.push(Item { id, class, label, places: places(plan, line, text) });
    };
    for (index, reference) in plan.references.iter().enumerate() {
        for mention in &reference.mentions {
            add("reference", index, &reference.id, mention.line, &mention.text);
        }
    }
    for (index, deadline) in plan.deadlines.iter().enumerate() {
        add("deadline", index, &when(deadline), deadline.line, &deadline.text);
    }
    for (index, award) in plan.awards.iter().enumerate() {
        let form = award.form.as_deref().unwrap_or("");
        add("award", index, form, award.line, form);
    }
    for (index, duty) in plan.assignments.iter().enumerate() {
        add("duty", index, &duty.unit, duty.line, &duty.unit);
    }
    items
}

fn navigation(out: &mut String, plan: &Plan, has_pictures: bool) {
    out.push_str("<nav>\n");
    for (index, document) in plan.documents.iter().enumerate() {
        let name = document.doc_type.as_deref().unwrap_or("Document");
        let _ = writeln!(out, "<h2><a href=\"#document-{index}\">{}</a></h2>", Escaped(name));
        tree(out, &document.sections);
    }
    out.push_str("<h2>Found</h2>\n<ul>\n");
    for (id, name, count) in [
        ("deadlines", "Deadlines", plan.deadlines.len()),
        ("references", "Cited documents", plan.references.len()),
        ("awards", "Awards", plan.awards.len()),
        ("duties", "Duties", plan.assignments.len()),
    ] {
        if count > 0 {
            let _ = writeln!(out, "<li><a href=\"#{id}\">{name}</a> ({count})</li>");
        }
    }
    if has_pictures {
        out.push_str("<li><a href=\"#pages\">Pages</a></li>\n");
    }
    out.push_str("<li><a href=\"#text\">Text</a></li>\n</ul>\n</nav>\n");
}

fn tree(out: &mut String, sections: &[Section]) {
    if sections.is_empty() {
        return;
    }
    out.push_str("<ul>\n");
    for section in sections {
        let _ = writeln!(
            out,
            "<li><a href=\"#L{}\"><span class=\"label\">{}</span> {}</a>",
            section.line,
            Escaped(&section.label),
            Escaped(section.title.as_deref().unwrap_or("…"))
        );
        tree(out, &section.children);
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

fn heading(out: &mut String, index: usize, document: &Document) {
    let name = document.doc_type.as_deref().unwrap_or("Document");
    let title = document.title.as_deref().unwrap_or("");
    let _ = write!(
        out,
        "<section class=\"card\" id=\"document-{index}\">\n<div class=\"kind\">{}</div>\n\
         <h1>{}</h1>\n<dl>\n",
        Escaped(name),
        Escaped(title)
    );
    let number = match (&document.number, &document.symbol) {
        (number, Some(symbol)) => {
            Some(format!("{}/{symbol}", number.as_deref().unwrap_or("(blank)")))
        }
        (number, None) => number.clone(),
    };
    let signed = document.signatory.as_ref().map(|signatory| {
        let parts = [&signatory.capacity, &signatory.position, &signatory.name];
        parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(" · ")
    });
    let recipients = (!document.recipients.is_empty()).then(|| document.recipients.join("; "));
    let sure = &document.confidence;
    for (name, value, confidence) in [
        ("Number", number, sure.number),
        ("Issuer", document.issuer.clone(), sure.issuer),
        ("Place", document.place.clone(), sure.place),
        ("Date", document.date.clone(), sure.date),
        ("Signed by", signed, sure.signatory),
        ("Recipients", recipients, None),
    ] {
        let Some(value) = value else { continue };
        let class = if confidence.is_some_and(|c| c < UNSURE) { " class=\"unsure\"" } else { "" };
        let _ = writeln!(out, "<dt>{name}</dt><dd><span{class}>{}</span></dd>", Escaped(&value));
    }
    out.push_str("</dl>\n</section>\n");
}

fn warnings(out: &mut String, plan: &Plan) {
    if plan.warnings.is_empty() {
        return;
    }
    out.push_str(
        "<section class=\"card\">\n<div class=\"kind\">To be checked by hand</div>\n<ul>\n",
    );
    for warning in &plan.warnings {
        let place = match (warning.line, warning.page) {
            (Some(line), _) => format!(" <a class=\"place\" href=\"#L{line}\">line {line}</a>"),
            (None, Some(page)) => {
                format!(" <a class=\"place\" href=\"#page-{page}\">page {page}</a>")
            }
            (None, None) => String::new(),
        };
        let _ = writeln!(out, "<li class=\"warning\">{}{place}</li>", Escaped(&warning.message));
    }
    out.push_str("</ul>\n</section>\n");
}

/// The deadlines by date: those of a day, month or year in order, then those that come again.
fn timeline(out: &mut String, plan: &Plan, items: &[Item]) {
    if plan.deadlines.is_empty() {
        return;
    }
    out.push_str("<h2 id=\"deadlines\">Deadlines</h2>\n<ul class=\"timeline\">\n");
    let mut order: Vec<(usize, &Deadline)> = plan.deadlines.iter().enumerate().collect();
    // "2026" is due after every day of it.
    order.sort_by_key(|(_, deadline)| {
        let end = deadline.end.as_ref().map(|end| format!("{end:~<10}"));
        (end.is_none(), end, deadline.line)
    });
    for (index, deadline) in order {
        let id = format!("deadline-{index}");
        let action = deadline.action.as_deref().unwrap_or(&deadline.text);
        let _ = write!(
            out,
            "<li class=\"{}\" id=\"{id}\"><span class=\"when\">{}</span> {}",
            kind(deadline.kind),
            Escaped(&when(deadline)),
            Escaped(action)
        );
        for (before, value) in [("", &deadline.responsible), ("→ ", &deadline.recipient)] {
            if let Some(value) = value {
                let _ = write!(out, " <span class=\"who\">{before}{}</span>", Escaped(value));
            }
        }
        out.push_str(&place_links(&id, deadline.line, deadline.section.as_deref(), items));
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

/// "2026-02 – 2030-11", "FREQ=YEARLY" in words, or the plan's own words.
fn when(deadline: &Deadline) -> String {
    match (&deadline.start, &deadline.end, &deadline.recurrence) {
        (Some(start), Some(end), _) => format!("{start} – {end}"),
        (None, Some(end), _) => end.clone(),
        (_, None, _) => deadline.text.clone(),
    }
}

/// Links to the line and to the places on the pages.
fn place_links(id: &str, line: u32, section: Option<&str>, items: &[Item]) -> String {
    let mut links = String::from(" <span class=\"place\">");
    if let Some(section) = section {
        let _ = write!(links, "{} · ", Escaped(section));
    }
    let _ = write!(links, "<a href=\"#L{line}\">line {line}</a>");
    let placed = items.iter().enumerate().filter(|(_, item)| item.id == id);
    for (index, item) in placed {
        if let Some(place) = item.places.first() {
            let _ = write!(links, " · <a href=\"#item-{index}\">page {}</a>", place.page);
        }
    }
    links.push_str("</span>");
    links
}

fn references(out: &mut String, plan: &Plan, items: &[Item]) {
    let heads = ["Type", "Number", "Date", "Issuer", "Basis", "Mentions"];
    let rows = plan.references.iter().enumerate().map(|(index, reference)| {
        let id = format!("reference-{index}");
        let line = reference.mentions.first().map_or(1, |mention| mention.line);
        let unsure = if reference.confidence < UNSURE { " class=\"unsure\"" } else { "" };
        let number = format!("<span{unsure}>{}</span>", Escaped(&reference.id));
        let cells = vec![
            escaped(reference.doc_type.as_deref()),
            number,
            escaped(reference.date.as_deref()),
            escaped(reference.issuer.as_deref()),
            if reference.legal_basis { "yes".to_owned() } else { String::new() },
            place_links(&id, line, None, items),
        ];
        (id, cells)
    });
    table(out, "references", "Cited documents", &heads, rows.collect());
}

fn awards(out: &mut String, plan: &Plan, items: &[Item]) {
    let heads = ["Form", "Occasion", "Collectives", "Individuals", "Flags", "Where"];
    let count = |number: Option<u32>| number.map_or(String::new(), |number| number.to_string());
    let rows = plan.awards.iter().enumerate().map(|(index, award)| {
        let id = format!("award-{index}");
        let occasion = award.occasion.map(|occasion| format!("{occasion:?}").to_lowercase());
        let cells = vec![
            escaped(award.form.as_deref()),
            occasion.unwrap_or_default(),
            count(award.max_collectives),
            count(award.max_individuals),
            count(award.max_flags),
            place_links(&id, award.line, award.section.as_deref(), items),
        ];
        (id, cells)
    });
    table(out, "awards", "Awards", &heads, rows.collect());
}

fn duties(out: &mut String, plan: &Plan, items: &[Item]) {
    let rows = plan.assignments.iter().enumerate().map(|(index, duty)| {
        let id = format!("duty-{index}");
        let place = place_links(&id, duty.line, duty.section.as_deref(), items);
        (id, vec![escaped(Some(&duty.unit)), duty.tasks.to_string(), place])
    });
    table(out, "duties", "Duties", &["Unit", "Tasks", "Where"], rows.collect());
}

fn escaped(text: Option<&str>) -> String {
    Escaped(text.unwrap_or("")).to_string()
}

/// A table of cells that are markup already; nothing if it has no rows.
fn table(
    out: &mut String,
    id: &str,
    title: &str,
    heads: &[&str],
    rows: Vec<(String, Vec<String>)>,
) {
    if rows.is_empty() {
        return;
    }
    let _ = write!(out, "<h2 id=\"{id}\">{title}</h2>\n<div class=\"scroll\"><table>\n<tr>");
    for head in heads {
        let _ = write!(out, "<th>{head}</th>");
    }
    out.push_str("</tr>\n");
    for (row_id, cells) in rows {
        let _ = write!(out, "<tr id=\"{row_id}\">");
        for cell in cells {
            let number = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
            let class = if number { " class=\"number\"" } else { "" };
            let _ = write!(out, "<td{class}>{cell}</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table></div>\n");
}

fn page_pictures(out: &mut String, plan: &Plan, pictures: &[PagePicture], items: &[Item]) {
    if pictures.is_empty() {
        return;
    }
    out.push_str(
        "<h2 id=\"pages\">Pages</h2>\n<p class=\"legend\">\
         <span style=\"color:var(--deadline)\">deadline</span>\
         <span style=\"color:var(--reference)\">cited document</span>\
         <span style=\"color:var(--award)\">award</span>\
         <span style=\"color:var(--duty)\">duty</span>\
         <span style=\"color:#e0b000\">uncertain word</span></p>\n",
    );
    for picture in pictures {
        let PagePicture { page, width, height, jpeg } = picture;
        let _ = write!(
            out,
            "<figure id=\"page-{page}\"><img alt=\"page {page}\" loading=\"lazy\" \
             src=\"data:image/jpeg;base64,{}\">\n<svg viewBox=\"0 0 {width} {height}\">\n",
            STANDARD.encode(jpeg)
        );
        doubts(out, plan, *page);
        for (index, item) in items.iter().enumerate() {
            highlight(out, index, item, *page);
        }
        let _ = write!(out, "</svg>\n<figcaption>page {page}</figcaption></figure>\n");
    }
}

/// The uncertain words of a page.
fn doubts(out: &mut String, plan: &Plan, page: u32) {
    out.push_str("<g class=\"doubt\">");
    let lines = plan.lines.iter().filter(|line| line.page == Some(page));
    for word in lines.flat_map(|line| &line.words).filter(|word| word.confidence < UNSURE) {
        if let Some(bounds) = word.bounds {
            out.push_str(&rectangle(&bounds));
        }
    }
    out.push_str("</g>\n");
}

fn highlight(out: &mut String, index: usize, item: &Item, page: u32) {
    let here: Vec<_> = item.places.iter().filter(|place| place.page == page).collect();
    if here.is_empty() {
        return;
    }
    // An item that runs over a page's end has its address where it begins.
    let begins = item.places.first().is_some_and(|first| first.page == page);
    let id = if begins { format!(" id=\"item-{index}\"") } else { String::new() };
    let _ = write!(
        out,
        "<a href=\"#{}\"><g class=\"{}\"{id}><title>{}</title>",
        item.id,
        item.class,
        Escaped(&item.label)
    );
    for place in here {
        out.push_str(&rectangle(&place.bounds));
    }
    out.push_str("</g></a>\n");
}

fn rectangle(bounds: &PixelBox) -> String {
    let (width, height) = (bounds.width(), bounds.height());
    format!("<rect x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\"/>", bounds.x0, bounds.y0)
}

/// The text by lines, with what was read where a word is uncertain.
fn text(out: &mut String, plan: &Plan) {
    out.push_str("<h2 id=\"text\">Text</h2>\n<div class=\"text\">\n");
    for (index, line) in plan.lines.iter().enumerate() {
        let number = index + 1;
        let _ = write!(
            out,
            "<div class=\"line\" id=\"L{number}\"><a href=\"#L{number}\">{number}</a><span>"
        );
        let unsure = line.words.iter().any(|word| word.confidence < UNSURE);
        if unsure {
            for word in &line.words {
                marked_word(out, word);
            }
        } else {
            let _ = write!(out, "{}", Escaped(&line.text));
        }
        out.push_str("</span></div>\n");
    }
    out.push_str("</div>\n");
}

fn marked_word(out: &mut String, word: &crate::plan::Word) {
    let text = Escaped(&word.text);
    if word.confidence < UNSURE {
        let (read, percent) = (Escaped(&word.read), word.confidence * 100.0);
        let _ = write!(
            out,
            "<span class=\"unsure\" title=\"read: {read}, {percent:.0}% sure\">{text}</span> "
        );
    } else {
        let _ = write!(out, "{text} ");
    }
}
