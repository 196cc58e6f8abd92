//! `sohoa repair`: a filter that puts lost diacritics back, line by line.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use sohoa::input::InputFile;
use sohoa::repair::Repairer;
use sohoa::text::AlignedText;
use sohoa::{Error, ErrorKind, Result};

use sohoa::batch::STANDARD_INPUT;

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
    #[arg(default_value = STANDARD_INPUT)]
    file: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let (name, bytes) = read(&arguments.file)?;
    // No document, but a filter passes on what it gets.
    if bytes.is_empty() {
        return Ok(());
    }
    let input = InputFile::from_bytes(&name, bytes)?;
    let text = input.text().ok_or_else(|| {
        let message = format!("cannot repair this: found {}, expected text", input.media_type());
        Error::new(ErrorKind::Unsupported, message)
            .at_path(&arguments.file)
            .hint("read scans with `sohoa ingest FILE -o DIR`")
    })?;
    let repaired = Repairer::load()?.repair(AlignedText::from_plain(text));
    super::give(repaired.as_str().as_bytes())
}

/// The name and the bytes of a file or of standard input.
fn read(path: &Path) -> Result<(String, Vec<u8>)> {
    let failed = |error| Error::io("cannot read", path, error);
    if path.as_os_str() != STANDARD_INPUT {
        return Ok((path.display().to_string(), std::fs::read(path).map_err(failed)?));
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(failed)?;
    Ok(("stdin".to_owned(), bytes))
}
