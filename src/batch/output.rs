//! The output folder: one run at a time, each file whole or not there.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::hex;
use super::journal::{Journal, OutputRecord};
use super::json;
use crate::error::{Error, Result};
use crate::plan::Plan;

/// Begins and ends the names of files that are still being written.
const TEMPORARY: (&str, &str) = (".sohoa-", ".tmp");

/// The endings of an input's outputs.
pub const EXTENSIONS: [&str; 2] = ["json", "txt"];

/// The folder's path; the journal that locks it is kept by whoever opened it.
pub struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Makes the folder if it isn't there, locks it, and removes what a killed run was writing.
    pub fn open(path: &Path) -> Result<(Self, Journal)> {
        fs::create_dir_all(path).map_err(|error| {
            Error::io("cannot make the output folder", path, error)
                .hint("choose a folder that you may write to with -o")
        })?;
        let path = path
            .canonicalize()
            .map_err(|error| Error::io("cannot find the output folder", path, error))?;
        let journal = Journal::open(&path)?;
        let folder = Self { path };
        folder.remove_unfinished().map_err(|error| {
            Error::io("cannot clear the output folder of unfinished files", &folder.path, error)
        })?;
        Ok((folder, journal))
    }

    /// Absolute.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The paths of the files that an input of this name gets.
    pub fn outputs(&self, name: &str) -> [PathBuf; 2] {
        EXTENSIONS.map(|extension| self.path.join(format!("{name}.{extension}")))
    }

    /// Whether these outputs are in place; what they hold is their reader's affair, since people
    /// correct texts by hand.
    pub fn has(&self, outputs: &[OutputRecord]) -> bool {
        outputs.iter().all(|output| self.path.join(&output.file).is_file())
    }

    /// Writes a plan and its text. When this returns, both are on the disk under their names; if
    /// it fails or the machine stops, each is there whole or not at all.
    pub fn write(&self, name: &str, plan: &Plan) -> Result<Vec<OutputRecord>> {
        let [plan_path, text_path] = self.outputs(name);
        let plan_file = Unfinished::write(&plan_path, |out| json::write_plan(plan, out))?;
        let text_file = Unfinished::write(&text_path, |out| write_text(plan, out))?;
        let records = vec![plan_file.publish()?, text_file.publish()?];
        self.flush_names()?;
        Ok(records)
    }

    /// A rename is on the disk only when its folder is.
    fn flush_names(&self) -> Result<()> {
        // Windows can't open folders as files, and has no need to.
        if cfg!(unix) {
            File::open(&self.path)
                .and_then(|folder| folder.sync_all())
                .map_err(|error| Error::io("cannot flush the output folder", &self.path, error))?;
        }
        Ok(())
    }

    fn remove_unfinished(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1) {
                fs::remove_file(self.path.join(&*name))?;
            }
        }
        Ok(())
    }
}

/// The restored text: line i + 1 is entry i of the plan's lines; the last line is ended too.
fn write_text(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    for (index, line) in plan.lines.iter().enumerate() {
        let last = index + 1 == plan.lines.len();
        // A text that ends with a line end has an empty last line.
        let end = if last && line.text.is_empty() { "" } else { "\n" };
        write!(out, "{}{end}", line.text)?;
    }
    Ok(())
}

/// A file that is flushed under a temporary name; removed if it never gets its own.
struct Unfinished {
    temporary: PathBuf,
    target: PathBuf,
    sha256: String,
    published: bool,
}

impl Unfinished {
    fn write(target: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<Self> {
        let name = file_name(target);
        let temporary = target.with_file_name(format!("{}{name}{}", TEMPORARY.0, TEMPORARY.1));
        let failed = |error| {
            Error::io(&format!("cannot write its output {name}"), target, error)
                .hint("see that the disk has room and that you may write there")
        };
        let mut unfinished =
            Self { temporary, target: target.to_owned(), sha256: String::new(), published: false };
        let file = File::create(&unfinished.temporary).map_err(failed)?;
        let mut out = Hashing { inner: BufWriter::new(file), hash: Sha256::new() };
        fill(&mut out).and_then(|()| out.inner.flush()).map_err(failed)?;
        out.inner.get_ref().sync_all().map_err(failed)?;
        unfinished.sha256 = hex::hex(&out.hash.finalize());
        Ok(unfinished)
    }

    /// Puts the file in place of whatever has its name.
    fn publish(mut self) -> Result<OutputRecord> {
        fs::rename(&self.temporary, &self.target).map_err(|error| {
            Error::io(
                &format!("cannot put its output {} in place", file_name(&self.target)),
                &self.target,
                error,
            )
        })?;
        self.published = true;
        Ok(OutputRecord { file: file_name(&self.target), sha256: std::mem::take(&mut self.sha256) })
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.published {
            // The next run removes what can't be removed now.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Hashes what passes through.
struct Hashing<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
