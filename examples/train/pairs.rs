//! Pairs of printed and read lines, as `models/make_pairs.py` writes them.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// A word as read, and the engine's confidence from 0 to 1.
pub type ReadWord = (String, f32);

/// One line of print, and what was read of it.
#[derive(Deserialize)]
pub struct Pair {
    /// Pairs of one page come from one scan.
    pub page: u32,
    pub printed: String,
    /// By OCR that took it for English.
    pub eng: Vec<ReadWord>,
    /// By OCR that knew it for Vietnamese.
    pub vie: Vec<ReadWord>,
}

/// Reads a file of pairs, one JSON object on each line.
pub fn load(path: &Path) -> Result<Vec<Pair>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    text.lines()
        .enumerate()
        .map(|(n, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("{}: line {}", path.display(), n + 1))
        })
        .collect()
}
