//! Reading pages under guard: a page that panics or never ends costs that page.
//!
//! A thread can't be killed, so each worker has its pages read by a companion thread that owns the
//! engine, and waits. When the time is up the companion is left to itself: it ends after its page,
//! with its engine, and the worker goes on with a new one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use crate::error::{Error, ErrorKind, Result};
use crate::input::{InputFile, PageImage};
use crate::ocr::{OcrEngine, OcrPage};
use crate::pipeline::Pipeline;

/// Makes an engine for one thread.
pub type EngineMaker = Arc<dyn Fn() -> Result<Box<dyn OcrEngine>> + Send + Sync>;

/// How many companions may be left to themselves at a time. Each holds an engine and a page, a
/// hundred megabytes or so; where all are in use, pages wait, so memory stays bounded.
const MOST_ABANDONED: usize = 4;

/// Stack of threads that read untrusted files. Parsers recurse, a stack that overflows ends the
/// whole program, and what isn't touched costs nothing.
pub const STACK_BYTES: usize = 64 << 20;

/// What the readers of a batch share.
pub struct Readers {
    pipeline: Arc<Pipeline>,
    make_engine: EngineMaker,
    limit: Duration,
    /// One token for each companion that may live.
    tokens: (Sender<()>, Receiver<()>),
}

impl Readers {
    /// For `workers` workers; a page may take `limit`.
    pub fn new(
        pipeline: Arc<Pipeline>,
        make_engine: EngineMaker,
        workers: usize,
        limit: Duration,
    ) -> Arc<Self> {
        let most = workers + MOST_ABANDONED;
        let tokens = bounded(most);
        (0..most).for_each(|_| tokens.0.send(()).expect("the channel has room for all tokens"));
        Arc::new(Self { pipeline, make_engine, limit, tokens })
    }
}

/// One worker's reader.
pub struct PageReader {
    shared: Arc<Readers>,
    companion: Option<Companion>,
}

struct Companion {
    jobs: Sender<Job>,
    thread: JoinHandle<()>,
}

/// The right to be a companion; goes back when dropped.
struct Token(Sender<()>);

impl Drop for Token {
    fn drop(&mut self) {
        // There is room: the token was taken from there.
        let _ = self.0.try_send(());
    }
}

struct Job {
    file: Arc<InputFile>,
    page: u32,
    answer: Sender<Result<OcrPage>>,
}

impl PageReader {
    pub fn new(shared: Arc<Readers>) -> Self {
        Self { shared, companion: None }
    }

    /// Reads one page (1-based).
    ///
    /// # Errors
    /// Those of [`Pipeline::read_page`]; [`ErrorKind::Timeout`] if the page takes too long,
    /// [`ErrorKind::Internal`] if reading it panics.
    pub fn read(&mut self, file: &Arc<InputFile>, page: u32) -> Result<OcrPage> {
        let companion = match self.companion.take() {
            Some(companion) => companion,
            None => Companion::start(&self.shared)?,
        };
        let (sender, answer) = bounded(1);
        let job = Job { file: file.clone(), page, answer: sender };
        companion.jobs.send(job).map_err(|_| ended())?;
        let read =
            wait(&answer, "reading", self.shared.limit).map_err(|error| error.at_page(page))?;
        // Only a companion that has answered is ready for another page.
        self.companion = Some(companion);
        read
    }
}

impl Drop for PageReader {
    /// Waits for the companion, so that no engine is at work when the program ends.
    fn drop(&mut self) {
        if let Some(Companion { jobs, thread }) = self.companion.take() {
            drop(jobs);
            // It ends when its channel does; its panics were caught page by page.
            let _ = thread.join();
        }
    }
}

impl Companion {
    fn start(shared: &Arc<Readers>) -> Result<Self> {
        if shared.tokens.1.recv_timeout(shared.limit).is_err() {
            let message = format!("not begun: {MOST_ABANDONED} pages that were given up still run");
            return Err(Error::new(ErrorKind::Timeout, message)
                .hint("run again without the files that they are in"));
        }
        let token = Token(shared.tokens.0.clone());
        let (jobs, inbox) = bounded::<Job>(1);
        let shared = shared.clone();
        let thread = thread::Builder::new()
            .name("sohoa-reader".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || {
                let _token = token;
                read_all(&shared, &inbox);
            })
            .map_err(|error| Error::new(ErrorKind::Io, "cannot start a thread").caused_by(error))?;
        Ok(Self { jobs, thread })
    }
}

/// A companion's work: pages as they come, until nobody sends any more.
fn read_all(shared: &Readers, inbox: &Receiver<Job>) {
    let mut engine = LazyEngine { make: shared.make_engine.clone(), engine: None };
    for job in inbox {
        let read = guarded(|| shared.pipeline.read_page(&job.file, job.page, &mut engine));
        if matches!(&read, Err(error) if error.kind() == ErrorKind::Internal) {
            // After a panic the engine may be in any state.
            engine.engine = None;
        }
        // Nobody listens any more if the time was up.
        let _ = job.answer.send(read.map_err(|error| error.at_page(job.page)));
    }
}

/// An engine that is made when the first picture comes; text layers need none.
struct LazyEngine {
    make: EngineMaker,
    engine: Option<Box<dyn OcrEngine>>,
}

impl OcrEngine for LazyEngine {
    fn read(&mut self, image: &PageImage, number: u32) -> Result<OcrPage> {
        let engine = match self.engine.take() {
            Some(engine) => engine,
            None => (self.make)()?,
        };
        self.engine.insert(engine).read(image, number)
    }
}

/// Does some work on a thread of its own, for at most `limit`; then it is left to itself.
pub fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let (sender, answer) = bounded(1);
    thread::Builder::new()
        .name("sohoa-opener".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || sender.send(guarded(work)))
        .map_err(|error| Error::new(ErrorKind::Io, "cannot start a thread").caused_by(error))?;
    wait(&answer, "opening", limit)?
}

/// Does some work; a panic becomes an error.
pub fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let said = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("for an unknown reason");
        Err(Error::new(ErrorKind::Internal, format!("sohoa itself failed: {said}"))
            .hint("please report this, with the file if it may be shown"))
    })
}

fn wait<T>(answer: &Receiver<T>, doing: &str, limit: Duration) -> Result<T> {
    answer.recv_timeout(limit).map_err(|error| match error {
        RecvTimeoutError::Disconnected => ended(),
        RecvTimeoutError::Timeout => Error::new(
            ErrorKind::Timeout,
            format!("{doing} it was given up after {} s", limit.as_secs_f64()),
        )
        .hint("allow more time with --page-timeout SECONDS"),
    })
}

fn ended() -> Error {
    Error::new(ErrorKind::Internal, "a reading thread ended before its page was read")
}
