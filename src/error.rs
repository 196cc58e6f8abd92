//! The one error type: what failed, doing what, in which file and on which page, and what mends it.
//!
//! A message says doing what, found what, expected what; lower case, no full stop. The command line
//! prints [`Error::hint`] on a line of its own.

use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of thing went wrong: for programs, which must not read messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused a read or a write.
    Io,
    /// The file has no bytes, or no page.
    Empty,
    /// The content is none of the kinds that are read.
    Unsupported,
    /// The file needs a password.
    Encrypted,
    /// The content breaks its own format: truncated, cyclic, inconsistent.
    Damaged,
    /// The content would take more memory or pixels than allowed.
    TooLarge,
    /// The OCR engine could not be started or failed on a page.
    Ocr,
    /// A page took longer than the limit.
    Timeout,
    /// The user stopped the run.
    Cancelled,
    /// Another run is at work in the same place.
    Busy,
    /// A model file is missing or not what was expected.
    Model,
    /// A JSON file is not of the expected schema.
    Schema,
    /// An option's value makes no sense.
    Usage,
    /// A defect of sohoa itself, caught before it could do harm.
    Internal,
}

/// Why an operation failed.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    path: Option<PathBuf>,
    page: Option<u32>,
    hint: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            path: None,
            page: None,
            hint: None,
            source: None,
        }))
    }

    /// An input or output error on `path`.
    pub fn io(doing: &str, path: &Path, source: std::io::Error) -> Self {
        Self::new(ErrorKind::Io, doing).at_path(path).caused_by(source)
    }

    /// Names the file, unless an inner call has already named one.
    pub fn at_path(mut self, path: &Path) -> Self {
        self.0.path.get_or_insert_with(|| path.to_owned());
        self
    }

    /// Names the page (1-based), unless an inner call has already named one.
    pub fn at_page(mut self, page: u32) -> Self {
        self.0.page.get_or_insert(page);
        self
    }

    /// What the user can do about it: an imperative, with the command where there is one.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    pub fn page(&self) -> Option<u32> {
        self.0.page
    }

    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    pub fn hint_text(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The reason alone, without file and page, for places that name those themselves.
    pub fn reason(&self) -> String {
        let mut text = self.0.message.clone();
        let mut cause = self.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(f, "{}: ", path.display())?;
        }
        if let Some(page) = self.0.page {
            write!(f, "page {page}: ")?;
        }
        f.write_str(&self.reason())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.0.kind)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|e| e as _)
    }
}
