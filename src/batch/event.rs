//! What a batch tells while it runs, and what it has to say at its end.

use std::path::Path;

use serde::Serialize;

use crate::error::{Error, ErrorKind};

/// Something that happened; as JSON an object with its name under `event`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event<'a> {
    /// The inputs are known: their number, and the files in folders that are no input.
    Started { files: usize, passed_over: usize, workers: usize },
    /// A file in a folder is of no kind that is read.
    PassedOver { path: &'a Path },
    /// A file that will be read is open.
    FileOpened { path: &'a Path, pages: usize },
    /// An input's outputs are there and still right.
    FileSkipped { path: &'a Path, name: &'a str },
    /// A page was read.
    PageDone { path: &'a Path, page: u32 },
    /// A page could not be read; its file goes on without it.
    PageFailed { path: &'a Path, page: u32, error: Failure },
    /// An input's outputs are written.
    FileDone { path: &'a Path, name: &'a str, pages: usize, failed_pages: usize },
    /// An input gave no outputs.
    FileFailed { path: &'a Path, error: Failure },
}

/// An error as data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    pub kind: ErrorKind,
    pub reason: String,
    /// 1-based page, if it is about one.
    pub page: Option<u32>,
    pub hint: Option<String>,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self {
            kind: error.kind(),
            reason: error.reason(),
            page: error.page(),
            hint: error.hint_text().map(str::to_owned),
        }
    }
}

/// What a batch came to. Lists are in the order of the inputs, whichever was ready first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Inputs whose outputs were written.
    pub done: usize,
    /// Inputs whose outputs were there already.
    pub skipped: usize,
    /// Inputs that were not begun because the run was stopped.
    pub left: usize,
    /// Files in folders that are of no kind that is read.
    pub passed_over: usize,
    /// Pages that were read in this run.
    pub pages: usize,
    /// Of those written, the inputs that lack pages, or that a person should look at.
    pub with_problems: Vec<Problem>,
    pub failed: Vec<FailedInput>,
    /// Whether the run was stopped by the user.
    pub stopped: bool,
}

/// An input that was written, but not all of it, or not surely right.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    pub path: String,
    /// Pages whose text is missing, each with the reason.
    pub failed_pages: Vec<Failure>,
    /// Pages that were read with low confidence throughout.
    pub doubtful_pages: Vec<u32>,
}

/// An input that gave no outputs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FailedInput {
    pub path: String,
    pub error: Failure,
}
