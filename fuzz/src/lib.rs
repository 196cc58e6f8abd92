//! What all fuzz targets do: read every page of a file and judge its layer. Whatever the bytes,
//! that must end, with pages or with errors that name file and reason.
//!
//! `cargo +nightly fuzz run pdf -- -max_len=100000 -rss_limit_mb=2048 -timeout=30`

mod page;

use page::read_page;
use sohoa::input::InputFile;

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
