use std::path::Path;
use std::time::Instant;

use sohoa::input::PageImage;
use sohoa::ocr::{OcrEngine, TesseractEngine};

fn main() -> anyhow::Result<()> {
    let mut engine = TesseractEngine::new()?;
    for path in std::env::args().skip(1) {
        let gray = image::open(Path::new(&path))?.to_luma8();
        let page = PageImage { gray, color: None, dpi: 300 };
        let start = Instant::now();
        let read = engine.read(&page, 1)?;
        eprintln!("{path}: {:.2?}", start.elapsed());
        for line in &read.lines {
            println!("{}", line.text());
        }
    }
    Ok(())
}
