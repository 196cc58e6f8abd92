//! Runs the command line, prints what went wrong, gives the exit code.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main().into()
}
