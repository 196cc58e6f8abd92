//! Damaged and hostile files: each is a named error or a page with a warning; nothing panics,
//! hangs or takes memory without bound. The files are made here, byte by byte.

mod files;

use files::{Pdf, deflated, jpeg, png, scan, tiff};
use sohoa::input::{InputFile, SourcePage};
use sohoa::{Error, ErrorKind, WarningCode};

fn open(bytes: &[u8]) -> Result<InputFile, Error> {
    InputFile::from_bytes("in/scan.pdf", bytes.to_vec())
}

/// The first page, or what kept it from being read.
fn first_page(bytes: &[u8]) -> Result<SourcePage, Error> {
    open(bytes)?.page(1)
}

/// Why a file can't be read, with the checks that hold for every error.
fn refusal(claim: &str, bytes: &[u8]) -> Error {
    let Err(error) = first_page(bytes) else { panic!("{claim}: was read") };
    assert_eq!(error.path().and_then(|path| path.to_str()), Some("in/scan.pdf"), "{claim}");
    assert!(!error.reason().is_empty(), "{claim}");
    error
}

#[test]
fn what_is_no_document_is_refused_by_name() {
    for (claim, bytes, kind) in [
        ("no bytes", &b""[..], ErrorKind::Empty),
        ("only a header", b"%PDF-1.7\n", ErrorKind::Damaged),
        ("noise after a header", b"%PDF-1.7\n\xFF\x00\x01<<>>[[[(((", ErrorKind::Damaged),
        ("a Word document", b"PK\x03\x04\x14\x00\x06\x00", ErrorKind::Unsupported),
        ("zeros", &[0; 4096], ErrorKind::Unsupported),
        ("noise", b"\x9D\x01\x7F\xC3\x28\xA0\xA1", ErrorKind::Unsupported),
        ("a TIFF that leads nowhere", b"II*\0\xFF\xFF\xFF\xFF", ErrorKind::Damaged),
        ("a TIFF header", b"MM\0*", ErrorKind::Damaged),
        ("a PNG signature", b"\x89PNG\r\n\x1A\n", ErrorKind::Damaged),
        ("a JPEG start", b"\xFF\xD8\xFF", ErrorKind::Damaged),
    ] {
        assert_eq!(refusal(claim, bytes).kind(), kind, "{claim}");
    }
}

#[test]
fn a_file_cut_anywhere_is_an_error_or_a_page_that_says_so() {
    for (claim, whole) in
        [("PDF", scan().finish()), ("TIFF", tiff()), ("PNG", png()), ("JPEG", jpeg())]
    {
        let complete = first_page(&whole).unwrap_or_else(|error| panic!("{claim}: {error}"));
        for place in 0..100 {
            let cut = whole.len() * place / 100;
            let Ok(page) = first_page(&whole[..cut]) else { continue };
            // What is still read is either all there or comes with a warning.
            let is_same = page.image.gray == complete.image.gray;
            let says_so = page.warnings.iter().any(|w| w.code == WarningCode::ImageDamaged);
            assert!(is_same || says_so, "{claim} cut at {cut} of {}", whole.len());
        }
    }
}

#[test]
fn a_page_tree_that_leads_back_into_itself_ends() {
    let mut pdf = Pdf::new();
    pdf.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf.object(2, "<< /Type /Pages /Count 2000000000 /Kids [2 0 R 3 0 R 3 0 R] >>");
    pdf.object(3, "<< /Type /Pages /Kids [2 0 R 3 0 R 4 0 R] /Parent 3 0 R >>");
    pdf.object(4, "<< /Type /Page /Parent 4 0 R /MediaBox [0 0 200 100] >>");
    let file = open(&pdf.finish()).unwrap();
    assert_eq!(file.page_count(), 1);
    assert_eq!(file.page(1).unwrap().image.gray.dimensions(), (833, 416));
    assert_eq!(file.page(2).err().unwrap().kind(), ErrorKind::Usage);
}

#[test]
fn forms_that_draw_themselves_or_each_other_end() {
    let form = |content: &str| format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] {content}");
    let mut itself = Pdf::with_page("/Resources << /XObject << /A 5 0 R >> >>", "/A Do");
    itself.stream(5, &form("/Resources << /XObject << /A 5 0 R >> >>"), b"/A Do");
    assert!(first_page(&itself.finish()).is_ok());

    // Each draws the next twice: 2^60 in all, or as many as the nesting allows.
    let mut doubling = Pdf::with_page("/Resources << /XObject << /A 5 0 R >> >>", "/A Do");
    for number in 5..65 {
        let next = format!("/Resources << /XObject << /A {} 0 R >> >>", number + 1);
        doubling.stream(number, &form(&next), b"/A Do /A Do");
    }
    assert_eq!(refusal("doubling forms", &doubling.finish()).kind(), ErrorKind::TooLarge);
}

#[test]
fn patterns_and_masks_that_contain_themselves_end() {
    let pattern = "/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9";
    let fill = b"/Pattern cs /P scn 0 0 9 9 re f /P scn 0 0 8 8 re f";
    let mut doubling = Pdf::with_page(
        "/Resources << /Pattern << /P 5 0 R >> >>",
        "/Pattern cs /P scn 0 0 99 99 re f",
    );
    for number in 5..65 {
        let next = format!("{pattern} /Resources << /Pattern << /P {} 0 R >> >>", number + 1);
        doubling.stream(number, &next, fill);
    }
    assert_eq!(refusal("doubling patterns", &doubling.finish()).kind(), ErrorKind::TooLarge);

    let resources = "/Resources << /ExtGState << /G 6 0 R >> >>";
    let mut mask = Pdf::with_page(resources, "/G gs 0 0 99 99 re f");
    let group = "/Subtype /Form /BBox [0 0 99 99] /Group << /S /Transparency /CS /DeviceGray >>";
    mask.stream(5, &format!("{group} {resources}"), b"/G gs 0 0 9 9 re f");
    mask.object(6, "<< /SMask << /S /Luminosity /G 5 0 R >> >>");
    assert!(first_page(&mask.finish()).is_ok());
}

#[test]
fn images_that_claim_more_than_a_page_are_refused_before_memory_is_taken() {
    let jbig2 = [0, 0, 0, 0, 0x30, 0, 1, 0, 0, 0, 19, 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF];
    let jpx = [0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0, 0x7F, 0, 0, 0, 0x7F, 0, 0, 0];
    for (claim, entries, data) in [
        ("its size", "/Width 1000000000 /Height 1000000000", &b"x"[..]),
        (
            "fax columns",
            "/Width 9 /Height 90000 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 99999999 >>",
            b"x",
        ),
        ("its mask", "/Width 9 /Height 9 /SMask 6 0 R", b"x"),
        ("its JBIG2 data", "/Width 9 /Height 9 /Filter /JBIG2Decode", &jbig2),
        ("its JPEG 2000 data", "/Width 9 /Height 9 /Filter /JPXDecode", &jpx),
    ] {
        let mut pdf =
            Pdf::with_page("/Resources << /XObject << /I 5 0 R >> >>", "500 0 0 700 0 0 cm /I Do");
        let image = "/Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 1";
        pdf.stream(5, &format!("{image} {entries}"), data);
        pdf.stream(6, "/Subtype /Image /Width 99999 /Height 99999 /BitsPerComponent 8", b"x");
        let error = refusal(claim, &pdf.finish());
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{claim}: {error}");
        assert_eq!(error.page(), Some(1), "{claim}");
    }
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let megabyte = vec![b' '; 1 << 20];
    let lzw = files::lzw(&vec![0; 700 << 20]);
    for (claim, data, filter) in [
        ("700 MB in one stream", files::repeated_deflate(&megabyte, 700), "/FlateDecode"),
        (
            "700 MB, packed twice",
            deflated(&files::repeated_deflate(&megabyte, 700)),
            "[/FlateDecode /FlateDecode]",
        ),
        ("700 MB, packed with LZW", lzw.clone(), "/LZWDecode"),
        ("700 MB under two coats", files::hex(&lzw), "[/AHx /LZW]"),
        (
            "700 MB behind digits",
            files::hex(&files::repeated_deflate(&megabyte, 700)),
            "[/ASCII#48exDecode /FlateDecode]",
        ),
    ] {
        let mut pdf = Pdf::new();
        pdf.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
        pdf.object(2, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>");
        pdf.object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>");
        pdf.stream(4, &format!("/Filter {filter}"), &data);
        assert_eq!(refusal(claim, &pdf.finish()).kind(), ErrorKind::TooLarge, "{claim}");
    }
    let mut rows = Pdf::with_page("/Foo 1", "");
    let parameters = "/DecodeParms << /Predictor 2 /BitsPerComponent 4 /Columns 999999999999 >>";
    rows.stream(5, &format!("/Filter /FlateDecode {parameters}"), &deflated(b"x"));
    assert_eq!(refusal("wide rows", &rows.finish()).kind(), ErrorKind::TooLarge);
}

#[test]
fn a_password_is_asked_for_by_name() {
    let mut pdf = Pdf::with_page("/Foo 1", "");
    let key = "00".repeat(32);
    pdf.object(9, &format!("<< /Filter /Standard /V 1 /R 2 /P -4 /O <{key}> /U <{key}> >>"));
    pdf.trailer("/Encrypt 9 0 R /ID [<00> <00>]");
    let error = refusal("encrypted", &pdf.finish());
    assert_eq!(error.kind(), ErrorKind::Encrypted);
    assert!(error.hint_text().is_some_and(|hint| hint.contains("qpdf")), "{error}");
}

#[test]
fn a_damaged_page_costs_only_itself() {
    let mut pdf = Pdf::new();
    pdf.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf.object(2, "<< /Type /Pages /Count 3 /Kids [10 0 R 20 0 R 30 0 R] /MediaBox [0 0 72 72] >>");
    for page in [10, 20, 30] {
        let resources = format!("/Resources << /XObject << /I {} 0 R >> >>", page + 2);
        pdf.object(page, &format!("<< /Type /Page {resources} /Contents {} 0 R >>", page + 1));
        pdf.stream(page + 1, "", b"72 0 0 72 0 0 cm /I Do");
        let image = "/Subtype /Image /Width 300 /Height 300 /ColorSpace /DeviceGray";
        let filter = if page == 20 { "/Filter /CCITTFaxDecode" } else { "" };
        let data = if page == 20 { vec![0; 20] } else { vec![0x55; 300 * 300] };
        pdf.stream(page + 2, &format!("{image} /BitsPerComponent 8 {filter}"), &data);
    }
    let file = open(&pdf.finish()).unwrap();
    assert_eq!(file.page_count(), 3);
    let error = file.page(2).err().expect("the fax data are damaged");
    assert_eq!((error.kind(), error.page()), (ErrorKind::Damaged, Some(2)));
    assert!(error.reason().contains("CCITTFaxDecode"), "{error}");
    for number in [1, 3] {
        assert_eq!(file.page(number).unwrap().image.gray.as_raw()[0], 0x55);
    }
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    for nested in [deep("[", "]"), deep("<</A", ">>")] {
        let mut pdf = Pdf::with_page("/Foo 5 0 R", &nested);
        pdf.object(5, &nested);
        let _ = first_page(&pdf.finish());
    }
    let form = "/Subtype /Form /BBox [0 0 9 9] /Group << /S /Transparency >>";
    let mut pdf = Pdf::with_page("/Resources << /XObject << /A 5 0 R >> >>", "/A Do");
    for number in 5..105 {
        let next = format!("{form} /Resources << /XObject << /A {} 0 R >> >>", number + 1);
        pdf.stream(number, &next, b"q /A Do Q");
    }
    assert!(first_page(&pdf.finish()).is_ok());
}

#[test]
fn objects_of_the_wrong_type_do_no_harm() {
    let wrong = [
        "null",
        "true",
        "-1",
        "99999999999999999999",
        "(x)",
        "/N",
        "[ ]",
        "<< >>",
        "7 0 R",
        "1e40",
    ];
    for value in wrong {
        for entry in
            ["MediaBox", "CropBox", "Rotate", "Resources", "Contents", "Annots", "UserUnit"]
        {
            let mut pdf = Pdf::new();
            pdf.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
            pdf.object(2, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>");
            pdf.object(3, &format!("<< /Type /Page /Parent 2 0 R /{entry} {value} >>"));
            let _ = first_page(&pdf.finish());
        }
    }
    for bounds in ["[0 0 0 0]", "[0 0 1e9 1e9]", "[5 5 -5 -5]", "[0 0 1e-9 14400]", "[0 0 nan 1]"] {
        let mut pdf = Pdf::new();
        pdf.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
        pdf.object(2, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>");
        pdf.object(3, &format!("<< /Type /Page /MediaBox {bounds} /Contents 4 0 R >>"));
        pdf.stream(4, "", b"0 0 9 9 re f");
        let _ = first_page(&pdf.finish());
    }
}

#[test]
fn flipped_bytes_never_panic() {
    for (claim, whole) in
        [("PDF", scan().finish()), ("TIFF", tiff()), ("PNG", png()), ("JPEG", jpeg())]
    {
        // A linear congruential generator: the same bytes in every run.
        let mut state = 1u32;
        let mut next = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        for _ in 0..200 {
            let mut bytes = whole.clone();
            for _ in 0..=next(8) {
                let place = next(bytes.len());
                bytes[place] = next(256) as u8;
            }
            if let Err(error) = first_page(&bytes) {
                assert!(!error.reason().is_empty(), "{claim}");
            }
        }
    }
}
