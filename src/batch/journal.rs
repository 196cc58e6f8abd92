//! What a batch has done so far, so that a rerun does only the rest.
//!
//! One JSON object a line in `DIR/.sohoa-journal`, only ever appended to and flushed to the disk
//! before the next step. A line that a crash cut short is cut off at the next start. The open file
//! is locked, so two runs can't write the same folder; the lock dies with its process.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// How long a taken lock is waited for: a child that another thread is just starting holds a copy of
/// it from its fork to its exec, and a run that was killed until the kernel has cleared it away.
const LOCK_PATIENCE: Duration = Duration::from_millis(400);

/// The journal's name in the output folder.
pub const FILE_NAME: &str = ".sohoa-journal";

/// Whether a folder holds outputs. A run that was refused leaves a journal with nothing in it.
pub fn is_in(folder: &Path) -> bool {
    std::fs::metadata(folder.join(FILE_NAME)).is_ok_and(|data| data.len() > 0)
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
enum Entry {
    /// This name belongs to this input, from before anything is written under it.
    Claim { path: String, name: String },
    /// Both outputs are in place.
    Done(Done),
}

/// An input whose outputs are in place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// Which input; see [`Input::key`](super::inputs::Input::key).
    pub path: String,
    /// Of the input's bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Everything besides the input that decides what is written: version, options, models.
    pub settings: String,
    pub outputs: Vec<OutputRecord>,
}

/// An output as it was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutputRecord {
    /// File name in the output folder.
    pub file: String,
    pub sha256: String,
}

/// The open, locked journal of an output folder.
pub struct Journal {
    path: PathBuf,
    file: File,
    claims: BTreeMap<String, String>,
    done: BTreeMap<String, Done>,
}

impl Journal {
    /// Opens the journal of `folder`, or begins one, and locks it.
    ///
    /// # Errors
    /// [`ErrorKind::Busy`] if another run has the folder.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE_NAME);
        let failed = |error| {
            Error::io("cannot open the journal", &path, error)
                .hint("choose a folder that you may write to with -o")
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        let give_up = Instant::now() + LOCK_PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < give_up => {
                    thread::sleep(LOCK_PATIENCE / 20);
                }
                Err(TryLockError::WouldBlock) => return Err(busy(folder)),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        file.set_len(whole as u64).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;

        let mut journal = Self { path, file, claims: BTreeMap::new(), done: BTreeMap::new() };
        for line in bytes[..whole].split(|byte| *byte == b'\n') {
            // A line that is none of ours costs doing its input again, and nothing else.
            if let Ok(entry) = serde_json::from_slice(line) {
                journal.take_in(entry);
            }
        }
        Ok(journal)
    }

    /// The names that were given so far, by input.
    pub fn claims(&self) -> &BTreeMap<String, String> {
        &self.claims
    }

    /// What was last written for this input.
    pub fn done(&self, path: &str) -> Option<&Done> {
        self.done.get(path)
    }

    /// Notes which names belong to which inputs; those already noted are left out.
    pub fn claim<'a>(&mut self, names: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<()> {
        let new = names
            .into_iter()
            .filter(|(path, _)| !self.claims.contains_key(*path))
            .map(|(path, name)| Entry::Claim { path: path.to_owned(), name: name.to_owned() })
            .collect();
        self.append(new)
    }

    /// Notes that an input's outputs are in place.
    pub fn finish(&mut self, done: Done) -> Result<()> {
        self.append(vec![Entry::Done(done)])
    }

    fn append(&mut self, entries: Vec<Entry>) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::new();
        for entry in &entries {
            serde_json::to_writer(&mut lines, entry).expect("journal entries are plain data");
            lines.push(b'\n');
        }
        self.write(&lines).map_err(|error| {
            Error::io("cannot write the journal", &self.path, error)
                .hint("see that the disk has room and that you may write there")
        })?;
        entries.into_iter().for_each(|entry| self.take_in(entry));
        Ok(())
    }

    /// Writes whole lines or none: on a full disk a part may fit, and would spoil the next line.
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        let before = self.file.stream_position()?;
        let written = self.file.write_all(lines).and_then(|()| self.file.sync_data());
        if written.is_err() {
            self.file.set_len(before)?;
            self.file.seek(SeekFrom::Start(before))?;
        }
        written
    }

    fn take_in(&mut self, entry: Entry) {
        match entry {
            Entry::Claim { path, name } => {
                self.claims.insert(path, name);
            }
            Entry::Done(done) => {
                self.done.insert(done.path.clone(), done);
            }
        }
    }
}

fn busy(folder: &Path) -> Error {
    Error::new(ErrorKind::Busy, "another run of sohoa is writing to this folder")
        .at_path(folder)
        .hint("wait until it has ended, or choose another folder with -o")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(path: &str, sha256: &str) -> Done {
        let output = OutputRecord { file: "a.json".to_owned(), sha256: "2".to_owned() };
        Done {
            path: path.to_owned(),
            sha256: sha256.to_owned(),
            settings: "sohoa 0".to_owned(),
            outputs: vec![output],
        }
    }

    #[test]
    fn what_was_noted_is_there_again_and_the_last_entry_holds() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        journal.claim([("/in/a.pdf", "a")]).unwrap();
        journal.finish(done("/in/a.pdf", "1")).unwrap();
        journal.finish(done("/in/a.pdf", "3")).unwrap();
        drop(journal);

        let journal = Journal::open(folder.path()).unwrap();
        assert_eq!(journal.claims()["/in/a.pdf"], "a");
        assert_eq!(journal.done("/in/a.pdf"), Some(&done("/in/a.pdf", "3")));
        assert_eq!(journal.done("/in/b.pdf"), None);
    }

    #[test]
    fn a_line_cut_short_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        journal.finish(done("/a", "1")).unwrap();
        journal.finish(done("/b", "1")).unwrap();
        drop(journal);
        let path = folder.path().join(FILE_NAME);
        let whole = std::fs::read(&path).unwrap();
        let second = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;

        for length in second..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let mut journal = Journal::open(folder.path()).unwrap();
            assert!(journal.done("/a").is_some() && journal.done("/b").is_none(), "{length}");
            journal.finish(done("/b", "1")).unwrap();
            drop(journal);
            assert_eq!(std::fs::read(&path).unwrap(), whole, "{length}");
        }
    }

    #[test]
    fn lines_of_others_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE_NAME), "{\"entry\":\"later\"}\n\n\u{0}\n").unwrap();
        let mut journal = Journal::open(folder.path()).unwrap();
        journal.finish(done("/a", "1")).unwrap();
        drop(journal);
        assert!(Journal::open(folder.path()).unwrap().done("/a").is_some());
    }

    #[test]
    fn a_folder_has_one_writer_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = Journal::open(folder.path()).unwrap();
        let error = Journal::open(folder.path()).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Busy);
        drop(first);
        assert!(Journal::open(folder.path()).is_ok());
    }
}
