//! The few fixed wordings of Decree 30/2020/NĐ-CP that the layout hangs on, found through OCR errors.

use crate::text::normalise::{nfc, strip_marks};

/// Share of a formula's letters that may be misread.
const MISREAD_SHARE: f32 = 0.25;

/// Formulas of the heading's right column (Decree 30/2020/NĐ-CP, annex I, II.1; for the Party
/// Guideline 36-HD/VPTW): the country's name, the motto, the Party's name.
const HEADING_RIGHT: [&str; 3] =
    ["conghoaxahoichunghiavietnam", "doclaptudohanhphuc", "dangcongsanvietnam"];

/// "Nơi nhận" (recipients) opens the signature block's left column.
const RECIPIENTS: &str = "noinhan";

/// How the right column of a signature block begins: on behalf of (TM.), for the head (KT.), by
/// order (TL.), by authorisation (TUQ.), acting (Q.): Decree 30/2020/NĐ-CP, annex I, II.7.
const CAPACITIES: [&str; 6] = ["tm.", "t.m.", "kt.", "tl.", "tuq.", "q."];

/// Letters and digits only, without marks, in lower case: what OCR errors in marks, spaces and
/// punctuation leave of a text.
pub(super) fn skeleton(text: &str) -> String {
    strip_marks(&nfc(text)).to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether the text is part of the heading's right column.
pub(super) fn names_the_country(text: &str) -> bool {
    let text = skeleton(text);
    HEADING_RIGHT.iter().any(|formula| holds(&text, formula))
}

/// Whether the line is "Nơi nhận:" and perhaps a little more.
pub(super) fn opens_recipients(text: &str) -> bool {
    let text = skeleton(text);
    is_nearly(&text, RECIPIENTS) || text.starts_with(RECIPIENTS)
}

/// Whether the skeleton is that of the line that addresses a letter, "Kính gửi: …".
pub(super) fn addresses(text: &str) -> bool {
    holds(text, "kinhgui")
}

/// Whether the line says in which capacity somebody signs.
pub(super) fn opens_signature(text: &str) -> bool {
    let text = strip_marks(&nfc(text));
    // In lower case it is an abbreviation within a sentence.
    let capital = text.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    capital && CAPACITIES.iter().any(|capacity| text.to_lowercase().starts_with(capacity))
}

/// Whether the whole skeleton is the formula but for misread letters.
pub(super) fn is_nearly(text: &str, formula: &str) -> bool {
    text.len() <= 2 * formula.len() && strsim::levenshtein(text, formula) <= misread(formula)
}

/// Whether the formula, but for misread letters, is somewhere in the skeleton.
pub(super) fn holds(text: &str, formula: &str) -> bool {
    // Sellers' algorithm: edit distance in which the text before and after costs nothing.
    let pattern: Vec<char> = formula.chars().collect();
    let mut column: Vec<usize> = (0..=pattern.len()).collect();
    for letter in text.chars() {
        let mut corner = 0;
        for row in 1..=pattern.len() {
            let left = column[row];
            let swap = corner + usize::from(pattern[row - 1] != letter);
            column[row] = swap.min(left + 1).min(column[row - 1] + 1);
            corner = left;
        }
        if column[pattern.len()] <= misread(formula) {
            return true;
        }
    }
    false
}

fn misread(formula: &str) -> usize {
    (formula.chars().count() as f32 * MISREAD_SHARE) as usize
}
