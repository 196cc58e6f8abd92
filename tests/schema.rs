//! The JSON Schema, and that whatever `ingest` writes is as it says.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use common::{DOUBTFUL, FAILS, put, scan, shade_engines};
use jsonschema::Validator;
use serde_json::Value;
use sohoa::batch::{self, Machinery, Options};
use sohoa::pipeline::{OcrMode, Pipeline};
use sohoa::repair::Repairer;

fn schema() -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_sohoa")).arg("schema").output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn validator() -> Validator {
    let schema = schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{error}"));
    jsonschema::validator_for(&schema).unwrap()
}

/// Ingests with an engine that reads shades, and checks each plan; gives their number.
fn check_plans(named: &[PathBuf]) -> usize {
    let output = tempfile::tempdir().unwrap();
    let options = Options {
        workers: 2,
        pages: Default::default(),
        page_timeout: Duration::from_secs(600),
        force: false,
        settings: "test".to_owned(),
    };
    let pipeline = Arc::new(Pipeline::new(Repairer::load().unwrap(), OcrMode::Auto));
    let machinery = Machinery { pipeline, make_engine: shade_engines().0 };
    let stop = AtomicBool::new(false);
    let summary = batch::run(&machinery, named, output.path(), &options, &stop, &|_| {}).unwrap();
    assert!(summary.failed.is_empty(), "{:?}", summary.failed);

    let validator = validator();
    let mut count = 0;
    for entry in fs::read_dir(output.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let plan: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&plan)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
            assert_eq!(plan["schema"], "sohoa.plan/1");
            count += 1;
        }
    }
    count
}

#[test]
fn plans_of_texts_and_of_scans_are_as_the_schema_says() {
    let place = tempfile::tempdir().unwrap();
    put(
        place.path(),
        &[("short.md", "# Kế hoạch".as_bytes()), ("scan.pdf", &scan(&[50, FAILS, DOUBTFUL, 255]))],
    );
    assert_eq!(check_plans(&[place.path().to_owned()]), 2);
    // Whole documents, so that every part of a plan is filled.
    let texts = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/gold");
    assert!(check_plans(&[texts]) >= 6);
}

#[test]
fn plans_of_the_seeds_are_as_the_schema_says() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    if !seeds.exists() {
        println!("skipped: {} is not here", seeds.display());
        return;
    }
    assert!(check_plans(&[seeds]) >= 3);
}

#[test]
fn what_is_no_plan_does_not_pass() {
    let validator = validator();
    let place = tempfile::tempdir().unwrap();
    put(place.path(), &[("a.txt", b"a")]);
    let output = place.path().join("out");
    let status = Command::new(env!("CARGO_BIN_EXE_sohoa"))
        .args(["ingest", "a.txt", "-q", "-o", "out"])
        .current_dir(place.path())
        .status()
        .unwrap();
    assert!(status.success());
    let plan: Value = serde_json::from_slice(&fs::read(output.join("a.json")).unwrap()).unwrap();
    assert!(validator.is_valid(&plan));
    for (pointer, wrong) in [
        ("/source", Value::Null),
        ("/source/text_origin", "guess".into()),
        ("/lines/0/words/0/confidence", "sure".into()),
        ("/lines/0/box", serde_json::json!([1, 2, 3])),
        ("/lines/0/text", Value::Null),
    ] {
        let mut broken = plan.clone();
        *broken.pointer_mut(pointer).unwrap() = wrong;
        assert!(!validator.is_valid(&broken), "{pointer}");
    }
}

#[test]
fn the_published_schema_is_that_of_this_version() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/plan.schema.json");
    let published: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert!(published == schema(), "run: cargo run -- schema > docs/plan.schema.json");
}
