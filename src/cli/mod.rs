//! The command line: arguments to checked options, one module for each command.
//!
//! Data goes to standard output, all else to standard error. What a command does is in the library.

mod diff;
mod export;
mod generate;
mod ingest;
mod page;
mod progress;
mod repair;
mod summary;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use sohoa::{Error, ErrorKind, Result};

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All is done.
    Done = 0,
    /// Some inputs failed; each was named, the others are written.
    SomeFailed = 1,
    /// The command or an option makes no sense.
    Usage = 2,
    /// The user stopped the run; as a shell counts Ctrl-C.
    Stopped = 130,
}

impl Exit {
    /// For an error that ends the program.
    fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Usage => Self::Usage,
            _ => Self::SomeFailed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Turns scanned Vietnamese administrative documents into structured JSON.
#[derive(Parser)]
#[command(name = "sohoa", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Examples:
  sohoa ingest scans/ -o plans        read every scan of a folder
  sohoa export plan.json --ics        its deadlines as a calendar
  sohoa repair old.txt > new.txt      put diacritics back into a text
  sohoa diff ward.json province.json  compare a plan with the plan above it
  sohoa schema > plan.schema.json     what the JSON looks like

Exit codes: 0 all done, 1 some inputs failed, 2 wrong usage, 130 stopped by Ctrl-C.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Ingest(ingest::Arguments),
    Export(export::Arguments),
    Repair(repair::Arguments),
    Diff(diff::Arguments),
    Schema(generate::SchemaArguments),
    Completions(generate::CompletionArguments),
    Man(generate::ManArguments),
}

/// Runs the command that the arguments name.
pub fn main() -> Exit {
    // Wrong arguments end the program here, with clap's message and exit code 2.
    let ended = match Arguments::parse().command {
        Command::Ingest(arguments) => ingest::run(arguments),
        Command::Export(arguments) => export::run(&arguments).map(|()| Exit::Done),
        Command::Repair(arguments) => repair::run(&arguments).map(|()| Exit::Done),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Schema(arguments) => generate::schema(&arguments).map(|()| Exit::Done),
        Command::Completions(arguments) => generate::completions(&arguments).map(|()| Exit::Done),
        Command::Man(_) => generate::man().map(|()| Exit::Done),
    };
    ended.unwrap_or_else(|error| {
        say(&describe(&error));
        Exit::of(&error)
    })
}

/// An error with its hint, as the user sees it.
fn describe(error: &Error) -> String {
    match error.hint_text() {
        Some(hint) => format!("error: {error}\nhint: {hint}"),
        None => format!("error: {error}"),
    }
}

/// Prints to standard error. Nobody may be listening, and that is no error.
fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes data to standard output. A reader that has seen enough (`| head`) is no error.
fn give(data: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(data).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::new(ErrorKind::Io, "cannot write to standard output").caused_by(error))
        }
        _ => Ok(()),
    }
}
