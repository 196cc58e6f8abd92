//! Puts the words of one page that Tesseract read in our reading order: what the layout stage does,
//! without the rest of the program.
//!
//! ```text
//! tesseract page.png page -l vie tsv
//! cargo run --example arrange_tsv page.tsv
//! ```
//! Prints the running text, a blank line between blocks; with `--roles` also the lines outside it,
//! each after its role.

use std::error::Error;

use sohoa::geometry::PixelBox;
use sohoa::ocr::layout::{PageGeometry, PlacedWord, arrange};
use sohoa::plan::LineRole;

fn main() -> Result<(), Box<dyn Error>> {
    let (options, paths): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let show_roles = options.iter().any(|option| option == "--roles");
    let path = paths.first().ok_or("expected the path of a Tesseract TSV file")?;
    let (page, words) = read_tsv(&std::fs::read_to_string(path)?)?;
    let mut last_block = None;
    for line in arrange(words, page) {
        let in_text = matches!(line.role, LineRole::Body | LineRole::Footnote);
        if !in_text && !show_roles {
            continue;
        }
        if last_block.is_some_and(|block| block != line.block) {
            println!();
        }
        last_block = Some(line.block);
        match line.role {
            LineRole::Body => println!("{}", line.text()),
            role if show_roles => println!("{role:?}: {}", line.text()),
            _ => println!("{}", line.text()),
        }
    }
    Ok(())
}

/// Levels of Tesseract's TSV: the page's row has its size, a word's its box, confidence and text.
const PAGE_LEVEL: u32 = 1;
const WORD_LEVEL: u32 = 5;

fn read_tsv(text: &str) -> Result<(PageGeometry, Vec<PlacedWord>), Box<dyn Error>> {
    let mut page = PageGeometry { width: 0, height: 0, dpi: 0 };
    let mut words = Vec::new();
    for row in text.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [level, _, _, _, _, _, left, top, width, height, confidence, text] = cells[..] else {
            return Err(format!("row of {} cells, expected 12", cells.len()).into());
        };
        let (left, top): (u32, u32) = (left.parse()?, top.parse()?);
        let (width, height): (u32, u32) = (width.parse()?, height.parse()?);
        match level.parse()? {
            PAGE_LEVEL => page = PageGeometry { width, height, ..page },
            WORD_LEVEL if !text.trim().is_empty() => words.push(PlacedWord {
                text: text.to_owned(),
                bounds: PixelBox::new(left, top, left + width, top + height),
                confidence: confidence.parse::<f32>()? / 100.0,
                alternatives: Vec::new(),
            }),
            _ => {}
        }
    }
    Ok((page, words))
}
