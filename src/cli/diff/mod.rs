//! `sohoa diff`: two plans compared, or a folder of plans with the plan above them.

mod read;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;
use serde::Serialize;
use sohoa::diff::comparison::{ComparedFile, Comparison};
use sohoa::diff::{self, search, view};
use sohoa::plan::Plan;
use sohoa::{Error, ErrorKind, Result};

use self::read::Reader;
use super::Exit;

/// Compare a plan with the plan above it: what was taken over, changed, added, dropped
#[derive(Args)]
#[command(after_help = "Inputs are plans that ingest wrote (JSON), or anything that ingest reads.

Examples:
  sohoa diff ward.json province.json | less -R
  sohoa diff ward.pdf province.pdf --html > comparison.html
  sohoa diff --against province.json plans/        a table of all plans of a folder
  sohoa diff ward.json --find-upper plans/         look for the plan above it
  sohoa diff --find-upper plans/ --json            each plan with the one above it, if it is there")]
pub struct Arguments {
    /// The plan of the lower level, `-` for standard input; with --against, a folder of them
    #[arg(value_name = "LOWER")]
    lower: Option<PathBuf>,

    /// The plan that it carries out
    #[arg(value_name = "UPPER", conflicts_with_all = ["against", "find_upper"])]
    upper: Option<PathBuf>,

    /// Compare every plan of the folder LOWER with this one
    #[arg(long, value_name = "UPPER", conflicts_with = "find_upper")]
    against: Option<PathBuf>,

    /// Look for the upper plan in this folder
    #[arg(long, value_name = "DIR")]
    find_upper: Option<PathBuf>,

    /// Print JSON; of many plans, one object a line
    #[arg(long, conflicts_with = "html")]
    json: bool,

    /// Print a page
    #[arg(long)]
    html: bool,

    /// Columns of the terminal [default: as wide as it is]
    #[arg(long, value_name = "COLUMNS")]
    width: Option<usize>,
}

pub fn run(arguments: &Arguments) -> Result<Exit> {
    let reader = Reader::default();
    match (&arguments.lower, &arguments.upper, &arguments.against, &arguments.find_upper) {
        (Some(lower), Some(upper), None, None) => {
            let comparison = compare(&reader, lower, upper)?;
            show_one(arguments, &comparison).map(|()| Exit::Done)
        }
        (Some(folder), None, Some(upper), None) => {
            let upper_plan = reader.read(upper)?;
            let mut paths = read::files(folder)?;
            // The upper plan may lie among those that carry it out.
            let own = upper.canonicalize().ok();
            paths.retain(|path| own.is_none() || path.canonicalize().ok() != own);
            let files = paths.par_iter().map(|path| {
                let compared = reader.read(path).and_then(|plan| diff::compare(&plan, &upper_plan));
                file(path, Some(upper), compared)
            });
            show_many(arguments, &files.collect::<Vec<_>>())
        }
        (Some(lower), None, None, Some(folder)) => {
            let plan = reader.read(lower)?;
            let (upper, upper_plan) = find_one(&reader, &plan, lower, folder)?;
            super::say(&format!("upper plan: {}", upper.display()));
            let comparison = diff::compare(&plan, &upper_plan).map_err(|e| e.at_path(lower))?;
            show_one(arguments, &comparison).map(|()| Exit::Done)
        }
        (None, None, None, Some(folder)) => {
            let files = find_all(&reader, folder)?;
            show_many(arguments, &files)
        }
        _ => Err(Error::new(ErrorKind::Usage, "found too few plans, expected LOWER and UPPER")
            .hint(
                "sohoa diff LOWER UPPER, or sohoa diff --against UPPER DIR; see sohoa diff --help",
            )),
    }
}

fn compare(reader: &Reader, lower: &Path, upper: &Path) -> Result<Comparison> {
    let (lower_plan, upper_plan) = (reader.read(lower)?, reader.read(upper)?);
    for (plan, path) in [(&lower_plan, lower), (&upper_plan, upper)] {
        diff::check(plan).map_err(|error| error.at_path(path))?;
    }
    diff::compare(&lower_plan, &upper_plan)
}

fn file(path: &Path, upper: Option<&PathBuf>, compared: Result<Comparison>) -> ComparedFile {
    let (comparison, error) = match compared {
        Ok(comparison) => (Some(comparison), None),
        Err(error) => (None, Some(error.reason())),
    };
    ComparedFile {
        path: path.display().to_string(),
        upper: upper.map(|upper| upper.display().to_string()),
        comparison,
        error,
    }
}

/// The best plan above `plan` among those of a folder.
fn find_one(reader: &Reader, plan: &Plan, lower: &Path, folder: &Path) -> Result<(PathBuf, Plan)> {
    let own = lower.canonicalize().ok();
    let others: Vec<PathBuf> =
        read::files(folder)?.into_iter().filter(|path| path.canonicalize().ok() != own).collect();
    let plans: Vec<Result<Plan>> = others.par_iter().map(|path| reader.read(path)).collect();
    let mut known: Vec<(PathBuf, Plan)> = Vec::new();
    for (path, read) in others.into_iter().zip(plans) {
        match read {
            Ok(plan) => known.push((path, plan)),
            Err(error) => super::say(&format!("passed over: {error}")),
        }
    }
    let mut entries = vec![search::Entry::new(plan)];
    entries.extend(known.iter().map(|(_, plan)| search::Entry::new(plan)));
    let found = search::find_uppers(&entries).swap_remove(0);
    let Some(candidate) = found else {
        let message = format!("cannot find the upper plan in {}", folder.display());
        return Err(Error::new(ErrorKind::Empty, message)
            .at_path(lower)
            .hint("name it: sohoa diff LOWER UPPER"));
    };
    Ok(known.swap_remove(candidate.index - 1))
}

/// Every plan of a folder with the plan above it; those that have none there are left out.
fn find_all(reader: &Reader, folder: &Path) -> Result<Vec<ComparedFile>> {
    let paths = read::files(folder)?;
    let plans: Vec<Result<Plan>> = paths.par_iter().map(|path| reader.read(path)).collect();
    let mut known: Vec<(&PathBuf, Plan)> = Vec::new();
    let mut files = Vec::new();
    for (path, read) in paths.iter().zip(plans) {
        match read {
            Ok(plan) => known.push((path, plan)),
            Err(error) => files.push(file(path, None, Err(error))),
        }
    }
    let entries: Vec<search::Entry> =
        known.par_iter().map(|(_, plan)| search::Entry::new(plan)).collect();
    let found = search::find_uppers(&entries);
    let compared = known.par_iter().zip(found).filter_map(|((path, plan), candidate)| {
        let (upper, upper_plan) = &known[candidate?.index];
        Some(file(path, Some(upper), diff::compare(plan, upper_plan)))
    });
    files.extend(compared.collect::<Vec<_>>());
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a comparison is plain data")
}

fn show_one(arguments: &Arguments, comparison: &Comparison) -> Result<()> {
    let text = if arguments.json {
        to_json(comparison) + "\n"
    } else if arguments.html {
        view::page(comparison)
    } else {
        let terminal = view::Terminal { width: width(arguments), color: color() };
        terminal.render(comparison)
    };
    super::give(text.as_bytes())
}

fn show_many(arguments: &Arguments, files: &[ComparedFile]) -> Result<Exit> {
    let text = if arguments.json {
        files.iter().map(|file| to_json(file) + "\n").collect()
    } else if arguments.html {
        view::pages(files)
    } else {
        view::table(files)
    };
    super::give(text.as_bytes())?;
    let failed: Vec<&ComparedFile> = files.iter().filter(|file| file.error.is_some()).collect();
    for file in &failed {
        super::say(&format!("failed: {}: {}", file.path, file.error.as_deref().unwrap_or("")));
    }
    Ok(if failed.is_empty() { Exit::Done } else { Exit::SomeFailed })
}

/// Columns where nothing says how many there are.
const PLAIN_WIDTH: usize = 120;

fn width(arguments: &Arguments) -> usize {
    let named = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    arguments.width.or(named).or_else(measured).unwrap_or(PLAIN_WIDTH)
}

/// Colour for people only; <https://no-color.org>.
fn color() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stdout().is_terminal() && !refused
}
