#![no_main]

use sohoa::extract::extract;
use sohoa::sections::segment;
use sohoa::text::AlignedText;

libfuzzer_sys::fuzz_target!(|source: &str| {
    let text = AlignedText::from_plain(source);
    let parts = segment(&text);
    let found = extract(&text, &parts);
    assert_eq!(found.documents.len(), parts.len());
    let lines = 1..=text.lines().len() as u32;
    assert!(found.deadlines.iter().all(|deadline| lines.contains(&deadline.line)));
    assert!(found.references.iter().all(|reference| !reference.mentions.is_empty()));
});
