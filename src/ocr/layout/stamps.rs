//! What was put on the page after it was printed: incoming-mail stamps, marks of urgency and
//! secrecy, captions of digital signatures; and what OCR made of specks, rules and handwriting.
//!
//! All of it is taken out before columns are looked for, since it stands across them. When in
//! doubt a fragment is text.

use std::sync::LazyLock;

use regex::Regex;

use super::Sheet;
use super::formulas::{holds, is_nearly, skeleton};
use super::fragments::{Fragment, join_rows};
use crate::geometry::PixelBox;
use crate::plan::LineRole;
use crate::text::normalise::strip_marks;
use crate::text::syllable::is_syllable;

/// A caption's type against the page's: 6 to 8 points against 13 or 14.
const CAPTION_TYPE: f32 = 0.75;
/// A stamp is at most this many type heights high (the usual one is 25 mm) …
const TALLEST_STAMP: f32 = 8.0;
/// … and, as a share of the page, wide.
const WIDEST_STAMP: f32 = 0.45;
/// Stamps are crooked, faint and filled in by hand: what reads better than this is print.
const STAMP_CONFIDENCE: f32 = 0.7;
/// What stands alone and reads worse than this is handwriting, part of a seal or a speck …
const NOISE_CONFIDENCE: f32 = 0.5;
/// … unless one word of it reads as well as this.
const SURE_CONFIDENCE: f32 = 0.6;
/// Fragments come from top to bottom, so those on the same line are among this many.
const NEIGHBOURS: usize = 32;
/// A fragment farther than this many type heights from its neighbours stands alone.
const ALONE: f32 = 4.0;

/// The page's fragments, parted by what they are.
pub(super) struct Parted {
    /// From top to bottom.
    pub text: Vec<Fragment>,
    /// Lines outside the text.
    pub asides: Vec<(LineRole, Vec<Fragment>)>,
}

/// Parts text from stamps and noise. Takes fragments from top to bottom.
pub(super) fn part(sheet: &Sheet, fragments: Vec<Fragment>) -> Parted {
    let mut roles = vec![LineRole::Body; fragments.len()];
    mark_captions(sheet, &fragments, &mut roles);
    mark_incoming_stamps(sheet, &fragments, &mut roles);
    mark_urgency(sheet, &fragments, &mut roles);
    mark_noise(sheet, &fragments, &mut roles);
    let of_role = |role| {
        let of_role = fragments.iter().zip(&roles).filter(move |(_, is)| **is == role);
        of_role.map(|(fragment, _)| fragment.clone()).collect::<Vec<_>>()
    };
    let aside = |role| {
        join_rows(sheet, of_role(role)).into_iter().map(move |row| (role, row)).collect::<Vec<_>>()
    };
    let mut asides = aside(LineRole::Stamp);
    asides.extend(aside(LineRole::Noise));
    Parted { text: of_role(LineRole::Body), asides }
}

/// A field of a digital signature's caption, without marks: "Người ký: …", "Thời gian ký: …".
static CAPTION_FIELD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(nguoi ky|ky boi|ky ten boi|thoi gian ky|ngay ky|co quan|don vi|email|signed by)\s*:")
        .expect("the pattern is well formed")
});

/// Fields that stand in captions only; "Cơ quan:" and "Email:" are in letterheads too.
const SIGNING_FIELDS: [&str; 6] =
    ["nguoi ky", "ky boi", "ky ten boi", "thoi gian ky", "ngay ky", "signed by"];

fn caption_fields(text: &str) -> Vec<String> {
    let text = strip_marks(text).to_lowercase();
    CAPTION_FIELD.captures_iter(&text).map(|found| found[1].to_owned()).collect()
}

/// A caption is small type around a field of signing, or two fields in type of any size.
fn mark_captions(sheet: &Sheet, fragments: &[Fragment], roles: &mut [LineRole]) {
    let fields: Vec<Vec<String>> =
        fragments.iter().map(|fragment| caption_fields(&sheet.text(fragment))).collect();
    let signs = |at: usize| fields[at].iter().any(|field| SIGNING_FIELDS.contains(&field.as_str()));
    for anchor in 0..fragments.len() {
        if !signs(anchor) || roles[anchor] != LineRole::Body {
            continue;
        }
        let line = fragments[anchor].band.height().max(1);
        let small = line as f32 <= CAPTION_TYPE * sheet.type_height as f32;
        let belongs = |at: usize| {
            let fragment = &fragments[at];
            !fields[at].is_empty() || small && fragment.band.height() <= line + line / 4
        };
        let group = grow(fragments, roles, anchor, (3 * line, line), belongs);
        let mut named: Vec<&String> = group.iter().flat_map(|&at| &fields[at]).collect();
        named.sort_unstable();
        named.dedup();
        if small || named.len() >= 2 {
            group.into_iter().for_each(|at| roles[at] = LineRole::Stamp);
        }
    }
}

/// A document's symbol after its number ("…/QĐ-UBND"): never part of a stamp.
static SYMBOL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"/\s?\p{Lu}{2}").expect("the pattern is well formed"));

/// First words of the fields of an incoming-mail stamp: number, hour, date, passed to, file.
const STAMP_FIELDS: [&str; 6] = ["so", "gio", "ngay", "chuyen", "luuhoso", "kyhieu"];

/// The stamp of the office that received the paper: "CÔNG VĂN ĐẾN" or "ĐẾN" (incoming), often
/// under the office's name, with number and date by hand.
fn mark_incoming_stamps(sheet: &Sheet, fragments: &[Fragment], roles: &mut [LineRole]) {
    let texts: Vec<String> = fragments.iter().map(|fragment| sheet.text(fragment)).collect();
    for anchor in 0..fragments.len() {
        if roles[anchor] != LineRole::Body || !heads_stamp(sheet, &fragments[anchor]) {
            continue;
        }
        let belongs = |at: usize| {
            let fragment = &fragments[at];
            let text = skeleton(&texts[at]);
            let below = fragment.band.middle() >= fragments[anchor].band.top;
            let field = below && STAMP_FIELDS.iter().any(|field| text.starts_with(field));
            let narrow = fragment.bounds.width() as f32 <= WIDEST_STAMP * sheet.page.width as f32;
            let faint = sheet.confidence(fragment) < STAMP_CONFIDENCE;
            narrow
                && !SYMBOL.is_match(&texts[at])
                && (faint || field || heads_stamp(sheet, fragment))
        };
        let reach = (sheet.types(1.5), sheet.types(0.8));
        let group = grow(fragments, roles, anchor, reach, belongs);
        let bounds = PixelBox::around(group.iter().map(|&at| fragments[at].bounds));
        let height = bounds.unwrap_or_default().height();
        // "ĐẾN" is a word of titles too, and a stamp is more than one line.
        if group.len() >= 2 && height <= sheet.types(TALLEST_STAMP) {
            group.into_iter().for_each(|at| roles[at] = LineRole::Stamp);
        }
    }
}

/// Whether a fragment is the heading of an incoming-mail stamp, read well or badly.
fn heads_stamp(sheet: &Sheet, fragment: &Fragment) -> bool {
    let text = sheet.text(fragment);
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    if letters().filter(|c| c.is_uppercase()).count() * 5 < letters().count() * 4 {
        return begins_with_incoming(sheet, fragment);
    }
    let text = skeleton(&text);
    // The portal's name in a list of recipients is in lower case; alone in capitals it is a stamp.
    let names_portal = holds(&text, "congthongtindientu") && text.len() <= 32;
    names_portal || is_nearly(&text, "congvanden") || begins_with_incoming(sheet, fragment)
}

/// "ĐẾN" in capitals, then nothing or a field or what nobody can read; not "ĐẾN NĂM 2030".
fn begins_with_incoming(sheet: &Sheet, fragment: &Fragment) -> bool {
    let mut words = fragment.words.iter().map(|&at| &sheet.words[at]);
    let first = words.next().is_some_and(|word| word.text.trim_end_matches([':', '.']) == "ĐẾN");
    first
        && words.all(|word| {
            let text = skeleton(&word.text);
            word.confidence < NOISE_CONFIDENCE
                || text.chars().count() <= 2
                || STAMP_FIELDS.iter().any(|field| text.starts_with(field))
        })
}

/// Marks of urgency and secrecy (Decree 30/2020/NĐ-CP, annex I, III.2), alone in capitals.
fn mark_urgency(sheet: &Sheet, fragments: &[Fragment], roles: &mut [LineRole]) {
    const MARKS: [&str; 7] =
        ["HỎA TỐC", "HOẢ TỐC", "THƯỢNG KHẨN", "KHẨN", "TUYỆT MẬT", "TỐI MẬT", "MẬT"];
    for (fragment, role) in fragments.iter().zip(roles) {
        if *role == LineRole::Body && MARKS.contains(&sheet.text(fragment).as_str()) {
            *role = LineRole::Stamp;
        }
    }
}

/// The fragments around an anchor that belong to it, each within reach (across, down) of another.
fn grow(
    fragments: &[Fragment],
    roles: &[LineRole],
    anchor: usize,
    reach: (u32, u32),
    belongs: impl Fn(usize) -> bool,
) -> Vec<usize> {
    /// A stamp or caption has fewer lines than this; bounds the time on any page.
    const ROUNDS: usize = 12;
    let mut group = vec![anchor];
    let mut taken: Vec<bool> = roles.iter().map(|role| *role != LineRole::Body).collect();
    taken[anchor] = true;
    let mut region = fragments[anchor].bounds;
    for _ in 0..ROUNDS {
        let near = |at: &usize| {
            let bounds = fragments[*at].bounds;
            !taken[*at]
                && bounds.x0 <= region.x1.saturating_add(reach.0)
                && region.x0 <= bounds.x1.saturating_add(reach.0)
                && bounds.y0 <= region.y1.saturating_add(reach.1)
                && region.y0 <= bounds.y1.saturating_add(reach.1)
                && belongs(*at)
        };
        let more: Vec<usize> = (0..fragments.len()).filter(near).collect();
        if more.is_empty() {
            break;
        }
        for &at in &more {
            taken[at] = true;
            region = region.union(fragments[at].bounds);
        }
        group.extend(more);
    }
    group
}

/// Rules, specks, handwriting and what is left of seals.
fn mark_noise(sheet: &Sheet, fragments: &[Fragment], roles: &mut [LineRole]) {
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
    let lettered = words().any(|word| word.text.chars().any(char::is_alphanumeric));
    let height = fragment.bounds.height();
    if !lettered {
        let long_dots = is_dots && fragment.bounds.width() >= sheet.type_height;
        // A dash or bullet before its paragraph has text beside it; a leader is part of a form.
        return !long_dots && (height < sheet.types(0.1) || stands_alone(sheet, fragments, at));
    }
    if height < sheet.types(0.2) {
        return true; // no letter or superscript is that small
    }
    sheet.confidence(fragment) < NOISE_CONFIDENCE
        && !may_be_text(sheet, fragment)
        && !ends_paragraph(sheet, fragments, at, text_left)
        && stands_alone(sheet, fragments, at)
}

/// Whether a badly read fragment can still be print: a document's symbol, a word that reads well, two
/// syllables, a number with a slash, a long run of letters.
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
        let number = digits >= 3 && letters.contains(['/', '\u{2044}']);
        let run = length >= 5 && letters.chars().all(char::is_alphabetic);
        if sure || !leader && (number || run) || syllables >= 2 {
            return true;
        }
    }
    false
}

/// Whether a fragment stands at the left margin, right below a line of text.
fn ends_paragraph(sheet: &Sheet, fragments: &[Fragment], at: usize, text_left: u32) -> bool {
    let fragment = &fragments[at];
    fragment.bounds.x0.abs_diff(text_left) <= sheet.type_height
        && fragments[..at].iter().rev().take(NEIGHBOURS).any(|above| {
            above.bounds.width() > sheet.page.width / 2
                && fragment.band.top.saturating_sub(above.band.bottom) <= 2 * sheet.type_height
        })
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
