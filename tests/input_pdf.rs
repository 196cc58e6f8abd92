//! What the page picture and text layer of a PDF are made of, on small files made here.

mod files;

use files::{Pdf, deflated};
use image::{GrayImage, Luma, Rgb, imageops};
use sohoa::WarningCode;
use sohoa::input::{InputFile, SourcePage};

/// A picture without symmetry: each pixel another than its neighbours.
fn original(width: u32, height: u32) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| Luma([(x * 7 + y * 31) as u8]))
}

fn gray_image(picture: &GrayImage) -> (String, Vec<u8>) {
    let (width, height) = picture.dimensions();
    let entries = format!(
        "/Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray \
         /BitsPerComponent 8 /Filter /FlateDecode"
    );
    (entries, deflated(picture))
}

/// Object 5 is `picture` under the name I, to be placed by `content`.
fn pdf_with(picture: &GrayImage, entries: &str, content: &str) -> Pdf {
    let resources = "/Resources << /XObject << /I 5 0 R /J 6 0 R >> /Font << /F << /Type /Font \
                     /Subtype /Type1 /BaseFont /Times-Roman >> >> >>";
    let mut pdf = Pdf::with_page(&format!("{resources} {entries}"), content);
    let (image, data) = gray_image(picture);
    pdf.stream(5, &image, &data);
    pdf
}

fn read(pdf: Pdf) -> SourcePage {
    let file = InputFile::from_bytes("test.pdf", pdf.finish()).unwrap();
    file.page(1).unwrap()
}

#[test]
fn the_pixels_are_the_images_own_turned_as_the_page_shows_them() {
    let picture = original(250, 350);
    let flipped = imageops::flip_vertical(&picture);
    let mirrored = imageops::flip_horizontal(&picture);
    for (claim, entries, placed, expected) in [
        ("as it is", "", "500 0 0 700 0 0", picture.clone()),
        ("flipped", "", "500 0 0 -700 0 700", flipped),
        ("mirrored", "", "-500 0 0 700 500 0", mirrored.clone()),
        ("upside down", "", "-500 0 0 -700 500 700", imageops::rotate180(&picture)),
        ("page turned by 90", "/Rotate 90", "500 0 0 700 0 0", imageops::rotate90(&picture)),
        ("page turned by 180", "/Rotate 180", "500 0 0 700 0 0", imageops::rotate180(&picture)),
        ("page turned by -90", "/Rotate -90", "500 0 0 700 0 0", imageops::rotate270(&picture)),
        (
            "image turned by 90",
            "/MediaBox [0 0 700 500]",
            "0 -500 700 0 0 500",
            imageops::rotate90(&picture),
        ),
        (
            "image turned, page turned back",
            "/MediaBox [0 0 700 500] /Rotate 270",
            "0 -500 700 0 0 500",
            picture.clone(),
        ),
        (
            "image transposed",
            "/MediaBox [0 0 700 500]",
            "0 500 700 0 0 0",
            imageops::rotate90(&mirrored),
        ),
    ] {
        let page = read(pdf_with(&picture, entries, &format!("q {placed} cm /I Do Q")));
        assert_eq!(page.image.gray.dimensions(), expected.dimensions(), "{claim}");
        assert!(page.image.gray == expected, "{claim}: other pixels");
        assert!(page.image.color.is_none(), "{claim}");
    }
}

#[test]
fn the_resolution_follows_from_the_page_size() {
    for (width, height, dpi) in [(2083, 2917, 300), (1389, 1944, 200), (694, 972, 100)] {
        let picture = GrayImage::new(width, height);
        let page = read(pdf_with(&picture, "", "500 0 0 700 0 0 cm /I Do"));
        assert_eq!((page.image.gray.width(), page.image.dpi), (width, dpi));
    }
}

#[test]
fn strips_are_put_together_without_a_seam() {
    let picture = original(250, 350);
    // Places rounded to whole points, as scanners write them, though a strip is 175 / 3 rows high.
    let content = "q 500 0 0 234 0 466 cm /I Do Q q 500 0 0 466 0 0 cm /J Do Q";
    let upper = imageops::crop_imm(&picture, 0, 0, 250, 117).to_image();
    let lower = imageops::crop_imm(&picture, 0, 117, 250, 233).to_image();
    let mut pdf = pdf_with(&upper, "", content);
    let (image, data) = gray_image(&lower);
    pdf.stream(6, &image, &data);
    assert!(read(pdf).image.gray == picture);
}

#[test]
fn the_crop_box_cuts_the_picture() {
    let picture = original(250, 350);
    let page = read(pdf_with(&picture, "/CropBox [100 200 500 700]", "500 0 0 700 0 0 cm /I Do"));
    assert!(page.image.gray == imageops::crop_imm(&picture, 50, 0, 200, 250).to_image());
}

#[test]
fn a_stamp_is_laid_over_the_scan_as_its_mask_says() {
    let paper = GrayImage::from_pixel(250, 350, Luma([255]));
    let content = "q 500 0 0 700 0 0 cm /I Do Q q 100 0 0 100 0 600 cm /J Do Q";
    let mut pdf = pdf_with(&paper, "", content);
    let stamp = "/Subtype /Image /Width 2 /Height 1 /ColorSpace /DeviceRGB /BitsPerComponent 8 \
                 /SMask 7 0 R";
    pdf.stream(6, stamp, &[200, 20, 20, 200, 20, 20]);
    let mask = "/Subtype /Image /Width 2 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8";
    pdf.stream(7, mask, &[255, 0]);
    let page = read(pdf);
    let color = page.image.color.expect("the stamp is red");
    assert_eq!(color.dimensions(), (250, 350));
    assert_eq!(*color.get_pixel(10, 10), Rgb([200, 20, 20]));
    assert_eq!(*color.get_pixel(40, 10), Rgb([255, 255, 255]), "left blank by the mask");
    assert_eq!(*color.get_pixel(10, 60), Rgb([255, 255, 255]), "below the stamp");
    assert_eq!(*page.image.gray.get_pixel(40, 10), Luma([255]));
}

#[test]
fn a_scan_stored_as_a_stencil_keeps_its_pixels_and_what_lies_behind_it() {
    // Ink at 250 pixels across, over a background at 25.
    let background = GrayImage::from_pixel(25, 35, Luma([220]));
    let content = "q 500 0 0 700 0 0 cm /I Do Q 0 g q 500 0 0 700 0 0 cm /J Do Q";
    let mut pdf = pdf_with(&background, "", content);
    let rows: Vec<u8> = (0..350u32).flat_map(|y| [(y * 37) as u8; 32]).collect();
    pdf.stream(6, "/Subtype /Image /Width 250 /Height 350 /ImageMask true", &rows);
    let page = read(pdf);
    assert_eq!(page.image.gray.dimensions(), (250, 350));
    for (x, y, pixel) in page.image.gray.enumerate_pixels() {
        let bit = rows[(y * 32 + x / 8) as usize] >> (7 - x % 8) & 1;
        assert_eq!(pixel.0, [if bit == 0 { 0 } else { 220 }], "({x}, {y})");
    }
}

#[test]
fn oblong_fax_pixels_are_made_square() {
    let picture = original(250, 175);
    let page = read(pdf_with(&picture, "", "500 0 0 700 0 0 cm /I Do"));
    assert_eq!(page.image.gray.dimensions(), (250, 350));
    for y in 0..350 {
        assert_eq!(page.image.gray.get_pixel(9, y), picture.get_pixel(9, y / 2), "row {y}");
    }
}

#[test]
fn a_page_of_text_is_rendered_and_its_words_stand_on_their_ink() {
    let line = "(Thi dua yeu nuoc) Tj 0 -20 Td ".repeat(50);
    let content = format!("BT /F 14 Tf 50 650 Td {line} ET");
    let page = read(pdf_with(&GrayImage::new(9, 9), "", &content));
    assert_eq!((page.image.dpi, page.image.gray.width()), (300, 2083));
    let words: Vec<&str> = page.layer.iter().take(5).map(|word| word.text.as_str()).collect();
    assert_eq!(words, ["Thi", "dua", "yeu", "nuoc", "Thi"]);
    for word in page.layer.iter().take(8) {
        let b = word.bounds;
        let area = imageops::crop_imm(&page.image.gray, b.x0, b.y0, b.width(), b.height());
        assert!(area.to_image().pixels().any(|pixel| pixel.0[0] < 100), "{word:?}");
        assert!(word.visible && word.upright, "{word:?}");
    }
}

#[test]
fn text_that_does_not_show_is_told_from_text_that_does() {
    let scan = "q 500 0 0 700 0 0 cm /I Do Q";
    let text = |mode: &str| format!("BT /F 12 Tf {mode} 100 500 Td (Chi thi) Tj ET");
    for (claim, content, visible) in [
        ("plain", format!("{scan} {}", text("")), true),
        ("render mode 3", format!("{scan} {}", text("3 Tr")), false),
        ("beneath the scan", format!("{} {scan}", text("")), false),
        ("clipped away", format!("{scan} q 0 0 9 9 re W n {} Q", text("")), false),
    ] {
        let page = read(pdf_with(&original(250, 350), "", &content));
        let words: Vec<_> = page.layer.iter().map(|w| (w.text.as_str(), w.visible)).collect();
        assert_eq!(words, [("Chi", visible), ("thi", visible)], "{claim}");
        // 100 points from the left at half a pixel a point; the baseline 200 points from the top.
        let first = page.layer[0].bounds;
        assert!((45..=51).contains(&first.x0) && first.y0 < 99 && first.y1 > 99, "{first:?}");
        assert!(page.image.gray == original(250, 350), "{claim}: text was painted");
    }
}

#[test]
fn text_across_the_page_or_off_it_is_marked_or_left_out() {
    let content = "q 500 0 0 700 0 0 cm /I Do Q BT /F 12 Tf 0.7 0.7 -0.7 0.7 100 300 Tm (Mat) Tj \
                   1 0 0 1 900 300 Tm (Xa) Tj ET";
    let page = read(pdf_with(&original(250, 350), "", content));
    let words: Vec<_> = page.layer.iter().map(|w| (w.text.as_str(), w.upright)).collect();
    assert_eq!(words, [("Mat", false)]);
}

#[test]
fn text_both_filled_and_stroked_is_there_once() {
    let content = "q 500 0 0 700 0 0 cm /I Do Q BT /F 12 Tf 2 Tr 100 500 Td (So) Tj ET";
    assert_eq!(read(pdf_with(&original(250, 350), "", content)).layer.len(), 1);
}

#[test]
fn a_stamp_that_cannot_be_decoded_leaves_the_scan_and_a_warning() {
    let content = "q 500 0 0 700 0 0 cm /I Do Q q 50 0 0 50 0 0 cm /J Do Q";
    let mut pdf = pdf_with(&original(250, 350), "", content);
    pdf.stream(6, "/Subtype /Image /Width 9 /Height 9 /Filter /DCTDecode", b"no JPEG");
    let page = read(pdf);
    assert!(page.image.gray == original(250, 350));
    assert_eq!(page.warnings.len(), 1);
    assert_eq!(page.warnings[0].code, WarningCode::ImageDamaged);
    assert!(page.warnings[0].message.contains("9 x 9"), "{}", page.warnings[0].message);
}

#[test]
fn a_page_without_anything_on_it_is_white() {
    let page = read(Pdf::with_page("", ""));
    assert_eq!(page.image.dpi, 300);
    assert!(page.image.gray.pixels().all(|pixel| pixel.0 == [255]) && page.layer.is_empty());
}
