//! The run itself: pages of all files in parallel, each file written when its last page is there.
//!
//! Workers draw pages from one lazy sequence, which opens the next file only when the pages of the
//! last are all drawn. So at any time there are at most as many files open as workers, and as many
//! page pictures; what grows with the length of a file is only what was read on its pages.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rayon::iter::{ParallelBridge, ParallelIterator};

use super::event::{Event, FailedInput, Failure, Problem, Summary};
use super::inputs::{self, Found, Origin};
use super::journal::{Done, Journal};
use super::output::OutputFolder;
use super::pages::PageSelection;
use super::prepare::{self, NamedInput};
use super::reader::{self, EngineMaker, PageReader, Readers};
use crate::error::{Error, ErrorKind, Result};
use crate::input::InputFile;
use crate::pipeline::{PageOutcome, Pipeline};
use crate::warning::WarningCode;

/// How a batch is to be run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads that read pages; at least one.
    pub workers: usize,
    pub pages: PageSelection,
    /// A page that takes longer is given up.
    pub page_timeout: Duration,
    /// Do again what is done, and write over files that are not ours.
    pub force: bool,
    /// All that decides what is written, besides the inputs and the pages: version, OCR mode,
    /// models. Outputs made under other settings are made anew.
    pub settings: String,
}

/// The stages and the engines that a batch works with.
pub struct Machinery {
    pub pipeline: Arc<Pipeline>,
    /// Called once for each thread that has a picture to read.
    pub make_engine: EngineMaker,
}

/// Ingests the files and folders `named` into `folder`; `tell` hears what happens, from any thread.
/// Once `stop` is set, no page is begun, and files that lack pages are left for the next run.
///
/// # Errors
/// Only what keeps the whole batch from running: [`ErrorKind::Usage`], [`ErrorKind::Busy`], an
/// output folder that can't be made. What is wrong with a file or a page is in the summary.
pub fn run(
    machinery: &Machinery,
    named: &[PathBuf],
    folder: &Path,
    options: &Options,
    stop: &AtomicBool,
    tell: &(dyn Fn(Event) + Sync),
) -> Result<Summary> {
    prepare::refuse_as_output(folder, named)?;
    let (folder, mut journal) = OutputFolder::open(folder)?;
    let found = inputs::find(named, folder.path());
    let inputs = prepare::name(&found, &folder, &mut journal, options.force)?;
    let readers = Readers::new(
        machinery.pipeline.clone(),
        machinery.make_engine.clone(),
        options.workers,
        options.page_timeout,
    );
    let run = Run {
        pipeline: &machinery.pipeline,
        options,
        settings: format!("{} pages={}", options.settings, options.pages),
        folder,
        journal: Mutex::new(journal),
        readers: (0..options.workers)
            .map(|_| Mutex::new(PageReader::new(readers.clone())))
            .collect(),
        results: Mutex::default(),
        stop,
        tell,
    };
    tell(Event::Started {
        files: inputs.len(),
        passed_over: found.passed_over.len(),
        workers: options.workers,
    });
    found.passed_over.iter().for_each(|path| tell(Event::PassedOver { path }));
    for error in &found.failed {
        tell(Event::FileFailed {
            path: error.path().unwrap_or(Path::new("")),
            error: error.into(),
        });
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.workers)
        .stack_size(reader::STACK_BYTES)
        .build()
        .map_err(|error| Error::new(ErrorKind::Io, "cannot start the workers").caused_by(error))?;
    let tasks = Tasks { run: &run, inputs: inputs.iter(), drawn: None };
    pool.install(|| tasks.par_bridge().for_each(|task| run.work_on(task)));
    Ok(run.summary(&inputs, &found))
}

/// What became of an input.
enum Outcome {
    Skipped,
    Done(Option<Problem>),
    Failed(Failure),
}

/// What the workers share.
struct Run<'a> {
    pipeline: &'a Pipeline,
    options: &'a Options,
    settings: String,
    folder: OutputFolder,
    journal: Mutex<Journal>,
    /// One for each worker, by its index.
    readers: Vec<Mutex<PageReader>>,
    results: Mutex<Results>,
    stop: &'a AtomicBool,
    tell: &'a (dyn Fn(Event) + Sync),
}

#[derive(Default)]
struct Results {
    /// By the input's place.
    outcomes: BTreeMap<usize, Outcome>,
    pages: usize,
}

/// A file of which pages are being read.
struct OpenFile<'a> {
    named: &'a NamedInput,
    file: Arc<InputFile>,
    /// By place among the pages that were asked for; `None` until read.
    outcomes: Mutex<Vec<Option<PageOutcome>>>,
    unread: AtomicUsize,
}

/// What a worker does next.
enum Task<'a> {
    /// Reads page `number`, the `place`-th of those asked for.
    Page { file: Arc<OpenFile<'a>>, place: usize, number: u32 },
    /// Understands a text.
    Text { file: Arc<OpenFile<'a>> },
}

/// The pages of all files, in order; opens each file when its first page is drawn.
struct Tasks<'a> {
    run: &'a Run<'a>,
    inputs: std::slice::Iter<'a, NamedInput>,
    /// The file that was opened last, and its pages that are not yet drawn.
    drawn: Option<(Arc<OpenFile<'a>>, std::iter::Enumerate<std::vec::IntoIter<u32>>)>,
}

impl<'a> Iterator for Tasks<'a> {
    type Item = Task<'a>;

    fn next(&mut self) -> Option<Task<'a>> {
        loop {
            if self.run.stop.load(Ordering::Relaxed) {
                return None;
            }
            if let Some((file, pages)) = &mut self.drawn
                && let Some((place, number)) = pages.next()
            {
                return Some(Task::Page { file: file.clone(), place, number });
            }
            self.drawn = None;
            let named = self.inputs.next()?;
            match self.run.open(named) {
                Ok(None) => self.run.skipped(named),
                Ok(Some((file, _))) if file.file.text().is_some() => {
                    return Some(Task::Text { file });
                }
                Ok(Some((file, pages))) => self.drawn = Some((file, pages.into_iter().enumerate())),
                Err(error) => self.run.failed(named, &error),
            }
        }
    }
}

impl<'a> Run<'a> {
    /// Opens an input and says which pages to read; `None` if its outputs are there already.
    fn open(&self, named: &'a NamedInput) -> Result<Option<(Arc<OpenFile<'a>>, Vec<u32>)>> {
        let input = named.input.clone();
        let file = match input.origin {
            Origin::File => {
                reader::within(self.options.page_timeout, move || InputFile::open(&input.path))?
            }
            Origin::StandardInput => {
                let mut bytes = Vec::new();
                std::io::stdin()
                    .read_to_end(&mut bytes)
                    .map_err(|error| Error::io("cannot read", &input.path, error))?;
                let name = input.path.display().to_string();
                reader::within(self.options.page_timeout, move || {
                    InputFile::from_bytes(&name, bytes)
                })?
            }
        };
        if !self.options.force {
            if self.is_done(named, &file) {
                return Ok(None);
            }
            self.refuse_another_standard_input(named, &file)?;
        }
        let count = file.page_count();
        let pages = self.options.pages.of(count);
        if pages.is_empty() {
            let asked = &self.options.pages;
            let message = format!("has {count} pages, found none of those asked for ({asked})");
            return Err(Error::new(ErrorKind::Usage, message).hint("ask for other --pages"));
        }
        (self.tell)(Event::FileOpened { path: &named.input.path, pages: pages.len() });
        let file = OpenFile {
            named,
            file: Arc::new(file),
            outcomes: Mutex::new(pages.iter().map(|_| None).collect()),
            unread: AtomicUsize::new(pages.len()),
        };
        Ok(Some((Arc::new(file), pages)))
    }

    /// Of files, the path tells that a changed one is the same; what comes from standard input is
    /// most likely another document, whose outputs would take the place of the last one's.
    fn refuse_another_standard_input(&self, named: &NamedInput, file: &InputFile) -> Result<()> {
        let journal = lock(&self.journal);
        let before = journal.done(&named.input.key);
        if named.input.origin == Origin::File
            || before.is_none_or(|done| done.sha256 == file.sha256())
        {
            return Ok(());
        }
        let message = "the outputs of another document from standard input are in the folder";
        Err(Error::new(ErrorKind::Usage, message)
            .hint("choose another folder with -o, or write over them with --force"))
    }

    /// Whether an earlier run did this input, as it is now, under the same settings.
    fn is_done(&self, named: &NamedInput, file: &InputFile) -> bool {
        lock(&self.journal).done(&named.input.key).is_some_and(|done| {
            done.sha256 == file.sha256()
                && done.settings == self.settings
                && self.folder.has(&done.outputs)
        })
    }

    fn work_on(&self, task: Task) {
        match task {
            Task::Text { file } => self.finish(&file, Vec::new()),
            Task::Page { file, place, number } => {
                let outcome = self.read_page(&file, number);
                lock(&file.outcomes)[place] = Some(outcome);
                if file.unread.fetch_sub(1, Ordering::AcqRel) == 1 {
                    let outcomes = lock(&file.outcomes).drain(..).flatten().collect();
                    self.finish(&file, outcomes);
                }
            }
        }
    }

    fn read_page(&self, file: &OpenFile, number: u32) -> PageOutcome {
        let path = &file.named.input.path;
        let worker = rayon::current_thread_index().expect("pages are read by workers of the pool");
        let read = lock(&self.readers[worker]).read(&file.file, number);
        match read {
            Ok(page) => {
                lock(&self.results).pages += 1;
                (self.tell)(Event::PageDone { path, page: number });
                Ok(page)
            }
            Err(error) => {
                (self.tell)(Event::PageFailed { path, page: number, error: (&error).into() });
                Err((number, error))
            }
        }
    }

    /// Makes a file's plan of its pages (none for text), and writes it.
    fn finish(&self, file: &OpenFile, outcomes: Vec<PageOutcome>) {
        let pages = outcomes.len();
        let failed: Vec<Failure> = outcomes
            .iter()
            .filter_map(|o| o.as_ref().err())
            .map(|(_, error)| error.into())
            .collect();
        match self.write(file, outcomes) {
            Ok(doubtful_pages) => {
                let NamedInput { input, name, .. } = file.named;
                let failed_pages = failed.len();
                (self.tell)(Event::FileDone { path: &input.path, name, pages, failed_pages });
                let has_problem = failed_pages > 0 || !doubtful_pages.is_empty();
                let path = input.path.display().to_string();
                let problem = Problem { path, failed_pages: failed, doubtful_pages };
                self.record(file.named, Outcome::Done(has_problem.then_some(problem)));
            }
            Err(error) => self.failed(file.named, &error),
        }
    }

    /// Writes a file's outputs and notes them in the journal; gives its doubtful pages.
    fn write(&self, file: &OpenFile, outcomes: Vec<PageOutcome>) -> Result<Vec<u32>> {
        if !outcomes.is_empty() && outcomes.iter().all(Result::is_err) {
            return Err(no_page(outcomes));
        }
        // Time is no property of the input: what it cost is read again by the next run.
        let lasting = !outcomes
            .iter()
            .any(|o| matches!(o, Err((_, error)) if error.kind() == ErrorKind::Timeout));
        let NamedInput { input, name, .. } = file.named;
        let plan = reader::guarded(|| Ok(self.pipeline.understand(&file.file, outcomes)))?;
        let outputs = self.folder.write(name, &plan)?;
        if lasting {
            lock(&self.journal).finish(Done {
                path: input.key.clone(),
                sha256: file.file.sha256().to_owned(),
                settings: self.settings.clone(),
                outputs,
            })?;
        }
        let is_doubtful = |code| code == WarningCode::PageDoubtful;
        let doubtful = plan.warnings.iter().filter(|warning| is_doubtful(warning.code));
        Ok(doubtful.filter_map(|warning| warning.page).collect())
    }

    fn skipped(&self, named: &NamedInput) {
        (self.tell)(Event::FileSkipped { path: &named.input.path, name: &named.name });
        self.record(named, Outcome::Skipped);
    }

    fn failed(&self, named: &NamedInput, error: &Error) {
        (self.tell)(Event::FileFailed { path: &named.input.path, error: error.into() });
        self.record(named, Outcome::Failed(error.into()));
    }

    fn record(&self, named: &NamedInput, outcome: Outcome) {
        lock(&self.results).outcomes.insert(named.index, outcome);
    }

    fn summary(self, inputs: &[NamedInput], found: &Found) -> Summary {
        let results = self.results.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut summary = Summary {
            passed_over: found.passed_over.len(),
            pages: results.pages,
            left: inputs.len() - results.outcomes.len(),
            stopped: self.stop.load(Ordering::Relaxed),
            ..Summary::default()
        };
        for error in &found.failed {
            let path = error.path().unwrap_or(Path::new("")).display().to_string();
            summary.failed.push(FailedInput { path, error: error.into() });
        }
        for (index, outcome) in results.outcomes {
            match outcome {
                Outcome::Skipped => summary.skipped += 1,
                Outcome::Done(problem) => {
                    summary.done += 1;
                    summary.with_problems.extend(problem);
                }
                Outcome::Failed(error) => {
                    let path = inputs[index].input.path.display().to_string();
                    summary.failed.push(FailedInput { path, error });
                }
            }
        }
        summary
    }
}

/// The error of a file of which no page could be read: its first page's, with their number.
fn no_page(outcomes: Vec<PageOutcome>) -> Error {
    let count = outcomes.len();
    let (page, first) = outcomes.into_iter().find_map(Result::err).expect("all pages have failed");
    if count == 1 {
        return first.at_page(page);
    }
    let message = format!("none of {count} pages could be read, page {page}: {}", first.reason());
    let error = Error::new(first.kind(), message);
    match first.hint_text() {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// Locks; what a panicking thread left behind is whole, since panics are caught around the stages.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
