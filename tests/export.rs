//! A plan's other forms hold what the plan holds, and are sound whatever the text was.

use std::collections::BTreeSet;

use proptest::prelude::*;
use sohoa::export::{PagePicture, to_akoma_ntoso, to_calendar, to_page, to_tables};
use sohoa::extract::extract;
use sohoa::geometry::PixelBox;
use sohoa::plan::{Line, LineRole, Plan, SCHEMA, Source, TextOrigin, Word};
use sohoa::sections::segment;
use sohoa::text::AlignedText;

/// The plan of a text; every line as if it were read on page 1, its last word with doubt.
fn plan_of(source: &str) -> Plan {
    let text = AlignedText::from_plain(source);
    let found = extract(&text, &segment(&text));
    let line = |(index, line): (usize, &str)| {
        let top = index as u32 * 10;
        let count = line.split_whitespace().count() as u32;
        let word = |(at, word): (usize, &str)| Word {
            text: word.to_owned(),
            read: word.to_owned(),
            bounds: Some(PixelBox::new(at as u32 * 20, top, at as u32 * 20 + 18, top + 9)),
            confidence: if at as u32 + 1 == count { 0.4 } else { 1.0 },
        };
        Line {
            text: line.to_owned(),
            page: Some(1),
            bounds: Some(PixelBox::new(0, top, 500, top + 9)),
            role: LineRole::Body,
            words: line.split_whitespace().enumerate().map(word).collect(),
        }
    };
    Plan {
        schema: SCHEMA.to_owned(),
        source: Source {
            path: "plan.txt".to_owned(),
            sha256: "0123456789abcdef0123456789abcdef".to_owned(),
            media_type: "text/plain".to_owned(),
            pages: 1,
            text_origin: TextOrigin::Text,
            page_readings: Vec::new(),
        },
        documents: found.documents,
        references: found.references,
        deadlines: found.deadlines,
        awards: found.awards,
        assignments: found.assignments,
        lines: source.split('\n').enumerate().map(line).collect(),
        asides: Vec::new(),
        warnings: found.warnings,
    }
}

/// The plans of all composed documents.
fn plans() -> Vec<(String, Plan)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/gold");
    let mut plans = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the composed corpora are committed") {
        let path = entry.expect("a readable folder").path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".txt") {
            plans.push((name, plan_of(&std::fs::read_to_string(path).expect("a text"))));
        }
    }
    assert!(plans.len() >= 20, "found {} documents", plans.len());
    plans
}

/// Attributes of a name in markup.
fn attributes<'a>(markup: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    let values = markup.split(start.as_str()).skip(1);
    values.map(|rest| rest.split('"').next().unwrap_or("")).collect()
}

/// Why markup is not well formed, if it is not: tags that don't close, text that looks like one.
fn ill_formed(markup: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for piece in markup.split('<').skip(1) {
        let Some((tag, _)) = piece.split_once('>') else { return Some(format!("<{piece}")) };
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Some(format!("</{name}>"));
            }
        } else if !tag.ends_with('/') && !tag.starts_with(['?', '!']) {
            open.push(tag.split(' ').next().unwrap_or(""));
        }
    }
    (!open.is_empty()).then(|| format!("{open:?} stay open"))
}

#[test]
fn a_calendar_has_an_event_for_each_deadline_with_a_day() {
    for (name, plan) in plans() {
        let calendar = to_calendar(&plan);
        let events = calendar.text.matches("BEGIN:VEVENT\r\n").count();
        assert_eq!(events + calendar.left_out.len(), plan.deadlines.len(), "{name}");
        assert_eq!(events, calendar.text.matches("END:VEVENT\r\n").count());
        for line in calendar.text.split("\r\n") {
            assert!(line.len() <= 75 && !line.contains('\n'), "{name}: {line}");
        }
    }
}

#[test]
fn only_deadlines_that_name_no_day_are_left_out_of_calendars() {
    let plan = plan_of(
        "Số: 5/KH-UBND\n\nTân An, ngày 03 tháng 02 năm 2026\n\nKẾ HOẠCH\nChuyển đổi số\n\nI. TỔ CHỨC \
         THỰC HIỆN\n1. Sở Nội vụ báo cáo Ủy ban nhân dân tỉnh trước ngày 15/12 hằng năm.\n2. Sở Tài \
         chính thẩm định trong thời hạn 10 ngày kể từ ngày nhận đủ hồ sơ.\n",
    );
    let calendar = to_calendar(&plan);
    assert_eq!(calendar.left_out, ["trong thời hạn 10 ngày kể từ ngày nhận đủ hồ sơ"]);
    for line in [
        "DTSTART;VALUE=DATE:20261215",
        "DTEND;VALUE=DATE:20261216",
        "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15",
        "DTSTAMP:20260203T000000Z",
    ] {
        assert!(calendar.text.contains(&format!("\r\n{line}\r\n")), "{line}\n{}", calendar.text);
    }
}

#[test]
fn tables_have_a_row_for_each_entry() {
    for (name, plan) in plans() {
        let counts = [plan.references.len(), plan.deadlines.len(), plan.assignments.len()];
        for (table, count) in to_tables(&plan).iter().zip(counts) {
            let csv = std::str::from_utf8(&table.csv).expect("UTF-8");
            let csv = csv.strip_prefix('\u{feff}').expect("a byte order mark");
            let rows = csv::Reader::from_reader(csv.as_bytes()).into_records();
            let rows: Vec<_> = rows.collect::<Result<_, _>>().expect("rows");
            assert_eq!(rows.len(), count, "{name} {}", table.name);
        }
    }
}

#[test]
fn akoma_ntoso_keeps_every_word_of_every_section() {
    for (name, plan) in plans() {
        let xml = to_akoma_ntoso(&plan);
        assert_eq!(ill_formed(&xml), None, "{name}");
        let ids = attributes(&xml, "eId");
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{name}: ids repeat");
        let words = |text: &str| {
            text.split(|c: char| !c.is_alphanumeric())
                .map(str::to_lowercase)
                .collect::<BTreeSet<_>>()
        };
        let kept = words(&xml);
        for document in &plan.documents {
            let lines = document.first_line as usize - 1..document.last_line as usize;
            for line in &plan.lines[lines] {
                let lost: Vec<_> = words(&line.text).difference(&kept).cloned().collect();
                assert!(lost.is_empty(), "{name}: {lost:?} of {:?}", line.text);
            }
        }
    }
}

#[test]
fn a_page_links_only_to_what_it_has_and_loads_nothing() {
    let picture = PagePicture { page: 1, width: 500, height: 2000, jpeg: vec![0xff, 0xd8] };
    for (name, plan) in plans() {
        for pictures in [&[][..], std::slice::from_ref(&picture)] {
            let page = to_page(&plan, pictures);
            let ids: BTreeSet<&str> = attributes(&page, "id").into_iter().collect();
            for target in attributes(&page, "href") {
                let id = target.strip_prefix('#').expect("links stay on the page");
                assert!(pictures.is_empty() || ids.contains(id), "{name}: {id}");
            }
            assert!(attributes(&page, "src").iter().all(|src| src.starts_with("data:")), "{name}");
            let marked = page.matches("class=\"unsure\"").count();
            assert!(marked >= plan.lines.iter().filter(|line| !line.words.is_empty()).count());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_breaks_a_form(source in "(?s)(KẾ HOẠCH\n)?(I\\. MỤC <&>\n|trước ngày 31/12 hằng năm |a\\) |“|\\PC{0,12}|\n|Nơi nhận:\n){0,30}") {
        let plan = plan_of(&source);
        prop_assert_eq!(ill_formed(&to_akoma_ntoso(&plan)), None);
        to_calendar(&plan);
        to_tables(&plan);
        to_page(&plan, &[]);
    }
}
