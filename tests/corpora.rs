//! The gold answers of `corpora/` say what the sources say, in the contract's words, and point at
//! lines that hold what they claim.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use sohoa::plan::{AwardOccasion, DeadlineKind, SectionKind};

const GOLD: &str = "corpora/gold";

/// File names with their bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect()
}

/// Each document's name, the lines of its text and its answers.
fn answers() -> Vec<(String, Vec<String>, Value)> {
    let files = files(Path::new(GOLD));
    let mut answers = Vec::new();
    for (file, bytes) in &files {
        let Some(name) = file.strip_suffix(".gold.json") else { continue };
        let text = String::from_utf8(files[&format!("{name}.gold.txt")].clone()).unwrap();
        let lines = text.lines().map(str::to_owned).collect();
        answers.push((name.to_owned(), lines, serde_json::from_slice(bytes).unwrap()));
    }
    assert!(answers.len() >= 8, "found {} documents", answers.len());
    answers
}

fn list<'a>(value: &'a Value, field: &str) -> &'a Vec<Value> {
    value[field].as_array().unwrap_or_else(|| panic!("{field} of {value}"))
}

fn line<'a>(lines: &'a [String], number: &Value) -> &'a str {
    let number = number.as_u64().expect("a line number") as usize;
    assert!((1..=lines.len()).contains(&number), "line {number} of {}", lines.len());
    &lines[number - 1]
}

fn first_word(text: &Value) -> &str {
    text.as_str().unwrap().split([' ', '/', '-']).next().unwrap()
}

fn sections<'a>(parent: &'a Value, field: &str, found: &mut Vec<&'a Value>) {
    for section in list(parent, field) {
        found.push(section);
        sections(section, "children", found);
    }
}

/// Runs the generator; `None`, with a note, where its font is not installed.
fn typeset(arguments: &[&str]) -> Option<Result<(), String>> {
    let made = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--example", "typeset", "--"])
        .args(arguments)
        .output()
        .unwrap();
    let message = String::from_utf8_lossy(&made.stderr).into_owned();
    if message.contains("apt-get install fonts-liberation2") {
        println!("skipped: lines break by the widths of a font that is missing\n{message}");
        return None;
    }
    Some(if made.status.success() { Ok(()) } else { Err(message) })
}

#[test]
fn gold_answers_are_what_the_sources_give() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let Some(made) = typeset(&["--gold-only", "corpora/source", out]) else { return };
    made.unwrap();
    let (made, kept) = (files(&folder.path().join("gold")), files(Path::new(GOLD)));
    assert_eq!(made.keys().collect::<Vec<_>>(), kept.keys().collect::<Vec<_>>());
    for (name, bytes) in made {
        assert!(bytes == kept[&name], "{name} differs: run the command in corpora/README.md");
    }
}

#[test]
fn a_source_that_contradicts_itself_is_refused() {
    let notice = fs::read_to_string("corpora/source/notice.toml").unwrap();
    let cases = [
        ("(#posting)", "(#poster)", "found no answer for Key(\"poster\")"),
        (
            "[trước ngày 18/6/2026](#posting)",
            "trước ngày 18/6/2026",
            "\"posting\": found no anchor",
        ),
        ("](118/QĐ-UBND)", "](119/QĐ-UBND)", "found no answer for Reference(\"119/QĐ-UBND\")"),
        (
            "action = \"tiếp công dân\"",
            "action = \"tiếp dân\"",
            "found no \"tiếp dân\" in the text",
        ),
        ("## a) [Trung tâm", "### a) [Trung tâm", "found a level left out"),
        ("# 1. Lịch", "# Lịch", "expected a label"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("notice.toml");
    for (right, wrong, expected) in cases {
        assert!(notice.contains(right), "{right}");
        fs::write(&source, notice.replace(right, wrong)).unwrap();
        let out = folder.path().to_str().unwrap();
        let Some(made) = typeset(&["--gold-only", source.to_str().unwrap(), out]) else { return };
        let message = made.unwrap_err();
        assert!(message.contains(expected), "{wrong}: {message}");
    }
}

#[test]
fn plain_lines_come_with_their_exact_text() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("lines"), folder.path().join("pages"));
    fs::write(&file, "Điều 1. Ban hành Kế hoạch¹.\n\nĐiều 2. Hiệu lực thi hành.\n").unwrap();
    let like = "corpora/source/plan_ward.toml";
    let paths = [file.to_str().unwrap(), out.to_str().unwrap()];
    let Some(made) = typeset(&["lines", paths[0], paths[1], "--like", like]) else { return };
    made.unwrap();
    let files = files(&out);
    assert_eq!(files.keys().collect::<Vec<_>>(), ["page-0001.png", "page-0001.txt"]);
    let text = String::from_utf8_lossy(&files["page-0001.txt"]);
    assert_eq!(text, "Điều 1. Ban hành Kế hoạch¹.\nĐiều 2. Hiệu lực thi hành.\n");
}

#[test]
fn every_document_has_its_source_and_those_that_say_how_their_scan() {
    for (name, _, _) in answers() {
        let source = fs::read_to_string(format!("corpora/source/{name}.toml")).unwrap();
        let scan = Path::new("corpora/scans").join(format!("{name}.pdf"));
        assert_eq!(source.contains("\n[scan]"), scan.is_file(), "{name}");
    }
}

#[test]
fn sections_stand_on_the_line_that_prints_their_label() {
    for (name, lines, answer) in answers() {
        for document in list(&answer, "documents") {
            assert!(!line(&lines, &document["first_line"]).is_empty());
            assert!(!line(&lines, &document["last_line"]).is_empty());
            let mut found = Vec::new();
            sections(document, "sections", &mut found);
            for section in found {
                let (label, at) = (section["label"].as_str().unwrap(), &section["line"]);
                assert!(line(&lines, at).starts_with(label), "{name}: {section}");
                let kinds: Vec<SectionKind> =
                    serde_json::from_value(section["kinds"].clone()).unwrap();
                assert_eq!(kinds.is_empty(), section["title"].is_null(), "{name}: {section}");
            }
        }
    }
}

#[test]
fn answers_stand_on_the_line_that_prints_their_first_word() {
    for (name, lines, answer) in answers() {
        for deadline in list(&answer, "deadlines") {
            let text = line(&lines, &deadline["line"]);
            assert!(text.contains(first_word(&deadline["text"])), "{name}: {deadline}");
            serde_json::from_value::<DeadlineKind>(deadline["kind"].clone()).unwrap();
        }
        for award in list(&answer, "awards") {
            let text = line(&lines, &award["line"]);
            assert!(text.contains(first_word(&award["form"])), "{name}: {award}");
            serde_json::from_value::<Option<AwardOccasion>>(award["occasion"].clone()).unwrap();
        }
        for unit in list(&answer, "assignments") {
            assert!(line(&lines, &unit["line"]).contains(first_word(&unit["unit"])), "{name}");
        }
    }
}

#[test]
fn every_cited_document_is_mentioned_on_a_line_that_prints_its_type() {
    for (name, lines, answer) in answers() {
        for reference in list(&answer, "references") {
            assert!(!list(reference, "mentions").is_empty(), "{name}: {reference}");
            for mention in list(reference, "mentions") {
                let begin = first_word(&reference["type"]);
                // What the text calls only "văn bản" has the type that its symbol stands for.
                let text = line(&lines, mention);
                let named = text.contains(begin) || text.contains("Văn bản số");
                assert!(named, "{name}: {reference}");
            }
        }
    }
}
