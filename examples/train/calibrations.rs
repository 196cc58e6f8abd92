//! Fits what probabilities are worth on pairs that nothing was learned from.

use std::collections::BTreeMap;

use sohoa::geometry::PixelBox;
use sohoa::ocr::{OcrLine, OcrPage, OcrWord};
use sohoa::plan::{LineRole, TextOrigin};
use sohoa::repair::Repairer;
use sohoa::repair::calibration::{Calibration, Outcome};
use sohoa::repair::model::Model;
use sohoa::repair::vocabulary::word_key;
use sohoa::text::AlignedText;
use sohoa::text::normalise::strip_marks;

use crate::pairs::{Pair, ReadWord};

/// For text read with the wrong language, born without marks, and read with the right language.
pub fn fit(model: &Model, pairs: &[Pair]) -> [Calibration; 3] {
    let mut pages = BTreeMap::<u32, Vec<&Pair>>::new();
    for pair in pairs {
        pages.entry(pair.page).or_default().push(pair);
    }
    let repairer = Repairer::new(model.clone());
    let mut outcomes: [Vec<Outcome>; 3] = Default::default();
    for page in pages.values() {
        let eng = page.iter().map(|pair| joined(&pair.eng)).collect::<Vec<_>>().join("\n");
        let bare =
            page.iter().map(|pair| strip_marks(&pair.printed)).collect::<Vec<_>>().join("\n");
        let texts = [
            AlignedText::from_plain(&eng),
            AlignedText::from_plain(&bare),
            AlignedText::from_pages(vec![recorded(page)]),
        ];
        for (text, outcomes) in texts.into_iter().zip(&mut outcomes) {
            if let Some(word_cost) = repairer.word_cost(&text) {
                note(&repairer.repair(text), word_cost, page, outcomes);
            }
        }
    }
    outcomes.map(Calibration::fit)
}

fn joined(words: &[ReadWord]) -> String {
    words.iter().map(|word| word.0.as_str()).collect::<Vec<_>>().join(" ")
}

/// The page as OCR with the right language gives it.
fn recorded(page: &[&Pair]) -> OcrPage {
    let nowhere = PixelBox { x0: 0, y0: 0, x1: 1, y1: 1 };
    let word = |(text, confidence): &ReadWord| OcrWord {
        text: text.clone(),
        bounds: nowhere,
        confidence: *confidence,
        alternatives: Vec::new(),
    };
    let line = |pair: &&Pair| OcrLine {
        role: LineRole::Body,
        block: 1,
        bounds: nowhere,
        words: pair.vie.iter().map(word).collect(),
    };
    OcrPage {
        number: 1,
        width: 1,
        height: 1,
        dpi: 300,
        rotation: 0,
        skew: 0.0,
        origin: TextOrigin::Ocr,
        reason: None,
        lines: page.iter().map(line).collect(),
        warnings: Vec::new(),
    }
}

/// Notes how sure each word is and whether it is right, in lines that have as many words as were
/// printed; in others it can't be told.
fn note(text: &AlignedText, word_cost: f32, page: &[&Pair], outcomes: &mut Vec<Outcome>) {
    for (index, pair) in page.iter().enumerate().take(text.lines().len()) {
        let words = text.words_of_line(index);
        let printed: Vec<&str> = pair.printed.split_whitespace().collect();
        let letters = |word: &str| -> String {
            word_key(word).chars().filter(|letter| letter.is_alphabetic()).collect()
        };
        if words.len() != printed.len() {
            continue;
        }
        for (word, printed) in words.iter().zip(printed) {
            let stands = letters(&text.as_str()[word.span.clone()]);
            if !stands.is_empty() && word.confidence < 1.0 {
                let right = stands == letters(printed);
                outcomes.push(Outcome { word_cost, probability: word.confidence, right });
            }
        }
    }
}
