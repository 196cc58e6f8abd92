//! Small PDF files that would become giant: each is a named error, before memory is taken. The
//! bombs are hidden where only the library that reads the file can see them.

mod files;

use std::sync::LazyLock;

use files::{Pdf, deflated, late_lzw, lzw, repeated_deflate};
use sohoa::input::{InputFile, SourcePage};
use sohoa::{Error, ErrorKind};

/// What a bomb of these tests unpacks into, in megabytes; a stream may have 600.
const MEGABYTES: usize = 1000;
/// What reading them may take at most, the test's own memory included.
#[cfg(target_os = "linux")]
const MAX_KILOBYTES: u64 = 900_000;

fn first_page(bytes: Vec<u8>) -> Result<SourcePage, Error> {
    InputFile::from_bytes("in/scan.pdf", bytes)?.page(1)
}

/// Why a file can't be read; that must cost little memory.
fn refusal(claim: &str, bytes: Vec<u8>) -> Error {
    let Err(error) = first_page(bytes) else { panic!("{claim}: was read") };
    assert_little_memory(claim);
    error
}

fn assert_too_large(claim: &str, bytes: Vec<u8>) {
    let error = refusal(claim, bytes);
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{claim}: {error}");
}

/// The most that this process ever took.
#[cfg(target_os = "linux")]
fn assert_little_memory(claim: &str) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kilobytes < MAX_KILOBYTES, "{claim}: took {kilobytes} kB");
}

#[cfg(not(target_os = "linux"))]
fn assert_little_memory(_: &str) {}

/// Packed once for all tests, since that takes seconds.
static LZW_BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| lzw(&vec![0; MEGABYTES << 20]));

fn deflate_bomb() -> Vec<u8> {
    repeated_deflate(&vec![b' '; 1 << 20], MEGABYTES)
}

/// A page whose content is this stream.
fn with_content(entries: &str, data: &[u8]) -> Pdf {
    let mut pdf = Pdf::new();
    pdf.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf.object(2, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>");
    pdf.object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>");
    pdf.stream(4, entries, data);
    pdf
}

/// A page that shows one image.
fn with_image(entries: &str, data: &[u8]) -> Pdf {
    let mut pdf =
        Pdf::with_page("/Resources << /XObject << /I 5 0 R >> >>", "500 0 0 700 0 0 cm /I Do");
    let image = "/Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 1";
    pdf.stream(5, &format!("{image} {entries}"), data);
    pdf
}

/// A catalog and a page tree in object stream 5, after what else it holds; its other entries too.
fn in_object_stream(entries: &str, pack: impl Fn(&[u8]) -> Vec<u8>) -> Pdf {
    let pages = "<< /Type /Pages /Count 1 /Kids [3 0 R] >>";
    let mut pdf = Pdf::new();
    pdf.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf.object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>");
    let data = format!("2 0 {pages}");
    pdf.stream(5, &format!("/Type /ObjStm /N 1 /First 4 {entries}"), &pack(data.as_bytes()));
    pdf
}

#[test]
fn a_page_in_an_object_stream_is_read_when_it_is_harmless() {
    let plain = in_object_stream("", <[u8]>::to_vec).finish_with_table_stream(&[(2, 5, 0)]);
    assert!(first_page(plain).is_ok());
    let packed = in_object_stream("/Filter /FlateDecode", deflated);
    assert!(first_page(packed.finish_with_table_stream(&[(2, 5, 0)])).is_ok());
}

#[test]
fn filters_named_in_another_object_hide_no_bomb() {
    for (claim, entries, data) in [
        ("a name elsewhere", "/Filter 8 0 R", &*LZW_BOMB),
        ("a list elsewhere", "/Filter 9 0 R", &files::hex(&LZW_BOMB)),
        ("names elsewhere", "/Filter [7 0 R 8 0 R]", &files::hex(&LZW_BOMB)),
        ("a hidden entry", "/Filter /LZWDecode /Note (obj)", &*LZW_BOMB),
    ] {
        let mut pdf = with_content(entries, data);
        pdf.object(7, "/ASCIIHexDecode");
        pdf.object(8, "/LZWDecode");
        pdf.object(9, "[/ASCIIHexDecode /LZWDecode]");
        assert_too_large(claim, pdf.finish());
    }
}

#[test]
fn lzw_is_measured_whenever_its_codes_grow() {
    let entries = "/Filter /LZWDecode /DecodeParms << /EarlyChange 0 >>";
    let data = late_lzw(&vec![0; MEGABYTES << 20]);
    assert_too_large("EarlyChange 0", with_content(entries, &data).finish());
}

#[test]
fn a_stream_that_starts_after_a_lone_carriage_return_is_looked_at() {
    let mut bytes = with_content("/Filter /LZWDecode", &LZW_BOMB).finish();
    let start = bytes.windows(7).position(|window| window == b"stream\n").unwrap();
    bytes[start + 6] = b'\r';
    assert_too_large("stream\\r", bytes);
}

#[test]
fn a_bomb_behind_damage_is_refused() {
    // A stored block whose length has the wrong complement: some decoders read on.
    let mut data = vec![0x78, 0x9C, 0, 1, 0, 0, 0, b' '];
    data.extend_from_slice(&deflate_bomb()[2..]);
    let content = with_content("/Filter /FlateDecode", &data).finish();
    assert_eq!(refusal("content", content).kind(), ErrorKind::Damaged);
    let image = with_image("/Width 9 /Height 9 /Filter /FlateDecode", &data).finish();
    let error = refusal("image", image);
    assert_eq!((error.kind(), error.page()), (ErrorKind::Damaged, Some(1)));
}

#[test]
fn rows_whose_width_stands_in_another_object_are_checked() {
    let packed = deflated(b"x");
    for (claim, parameters) in [
        ("the width elsewhere", "<< /Predictor 2 /BitsPerComponent 4 /Columns 8 0 R >>"),
        ("the parameters elsewhere", "9 0 R"),
    ] {
        let entries = format!("/Filter /FlateDecode /DecodeParms {parameters}");
        let mut pdf = with_content(&entries, &packed);
        pdf.object(8, "999999999999");
        pdf.object(9, "<< /Predictor 2 /BitsPerComponent 4 /Columns 8 0 R >>");
        assert_too_large(claim, pdf.finish());
    }
    let entries = "/Width 9 /Height 90000 /Filter /CCITTFaxDecode /DecodeParms 9 0 R";
    let mut pdf = with_image(entries, b"x");
    pdf.object(8, "99999999");
    pdf.object(9, "<< /K -1 /Columns 8 0 R >>");
    assert_too_large("fax columns elsewhere", pdf.finish());
}

/// `/Encrypt` of a file that opens without a password (RC4, 40 bits, revision 2), for an `/ID` of
/// one zero byte.
fn encryption() -> String {
    let owner = "00".repeat(32);
    let user = "a2131391556101128e64737bb2f0fb1452b6beed66a7e0dbcc3276f389ab335f";
    format!(
        "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{owner}> /U <{user}> >> /ID [<00> <00>]"
    )
}

/// The keys of objects 4 and 5 of such a file (ISO 32000-1, 7.6.2, algorithm 1).
const KEYS: [(u32, [u8; 10]); 2] = [
    (4, [0x62, 0x63, 0x78, 0x4E, 0x00, 0xEE, 0xE3, 0xCD, 0x5C, 0x8D]),
    (5, [0xC1, 0x4E, 0x0E, 0xED, 0x8C, 0x68, 0xEE, 0x6B, 0xF8, 0x9E]),
];

fn encrypted(object: u32, data: &[u8]) -> Vec<u8> {
    let (_, key) = KEYS.iter().find(|(number, _)| *number == object).unwrap();
    let mut state: Vec<u8> = (0..=255).collect();
    let mut j = 0u8;
    for i in 0..256 {
        j = j.wrapping_add(state[i]).wrapping_add(key[i % key.len()]);
        state.swap(i, j.into());
    }
    let (mut i, mut j) = (0u8, 0u8);
    let mut next = || {
        i = i.wrapping_add(1);
        j = j.wrapping_add(state[usize::from(i)]);
        state.swap(i.into(), j.into());
        state[usize::from(state[usize::from(i)].wrapping_add(state[usize::from(j)]))]
    };
    data.iter().map(|byte| byte ^ next()).collect()
}

#[test]
fn a_file_encrypted_without_a_password_is_read_when_it_is_harmless() {
    let line = encrypted(4, b"0 0 m 9 9 l S");
    let mut pdf = with_content("", &line);
    pdf.trailer(&encryption());
    let page = first_page(pdf.finish()).unwrap();
    assert!(page.image.gray.pixels().any(|pixel| pixel.0[0] < 100), "shows the line");
}

#[test]
fn encryption_hides_no_bomb() {
    let mut content = with_content("/Filter /FlateDecode", &encrypted(4, &deflate_bomb()));
    content.trailer(&encryption());
    assert_too_large("content", content.finish());

    for (claim, filter, data) in [
        ("objects", "/FlateDecode", deflate_bomb()),
        ("objects, packed twice", "[/AHx /FlateDecode]", files::hex(&deflate_bomb())),
    ] {
        let entries = format!("/Filter {filter}");
        let mut pdf = in_object_stream(&entries, |_| encrypted(5, &data));
        pdf.trailer(&encryption());
        assert_too_large(claim, pdf.finish_with_table_stream(&[(2, 5, 0)]));
    }
}

#[test]
fn object_streams_are_counted_together() {
    let spaces = vec![b' '; 1 << 20];
    let mut pdf = in_object_stream("", <[u8]>::to_vec);
    let within: Vec<_> = (10..40).map(|number| (number + 100, number, 0)).collect();
    for (number, stream, _) in &within {
        let mut data = format!("{number} 0 ").into_bytes();
        data.extend_from_slice(&spaces.repeat(30));
        pdf.stream(*stream, "/Type /ObjStm /N 1 /First 6 /Filter /FlateDecode", &deflated(&data));
    }
    let within: Vec<_> = within.into_iter().chain([(2, 5, 0)]).collect();
    assert_too_large("30 times 30 MB", pdf.finish_with_table_stream(&within));
}

#[test]
fn an_object_stream_says_itself_how_it_is_packed() {
    let mut pdf = in_object_stream("/Filter 8 0 R", |_| LZW_BOMB.clone());
    pdf.object(8, "/LZWDecode");
    let error = refusal("filter elsewhere", pdf.finish_with_table_stream(&[(2, 5, 0)]));
    assert_eq!(error.kind(), ErrorKind::Damaged);
    // Its length may stand elsewhere: writers that don't know it before do so.
    let mut bytes = in_object_stream("", <[u8]>::to_vec).finish_with_table_stream(&[(2, 5, 0)]);
    let length = bytes.windows(8).position(|window| window == b"/Length ").expect("its length");
    bytes.splice(length + 8..length + 10, *b"8 0 R");
    assert!(first_page(bytes).is_ok());
}

#[test]
fn an_object_stream_within_itself_or_another_ends() {
    for within in [[(2, 5, 0), (5, 5, 0)], [(2, 5, 0), (5, 6, 0)], [(2, 6, 0), (6, 2, 0)]] {
        let pdf = in_object_stream("", <[u8]>::to_vec);
        let _ = first_page(pdf.finish_with_table_stream(&within));
    }
}

#[test]
fn a_table_of_a_hundred_million_entries_is_refused() {
    let table = repeated_deflate(&vec![0; 1 << 20], 100);
    let mut bytes = in_object_stream("", <[u8]>::to_vec).finish();
    let start = bytes.len();
    let entries = "/Type /XRef /Root 1 0 R /Size 100000000 /W [0 1 0] /Filter /FlateDecode";
    bytes.extend_from_slice(
        format!("77 0 obj\n<< {entries} /Length {} >>\nstream\n", table.len()).as_bytes(),
    );
    bytes.extend_from_slice(&table);
    bytes.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
    assert_too_large("table", bytes);
}

#[test]
fn tables_that_lead_back_to_themselves_end() {
    let pdf = || with_content("", b"");
    let start = {
        let bytes = pdf().finish();
        bytes.windows(5).rposition(|window| window == b"xref\n").map(|at| at - 5).unwrap()
    };
    for entries in [
        format!("/Prev {start}"),
        format!("/XRefStm {start}"),
        "/Prev 0".to_owned(),
        "/Prev -1".to_owned(),
        "/Prev 99999999".to_owned(),
    ] {
        let mut pdf = pdf();
        pdf.trailer(&entries);
        assert!(first_page(pdf.finish()).is_ok(), "{entries}: is read without the table");
    }
}

#[test]
fn a_content_that_names_one_stream_a_thousand_times_is_refused() {
    let mut pdf = Pdf::with_page("/Foo 1", "");
    let contents = "6 0 R ".repeat(1000);
    pdf.object(3, &format!("<< /Type /Page /MediaBox [0 0 9 9] /Contents [{contents}] >>"));
    let data = repeated_deflate(&vec![b' '; 1 << 20], 50);
    pdf.stream(6, "/Filter /FlateDecode", &data);
    assert_too_large("content", pdf.finish());
}

#[test]
fn a_page_tree_of_millions_is_refused() {
    let kids = "<<>>".repeat(2_000_000);
    let mut pdf = Pdf::new();
    pdf.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf.object(2, &format!("<< /Type /Pages /Count 1 /Kids [{kids}] >>"));
    assert_too_large("in the file", pdf.finish());

    let mut pdf = Pdf::new();
    pdf.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
    let data = format!("2 0 << /Type /Pages /Count 1 /Kids [{}] >>", "<<>>".repeat(30_000_000));
    pdf.stream(5, "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &deflated(data.as_bytes()));
    assert_too_large("in an object stream", pdf.finish_with_table_stream(&[(2, 5, 0)]));
}

/// A JBIG2 segment: its number, type and data.
fn segment(number: u32, kind: u8, data: &[u8]) -> Vec<u8> {
    let length = data.len() as u32;
    [&number.to_be_bytes()[..], &[kind, 0, 1], &length.to_be_bytes(), data].concat()
}

fn jbig2_page(width: u32, height: u32) -> Vec<u8> {
    [&width.to_be_bytes()[..], &height.to_be_bytes(), &[0; 11]].concat()
}

fn jpx_stream(width: u32, height: u32, components: u16) -> Vec<u8> {
    let mut size = vec![0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0];
    for number in [width, height, 0, 0, width, height, 0, 0] {
        size.extend_from_slice(&number.to_be_bytes());
    }
    size.extend_from_slice(&components.to_be_bytes());
    size.extend([7, 1, 1].repeat(components.into()));
    size
}

fn jp2_box(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&(data.len() as u32 + 8).to_be_bytes()[..], kind, data].concat()
}

#[test]
fn sizes_that_coded_pictures_claim_are_found_wherever_they_stand() {
    let small = segment(9, 48, &jbig2_page(9, 9));
    let giant = segment(1, 48, &jbig2_page(60_000, 60_000));
    let large_number = segment(0x0100_0000, 48, &jbig2_page(60_000, 60_000));
    let region = segment(2, 38, &[jbig2_page(60_000, 60_000), vec![0; 20]].concat());
    let mut endless = [&[0, 0, 0, 3, 38, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF][..], &[0; 26]].concat();
    endless.extend([0xFF, 0xAC, 0, 0, 0, 9]);
    let signature = jp2_box(b"jP  ", b"\r\n\x87\n");
    let note = jp2_box(b"xml ", &jpx_stream(9, 9, 1));
    let hidden = jp2_box(b"jp2c", &jpx_stream(60_000, 60_000, 1));
    for (claim, filter, data) in [
        ("JBIG2 in a coat", "[/FlateDecode /JBIG2Decode]", deflated(&giant)),
        ("JBIG2 after another page", "/JBIG2Decode", [&small[..], &giant].concat()),
        ("JBIG2 with a large number", "/JBIG2Decode", large_number),
        ("JBIG2 far behind", "/JBIG2Decode", [segment(0, 62, &[0; 9999]), giant.clone()].concat()),
        ("JBIG2 after an open end", "/JBIG2Decode", [small.clone(), endless, giant].concat()),
        ("a JBIG2 region", "/JBIG2Decode", [small, region].concat()),
        ("JPEG 2000", "/JPXDecode", jpx_stream(60_000, 60_000, 1)),
        ("JPEG 2000 in a coat", "[/Fl /JPXDecode]", deflated(&jpx_stream(60_000, 60_000, 1))),
        ("JPEG 2000 after a note", "/JPXDecode", [signature, note, hidden].concat()),
        ("JPEG 2000 of many components", "/JPXDecode", jpx_stream(5000, 5000, 999)),
    ] {
        let entries = format!("/Width 9 /Height 9 /Filter {filter}");
        let error = refusal(claim, with_image(&entries, &data).finish());
        assert_eq!(
            (error.kind(), error.page()),
            (ErrorKind::TooLarge, Some(1)),
            "{claim}: {error}"
        );
    }
}

#[test]
fn a_jpeg_that_claims_more_than_its_dictionary_takes_no_more_memory() {
    let mut jpeg = files::jpeg();
    let frame = jpeg.windows(2).position(|window| window == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    for filter in ["/DCTDecode", "[/FlateDecode /DCTDecode]"] {
        let data = if filter.starts_with('[') { deflated(&jpeg) } else { jpeg.clone() };
        let entries = format!("/Width 90 /Height 120 /Filter {filter}");
        let _ = first_page(with_image(&entries, &data).finish());
        assert_little_memory(filter);
    }
}
