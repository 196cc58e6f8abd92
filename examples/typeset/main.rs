//! Makes the test documents of `corpora/`: typesets the composed sources in the layout of Decree
//! 30/2020/NĐ-CP, scans the pages badly, and writes the scans with their exact gold answers.
//!
//! ```text
//! cargo run --release --example typeset -- corpora/source corpora
//! ```
//!
//! The stages in order: [`source`] reads a file, [`markup`] its body, [`layout`] and [`head`] set
//! pages, [`gold`] writes the answers, [`draw`] puts ink on a [`canvas`], [`degrade`] scans it,
//! [`write`] encodes it.

mod canvas;
mod degrade;
mod draw;
mod font;
mod gold;
mod head;
mod layout;
mod markup;
mod random;
mod source;
mod write;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;

use canvas::Canvas;
use font::Fonts;
use layout::{Composer, Page};
use random::Random;
use source::{Copy, Encoding, Scan, Source};

/// Typesets the sources of corpora/ and scans the pages.
#[derive(Parser)]
struct Arguments {
    /// Folder of source files (*.toml), or one of them.
    sources: PathBuf,
    /// Folder that receives gold/, scans/ and formats/.
    out: PathBuf,
    /// Folder with Liberation Serif 2; by default where Debian installs it.
    #[arg(long)]
    fonts: Option<PathBuf>,
    /// Write the gold answers only.
    #[arg(long)]
    gold_only: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let fonts = Fonts::load(arguments.fonts.as_deref())?;
    for path in source_files(&arguments.sources)? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        make(&path, &name, &arguments, &fonts)
            .with_context(|| format!("making {}", path.display()))?;
    }
    Ok(())
}

fn source_files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let entries =
        fs::read_dir(path).with_context(|| format!("listing sources in {}", path.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "toml") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// One source to its gold answers and scans.
fn make(path: &Path, name: &str, arguments: &Arguments, fonts: &Fonts) -> Result<()> {
    let source = source::read(path)?;
    let pages = compose(&source, fonts)?;
    if !arguments.gold_only {
        let scans = scan(&pages, &source.scan, fonts);
        let pdf = write::pdf(&scans, source.scan.encoding)?;
        save(&arguments.out.join("scans").join(format!("{name}.pdf")), &pdf)?;
        for copy in &source.scan.also {
            let (extension, bytes) = match copy {
                Copy::Tiff => ("tiff", write::tiff(&scans)),
                Copy::Png => ("png", write::png(&scans[0])?),
            };
            let file = arguments.out.join("formats").join(format!("{name}.{extension}"));
            save(&file, &bytes)?;
        }
    }
    let gold = gold::gold(source, &pages)?;
    let folder = arguments.out.join("gold");
    save(&folder.join(format!("{name}.gold.txt")), gold.text.as_bytes())?;
    save(&folder.join(format!("{name}.gold.json")), gold.json.as_bytes())
}

fn compose(source: &Source, fonts: &Fonts) -> Result<Vec<Page>> {
    let mut composer = Composer::new(fonts);
    for (index, document) in source.documents.iter().enumerate() {
        composer.document(index, document, markup::blocks(&document.body)?)?;
    }
    Ok(composer.pages)
}

/// Draws and degrades the pages; page 2 is printed on the back of page 1, and so on.
fn scan(pages: &[Page], scan: &Scan, fonts: &Fonts) -> Vec<Canvas> {
    let planes = if scan.encoding == Encoding::ColourJpeg { 3 } else { 1 };
    let mut random = Random::new(scan.seed);
    let mut printed: Vec<Canvas> =
        pages.iter().map(|page| draw::draw(page, fonts, scan.dpi, planes, &mut random)).collect();
    if let (Some(stamp), Some(first)) = (&scan.received, printed.first_mut()) {
        draw::received(first, fonts, stamp, &mut random);
    }
    let scanned = printed.iter().enumerate().map(|(index, page)| {
        let mut random = Random::new(scan.seed.wrapping_mul(1000) + index as u64);
        degrade::degrade(page, printed.get(index ^ 1), scan, &mut random)
    });
    scanned.collect()
}

fn save(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}
