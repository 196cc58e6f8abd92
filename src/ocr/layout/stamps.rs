//! What was put on the page after it was printed: captions of digital signatures, incoming-mail
//! stamps, marks of urgency and secrecy. When in doubt a fragment is text.

use std::sync::LazyLock;

use regex::Regex;

use super::Sheet;
use super::formulas::{addresses, holds, is_nearly, skeleton};
use super::fragments::Fragment;
use crate::geometry::PixelBox;
use crate::plan::LineRole;
use crate::text::normalise::strip_marks;

/// A caption's type against the page's: 6 to 8 points against 13 or 14.
const CAPTION_TYPE: f32 = 0.75;
/// A stamp is at most this many type heights high (the usual one is 25 mm) …
const TALLEST_STAMP: f32 = 8.0;
/// … and, as a share of the page, wide.
const WIDEST_STAMP: f32 = 0.45;
/// Stamps are set on the upper part of the first page, as a share of its height.
const STAMPS_ABOVE: f32 = 0.4;
/// Stamps are crooked, faint and filled in by hand: what reads better than this is print.
const STAMP_CONFIDENCE: f32 = 0.7;
/// A word read worse than this is handwriting in a stamp's field.
const HANDWRITING: f32 = 0.5;

/// Marks the fragments of stamps and captions among those that have no other role.
pub(super) fn mark(sheet: &Sheet, fragments: &[Fragment], roles: &mut [LineRole]) {
    mark_captions(sheet, fragments, roles);
    mark_incoming_stamps(sheet, fragments, roles);
    mark_urgency(sheet, fragments, roles);
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
        let belongs = |at: usize, _| {
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
pub(super) static SYMBOL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"/\s?\p{Lu}{2}").expect("the pattern is well formed"));

/// First words of the fields of an incoming-mail stamp: number, hour, date, passed to, file.
const STAMP_FIELDS: [&str; 6] = ["so", "gio", "ngay", "chuyen", "luuhoso", "kyhieu"];

/// The stamp of the office that received the paper: "CÔNG VĂN ĐẾN" or "ĐẾN" (incoming), often
/// under the office's name, with number and date by hand.
fn mark_incoming_stamps(sheet: &Sheet, fragments: &[Fragment], roles: &mut [LineRole]) {
    let texts: Vec<String> = fragments.iter().map(|fragment| sheet.text(fragment)).collect();
    let text_middle = sheet.text_middle(fragments);
    for anchor in 0..fragments.len() {
        let told = heads_stamp(sheet, &fragments[anchor]);
        if roles[anchor] != LineRole::Body
            || !told && !may_own_stamp(sheet, &fragments[anchor], text_middle)
        {
            continue;
        }
        let belongs = |at: usize, region: PixelBox| {
            let fragment = &fragments[at];
            let text = skeleton(&texts[at]);
            let below = fragment.band.middle() >= fragments[anchor].band.top;
            let field = below && STAMP_FIELDS.iter().any(|field| text.starts_with(field));
            let narrow = fragment.bounds.width() as f32 <= WIDEST_STAMP * sheet.page.width as f32;
            // Text beside a stamp can be read badly too, from the stamp's frame.
            let inside = fragment.bounds.x0 < region.x1 && fragment.bounds.x1 > region.x0
                || fragment.band.on_one_line(fragments[anchor].band);
            let faint = sheet.confidence(fragment) < STAMP_CONFIDENCE && inside;
            narrow
                && !addresses(&text)
                && !SYMBOL.is_match(&texts[at])
                && (faint || field || heads_stamp(sheet, fragment))
        };
        let reach = (sheet.types(1.5), sheet.types(1.2));
        let group = grow(fragments, roles, anchor, reach, belongs);
        let around = group.iter().map(|&at| fragments[at].bounds);
        let bounds = PixelBox::around(around).unwrap_or_default();
        let told = told || group.iter().any(|&at| DATE_BY_HAND.is_match(&texts[at]));
        // "ĐẾN" is a word of titles too, and a stamp is more than one line.
        if told && group.len() >= 2 && bounds.height() <= sheet.types(TALLEST_STAMP) {
            group.into_iter().for_each(|at| roles[at] = LineRole::Stamp);
            if let Some(owner) = stamp_owner(sheet, fragments, bounds) {
                roles[owner] = LineRole::Stamp;
            }
        }
    }
}

/// A date as people write it by hand.
static DATE_BY_HAND: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d{1,2}/\d{1,2}/\d{2}").expect("the pattern is well formed"));

/// Whether a fragment can be the first line of a stamp whose "ĐẾN" nobody could read: an office in
/// small capitals on one side of the title.
fn may_own_stamp(sheet: &Sheet, fragment: &Fragment, text_middle: u32) -> bool {
    let bounds = fragment.bounds;
    fragment.words.len() >= 2
        && fragment.band.height() as f32 <= CAPTION_TYPE * sheet.type_height as f32
        && (bounds.x1 < text_middle || bounds.x0 > text_middle)
        && (bounds.y0 as f32) < STAMPS_ABOVE * sheet.page.height as f32
        && is_capital(&sheet.text(fragment))
}

/// The office that received the paper: capitals within the width of its stamp, right above it.
fn stamp_owner(sheet: &Sheet, fragments: &[Fragment], stamp: PixelBox) -> Option<usize> {
    let slack = sheet.type_height;
    (0..fragments.len()).find(|&at| {
        let bounds = fragments[at].bounds;
        let above = bounds.y1 <= stamp.y0.saturating_add(slack / 2)
            && stamp.y0.saturating_sub(bounds.y1) <= sheet.types(1.5);
        let within = bounds.x0.saturating_add(slack) >= stamp.x0
            && bounds.x1 <= stamp.x1.saturating_add(slack);
        let text = sheet.text(&fragments[at]);
        above && within && is_capital(&text) && !SYMBOL.is_match(&text)
    })
}

/// Whether nearly all letters are capitals; false without letters.
fn is_capital(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    letters > 0 && capitals * 5 >= letters * 4
}

/// Whether a fragment is the heading of an incoming-mail stamp, read well or badly.
fn heads_stamp(sheet: &Sheet, fragment: &Fragment) -> bool {
    let text = sheet.text(fragment);
    if !is_capital(&text) {
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
    let first = words.next().is_some_and(|word| is_incoming(&word.text));
    first
        && words.all(|word| {
            let text = skeleton(&word.text);
            word.confidence < HANDWRITING
                || text.chars().count() <= 2
                || text.chars().all(|c| c.is_ascii_digit())
                || STAMP_FIELDS.iter().any(|field| text.starts_with(field))
        })
}

/// Cuts the text off that a stamp's "ĐẾN …" was joined with, where the stamp touches the title. The
/// cut-off parts become fragments at the end.
pub(super) fn cut_off_text(sheet: &Sheet, fragments: &mut Vec<Fragment>) {
    for index in 0..fragments.len() {
        let words = &fragments[index].words;
        let readable = |&at: &usize| sheet.words[at].confidence >= HANDWRITING;
        let filled_in = words.iter().skip(1).take_while(|at| !readable(at)).count();
        let cut = 1 + filled_in;
        if filled_in == 0 || cut == words.len() || !is_incoming(&sheet.words[words[0]].text) {
            continue;
        }
        let text = Fragment::of_words(sheet, words[cut..].to_vec());
        fragments[index] = Fragment::of_words(sheet, words[..cut].to_vec());
        fragments.push(text);
    }
}

/// "ĐẾN" in capitals, well or badly read.
fn is_incoming(word: &str) -> bool {
    matches!(word, "ĐẾN" | "ĐEN" | "ĐỀN")
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
    belongs: impl Fn(usize, PixelBox) -> bool,
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
                && belongs(*at, region)
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
