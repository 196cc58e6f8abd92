//! Sentences of a text, across line ends, and the lattice of what each of their tokens may be.

use rustc_hash::FxHashMap;

use super::align::LetterCounts;
use super::candidates::{Candidate, Limits, Speller};
use super::case::Case;
use super::channel::{Channel, Reading};
use super::decode::Arc;
use super::language_model::{BOUNDARY, CODE, History, LABEL, UNKNOWN};
use super::memory::Memory;
use super::model::Model;
use super::symbols::Mention;
use super::tokens::{Kind, Token, tokens_of_line};
use super::vocabulary::word_key;
use crate::ocr::Alternative;
use crate::text::normalise::{fold_look_alike, nfc};
use crate::text::{AlignedText, Span, TextWord};

/// A token of a sentence, with all that is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub span: Span,
    /// 0-based.
    pub line: usize,
    pub kind: Kind,
    /// As it stands.
    pub read: String,
    pub case: Case,
    /// Of the OCR engine for the word that this is part of; `None` for plain text.
    pub confidence: Option<f32>,
    /// What else the OCR engine considered, and how much dearer that is than what it chose.
    pub alternatives: Vec<(String, f32)>,
}

/// Which words are considered for a token: to learn what the text says of itself, and to repair it.
const FIRST_LIMITS: Limits = Limits { most: 16, width: 9.0 };
const LIMITS: Limits = Limits { most: 64, width: 11.0 };
/// What a word costs that isn't in the vocabulary, and each of its letters: names, foreign words.
const UNKNOWN_WORD: f32 = 6.0;
const UNKNOWN_LETTER: f32 = 2.4;
/// What each digit of a number costs, after the language model expects a number there.
const DIGIT: f32 = 2.3;
/// How many words are considered for each half of a token that may be two, and how many pairs.
const MOST_PARTS: usize = 4;
const PART_LIMITS: Limits = Limits { most: MOST_PARTS, width: 7.0 };
const MOST_PAIRS: usize = 12;
/// What a change in text that is mostly right costs at least, beside its penalty: that a letter was
/// misread, that the other words cost something too, and that it must be sure.
const LEAST_TO_WIN: f32 = 9.0;
/// A token whose best reading costs more than this may be two words, or half of one.
const DOUBTFUL: f32 = 3.5;
/// The shortest half.
const LEAST_PART: usize = 2;
/// nghiêng, and a letter read as two.
const LONGEST_SYLLABLE: usize = 8;
/// Longer strings of digits are numbers and no misread words.
const LONGEST_MISREAD_DIGITS: usize = 3;

/// Longer sentences are lists or no text; cut here, they take no more memory than others.
const LONGEST_SENTENCE: usize = 400;

/// Cuts the lines into sentences. A blank line ends a sentence; a line end alone doesn't.
///
/// `codes` holds the document symbols of each line, in bytes of the line.
pub fn sentences(text: &AlignedText, codes: &[Vec<Mention>]) -> Vec<Vec<Piece>> {
    let mut sentences = vec![Vec::new()];
    for (number, (whole_line, codes)) in text.lines().iter().zip(codes).enumerate() {
        let start = whole_line.span.start;
        let line = &text.as_str()[whole_line.span.clone()];
        let in_capitals = is_in_capitals(line);
        let tokens = tokens_of_line(line);
        if tokens.is_empty() {
            sentences.push(Vec::new());
        }
        for Token { span, kind } in tokens {
            let in_code = |code: &Mention| code.span.start < span.end && span.start < code.span.end;
            let kind = if codes.iter().any(in_code) { Kind::Code } else { kind };
            if kind == Kind::Break {
                sentences.push(Vec::new());
                continue;
            }
            let read = line[span.clone()].to_owned();
            let span = start + span.start..start + span.end;
            let word = text.words_in(span.clone()).first().filter(|word| word.bounds.is_some());
            let confidence = word.map(|word| word.confidence);
            let alternatives = word.map_or(Vec::new(), |word| alternatives(word, &read));
            let case = Case::of(&read, in_capitals);
            if sentences.last().is_some_and(|sentence| sentence.len() >= LONGEST_SENTENCE) {
                sentences.push(Vec::new());
            }
            if let Some(sentence) = sentences.last_mut() {
                sentence.push(Piece {
                    span,
                    line: number,
                    kind,
                    read,
                    case,
                    confidence,
                    alternatives,
                });
            }
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// What the engine considered for a word that is one token.
fn alternatives(word: &TextWord, read: &str) -> Vec<(String, f32)> {
    let core = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    if core(&word.read) != read {
        return Vec::new();
    }
    let dearer = |other: &Alternative| (word.confidence / other.confidence.max(1e-6)).max(1.0).ln();
    let others = word.alternatives.iter().map(|other| (core(&other.text), dearer(other)));
    others.filter(|(text, _)| text.chars().all(char::is_alphabetic) && text != read).collect()
}

fn is_in_capitals(line: &str) -> bool {
    let capitals = line.chars().filter(|c| c.is_uppercase()).count();
    let small = line.chars().filter(|c| c.is_lowercase()).count();
    capitals > 2 * small
}

/// A distinct token of a text: what it may be is found once, wherever it stands.
pub struct Form {
    letters: Vec<char>,
    case: Case,
    may_be_misread: bool,
    /// As it was read: the number of its word or class, and its cost.
    itself: (u16, f32),
    /// The words that it may be, if they were sought.
    candidates: Option<Vec<Candidate>>,
    /// The pairs of words that it may be, if they were sought.
    as_two: Option<Vec<(u16, u16, f32)>>,
}

impl Form {
    /// Costs with what the text says of its own readings.
    fn recall(&mut self, number: u32, memory: &Memory) {
        self.itself.1 = memory.channel_cost(self.itself.0, number, self.itself.1);
        recall(self.candidates.as_deref_mut().unwrap_or_default(), number, memory);
    }
}

fn recall(candidates: &mut [Candidate], number: u32, memory: &Memory) {
    for other in candidates {
        other.cost = memory.channel_cost(other.word, number, other.cost);
    }
}

/// The distinct tokens of a text, by number.
///
/// The map is only asked, never walked, so its order doesn't matter.
#[derive(Default)]
pub struct Forms {
    /// `None` for one whose readings are to be sought anew.
    list: Vec<Option<Form>>,
    numbers: FxHashMap<(String, Kind, Case), u32>,
}

/// Finds what each distinct token of a text may be, by one channel.
pub struct Finder<'a> {
    model: &'a Model,
    speller: Speller<'a>,
    limits: Limits,
    memory: Option<&'a Memory>,
    forms: Forms,
}

impl<'a> Finder<'a> {
    /// For the first pass over a text.
    pub fn new(model: &'a Model, channel: &'a Channel) -> Self {
        let speller = Speller::new(model, channel);
        Self { model, speller, limits: FIRST_LIMITS, memory: None, forms: Forms::default() }
    }

    /// For the second pass, with the channel of the document and what it says of itself.
    pub fn again(
        model: &'a Model,
        channel: &'a Channel,
        memory: &'a Memory,
        mut forms: Forms,
    ) -> Self {
        for (number, form) in (0..).zip(&mut forms.list) {
            if let Some(form) = form {
                form.recall(number, memory);
            }
        }
        let speller = Speller::new(model, channel);
        Self { model, speller, limits: LIMITS, memory: Some(memory), forms }
    }

    /// The forms that were found, for a second pass; those that were clear are kept as they are, since
    /// seeking again takes most of the time.
    pub fn into_forms(self, is_clear: impl Fn(u32) -> bool) -> Forms {
        let mut forms = self.forms;
        for (number, form) in (0..).zip(&mut forms.list) {
            form.take_if(|_| !is_clear(number));
        }
        forms
    }

    pub fn form(&self, number: u32) -> &Form {
        self.forms.list[number as usize].as_ref().expect("a form is made when its number is given")
    }

    /// The number of the form of a token, the same in both passes.
    pub fn number(&mut self, read: &str, kind: Kind, case: Case) -> u32 {
        let key = (read.to_owned(), kind, case);
        let known = self.forms.numbers.get(&key).copied();
        let number = known.unwrap_or(self.forms.list.len() as u32);
        if known.is_none() {
            self.forms.list.push(None);
            self.forms.numbers.insert(key, number);
        }
        if self.forms.list[number as usize].is_none() {
            let mut form = Form {
                letters: nfc(read).chars().map(fold_look_alike).collect(),
                case,
                may_be_misread: may_be_misread(read, kind),
                itself: self.as_it_stands(read, kind),
                candidates: None,
                as_two: None,
            };
            if let Some(memory) = self.memory {
                form.recall(number, memory);
            }
            self.forms.list[number as usize] = Some(form);
        }
        number
    }

    /// The words that may have been printed where a token of this form was read, best first.
    fn candidates(&mut self, number: u32) -> &[Candidate] {
        if self.form(number).candidates.is_none() {
            let Form { letters, case, may_be_misread, .. } = self.form(number);
            let mut found = if *may_be_misread {
                self.speller.candidates(letters, *case, self.limits)
            } else {
                Vec::new()
            };
            if let Some(memory) = self.memory {
                recall(&mut found, number, memory);
            }
            if let Some(form) = &mut self.forms.list[number as usize] {
                form.candidates = Some(found);
            }
        }
        self.form(number).candidates.as_deref().unwrap_or_default()
    }

    /// Whether no single word is a likely reading.
    fn is_doubtful(&mut self, number: u32) -> bool {
        let costs = self.candidates(number).iter().map(|other| other.cost);
        costs.fold(f32::INFINITY, f32::min) > DOUBTFUL
    }

    /// Whether a token of this form is this word if it stays as it was read.
    pub fn stays(&self, number: u32, word: u16) -> bool {
        self.form(number).itself.0 == word
    }

    /// The channel of the document, by what was chosen for each form and how often.
    pub fn adapted_channel(&self, chosen: &[((u32, u16), f32)]) -> Channel {
        let channel = self.speller.channel();
        let mut counts = LetterCounts::default();
        for &((form, word), times) in chosen {
            let form = self.form(form);
            if let Some(word) = self.model.vocabulary.word(word) {
                let printed: Vec<char> = form.case.apply(word).chars().collect();
                counts.add(&printed, &form.letters, times, channel);
            }
        }
        counts.adapt(channel)
    }

    /// The token as it was read: the number of its word or class, and its cost.
    fn as_it_stands(&self, read: &str, kind: Kind) -> (u16, f32) {
        match kind.class(read) {
            Some(class @ (CODE | LABEL)) => (class, 0.0),
            Some(class) => (class, DIGIT * read.len() as f32),
            None => {
                let letters: Vec<char> = nfc(read).chars().collect();
                let channel = self.speller.channel();
                let cost = letters.iter().map(|&letter| channel.cost_of_itself(letter)).sum();
                match self.model.vocabulary.number(&word_key(read)) {
                    UNKNOWN => {
                        (UNKNOWN, cost + UNKNOWN_WORD + UNKNOWN_LETTER * letters.len() as f32)
                    }
                    word => (word, cost),
                }
            }
        }
    }

    /// What each token may be: the arcs of the sentence, sorted by where they begin. The first arc
    /// from each boundary leaves the token as it stands. `penalty` is what any change of a token
    /// costs; `None` if it must not change. `split` is whether what is printed
    /// as one word may have been read as two.
    pub fn lattice(
        &mut self,
        sentence: &[Piece],
        penalty: impl Fn(&Piece) -> Option<f32>,
        split: bool,
    ) -> Vec<Arc> {
        let mut arcs = Vec::with_capacity(sentence.len() * self.limits.most);
        let numbers: Vec<u32> =
            sentence.iter().map(|piece| self.number(&piece.read, piece.kind, piece.case)).collect();
        let most_to_win = self.most_to_win(&numbers);
        for (index, piece) in sentence.iter().enumerate() {
            let from = index as u32;
            let form = self.form(numbers[index]);
            let (itself, cost) = form.itself;
            let arc = |words, to, cost, case| Arc { from, to, words, cost, case };
            arcs.push(arc([itself, UNKNOWN], from + 1, cost, piece.case));
            let Some(penalty) = penalty(piece).filter(|_| form.may_be_misread) else { continue };
            let is_settled = itself != UNKNOWN
                && piece.confidence.is_none()
                && penalty > 0.0
                && most_to_win[index] <= penalty + LEAST_TO_WIN;
            if is_settled {
                continue;
            }
            // What the engine considered costs as much more than what it chose as it was less sure.
            let mut considered: Vec<(u16, f32)> = piece
                .alternatives
                .iter()
                .map(|(text, dearer)| {
                    (self.model.vocabulary.number(&word_key(text)), cost + dearer)
                })
                .filter(|&(word, _)| word != UNKNOWN && word != itself)
                .collect();
            for other in self.candidates(numbers[index]) {
                if other.word == itself {
                    continue;
                }
                let at = considered.iter().position(|considered| considered.0 == other.word);
                let least = at.map_or(f32::INFINITY, |at| considered.swap_remove(at).1);
                let cost = least.min(other.cost + penalty);
                arcs.push(arc([other.word, UNKNOWN], from + 1, cost, other.case));
            }
            for (word, cost) in considered {
                arcs.push(arc([word, UNKNOWN], from + 1, cost, piece.case));
            }
            if itself == UNKNOWN && self.is_doubtful(numbers[index]) {
                for &(first, second, cost) in self.as_two(numbers[index]) {
                    arcs.push(arc([first, second], from + 1, cost + penalty, piece.case));
                }
            }
            let next = sentence.get(index + 1).filter(|next| split && may_be_one(piece, next));
            if let Some(next) = next
                && self.is_doubtful(numbers[index])
                && self.is_doubtful(numbers[index + 1])
            {
                let joined = format!("{} {}", piece.read, next.read);
                let joined = self.number(&joined, Kind::Word, piece.case);
                for other in self.candidates(joined).iter().take(MOST_PARTS) {
                    arcs.push(arc(
                        [other.word, UNKNOWN],
                        from + 2,
                        other.cost + penalty,
                        other.case,
                    ));
                }
            }
        }
        arcs
    }

    /// For each token of a sentence, what a change of it could win at most: all that the tokens cost,
    /// as they stand, whose n-grams it is part of. In text that is right, where a change has its
    /// penalty, this settles most tokens without a search.
    fn most_to_win(&self, numbers: &[u32]) -> Vec<f32> {
        let language = &self.model.language;
        let words = numbers.iter().map(|&number| self.form(number).itself.0);
        let mut history = History::START;
        let costs: Vec<f32> = words
            .chain([BOUNDARY])
            .map(|word| {
                let cost = language.cost(history, word);
                history = language.followed_by(history, word);
                cost
            })
            .collect();
        let order = language.sizes().len();
        let window = |index: usize| costs[index..(index + order).min(costs.len())].iter().sum();
        (0..numbers.len()).map(window).collect()
    }

    /// The likeliest pairs of words that may have been printed where one token was read.
    fn as_two(&mut self, number: u32) -> &[(u16, u16, f32)] {
        if self.form(number).as_two.is_none() {
            let pairs = self.seek_two(number);
            if let Some(form) = &mut self.forms.list[number as usize] {
                form.as_two = Some(pairs);
            }
        }
        self.form(number).as_two.as_deref().unwrap_or_default()
    }

    fn seek_two(&self, number: u32) -> Vec<(u16, u16, f32)> {
        let Form { letters, case, .. } = self.form(number);
        let Some(lost_space) = self.speller.channel().cost(' ', Reading::new(&[])) else {
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for at in LEAST_PART..=letters.len().saturating_sub(LEAST_PART) {
            let (first, second) = letters.split_at(at);
            let seconds = self.speller.candidates(second, case.of_next(), PART_LIMITS);
            if seconds.is_empty() {
                continue;
            }
            for first in self.speller.candidates(first, *case, PART_LIMITS) {
                for second in &seconds {
                    pairs.push((first.word, second.word, first.cost + second.cost + lost_space));
                }
            }
        }
        pairs.sort_by(|a, b| a.2.total_cmp(&b.2));
        pairs.truncate(MOST_PAIRS);
        pairs
    }
}

/// Whether the token may be a word that was misread. Numbers are long or have signs within; a short
/// string of digits may be a word (số: 56).
fn may_be_misread(read: &str, kind: Kind) -> bool {
    match kind {
        Kind::Word => true,
        Kind::Number => {
            read.len() <= LONGEST_MISREAD_DIGITS && read.bytes().all(|byte| byte.is_ascii_digit())
        }
        Kind::Code | Kind::Label | Kind::Break => false,
    }
}

/// Whether two tokens may be one word that was split: side by side, and short.
fn may_be_one(first: &Piece, second: &Piece) -> bool {
    let word = |piece: &Piece| piece.kind == Kind::Word;
    second.line == first.line
        && second.span.start == first.span.end + 1
        && word(first)
        && word(second)
        && first.read.chars().count() + second.read.chars().count() <= LONGEST_SYLLABLE
}
