//! The words at the end of a batch: what is done, what to look at, what failed and why.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;
use sohoa::batch::Summary;

/// The summary for people, without a line end.
pub fn to_text(summary: &Summary, elapsed: Duration) -> String {
    let mut text = format!("done {} files, {} pages", summary.done, summary.pages);
    if summary.pages > 0 {
        let _ = write!(text, ", {:.1} pages/s", rate(summary, elapsed));
    }
    for (count, what) in [
        (summary.skipped, "skipped, done before and unchanged (--force does them again)"),
        (
            summary.passed_over,
            "passed over, of kinds that are not read (--log-format json lists them)",
        ),
        (summary.left, "left for the next run"),
    ] {
        if count > 0 {
            let _ = write!(text, "\n{count} files {what}");
        }
    }
    if !summary.with_problems.is_empty() {
        let _ = write!(text, "\n{} files with problems:", summary.with_problems.len());
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
        let _ = write!(text, "\n{} files failed:", summary.failed.len());
    }
    for failed in &summary.failed {
        let page = failed.error.page.map(|page| format!("page {page}: ")).unwrap_or_default();
        let _ = write!(text, "\n  {}: {page}{}", failed.path, failed.error.reason);
    }
    text
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
