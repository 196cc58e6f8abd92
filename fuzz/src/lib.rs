//! What all fuzz targets do: read every page of a file and judge its layer. Whatever the bytes,
//! that must end, with pages or with errors that name file and reason.
//!
//! `cargo +nightly fuzz run pdf -- -max_len=100000 -rss_limit_mb=2048 -timeout=30`

use sohoa::input::{InputFile, judge_layer};

/// Pages looked at: a file can claim many, and each costs as much as a rendering.
const PAGES: u32 = 3;

/// Reads `data` as a file if it starts with one of `starts`; other bytes are another target's.
pub fn read(data: &[u8], starts: &[&[u8]]) {
    if !starts.iter().any(|start| data.starts_with(start)) {
        return;
    }
    match InputFile::from_bytes("fuzz", data.to_vec()) {
        Ok(file) => (1..=file.page_count().min(PAGES)).for_each(|number| read_page(&file, number)),
        Err(error) => assert!(!error.reason().is_empty() && error.path().is_some()),
    }
}

fn read_page(file: &InputFile, number: u32) {
    match file.page(number) {
        Ok(page) => {
            let (width, height) = page.image.gray.dimensions();
            assert!(page.layer.iter().all(|w| w.bounds.x1 <= width && w.bounds.y1 <= height));
            let _ = judge_layer(&page);
        }
        Err(error) => assert_eq!(error.page(), Some(number)),
    }
}
