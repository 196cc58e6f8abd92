//! What a batch tells while it runs, as people or programs want to see it on standard error.

use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use serde_json::json;
use sohoa::Error;
use sohoa::batch::{Event, Failure, Summary};

use super::summary::counted;
use super::{say, summary};

/// Where there is no terminal, progress is a line this often at most: logs stay short.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// How events are shown.
enum View {
    /// One JSON object a line.
    Json,
    /// Plain lines.
    Lines,
    /// A bar that moves, with lines above it.
    Bar(ProgressBar),
}

impl View {
    fn bar() -> Self {
        let style = ProgressStyle::with_template("{bar:24} {msg}").expect("the template is right");
        let bar = ProgressBar::new(0).with_style(style);
        bar.enable_steady_tick(Duration::from_millis(500));
        Self::Bar(bar)
    }
}

/// Hears events from all workers and shows them.
pub struct Progress {
    view: View,
    /// Only what failed is shown.
    quiet: bool,
    started: Instant,
    state: Mutex<State>,
}

struct State {
    counts: Counts,
    last_line: Instant,
}

/// How far the batch has come.
#[derive(Clone, Debug, Default, PartialEq)]
struct Counts {
    files: usize,
    files_ended: usize,
    files_opened: usize,
    /// Of the files that were opened.
    pages: usize,
    pages_ended: usize,
}

impl Progress {
    /// As JSON lines, or for people: a bar on a terminal, lines elsewhere.
    pub fn new(json: bool, quiet: bool) -> Self {
        let view = match () {
            () if json => View::Json,
            () if !quiet && io::stderr().is_terminal() => View::bar(),
            () => View::Lines,
        };
        let started = Instant::now();
        let state = State { counts: Counts::default(), last_line: started };
        Self { view, quiet, started, state: Mutex::new(state) }
    }

    /// Shows one event.
    pub fn hear(&self, event: &Event) {
        let mut state = self.lock();
        state.counts.take_in(event);
        if self.quiet && !matches!(event, Event::FileFailed { .. } | Event::PageFailed { .. }) {
            return;
        }
        match &self.view {
            View::Json => say(&serde_json::to_string(event).expect("events are plain data")),
            View::Lines => {
                if let Some(line) = line(event) {
                    say(&line);
                }
                if !self.quiet && state.last_line.elapsed() >= LINE_EVERY {
                    state.last_line = Instant::now();
                    say(&state.counts.status(self.started.elapsed()));
                }
            }
            View::Bar(bar) => {
                if let Some(line) = line(event) {
                    bar.println(line);
                }
                bar.set_length(state.counts.expected_pages() as u64);
                bar.set_position(state.counts.pages_ended as u64);
                bar.set_message(state.counts.status(self.started.elapsed()));
            }
        }
    }

    /// Shows what it all came to.
    pub fn end(&self, summary: &Summary) {
        let elapsed = self.started.elapsed();
        if let View::Bar(bar) = &self.view {
            bar.finish_and_clear();
        }
        match self.view {
            _ if self.quiet => {}
            View::Json => say(&summary::to_json(summary, elapsed)),
            View::Lines | View::Bar(_) => say(&summary::to_text(summary, elapsed)),
        }
    }

    /// Shows that no page will be begun any more.
    pub fn stopping(&self) {
        let text = "stopping after the pages at hand; Ctrl-C again to stop at once";
        match &self.view {
            View::Json => say(&json!({ "event": "stopping" }).to_string()),
            View::Lines => say(text),
            View::Bar(bar) => bar.println(text),
        }
    }

    /// Shows why the batch can't run at all.
    pub fn refused(&self, error: &Error) {
        match &self.view {
            View::Json => {
                say(&json!({ "event": "refused", "error": Failure::from(error) }).to_string());
            }
            View::Lines | View::Bar(_) => say(&super::describe(error)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What people are told of an event; `None` where the counts say enough.
fn line(event: &Event) -> Option<String> {
    match event {
        Event::Started { files, workers, .. } => {
            let files = counted(*files, "file");
            Some(format!("{files} to read, {} at a time", counted(*workers, "page")))
        }
        Event::FileDone { path, name, pages, failed_pages } => {
            let mut line = format!("done    {}", path.display());
            if *pages > 0 {
                let _ = write!(line, ", {}", counted(*pages, "page"));
            }
            if *failed_pages > 0 {
                let _ = write!(line, ", {failed_pages} of them failed");
            }
            let _ = write!(line, " -> {name}.json");
            Some(line)
        }
        Event::PageFailed { path, page, error } => {
            Some(format!("warning {}: page {page}: {}", path.display(), error.reason))
        }
        Event::FileFailed { path, error } => Some(failure(path, error)),
        Event::FileSkipped { path, .. } => Some(format!("skipped {}, done before", path.display())),
        Event::PassedOver { .. } | Event::FileOpened { .. } | Event::PageDone { .. } => None,
    }
}

fn failure(path: &Path, error: &Failure) -> String {
    let page = error.page.map(|page| format!("page {page}: ")).unwrap_or_default();
    let hint = error.hint.as_ref().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
    format!("failed  {}: {page}{}{hint}", path.display(), error.reason)
}

impl Counts {
    fn take_in(&mut self, event: &Event) {
        match event {
            Event::Started { files, .. } => self.files = *files,
            Event::FileOpened { pages, .. } => {
                self.files_opened += 1;
                self.pages += pages;
            }
            Event::PageDone { .. } | Event::PageFailed { .. } => self.pages_ended += 1,
            Event::FileSkipped { .. } | Event::FileDone { .. } | Event::FileFailed { .. } => {
                self.files_ended += 1;
            }
            Event::PassedOver { .. } => {}
        }
    }

    /// All pages, if the files not yet opened are as long as the others.
    fn expected_pages(&self) -> usize {
        let unopened = self.files.saturating_sub(self.files_opened.max(self.files_ended));
        self.pages + unopened * self.pages / self.files_opened.max(1)
    }

    fn status(&self, elapsed: Duration) -> String {
        let Self { files, files_ended, pages_ended, .. } = self;
        let expected = self.expected_pages();
        let about = if self.pages < expected { "about " } else { "" };
        let rate = *pages_ended as f64 / elapsed.as_secs_f64().max(1e-3);
        let mut status = format!(
            "{files_ended} of {files} files, {pages_ended} of {about}{expected} pages, \
             {rate:.1} pages/s"
        );
        if *pages_ended > 0 && *pages_ended < expected {
            let left = Duration::from_secs_f64((expected - pages_ended) as f64 / rate);
            let _ = write!(status, ", {} left", HumanDuration(left));
        }
        status
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two files of three, ten pages each; `pages` of them are read.
    fn after(pages: u32) -> Counts {
        let path = Path::new("a.pdf");
        let mut counts = Counts::default();
        counts.take_in(&Event::Started { files: 3, passed_over: 0, workers: 2 });
        counts.take_in(&Event::FileOpened { path, pages: 10 });
        counts.take_in(&Event::FileOpened { path, pages: 10 });
        (1..=pages).for_each(|page| counts.take_in(&Event::PageDone { path, page }));
        counts
    }

    #[test]
    fn the_status_says_how_far_how_fast_and_how_long_still() {
        for (pages, seconds, status) in [
            (0, 0, "0 of 3 files, 0 of about 30 pages, 0.0 pages/s"),
            (10, 5, "0 of 3 files, 10 of about 30 pages, 2.0 pages/s, 10 seconds left"),
            (20, 5, "0 of 3 files, 20 of about 30 pages, 4.0 pages/s, 3 seconds left"),
        ] {
            assert_eq!(after(pages).status(Duration::from_secs(seconds)), status);
        }
    }

    #[test]
    fn once_all_files_are_open_the_number_of_pages_is_known() {
        let path = Path::new("b.pdf");
        let mut counts = after(20);
        counts.take_in(&Event::FileOpened { path, pages: 4 });
        let status = counts.status(Duration::from_secs(10));
        assert_eq!(status, "0 of 3 files, 20 of 24 pages, 2.0 pages/s, 2 seconds left");
    }
}
