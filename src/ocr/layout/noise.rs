//! What OCR made of specks, rules, dotted leaders, handwriting and seals.
//!
//! Nothing real may be lost: when in doubt a fragment is text, and what has the form of a number or
//! of a document's symbol always is.

use super::Sheet;
use super::fragments::Fragment;
use super::stamps::SYMBOL;
use crate::plan::LineRole;
use crate::text::syllable::is_syllable;

/// What stands alone and reads worse than this is handwriting, part of a seal or a speck …
const NOISE_CONFIDENCE: f32 = 0.5;
/// … unless one word of it reads as well as this.
const SURE_CONFIDENCE: f32 = 0.6;
/// Fragments come from top to bottom, so those on the same line are among this many.
const NEIGHBOURS: usize = 32;
/// A fragment farther than this many type heights from its neighbours stands alone.
const ALONE: f32 = 4.0;
/// A dotted leader comes out as at least so many zeros, sixes, nines and full stops …
const LEADER_SIGNS: usize = 12;
/// … which are this share of what was read.
const LEADER_SHARE: f32 = 0.8;
/// In type heights: no letter is lower; a full stop is, and most specks are.
const SPECK: f32 = 0.25;
/// In type heights: marks over letters are lower.
const MARK: f32 = 0.45;

/// Takes the marks out of fragments that were read a second time as words of their own: the
/// circumflex of "dân" as "ˆ", over the word. They become fragments at the end.
pub(super) fn cut_debris(sheet: &Sheet, fragments: &mut Vec<Fragment>) -> Vec<Fragment> {
    let low = |at: usize| sheet.words[at].bounds.height() < sheet.types(MARK);
    let mut debris = Vec::new();
    for fragment in fragments.iter_mut() {
        let words = std::mem::take(&mut fragment.words);
        let mut taller: Option<usize> = None;
        for (index, &at) in words.iter().enumerate() {
            let bounds = sheet.words[at].bounds;
            let next = words.get(index + 1).copied();
            let covered = taller.into_iter().chain(next).any(|other| {
                let other = sheet.words[other].bounds;
                other.x0 <= bounds.x0
                    && bounds.x1 <= other.x1
                    && bounds.y0 < other.y0 + other.height() / 3
            });
            if low(at) && covered {
                debris.push(Fragment::of_words(sheet, vec![at]));
            } else {
                fragment.words.push(at);
                taller = if low(at) { taller } else { Some(at) };
            }
        }
    }
    fragments.retain(|fragment| !fragment.words.is_empty());
    debris
}

/// Marks noise among the fragments that have no other role.
pub(super) fn mark(sheet: &Sheet, fragments: &[Fragment], roles: &mut [LineRole]) {
    let left = sheet.text_left(fragments);
    for (at, role) in roles.iter_mut().enumerate() {
        if *role == LineRole::Body && is_noise(sheet, fragments, at, left) {
            *role = LineRole::Noise;
        }
    }
}

fn is_noise(sheet: &Sheet, fragments: &[Fragment], at: usize, text_left: u32) -> bool {
    let fragment = &fragments[at];
    let words = || fragment.words.iter().map(|&at| &sheet.words[at]);
    let is_dots = words().all(|word| word.text.chars().all(|c| matches!(c, '.' | '…')));
    let lettered =
        words().any(|word| word.text.contains(|c: char| c.is_alphanumeric() || c == '%'));
    let height = fragment.bounds.height();
    if words().all(|word| word.text.chars().all(|c| matches!(c, '|' | '¦' | '_'))) {
        return true; // borders of a table
    }
    if !lettered {
        let long_dots = is_dots && fragment.bounds.width() >= sheet.type_height;
        // A dash or bullet before its paragraph has text beside it; a leader is part of a form.
        return !long_dots && (height < sheet.types(0.1) || stands_alone(sheet, fragments, at));
    }
    if height < sheet.types(SPECK) || is_misread_leader(sheet, fragment) {
        return true;
    }
    sheet.confidence(fragment) < NOISE_CONFIDENCE
        && !may_be_text(sheet, fragment)
        && !begins_at_margin(sheet, fragment, text_left)
        && stands_alone(sheet, fragments, at)
}

/// Whether what reads as a run of round digits is the dotted leader of a form: numbers of such
/// length don't begin with a zero, and read better.
fn is_misread_leader(sheet: &Sheet, fragment: &Fragment) -> bool {
    let words = || fragment.words.iter().map(|&at| &sheet.words[at]);
    let signs = words().map(|word| word.text.chars().count()).sum::<usize>();
    let round = words().flat_map(|word| word.text.chars());
    let round = round.filter(|sign| matches!(sign, '0' | '6' | '9' | '.')).count();
    signs >= LEADER_SIGNS
        && words().next().is_some_and(|word| word.text.starts_with(['0', '.']))
        && round as f32 >= LEADER_SHARE * signs as f32
        && words().all(|word| word.confidence < NOISE_CONFIDENCE)
}

/// Whether a badly read fragment can still be print: a document's symbol, a word that reads well, two
/// syllables, a number with a slash or in groups, a long run of letters.
fn may_be_text(sheet: &Sheet, fragment: &Fragment) -> bool {
    // The dotted leaders of a form are read as long words, flat and with no confidence at all.
    let leader = fragment.band.height() < sheet.types(0.75);
    if SYMBOL.is_match(&sheet.text(fragment)) {
        return true;
    }
    let mut syllables = 0;
    for word in fragment.words.iter().map(|&at| &sheet.words[at]) {
        let letters = word.text.trim_matches(|c: char| !c.is_alphanumeric());
        let length = letters.chars().count();
        let syllable = length >= 2 && is_syllable(letters);
        syllables += usize::from(syllable);
        let digits = letters.chars().filter(char::is_ascii_digit).count();
        let sure = syllable && word.confidence >= SURE_CONFIDENCE;
        let number = digits >= 3 && (letters.contains(['/', '\u{2044}']) || is_grouped(letters));
        let run = length >= 5 && letters.chars().all(char::is_alphabetic);
        if sure || !leader && (number || run) || syllables >= 2 {
            return true;
        }
    }
    false
}

/// Whether a number is written in groups of three digits, as sums of money are: "1.200.000".
fn is_grouped(text: &str) -> bool {
    let mut groups = text.split('.');
    let all_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first =
        groups.next().is_some_and(|group| (1..=3).contains(&group.len()) && all_digits(group));
    first && text.contains('.') && groups.all(|group| group.len() == 3 && all_digits(group))
}

/// Whether a syllable stands at the left margin: the end of a paragraph.
fn begins_at_margin(sheet: &Sheet, fragment: &Fragment, text_left: u32) -> bool {
    let first = &sheet.words[fragment.words[0]].text;
    let letters = first.trim_matches(|c: char| !c.is_alphanumeric());
    fragment.bounds.x0.abs_diff(text_left) <= sheet.type_height
        && letters.chars().count() >= 2
        && is_syllable(letters)
}

/// Whether no other fragment of the line is near.
fn stands_alone(sheet: &Sheet, fragments: &[Fragment], at: usize) -> bool {
    let fragment = &fragments[at];
    let words = || fragment.words.iter().map(|&at| &sheet.words[at]);
    // A number in a table has no neighbour but in its row.
    let number = words().all(|word| word.text.chars().all(|c| c.is_ascii_digit()));
    let reach = if number { sheet.page.width } else { sheet.types(ALONE) };
    let close = at.saturating_sub(NEIGHBOURS)..fragments.len().min(at + NEIGHBOURS);
    close.filter(|&other| other != at).all(|other| {
        let other = &fragments[other];
        !other.band.on_one_line(fragment.band)
            || other.bounds.x0 > fragment.bounds.x1.saturating_add(reach)
            || fragment.bounds.x0 > other.bounds.x1.saturating_add(reach)
    })
}
