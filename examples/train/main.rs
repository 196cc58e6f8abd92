//! Trains the model of the repair stage.
//!
//! `cargo run --release --example train -- CORPUS LEXICON PAIRS.jsonl DEVELOPMENT.jsonl
//! OUT.bin`: the vocabulary and the n-gram model from the training texts in the folder CORPUS, our
//! own in `corpora/prose` and the names of places in the folder LEXICON, the channels from pairs
//! that `models/make_pairs.py` made, what probabilities are worth from pairs set aside.
//! Deterministic; needs `xz`. See models/README.md.

mod calibrations;
mod channels;
mod names;
mod ngrams;
mod pairs;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use sohoa::repair::language_model::BOUNDARY;
use sohoa::repair::model::Model;
use sohoa::repair::symbols::Symbols;
use sohoa::repair::tokens::{Kind, tokens_of_line};
use sohoa::repair::vocabulary::{Vocabulary, word_key};
use sohoa::text::normalise::{fold_look_alike, nfc};
use sohoa::text::syllable::is_syllable;

/// The training texts, and how often each is counted: office papers have their formulas in true
/// frequency and are what is repaired, but are few.
const SOURCES: [(&str, usize); 3] = [
    ("train_legal_admin.txt.xz", 1),
    ("train_office.txt.xz", 4),
    ("train_general_viwiki.txt.xz", 1),
];

/// How often our own texts are counted: they are plans of the kind that is repaired most.
const TIMES_OF_PROSE: usize = 4;

/// How often a word must occur to be known: what can be a syllable, and what can't (abbreviations,
/// foreign names; most of them are slips of the pen).
const RARE_SYLLABLE: u64 = 3;
const RARE_OTHER: u64 = 40;
/// How often an abbreviation must occur: capitals in a line that isn't.
const RARE_ABBREVIATION: u64 = 8;
/// How often a document symbol must occur to be known, its text counted as often as it is.
const RARE_SYMBOL: u32 = 4;

/// How names of places begin in the lexicon.
const KINDS_OF_PLACE: [&str; 10] = [
    "Tỉnh ",
    "Thành phố ",
    "Quận ",
    "Huyện ",
    "Thị xã ",
    "Thị trấn ",
    "Phường ",
    "Xã ",
    "Đặc khu ",
    "Thôn ",
];

/// The order of the language model.
const ORDER: usize = 4;
/// By how many nats all training texts together must get less likely for an n-gram to be left out.
const WORTH: f64 = 3.0;

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [corpus, lexicon, pairs, development, out] = arguments.as_slice() else {
        bail!("usage: train CORPUS LEXICON PAIRS.jsonl DEVELOPMENT.jsonl OUT.bin");
    };
    let mut texts = SOURCES
        .iter()
        .map(|(name, times)| Ok((training_lines(&unpack(&corpus.join(name))?), *times)))
        .collect::<Result<Vec<_>>>()?;
    let communal: Vec<String> = texts.iter().flat_map(|(lines, _)| communal(lines)).collect();
    texts.push((communal, 1));
    texts.push((prose()?, TIMES_OF_PROSE));
    texts.push((names::lines(), 1));
    texts.push((places(lexicon)?, 1));
    let vocabulary = count_words(&texts)?;
    eprintln!("{} words in the vocabulary", vocabulary.len());
    let symbols = count_symbols(&texts);
    let tokens = numbered(&texts, &vocabulary);
    drop(texts);
    eprintln!("{} tokens", tokens.len());
    let language = ngrams::estimate(&tokens, vocabulary.len(), ORDER, WORTH)?;
    drop(tokens);
    eprintln!("{:?} n-grams", language.sizes());
    let pairs = pairs::load(pairs)?;
    let wrong_language = channels::learn(&pairs, |pair| &pair.eng);
    let right_language = channels::learn(&pairs, |pair| &pair.vie);
    let mut model = Model::new(vocabulary, language, symbols, wrong_language, right_language);
    model.calibrations = calibrations::fit(&model, &pairs::load(development)?);
    let bytes = model.to_bytes();
    std::fs::write(out, &bytes).with_context(|| format!("writing {}", out.display()))?;
    eprintln!("{} bytes in {}", bytes.len(), out.display());
    Ok(())
}

fn unpack(path: &Path) -> Result<String> {
    let run = Command::new("xz").arg("-dc").arg(path).output().context("starting xz")?;
    ensure!(
        run.status.success(),
        "unpacking {}: {}",
        path.display(),
        String::from_utf8_lossy(&run.stderr)
    );
    String::from_utf8(run.stdout).with_context(|| format!("{} is not UTF-8", path.display()))
}

/// All lines but those set aside for development.
fn training_lines(text: &str) -> Vec<String> {
    text.lines().filter(|line| !is_development(line)).map(str::to_owned).collect()
}

/// One line in 64 is never trained on; `models/make_pairs.py` makes the same cut.
fn is_development(line: &str) -> bool {
    crc32(line.as_bytes()).is_multiple_of(64)
}

/// CRC-32 as of zip and Python's zlib.
fn crc32(bytes: &[u8]) -> u32 {
    let shift = |crc: u32, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
    !bytes.iter().fold(!0, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), shift))
}

/// The lines that speak of their province, as a ward or commune would write them: what a province
/// issues, they issue again with their own name in its place. The corpus is older than the wards
/// of 2025, and has next to nothing that they wrote.
fn communal(lines: &[String]) -> Vec<String> {
    let units = ["phường", "xã"].into_iter().cycle();
    let is_of_province = |line: &&String| line.split(' ').any(|word| word_key(word) == "tỉnh");
    let as_unit = |(line, unit): (&String, &str)| {
        let word = |word: &str| match word {
            "tỉnh" => unit.to_owned(),
            "Tỉnh" => title_case(unit),
            "TỈNH" => unit.to_uppercase(),
            _ => word.to_owned(),
        };
        line.split(' ').map(word).collect::<Vec<_>>().join(" ")
    };
    lines.iter().filter(is_of_province).zip(units).map(as_unit).collect()
}

fn title_case(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The documents that we composed to be trained on, a paragraph a line.
fn prose() -> Result<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/prose");
    let mut paths = std::fs::read_dir(&folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>())
        .with_context(|| format!("reading {}", folder.display()))?;
    paths.sort();
    let mut lines = Vec::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "txt")) {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        lines.extend(training_lines(&text));
    }
    Ok(lines)
}

/// Lines that name each place with what it belongs to, as documents do.
fn places(lexicon: &Path) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for name in ["provinces34_communes3321.tsv", "provinces63_districts_wards.tsv"] {
        let path = lexicon.join(name);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("reading {}", path.display()))?;
        for row in text.lines() {
            // Communes stand there with their kind (Phường Ba Đình) and once more without.
            let places: Vec<&str> = row
                .split('\t')
                .filter(|cell| KINDS_OF_PLACE.iter().any(|kind| cell.starts_with(kind)))
                .collect();
            lines.push(places.iter().rev().copied().collect::<Vec<_>>().join(", "));
        }
    }
    Ok(lines)
}

fn count_words(texts: &[(Vec<String>, usize)]) -> Result<Vocabulary> {
    let mut counts = BTreeMap::<String, u64>::new();
    let mut abbreviations = BTreeMap::<String, u64>::new();
    for (lines, _) in texts {
        for line in lines {
            for token in tokens_of_line(line)
                .into_iter()
                .filter(|token| matches!(token.kind, Kind::Word | Kind::Label))
            {
                let word = &line[token.span];
                let key = word_key(word);
                let capitals = word.chars().count() >= 2 && word.chars().all(char::is_uppercase);
                if capitals && line.contains(char::is_lowercase) {
                    *abbreviations.entry(key.clone()).or_default() += 1;
                }
                *counts.entry(key).or_default() += 1;
            }
        }
    }
    let place_words: BTreeSet<String> = texts
        .last()
        .into_iter()
        .flat_map(|(lines, _)| lines)
        .flat_map(|l| l.split([' ', ',']))
        .map(word_key)
        .collect();
    counts.retain(|word, count| {
        let letters = word.chars().all(char::is_alphabetic);
        let abbreviation = abbreviations.get(word).is_some_and(|&times| times >= RARE_ABBREVIATION);
        letters
            && (place_words.contains(word)
                || abbreviation
                || *count >= if is_syllable(word) { RARE_SYLLABLE } else { RARE_OTHER })
    });
    Ok(Vocabulary::new(counts.into_keys().collect())?)
}

/// The symbols of documents: what stands after a number, or number and year, in a code.
fn count_symbols(texts: &[(Vec<String>, usize)]) -> Symbols {
    let mut counts = BTreeMap::<String, u32>::new();
    let lines =
        texts.iter().flat_map(|(lines, times)| lines.iter().map(|line| (line, *times as u32)));
    for (line, times) in lines {
        for token in tokens_of_line(line).into_iter().filter(|token| token.kind == Kind::Code) {
            let code: String = nfc(&line[token.span]).chars().map(fold_look_alike).collect();
            let symbol = code.trim_start_matches(|c: char| c.is_ascii_digit() || "/-".contains(c));
            let letters = |c: char| c.is_alphabetic() || "/-&".contains(c);
            if symbol.len() < code.len()
                && symbol.contains(['/', '-'])
                && symbol.chars().all(letters)
            {
                *counts.entry(symbol.to_owned()).or_default() += times;
            }
        }
    }
    counts.retain(|_, count| *count >= RARE_SYMBOL);
    Symbols::new(counts.into_iter().collect())
}

/// The texts as word numbers, each sentence after a [`BOUNDARY`].
fn numbered(texts: &[(Vec<String>, usize)], vocabulary: &Vocabulary) -> Vec<u16> {
    let mut numbers = vec![BOUNDARY];
    for (lines, times) in texts {
        for line in lines.iter().cycle().take(lines.len() * times) {
            for token in tokens_of_line(line) {
                let text = &line[token.span];
                let number = match token.kind.class(text) {
                    Some(class) => class,
                    None if token.kind == Kind::Break => BOUNDARY,
                    None => vocabulary.number(&word_key(text)),
                };
                if (number, numbers.last()) != (BOUNDARY, Some(&BOUNDARY)) {
                    numbers.push(number);
                }
            }
            if numbers.last() != Some(&BOUNDARY) {
                numbers.push(BOUNDARY);
            }
        }
    }
    numbers
}
