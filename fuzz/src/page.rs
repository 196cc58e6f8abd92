//! What must hold of every page that is read, whatever the bytes; `tests/mutations.rs` asks the same.

use sohoa::input::{InputFile, judge_layer};

/// Reads a page (1-based) and judges its layer.
///
/// # Panics
/// If a word lies outside the picture, or an error doesn't name the page.
pub fn read_page(file: &InputFile, number: u32) {
    match file.page(number) {
        Ok(page) => {
            let (width, height) = page.image.gray.dimensions();
            assert!(page.layer.iter().all(|w| w.bounds.x1 <= width && w.bounds.y1 <= height));
            let _ = judge_layer(&page);
        }
        Err(error) => assert_eq!(error.page(), Some(number)),
    }
}
