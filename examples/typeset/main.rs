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
use clap::{Args, Parser, Subcommand};

use canvas::Canvas;
use font::Fonts;
use layout::{Composer, Page};
use random::Random;
use source::{Copy, Encoding, Scan, Source};

/// Typesets the sources of corpora/ and scans the pages.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Arguments {
    #[command(subcommand)]
    lines: Option<Lines>,
    #[command(flatten)]
    corpora: Option<Corpora>,
    /// Folder with Liberation Serif 2; by default where Debian installs it.
    #[arg(long, global = true)]
    fonts: Option<PathBuf>,
}

#[derive(Args)]
struct Corpora {
    /// Folder of source files (*.toml), or one of them.
    #[arg(required = true)]
    sources: PathBuf,
    /// Folder that receives gold/, scans/ and formats/.
    #[arg(required = true)]
    out: PathBuf,
    /// Write the gold answers only.
    #[arg(long)]
    gold_only: bool,
}

#[derive(Subcommand)]
enum Lines {
    /// Typeset each line of a text file as a paragraph and scan the pages, to learn how OCR errs.
    Lines {
        file: PathBuf,
        /// Folder that receives page-0001.png with page-0001.txt, the exact lines, and so on.
        out: PathBuf,
        /// Source file whose [scan] says how.
        #[arg(long)]
        like: PathBuf,
    },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let fonts = Fonts::load(arguments.fonts.as_deref())?;
    if let Some(Lines::Lines { file, out, like }) = arguments.lines {
        return lines(&file, &out, &like, &fonts);
    }
    let corpora = arguments.corpora.context("reading arguments: expected SOURCES and OUT")?;
    for path in source_files(&corpora.sources)? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        make(&path, &name, &corpora, &fonts)
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
fn make(path: &Path, name: &str, corpora: &Corpora, fonts: &Fonts) -> Result<()> {
    let source = source::read(path)?;
    let pages = compose(&source, fonts)?;
    if let Some(how) = source.scan.as_ref().filter(|_| !corpora.gold_only) {
        let sheets = pages.chunks(2).enumerate();
        let scans: Vec<Canvas> =
            sheets.flat_map(|(number, sheet)| scan(sheet, number, how, fonts)).collect();
        let pdf = write::pdf(&scans, how.encoding)?;
        save(&corpora.out.join("scans").join(format!("{name}.pdf")), &pdf)?;
        for copy in &how.also {
            let (extension, bytes) = match copy {
                Copy::Tiff => ("tiff", write::tiff(&scans)),
                Copy::Png => ("png", write::png(&scans[0])?),
            };
            let file = corpora.out.join("formats").join(format!("{name}.{extension}"));
            save(&file, &bytes)?;
        }
    }
    let gold = gold::gold(source, &pages)?;
    let folder = corpora.out.join("gold");
    save(&folder.join(format!("{name}.gold.txt")), gold.text.as_bytes())?;
    save(&folder.join(format!("{name}.gold.json")), gold.json.as_bytes())
}

fn compose(source: &Source, fonts: &Fonts) -> Result<Vec<Page>> {
    let mut composer = Composer::new(fonts);
    for (index, document) in source.documents.iter().enumerate() {
        let annex = markup::blocks(document.annex.as_deref().unwrap_or(""))?;
        composer.document(index, document, markup::blocks(&document.body)?, annex)?;
    }
    Ok(composer.pages)
}

/// Draws and degrades a sheet of paper: its front and, if it is printed on, its back.
fn scan(sheet: &[Page], number: usize, scan: &Scan, fonts: &Fonts) -> Vec<Canvas> {
    let planes = if scan.encoding == Encoding::ColourJpeg { 3 } else { 1 };
    let mut random = Random::new(scan.seed.wrapping_mul(1000) + number as u64);
    let mut printed: Vec<Canvas> =
        sheet.iter().map(|page| draw::draw(page, fonts, scan.dpi, planes, &mut random)).collect();
    if let (Some(stamp), 0) = (&scan.received, number) {
        draw::received(&mut printed[0], fonts, stamp, &mut random);
    }
    let back = |side: usize| printed.get(1 - side);
    let sides = printed.iter().enumerate();
    sides.map(|(side, page)| degrade::degrade(page, back(side), scan, &mut random)).collect()
}

/// The lines of a file to pages, sheet by sheet, so that memory doesn't grow with the file.
fn lines(file: &Path, out: &Path, like: &Path, fonts: &Fonts) -> Result<()> {
    const SIZE: f32 = 14.0;
    let text =
        fs::read_to_string(file).with_context(|| format!("reading lines {}", file.display()))?;
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut composer = Composer::new(fonts);
    composer.plain_lines(&lines, SIZE)?;
    let like = source::read(like)?.scan.context("reading --like: expected a source with [scan]")?;
    let like = Scan { received: None, ..like };
    for (number, sheet) in composer.pages.chunks(2).enumerate() {
        for (side, canvas) in scan(sheet, number, &like, fonts).iter().enumerate() {
            let name = format!("page-{:04}", number * 2 + side + 1);
            save(&out.join(format!("{name}.png")), &write::png(canvas)?)?;
            let lines = sheet[side].lines.iter().filter(|line| !line.text.is_empty());
            let text: String = lines.map(|line| format!("{}\n", line.text)).collect();
            save(&out.join(format!("{name}.txt")), text.as_bytes())?;
        }
    }
    Ok(())
}

fn save(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}
