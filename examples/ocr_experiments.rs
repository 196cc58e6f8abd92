//! Makes the table of docs/accuracy-ocr.md: word errors and processor time on real scans as the
//! steps of reading are added one after the other.
//!
//! `cargo run --release --example ocr_experiments [../shared/scans]`

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use image::GrayImage;
use sohoa::geometry::PixelBox;
use sohoa::input::{InputFile, PageImage};
use sohoa::ocr::layout::{PageGeometry, PlacedWord, arrange};
use sohoa::ocr::prepare::{self, Pose};
use sohoa::ocr::tesseract::{RawWord, Recognizer, Segmentation};
use sohoa::ocr::{OcrEngine, OcrLine, TesseractEngine};
use sohoa::plan::LineRole;

/// Scans with a gold text of their one page.
const GOLD: [&str; 3] = ["cv_3722_metro", "qd_729_ttg", "tt_37_bca_vehicle"];

/// One page of running text of each of the others; their truth has no pages, so a page is compared
/// with the stretch of the truth that it fits best.
const PAGES: [(&str, u32); 12] = [
    ("lvn_10209512", 8),
    ("lvn_10209597", 9),
    ("lvn_10209603", 5),
    ("lvn_10209608", 3),
    ("lvn_10209609", 14),
    ("lvn_10209610", 3),
    ("lvn_10209613", 27),
    ("lvn_10209627", 8),
    ("lvn_10209628", 5),
    ("lvn_10209629", 2),
    ("lvn_10209630", 2),
    ("lvn_10209631", 2),
];

struct Sample {
    scan: &'static str,
    image: PageImage,
    truth: Vec<String>,
    whole: bool,
}

/// A way to read a page, by name.
type Step<'a> = (&'a str, Box<dyn FnMut(&PageImage) -> anyhow::Result<Vec<OcrLine>>>);

fn main() -> anyhow::Result<()> {
    let scans = PathBuf::from(std::env::args().nth(1).unwrap_or("../shared/scans".to_owned()));
    let samples = samples(&scans)?;
    let mut engine = TesseractEngine::new()?;
    let (mut plain, mut reduced) = (Recognizer::new("vie")?, Recognizer::new("vie")?);
    let steps: [Step; 3] = [
        (
            "page image as it is, layout",
            Box::new(move |page| {
                let words = plain.read(&page.gray, page.dpi, Segmentation::Page)?;
                Ok(lines(words, &page.gray, page.dpi, 1.0))
            }),
        ),
        (
            "+ reduced to 200 dpi, softened",
            Box::new(move |page| {
                let upright = prepare::upright(page, Pose::default());
                let reading = prepare::for_reading(&upright);
                let words = reduced.read(&reading.picture, reading.dpi, Segmentation::Page)?;
                Ok(lines(words, &page.gray, page.dpi, reading.scale))
            }),
        ),
        (
            "+ upright, level, second readings",
            Box::new(move |page| Ok(engine.read(page, 1)?.lines)),
        ),
    ];
    println!("| step | gold scans (mean WER) | 12 pages (errors / words) | CPU s a page |");
    println!("|---|---|---|---|");
    for (name, mut read) in steps {
        println!("{}", row(name, &samples, &mut read)?);
    }
    Ok(())
}

fn samples(scans: &Path) -> anyhow::Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for (scan, page) in GOLD.map(|scan| (scan, 1)).into_iter().chain(PAGES) {
        let whole = GOLD.contains(&scan);
        let name = if whole { format!("{scan}.gold.txt") } else { "truth.txt".to_owned() };
        let truth = words(&std::fs::read_to_string(scans.join(scan).join(name))?);
        let image = InputFile::open(&scans.join(scan).join("scan.pdf"))?.page(page)?.image;
        samples.push(Sample { scan, image, truth, whole });
    }
    Ok(samples)
}

fn row(
    name: &str,
    samples: &[Sample],
    read: &mut dyn FnMut(&PageImage) -> anyhow::Result<Vec<OcrLine>>,
) -> anyhow::Result<String> {
    let (mut rates, mut errors, mut count, mut seconds) = (Vec::new(), 0, 0, 0.0);
    for sample in samples {
        let start = cpu_seconds()?;
        let lines = read(&sample.image)?;
        seconds += cpu_seconds()? - start;
        let running =
            lines.iter().filter(|line| matches!(line.role, LineRole::Body | LineRole::Footnote));
        let read = words(&running.map(OcrLine::text).collect::<Vec<_>>().join("\n"));
        let wrong = edits(&read, &sample.truth, sample.whole);
        eprintln!("{name}: {}: {wrong} errors, {} words", sample.scan, read.len());
        if sample.whole {
            rates.push(wrong as f64 / sample.truth.len() as f64);
        } else {
            errors += wrong;
            count += read.len();
        }
    }
    let each = rates.iter().map(|rate| format!("{rate:.3}")).collect::<Vec<_>>().join(", ");
    let mean = rates.iter().sum::<f64>() / rates.len() as f64;
    let rate = errors as f64 / count as f64;
    let a_page = seconds / samples.len() as f64;
    Ok(format!("| {name} | {mean:.3} ({each}) | {errors} / {count} = {rate:.4} | {a_page:.2} |"))
}

fn lines(words: Vec<RawWord>, page: &GrayImage, dpi: u32, scale: f32) -> Vec<OcrLine> {
    let (width, height) = page.dimensions();
    let place = |word: RawWord| {
        let sides = <[u32; 4]>::from(word.bounds).map(|side| (side as f32 * scale) as u32);
        PlacedWord {
            text: word.text,
            bounds: PixelBox::from(sides),
            confidence: word.confidence,
            alternatives: word.alternatives,
        }
    };
    arrange(words.into_iter().map(place).collect(), PageGeometry { width, height, dpi })
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Word edits from `read` to all of `truth`, or to the stretch of it that is nearest.
fn edits(read: &[String], truth: &[String], whole: bool) -> usize {
    let mut names = HashMap::new();
    let mut name = |word| {
        let next = names.len();
        *names.entry(word).or_insert(next)
    };
    let read: Vec<usize> = read.iter().map(&mut name).collect();
    let truth: Vec<usize> = truth.iter().map(&mut name).collect();
    let mut row: Vec<usize> = (0..=truth.len()).map(|at| if whole { at } else { 0 }).collect();
    for (before, word) in read.iter().enumerate() {
        let mut corner = row[0];
        row[0] = before + 1;
        for at in 1..row.len() {
            let changed = corner + usize::from(*word != truth[at - 1]);
            corner = row[at];
            row[at] = changed.min(corner + 1).min(row[at - 1] + 1);
        }
    }
    let last = row[truth.len()];
    if whole { last } else { row.into_iter().min().unwrap_or(last) }
}

/// Processor time of this thread: other work on the machine doesn't count (Linux).
fn cpu_seconds() -> anyhow::Result<f64> {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = statistics.split(' ').next().unwrap_or_default().parse::<f64>()?;
    Ok(nanoseconds / 1e9)
}
