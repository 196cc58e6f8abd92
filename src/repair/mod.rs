//! Repair of what the reading lost: diacritics, letters, codes.
//!
//! A noisy channel: what was read is the print after damage ([`channel`]), the print is
//! administrative Vietnamese ([`language_model`]); the likeliest print is sought for each sentence,
//! across line ends (`decode`). Two kinds of reading are told apart by the text itself: OCR that
//! ran with the wrong language, where most words are damaged and every word is restored, and OCR
//! that ran with the right one, where a word is only changed if the model is sure.
//!
//! What the text says is left to the later stages; this one changes letters, never lines.

mod align;
mod bytes;
pub mod calibration;
mod candidates;
mod case;
pub mod channel;
mod decode;
mod labels;
pub mod language_model;
mod memory;
pub mod model;
mod sentence;
pub mod symbols;
pub mod tokens;
pub mod vocabulary;

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::text::normalise::{nfc, split_tone, strip_marks, with_tone};
use crate::text::syllable::is_syllable;
use crate::text::{AlignedText, Edit};

use calibration::Calibration;
use case::Case;
use channel::Channel;
use decode::{Arc, Beam, Chosen, decode};
use labels::{Mended, mended_labels};
use language_model::{BOUNDARY, History, UNKNOWN};
use memory::{Expectation, Memory};
use model::Model;
use sentence::{Finder, Forms, Piece, sentences};
use symbols::{Care, Mention, mentions};
use tokens::Kind;
use vocabulary::word_key;

/// All that was learned, in the program itself, so that it works wherever it is installed.
static MODEL: &[u8] = include_bytes!("../../models/repair.bin");

/// Holds the models; made once, shared by all workers.
pub struct Repairer {
    model: Model,
}

/// How the text came to be what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    /// Read by OCR with the wrong language.
    WrongLanguage,
    /// Typed without marks.
    LostMarks,
    /// Written in Vietnamese, or read by OCR as Vietnamese.
    RightLanguage,
}

/// A text with fewer Vietnamese letters than this among its words has lost them. Right text has
/// them in seven words of ten; wrong-language OCR makes hardly any but é, ê, ô and the like.
const LEAST_MARKED: f32 = 0.2;
/// How many histories are followed to learn what a text says of itself, and to repair it.
const FIRST_BEAM: Beam = Beam { most: 8, width: 9.0 };
const BEAM: Beam = Beam { most: 16, width: 10.0 };
/// Text without marks of any kind in so many of its words was never read by OCR: that makes é and ô
/// and digits of marked letters everywhere.
const MOST_STRANGE_WORDS: f32 = 0.03;
/// Text whose words cost more than this on average, at their best, isn't Vietnamese.
const DEAREST_WORD: f32 = 13.0;
/// What was so sure wherever it stands in the first pass is clear; unless it, with the word after
/// it, cost so much that what was printed may not have been among the few words that were considered.
const CLEAR: f32 = 0.9995;
const STRAINED: f32 = 15.0;
/// How much the language model counts beside the channel.
const LANGUAGE_WEIGHT: f32 = 1.0;
/// How sure a change must be where most words are right.
const LEAST_SURE: f32 = 0.9;
/// How sure it must be that digits are no number.
const SURE_OF_NUMBER: f32 = 0.7;
/// How sure a mended list label is.
const SURE_OF_LABEL: f32 = 0.95;
/// Plain text without anything strange in it has at most so many wrong words.
const LEAST_ERROR_RATE: f32 = 1e-4;

impl Repairer {
    /// Loads the models that are part of the program.
    ///
    /// # Errors
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) if they are not what this version expects.
    pub fn load() -> Result<Self> {
        Ok(Self::new(Model::from_bytes(MODEL)?))
    }

    /// Repairs by a model that is not the program's own: one that was just trained.
    pub fn new(model: Model) -> Self {
        Self { model }
    }

    /// Restores a text; the number of lines stays, and so do blank lines, leading spaces and form
    /// feeds. Every change has a confidence, and its words keep what was read. Text that isn't
    /// Vietnamese stays as it is.
    pub fn repair(&self, text: AlignedText) -> AlignedText {
        self.repair_vietnamese(text).unwrap_or_else(|text| text)
    }

    /// What a word of the text costs on average, in nats: how hard it is to read.
    pub fn word_cost(&self, text: &AlignedText) -> Option<f32> {
        let damage = damage_of(text.as_str());
        let sentences = sentences(text, &self.codes(text, damage));
        let recollection = self.remember(&sentences, &self.method(damage, &sentences));
        recollection.map(|recollection| recollection.word_cost)
    }

    fn method(&self, damage: Damage, sentences: &[Vec<Piece>]) -> Method<'_> {
        let Model { wrong_language, lost_marks, calibrations, .. } = &self.model;
        match damage {
            Damage::WrongLanguage => Method::bold(wrong_language, &calibrations[0], true),
            Damage::LostMarks => {
                let digits = |piece: &Piece| piece.read.bytes().any(|byte| byte.is_ascii_digit());
                let penalty = move |piece: &Piece| (!digits(piece)).then_some(0.0);
                let method = Method::bold(lost_marks, &calibrations[1], false);
                Method { penalty: Box::new(penalty), ..method }
            }
            Damage::RightLanguage => self.careful(sentences),
        }
    }

    /// Restores a text as [`repair`](Self::repair) does; gives it back as an error, as it was, if
    /// it isn't Vietnamese.
    pub fn repair_vietnamese(
        &self,
        text: AlignedText,
    ) -> std::result::Result<AlignedText, AlignedText> {
        let damage = damage_of(text.as_str());
        let codes = self.codes(&text, damage);
        let sentences = sentences(&text, &codes);
        let method = self.method(damage, &sentences);
        let Some(mut recollection) = self.remember(&sentences, &method) else {
            return Err(text);
        };
        let forms = std::mem::take(&mut recollection.forms);
        let Recollection { channel, memory, .. } = &recollection;
        let mut finder = Finder::again(&self.model, channel, memory, forms);
        let mut edits = Vec::new();
        for sentence in &sentences {
            self.repair_sentence(sentence, &method, &mut finder, &recollection, &mut edits);
        }
        edits.extend(code_edits(&text, codes));
        edits.sort_by_key(|edit| edit.span.start);
        Ok(text.apply(&edits))
    }

    /// Document symbols and list labels of each line, and what they are to be.
    fn codes(&self, text: &AlignedText, damage: Damage) -> Vec<Vec<Mention>> {
        let lines: Vec<&str> = (0..text.lines().len()).map(|line| text.line_text(line)).collect();
        let care = match damage {
            Damage::WrongLanguage => Care::of_wrong_language(&self.model.wrong_language),
            Damage::LostMarks => Care::of_lost_marks(&self.model.lost_marks),
            Damage::RightLanguage => Care::of_right_language(&self.model.right_language),
        };
        let mut codes = mentions(&lines, &self.model.symbols, &care);
        if damage != Damage::RightLanguage {
            for Mended { line, span, text } in mended_labels(&lines) {
                codes[line].insert(0, Mention { span, text, confidence: SURE_OF_LABEL });
            }
        }
        codes
    }

    /// The method for text that is right for the most part.
    fn careful(&self, sentences: &[Vec<Piece>]) -> Method<'_> {
        let channel = &self.model.right_language;
        let odds = |rate: f32| rate / (1.0 - rate);
        let mean = odds(channel.mean_error_rate());
        let strange = self.share_of_strange_words(sentences);
        let penalty = move |piece: &Piece| {
            let rate = match piece.confidence {
                Some(confidence) => channel.error_rate(confidence),
                None => strange,
            };
            let digits = piece.read.bytes().any(|byte| byte.is_ascii_digit());
            let abbreviation = piece.case == Case::Abbreviation && !is_syllable(&piece.read);
            (!digits && !abbreviation).then(|| (mean / odds(rate)).ln())
        };
        Method {
            channel,
            least_sure: LEAST_SURE,
            split: false,
            foreign_words: false,
            penalty: Box::new(penalty),
            calibration: &self.model.calibrations[2],
        }
    }

    /// How often plain text has something that can't be a word: as often, at least, it has been
    /// misread.
    fn share_of_strange_words(&self, sentences: &[Vec<Piece>]) -> f32 {
        let mut all = 1000.0;
        let mut strange = LEAST_ERROR_RATE * all;
        for piece in sentences.iter().flatten().filter(|piece| piece.kind == Kind::Word) {
            let capitals = matches!(piece.case, Case::Capitals | Case::Abbreviation);
            let small = !capitals && !piece.read.is_ascii();
            let known = self.model.vocabulary.number(&word_key(&piece.read)) != UNKNOWN;
            all += 1.0;
            strange += f32::from(u8::from(small && !known));
        }
        strange / all
    }

    /// The first pass: what the text says of itself, and the channel that it came through.
    /// `None` if it isn't Vietnamese.
    fn remember(&self, sentences: &[Vec<Piece>], method: &Method) -> Option<Recollection> {
        let mut finder = Finder::new(&self.model, method.channel);
        let mut memory = Memory::default();
        let mut chosen_forms = FxHashMap::<(u32, u16), f32>::default();
        // How sure the reading of each form was where it was least sure.
        let mut sure = FxHashMap::<u32, f32>::default();
        let (mut cost, mut words) = (0.0, 0);
        for sentence in sentences {
            let arcs = finder.lattice(sentence, &method.penalty, method.split);
            let mut before = BOUNDARY;
            let way = decode(&arcs, sentence.len(), &self.expectation(None), FIRST_BEAM);
            cost += way.cost;
            words += sentence.len();
            let strains = self.strains(&arcs, &way.arcs);
            for (Chosen { arc, probability }, strain) in way.arcs.into_iter().zip(strains) {
                let arc = &arcs[arc];
                for &word in arc.words() {
                    memory.note_word(before, word, probability);
                    before = word;
                }
                if let ([word], true) = (arc.words(), arc.to == arc.from + 1) {
                    let piece = &sentence[arc.from as usize];
                    let form = finder.number(&piece.read, piece.kind, piece.case);
                    memory.note_reading(*word, form, probability);
                    let least = sure.entry(form).or_insert(1.0);
                    *least = if strain > STRAINED { 0.0 } else { probability.min(*least) };
                    *chosen_forms.entry((form, *word)).or_default() += probability;
                }
            }
        }
        let mut chosen_forms: Vec<_> = chosen_forms.into_iter().collect();
        chosen_forms.sort_unstable_by_key(|entry| entry.0);
        // A text that was read throughout as it stands says nothing of misreading.
        let channel = if chosen_forms.iter().all(|&((form, word), _)| finder.stays(form, word)) {
            method.channel.clone()
        } else {
            finder.adapted_channel(&chosen_forms)
        };
        let word_cost = cost / words.max(1) as f32;
        let forms = finder.into_forms(|form| sure.get(&form).is_some_and(|&least| least >= CLEAR));
        (word_cost <= DEAREST_WORD).then_some(Recollection { memory, channel, forms, word_cost })
    }

    /// What each arc of a way costs, with the words of the next.
    fn strains(&self, arcs: &[Arc], way: &[Chosen]) -> Vec<f32> {
        let language = &self.model.language;
        let mut history = History::START;
        let mut language_cost = |chosen: &Chosen| -> f32 {
            let costs = arcs[chosen.arc].words().iter().map(|&word| {
                let cost = language.cost(history, word);
                history = language.followed_by(history, word);
                cost
            });
            costs.sum()
        };
        let costs: Vec<f32> = way.iter().map(&mut language_cost).collect();
        let with_next = |(index, chosen): (usize, &Chosen)| {
            arcs[chosen.arc].cost + costs[index] + costs.get(index + 1).unwrap_or(&0.0)
        };
        way.iter().enumerate().map(with_next).collect()
    }

    fn expectation<'a>(&'a self, memory: Option<&'a Memory>) -> Expectation<'a> {
        Expectation { language: &self.model.language, memory, weight: LANGUAGE_WEIGHT }
    }

    fn repair_sentence(
        &self,
        sentence: &[Piece],
        method: &Method,
        finder: &mut Finder,
        recollection: &Recollection,
        edits: &mut Vec<Edit>,
    ) {
        let arcs = finder.lattice(sentence, &method.penalty, method.split);
        // Text input that can't be read otherwise stays as it is.
        if arcs.len() == sentence.len() && sentence.iter().all(|piece| !method.doubts(piece)) {
            return;
        }
        let expectation = self.expectation(Some(&recollection.memory));
        let chosen = decode(&arcs, sentence.len(), &expectation, BEAM);
        for Chosen { arc: index, probability } in chosen.arcs {
            let arc = &arcs[index];
            let pieces = &sentence[arc.from as usize..arc.to as usize];
            let as_it_stands = index == 0 || arcs[index - 1].from != arc.from;
            let number = pieces.iter().any(|piece| piece.kind == Kind::Number);
            let least_sure = if number { SURE_OF_NUMBER } else { method.least_sure };
            let span = pieces[0].span.start..pieces[pieces.len() - 1].span.end;
            let changed = !as_it_stands
                && probability >= least_sure
                && (method.foreign_words || self.are_syllables(arc.words()));
            let text = self
                .spell(arc, &pieces[0].read)
                .filter(|text| changed && (method.foreign_words || is_near(text, &pieces[0])));
            let confidence = method.calibration.confidence(probability, recollection.word_cost);
            match text {
                Some(text) => edits.push(Edit { span, text, confidence }),
                // What was not taken makes what stands doubtful.
                None if method.doubts(&pieces[0]) => {
                    let kept = if as_it_stands { confidence } else { 1.0 - confidence };
                    for piece in pieces {
                        let text = piece.read.clone();
                        edits.push(Edit { span: piece.span.clone(), text, confidence: kept });
                    }
                }
                None => {}
            }
        }
    }

    fn are_syllables(&self, words: &[u16]) -> bool {
        words.iter().all(|&word| self.model.vocabulary.word(word).is_some_and(is_syllable))
    }

    /// The words of an arc as they are printed.
    fn spell(&self, arc: &Arc, read: &str) -> Option<String> {
        let (first, rest) = arc.words().split_first()?;
        let mut text = arc.case.apply(self.model.vocabulary.word(*first)?);
        let small_first = read.chars().any(char::is_lowercase);
        let next_case = match arc.case.of_next() {
            Case::Small if small_first && read.chars().skip(1).any(char::is_uppercase) => {
                Case::Title
            }
            case => case,
        };
        for &word in rest {
            text.push(' ');
            text.push_str(&next_case.apply(self.model.vocabulary.word(word)?));
        }
        Some(text)
    }
}

/// Whether a word that OCR read as Vietnamese can be meant to be another: it differs by more than
/// habit (i or y: quĩ, quỹ), and by marks and at most one letter. What is further off is a name or
/// a foreign word. In a line of capitals what is no syllable can be an abbreviation, and only lacks
/// marks.
fn is_near(meant: &str, piece: &Piece) -> bool {
    let read = piece.read.as_str();
    let may_abbreviate = piece.case == Case::Capitals && !is_syllable(read);
    let most_letters = usize::from(!may_abbreviate);
    let habit = |word: &str| -> String {
        let plain = |letter| match split_tone(letter) {
            ('y', tone) => tone.map_or('i', |tone| with_tone('i', tone)),
            _ => letter,
        };
        nfc(word).chars().flat_map(char::to_lowercase).map(plain).collect()
    };
    let bare = |word: &str| strip_marks(&habit(word)).replace(' ', "");
    habit(meant) != habit(read) && strsim::levenshtein(&bare(meant), &bare(read)) <= most_letters
}

/// What any change of a piece costs; `None` if it must not change.
type Penalty<'a> = dyn Fn(&Piece) -> Option<f32> + 'a;

/// How a text is repaired.
struct Method<'a> {
    channel: &'a Channel,
    /// A change that is less sure is not made.
    least_sure: f32,
    /// Whether what is no Vietnamese syllable may take the place of what was read.
    foreign_words: bool,
    /// Whether one word may have been read as two.
    split: bool,
    penalty: Box<Penalty<'a>>,
    calibration: &'a Calibration,
}

impl<'a> Method<'a> {
    /// For text in which every word is damaged.
    fn bold(channel: &'a Channel, calibration: &'a Calibration, split: bool) -> Self {
        Self {
            channel,
            least_sure: 0.0,
            split,
            foreign_words: true,
            penalty: Box::new(|_| Some(0.0)),
            calibration,
        }
    }

    /// Whether a word that stays as it is gets a new confidence: where all are damaged, and where
    /// OCR gave it one. What stands in right text is certain, and so, for repair, are numbers.
    fn doubts(&self, piece: &Piece) -> bool {
        piece.kind == Kind::Word && (self.foreign_words || piece.confidence.is_some())
    }
}

/// What the first pass over a text gives.
struct Recollection {
    memory: Memory,
    /// As the text came through it.
    channel: Channel,
    /// Its distinct tokens; what was clear needn't be sought again.
    forms: Forms,
    /// What a word costs on average.
    word_cost: f32,
}

/// The edits that mended or doubted codes need.
fn code_edits(text: &AlignedText, codes: Vec<Vec<Mention>>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (line, codes) in text.lines().iter().zip(codes) {
        let start = line.span.start;
        for Mention { span, text: mended, confidence } in codes {
            let span = start + span.start..start + span.end;
            let words = text.words_in(span.clone());
            let surest = words.iter().map(|word| word.confidence).fold(1.0, f32::min);
            let changed = text.as_str()[span.clone()] != mended;
            if changed || confidence < surest {
                edits.push(Edit { span, text: mended, confidence: confidence.min(surest) });
            }
        }
    }
    edits
}

fn damage_of(text: &str) -> Damage {
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    let (mut marked, mut strange, mut all) = (0.0, 0.0, 0.0);
    for word in words {
        all += 1.0;
        marked += f32::from(u8::from(word.chars().any(is_vietnamese_only)));
        strange += f32::from(u8::from(is_strange(word)));
    }
    if marked >= LEAST_MARKED * all {
        Damage::RightLanguage
    } else if marked + strange > MOST_STRANGE_WORDS * all {
        Damage::WrongLanguage
    } else {
        Damage::LostMarks
    }
}

/// Whether OCR must have made this of a word: western marks, or digits between letters.
fn is_strange(word: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase();
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    core.chars().any(|c| c.is_alphabetic() && !c.is_ascii())
        || core.contains(small) && core.contains(|c: char| c.is_ascii_digit())
        || core.contains(['§', '¢', '&', '$', '\''])
}

/// Letters that no western language has.
fn is_vietnamese_only(letter: char) -> bool {
    matches!(letter, 'ă' | 'Ă' | 'đ' | 'Đ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1EA0}'..='\u{1EF9}')
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use unicode_normalization::is_nfc;

    use super::*;

    static REPAIRER: LazyLock<Repairer> = LazyLock::new(|| Repairer::load().unwrap());

    fn repaired(text: &str) -> String {
        REPAIRER.repair(AlignedText::from_plain(text)).as_str().to_owned()
    }

    #[test]
    fn it_is_shared_by_workers() {
        fn shared<T: Send + Sync>() {}
        shared::<Repairer>();
    }

    #[test]
    fn wrong_language_and_lost_marks_are_restored() {
        let pairs = [
            ("Uy ban nhan dan tinh ban hanh Ke hoach", "Ủy ban nhân dân tỉnh ban hành Kế hoạch"),
            ("Cén cit Nghi dinh s6 98/2023/NP-CP", "Căn cứ Nghị định số 98/2023/NĐ-CP"),
            ("d6i mdi sang tao va\nchuyén d6i s6;", "đổi mới sáng tạo và\nchuyển đổi số;"),
            ("CONG HOA XA HOI CHU NGHIA VIET NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ];
        for (read, right) in pairs {
            assert_eq!(repaired(read), right);
        }
    }

    #[test]
    fn right_text_stays_as_it_is() {
        let text = " \u{c}QUYẾT ĐỊNH\n\n  Căn cứ Nghị quyết số 57-NQ/TW ngày 22/12/2024;\n\
                    Tờ trình số 134/TTr-VHXH, mã A4-15, 24/7, UBND phường Bắc Kạn hoá giải.\n";
        assert_eq!(repaired(text), text);
    }

    #[test]
    fn spelling_habits_and_capitals_within_are_kept() {
        let text = "Căn cứLuật Tổ chức chính quyền địa phương; Quĩ đầu tư phát triển của tỉnh; tuyến Metro.\n";
        assert_eq!(repaired(text), text.replace("cứLuật", "cứ Luật"));
    }

    #[test]
    fn text_in_other_languages_stays() {
        for text in [
            "The committee shall inform all parties concerned and hold a hearing within thirty days.",
            "Le conseil municipal a décidé que les travaux commenceraient au début de l’année.",
        ] {
            assert_eq!(repaired(text), text);
        }
    }

    #[test]
    fn labels_and_numbers_for_words_are_put_right_and_other_numbers_stay() {
        let read = "a) Trién khai phong trao thi dua chuyén déi sb\n\
                    ¢) Cac co quan, don vi, dia phuong xac dinh day 14 nhiém vu trong tam\n\
                    d) Diéu 14 Nghi dinh nay; 14 ngay ké tir ngay 14/6/2025";
        let repaired = repaired(read);
        assert!(repaired.contains("xác định đây là nhiệm vụ"), "{repaired}");
        assert!(
            repaired.contains("Điều 14 Nghị định này; 14 ngày kể từ ngày 14/6/2025"),
            "{repaired}"
        );
    }

    #[test]
    fn a_change_keeps_what_was_read_and_says_how_sure_it_is() {
        let text = REPAIRER.repair(AlignedText::from_plain("Uy ban nhan dan tinh"));
        let word = &text.words()[3];
        assert_eq!((word.read.as_str(), &text.as_str()[word.span.clone()]), ("dan", "dân"));
        assert!((0.5..=1.0).contains(&word.confidence));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn lines_and_the_spaces_at_their_start_are_kept(
            lines in prop::collection::vec("( |\t){0,3}([a-zA-Zéôđạ0-9/.,;:&§’-]{1,9} ?){0,6}\u{c}?", 0..6)
        ) {
            let text = lines.join("\n");
            let after = repaired(&text);
            prop_assert_eq!(after.split('\n').count(), text.split('\n').count());
            let indent = |line: &str| line.len() - line.trim_start().len();
            for (before, after) in text.split('\n').zip(after.split('\n')) {
                prop_assert_eq!(indent(before), indent(after));
                prop_assert_eq!(before.trim().is_empty(), after.trim().is_empty());
                prop_assert_eq!(before.ends_with('\u{c}'), after.ends_with('\u{c}'));
            }
        }

        #[test]
        fn repairing_twice_changes_nothing_more(
            words in prop::collection::vec(prop::sample::select(vec![
                "Uy", "ban", "nhan", "dan", "tinh", "Cén", "cit", "Nghi", "quyét", "s6", "57-NQ/TW",
                "ngay", "22/12/2024", "trién", "khai", "d6i", "méi", "sang", "tao", "a)", "-", ";",
            ]), 8..40)
        ) {
            let once = repaired(&words.join(" "));
            prop_assert_eq!(is_nfc(&once), true);
            prop_assert_eq!(repaired(&once), once.clone());
        }

        #[test]
        fn any_text_is_repaired_without_panic(text in "(\\PC|\n){0,60}") {
            prop_assert_eq!(repaired(&text).split('\n').count(), text.split('\n').count());
        }
    }
}
