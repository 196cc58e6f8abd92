//! What the difference between two stretches of text is: a bad reading, a name of the level, other
//! words, other matter, or another figure.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::comparison::{Class, SegmentKind};
use super::hunks::Stretch;
use super::pieces::{Node, Outline, Piece};
use super::tokens::{Key, Lexicon, Token, TokenKind, folded};
use crate::text::syllable::is_syllable;

/// A hunk with its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub kind: SegmentKind,
    /// Positions in the two slices of the figures that differ, and were read surely.
    pub lower_figures: Vec<usize>,
    pub upper_figures: Vec<usize>,
}

/// A stretch of so many words of its own, nothing standing for it on the other side, is matter.
const MATTER: usize = 5;
/// An item between commas is matter from fewer words on. Two are as often an ornament ("kịp thời").
const MATTER_OF_ITEM: usize = 3;
/// Where words stand for words, one side may be longer by this many before it says more.
const LONGER: usize = 7;

/// Words that say who decides and who only helps, or what must and what may be: whoever exchanges
/// them changes the duty. Without marks.
const DUTIES: &[&[&str]] = &[
    &["chu", "tri"],
    &["phoi", "hop"],
    &["tham", "muu"],
    &["de", "xuat"],
    &["ban", "hanh"],
    &["phe", "duiet"],
    &["quiet", "dinh"],
    &["khuien", "khich"],
    &["bat", "buoc"],
    &["khong"],
    &["toi", "thieu"],
    &["toi", "da"],
];

/// Words that come and go with the name of a place or body: "trên địa bàn", "qua", "toàn".
const BESIDE_NAMES: &[&str] =
    &["dia", "ban", "toan", "thuoc", "qua", "moi", "tung", "mot", "so", "cap", "truc", "thuong"];

/// Words that come and go with a document's number: "Chương trình hành động số".
pub const BESIDE_DOCUMENTS: &[&str] = &[
    "so", "nghi", "quiet", "dinh", "ke", "hoach", "chuong", "trinh", "hanh", "dong", "de", "an",
    "chi", "thi", "thong", "tu", "huong", "dan", "cong", "van", "ket", "luan", "bo",
];

/// A stretch of one side: tokens and the text that they are spans of.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
}

/// Compares what stands between two equal stretches.
pub fn judge(lexicon: &Lexicon, lower: Side, upper: Side) -> Verdict {
    let verdict = |kind| Verdict { kind, lower_figures: Vec::new(), upper_figures: Vec::new() };
    if let Some(kind) = same_print(lower, upper)
        .or_else(|| illegible(lower, upper))
        .or_else(|| illegible(upper, lower))
    {
        return verdict(kind);
    }
    let (lower, upper) = (lower.tokens, upper.tokens);
    let (lower_figures, upper_figures) = differing_figures(lower, upper);
    let figures = lower_figures.iter().map(|&at| &lower[at]);
    let sure = figures.chain(upper_figures.iter().map(|&at| &upper[at])).all(|token| token.sure);
    let words = judge_words(lexicon, lower, upper);
    if lower_figures.is_empty() && upper_figures.is_empty() || words == SegmentKind::Reading {
        return verdict(words);
    }
    if !sure {
        return verdict(words.max(SegmentKind::Doubt));
    }
    let by_level = level_documents(lexicon, lower, &lower_figures, upper, &upper_figures);
    let kind = if by_level { words.max(SegmentKind::Name) } else { SegmentKind::Figure };
    Verdict { kind, lower_figures, upper_figures }
}

/// The same letters and digits in other words or marks: "TT-. BTC"; with a letter for the digit that
/// looks like it ("l1" for 11) a doubt.
fn same_print(lower: Side, upper: Side) -> Option<SegmentKind> {
    let letters = |side: Side| -> String {
        let printed = side.tokens.iter().map(|token| &side.text[token.span.clone()]);
        folded(&printed.collect::<String>().to_lowercase())
            .replace(|c: char| !c.is_alphanumeric(), "")
    };
    let (here, there) = (letters(lower), letters(upper));
    if here.is_empty() || there.is_empty() {
        return None;
    }
    if here == there {
        return Some(SegmentKind::Reading);
    }
    let as_digits = |text: &str| text.replace(['l', 'i'], "1").replace('o', "0");
    (as_digits(&here) == as_digits(&there)).then_some(SegmentKind::Doubt)
}

/// One side can't be read, and is about as long as the other: "vết 9h€'1t,o sér}g" for "vật chất,
/// sáng". A figure that stands against it is a doubt.
fn illegible(spoilt: Side, other: Side) -> Option<SegmentKind> {
    if spoilt.tokens.is_empty() || other.tokens.is_empty() {
        return None;
    }
    let unsure = spoilt.tokens.iter().any(|token| !token.sure);
    let words = whole_words(spoilt);
    let garbled = words.iter().filter(|word| is_garbled(word)).count();
    let letters = |words: &[&str]| -> usize {
        words.iter().flat_map(|word| word.chars()).filter(|c| c.is_alphanumeric()).count()
    };
    let (here, there) = (letters(&words), letters(&whole_words(other)));
    let readable = words.iter().any(|word| has_digit(word) && !is_garbled(word));
    let alike = here.abs_diff(there) <= (here.max(there) / 3).max(3);
    (unsure && garbled * 3 >= words.len() && alike && !readable).then(|| {
        let figure = other.tokens.iter().any(|token| token.kind.is_figure());
        if figure { SegmentKind::Doubt } else { SegmentKind::Reading }
    })
}

/// The words between spaces in which the tokens stand.
fn whole_words<'a>(side: Side<'a>) -> Vec<&'a str> {
    let [first, .., last] = side.tokens else {
        return side.tokens.iter().flat_map(|token| around(side.text, &token.span)).collect();
    };
    around(side.text, &(first.span.start..last.span.end)).collect()
}

fn around<'a>(text: &'a str, span: &Range<usize>) -> impl Iterator<Item = &'a str> {
    let space = |c: char| c.is_whitespace();
    let start = text[..span.start].rfind(space).map_or(0, |at| at + 1);
    let end = text[span.end..].find(space).map_or(text.len(), |at| span.end + at);
    text[start..end].split_whitespace()
}

fn has_digit(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
}

/// Marks in it that no print has within a word, or digits between its letters.
fn is_garbled(word: &str) -> bool {
    const PRINTED: &str = ".,;:?!()[]\"“”‘’'…/-–—+*%&²³⁰¹⁴⁵⁶⁷⁸⁹⟨⟩#°";
    let odd = |c: char| !c.is_alphanumeric() && !is_combining_mark(c) && !PRINTED.contains(c);
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphanumeric()).collect();
    let among = |three: &[char]| {
        three[0].is_lowercase() && three[1].is_ascii_digit() && three[2].is_lowercase()
    };
    let whole = !word.contains(['/', '-', '–']);
    word.contains(char::is_alphabetic) && word.contains(odd)
        || whole && letters.windows(3).any(among)
}

/// Positions of the figures without an equal one on the other side.
fn differing_figures(lower: &[Token], upper: &[Token]) -> (Vec<usize>, Vec<usize>) {
    let figures = |tokens: &[Token]| -> Vec<usize> {
        let dated = |at: &usize| tokens[*at].kind.is_figure() && !tokens[*at].of_document;
        (0..tokens.len()).filter(dated).collect()
    };
    let (mut here, mut there) = (figures(lower), figures(upper));
    here.retain(|&at| match there.iter().position(|&other| upper[other].equals(&lower[at])) {
        Some(equal) => {
            there.remove(equal);
            false
        }
        None => true,
    });
    (here, there)
}

/// Whether all that differs are documents of a province, ward or Party committee that stand for
/// others: those the level brings with it, unlike laws, decrees and circulars.
fn level_documents(
    lexicon: &Lexicon,
    lower: &[Token],
    lower_at: &[usize],
    upper: &[Token],
    upper_at: &[usize],
) -> bool {
    let documents = |tokens: &[Token], at: &[usize]| {
        at.iter().all(|&at| tokens[at].kind == TokenKind::Document)
    };
    let own = lower_at.iter().any(|&at| is_of_level(lexicon.text(lower[at].key)));
    let national = |tokens: &[Token], at: &[usize]| {
        at.iter().any(|&at| !is_of_level(lexicon.text(tokens[at].key)))
    };
    documents(lower, lower_at)
        && documents(upper, upper_at)
        && !national(lower, lower_at)
        // A document of the state gives way to one of the level, or is gone.
        && (own || !national(upper, upper_at))
}

/// By the issuer in the symbol: UBND, HĐND, TU, ĐU, a department.
fn is_of_level(code: &str) -> bool {
    let symbol = code.trim_start_matches(|c: char| c.is_ascii_digit() || "/-".contains(c));
    let issuer = symbol.rsplit(['/', '-']).next().unwrap_or("");
    let kind = symbol.split(['/', '-']).next().unwrap_or("");
    let of_state = matches!(issuer, "CP" | "TTG" | "TW" | "BCT" | "VPCP")
        || issuer.starts_with("QH")
        || issuer.starts_with("UBTVQH")
        || kind == "TT" && issuer.starts_with('B')
        || kind == "HD" && issuer.starts_with('B');
    !of_state && !issuer.is_empty()
}

/// The same for words: figures are left out.
fn judge_words(lexicon: &Lexicon, lower: &[Token], upper: &[Token]) -> SegmentKind {
    if is_reading(lexicon, lower, upper) {
        return SegmentKind::Reading;
    }
    let named = lower.iter().chain(upper).any(|token| token.name.is_some());
    let of_documents = |token: &Token| BESIDE_DOCUMENTS.contains(&lexicon.text(token.key));
    // "Đề án" for "Quyết định": the number after it is another hunk.
    let kinds =
        !lower.is_empty() && !upper.is_empty() && lower.iter().chain(upper).all(of_documents);
    let cited = kinds || lower.iter().chain(upper).any(|token| token.kind == TokenKind::Document);
    if lower.iter().chain(upper).all(|token| token.kind.is_figure()) {
        return SegmentKind::Same;
    }
    let own = |tokens: &[Token], others: &[Token]| -> Vec<Key> {
        let mut others: Vec<Key> = others.iter().map(|token| token.key).collect();
        let words = tokens.iter().filter(|token| {
            token.kind == TokenKind::Word
                && token.name.is_none()
                && !(named && BESIDE_NAMES.contains(&lexicon.text(token.key)))
                && !(cited && BESIDE_DOCUMENTS.contains(&lexicon.text(token.key)))
        });
        let unlike = words.filter(|token| match others.iter().position(|&key| key == token.key) {
            Some(at) => {
                others.swap_remove(at);
                false
            }
            None => true,
        });
        unlike.map(|token| token.key).collect()
    };
    let (here, there) = (own(lower, upper), own(upper, lower));
    if here.is_empty() && there.is_empty() {
        let heads = heads_differ(lexicon, lower, upper);
        return match named || cited {
            true if heads => SegmentKind::Matter,
            true => SegmentKind::Name,
            // Function words alone, or an order of words.
            false => SegmentKind::Wording,
        };
    }
    let duty = |keys: &[Key]| duties(lexicon, keys);
    if duty(&here) != duty(&there) {
        return SegmentKind::Matter;
    }
    let item = is_item(lower) && upper.is_empty() || is_item(upper) && lower.is_empty();
    let (more, less) = (here.len().max(there.len()), here.len().min(there.len()));
    let words = lower.iter().chain(upper).filter(|token| token.kind == TokenKind::Word).count();
    let matter = match less {
        0 if item => words >= MATTER_OF_ITEM,
        0 => more >= MATTER,
        _ => more - less >= LONGER,
    };
    if matter { SegmentKind::Matter } else { SegmentKind::Wording }
}

/// Whether the tokens say what the heading over the other side says, or the most of it under the
/// level's own names.
fn heading_said(tokens: &[Token], heading: &[Token]) -> Option<SegmentKind> {
    let words = || tokens.iter().filter(|token| token.kind == TokenKind::Word);
    let met = words().filter(|word| heading.iter().any(|token| token.key == word.key)).count();
    let all = words().count();
    let mostly = met * 3 >= all * 2 && met >= 2;
    (mostly && !tokens.iter().any(|token| token.kind.is_figure())).then_some(if met == all {
        SegmentKind::Heading
    } else {
        SegmentKind::Name
    })
}

/// At the end of a piece the heading of the next section, whose label could not be read.
fn stray_heading(piece: &Piece, range: &Range<usize>, other: &Outline) -> Option<SegmentKind> {
    let tokens = &piece.tokens[range.clone()];
    let ends = range.end == piece.tokens.len() && tokens.len() <= LONGEST_HEADING;
    let like = |node: &Node| {
        let said =
            node.heading.iter().filter(|word| tokens.iter().any(|token| token.key == word.key));
        node.heading.len() >= 2
            && said.count() * 5 >= node.heading.len() * 4
            && tokens.len() <= node.heading.len() + 2
    };
    (ends && other.nodes.iter().any(like)).then_some(SegmentKind::Heading)
}

/// In tokens.
const LONGEST_HEADING: usize = 30;

/// Whether what one side lacks are its last words, and its text breaks off where a picture was read.
fn is_cut_off(
    (plan, cut): (&Outline, &Piece),
    whole: &Piece,
    hunk: &Stretch,
    range: &Range<usize>,
) -> bool {
    const MOST_LOST: usize = 2;
    let ended = |piece: &Piece| {
        piece.text.trim_end().ends_with(['.', ';', ':', ',', '/', '!', '?', ')', '”', '"'])
    };
    let lost = &whole.tokens[range.clone()];
    plan.reading.from_pictures
        && range.end == whole.tokens.len()
        && hunk.lower.start.max(hunk.upper.start) >= 1
        && lost.len() <= MOST_LOST
        && lost.iter().all(|token| !token.kind.is_figure())
        && !ended(cut)
        && ended(whole)
}

/// "của của": the same words once more.
fn is_repeated(tokens: &[Token], range: &Range<usize>) -> bool {
    let keys =
        |range: Range<usize>| -> Vec<Key> { tokens[range].iter().map(|token| token.key).collect() };
    let length = range.len();
    let own = keys(range.clone());
    length <= 2
        && (range.start >= length && keys(range.start - length..range.start) == own
            || range.end + length <= tokens.len() && keys(range.end..range.end + length) == own)
}

/// A figure that left one hunk and stands in another has only been moved; a document that the other
/// text cites somewhere is only cited once more.
fn cancel_figures(lower: &Piece, upper: &Piece, hunks: &mut [(&Stretch, Verdict)]) {
    let cited = |piece: &Piece, figure: &Token| {
        figure.kind == TokenKind::Document
            && piece.tokens.iter().any(|token| token.key == figure.key)
    };
    for (hunk, verdict) in hunks.iter_mut() {
        let (here, there) = (&lower.tokens[hunk.lower.clone()], &upper.tokens[hunk.upper.clone()]);
        verdict.lower_figures.retain(|&at| !cited(upper, &here[at]));
        verdict.upper_figures.retain(|&at| !cited(lower, &there[at]));
    }
    let mut gone: Vec<&Token> = Vec::new();
    for (hunk, verdict) in hunks.iter() {
        gone.extend(verdict.upper_figures.iter().map(|at| &upper.tokens[hunk.upper.start + at]));
    }
    let mut met: Vec<&Token> = Vec::new();
    for (hunk, verdict) in hunks.iter_mut() {
        verdict.lower_figures.retain(|at| {
            let figure = &lower.tokens[hunk.lower.start + at];
            let moved = gone.iter().position(|other| other.matching() == figure.matching());
            moved.map(|at| met.push(gone.swap_remove(at))).is_none()
        });
    }
    for (hunk, verdict) in hunks.iter_mut() {
        verdict.upper_figures.retain(|at| {
            let figure = &upper.tokens[hunk.upper.start + at];
            let moved = met.iter().position(|other| std::ptr::eq(*other, figure));
            moved.map(|at| met.swap_remove(at)).is_none()
        });
        let none = verdict.lower_figures.is_empty() && verdict.upper_figures.is_empty();
        if none && verdict.kind == SegmentKind::Figure {
            verdict.kind = SegmentKind::Wording;
        }
    }
}

/// Words that carry matter and are no names.
fn content(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    tokens.iter().filter(|token| token.kind == TokenKind::Word && token.name.is_none())
}

/// Ends like an item of a list.
fn is_item(tokens: &[Token]) -> bool {
    tokens.last().is_some_and(|token| token.ends_phrase)
}

/// Sở A for Sở B, where the level brings no other head with it.
fn heads_differ(lexicon: &Lexicon, lower: &[Token], upper: &[Token]) -> bool {
    let heads = ["so", "phong", "bo"];
    let head = |tokens: &[Token]| {
        tokens
            .first()
            .filter(|token| token.name == Some(super::names::NameKind::Body))
            .map(|token| lexicon.text(token.key).to_owned())
            .filter(|head| heads.contains(&head.as_str()))
    };
    head(lower).is_some() && head(lower) == head(upper)
}

fn duties(lexicon: &Lexicon, keys: &[Key]) -> Vec<usize> {
    let found = |duty: &&[&str]| {
        keys.windows(duty.len())
            .any(|window| window.iter().zip(*duty).all(|(&key, word)| lexicon.text(key) == *word))
    };
    DUTIES.iter().enumerate().filter(|(_, duty)| found(duty)).map(|(index, _)| index).collect()
}

/// Whether the two sides differ by their reading alone.
fn is_reading(lexicon: &Lexicon, lower: &[Token], upper: &[Token]) -> bool {
    let letters = |tokens: &[Token]| -> String {
        tokens.iter().map(|token| lexicon.text(token.key)).collect()
    };
    if lower.is_empty() || upper.is_empty() {
        // Specks and strokes, or what they covered.
        let mut all = lower.iter().chain(upper);
        return lower.len() + upper.len() <= 2
            && all.all(|token| !token.sure && !token.kind.is_figure());
    }
    if lower.len() == upper.len() {
        let mut pairs = lower.iter().zip(upper);
        return pairs.all(|(a, b)| match (a.kind.is_figure(), b.kind.is_figure()) {
            (false, false) => misread(lexicon, &[a], &[b]),
            (true, true) => a.equals(b),
            (true, false) => is_word_as_number(lexicon, a, b),
            (false, true) => is_word_as_number(lexicon, b, a),
        });
    }
    let words = |tokens: &[Token]| tokens.iter().all(|token| !token.kind.is_figure());
    let whole = |tokens: &[Token]| letters(tokens).chars().count();
    words(lower)
        && words(upper)
        && whole(lower).abs_diff(whole(upper)) <= 2
        && misread(lexicon, &lower.iter().collect::<Vec<_>>(), &upper.iter().collect::<Vec<_>>())
}

fn misread(lexicon: &Lexicon, lower: &[&Token], upper: &[&Token]) -> bool {
    let letters = |tokens: &[&Token]| -> String {
        tokens.iter().map(|token| lexicon.text(token.key)).collect()
    };
    let (here, there) = (letters(lower), letters(upper));
    if here == there {
        return true;
    }
    let all = || lower.iter().chain(upper);
    let length = here.chars().count().max(there.chars().count());
    let misspelt = all().any(|token| !is_syllable(lexicon.text(token.marked)));
    let unsure = all().any(|token| !token.sure);
    // What is no syllable was never printed so.
    let garbled = |token: &&&Token| !token.sure && !is_syllable(lexicon.text(token.marked));
    if all().any(|token| garbled(&token))
        && here.chars().count().abs_diff(there.chars().count()) <= 3
    {
        return true;
    }
    let allowed = if unsure { 1 + length / 3 } else { usize::from(misspelt && length > 3) };
    strsim::levenshtein(&here, &there) <= allowed
}

/// "13" for "là", "56" for "số": a short word that was read as digits. A written number is none.
fn is_word_as_number(lexicon: &Lexicon, number: &Token, word: &Token) -> bool {
    const NUMBERS: [&str; 11] =
        ["mot", "hai", "ba", "bon", "nam", "sau", "bai", "tam", "chin", "muoi", "tu"];
    let (digits, letters) = (lexicon.text(number.key), lexicon.text(word.key));
    number.kind == TokenKind::Number
        && digits.len() <= 2
        && letters.chars().count() <= 3
        && !NUMBERS.contains(&letters)
}

/// Looks at all hunks of a pair together: what went from one place of the text to another is neither
/// gone nor new.
pub fn settle(
    lexicon: &Lexicon,
    (lower_plan, lower): (&Outline, &Piece),
    (upper_plan, upper): (&Outline, &Piece),
    hunks: &mut [(&Stretch, Verdict)],
) {
    cancel_figures(lower, upper, hunks);
    for (hunk, verdict) in hunks.iter_mut() {
        let (here, there) = (&lower.tokens[hunk.lower.clone()], &upper.tokens[hunk.upper.clone()]);
        let heading = match (here.is_empty(), there.is_empty()) {
            (true, _) => heading_said(there, lower_plan.heading_over(lower))
                .or_else(|| stray_heading(upper, &hunk.upper, lower_plan)),
            (_, true) => heading_said(here, upper_plan.heading_over(upper))
                .or_else(|| stray_heading(lower, &hunk.lower, upper_plan)),
            _ => None,
        };
        let twice = there.is_empty() && is_repeated(&lower.tokens, &hunk.lower)
            || here.is_empty() && is_repeated(&upper.tokens, &hunk.upper);
        let cut = here.is_empty() && is_cut_off((lower_plan, lower), upper, hunk, &hunk.upper)
            || there.is_empty() && is_cut_off((upper_plan, upper), lower, hunk, &hunk.lower);
        if let Some(kind) = heading {
            verdict.kind = kind;
        } else if twice || cut {
            verdict.kind = SegmentKind::Reading;
        }
    }
    let keys = |piece: &Piece, range: &Range<usize>| -> Vec<Key> {
        content(&piece.tokens[range.clone()]).map(|token| token.key).collect()
    };
    let mut here: Vec<Key> = hunks.iter().flat_map(|(hunk, _)| keys(lower, &hunk.lower)).collect();
    let mut there: Vec<Key> = hunks.iter().flat_map(|(hunk, _)| keys(upper, &hunk.upper)).collect();
    here.sort_unstable();
    there.sort_unstable();
    for (hunk, verdict) in
        hunks.iter_mut().filter(|(_, verdict)| verdict.kind == SegmentKind::Matter)
    {
        let (own, other) = (keys(lower, &hunk.lower), keys(upper, &hunk.upper));
        // Of a paraphrase most words stand somewhere on the other side.
        let elsewhere = |keys: &[Key], side: &[Key]| {
            keys.iter().filter(|key| side.binary_search(key).is_ok()).count()
        };
        let met = elsewhere(&own, &there) + elsewhere(&other, &here);
        let all = own.len() + other.len();
        let duty = duties(lexicon, &own) != duties(lexicon, &other);
        if met * 2 > all && !duty {
            verdict.kind = SegmentKind::Wording;
        }
    }
}

/// The class of a pair by its segments' kinds.
pub fn class_of(kinds: impl Iterator<Item = SegmentKind>) -> Class {
    match kinds.max().unwrap_or(SegmentKind::Same) {
        SegmentKind::Same | SegmentKind::Heading | SegmentKind::Reading | SegmentKind::Doubt => {
            Class::Same
        }
        SegmentKind::Name => Class::Renamed,
        SegmentKind::Wording => Class::Reworded,
        SegmentKind::Matter | SegmentKind::Figure => Class::Changed,
    }
}
