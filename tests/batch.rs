//! The batch: what becomes of many files, good and bad, on one run and the next.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use common::{
    DOUBTFUL, EngineCounts, FAILS, NEVER_ENDS, PANICS, outputs, put, scan, shade_engines,
};
use sohoa::batch::{self, Event, Machinery, Options, Summary};
use sohoa::pipeline::{OcrMode, Pipeline};
use sohoa::plan::Plan;
use sohoa::repair::Repairer;
use sohoa::{ErrorKind, Result, WarningCode};

/// Long enough for any page on any machine.
const AMPLE: Duration = Duration::from_secs(600);

/// Inputs in one folder, outputs in another.
struct Place {
    root: tempfile::TempDir,
}

impl Place {
    fn with(files: &[(&str, &[u8])]) -> Self {
        let root = tempfile::tempdir().unwrap();
        put(&root.path().join("in"), files);
        Self { root }
    }

    fn input(&self) -> PathBuf {
        self.root.path().join("in")
    }

    fn output(&self) -> PathBuf {
        self.root.path().join("out")
    }

    fn run(&self, options: &Options) -> Summary {
        self.try_run(options).unwrap()
    }

    fn try_run(&self, options: &Options) -> Result<Summary> {
        let stop = AtomicBool::new(false);
        let (machinery, _) = machinery();
        batch::run(&machinery, &[self.input()], &self.output(), options, &stop, &|_| {})
    }

    fn plan(&self, name: &str) -> Plan {
        let bytes = fs::read(self.output().join(format!("{name}.json"))).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.output().join(format!("{name}.txt"))).unwrap()
    }
}

fn machinery() -> (Machinery, Arc<EngineCounts>) {
    let (make_engine, counts) = shade_engines();
    let pipeline = Arc::new(Pipeline::new(Repairer::load().unwrap(), OcrMode::Auto));
    (Machinery { pipeline, make_engine }, counts)
}

fn options(workers: usize) -> Options {
    Options {
        workers,
        pages: Default::default(),
        page_timeout: AMPLE,
        force: false,
        settings: "test".to_owned(),
    }
}

/// A time limit that a page which never ends reaches soon, and the others hardly ever.
fn short_limit(workers: usize) -> Options {
    Options { page_timeout: Duration::from_secs(5), ..options(workers) }
}

/// Files of several kinds and lengths.
fn mixed() -> Place {
    let long: Vec<u8> = (10..50).collect();
    Place::with(&[
        ("a/scan.pdf", &scan(&[100, 101, 102])),
        ("b/scan.pdf", &scan(&[200])),
        ("long.pdf", &scan(&long)),
        ("broken.pdf", &scan(&[50, FAILS, 60])),
        ("plan.txt", "KẾ HOẠCH\nNăm 2026\n".as_bytes()),
    ])
}

#[test]
fn any_number_of_workers_writes_the_same_bytes() {
    let place = mixed();
    let mut runs = Vec::new();
    for workers in [1, 2, 8] {
        let summary = place.run(&options(workers));
        assert_eq!((summary.done, summary.pages), (5, 46), "{workers} workers");
        runs.push(outputs(&place.output()));
        fs::remove_dir_all(place.output()).unwrap();
    }
    assert_eq!(
        runs[0].keys().map(String::as_str).collect::<Vec<_>>(),
        [
            "a-scan.json",
            "a-scan.txt",
            "b-scan.json",
            "b-scan.txt",
            "broken.json",
            "broken.txt",
            "long.json",
            "long.txt",
            "plan.json",
            "plan.txt",
        ]
    );
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0], runs[2]);
}

#[test]
fn pages_stand_in_their_order_and_lines_of_the_text_match_those_of_the_plan() {
    let place = mixed();
    place.run(&options(8));
    for name in ["a-scan", "long", "broken", "plan"] {
        let plan = place.plan(name);
        let mut of_plan: Vec<&str> = plan.lines.iter().map(|line| line.text.as_str()).collect();
        if of_plan.last() == Some(&"") {
            of_plan.pop();
        }
        let text = place.text(name);
        assert_eq!(text.lines().collect::<Vec<_>>(), of_plan, "{name}");
        assert!(plan.lines.iter().filter_map(|line| line.page).is_sorted(), "{name}");
    }
    assert_eq!(place.text("a-scan"), "tờ 100\n\ntờ 101\n\ntờ 102\n");
}

#[test]
fn a_page_that_fails_or_panics_costs_that_page() {
    let place = Place::with(&[("scan.pdf", &scan(&[50, PANICS, 60, FAILS]))]);
    let summary = place.run(&options(2));
    assert_eq!((summary.done, summary.pages, summary.failed.len()), (1, 2, 0));
    let failed: Vec<_> =
        summary.with_problems[0].failed_pages.iter().map(|f| (f.page, f.kind)).collect();
    assert_eq!(failed, [(Some(2), ErrorKind::Internal), (Some(4), ErrorKind::Ocr)]);
    assert_eq!(place.text("scan"), "tờ 50\n\ntờ 60\n");
    let warned: Vec<_> = place.plan("scan").warnings.iter().map(|w| (w.page, w.code)).collect();
    assert!(warned.contains(&(Some(2), WarningCode::PageFailed)), "{warned:?}");
    assert!(warned.contains(&(Some(4), WarningCode::PageFailed)), "{warned:?}");
}

#[test]
fn a_page_that_never_ends_is_given_up_and_tried_again_by_the_next_run() {
    let place = Place::with(&[("scan.pdf", &scan(&[50, NEVER_ENDS, 60])), ("b.pdf", &scan(&[7]))]);
    let summary = place.run(&short_limit(2));
    assert_eq!((summary.done, summary.pages), (2, 3));
    assert_eq!(summary.with_problems[0].failed_pages[0].kind, ErrorKind::Timeout);
    let warnings = place.plan("scan").warnings;
    assert!(warnings.iter().any(|w| w.code == WarningCode::PageTimeout && w.page == Some(2)));

    put(&place.input(), &[("scan.pdf", &scan(&[50, 55, 60]))]);
    let summary = place.run(&short_limit(2));
    assert_eq!((summary.done, summary.skipped), (1, 1));
    assert_eq!(place.text("scan"), "tờ 50\n\ntờ 55\n\ntờ 60\n");
}

#[test]
fn pages_that_never_end_do_not_pile_up() {
    let place = Place::with(&[("scan.pdf", &scan(&[NEVER_ENDS; 12])), ("b.txt", b"a")]);
    let (machinery, counts) = machinery();
    let limit = Options { page_timeout: Duration::from_millis(200), ..options(2) };
    let stop = AtomicBool::new(false);
    let summary =
        batch::run(&machinery, &[place.input()], &place.output(), &limit, &stop, &|_| {}).unwrap();
    assert_eq!((summary.done, summary.failed.len()), (1, 1));
    // Two workers, and four that may be left to themselves.
    assert!(counts.made.load(Ordering::SeqCst) <= 6);
}

#[test]
fn a_file_that_gives_nothing_is_named_with_the_reason_and_leaves_nothing() {
    let place = Place::with(&[
        ("none.pdf", &scan(&[FAILS, FAILS])),
        ("empty.pdf", b""),
        ("cut.pdf", b"%PDF-1.4\nnothing more"),
        ("good.pdf", &scan(&[9])),
    ]);
    let summary = place.run(&options(2));
    assert_eq!((summary.done, summary.failed.len()), (1, 3));
    let names: Vec<&str> =
        summary.failed.iter().map(|f| f.path.rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["cut.pdf", "empty.pdf", "none.pdf"]);
    assert!(summary.failed.iter().all(|failed| !failed.error.reason.is_empty()));
    assert_eq!(
        summary.failed[2].error.reason,
        "none of 2 pages could be read, page 1: cannot read this shade"
    );
    let written: Vec<String> = outputs(&place.output()).into_keys().collect();
    assert_eq!(written, ["good.json", "good.txt"]);
}

#[test]
fn a_page_to_be_checked_by_hand_is_in_the_summary() {
    let place = Place::with(&[("scan.pdf", &scan(&[50, DOUBTFUL]))]);
    let summary = place.run(&options(1));
    assert_eq!(summary.with_problems[0].doubtful_pages, [2]);
}

#[test]
fn no_more_pages_and_files_are_held_than_there_are_workers() {
    let long: Vec<u8> = (10..110).collect();
    let place = Place::with(&[
        ("1.pdf", &scan(&long)),
        ("2.pdf", &scan(&long)),
        ("3.pdf", &scan(&[200])),
        ("4.pdf", &scan(&[201])),
        ("5.pdf", &scan(&[202])),
        ("6.pdf", &scan(&[203])),
    ]);
    for workers in [1, 3] {
        let (machinery, counts) = machinery();
        let open = Mutex::new((0usize, 0usize));
        let tell = |event: Event| {
            let (now, most) = &mut *open.lock().unwrap();
            match event {
                Event::FileOpened { .. } => *now += 1,
                Event::FileDone { .. } => *now -= 1,
                _ => {}
            }
            *most = (*most).max(*now);
        };
        let stop = AtomicBool::new(false);
        let output = place.output();
        batch::run(&machinery, &[place.input()], &output, &options(workers), &stop, &tell).unwrap();
        assert!(counts.most_reading.load(Ordering::SeqCst) <= workers);
        assert!(counts.made.load(Ordering::SeqCst) <= workers);
        assert!(open.into_inner().unwrap().1 <= workers, "{workers} workers");
        fs::remove_dir_all(place.output()).unwrap();
    }
}

#[test]
fn texts_need_no_engine() {
    let place = Place::with(&[("a.txt", b"a"), ("b.md", b"# b")]);
    let (machinery, counts) = machinery();
    let stop = AtomicBool::new(false);
    let input = [place.input()];
    batch::run(&machinery, &input, &place.output(), &options(2), &stop, &|_| {}).unwrap();
    assert_eq!(counts.made.load(Ordering::SeqCst), 0);
}

#[test]
fn a_rerun_does_only_what_is_new_changed_or_gone() {
    let place = mixed();
    assert_eq!(place.run(&options(2)).done, 5);
    let again = place.run(&options(1));
    assert_eq!((again.done, again.skipped, again.pages), (0, 5, 0));

    put(&place.input(), &[("plan.txt", b"new"), ("later.txt", b"later")]);
    fs::remove_file(place.output().join("b-scan.txt")).unwrap();
    let third = place.run(&options(2));
    assert_eq!((third.done, third.skipped), (3, 3));
    assert_eq!(place.text("plan"), "new\n");

    let other_settings = Options { settings: "newer".to_owned(), ..options(2) };
    assert_eq!(place.run(&other_settings).done, 6);
    let other_pages = Options { pages: "1".parse().unwrap(), ..options(2) };
    assert_eq!(place.run(&other_pages).done, 6);
    assert_eq!(place.text("long"), "tờ 10\n");
    let forced = Options { force: true, ..other_pages };
    assert_eq!(place.run(&forced).done, 6);
}

#[test]
fn a_text_corrected_by_hand_is_kept() {
    let place = Place::with(&[("a.txt", b"read")]);
    place.run(&options(1));
    fs::write(place.output().join("a.txt"), "corrected").unwrap();
    assert_eq!(place.run(&options(1)).skipped, 1);
    assert_eq!(place.text("a"), "corrected");
}

#[test]
fn names_stay_when_namesakes_come_later() {
    let place = Place::with(&[("a/scan.txt", b"a")]);
    place.run(&options(1));
    put(&place.input(), &[("b/scan.txt", b"b"), ("b/scan.md", b"b2")]);
    assert_eq!(place.run(&options(1)).skipped, 1);
    let written: BTreeSet<String> = outputs(&place.output()).into_keys().collect();
    let expected = ["b-scan.md", "b-scan.txt", "scan"]
        .iter()
        .flat_map(|name| [format!("{name}.json"), format!("{name}.txt")])
        .collect();
    assert_eq!(written, expected);
    assert_eq!(place.text("scan"), "a\n");
}

#[test]
fn pages_that_a_file_does_not_have_are_an_error_of_that_file() {
    let place = Place::with(&[("a.pdf", &scan(&[9])), ("b.pdf", &scan(&[8, 9]))]);
    let second = Options { pages: "2-".parse().unwrap(), ..options(1) };
    let summary = place.run(&second);
    assert_eq!((summary.done, summary.failed.len()), (1, 1));
    assert_eq!(summary.failed[0].error.reason, "has 1 pages, found none of those asked for (2-)");
}

#[test]
fn output_never_goes_over_an_input_or_a_file_of_others() {
    // The output folder is the input.
    let place = Place::with(&[("a.txt", b"mine")]);
    let refused = |named: &Path, output: &Path, options: &Options| {
        let (machinery, _) = machinery();
        let stop = AtomicBool::new(false);
        batch::run(&machinery, &[named.to_owned()], output, options, &stop, &|_| {}).unwrap_err()
    };
    let forced = Options { force: true, ..options(1) };
    let error = refused(&place.input(), &place.input(), &forced);
    assert_eq!(error.kind(), ErrorKind::Usage);
    // The output is the input.
    let error = refused(&place.input().join("a.txt"), &place.input(), &forced);
    assert_eq!(error.kind(), ErrorKind::Usage);
    // The output is somebody's.
    put(&place.output(), &[("a.json", b"theirs")]);
    let error = refused(&place.input(), &place.output(), &options(1));
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.hint_text().unwrap().contains("--force"));
    assert_eq!(fs::read(place.output().join("a.json")).unwrap(), b"theirs");
    assert_eq!(fs::read(place.input().join("a.txt")).unwrap(), b"mine");
    assert_eq!(place.run(&forced).done, 1);
}

#[test]
fn an_output_folder_within_the_input_is_not_read() {
    let place = Place::with(&[("a.txt", b"a")]);
    let (machinery, _) = machinery();
    let output = place.input().join("plans");
    for (done, skipped) in [(1, 0), (0, 1)] {
        let stop = AtomicBool::new(false);
        let summary =
            batch::run(&machinery, &[place.input()], &output, &options(1), &stop, &|_| {}).unwrap();
        assert_eq!((summary.done, summary.skipped), (done, skipped));
    }
}

#[test]
fn what_a_killed_run_left_half_written_is_removed() {
    let place = Place::with(&[("a.txt", b"a")]);
    put(&place.output(), &[(".sohoa-a.json.tmp", b"{"), (".sohoa-notes", b"kept")]);
    place.run(&options(1));
    let left: Vec<String> = outputs(&place.output()).into_keys().collect();
    assert_eq!(left, [".sohoa-notes", "a.json", "a.txt"]);
}

#[test]
fn an_output_that_cannot_be_written_costs_its_file() {
    let place = Place::with(&[("a.txt", b"a"), ("b.txt", b"b")]);
    fs::create_dir_all(place.output().join("a.json/in-the-way")).unwrap();
    let summary = place.run(&Options { force: true, ..options(1) });
    assert_eq!((summary.done, summary.failed.len()), (1, 1));
    assert_eq!(summary.failed[0].error.kind, ErrorKind::Io);
    // The message stands beside the input's path, and is about the output.
    assert!(summary.failed[0].error.reason.contains("a.json"), "{:?}", summary.failed[0].error);
    let left: Vec<String> = fs::read_dir(place.output())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".tmp") || name == "a.txt")
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_stopped_run_leaves_whole_files_and_the_next_one_does_the_rest() {
    let place = mixed();
    place.run(&options(2));
    let undisturbed = outputs(&place.output());
    for stop_after in [1, 2, 5, 20, 45] {
        fs::remove_dir_all(place.output()).unwrap();
        let (machinery, _) = machinery();
        let stop = AtomicBool::new(false);
        let pages = Mutex::new(0);
        let tell = |event: Event| {
            if matches!(event, Event::PageDone { .. } | Event::PageFailed { .. }) {
                let mut pages = pages.lock().unwrap();
                *pages += 1;
                stop.store(*pages >= stop_after, Ordering::Relaxed);
            }
        };
        let input = [place.input()];
        let first =
            batch::run(&machinery, &input, &place.output(), &options(2), &stop, &tell).unwrap();
        assert!(first.stopped && first.left > 0, "{stop_after}: {first:?}");
        for (name, bytes) in outputs(&place.output()) {
            assert_eq!(bytes, undisturbed[&name], "{name} after {stop_after} pages");
        }
        let second = place.run(&options(2));
        assert_eq!((second.skipped, second.done), (first.done, first.left));
        assert_eq!(outputs(&place.output()), undisturbed);
    }
}
