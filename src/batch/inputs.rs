//! What the user named, as a list of input files in order: folders walked, duplicates left out.
//!
//! In folders, pictures and PDFs are known by their content, whatever their names; text by its
//! extension, because nearly every file could be text. A file whose extension promises a kind that
//! is read is taken too: if it is damaged, that is an error and not to be passed over. What is
//! passed over is listed, so that nobody believes it was read.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::journal;
use crate::error::{Error, ErrorKind};
use crate::input::{self, HEAD_BYTES};

/// How the user names standard input.
pub const STANDARD_INPUT: &str = "-";

/// Extensions that promise a kind of file that is read.
const EXTENSIONS: [&str; 10] =
    ["pdf", "tif", "tiff", "png", "jpg", "jpeg", "txt", "text", "md", "markdown"];

/// One file to ingest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// As the user named it, or the folder as named with the way inside; `stdin` for standard
    /// input. For messages and the JSON.
    pub path: PathBuf,
    /// Which input this is, from run to run: its absolute path, or `stdin`.
    pub key: String,
    pub origin: Origin,
}

/// Where an input's bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    File,
    StandardInput,
}

/// What the named files and folders hold.
#[derive(Debug, Default)]
pub struct Found {
    /// Files in the order in which they were named; those of a folder sorted by path.
    pub inputs: Vec<Input>,
    /// Files in folders that are of no kind that is read, and folders that hold outputs of other
    /// runs.
    pub passed_over: Vec<PathBuf>,
    /// What could not be looked at, or isn't there; each error names its path.
    pub failed: Vec<Error>,
}

/// Lists the files behind `named`. Folders below them that hold outputs are not entered: `output`
/// (an absolute path), and those of other runs, which are known by their journal.
pub fn find(named: &[PathBuf], output: &Path) -> Found {
    let mut found = Found::default();
    for path in named {
        if path.as_os_str() == STANDARD_INPUT {
            let name = "stdin";
            let origin = Origin::StandardInput;
            found.inputs.push(Input { path: name.into(), key: name.to_owned(), origin });
        } else if path.is_dir() {
            walk(path, output, &mut found);
        } else {
            found.add(path);
        }
    }
    let mut seen = BTreeSet::new();
    found.inputs.retain(|input| seen.insert(input.key.clone()));
    found
}

impl Found {
    fn add(&mut self, path: &Path) {
        match path.canonicalize() {
            Ok(absolute) => self.inputs.push(Input {
                path: path.to_owned(),
                key: key(&absolute),
                origin: Origin::File,
            }),
            Err(error) => self.failed.push(
                Error::io("cannot read", path, error)
                    .hint("name files and folders that exist; quote names that have spaces"),
            ),
        }
    }
}

fn walk(folder: &Path, output: &Path, found: &mut Found) {
    let before = found.inputs.len();
    let mut entries = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {
                let is_output = entry.path().canonicalize().is_ok_and(|path| path == output);
                if is_output || entry.depth() > 0 && journal::is_in(entry.path()) {
                    entries.skip_current_dir();
                    if !is_output {
                        found.passed_over.push(entry.into_path());
                    }
                }
            }
            Ok(entry) if !entry.file_type().is_file() => found.passed_over.push(entry.into_path()),
            Ok(entry) => match is_read(entry.path()) {
                Ok(true) => found.add(entry.path()),
                Ok(false) => found.passed_over.push(entry.into_path()),
                Err(error) => found.failed.push(Error::io("cannot read", entry.path(), error)),
            },
            // What lies behind it is read where it stands.
            Err(error) if error.loop_ancestor().is_some() => {
                found.passed_over.extend(error.path().map(Path::to_owned));
            }
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                let doing = match path.is_symlink() {
                    true => "cannot follow the link",
                    false => "cannot read the folder",
                };
                let cause = error.into_io_error().expect("all errors but loops are of reading");
                found.failed.push(Error::io(doing, &path, cause));
            }
        }
    }
    if found.inputs.len() == before {
        found.failed.push(
            Error::new(ErrorKind::Empty, "the folder has no file of a kind that is read")
                .at_path(folder)
                .hint("name a folder with PDF, TIFF, PNG, JPEG, .txt or .md files"),
        );
    }
}

/// Whether a file in a folder is of a kind that is read.
fn is_read(path: &Path) -> io::Result<bool> {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if EXTENSIONS.contains(&extension.as_str()) {
        return Ok(true);
    }
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(input::is_scan(&head))
}

/// A path as text; bytes that are no valid UTF-8 as `%` and two hexadecimal digits.
fn key(path: &Path) -> String {
    let mut key = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        key.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| key.push_str(&format!("%{byte:02X}")));
    }
    key
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn paths(inputs: &[Input], root: &Path) -> Vec<String> {
        let relative = |input: &Input| {
            input.path.strip_prefix(root).unwrap_or(&input.path).display().to_string()
        };
        inputs.iter().map(relative).collect()
    }

    #[test]
    fn folders_give_what_is_read_sorted_and_list_the_rest() {
        let root = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("b/scan", "%PDF-1.4"),
            ("b/late", "\n\n%PDF-1.4"),
            ("a.TXT", "kế hoạch"),
            ("a.md", ""),
            ("page.dat", "II*\0"),
            ("empty.pdf", ""),
            ("page.html", "<html>"),
            ("data.json", "{}"),
            ("old-output/plan.txt", "kế hoạch"),
            ("old-output/.sohoa-journal", "{}\n"),
            ("output/plan.txt", "kế hoạch"),
            ("refused/.sohoa-journal", ""),
            ("refused/kept.txt", "kế hoạch"),
        ] {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let output = root.path().canonicalize().unwrap().join("output");
        let found = find(&[root.path().to_owned()], &output);
        assert_eq!(
            paths(&found.inputs, root.path()),
            ["a.TXT", "a.md", "b/late", "b/scan", "empty.pdf", "page.dat", "refused/kept.txt"]
        );
        let passed_over: Vec<_> =
            found.passed_over.iter().map(|p| p.file_name().unwrap()).collect();
        assert_eq!(passed_over, ["data.json", "old-output", "page.html", ".sohoa-journal"]);
        assert!(found.failed.is_empty());
    }

    #[test]
    fn a_file_that_is_named_is_taken_whatever_it_is_but_only_once() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("data.json");
        fs::write(&file, "{}").unwrap();
        let again = root.path().join(".").join("data.json");
        let found = find(&[file.clone(), again, "-".into(), "-".into()], Path::new("/out"));
        assert_eq!(paths(&found.inputs, root.path()), ["data.json", "stdin"]);
    }

    #[test]
    fn what_is_not_there_or_holds_nothing_is_named() {
        let root = tempfile::tempdir().unwrap();
        let found = find(&[root.path().join("no.pdf"), root.path().to_owned()], Path::new("/out"));
        assert!(found.inputs.is_empty());
        let kinds: Vec<_> = found.failed.iter().map(Error::kind).collect();
        assert_eq!(kinds, [ErrorKind::Io, ErrorKind::Empty]);
        assert!(found.failed.iter().all(|error| error.path().is_some()));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_but_not_in_circles_and_dead_ones_are_named() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("plan.txt"), "kế hoạch").unwrap();
        symlink("plan.txt", root.path().join("again.txt")).unwrap();
        symlink(".", root.path().join("circle")).unwrap();
        symlink("gone.pdf", root.path().join("dead.pdf")).unwrap();
        let found = find(&[root.path().to_owned()], Path::new("/out"));
        assert_eq!(paths(&found.inputs, root.path()), ["again.txt"], "one file, once");
        assert_eq!(found.passed_over, [root.path().join("circle")]);
        let [error] = &found.failed[..] else { panic!("{:?}", found.failed) };
        assert_eq!(error.path(), Some(&*root.path().join("dead.pdf")));
        assert!(error.reason().starts_with("cannot follow the link: "), "{error}");
        assert_eq!(error.reason().matches("No such file").count(), 1, "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_utf_8_stay_distinct() {
        use std::os::unix::ffi::OsStrExt;
        let key_of = |bytes: &[u8]| key(Path::new(std::ffi::OsStr::from_bytes(bytes)));
        assert_eq!(key_of("/kế".as_bytes()), "/kế");
        assert_eq!(key_of(b"/a\xffb"), "/a%FFb");
        assert_ne!(key_of(b"/\xff"), key_of(b"/\xfe"));
    }
}
