//! Real files with a few places changed: reading them must end soon, within the memory of a page,
//! with pages or with errors. Runs for as long as it is told, so only when asked:
//!
//! `SOHOA_SECONDS=600 cargo test --release --test mutations -- --ignored --nocapture mutated`
//!
//! Unlike the fuzz targets it needs no other compiler. What it finds lies in the folder
//! `$TMPDIR/sohoa-mutations`.
#![cfg(target_os = "linux")]

#[path = "../fuzz/src/page.rs"]
mod page;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use page::read_page;
use sohoa::extract::extract;
use sohoa::input::InputFile;
use sohoa::sections::segment;
use sohoa::text::AlignedText;

/// Address space of the reading process in bytes: the largest page with all that works on it.
const MEMORY: u64 = 4 << 30;
/// The longest that reading an input may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pages that are read of an input.
const PAGES: u32 = 2;
/// Inputs that a process reads before the next begins with a fresh memory.
const INPUTS_OF_A_PROCESS: u64 = 200;

#[test]
#[ignore = "runs for as long as it is told"]
fn mutated_files_end_in_pages_or_errors() {
    let seconds = std::env::var("SOHOA_SECONDS").ok().and_then(|text| text.parse().ok());
    let first: u64 = std::env::var("SOHOA_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0);
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(60));
    let (mut seed, mut findings) = (first, Vec::new());
    while Instant::now() < end {
        let (next, finding) = run_process(seed);
        if let Some(reason) = finding {
            let kept = keep(next - 1);
            println!("seed {}: {reason}: {}", next - 1, kept.display());
            findings.push(next - 1);
        }
        seed = next;
    }
    println!("{} inputs from seed {first} on, findings: {findings:?}", seed - first);
    assert!(findings.is_empty());
}

/// Reads inputs from `seed` on in a process of its own; gives the first seed that it didn't come
/// to, and what went wrong with the one before.
fn run_process(seed: u64) -> (u64, Option<String>) {
    let mut child = Command::new("prlimit")
        .arg(format!("--as={MEMORY}"))
        .arg("--core=0")
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "reading_process", "--nocapture"])
        .env("SOHOA_SEED", seed.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("prlimit of util-linux is installed");
    let (sender, lines) = mpsc::channel();
    let out = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    let mut next = seed;
    let ended = loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                let number = line.rsplit("reading ").next().and_then(|n| n.parse::<u64>().ok());
                next = number.map_or(next, |number| number + 1);
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break None,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                child.kill().unwrap();
                break Some(format!("not done after {} s", PATIENCE.as_secs()));
            }
        }
    };
    let status = child.wait().unwrap();
    reader.join().unwrap();
    let reason = ended.or_else(|| (!status.success()).then(|| status.to_string()));
    (next.max(seed + 1), reason)
}

/// Not a test of its own: what [`run_process`] runs.
#[test]
#[ignore = "the other half of mutated_files_end_in_pages_or_errors"]
fn reading_process() {
    let Some(seed) = std::env::var("SOHOA_SEED").ok().and_then(|s| s.parse::<u64>().ok()) else {
        return;
    };
    let originals = originals();
    for seed in seed..seed + INPUTS_OF_A_PROCESS {
        println!("reading {seed}");
        read(&mutated(&originals, seed));
    }
}

fn read(bytes: &[u8]) {
    let file = match InputFile::from_bytes("in/mutated", bytes.to_vec()) {
        Ok(file) => file,
        Err(error) => {
            assert!(!error.reason().is_empty() && error.path().is_some());
            return;
        }
    };
    if let Some(source) = file.text() {
        let text = AlignedText::from_plain(source);
        let parts = segment(&text);
        extract(&text, &parts);
        return;
    }
    (1..=file.page_count().min(PAGES)).for_each(|number| read_page(&file, number));
}

/// The files that are changed: scans and texts of the repository, and those beside it.
fn originals() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in ["corpora/scans", "corpora/formats", "corpora/gold", "../shared/seeds"] {
        paths.extend(files_in(&root.join(folder)));
    }
    for folder in files_in(&root.join("../shared/scans")) {
        paths.extend(files_in(&folder));
    }
    paths.sort();
    let is_read = |path: &PathBuf| path.extension().is_some_and(|ending| ending != "json");
    let mut originals: Vec<Vec<u8>> =
        paths.iter().filter(|path| is_read(path)).map(|path| fs::read(path).unwrap()).collect();
    let tcvn3 = b"C\xE9ng h\xDFa x\xB7 h\xE9i ch\xF1 ngh\xDCa Vi\xD6t Nam\r\n\xA7\xE9c l\xCBp\r\n";
    originals.push(tcvn3.repeat(20));
    originals.push("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam\n".repeat(20).into_bytes());
    let png = originals.iter().find(|bytes| bytes.starts_with(b"\x89PNG")).unwrap();
    let picture = image::load_from_memory(png).unwrap().thumbnail(600, 900);
    for format in [image::ImageFormat::Jpeg, image::ImageFormat::Png] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        originals.push(bytes.into_inner());
    }
    originals
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// A generator of numbers (splitmix64), so that a seed always gives the same input.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }
}

fn mutated(originals: &[Vec<u8>], seed: u64) -> Vec<u8> {
    let mut numbers = Numbers(seed);
    let mut bytes = originals[numbers.below(originals.len())].clone();
    for _ in 0..=numbers.below(6) {
        mutate(&mut bytes, originals, &mut numbers);
    }
    bytes
}

fn mutate(bytes: &mut Vec<u8>, originals: &[Vec<u8>], numbers: &mut Numbers) {
    // Heads and ends hold the structure, and there is little of it.
    let at = match numbers.below(4) {
        0 => numbers.below(bytes.len().min(2000)),
        1 => bytes.len() - numbers.below(bytes.len().min(2000)),
        _ => numbers.below(bytes.len()),
    };
    let most = 1 << numbers.below(12);
    let length = numbers.below(most);
    let end = (at + length).min(bytes.len());
    match numbers.below(9) {
        0 => bytes.truncate(at.max(1)),
        1 => drop(bytes.drain(at..end)),
        2 => {
            let copy = bytes[at..end].to_vec();
            let to = numbers.below(bytes.len());
            bytes.splice(to..to, copy);
        }
        3 => {
            let other = &originals[numbers.below(originals.len())];
            let from = numbers.below(other.len());
            let piece = other[from..(from + length).min(other.len())].to_vec();
            bytes.splice(at..end, piece);
        }
        4 => bytes[at..end].fill([0, 0xFF, b' ', b'9'][numbers.below(4)]),
        5 => another_number(bytes, at, numbers),
        6 => {
            let value = [0, 1, -1, 127, i64::from(u16::MAX), i64::from(i32::MAX)][numbers.below(6)];
            let field =
                if numbers.below(2) == 0 { value.to_be_bytes() } else { value.to_le_bytes() };
            let size = [1, 2, 4, 8][numbers.below(4)];
            let place = if numbers.below(2) == 0 { 0..size } else { 8 - size..8 };
            let end = (at + size).min(bytes.len());
            bytes.splice(at..end, field[place].iter().copied());
        }
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << numbers.below(8);
            }
        }
    }
    if bytes.is_empty() {
        bytes.push(b'%');
    }
}

/// Writes another number over the next that stands there in digits, as in the dictionaries of PDF.
fn another_number(bytes: &mut Vec<u8>, at: usize, numbers: &mut Numbers) {
    let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|ahead| at + ahead)
    else {
        return;
    };
    let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = match numbers.below(6) {
        0 => "0".to_owned(),
        1 => "-1".to_owned(),
        2 => "99999999999".to_owned(),
        3 => "65536".to_owned(),
        4 => "0.001".to_owned(),
        _ => numbers.below(300).to_string(),
    };
    bytes.splice(start..start + digits, number.into_bytes());
}

/// Writes an input to where people find it.
fn keep(seed: u64) -> PathBuf {
    let folder = std::env::temp_dir().join("sohoa-mutations");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("seed-{seed}"));
    fs::write(&path, mutated(&originals(), seed)).unwrap();
    path
}
