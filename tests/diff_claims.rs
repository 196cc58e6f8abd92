//! What `sohoa diff` says about small texts, each written for one claim: bad reading is no change, a
//! change beside it is one, and no finding is made of what the lower plan answers otherwise.

use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use sohoa::diff::comparison::{Class, Comparison, FigureKind, FindingCode};
use sohoa::diff::{self, view};
use sohoa::input::InputFile;
use sohoa::pipeline::{OcrMode, Pipeline};
use sohoa::plan::Plan;
use sohoa::repair::Repairer;

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Repairer::load().unwrap(), OcrMode::Auto));

/// A plan with these sections under its heading.
fn plan(level: &str, sections: &str) -> Plan {
    let date = if level == "TỈNH BA KHE" { "05 tháng 01" } else { "20 tháng 3" };
    let text = format!(
        "ỦY BAN NHÂN DÂN\n{level}\nSố: 12/KH-UBND\n\nBa Khe, ngày {date} năm 2026\n\nKẾ HOẠCH\n\
         Bảo vệ rừng năm 2026\n\nỦy ban nhân dân ban hành Kế hoạch như sau:\n\n{sections}\n\n\
         Nơi nhận:\n- Lưu: VT.\n\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nVũ Văn Hòa\n"
    );
    PIPELINE.understand(&InputFile::from_bytes(level, text.into_bytes()).unwrap(), Vec::new())
}

fn compared(lower: &str, upper: &str) -> Comparison {
    diff::compare(&plan("PHƯỜNG NẬM XUÔI", lower), &plan("TỈNH BA KHE", upper)).unwrap()
}

fn codes(comparison: &Comparison) -> Vec<FindingCode> {
    comparison.findings.iter().map(|finding| finding.code).collect()
}

const TASKS: &str = "I. NHIỆM VỤ\n\n1. Tuần tra rừng đầu nguồn mỗi tuần một lần, ghi sổ theo dõi đầy đủ.\n\n\
    2. Vận động hộ dân góp sức, góp công, góp vật chất, sáng kiến vào việc giữ rừng.\n\n\
    3. Trồng dặm 40 ha rừng bị cháy tại các thôn vùng cao trước ngày 30/9/2026.";

/// The tasks with words of low confidence, as a scan gives them.
fn scanned(sections: &str) -> Plan {
    let mut plan = plan("TỈNH BA KHE", sections);
    for word in plan.lines.iter_mut().flat_map(|line| &mut line.words) {
        word.confidence = 0.4;
    }
    plan
}

#[test]
fn words_garbled_beyond_likeness_are_no_change() {
    let clean = plan("TỈNH BA KHE", TASKS);
    for (printed, read) in [
        ("vật chất, sáng", "vết 9h€'1t,o sér}g"),
        ("đầu nguồn", "đ=u ng{dn"),
        ("dân góp", "d{n g©p"),
    ] {
        let comparison = diff::compare(&scanned(&TASKS.replace(printed, read)), &clean).unwrap();
        assert!(comparison.pairs.iter().all(|pair| pair.class == Class::Same), "{read}");
        assert!(comparison.summary.reading_differences > 0, "{read}");
    }
}

#[test]
fn a_change_in_a_well_read_text_is_seen_however_odd_its_marks() {
    for (printed, other) in
        [("mỗi tuần", "mỗi {quý}"), ("hộ dân", "doanh nghiệp"), ("40 ha", "14 ha")]
    {
        let comparison = compared(&TASKS.replace(printed, other), TASKS);
        assert!(comparison.pairs.iter().any(|pair| pair.class > Class::Renamed), "{other}");
    }
}

#[test]
fn a_leaf_that_changed_places_with_an_inner_section_is_moved() {
    let inner = "1. Tuyên truyền\n\na) Treo biển cấm lửa tại 12 cửa rừng.\n\nb) Phát thanh hằng ngày trong mùa khô.";
    let leaf = "2. Kinh phí hỗ trợ tổ bảo vệ rừng lấy từ ngân sách và quỹ phòng chống cháy.";
    let upper = format!("I. NHIỆM VỤ\n\n{inner}\n\n{leaf}");
    let lower =
        format!("I. NHIỆM VỤ\n\n{}\n\n{}", leaf.replace("2.", "1."), inner.replace("1. T", "2. T"));
    let comparison = compared(&lower, &upper);
    let moved: Vec<_> = comparison.pairs.iter().filter(|pair| pair.moved).collect();
    assert_eq!(moved.len(), 1, "{:#?}", comparison.pairs);
    assert_eq!(moved[0].lower.as_deref(), Some("I/1"));
}

/// What the province asks of the communes, and what of it one does.
fn asked(task: &str, lower: &str) -> Comparison {
    let own =
        "I. NHIỆM VỤ\n\n1. Tuần tra rừng đầu nguồn mỗi tuần một lần, ghi sổ theo dõi đầy đủ.\n\n";
    let upper = format!(
        "{own}II. TỔ CHỨC THỰC HIỆN\n\n1. Sở Nông nghiệp và Môi trường chủ trì, kiểm tra việc thực hiện.\n\n\
         2. Ủy ban nhân dân các xã, phường\n\na) Rà soát, lập danh sách hộ nhận khoán.\n\nb) {task}"
    );
    let lower = format!(
        "{own}II. TỔ CHỨC THỰC HIỆN\n\n1. Phòng Kinh tế\n\na) Rà soát, lập danh sách hộ nhận khoán.\n\nb) {lower}"
    );
    compared(&lower, &upper)
}

#[test]
fn a_plan_that_was_asked_for_is_no_missing_task_and_is_late_by_its_date() {
    let duty = "Giữ liên lạc với kiểm lâm địa bàn; trực đêm vào các tháng cao điểm nắng nóng.";
    let early = asked("Xây dựng kế hoạch của địa phương trước ngày 15/4/2026.", duty);
    assert!(!codes(&early).contains(&FindingCode::TaskWithoutCounterpart), "{:#?}", early.findings);
    assert!(!codes(&early).contains(&FindingCode::DeadlineMissing), "{:#?}", early.findings);
    assert_eq!((early.summary.deadlines.kept, early.summary.deadlines.later), (1, 0));
    let late = asked("Xây dựng kế hoạch của địa phương trước ngày 15/02/2026.", duty);
    assert!(codes(&late).contains(&FindingCode::IssuedLate), "{:#?}", late.findings);
    assert_eq!((late.summary.deadlines.kept, late.summary.deadlines.later), (0, 1));
}

#[test]
fn a_task_that_nothing_answers_is_missing() {
    let comparison = asked(
        "Thành lập tổ ứng cứu cháy rừng tại từng thôn trước ngày 31/5/2026.",
        "Giữ liên lạc với kiểm lâm địa bàn; trực đêm vào các tháng cao điểm nắng nóng.",
    );
    let missing = comparison.findings.iter();
    let missing: Vec<_> =
        missing.filter(|one| one.code == FindingCode::TaskWithoutCounterpart).collect();
    assert_eq!(missing.len(), 1, "{:#?}", comparison.findings);
    assert!(missing[0].text.contains("“Thành lập tổ ứng cứu"), "no label: {}", missing[0].text);
}

#[test]
fn targets_are_weaker_by_what_they_bound() {
    let task = |text: &str| format!("I. MỤC TIÊU\n\n1. {text}\n\n2. Không để xảy ra cháy lớn.");
    let table = [
        ("Tỷ lệ che phủ đạt tối thiểu 52%.", "Tỷ lệ che phủ đạt tối thiểu 54%.", true),
        ("Tỷ lệ che phủ đạt tối thiểu 56%.", "Tỷ lệ che phủ đạt tối thiểu 54%.", false),
        ("Diện tích cháy giảm còn dưới 3%.", "Diện tích cháy giảm còn dưới 5%.", false),
        ("Diện tích cháy giảm còn dưới 8%.", "Diện tích cháy giảm còn dưới 5%.", true),
        ("Dập tắt đám cháy trong 30 phút.", "Dập tắt đám cháy trong 20 phút.", false),
        ("Mỗi tổ có ít nhất 10 người.", "Mỗi tổ có ít nhất 15 người.", true),
        ("Mở ít nhất 06 lớp.", "Mở ít nhất 200 lớp.", false),
        ("Cấm vào rừng khi độ ẩm dưới 60 độ.", "Cấm vào rừng khi độ ẩm dưới 50 độ.", false),
    ];
    for (lower, upper, weaker) in table {
        let comparison = compared(&task(lower), &task(upper));
        assert_eq!(
            codes(&comparison).contains(&FindingCode::TargetLower),
            weaker,
            "{lower} {upper} {:#?}",
            comparison.findings
        );
    }
}

#[test]
fn a_document_cited_once_more_is_no_figure_and_one_stands_for_its_like() {
    let task =
        |cited: &str| format!("I. NHIỆM VỤ\n\n1. Giữ rừng theo {cited}, giao khoán đến từng hộ.");
    let upper = task("Nghị quyết số 57-NQ/TW, Kế hoạch số 25/KH-UBND");
    let again = compared(
        &task("Nghị quyết số 57-NQ/TW, Kế hoạch số 25/KH-UBND và Nghị quyết số 57"),
        &upper,
    );
    assert!(
        again.figures.iter().all(|figure| figure.what != FigureKind::Document),
        "{:#?}",
        again.figures
    );
    let other = compared(
        &task("Nghị quyết số 57-NQ/TW, Quyết định số 9/QĐ-TTg, Kế hoạch số 31/KH-UBND"),
        &upper,
    );
    let found: Vec<_> =
        other.figures.iter().map(|one| (one.lower.as_deref(), one.upper.as_deref())).collect();
    assert!(found.contains(&(Some("31/KH-UBND"), Some("25/KH-UBND"))), "{found:?}");
    assert!(found.contains(&(Some("9/QĐ-TTg"), None)), "{found:?}");
}

#[test]
fn lines_out_of_all_bounds_in_a_plan_do_no_harm() {
    let (good, mut bad) = (plan("TỈNH BA KHE", TASKS), plan("TỈNH BA KHE", TASKS));
    for document in &mut bad.documents {
        document.last_line = u32::MAX;
        let lines = [0, u32::MAX, 3, 0];
        let all = document.sections.iter_mut().flat_map(|section| &mut section.children);
        all.zip(lines.iter().cycle()).for_each(|(section, &line)| section.line = line);
    }
    diff::compare(&bad, &good).unwrap();
    diff::compare(&good, &bad).unwrap();
}

#[test]
fn what_controls_a_terminal_does_not_reach_it() {
    let odd = plan("TỈNH BA KHE", &TASKS.replace("đầy đủ", "đầy \u{1b}[31m đủ 7"));
    let mut comparison = diff::compare(&odd, &plan("TỈNH BA KHE", TASKS)).unwrap();
    comparison.lower.document.title = Some("\u{1b}]0;title\u{7}".to_owned());
    let text = view::Terminal { width: 80, color: false }.render(&comparison);
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
}

#[test]
fn the_upper_plan_in_the_folder_is_not_compared_with_itself() {
    let here = tempfile::tempdir().unwrap();
    for side in ["lower", "upper"] {
        let name = format!("trees.{side}.txt");
        fs::copy(format!("corpora/pairs/{name}"), here.path().join(name)).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_sohoa"));
    let output = command
        .args(["diff", "--against", "trees.upper.txt", ".", "--json"])
        .current_dir(here.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("trees.lower.txt"));
}
