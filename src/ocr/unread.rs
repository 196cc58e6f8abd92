//! Print that the first reading passed over: mostly the signature block, where a seal and a
//! signature make Tesseract take everything around them for a picture.

use image::{GrayImage, imageops};

use crate::error::Result;
use crate::geometry::PixelBox;
use crate::ocr::prepare::Reading;
use crate::ocr::tesseract::{RawWord, Recognizer, Segmentation};
use crate::ocr::vote::spells;
use crate::text::syllable::is_syllable;

/// Side of a tile, in inches: two lines of print high.
const TILE_INCHES: f32 = 0.3;

/// A tile with more than this share of dark pixels outside words holds something unread.
const UNREAD_SHARE: f32 = 0.025;

/// Unread tiles that hang together are worth a reading from this many on: a seal of 36 mm covers
/// about twenty-five, a line of handwriting six.
const LEAST_TILES: usize = 8;

/// How far print that belongs to a seal can stick out of it, in inches: names and offices are
/// centred on a column of three inches.
const REACH_INCHES: (f32, f32) = (1.5, 0.45);

/// A word of such a region is surely print from this confidence on; scrawl and seals rarely give
/// more.
const SURE: f32 = 0.6;

/// Beside a sure word, a possible one is taken from this confidence on.
const LEAST_CONFIDENCE: f32 = 0.3;

/// A word beside a seal can be the rest of a longer name or title, whatever its letters' confidence.
const TRUST: f32 = 0.65;

/// Pixels darker than this are ink.
const DARK: u8 = 128;

/// Reads as one block each region of a page that has much ink but no words, and adds the words
/// found there.
///
/// `words` in pixels of the page, as are the results. They stay unless they are doubtful and a
/// found word covers them.
///
/// # Errors
/// As [`Recognizer::read`].
pub fn read_unread(
    recognizer: &mut Recognizer,
    page: &Reading,
    mut words: Vec<RawWord>,
) -> Result<Vec<RawWord>> {
    let read: Vec<PixelBox> =
        words.iter().map(|word| word.bounds.scaled(1.0 / page.scale)).collect();
    for region in unread_regions(&page.picture, page.dpi, &read) {
        let PixelBox { x0, y0, .. } = region;
        let part =
            imageops::crop_imm(&page.picture, x0, y0, region.width(), region.height()).to_image();
        let next_line = words.iter().map(|word| word.line + 1).max().unwrap_or(0);
        let found = recognizer.read(&part, page.dpi, Segmentation::Block)?;
        for line in found.chunk_by(|a, b| a.line == b.line) {
            for word in print_of(line) {
                let b = word.bounds;
                let bounds = PixelBox::new(b.x0 + x0, b.y0 + y0, b.x1 + x0, b.y1 + y0);
                let bounds = bounds.scaled(page.scale);
                let line = word.line + next_line;
                let mut word = RawWord { bounds, line, ..word.clone() };
                if !words.iter().any(|known| stands_for(known, &word)) {
                    words.retain(|known| !covers(&word, known));
                    word.confidence *= TRUST;
                    words.push(word);
                }
            }
        }
    }
    Ok(words)
}

/// The words of a line that are print: none unless two of them surely are, since one alone is as
/// often a piece of a seal's rim, and half a name is worse than none.
fn print_of(line: &[RawWord]) -> Vec<&RawWord> {
    let print = || line.iter().filter(|word| is_print(word));
    if print().filter(|word| word.confidence >= SURE).count() < 2 {
        return Vec::new();
    }
    print().collect()
}

fn is_print(word: &RawWord) -> bool {
    let letters = word.text.chars().filter(|letter| letter.is_alphabetic()).count();
    word.confidence >= LEAST_CONFIDENCE && letters >= 2 && spells(&word.text)
}

/// Whether a word that is already there, and not doubtful, leaves no room for `found`.
fn stands_for(known: &RawWord, found: &RawWord) -> bool {
    let sure = known.confidence >= SURE
        || is_syllable(&known.text) && known.confidence >= found.confidence;
    sure && overlap(known.bounds, found.bounds) > 0
}

/// Whether most of `known` lies within `found`.
fn covers(found: &RawWord, known: &RawWord) -> bool {
    let area = u64::from(known.bounds.width()) * u64::from(known.bounds.height());
    overlap(known.bounds, found.bounds) * 2 > area
}

/// Pixels in both boxes.
fn overlap(a: PixelBox, b: PixelBox) -> u64 {
    let width = a.x1.min(b.x1).saturating_sub(a.x0.max(b.x0));
    let height = a.y1.min(b.y1).saturating_sub(a.y0.max(b.y0));
    u64::from(width) * u64::from(height)
}

/// Boxes around tiles of unread ink that hang together, with their reach, from top to bottom.
fn unread_regions(picture: &GrayImage, dpi: u32, read: &[PixelBox]) -> Vec<PixelBox> {
    let side = ((dpi as f32 * TILE_INCHES) as u32).max(1);
    let (columns, rows) = (picture.width() / side, picture.height() / side);
    let mut unread = unread_tiles(picture, side, columns, rows, read);
    let mut regions = Vec::new();
    for start in 0..unread.len() {
        let tiles = take_connected(&mut unread, start, columns as usize);
        if tiles.len() < LEAST_TILES {
            continue;
        }
        let boxes = tiles.into_iter().map(|tile| {
            let (x, y) = (tile as u32 % columns * side, tile as u32 / columns * side);
            PixelBox::new(x, y, x + side, y + side)
        });
        regions.extend(PixelBox::around(boxes).map(|core| grown(core, picture, dpi)));
    }
    regions
}

fn unread_tiles(
    picture: &GrayImage,
    side: u32,
    columns: u32,
    rows: u32,
    read: &[PixelBox],
) -> Vec<bool> {
    let mut dark: Vec<bool> = picture.as_raw().iter().map(|value| *value < DARK).collect();
    let width = picture.width() as usize;
    for PixelBox { x0, y0, x1, y1 } in read.iter().copied() {
        let (x0, x1) = (x0.min(x1) as usize, (x1 as usize).min(width));
        for y in y0..y1.min(picture.height()) {
            if x0 < x1 {
                dark[y as usize * width..][x0..x1].fill(false);
            }
        }
    }
    let least = (UNREAD_SHARE * (side * side) as f32) as usize;
    let tile_ink = |column: u32, row: u32| {
        let lines = row * side..(row + 1) * side;
        let line_ink = |y: u32| {
            let line = &dark[y as usize * width + (column * side) as usize..][..side as usize];
            line.iter().filter(|dark| **dark).count()
        };
        lines.map(line_ink).sum::<usize>()
    };
    let tiles = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    // Tiles at the edges hold black borders, not print.
    let inner =
        |column: u32, row: u32| column > 0 && row > 0 && column + 1 < columns && row + 1 < rows;
    tiles.map(|(column, row)| inner(column, row) && tile_ink(column, row) > least).collect()
}

/// Clears and gives the marked tiles that hang together with `start`, sideways or up and down.
fn take_connected(marked: &mut [bool], start: usize, columns: usize) -> Vec<usize> {
    let mut taken = Vec::new();
    let mut waiting = vec![start];
    while let Some(tile) = waiting.pop() {
        if !std::mem::take(&mut marked[tile]) {
            continue;
        }
        taken.push(tile);
        // No tile at a page's edge is marked, so that neighbours never wrap round.
        waiting.extend([tile.checked_sub(1), tile.checked_sub(columns)].into_iter().flatten());
        waiting.extend([tile + 1, tile + columns].into_iter().filter(|next| *next < marked.len()));
    }
    taken
}

fn grown(core: PixelBox, picture: &GrayImage, dpi: u32) -> PixelBox {
    let reach = |inches: f32| (inches * dpi as f32) as u32;
    let (across, along) = (reach(REACH_INCHES.0), reach(REACH_INCHES.1));
    PixelBox::new(
        core.x0.saturating_sub(across),
        core.y0.saturating_sub(along),
        (core.x1 + across).min(picture.width()),
        (core.y1 + along).min(picture.height()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    fn word(text: &str, bounds: PixelBox, confidence: f32) -> RawWord {
        RawWord { text: text.to_owned(), bounds, confidence, line: 0, alternatives: Vec::new() }
    }

    /// A page of 6 by 8 inches with a black disc of 1.4 inches.
    fn page_with_seal() -> GrayImage {
        GrayImage::from_fn(600, 800, |x, y| {
            let (dx, dy) = (x as i32 - 400, y as i32 - 600);
            Luma([if dx * dx + dy * dy < 70 * 70 { 0 } else { 255 }])
        })
    }

    #[test]
    fn ink_without_words_is_a_region_and_ink_under_words_is_none() {
        let page = page_with_seal();
        let regions = unread_regions(&page, 100, &[]);
        assert_eq!(regions.len(), 1);
        let seal = PixelBox::new(330, 530, 470, 670);
        assert_eq!(regions[0].union(seal), regions[0]);
        assert_eq!(unread_regions(&page, 100, &[PixelBox::new(320, 520, 480, 680)]), []);
    }

    #[test]
    fn a_border_or_a_speck_is_no_region() {
        let page = GrayImage::from_fn(600, 800, |x, y| {
            let dark = x < 20 || (300..310).contains(&x) && (300..310).contains(&y);
            Luma([if dark { 0 } else { 255 }])
        });
        assert_eq!(unread_regions(&page, 100, &[]), []);
    }

    #[test]
    fn a_found_word_gives_way_to_a_sure_one_and_takes_the_place_of_a_doubtful_one() {
        let spot = PixelBox::new(10, 10, 50, 30);
        let found = word("Cường", spot, 0.8);
        assert!(stands_for(&word("Cương", spot, 0.9), &found));
        assert!(!stands_for(&word("~|", spot, 0.3), &found));
        assert!(covers(&found, &word("~|", PixelBox::new(12, 12, 30, 28), 0.3)));
        assert!(!covers(&found, &word("~|", PixelBox::new(45, 25, 80, 60), 0.3)));
    }

    #[test]
    fn a_line_is_print_if_two_of_its_words_surely_are() {
        let spot = PixelBox::new(0, 0, 10, 10);
        // Phạm Mạnh Cường: a name, beside pieces of a seal.
        let cases = [
            (vec![("2L", 0.9), ("Phạm", 0.4), ("Mạnh", 0.8), ("Cường", 0.9)], "Phạm Mạnh Cường"),
            (vec![("Mạnh", 0.2), ("Cường", 0.9)], ""),
            (vec![("—", 0.9), ("*", 0.9), ("NG", 0.7)], ""),
            (vec![("CHỦ", 0.7), ("TỊCH", 0.7)], "CHỦ TỊCH"),
        ];
        for (words, expected) in cases {
            let line: Vec<_> = words.iter().map(|(text, sure)| word(text, spot, *sure)).collect();
            let texts: Vec<_> = print_of(&line).iter().map(|word| word.text.as_str()).collect();
            assert_eq!(texts.join(" "), expected);
        }
    }
}
