//! The four faces of a Times-like font: widths for the layout, outlines for the canvas.
//!
//! Liberation Serif has the widths of Times New Roman, which Decree 30/2020/NĐ-CP prescribes, so
//! lines break as they would in an office. Version 2 holds the Vietnamese letters; version 1, which
//! Debian 12 calls fonts-liberation, does not.

use std::path::{Path, PathBuf};

use ab_glyph::{Font, FontVec};
use anyhow::{Context, Result, bail};

/// Where Debian 12 and Debian 13 install version 2.
const FOLDERS: [&str; 2] =
    ["/usr/share/fonts/truetype/liberation2", "/usr/share/fonts/truetype/liberation"];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Face {
    Regular,
    Bold,
    Italic,
    BoldItalic,
}

const FACES: [(Face, &str); 4] = [
    (Face::Regular, "LiberationSerif-Regular.ttf"),
    (Face::Bold, "LiberationSerif-Bold.ttf"),
    (Face::Italic, "LiberationSerif-Italic.ttf"),
    (Face::BoldItalic, "LiberationSerif-BoldItalic.ttf"),
];

pub struct Fonts([FontVec; 4]);

impl Fonts {
    /// Loads the faces from `folder`, or from where Debian installs them.
    pub fn load(folder: Option<&Path>) -> Result<Fonts> {
        let folders: Vec<PathBuf> = match folder {
            Some(folder) => vec![folder.to_owned()],
            None => FOLDERS.iter().map(PathBuf::from).collect(),
        };
        for folder in &folders {
            if let Ok(fonts) = Fonts::load_from(folder) {
                return Ok(fonts);
            }
        }
        bail!(
            "loading fonts: found no Liberation Serif with Vietnamese letters in {folders:?}\n\
             hint: apt-get install fonts-liberation2, or name a folder with --fonts"
        )
    }

    fn load_from(folder: &Path) -> Result<Fonts> {
        let mut faces = Vec::new();
        for (_, file) in FACES {
            let path = folder.join(file);
            let bytes =
                std::fs::read(&path).with_context(|| format!("reading font {}", path.display()))?;
            let font = FontVec::try_from_vec(bytes)?;
            if font.glyph_id('ữ').0 == 0 {
                bail!("reading font {}: found no glyph for ữ", path.display());
            }
            faces.push(font);
        }
        let faces = faces.try_into().ok().context("loading fonts: expected four faces")?;
        Ok(Fonts(faces))
    }

    pub fn face(&self, face: Face) -> &FontVec {
        let index = FACES.iter().position(|&(known, _)| known == face);
        &self.0[index.expect("FACES lists every face")]
    }

    /// Width of `text` in the unit of `size`, the em.
    pub fn width(&self, text: &str, face: Face, size: f32) -> f32 {
        let font = self.face(face);
        let units_per_em = font.units_per_em().unwrap_or(2048.0);
        let units: f32 = text
            .chars()
            .map(|letter| {
                let (letter, scale) = drawn(letter);
                font.h_advance_unscaled(font.glyph_id(letter)) * scale
            })
            .sum();
        units / units_per_em * size
    }

    /// ab_glyph's scale, which counts from ascender to descender, for an em of `size` pixels.
    pub fn scale(&self, face: Face, size: f32) -> f32 {
        let font = self.face(face);
        let units_per_em = font.units_per_em().unwrap_or(2048.0);
        size * font.height_unscaled() / units_per_em
    }
}

/// Size of a superscript against its line.
pub const SUPERSCRIPT: f32 = 0.62;

/// The letter to draw and its relative size: footnote marks are raised digits.
pub fn drawn(letter: char) -> (char, f32) {
    match crate::markup::FOOTNOTE_MARKS.iter().position(|&mark| mark == letter) {
        Some(index) => (char::from(b'1' + index as u8), SUPERSCRIPT),
        None => (letter, 1.0),
    }
}
