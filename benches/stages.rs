//! One benchmark for each stage, on the documents of `corpora/`. Each asserts its answer before its
//! time counts.
//!
//! `cargo bench` for all, `cargo bench --bench stages -- repair` for one. Reading pages is measured
//! against another program by `benches/side-by-side`.

use std::fs;
use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sohoa::diff;
use sohoa::extract::extract;
use sohoa::input::{InputFile, PageImage};
use sohoa::ocr::layout::{PageGeometry, PlacedWord, arrange};
use sohoa::ocr::{OcrEngine, OcrPage, TesseractEngine};
use sohoa::pipeline::{OcrMode, Pipeline};
use sohoa::plan::{Plan, Section};
use sohoa::repair::Repairer;
use sohoa::sections::segment;
use sohoa::text::{AlignedText, normalise};

/// A plan of four pages, bitonal at 300 dpi, with lists, citations and footnotes.
const SCAN: &str = "scans/plan_province.pdf";
const GOLD: &str = "gold/plan_province.gold.txt";

fn corpora(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpora").join(name)
}

fn gold_text() -> String {
    fs::read_to_string(corpora(GOLD)).expect("corpora/ is part of the repository")
}

fn first_page() -> PageImage {
    let file = InputFile::open(&corpora(SCAN)).expect("corpora/ is part of the repository");
    file.page(1).expect("the scan's first page is sound").image
}

fn read(image: &PageImage) -> OcrPage {
    let mut engine = TesseractEngine::new().expect("Tesseract and its model vie are installed");
    engine.read(image, 1).expect("the scan's first page is legible")
}

fn input(criterion: &mut Criterion) {
    let file = InputFile::open(&corpora(SCAN)).expect("corpora/ is part of the repository");
    let page = file.page(1).expect("the scan's first page is sound");
    assert_eq!(page.image.dpi, 300);
    let mut group = criterion.benchmark_group("input");
    group.throughput(Throughput::Elements(1));
    group.bench_function("page image of a G4 scan", |b| b.iter(|| file.page(black_box(1))));
    group.finish();
}

fn ocr(criterion: &mut Criterion) {
    let image = first_page();
    let page = read(&image);
    assert!(page.lines.iter().any(|line| line.text().contains("KẾ HOẠCH")));
    let mut engine = TesseractEngine::new().expect("Tesseract and its model vie are installed");
    let mut group = criterion.benchmark_group("ocr");
    group.throughput(Throughput::Elements(1)).sample_size(10);
    group.bench_function("page, with preparation and second readings", |b| {
        b.iter(|| engine.read(black_box(&image), 1))
    });
    group.finish();

    let words: Vec<PlacedWord> =
        page.lines.iter().flat_map(|line| &line.words).map(placed).collect();
    let geometry = PageGeometry { width: page.width, height: page.height, dpi: page.dpi };
    assert_eq!(arrange(words.clone(), geometry).len(), page.lines.len());
    let mut group = criterion.benchmark_group("layout");
    group.throughput(Throughput::Elements(1));
    group.bench_function("lines of a page", |b| {
        b.iter(|| arrange(black_box(words.clone()), geometry))
    });
    group.finish();
}

fn placed(word: &sohoa::ocr::OcrWord) -> PlacedWord {
    PlacedWord {
        text: word.text.clone(),
        bounds: word.bounds,
        confidence: word.confidence,
        alternatives: word.alternatives.clone(),
    }
}

fn repair(criterion: &mut Criterion) {
    let gold = gold_text();
    let repairer = Repairer::load().expect("the model is embedded");
    let clean = AlignedText::from_plain(&gold);
    let degraded = AlignedText::from_plain(&normalise::strip_marks(&gold));
    let words = degraded.words().len();
    assert_eq!(repairer.repair(clean.clone()).as_str(), gold, "clean text stays");
    let same = |text: &AlignedText| {
        let restored = text.as_str().split_whitespace();
        restored.zip(gold.split_whitespace()).filter(|(a, b)| a == b).count()
    };
    assert!(same(&repairer.repair(degraded.clone())) * 10 > words * 9, "marks come back");
    let mut group = criterion.benchmark_group("repair");
    group.throughput(Throughput::Elements(words as u64)).sample_size(10);
    group.bench_function("clean words", |b| b.iter(|| repairer.repair(black_box(clean.clone()))));
    group.bench_function("words without marks", |b| {
        b.iter(|| repairer.repair(black_box(degraded.clone())))
    });
    group.finish();
}

fn understanding(criterion: &mut Criterion) {
    let text = AlignedText::from_plain(&gold_text());
    let parts = segment(&text);
    assert_eq!(parts.len(), 1);
    let extraction = extract(&text, &parts);
    assert!(!extraction.references.is_empty() && !extraction.deadlines.is_empty());
    let mut group = criterion.benchmark_group("understanding");
    group.throughput(Throughput::Elements(1));
    group.bench_function("sections of a document", |b| b.iter(|| segment(black_box(&text))));
    group.bench_function("extraction of a document", |b| {
        b.iter(|| extract(black_box(&text), &parts))
    });
    group.finish();
}

/// One side of the six composed pairs as one plan: some 16 pages, 140 leaf sections.
fn joined_plan(side: &str) -> Plan {
    let pipeline = Pipeline::new(Repairer::load().expect("the model is embedded"), OcrMode::Auto);
    let names = ["trees", "digital", "health", "disaster", "reform", "emulation"];
    let plans = names.map(|name| {
        let path = corpora(&format!("pairs/{name}.{side}.txt"));
        let file = InputFile::open(&path).expect("corpora/ is part of the repository");
        pipeline.understand(&file, Vec::new())
    });
    plans.into_iter().reduce(append).expect("six plans")
}

fn append(mut plan: Plan, mut other: Plan) -> Plan {
    fn shift(sections: &mut [Section], by: u32) {
        for section in sections {
            section.line += by;
            shift(&mut section.children, by);
        }
    }
    let by = plan.lines.len() as u32;
    let sections = &mut other.documents[0].sections;
    shift(sections, by);
    plan.documents[0].sections.append(sections);
    plan.lines.append(&mut other.lines);
    plan.documents[0].last_line = plan.lines.len() as u32;
    plan
}

fn comparing(criterion: &mut Criterion) {
    let (lower, upper) = (joined_plan("lower"), joined_plan("upper"));
    let summary = diff::compare(&lower, &upper).expect("both have sections").summary;
    assert!(summary.changed > 40 && summary.taken_over > 0.8, "{summary:?}");
    let mut group = criterion.benchmark_group("diff");
    group.throughput(Throughput::Elements(1));
    group.bench_function("two plans of 16 pages", |b| {
        b.iter(|| diff::compare(black_box(&lower), black_box(&upper)))
    });
    group.finish();
}

criterion_group!(stages, input, ocr, repair, understanding, comparing);
criterion_main!(stages);
