//! `sohoa export`: a plan in the forms that other tools take.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use sohoa::batch::STANDARD_INPUT;
use sohoa::export::{to_akoma_ntoso, to_calendar, to_tables};
use sohoa::plan::{Plan, SCHEMA};
use sohoa::{Error, ErrorKind, Result};

/// Turn a plan that `ingest` wrote into a calendar, tables or legal XML
#[derive(Args)]
#[command(after_help = "Examples:
  sohoa export plans/kh145.json --ics > kh145.ics
  sohoa export plans/kh145.json --csv -o tables
  sohoa export plans/kh145.json --akn > kh145.xml")]
pub struct Arguments {
    /// The plan's JSON; `-` is standard input
    #[arg(value_name = "PLAN")]
    plan: PathBuf,

    #[command(flatten)]
    form: Form,

    /// Folder for the tables, which are three files
    #[arg(short, long, value_name = "DIR", required_if_eq("csv", "true"))]
    #[arg(conflicts_with_all = ["ics", "akn"])]
    output: Option<PathBuf>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Form {
    /// Deadlines as an iCalendar file (RFC 5545)
    #[arg(long)]
    ics: bool,

    /// References, deadlines and assignments as tables (RFC 4180)
    #[arg(long)]
    csv: bool,

    /// The text with its sections as Akoma Ntoso 3.0 XML
    #[arg(long)]
    akn: bool,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let plan = read_plan(&arguments.plan)?;
    if arguments.form.akn {
        return super::give(to_akoma_ntoso(&plan).as_bytes());
    }
    if let Some(folder) = &arguments.output {
        return write_tables(&plan, &arguments.plan, folder);
    }
    let calendar = to_calendar(&plan);
    for words in &calendar.left_out {
        super::say(&format!("left out, as it has no day: {words:?}"));
    }
    super::give(calendar.text.as_bytes())
}

/// Reads what `ingest` wrote.
pub fn read_plan(path: &Path) -> Result<Plan> {
    let failed = |error| Error::io("cannot read", path, error);
    let mut bytes = Vec::new();
    if path.as_os_str() == STANDARD_INPUT {
        std::io::stdin().read_to_end(&mut bytes).map_err(failed)?;
    } else {
        bytes = fs::read(path).map_err(failed)?;
    }
    let unfit = || {
        Error::new(ErrorKind::Schema, format!("this is no plan, expected JSON of {SCHEMA}"))
            .at_path(path)
            .hint("make plans with `sohoa ingest FILE -o DIR`")
    };
    let plan: Plan = serde_json::from_slice(&bytes).map_err(|error| unfit().caused_by(error))?;
    if plan.schema == SCHEMA { Ok(plan) } else { Err(unfit()) }
}

fn write_tables(plan: &Plan, source: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)
        .map_err(|error| Error::io("cannot make the output folder", folder, error))?;
    let name = match source.file_stem() {
        Some(stem) if source.as_os_str() != STANDARD_INPUT => stem.to_string_lossy(),
        _ => "plan".into(),
    };
    for table in to_tables(plan) {
        let path = folder.join(format!("{name}.{}.csv", table.name));
        fs::write(&path, table.csv).map_err(|error| Error::io("cannot write", &path, error))?;
    }
    Ok(())
}
