//! The program as people and scripts meet it: help, errors, exit codes, what goes where.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use insta::assert_snapshot;

fn sohoa(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sohoa"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    sohoa(arguments).current_dir(folder).output().unwrap()
}

fn fed(input: &[u8], arguments: &[&str]) -> Output {
    let mut child = sohoa(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

/// Exit code, standard output and standard error, as one text.
fn shown(output: &Output) -> String {
    let code = output.status.code().map_or("killed".to_owned(), |code| code.to_string());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("exit {code}\n{}--\n{}", text(&output.stdout), text(&output.stderr))
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

#[test]
fn help_shows_commands_examples_and_exit_codes() {
    let here = folder(&[]);
    assert_snapshot!("help", shown(&run(here.path(), &["--help"])));
    assert_snapshot!("help-ingest", shown(&run(here.path(), &["ingest", "--help"])));
    assert_snapshot!("help-diff", shown(&run(here.path(), &["diff", "--help"])));
    assert_snapshot!("help-export", shown(&run(here.path(), &["export", "--help"])));
    assert_snapshot!("help-repair", shown(&run(here.path(), &["repair", "--help"])));
}

#[test]
fn export_takes_plans_only_and_one_form_at_a_time() {
    let here = folder(&[("a.json", b"{}"), ("b.json", b"not JSON")]);
    for file in ["a.json", "b.json"] {
        let output = run(here.path(), &["export", file, "--ics"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{file}");
        assert!(output.stdout.is_empty() && said.contains("this is no plan"), "{said}");
        assert!(said.contains("hint: make plans with `sohoa ingest"), "{said}");
    }
    for arguments in [
        &["export", "a.json"][..],
        &["export", "a.json", "--csv"],
        &["export", "a.json", "--ics", "--akn"],
        &["export", "a.json", "--ics", "-o", "out"],
    ] {
        assert_eq!(run(here.path(), arguments).status.code(), Some(2), "{arguments:?}");
        assert!(!here.path().join("out").exists(), "{arguments:?}");
    }
}

#[test]
fn wrong_usage_exits_with_2_and_writes_nothing() {
    let here = folder(&[("a.txt", b"a")]);
    for arguments in [
        &["ingest"][..],
        &["ingest", "a.txt"],
        &["ingest", "a.txt", "-o", "out", "--jobs", "0"],
        &["ingest", "a.txt", "-o", "out", "--pages", "3-1"],
        &["ingest", "a.txt", "-o", "out", "--page-timeout", "-1"],
        &["ingest", "a.txt", "-o", "out", "--ocr", "maybe"],
        &["ingest", "a.txt", "-o", "."],
        &["nothing"],
        &[],
    ] {
        let output = run(here.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
        assert!(!here.path().join("out").exists(), "{arguments:?}");
    }
    let output = run(here.path(), &["ingest", "a.txt", "-o", "out", "--pages", "3-1"]);
    assert_snapshot!(shown(&output), @r#"
    exit 2
    --
    error: invalid value '3-1' for '--pages <PAGES>': cannot read page range "3-1": expected a page or first-last, from page 1
    hint: write pages like 1-3,7 or 10-

    For more information, try '--help'.
    "#);
    let output = run(here.path(), &["ingest", ".", "-o", "."]);
    assert_snapshot!(shown(&output), @r"
    exit 2
    --
    error: .: the output folder is itself an input
    hint: choose a folder beside or inside it with -o
    ");
}

#[test]
fn each_file_gets_its_plan_and_its_text_and_nothing_goes_to_standard_output() {
    let here = folder(&[("in/a.txt", b"a\n"), ("in/b/a.md", b"b"), ("in/c.csv", b"1,2")]);
    let output = run(here.path(), &["ingest", "in", "-o", "out", "--jobs", "1"]);
    assert_snapshot!(shown(&output), @r"
    exit 0
    --
    2 files to read, 1 page at a time
    done    in/a.txt -> in-a.json
    done    in/b/a.md -> b-a.json
    done: 2 files
    1 file passed over, of other kinds or outputs (--log-format json names them)
    ");
    let mut names: Vec<String> = fs::read_dir(here.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, [".sohoa-journal", "b-a.json", "b-a.txt", "in-a.json", "in-a.txt"]);

    let output = run(here.path(), &["ingest", "in", "-o", "out", "--jobs", "1"]);
    assert_snapshot!(shown(&output), @r"
    exit 0
    --
    2 files to read, 1 page at a time
    skipped in/a.txt, done before
    skipped in/b/a.md, done before
    done: 0 files
    2 files skipped, done before and unchanged (--force does them again)
    1 file passed over, of other kinds or outputs (--log-format json names them)
    ");
}

#[test]
fn files_that_fail_are_named_with_a_hint_and_the_others_are_written() {
    let here = folder(&[("good.txt", b"a"), ("old.doc", b"\xD0\xCF\x11\xE0"), ("no.pdf", b"")]);
    let arguments = ["ingest", "good.txt", "old.doc", "no.pdf", "gone.pdf", "-o", "out", "-j1"];
    let output = run(here.path(), &arguments);
    assert_snapshot!(shown(&output), @r"
    exit 1
    --
    3 files to read, 1 page at a time
    failed  gone.pdf: cannot read: No such file or directory (os error 2)
      hint: name files and folders that exist; quote names that have spaces
    done    good.txt -> good.json
    failed  old.doc: found an old Office document, expected PDF, TIFF, PNG, JPEG, plain text or Markdown
      hint: export it as PDF
    failed  no.pdf: the file is empty (0 bytes)
    done: 1 file
    3 files failed:
      gone.pdf: cannot read: No such file or directory (os error 2)
      old.doc: found an old Office document, expected PDF, TIFF, PNG, JPEG, plain text or Markdown
      no.pdf: the file is empty (0 bytes)
    ");
    assert!(here.path().join("out/good.json").exists());

    fs::remove_dir_all(here.path().join("out")).unwrap();
    let quiet = run(here.path(), &[&arguments[..], &["--quiet"]].concat());
    assert_snapshot!(shown(&quiet), @r"
    exit 1
    --
    failed  gone.pdf: cannot read: No such file or directory (os error 2)
      hint: name files and folders that exist; quote names that have spaces
    failed  old.doc: found an old Office document, expected PDF, TIFF, PNG, JPEG, plain text or Markdown
      hint: export it as PDF
    failed  no.pdf: the file is empty (0 bytes)
    ");
}

#[test]
fn standard_input_is_an_input() {
    let here = folder(&[]);
    let out = here.path().join("out");
    let output = fed("Kế hoạch".as_bytes(), &["ingest", "-", "-o", out.to_str().unwrap(), "-q"]);
    assert_eq!(shown(&output), "exit 0\n--\n");
    assert_eq!(fs::read_to_string(out.join("stdin.txt")).unwrap(), "Kế hoạch\n");
}

#[test]
fn a_second_document_from_standard_input_does_not_take_the_place_of_the_first() {
    let here = folder(&[]);
    let out = here.path().join("out");
    let ingest = |text: &str, more: &[&str]| {
        let arguments = ["ingest", "-", "-o", out.to_str().unwrap(), "-q"];
        shown(&fed(text.as_bytes(), &[&arguments[..], more].concat()))
    };
    let text = || fs::read_to_string(out.join("stdin.txt")).unwrap();
    assert_eq!(ingest("Kế hoạch", &[]), "exit 0\n--\n");
    assert!(ingest("Quyết định", &[]).contains("another document from standard input"));
    assert_eq!(text(), "Kế hoạch\n");
    assert_eq!(ingest("Kế hoạch", &[]), "exit 0\n--\n");
    assert_eq!(ingest("Quyết định", &["--force"]), "exit 0\n--\n");
    assert_eq!(text(), "Quyết định\n");
}

#[test]
fn the_json_log_is_one_object_a_line_and_ends_with_the_summary() {
    let here = folder(&[("a.txt", b"a"), ("b.pdf", b"")]);
    let output =
        run(here.path(), &["ingest", "a.txt", "b.pdf", "-o", "out", "-j1", "--log-format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let log = String::from_utf8(output.stderr).unwrap();
    let events: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["started", "file_opened", "file_done", "file_failed", "ended"]);
    assert_eq!(events[3]["error"]["kind"], "empty");
    let ended = &events[4];
    assert_eq!((&ended["done"], &ended["failed"][0]["path"]), (&1.into(), &"b.pdf".into()));

    let refused = run(here.path(), &["ingest", ".", "-o", ".", "--log-format", "json"]);
    let error: serde_json::Value = serde_json::from_slice(&refused.stderr).unwrap();
    assert_eq!((&error["event"], &error["error"]["kind"]), (&"refused".into(), &"usage".into()));
}

#[test]
fn two_runs_do_not_write_one_folder() {
    let here = folder(&[("a.txt", b"a")]);
    // A run that waits for its input.
    let mut first = sohoa(&["ingest", "-", "-o", "out", "--log-format", "json"])
        .current_dir(here.path())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(first.stderr.take().unwrap());
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    assert!(line.contains("started"), "{line}");

    let second = run(here.path(), &["ingest", "a.txt", "-o", "out"]);
    let shown =
        shown(&second).replace(&*here.path().canonicalize().unwrap().to_string_lossy(), "…");
    assert_snapshot!(shown, @r"
    exit 1
    --
    error: …/out: another run of sohoa is writing to this folder
    hint: wait until it has ended, or choose another folder with -o
    ");
    drop(first.stdin.take());
    first.wait().unwrap();
    assert_eq!(run(here.path(), &["ingest", "a.txt", "-o", "out"]).status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn the_first_ctrl_c_ends_the_run_in_order_and_the_second_at_once() {
    let interrupt = |process: u32| {
        let sent = Command::new("kill").args(["-INT", &process.to_string()]).status().unwrap();
        assert!(sent.success());
    };
    for at_once in [false, true] {
        let here = folder(&[("later.txt", b"later")]);
        // Its first input comes from a pipe that stays open: the run stands still there.
        let mut child = sohoa(&["ingest", "-", "later.txt", "-o", "out", "--log-format", "json"])
            .args(["--jobs", "1"])
            .current_dir(here.path())
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        log.read_line(&mut line).unwrap();
        // Nothing tells when it stands there; a run stopped before would end at once by itself.
        std::thread::sleep(std::time::Duration::from_millis(500));
        interrupt(child.id());
        line.clear();
        log.read_line(&mut line).unwrap();
        assert!(line.contains("stopping"), "{line}");
        if at_once {
            interrupt(child.id());
        } else {
            // The run may have ended before it came to this input.
            let _ = child.stdin.take().unwrap().write_all(b"at hand");
        }
        let mut rest = String::new();
        log.read_to_string(&mut rest).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130));
        assert!(!here.path().join("out/later.txt").exists());
        // Only a run that ends in order has a last word.
        assert_eq!(rest.contains("\"event\":\"ended\""), !at_once, "{rest}");
    }
}

#[test]
fn repair_keeps_lines_spaces_and_ends() {
    for text in [
        "",
        "\n",
        "a",
        "a\n",
        "\n\n  thụt vào\n\n",
        "trang một\n\u{c}trang hai\n",
        "cuối dòng  \r\nhai\r\n",
        "\tbảng\tcột",
    ] {
        let output = fed(text.as_bytes(), &["repair"]);
        assert_eq!(output.status.code(), Some(0), "{text:?}: {}", shown(&output));
        let repaired = String::from_utf8(output.stdout).unwrap();
        assert_eq!(repaired.split('\n').count(), text.split('\n').count(), "{text:?}");
        let starts = |text: &str| -> Vec<String> {
            let space = |line: &str| line[..line.len() - line.trim_start().len()].to_owned();
            text.split('\n').map(space).collect()
        };
        assert_eq!(starts(&repaired), starts(text), "{text:?}");
    }
    let here = folder(&[("a.txt", "Kế hoạch\n".as_bytes())]);
    assert_eq!(shown(&run(here.path(), &["repair", "a.txt"])), "exit 0\nKế hoạch\n--\n");
}

#[test]
fn repair_lists_changes_and_leaves_doubtful_words() {
    let read = "Uy ban nhan dan tinh\nban hanh Ke hoach\n";
    let list = fed(read.as_bytes(), &["repair", "--changes"]);
    let list = String::from_utf8(list.stdout).unwrap();
    let rows: Vec<Vec<&str>> = list.lines().map(|row| row.split('\t').collect()).collect();
    assert_eq!(rows[0][..3], ["1", "Uy", "Ủy"]);
    assert!(rows.iter().any(|row| row[..3] == ["2", "Ke", "Kế"]), "{list}");
    let confidences = rows.iter().map(|row| row[3].parse::<f32>().unwrap());
    assert!(confidences.into_iter().all(|confidence| (0.0..=1.0).contains(&confidence)));
    let kept = fed(read.as_bytes(), &["repair", "--min-confidence", "1"]);
    assert_eq!(String::from_utf8(kept.stdout).unwrap(), read);
    let wrong = fed(read.as_bytes(), &["repair", "--min-confidence", "2"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn repair_converts_old_encodings_and_leaves_other_languages() {
    let tcvn3 = b"C\xE9ng h\xDFa x\xB7 h\xE9i ch\xF1 ngh\xDCa Vi\xD6t Nam\n";
    assert_snapshot!(shown(&fed(tcvn3, &["repair"])), @r"
    exit 0
    Cộng hòa xã hội chủ nghĩa Việt Nam
    --
    warning: stdin: the text was in TCVN3 (ABC), and was converted to Unicode
    ");
    let english = b"The committee shall inform all parties concerned within thirty days.\n";
    assert_snapshot!(shown(&fed(english, &["repair"])), @r"
    exit 0
    The committee shall inform all parties concerned within thirty days.
    --
    warning: stdin: this isn't Vietnamese, and stays as it is
    ");
}

#[test]
fn repair_takes_a_line_of_a_megabyte() {
    let line = "uy ban nhan dan tinh ".repeat(50_000);
    let output = fed(line.as_bytes(), &["repair"]);
    let repaired = String::from_utf8(output.stdout).unwrap();
    assert!(repaired.starts_with("ủy ban nhân dân tỉnh ủy ban"), "{}", &repaired[..80]);
    assert_eq!(repaired.split_whitespace().count(), 250_000);
}

#[test]
fn repair_names_what_it_cannot_read() {
    let here = folder(&[("scan.png", b"\x89PNG\r\n\x1a\n")]);
    assert_snapshot!(shown(&run(here.path(), &["repair", "gone.txt"])), @r"
    exit 1
    --
    error: gone.txt: cannot read: No such file or directory (os error 2)
    ");
    assert_eq!(run(here.path(), &["repair", "scan.png"]).status.code(), Some(1));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for arguments in [&["schema"][..], &["completions", "bash"], &["man"], &["repair"]] {
        let mut child = sohoa(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        // More than a pipe holds.
        let text = "Kế hoạch\n".repeat(20_000);
        if arguments == ["repair"] {
            child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        }
        let output = child.wait_with_output().unwrap();
        assert_eq!(shown(&output), "exit 0\n--\n", "{arguments:?}");
    }
}

#[test]
fn completions_and_manual_name_the_commands() {
    let here = folder(&[]);
    for shell in ["bash", "fish", "zsh"] {
        let script = run(here.path(), &["completions", shell]);
        assert_eq!(script.status.code(), Some(0));
        assert!(String::from_utf8_lossy(&script.stdout).contains("page-timeout"), "{shell}");
    }
    let page = run(here.path(), &["man"]);
    let page = String::from_utf8_lossy(&page.stdout).into_owned();
    for part in [".TH sohoa", "ingest", "page\\-timeout", "repair"] {
        assert!(page.contains(part), "{part}");
    }
}
