#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    sohoa_fuzz::read(data, &[b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]);
});
