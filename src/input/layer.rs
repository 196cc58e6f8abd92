//! Whether a page's own text layer is its text.
//!
//! Three things go wrong with text layers of Vietnamese documents. Scans carry the words of an
//! electronic signature or a reseller's stamp and nothing else. Scanners run OCR for English, or
//! old fonts (TCVN3, VNI) map their letters to the wrong characters. And the layer can belong to
//! another picture, as after a page was replaced. Each is found by its own test, on the words and
//! on the ink of the picture.

use unicode_normalization::UnicodeNormalization;

use super::{LayerWord, SourcePage, ink};
use crate::geometry::PixelBox;
use crate::text::syllable::is_syllable;
use crate::warning::WarningCode;

/// A layer that covers less than this share of the letters of the picture leaves text out. Seals,
/// logos and signature pictures hold letter-sized ink of their own, on a short page as much as
/// the text itself.
const MIN_COVERED: f64 = 0.6;
/// A layer with fewer characters than this share of the letters that it leaves uncovered is a
/// stamp: it never meant to be the page's text.
const STAMP_CHARACTERS: f64 = 0.5;
/// Fewer letters than this say nothing about a page: specks on a blank one.
const FEW_LETTERS: usize = 30;
/// Words of a layer that matches its picture stand on ink, but for those in white on black.
const MIN_INKED_WORDS: f64 = 0.6;
/// Fewer words than this are too few to judge their language.
const FEW_WORDS: usize = 10;
/// Characters without meaning that a sound layer can hold: bullets in symbol fonts.
const MAX_UNKNOWN: f64 = 0.1;
/// Words that must be Vietnamese syllables in text that the page shows, abbreviations left out:
/// 0.97 and more in the clean text of administrative documents (docs/accuracy-input.md).
const MIN_SYLLABLES: f64 = 0.8;
/// The same for invisible text, which is somebody's OCR of the picture: worth taking only if it
/// reads as well as ours.
const MIN_SYLLABLES_UNSEEN: f64 = 0.95;
/// Letters with Vietnamese marks (ă â đ ê ô ơ ư and tones) among all letters: 0.27 to 0.30 in
/// Vietnamese text, 0.06 in what an English reader makes of it.
const MIN_MARKED: f64 = 0.15;
/// At most this share of letters outside ASCII, and visible text may be in English.
const ASCII_ONLY: f64 = 0.02;

/// Whether a page's text layer is its text: `Ok(())`, or the reason to read the picture instead.
///
/// - [`TextLayerStampOnly`](WarningCode::TextLayerStampOnly): few words beside much uncovered ink;
/// - [`TextLayerMismatch`](WarningCode::TextLayerMismatch): words stand on no ink, or cover too
///   little of it;
/// - [`TextLayerGarbage`](WarningCode::TextLayerGarbage): the words are no Vietnamese, or
///   characters are unknown.
pub fn judge_layer(page: &SourcePage) -> Result<(), WarningCode> {
    let words: Vec<&LayerWord> = page.layer.iter().filter(|word| word.upright).collect();
    let ink = ink::letters(&page.image.gray, page.image.dpi);
    judge_extent(&words, &ink)?;
    judge_language(&words)
}

/// Whether the words stand where the ink is, and everywhere that it is.
fn judge_extent(words: &[&LayerWord], ink: &[PixelBox]) -> Result<(), WarningCode> {
    let boxes = Boxes::new(words);
    let covered = ink.iter().filter(|letter| boxes.covering(letter).is_some()).count();
    let uncovered = ink.len() - covered;
    let characters: usize = words.iter().map(|word| word.text.chars().count()).sum();
    if ink.len() >= FEW_LETTERS && (covered as f64) < MIN_COVERED * ink.len() as f64 {
        let is_stamp = (characters as f64) < STAMP_CHARACTERS * uncovered as f64;
        return Err(match is_stamp {
            true => WarningCode::TextLayerStampOnly,
            false => WarningCode::TextLayerMismatch,
        });
    }
    let mut is_inked = vec![false; words.len()];
    ink.iter().filter_map(|letter| boxes.covering(letter)).for_each(|word| is_inked[word] = true);
    let inked = is_inked.iter().filter(|&&inked| inked).count();
    if (inked as f64) < MIN_INKED_WORDS * words.len() as f64 || words.is_empty() {
        // A stamp that is laid over a blank page isn't in its picture.
        return Err(match ink.len() < FEW_LETTERS {
            true => WarningCode::TextLayerStampOnly,
            false => WarningCode::TextLayerMismatch,
        });
    }
    Ok(())
}

/// Boxes of words, sorted for looking up which of them holds a point.
struct Boxes {
    /// Box and index of each word, by upper edge.
    sorted: Vec<(PixelBox, usize)>,
    tallest: u32,
}

impl Boxes {
    fn new(words: &[&LayerWord]) -> Self {
        let mut sorted: Vec<_> =
            words.iter().enumerate().map(|(index, word)| (word.bounds, index)).collect();
        sorted.sort_by_key(|(bounds, index)| (bounds.y0, *index));
        let tallest = sorted.iter().map(|(bounds, _)| bounds.height()).max().unwrap_or(0);
        Self { sorted, tallest }
    }

    /// The word whose box holds the middle of `letter`.
    fn covering(&self, letter: &PixelBox) -> Option<usize> {
        let (x, y) = ((letter.x0 + letter.x1) / 2, (letter.y0 + letter.y1) / 2);
        let first = self.sorted.partition_point(|(word, _)| word.y0 + self.tallest < y);
        let near = self.sorted[first..].iter().take_while(|(word, _)| word.y0 <= y);
        let holds = |word: &PixelBox| (word.x0..word.x1).contains(&x) && y < word.y1;
        near.filter(|(word, _)| holds(word)).map(|&(_, index)| index).next()
    }
}

/// Whether the words are Vietnamese, or at least not garbage.
fn judge_language(words: &[&LayerWord]) -> Result<(), WarningCode> {
    let letters = Letters::of(words.iter().flat_map(|word| word.text.chars()));
    if letters.share(letters.unknown) > MAX_UNKNOWN {
        return Err(WarningCode::TextLayerGarbage);
    }
    let alphabetic: Vec<&str> = words.iter().filter_map(|word| alphabetic(&word.text)).collect();
    if alphabetic.len() < FEW_WORDS {
        return Ok(());
    }
    let visible = words.iter().filter(|word| word.visible).count();
    let is_painted = visible * 2 > words.len();
    if is_painted && letters.share(letters.foreign + letters.marked) <= ASCII_ONLY {
        return Ok(());
    }
    let syllables = alphabetic.iter().filter(|word| is_syllable(word)).count();
    let needed = if is_painted { MIN_SYLLABLES } else { MIN_SYLLABLES_UNSEEN };
    let is_vietnamese = letters.share(letters.marked) >= MIN_MARKED
        && syllables as f64 >= needed * alphabetic.len() as f64;
    if is_vietnamese { Ok(()) } else { Err(WarningCode::TextLayerGarbage) }
}

/// The word without punctuation around it, if it is made of letters and no abbreviation; letters
/// of old fonts count, whatever they were mapped to.
fn alphabetic(word: &str) -> Option<&str> {
    let word = word.trim_matches(|char: char| char.is_ascii_punctuation() || is_quote(char));
    let is_letter = |char: char| char.is_alphabetic() || ('\u{A1}'..='\u{FF}').contains(&char);
    let is_abbreviation = word.chars().all(|char| char.is_ascii_uppercase());
    (!word.is_empty() && !is_abbreviation && word.chars().all(is_letter)).then_some(word)
}

fn is_quote(char: char) -> bool {
    matches!(char, '“' | '”' | '‘' | '’' | '«' | '»' | '–' | '—' | '…' | '•')
}

/// How many characters of a text are of which kind.
#[derive(Default)]
struct Letters {
    ascii: usize,
    /// With Vietnamese marks.
    marked: usize,
    /// Letters and signs of other alphabets.
    foreign: usize,
    /// Without meaning: private use, control, replacement.
    unknown: usize,
}

impl Letters {
    fn of(chars: impl Iterator<Item = char>) -> Self {
        let mut letters = Self::default();
        for char in chars {
            match char {
                _ if char.is_ascii_alphabetic() => letters.ascii += 1,
                '\u{E000}'..='\u{F8FF}' | char::REPLACEMENT_CHARACTER => letters.unknown += 1,
                _ if char.is_control() => letters.unknown += 1,
                _ if is_vietnamese(char) => letters.marked += 1,
                _ if char.is_ascii() || is_quote(char) => {}
                _ => letters.foreign += 1,
            }
        }
        letters
    }

    fn share(&self, count: usize) -> f64 {
        let all = self.ascii + self.marked + self.foreign + self.unknown;
        count as f64 / all.max(1) as f64
    }
}

/// Whether it is a letter of the Vietnamese alphabet that carries a mark.
fn is_vietnamese(char: char) -> bool {
    const MARKS: &str = "\u{300}\u{301}\u{302}\u{303}\u{306}\u{309}\u{31B}\u{323}";
    let mut parts = char.to_lowercase().nfd();
    match parts.next() {
        Some('đ') => true,
        Some('a' | 'e' | 'i' | 'o' | 'u' | 'y') => {
            let mut marks = parts.peekable();
            marks.peek().is_some() && marks.all(|mark| MARKS.contains(mark))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;
    use crate::input::PageImage;

    const TEXT: &str = "Căn cứ Luật Tổ chức chính quyền địa phương; theo đề nghị của Giám đốc Sở \
                        Nội vụ, Ủy ban nhân dân tỉnh ban hành Kế hoạch triển khai phong trào thi đua";
    /// The same words as TCVN3 bytes shown in Latin-1: a font without a map to Unicode.
    const OLD_FONT: &str = "C¨n cø LuËt Tæ chøc chÝnh quyÒn ®Þa ph\u{AD}¬ng theo ®Ò nghÞ cña Gi¸m \
                            ®èc Së Néi vô ñy ban nh©n d©n tØnh ban hµnh KÕ ho¹ch triÓn khai";
    const ENGLISH_READER: &str = "Can cut Luat To chirc chinh quyén dia phuong theo dé nghi cua Giam \
                                  déc So Noi vu Uy ban nhan dan tinh ban hanh Ké hoach trién khai";

    /// A page at 300 dpi with a speck for each letter of `printed`, ten words to a line, and a
    /// layer with the words of `layer` at the same places.
    fn page(printed: &str, layer: &str, visible: bool) -> SourcePage {
        let mut gray = GrayImage::from_pixel(2480, 3508, Luma([255]));
        for (place, word) in places(printed) {
            for letter in 0..word.chars().count() as u32 {
                for (dx, dy) in (0..14).flat_map(|x| (0..30).map(move |y| (x, y))) {
                    gray.put_pixel(place.x0 + letter * 20 + dx, place.y0 + 10 + dy, Luma([0]));
                }
            }
        }
        let word = |(bounds, text): (PixelBox, &str)| LayerWord {
            text: text.to_owned(),
            bounds,
            visible,
            upright: true,
        };
        SourcePage {
            number: 1,
            image: PageImage { gray, color: None, dpi: 300 },
            layer: places(layer).map(word).collect(),
            warnings: Vec::new(),
        }
    }

    fn places(text: &str) -> impl Iterator<Item = (PixelBox, &str)> {
        text.split_whitespace().enumerate().map(|(index, word)| {
            let (x, y) = (200 + index as u32 % 10 * 210, 200 + index as u32 / 10 * 60);
            (PixelBox::new(x, y, x + 200, y + 50), word)
        })
    }

    #[test]
    fn a_layer_is_taken_or_passed_over_for_a_reason() {
        use WarningCode::{TextLayerGarbage, TextLayerMismatch, TextLayerStampOnly};
        let long = [TEXT; 4].join(" ");
        let english = "The quick brown fox jumps over the lazy dog and runs away into the woods";
        for (claim, printed, layer, visible, verdict) in [
            ("born digital", TEXT, TEXT, true, Ok(())),
            ("good OCR", TEXT, TEXT, false, Ok(())),
            ("English on the page", english, english, true, Ok(())),
            ("English in an OCR layer", english, english, false, Err(TextLayerGarbage)),
            ("English OCR", TEXT, ENGLISH_READER, false, Err(TextLayerGarbage)),
            ("old font", TEXT, OLD_FONT, true, Err(TextLayerGarbage)),
            ("no characters", TEXT, &TEXT.replace('n', "\u{FFFD}"), true, Err(TextLayerGarbage)),
            ("signature", &long, "Ký bởi: Văn phòng", true, Err(TextLayerStampOnly)),
            ("nothing", &long, "", true, Err(TextLayerStampOnly)),
            ("half of the page", &long, &[TEXT; 2].join(" "), true, Err(TextLayerMismatch)),
            ("text on an empty page", "a b c", TEXT, false, Err(TextLayerStampOnly)),
            ("another page's text", TEXT, &long, false, Err(TextLayerMismatch)),
        ] {
            assert_eq!(judge_layer(&page(printed, layer, visible)), verdict, "{claim}");
        }
    }

    #[test]
    fn a_signature_picture_beside_the_text_does_not_spoil_the_layer() {
        let mut page = page(TEXT, TEXT, true);
        for (x, y) in (0..400).flat_map(|x| (0..400).map(move |y| (x, y))) {
            let is_stroke = (x + y) % 97 < 9 || (x * 2 + y) % 131 < 11;
            if is_stroke {
                page.image.gray.put_pixel(1500 + x, 2500 + y, Luma([0]));
            }
        }
        assert_eq!(judge_layer(&page), Ok(()));
    }

    #[test]
    fn words_that_lie_askew_are_no_text() {
        let mut page = page("a b c", "Mật", true);
        page.layer[0].upright = false;
        assert_eq!(judge_layer(&page), Err(WarningCode::TextLayerStampOnly));
    }

    #[test]
    fn vietnamese_letters_are_told_from_other_marked_ones() {
        for (chars, expected) in [("ăâđêôơưàảãáạĐẾỹ", true), ("aeyzçñüëåßµ", false)]
        {
            for char in chars.chars() {
                assert_eq!(is_vietnamese(char), expected, "{char}");
            }
        }
    }
}
