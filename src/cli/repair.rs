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
    after_help = "The text keeps its lines, blank lines, spaces at line starts and form feeds. Text in TCVN3 (ABC)
or VNI becomes Unicode; text that isn't Vietnamese stays as it is.

Examples:
  sohoa repair old.txt > new.txt
  pdftotext scan.pdf - | sohoa repair
  sohoa repair --changes --min-confidence 0.9 old.txt"
)]
pub struct Arguments {
    /// Text file to repair; `-` is standard input
    #[arg(default_value = STANDARD_INPUT)]
    file: PathBuf,

    /// List the changes instead of the text: line, what stood there, what stands there now and how
    /// sure that is, with tabs between
    #[arg(long)]
    changes: bool,

    /// Leave a word as it was read if its repair is less sure than this, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    min_confidence: f32,
}

fn share(text: &str) -> std::result::Result<f32, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("expected a number from 0 to 1".to_owned()),
    }
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
    let warn = |what: &str| eprintln!("warning: {name}: {what}");
    if let Some(encoding) = input.old_encoding() {
        warn(&format!("the text was in {}, and was converted to Unicode", encoding.name()));
    }
    let repaired = match Repairer::load()?.repair_vietnamese(AlignedText::from_plain(text)) {
        Ok(repaired) => repaired.undo_below(arguments.min_confidence),
        Err(foreign) => {
            warn("this isn't Vietnamese, and stays as it is");
            foreign
        }
    };
    if arguments.changes {
        return super::give(changes(&repaired).as_bytes());
    }
    super::give(repaired.as_str().as_bytes())
}

/// A line for each word that was changed.
fn changes(text: &AlignedText) -> String {
    let mut list = String::new();
    for word in text.words() {
        let now = &text.as_str()[word.span.clone()];
        if now != word.read {
            let line = text.line_at(word.span.start) + 1;
            list += &format!("{line}\t{}\t{now}\t{:.3}\n", word.read, word.confidence);
        }
    }
    list
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
