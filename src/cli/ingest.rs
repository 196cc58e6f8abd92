//! `sohoa ingest`: files and folders to plans.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use clap::{Args, ValueEnum};
use sohoa::batch::{self, Event, Machinery, PageSelection, Summary};
use sohoa::ocr::TesseractEngine;
use sohoa::pipeline::{OcrMode, Pipeline};
use sohoa::repair::Repairer;
use sohoa::{Error, ErrorKind, Result};

use super::progress::Progress;
use super::{Exit, page};

/// Read scans and texts: DIR/NAME.json (the plan) and DIR/NAME.txt (its text) for each
#[derive(Args)]
#[command(after_help = "Inputs are PDF, TIFF, PNG, JPEG, plain text and Markdown files, known by \
their content. Of a
folder, pictures and PDFs are taken, and texts by their ending (.txt, .md); the rest is listed.
What is done and unchanged is skipped when the command is run again.

Examples:
  sohoa ingest scans/ -o plans
  sohoa ingest plan.pdf --pages 1-3,7 -o plans
  curl -s https://example.org/plan.pdf | sohoa ingest - -o plans")]
pub struct Arguments {
    /// Files and folders to read; `-` is standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    /// Folder for the outputs; made if it isn't there
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,

    /// Pages read at a time [default: one for each processor]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// Pages to read of each file, such as 1-3,7 or 10- [default: all]
    #[arg(short, long, value_name = "PAGES", default_value = "", hide_default_value = true)]
    #[arg(value_parser = read_pages)]
    pages: PageSelection,

    /// When to read a page's picture rather than take its text layer
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    ocr: Ocr,

    /// Give a page up after this many seconds
    #[arg(long, value_name = "SECONDS", default_value = "120", value_parser = read_seconds)]
    page_timeout: Duration,

    /// Write DIR/NAME.html beside each plan, too: a page to look at, with the scan's pictures
    #[arg(long)]
    html: bool,

    /// Do again what is done, and write over files of the outputs' names
    #[arg(short, long)]
    force: bool,

    /// Print nothing but what failed
    #[arg(short, long)]
    quiet: bool,

    /// How to say what happens on standard error
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    log_format: LogFormat,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Ocr {
    /// Where the layer is missing or wrong
    #[default]
    Auto,
    /// Read every picture
    Always,
    /// Take the layer as it is, whatever it says
    Never,
}

#[derive(Clone, Copy, Default, PartialEq, ValueEnum)]
enum LogFormat {
    /// For people: progress on a terminal, lines elsewhere
    #[default]
    Text,
    /// One JSON object a line for each event
    Json,
}

pub fn run(arguments: Arguments) -> Result<Exit> {
    let (mode, mode_name) = match arguments.ocr {
        Ocr::Auto => (OcrMode::Auto, "auto"),
        Ocr::Always => (OcrMode::Always, "always"),
        Ocr::Never => (OcrMode::Never, "never"),
    };
    let workers = arguments
        .jobs
        .or_else(|| thread::available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN);
    let options = batch::Options {
        workers: workers.get(),
        pages: arguments.pages,
        page_timeout: arguments.page_timeout,
        force: arguments.force,
        settings: format!("sohoa {} ocr={mode_name}", env!("CARGO_PKG_VERSION")),
    };
    let machinery = Machinery {
        pipeline: Arc::new(Pipeline::new(Repairer::load()?, mode)),
        make_engine: Arc::new(|| Ok(Box::new(TesseractEngine::new()?))),
    };
    let json = arguments.log_format == LogFormat::Json;
    let progress = Arc::new(Progress::new(json, arguments.quiet));
    let stop = stop_on_signal(progress.clone())?;
    let written: Mutex<Vec<(PathBuf, String)>> = Mutex::default();
    let tell = |event: Event| {
        if let Event::FileDone { path, name, .. } | Event::FileSkipped { path, name } = &event {
            let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
            written.push((path.to_path_buf(), (*name).to_owned()));
        }
        progress.hear(&event);
    };
    let (inputs, output) = (&arguments.inputs, &arguments.output);
    Ok(match batch::run(&machinery, inputs, output, &options, &stop, &tell) {
        Ok(summary) => {
            progress.end(&summary);
            let written = written.into_inner().unwrap_or_else(PoisonError::into_inner);
            let pages = if arguments.html { written } else { Vec::new() };
            let pages_failed = pages.iter().filter(|(source, name)| {
                let made = page::write(source, output, name, arguments.force);
                made.as_ref().err().is_some_and(|error| {
                    super::say(&super::describe(error));
                    true
                })
            });
            match (pages_failed.count(), exit(&summary)) {
                (1.., Exit::Done) => Exit::SomeFailed,
                (_, exit) => exit,
            }
        }
        Err(error) => {
            progress.refused(&error);
            Exit::of(&error)
        }
    })
}

fn exit(summary: &Summary) -> Exit {
    match summary {
        Summary { stopped: true, .. } => Exit::Stopped,
        Summary { failed, .. } if failed.is_empty() => Exit::Done,
        _ => Exit::SomeFailed,
    }
}

/// Set by the first Ctrl-C; the second ends the program at once. Nothing half written is ever in
/// place, and the next run removes what is left over.
fn stop_on_signal(progress: Arc<Progress>) -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(Exit::Stopped as i32);
        }
        progress.stopping();
    })
    .map_err(|error| Error::new(ErrorKind::Io, "cannot listen for Ctrl-C").caused_by(error))?;
    Ok(stop)
}

fn read_pages(text: &str) -> Result<PageSelection, String> {
    if text.is_empty() {
        return Ok(PageSelection::default());
    }
    text.parse()
        .map_err(|error: Error| format!("{error}\nhint: {}", error.hint_text().unwrap_or_default()))
}

fn read_seconds(text: &str) -> Result<Duration, String> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| format!("found {text:?}, expected a number of seconds above 0"))
}
