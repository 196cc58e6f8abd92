//! Comparing plans: the pairs of `corpora/pairs`, labelled by hand, and what must hold for any two plans.
//!
//! `cargo test --test diff -- --nocapture` prints the table of docs/accuracy-diff.md.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use proptest::prelude::*;
use sohoa::diff::comparison::{Class, Comparison, FindingCode, SegmentKind};
use sohoa::diff::{self, search, view};
use sohoa::input::InputFile;
use sohoa::pipeline::{OcrMode, Pipeline};
use sohoa::plan::{Document, Line, LineRole, Plan, Section, Source, TextOrigin, Word};
use sohoa::repair::Repairer;

const PAIRS: &str = "corpora/pairs";
const COMPOSED: [&str; 6] = ["trees", "digital", "health", "disaster", "reform", "emulation"];

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Repairer::load().unwrap(), OcrMode::Auto));

fn understood(name: &str, text: &str) -> Plan {
    let file = InputFile::from_bytes(name, text.as_bytes().to_vec()).unwrap();
    PIPELINE.understand(&file, Vec::new())
}

fn plan(path: impl AsRef<Path>) -> Plan {
    let path = path.as_ref();
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    understood(&path.display().to_string(), &text)
}

fn composed(name: &str) -> Comparison {
    let side = |side| plan(format!("{PAIRS}/{name}.{side}.txt"));
    diff::compare(&side("lower"), &side("upper")).unwrap()
}

/// A pair of paths with its class and whether it is moved; "-" for none.
type Labels = BTreeMap<(String, String), (String, bool)>;

fn gold_labels(name: &str) -> Labels {
    let text = fs::read_to_string(format!("{PAIRS}/{name}.pairs.tsv")).unwrap();
    let row = |row: &str| {
        let cells: Vec<&str> = row.split('\t').collect();
        let key = (cells[0].to_owned(), cells[1].to_owned());
        (key, (cells[2].to_owned(), cells.get(3) == Some(&"moved")))
    };
    text.lines().skip(1).map(row).collect()
}

fn found_labels(comparison: &Comparison) -> Labels {
    let path = |path: &Option<String>| path.clone().unwrap_or_else(|| "-".to_owned());
    let pair = |pair: &diff::comparison::Pair| {
        ((path(&pair.lower), path(&pair.upper)), (pair.class.name().to_owned(), pair.moved))
    };
    comparison.pairs.iter().map(pair).collect()
}

/// F1 of the pairs, added and dropped sections among them.
fn alignment(gold: &Labels, found: &Labels) -> f64 {
    let right = gold.keys().filter(|key| found.contains_key(*key)).count();
    2.0 * right as f64 / (gold.len() + found.len()) as f64
}

/// Mean over the classes of the F1 of each; a class counts for pairs of both sides.
fn class_macro_f1(pairs: &[(&Labels, &Labels)]) -> f64 {
    let scores = Class::ALL.iter().filter_map(|class| {
        let of = |labels: &Labels| -> BTreeSet<(String, String)> {
            let class = labels.iter().filter(|(_, label)| label.0 == class.name());
            class.map(|(key, _)| key.clone()).collect()
        };
        let (mut right, mut all) = (0, 0);
        for (gold, found) in pairs {
            let (gold, found) = (of(gold), of(found));
            right += gold.intersection(&found).count();
            all += gold.len() + found.len();
        }
        (all > 0).then(|| 2.0 * right as f64 / all as f64)
    });
    let scores: Vec<f64> = scores.collect();
    scores.iter().sum::<f64>() / scores.len() as f64
}

/// The labelled figures that were not found.
fn missed_figures(name: &str, comparison: &Comparison) -> (usize, Vec<String>) {
    let text = fs::read_to_string(format!("{PAIRS}/{name}.figures.tsv")).unwrap();
    let fits = |gold: &str, found: &Option<String>| match (gold, found) {
        ("-", found) => found.is_none(),
        (gold, Some(found)) => found.contains(gold) || gold.contains(found.as_str()),
        _ => false,
    };
    let mut missed = Vec::new();
    let rows: Vec<&str> = text.lines().skip(1).collect();
    for row in &rows {
        let cells: Vec<&str> = row.split('\t').collect();
        let found = comparison
            .figures
            .iter()
            .any(|figure| fits(cells[1], &figure.lower) && fits(cells[2], &figure.upper));
        if !found {
            missed.push((*row).to_owned());
        }
    }
    (rows.len(), missed)
}

fn report(name: &str, gold: &Labels, found: &Labels) {
    println!("{name}: {} pairs, alignment F1 {:.3}", gold.len(), alignment(gold, found));
    for (key, label) in gold {
        match found.get(key) {
            None => println!("  missed {} ~ {} ({})", key.0, key.1, label.0),
            Some(other) if other != label => {
                println!("  {key:?}: labelled {label:?}, found {other:?}")
            }
            _ => {}
        }
    }
    for (key, label) in found.iter().filter(|(key, _)| !gold.contains_key(*key)) {
        println!("  not labelled {} ~ {} ({})", key.0, key.1, label.0);
    }
}

#[test]
fn composed_pairs_are_aligned_classed_and_their_figures_found() {
    let labels: Vec<(Labels, Labels)> = COMPOSED
        .iter()
        .map(|name| {
            let comparison = composed(name);
            let (gold, found) = (gold_labels(name), found_labels(&comparison));
            report(name, &gold, &found);
            let (count, missed) = missed_figures(name, &comparison);
            println!(
                "  figures: {} of {count} found, {} reported",
                count - missed.len(),
                comparison.figures.len()
            );
            assert_eq!(missed, Vec::<String>::new(), "{name}");
            assert!(alignment(&gold, &found) >= 0.9, "{name}");
            (gold, found)
        })
        .collect();
    let pairs: Vec<(&Labels, &Labels)> = labels.iter().map(|(gold, found)| (gold, found)).collect();
    let mean = labels.iter().map(|(gold, found)| alignment(gold, found)).sum::<f64>()
        / labels.len() as f64;
    let classes = class_macro_f1(&pairs);
    let moved = |labels: &Labels| labels.values().filter(|label| label.1).count();
    let (mut right, mut all) = (0, 0);
    for (gold, found) in &labels {
        right += gold
            .iter()
            .filter(|(key, label)| label.1 && found.get(*key).is_some_and(|f| f.1))
            .count();
        all += moved(gold) + moved(found);
    }
    println!(
        "mean alignment F1 {mean:.3}, class macro F1 {classes:.3}, moved F1 {:.3}",
        2.0 * right as f64 / all as f64
    );
    assert!(mean >= 0.95 && classes >= 0.92, "alignment {mean:.3}, classes {classes:.3}");
}

/// Written after the rules, in other habits; docs/accuracy-diff.md has what they gave at first.
#[test]
fn pairs_written_later_are_aligned_too() {
    // Of food one figure is known to be missed: docs/accuracy-diff.md says which.
    let pairs = [("fire", 0), ("drowning", 0), ("population", 0), ("food", 1), ("waste", 0)];
    for (name, known) in pairs {
        let comparison = composed(name);
        let (gold, found) = (gold_labels(name), found_labels(&comparison));
        report(name, &gold, &found);
        let missed = missed_figures(name, &comparison).1;
        assert!(missed.len() <= known, "{name} {missed:?}");
        assert!(alignment(&gold, &found) >= 0.9, "{name}");
    }
}

#[test]
fn the_plans_of_the_corpus_are_aligned() {
    let side = |name: &str| plan(format!("corpora/gold/{name}.gold.txt"));
    let comparison = diff::compare(&side("plan_ward"), &side("plan_province")).unwrap();
    let name = "corpora-ward-province";
    let (gold, found) = (gold_labels(name), found_labels(&comparison));
    report(name, &gold, &found);
    assert_eq!(missed_figures(name, &comparison).1, Vec::<String>::new());
    assert!(alignment(&gold, &found) >= 0.85);
}

#[test]
fn real_plans_are_aligned() {
    let shared = Path::new("../shared/gold");
    if !shared.is_dir() {
        println!("skipped: the texts of ../shared are not here");
        return;
    }
    let upper = plan(shared.join("000.gold.txt"));
    for name in ["004", "001"] {
        let comparison =
            diff::compare(&plan(shared.join(format!("{name}.gold.txt"))), &upper).unwrap();
        let (gold, found) = (gold_labels(&format!("seed-{name}-000")), found_labels(&comparison));
        report(name, &gold, &found);
        assert!(alignment(&gold, &found) >= 0.93, "{name}");
    }
}

/// Marks lost and letters misread, as a bad scan read in the wrong language: every word, or one in
/// some, by its place.
fn damaged(text: &str) -> String {
    let plain = sohoa::text::normalise::strip_marks(text);
    let mut count = 0;
    let words = plain.split_inclusive([' ', '\n']).map(|word| {
        count += 1;
        match count % 29 {
            0 => word.replacen("so", "s6", 1),
            7 => word.replacen('u', "ii", 1),
            13 => word.replacen("la ", "13 ", 1),
            _ => word.to_owned(),
        }
    });
    words.collect()
}

#[test]
fn a_plan_against_its_own_bad_reading_shows_no_changes() {
    let (mut changes, mut lines) = (Vec::new(), 0);
    for name in COMPOSED {
        let text = fs::read_to_string(format!("{PAIRS}/{name}.upper.txt")).unwrap();
        let (clean, read) = (understood(name, &text), understood(name, &damaged(&text)));
        let comparison = diff::compare(&read, &clean).unwrap();
        lines += clean.lines.len();
        let wrong = comparison.pairs.iter().filter(|pair| pair.class != Class::Same);
        changes.extend(wrong.map(|pair| {
            format!(
                "{name} {:?} {:?} {:?}",
                pair.upper,
                pair.class,
                pair.segments.iter().filter(|s| s.kind != SegmentKind::Same).collect::<Vec<_>>()
            )
        }));
    }
    // A page has some 40 lines.
    let pages = lines as f64 / 40.0;
    println!("{} false changes on {pages:.1} pages", changes.len());
    assert!(changes.len() as f64 <= pages / 5.0, "{changes:#?}");
}

#[test]
fn findings_are_those_that_the_pairs_were_written_for() {
    use FindingCode::*;
    let table: [(&str, &[FindingCode], &[FindingCode]); 6] = [
        ("trees", &[CitesUpper, IssuedLate, DeadlineLater, BasisMissing], &[UpperNotCited]),
        (
            "digital",
            &[CitesUpper, BasisReplaced, DeadlineLater, IssuedLate, TargetLower],
            &[BasisOutdated],
        ),
        ("health", &[CitesUpper, DeadlineLater, IssuedLate], &[UpperNotCited, BasisDateDiffers]),
        (
            "disaster",
            &[UpperNotCited, BasisDateDiffers, DeadlineLater, IssuedLate, BasisMissing],
            &[CitesUpper],
        ),
        ("reform", &[CitesUpper, DeadlineLater, TargetLower], &[UpperNotCited, IssuedLate]),
        (
            "emulation",
            &[CitesUpper, BasisReplaced, DeadlineLater, IssuedLate, AwardDiffers],
            &[BasisOutdated],
        ),
    ];
    for (name, expected, absent) in table {
        let findings = composed(name).findings;
        let codes: BTreeSet<FindingCode> = findings.iter().map(|finding| finding.code).collect();
        for code in expected {
            assert!(codes.contains(code), "{name} misses {code:?}: {findings:#?}");
        }
        for code in absent {
            assert!(!codes.contains(code), "{name} has {code:?}: {findings:#?}");
        }
        assert!(findings.is_sorted_by_key(|finding| finding.severity), "{name}");
    }
}

#[test]
fn the_upper_plan_is_found_among_others() {
    let mut plans = Vec::new();
    for name in COMPOSED {
        plans.push(plan(format!("{PAIRS}/{name}.lower.txt")));
        plans.push(plan(format!("{PAIRS}/{name}.upper.txt")));
    }
    let entries: Vec<search::Entry> = plans.iter().map(search::Entry::new).collect();
    let found = search::find_uppers(&entries);
    for at in (0..plans.len()).step_by(2) {
        assert_eq!(
            found[at].map(|candidate| candidate.index),
            Some(at + 1),
            "{}",
            plans[at].source.path
        );
        assert_eq!(found[at + 1], None, "{}", plans[at + 1].source.path);
    }
}

/// A plan of sections, each with its points, that no text was read for.
fn made(sections: &[(String, Vec<String>)]) -> Plan {
    let mut lines: Vec<Line> = Vec::new();
    let mut push = |text: String| {
        let word = |word: &str| Word {
            text: word.to_owned(),
            read: word.to_owned(),
            bounds: None,
            confidence: 1.0,
        };
        let words = text.split_whitespace().map(word).collect();
        lines.push(Line { text, page: None, bounds: None, role: LineRole::Body, words });
        lines.len() as u32
    };
    let section = |label: String, title: Option<String>, line, children| Section {
        label,
        title,
        kinds: Vec::new(),
        line,
        children,
    };
    let mut listed = Vec::new();
    for (at, (title, points)) in sections.iter().enumerate() {
        let label = ["I", "II", "III", "IV", "V", "VI"][at % 6].to_owned();
        let line = push(format!("{label}. {title}"));
        let children = points.iter().enumerate().map(|(at, point)| {
            let label = (at + 1).to_string();
            let line = push(format!("{label}. {point}"));
            section(label, None, line, Vec::new())
        });
        let children: Vec<Section> = children.collect();
        listed.push(section(label, Some(title.clone()), line, children));
    }
    let last_line = lines.len() as u32;
    Plan {
        schema: sohoa::plan::SCHEMA.to_owned(),
        source: Source {
            path: "made".to_owned(),
            sha256: String::new(),
            media_type: "text/plain".to_owned(),
            pages: 1,
            text_origin: TextOrigin::Text,
            page_readings: Vec::new(),
        },
        documents: vec![Document {
            first_line: 1,
            last_line,
            sections: listed,
            ..Document::default()
        }],
        references: Vec::new(),
        deadlines: Vec::new(),
        awards: Vec::new(),
        assignments: Vec::new(),
        lines,
        asides: Vec::new(),
        warnings: Vec::new(),
    }
}

/// Points as these plans have them, any of which can follow any other.
fn any_plan() -> impl Strategy<Value = Plan> {
    let points = prop::sample::select(vec![
        "Trồng mới 1.200 cây xanh dọc các tuyến đường trước ngày 30/11/2026",
        "Tổ chức tuyên truyền, vận động Nhân dân giữ gìn vệ sinh môi trường",
        "Sở Nội vụ chủ trì, phối hợp với các cơ quan, đơn vị kiểm tra việc thực hiện",
        "Tỷ lệ hồ sơ trực tuyến đạt tối thiểu 80%",
        "Tỷ lệ hồ sơ trực tuyến đạt tối thiểu 70%, hồ sơ quá hạn không quá 2%",
        "Giấy khen của Chủ tịch Ủy ban nhân dân xã: tối đa 02 tập thể, 04 cá nhân",
        "Căn cứ Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị",
        "Báo cáo kết quả về Phòng Văn hóa - Xã hội trước 20/11 hằng năm",
        "",
        "a",
        "12/13/2025 quý V 99/99 ⟨?⟩/QĐ-UBND tháng 13",
    ]);
    let titles = prop::sample::select(vec![
        "MỤC ĐÍCH, YÊU CẦU",
        "NỘI DUNG",
        "TỔ CHỨC THỰC HIỆN",
        "KHEN THƯỞNG",
    ]);
    let point = prop_oneof![6 => points.prop_map(str::to_owned), 1 => "[\\PC]{0,20}"];
    let section = (titles.prop_map(str::to_owned), prop::collection::vec(point, 0..6));
    prop::collection::vec(section, 1..6).prop_map(|sections| made(&sections))
}

/// The paths of all leaves.
fn leaves(plan: &Plan) -> BTreeSet<String> {
    fn walk(sections: &[Section], above: &str, found: &mut BTreeSet<String>) {
        for section in sections {
            let path = if above.is_empty() {
                section.label.clone()
            } else {
                format!("{above}/{}", section.label)
            };
            if section.children.is_empty() {
                found.insert(path);
            } else {
                walk(&section.children, &path, found);
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&plan.documents[0].sections, "", &mut found);
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_leaf_of_both_plans_stands_in_a_pair(lower in any_plan(), upper in any_plan()) {
        let comparison = diff::compare(&lower, &upper).unwrap();
        let side = |side: fn(&diff::comparison::Pair) -> &Option<String>| -> BTreeSet<String> {
            comparison.pairs.iter().filter_map(|pair| side(pair).clone()).collect()
        };
        prop_assert!(side(|pair| &pair.lower).is_superset(&leaves(&lower)));
        prop_assert!(side(|pair| &pair.upper).is_superset(&leaves(&upper)));
        for pair in &comparison.pairs {
            prop_assert_eq!(pair.lower.is_none(), pair.class == Class::Dropped);
            prop_assert_eq!(pair.upper.is_none(), pair.class == Class::Added);
            prop_assert!((0.0..=1.0).contains(&pair.similarity) && (0.0..=1.0).contains(&pair.confidence));
        }
        let page = view::page(&comparison);
        prop_assert!(page.ends_with("</html>\n"));
        view::Terminal { width: 80, color: true }.render(&comparison);
    }

    #[test]
    fn a_plan_against_itself_is_the_same(plan in any_plan()) {
        let comparison = diff::compare(&plan, &plan).unwrap();
        prop_assert!(comparison.pairs.iter().all(|pair| pair.class == Class::Same && !pair.moved), "{:#?}", comparison.pairs);
        prop_assert!(comparison.figures.is_empty(), "{:?}", comparison.figures);
        let changes = comparison.findings.iter().filter(|finding| finding.code != FindingCode::UpperNotCited && finding.code != FindingCode::UnitWithoutDuty);
        prop_assert_eq!(changes.count(), 0);
    }

    #[test]
    fn the_other_way_round_what_was_added_is_dropped(lower in any_plan(), upper in any_plan()) {
        let (there, back) = (diff::compare(&lower, &upper).unwrap(), diff::compare(&upper, &lower).unwrap());
        prop_assert_eq!(there.summary.added, back.summary.dropped);
        prop_assert_eq!(there.summary.dropped, back.summary.added);
    }
}

// The command line.

fn sohoa(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sohoa"));
    command.args(arguments).current_dir(folder).env("COLUMNS", "90").output().unwrap()
}

fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!(
        "exit {}\n{}--\n{}",
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr)
    )
}

fn pair_paths(name: &str) -> (PathBuf, PathBuf) {
    let path = |side: &str| fs::canonicalize(format!("{PAIRS}/{name}.{side}.txt")).unwrap();
    (path("lower"), path("upper"))
}

#[test]
fn the_json_is_as_its_schema_says() {
    let here = tempfile::tempdir().unwrap();
    let output = sohoa(here.path(), &["schema", "--diff"]);
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{error}"));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let (lower, upper) = pair_paths("trees");
    let output =
        sohoa(here.path(), &["diff", lower.to_str().unwrap(), upper.to_str().unwrap(), "--json"]);
    assert!(output.status.success(), "{}", shown(&output));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    validator.validate(&found).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found["schema"], "sohoa.diff/1");
    assert_eq!(found["lower"]["document"]["symbol"], "KH-UBND");
    assert!(found["pairs"].as_array().unwrap().len() > 20);
}

#[test]
fn bad_input_is_named_with_what_mends_it() {
    let here = tempfile::tempdir().unwrap();
    let put = |name: &str, content: &str| fs::write(here.path().join(name), content).unwrap();
    put("letter.txt", "Kính gửi các đồng chí,\nmời họp.\n");
    put("other.json", "{\"a\": 1}");
    put("old.json", "{\"schema\": \"sohoa.plan/0\"}");
    put("cut.json", "{\"schema\": ");
    put("empty.txt", "");
    fs::create_dir(here.path().join("nothing")).unwrap();
    let upper = pair_paths("trees").1;
    let upper = upper.to_str().unwrap();
    for name in ["none.json", "letter.txt", "other.json", "old.json", "cut.json", "empty.txt"] {
        let output = sohoa(here.path(), &["diff", name, upper]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(output.stdout.is_empty(), "{name}");
        insta::assert_snapshot!(format!("diff-error-{}", name.replace('.', "-")), shown(&output));
    }
    insta::assert_snapshot!(
        "diff-error-folder",
        shown(&sohoa(here.path(), &["diff", "--against", upper, "nothing"]))
    );
    for arguments in [
        &["diff"][..],
        &["diff", upper],
        &["diff", upper, upper, "--json", "--html"],
        &["diff", "--against", upper],
    ] {
        assert_eq!(sohoa(here.path(), arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_folder_is_compared_with_one_plan_and_a_bad_file_costs_itself() {
    let here = tempfile::tempdir().unwrap();
    let upper = pair_paths("trees").1;
    for name in ["trees", "digital"] {
        fs::copy(pair_paths(name).0, here.path().join(format!("{name}.txt"))).unwrap();
    }
    fs::write(here.path().join("bad.json"), "{}").unwrap();
    let output = sohoa(here.path(), &["diff", "--against", upper.to_str().unwrap(), "."]);
    insta::assert_snapshot!("diff-against", shown(&output));
    let output = sohoa(here.path(), &["diff", "--against", upper.to_str().unwrap(), ".", "--json"]);
    let rows: Vec<serde_json::Value> = output
        .stdout
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 3);
    assert!(rows[0]["error"].is_string() && rows[0]["comparison"].is_null());
    assert_eq!(rows[2]["comparison"]["schema"], "sohoa.diff/1");
}

#[test]
fn a_terminal_gets_findings_first_and_both_plans_side_by_side() {
    let here = tempfile::tempdir().unwrap();
    fs::copy(pair_paths("trees").0, here.path().join("ward.txt")).unwrap();
    fs::copy(pair_paths("trees").1, here.path().join("province.txt")).unwrap();
    let output = sohoa(here.path(), &["diff", "ward.txt", "province.txt"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains('\u{1b}'), "no colour into a pipe");
    assert!(
        text.lines()
            .filter(|line| line.contains(" │ ") && !line.contains(':'))
            .all(|line| line.chars().count() <= 90)
    );
    insta::assert_snapshot!("diff-terminal", text);
}
