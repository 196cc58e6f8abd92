//! `sohoa schema`, `completions`, `man`: what is generated from the program's own types.

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use sohoa::diff::comparison::Comparison;
use sohoa::plan::Plan;
use sohoa::{Error, ErrorKind, Result};

/// Print the JSON Schema (2020-12) of what `ingest` writes
#[derive(Args)]
pub struct SchemaArguments {
    /// Of what `diff --json` writes
    #[arg(long)]
    diff: bool,
}

/// Print completions for a shell
#[derive(Args)]
#[command(after_help = "Examples:
  sohoa completions bash > ~/.local/share/bash-completion/completions/sohoa
  sohoa completions fish > ~/.config/fish/completions/sohoa.fish")]
pub struct CompletionArguments {
    shell: Shell,
}

/// Print the manual page
#[derive(Args)]
#[command(after_help = "Example:
  sohoa man | man -l -")]
pub struct ManArguments {}

pub fn schema(arguments: &SchemaArguments) -> Result<()> {
    let schema = match arguments.diff {
        true => schemars::schema_for!(Comparison),
        false => schemars::schema_for!(Plan),
    };
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain data");
    text.push('\n');
    super::give(text.as_bytes())
}

pub fn completions(arguments: &CompletionArguments) -> Result<()> {
    let mut script = Vec::new();
    let mut command = super::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "sohoa", &mut script);
    super::give(&script)
}

pub fn man() -> Result<()> {
    let mut page = Vec::new();
    render(super::Arguments::command(), &mut page).map_err(|error| {
        Error::new(ErrorKind::Internal, "cannot lay out the manual page").caused_by(error)
    })?;
    super::give(&page)
}

/// One page for the program, with each command's options as sections.
fn render(mut command: clap::Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    command.build();
    clap_mangen::Man::new(command.clone()).render(page)?;
    for subcommand in command.get_subcommands().filter(|c| c.get_name() != "help") {
        let man = clap_mangen::Man::new(subcommand.clone());
        page.extend_from_slice(format!(".SH {}\n", subcommand.get_name()).as_bytes());
        man.render_synopsis_section(page)?;
        man.render_description_section(page)?;
        man.render_options_section(page)?;
    }
    Ok(())
}
