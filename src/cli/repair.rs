//! `sohoa repair`: a filter that puts lost diacritics back, line by line.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use sohoa::input::InputFile;
use sohoa::repair::Repairer;
use sohoa::text::AlignedText;
use sohoa::{Error, ErrorKind, Result};

/// Repair a text: put back the diacritics and letters that a bad reading lost
#[derive(Args)]
#[command(
    after_help = "The text keeps its lines, blank lines, spaces at line starts and form feeds.

Examples:
  sohoa repair old.txt > new.txt
  pdftotext scan.pdf - | sohoa repair"
)]
pub struct Arguments {
    /// Text file to repair; `-` is standard input
    #[arg(default_value = "-")]
    file: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let input = open(&arguments.file)?;
    let text = input.text().ok_or_else(|| {
        let message = format!("cannot repair this: found {}, expected text", input.media_type());
        Error::new(ErrorKind::Unsupported, message)
            .at_path(&arguments.file)
            .hint("read scans with `sohoa ingest FILE -o DIR`")
    })?;
    let repaired = Repairer::load()?.repair(AlignedText::from_plain(text));
    super::give(repaired.as_str().as_bytes())
}

/// An empty text is a text too, though no document.
fn open(path: &Path) -> Result<InputFile> {
    if path.as_os_str() != "-" {
        return InputFile::open(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| Error::io("cannot read", Path::new("stdin"), error))?;
    InputFile::from_bytes("stdin", bytes)
}
