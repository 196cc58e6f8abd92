#![no_main]

use sohoa::input::InputFile;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(file) = InputFile::from_bytes("fuzz.md", data.to_vec()) else { return };
    if let Some(text) = file.text() {
        assert!(!text.contains('\r'));
        assert_eq!(file.page_count(), 1);
        assert!(file.page(1).is_err());
    }
});
