//! Reads every page of the files given and prints what the input layer makes of it, with the time
//! it takes: the source of the figures in docs/accuracy-input.md.
//!
//! `cargo run --release --example read_pages -- FILE…`

use std::path::Path;
use std::time::Instant;

use sohoa::input::{InputFile, judge_layer};

fn main() {
    for path in std::env::args().skip(1) {
        let start = Instant::now();
        match InputFile::open(Path::new(&path)) {
            Ok(file) => {
                let opened = start.elapsed().as_secs_f64() * 1e3;
                println!("{path}: {} pages, opened in {opened:.1} ms", file.page_count());
                (1..=file.page_count()).for_each(|number| read(&file, number));
            }
            Err(error) => println!("{error}"),
        }
    }
}

fn read(file: &InputFile, number: u32) {
    let start = Instant::now();
    match file.page(number) {
        Ok(page) => {
            let read = start.elapsed().as_secs_f64() * 1e3;
            let start = Instant::now();
            let verdict = judge_layer(&page);
            let judged = start.elapsed().as_secs_f64() * 1e3;
            let (width, height) = page.image.gray.dimensions();
            println!(
                "  {number}: {width} x {height}, {} dpi, colour {}, {} words, {verdict:?}, {} \
                 warnings; read in {read:.1} ms, judged in {judged:.1} ms",
                page.image.dpi,
                page.image.color.is_some(),
                page.layer.len(),
                page.warnings.len(),
            );
        }
        Err(error) => println!("  {error}"),
    }
}
