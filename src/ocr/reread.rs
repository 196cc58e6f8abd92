//! Second readings: which stretches of a page are doubtful, and their pictures.

use image::{GrayImage, imageops};

use crate::error::Result;
use crate::geometry::PixelBox;
use crate::ocr::tesseract::{RawWord, Recognizer, Segmentation};
use crate::ocr::vote::{settle, spells};

/// A word read with less is doubtful: one in five of them is wrong.
const DOUBTFUL: f32 = 0.75;

/// A label of a point read with less is doubtful: c and e, 1 and I are easily taken for each other,
/// and no word beside them tells.
const DOUBTFUL_LABEL: f32 = 0.9;

/// Height in pixels to which a line is brought for its second reading: other than in the first,
/// where lines of 10 to 14 points at 200 dpi have 30 to 45, so that the two err differently.
const LINE_HEIGHT: u32 = 48;

/// White space around a line, as a share of its height above (marks of capitals stand there) and
/// in pixels elsewhere.
const ROOM_ABOVE: f32 = 0.1;
const MARGIN: u32 = 4;

/// A gap wider than this many line heights parts columns, which are read each by itself.
const COLUMN_GAP: f32 = 1.5;

/// Stretches higher than this many times the middle one are seals, signatures or several lines.
const HIGHEST: f32 = 2.2;

/// The share of the page's height that can hold number and date, whose lines are always read twice.
const HEADING_SHARE: f32 = 0.4;

/// Reads doubtful stretches of `picture` a second time and settles each word between the two.
///
/// `words` in pixels of `picture`, in the recogniser's order; so are the results.
///
/// # Errors
/// As [`Recognizer::read`].
pub fn reread(
    recognizer: &mut Recognizer,
    picture: &GrayImage,
    dpi: u32,
    words: Vec<RawWord>,
) -> Result<Vec<RawWord>> {
    let stretches = stretches(words);
    let highest = HIGHEST * middle_height(&stretches) as f32;
    let mut settled = Vec::new();
    for stretch in stretches {
        let bounds = bounds_of(&stretch);
        let in_heading = (bounds.y1 as f32) < HEADING_SHARE * picture.height() as f32;
        let worth = is_doubtful(&stretch) || (in_heading && has_number_or_date(&stretch));
        if !worth || bounds.height() as f32 > highest || bounds.height() < MARGIN {
            settled.extend(stretch);
            continue;
        }
        let second = read_line(recognizer, picture, dpi, bounds)?;
        settled.extend(settle(stretch, second));
    }
    Ok(settled)
}

/// Words of a line without a column's gap between them.
fn stretches(words: Vec<RawWord>) -> Vec<Vec<RawWord>> {
    let mut stretches: Vec<Vec<RawWord>> = Vec::new();
    for word in words {
        let goes_on = stretches.last().and_then(|stretch| stretch.last()).is_some_and(|last| {
            let gap = word.bounds.x0 as f32 - last.bounds.x1 as f32;
            let height = last.bounds.height().max(word.bounds.height()) as f32;
            last.line == word.line && gap.abs() < COLUMN_GAP * height
        });
        match stretches.last_mut() {
            Some(stretch) if goes_on => stretch.push(word),
            _ => stretches.push(vec![word]),
        }
    }
    stretches
}

fn bounds_of(stretch: &[RawWord]) -> PixelBox {
    PixelBox::around(stretch.iter().map(|word| word.bounds)).unwrap_or_default()
}

fn middle_height(stretches: &[Vec<RawWord>]) -> u32 {
    let mut heights: Vec<u32> = stretches.iter().map(|s| bounds_of(s).height()).collect();
    heights.sort_unstable();
    heights.get(heights.len() / 2).copied().unwrap_or(0)
}

/// Whether some word of print is doubtful; a stretch of nothing but scrawl is left alone.
fn is_doubtful(stretch: &[RawWord]) -> bool {
    let doubtful = |word: &RawWord| word.confidence < DOUBTFUL || !spells(&word.text);
    let label = stretch.first().filter(|word| is_label(&word.text));
    let doubtful_label = label.is_some_and(|word| word.confidence < DOUBTFUL_LABEL);
    (doubtful_label || stretch.iter().any(doubtful))
        && stretch.iter().any(|word| word.confidence > 0.5)
}

/// Whether a word has the form of a point's label: "c)", "1.", "I.".
fn is_label(text: &str) -> bool {
    let mut signs = text.chars();
    let (sign, end, more) = (signs.next(), signs.next(), signs.next());
    sign.is_some_and(char::is_alphanumeric) && matches!(end, Some(')' | '.')) && more.is_none()
}

/// Whether a stretch can be a number or date line ("Số: …", "…, ngày … tháng … năm …").
fn has_number_or_date(stretch: &[RawWord]) -> bool {
    stretch.iter().any(|word| {
        let text = word.text.trim_end_matches([':', '.']).to_lowercase();
        ["số", "ngày", "tháng", "năm"].contains(&text.as_str())
    })
}

fn read_line(
    recognizer: &mut Recognizer,
    picture: &GrayImage,
    dpi: u32,
    bounds: PixelBox,
) -> Result<Vec<RawWord>> {
    let above = MARGIN + (ROOM_ABOVE * bounds.height() as f32) as u32;
    let x0 = bounds.x0.saturating_sub(2 * MARGIN);
    let y0 = bounds.y0.saturating_sub(above);
    let width = (bounds.x1 + 2 * MARGIN).min(picture.width()).saturating_sub(x0);
    let height = (bounds.y1 + MARGIN).min(picture.height()).saturating_sub(y0);
    if width == 0 || height == 0 {
        return Ok(Vec::new());
    }
    let line = imageops::crop_imm(picture, x0, y0, width, height).to_image();
    let factor = LINE_HEIGHT as f32 / height as f32;
    let line = imageops::resize(
        &line,
        ((width as f32 * factor) as u32).max(1),
        LINE_HEIGHT,
        imageops::FilterType::Triangle,
    );
    let mut words =
        recognizer.read(&line, (dpi as f32 * factor).round() as u32, Segmentation::Line)?;
    for word in &mut words {
        let back = |value: u32, from: u32| (value as f32 / factor) as u32 + from;
        let bounds = word.bounds;
        word.bounds = PixelBox {
            x0: back(bounds.x0, x0),
            y0: back(bounds.y0, y0),
            x1: back(bounds.x1, x0),
            y1: back(bounds.y1, y0),
        };
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, x0: u32, line: u32, confidence: f32) -> RawWord {
        RawWord {
            text: text.to_owned(),
            bounds: PixelBox::new(x0, 100, x0 + 40, 120),
            confidence,
            line,
            alternatives: Vec::new(),
        }
    }

    #[test]
    fn columns_of_one_line_are_read_apart() {
        let words = vec![
            word("Số:", 0, 0, 0.9),
            word("12", 45, 0, 0.9),
            word("Hà", 300, 0, 0.9),
            word("Nội", 0, 1, 0.9),
        ];
        let texts: Vec<Vec<String>> = stretches(words)
            .into_iter()
            .map(|stretch| stretch.into_iter().map(|word| word.text).collect())
            .collect();
        assert_eq!(texts, [vec!["Số:", "12"], vec!["Hà"], vec!["Nội"]]);
    }

    #[test]
    fn a_stretch_is_doubtful_for_a_weak_or_impossible_word_or_a_weak_label_but_not_for_scrawl_alone()
     {
        let cases = [
            (vec![("kế", 0.95), ("hoạch", 0.96)], false),
            (vec![("kế", 0.95), ("hoạch", 0.70)], true),
            (vec![("kế", 0.95), ("hoacch", 0.96)], true),
            (vec![("1.", 0.88), ("Buộc", 0.96)], true),
            (vec![("1.", 0.92), ("Buộc", 0.96)], false),
            (vec![("~|", 0.30), ("ữf", 0.20)], false),
        ];
        for (words, doubtful) in cases {
            let stretch: Vec<_> =
                words.iter().map(|(text, sure)| word(text, 0, 0, *sure)).collect();
            assert_eq!(is_doubtful(&stretch), doubtful, "{words:?}");
        }
    }

    #[test]
    fn number_and_date_lines_are_known_by_their_words() {
        for (text, expected) in [("Số:", true), ("ngày", true), ("năm", true), ("Kế", false)]
        {
            assert_eq!(has_number_or_date(&[word(text, 0, 0, 0.9)]), expected, "{text}");
        }
    }
}
