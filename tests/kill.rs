//! A batch that is killed outright, at twenty moments, and run again.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

const FILES: usize = 16;
const ROUNDS: u64 = 20;

fn ingest(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sohoa"));
    command
        .args(["ingest", "in", "-o", "out", "--jobs", "2", "--log-format", "json"])
        .current_dir(folder)
        .stderr(Stdio::piped());
    command
}

/// Plain and degraded text, long enough that writing a plan takes a while.
fn write_inputs(folder: &Path) {
    for number in 0..FILES {
        let line = format!("{}. Thực hiện nhiệm vụ số {number} trước 30/11 hằng năm\n", number + 1);
        let text = format!("KẾ HOẠCH\nSố: {number}/KH-UBND\n{}", line.repeat(4 + number));
        fs::create_dir_all(folder.join("in/sub")).unwrap();
        let sub = if number % 2 == 0 { "" } else { "sub/" };
        fs::write(folder.join(format!("in/{sub}plan-{}.txt", number / 2)), text).unwrap();
    }
}

fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let Ok(entries) = fs::read_dir(folder.join("out")) else {
        return files;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.starts_with(".sohoa-") {
            files.insert(name, fs::read(path).unwrap());
        }
    }
    files
}

/// The outputs that the journal calls done, each with what changes when a file is written anew.
fn finished(folder: &Path) -> BTreeMap<String, (u64, i64, i64)> {
    let journal = fs::read_to_string(folder.join("out/.sohoa-journal")).unwrap_or_default();
    let whole = &journal[..journal.rfind('\n').map_or(0, |end| end + 1)];
    let mut files = BTreeMap::new();
    for line in whole.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        for output in entry["outputs"].as_array().into_iter().flatten() {
            let name = output["file"].as_str().unwrap();
            let data = fs::metadata(folder.join("out").join(name)).unwrap();
            files.insert(name.to_owned(), (data.ino(), data.mtime(), data.mtime_nsec()));
        }
    }
    files
}

/// A small generator, so that every run of the test kills at the same events.
fn scattered(seed: u64) -> u64 {
    let mixed = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32
}

#[test]
fn a_killed_batch_is_finished_by_the_next_run_with_the_same_bytes() {
    let undisturbed = tempfile::tempdir().unwrap();
    write_inputs(undisturbed.path());
    assert!(ingest(undisturbed.path()).output().unwrap().status.success());
    let expected = outputs(undisturbed.path());
    assert_eq!(expected.len(), 2 * FILES);

    let mut cut_short = 0;
    for round in 0..ROUNDS {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path();
        write_inputs(folder);
        // Every other round the rerun is killed too.
        for kill in 0..1 + round % 2 {
            // At most two events for each file come before the end.
            let event = scattered(2 * round + kill) as usize % (FILES * 2);
            let later = Duration::from_micros(scattered(1000 + 2 * round + kill) % 5000);
            kill_after(&mut ingest(folder), event, later);
            for (name, bytes) in outputs(folder) {
                assert!(bytes == expected[&name], "round {round}: {name} is not whole");
            }
        }
        let finished_before = finished(folder);
        cut_short += u64::from(finished_before.len() < expected.len());

        let last = ingest(folder).output().unwrap();
        assert!(last.status.success());
        assert!(outputs(folder) == expected, "round {round}: other bytes");
        let finished_after = finished(folder);
        for (name, written) in finished_before {
            assert_eq!(finished_after[&name], written, "round {round}: {name} was done again");
        }
        let left: Vec<_> = fs::read_dir(folder.join("out"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .filter(|name| name.to_string_lossy().ends_with(".tmp"))
            .collect();
        assert!(left.is_empty(), "round {round}: {left:?}");
    }
    assert!(cut_short >= ROUNDS / 2, "only {cut_short} of {ROUNDS} batches were cut short");
}

/// Kills the run (signal 9) a moment after it has told of so many events.
fn kill_after(command: &mut Command, events: usize, later: Duration) {
    let mut child = command.spawn().unwrap();
    let log = BufReader::new(child.stderr.take().unwrap());
    let _ = log.lines().nth(events);
    thread::sleep(later);
    child.kill().unwrap();
    child.wait().unwrap();
}
