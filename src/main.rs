//! Runs the command line, prints what went wrong, gives the exit code.

mod cli;

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// What one thread frees, others can use again: pages are read by some threads and understood by
/// others, and with glibc's arenas a long file took twice the memory. Tesseract keeps the system's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::main().into()
}
