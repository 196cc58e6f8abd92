#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    sohoa_fuzz::read(data, &[b"\x89PNG", b"\xFF\xD8\xFF"]);
});
