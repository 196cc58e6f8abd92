//! The words at the end of a batch: what is done, what to look at, what failed and why.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;
use sohoa::batch::Summary;

/// The summary for people, without a line end.
pub fn to_text(summary: &Summary, elapsed: Duration) -> String {
    let mut text = format!("done: {}", counted(summary.done, "file"));
    if summary.pages > 0 {
        let pages = counted(summary.pages, "page");
        let _ = write!(text, ", {pages}, {:.1} pages/s", rate(summary, elapsed));
    }
    for (count, what) in [
        (summary.skipped, "skipped, done before and unchanged (--force does them again)"),
        (
            summary.passed_over,
            "passed over, of other kinds or outputs (--log-format json names them)",
        ),
        (summary.left, "left for the next run"),
        (summary.with_problems.len(), "with problems:"),
    ] {
        if count > 0 {
            let _ = write!(text, "\n{} {what}", counted(count, "file"));
        }
    }
    for problem in &summary.with_problems {
        for failure in &problem.failed_pages {
            let page = failure.page.unwrap_or_default();
            let _ =
                write!(text, "\n  {}: page {page} is missing: {}", problem.path, failure.reason);
        }
        if !problem.doubtful_pages.is_empty() {
            let pages = page_list(&problem.doubtful_pages);
            let _ = write!(text, "\n  {}: to be checked by hand: {pages}", problem.path);
        }
    }
    if !summary.failed.is_empty() {
        let _ = write!(text, "\n{} failed:", counted(summary.failed.len(), "file"));
    }
    for failed in &summary.failed {
        let page = failed.error.page.map(|page| format!("page {page}: ")).unwrap_or_default();
        let _ = write!(text, "\n  {}: {page}{}", failed.path, failed.error.reason);
    }
    text
}

/// "1 file", "2 files".
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The summary as the last event of the JSON log.
pub fn to_json(summary: &Summary, elapsed: Duration) -> String {
    #[derive(Serialize)]
    struct Ended<'a> {
        event: &'static str,
        #[serde(flatten)]
        summary: &'a Summary,
        seconds: f64,
        pages_per_second: f64,
    }
    let ended = Ended {
        event: "ended",
        summary,
        seconds: elapsed.as_secs_f64(),
        pages_per_second: rate(summary, elapsed),
    };
    serde_json::to_string(&ended).expect("the summary is plain data")
}

fn rate(summary: &Summary, elapsed: Duration) -> f64 {
    summary.pages as f64 / elapsed.as_secs_f64().max(1e-3)
}

fn page_list(pages: &[u32]) -> String {
    let pages: Vec<String> = pages.iter().map(u32::to_string).collect();
    let word = if pages.len() == 1 { "page" } else { "pages" };
    format!("{word} {}", pages.join(", "))
}

#[cfg(test)]
mod tests {
    use sohoa::ErrorKind;
    use sohoa::batch::{FailedInput, Failure, Problem};

    use super::*;

    fn failure(reason: &str, page: Option<u32>) -> Failure {
        Failure { kind: ErrorKind::Damaged, reason: reason.to_owned(), page, hint: None }
    }

    #[test]
    fn the_summary_names_all_that_a_person_must_look_at() {
        let problem = |path: &str, failed_pages, doubtful_pages| Problem {
            path: path.to_owned(),
            failed_pages,
            doubtful_pages,
        };
        let summary = Summary {
            done: 3,
            skipped: 1,
            left: 2,
            passed_over: 4,
            pages: 30,
            with_problems: vec![
                problem("a.pdf", vec![failure("the picture is cut short", Some(3))], vec![7, 9]),
                problem("b.pdf", vec![], vec![1]),
            ],
            failed: vec![FailedInput {
                path: "c.pdf".to_owned(),
                error: failure("the file is empty (0 bytes)", None),
            }],
            stopped: true,
        };
        insta::assert_snapshot!(to_text(&summary, Duration::from_secs(20)), @r"
        done: 3 files, 30 pages, 1.5 pages/s
        1 file skipped, done before and unchanged (--force does them again)
        4 files passed over, of other kinds or outputs (--log-format json names them)
        2 files left for the next run
        2 files with problems:
          a.pdf: page 3 is missing: the picture is cut short
          a.pdf: to be checked by hand: pages 7, 9
          b.pdf: to be checked by hand: page 1
        1 file failed:
          c.pdf: the file is empty (0 bytes)
        ");
        insta::assert_snapshot!(to_json(&Summary::default(), Duration::from_secs(2)), @r#"{"event":"ended","done":0,"skipped":0,"left":0,"passed_over":0,"pages":0,"with_problems":[],"failed":[],"stopped":false,"seconds":2.0,"pages_per_second":0.0}"#);
    }

    #[test]
    fn a_summary_without_trouble_is_one_line() {
        let summary = Summary { done: 1, ..Summary::default() };
        assert_eq!(to_text(&summary, Duration::ZERO), "done: 1 file");
    }
}
