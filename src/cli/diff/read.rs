//! Plans for a comparison: as `ingest` wrote them, or read here from whatever `ingest` reads.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rayon::prelude::*;
use sohoa::batch::STANDARD_INPUT;
use sohoa::input::{InputFile, is_scan};
use sohoa::ocr::{OcrEngine, TesseractEngine};
use sohoa::pipeline::{OcrMode, PageOutcome, Pipeline};
use sohoa::plan::Plan;
use sohoa::repair::Repairer;
use sohoa::{Error, ErrorKind, Result, diff};

/// Reads plans; the models are loaded when the first file needs them.
#[derive(Default)]
pub struct Reader {
    pipeline: OnceLock<Pipeline>,
}

impl Reader {
    pub fn read(&self, path: &Path) -> Result<Plan> {
        let bytes = bytes_of(path).map_err(|error| {
            Error::io("cannot read", path, error).hint("name a plan (JSON), a scan or a text")
        })?;
        let plan = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => diff::plan_from_json(&bytes),
            _ => self.ingest(path, bytes),
        };
        plan.map_err(|error| error.at_path(path))
    }

    fn ingest(&self, path: &Path, bytes: Vec<u8>) -> Result<Plan> {
        let file = InputFile::from_bytes(&path.display().to_string(), bytes)?;
        let pipeline = self.pipeline()?;
        let pages: Vec<u32> = match file.text() {
            Some(_) => Vec::new(),
            None => (1..=file.page_count()).collect(),
        };
        let outcomes: Vec<PageOutcome> = pages
            .into_par_iter()
            .map_init(engine, |engine, number| {
                let read = match engine {
                    Ok(engine) => pipeline.read_page(&file, number, engine.as_mut()),
                    Err(reason) => Err(Error::new(ErrorKind::Ocr, reason.clone())),
                };
                read.map_err(|error| (number, error))
            })
            .collect();
        if let Some((_, first)) = outcomes.iter().find_map(|outcome| outcome.as_ref().err())
            && outcomes.iter().all(std::result::Result::is_err)
        {
            return Err(Error::new(first.kind(), first.reason()));
        }
        Ok(pipeline.understand(&file, outcomes))
    }

    fn pipeline(&self) -> Result<&Pipeline> {
        if self.pipeline.get().is_none() {
            // Two threads may load it at once; the second is dropped.
            let _ = self.pipeline.set(Pipeline::new(Repairer::load()?, OcrMode::Auto));
        }
        Ok(self.pipeline.get().expect("it was set above"))
    }
}

fn bytes_of(path: &Path) -> std::io::Result<Vec<u8>> {
    if path.as_os_str() != STANDARD_INPUT {
        return std::fs::read(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// One for each thread; an engine that can't be started fails each page with its reason.
fn engine() -> std::result::Result<Box<dyn OcrEngine>, String> {
    TesseractEngine::new()
        .map(|engine| Box::new(engine) as Box<dyn OcrEngine>)
        .map_err(|error| error.reason())
}

/// The plans and readable files of a folder, by name. Where `ingest` wrote both, the plan stands for
/// its text.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let listing = std::fs::read_dir(folder).map_err(|error| {
        Error::io("cannot list the folder", folder, error).hint("name a folder of plans")
    })?;
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in listing {
        let path =
            entry.map_err(|error| Error::io("cannot list the folder", folder, error))?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
        let readable = match ending {
            "json" => true,
            "txt" | "md" => !path.with_extension("json").exists(),
            _ => path.is_file() && scans(&path),
        };
        if readable {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(Error::new(ErrorKind::Empty, "found no plan in the folder")
            .at_path(folder)
            .hint("make plans with `sohoa ingest FILE… -o DIR`"));
    }
    Ok(found)
}

fn scans(path: &Path) -> bool {
    let mut head = vec![0; sohoa::input::HEAD_BYTES];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut head));
    read.is_ok_and(|length| is_scan(&head[..length]))
}
