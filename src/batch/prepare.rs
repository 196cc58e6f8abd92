//! Before anything is written: names for the outputs, and nothing in their way.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::inputs::{Found, Input};
use super::journal::Journal;
use super::names;
use super::output::OutputFolder;
use crate::error::{Error, ErrorKind, Result};

/// An input and the name of its outputs.
pub struct NamedInput {
    /// Place among the inputs.
    pub index: usize,
    pub input: Input,
    pub name: String,
}

/// Refuses an output folder that is itself an input: its outputs would be read by the next run.
///
/// # Errors
/// [`ErrorKind::Usage`].
pub fn refuse_as_output(folder: &Path, named: &[PathBuf]) -> Result<()> {
    let Ok(absolute) = folder.canonicalize() else {
        return Ok(());
    };
    match named.iter().find(|path| path.canonicalize().is_ok_and(|path| path == absolute)) {
        None => Ok(()),
        Some(path) => Err(Error::new(ErrorKind::Usage, "the output folder is itself an input")
            .at_path(path)
            .hint("choose a folder beside or inside it with -o")),
    }
}

/// Gives the inputs their names, and notes in the journal whose they are.
///
/// # Errors
/// [`ErrorKind::Usage`] if an output would go over an input, or, unless it is to be forced, over a
/// file that the journal doesn't know.
pub fn name(
    found: &Found,
    folder: &OutputFolder,
    journal: &mut Journal,
    force: bool,
) -> Result<Vec<NamedInput>> {
    let keys: Vec<&str> = found.inputs.iter().map(|input| input.key.as_str()).collect();
    let names = names::assign(&keys, journal.claims());
    let all_keys: BTreeSet<&str> = keys.iter().copied().collect();
    for (key, name) in keys.iter().zip(&names) {
        let ours = journal.claims().contains_key(*key);
        for output in folder.outputs(name) {
            if all_keys.contains(&*output.to_string_lossy()) {
                return Err(Error::new(ErrorKind::Usage, "this input would be written over")
                    .at_path(&output)
                    .hint("choose another folder with -o"));
            }
            if !ours && !force && output.exists() {
                let message = "found a file that sohoa did not write where output would go";
                return Err(Error::new(ErrorKind::Usage, message)
                    .at_path(&output)
                    .hint("choose another folder with -o, or write over it with --force"));
            }
        }
    }
    journal.claim(keys.iter().copied().zip(names.iter().map(String::as_str)))?;
    let inputs = found.inputs.iter().cloned().zip(names).enumerate();
    Ok(inputs.map(|(index, (input, name))| NamedInput { index, input, name }).collect())
}
