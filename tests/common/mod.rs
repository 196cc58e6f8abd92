//! What the tests of the batch share: scans made on the spot, and an engine that reads them.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sohoa::batch::EngineMaker;
use sohoa::geometry::PixelBox;
use sohoa::input::PageImage;
use sohoa::ocr::{OcrEngine, OcrLine, OcrPage, OcrWord};
use sohoa::plan::{LineRole, TextOrigin};
use sohoa::{Error, ErrorKind, Result, Warning, WarningCode};

/// Greys of pages on which [`ShadeEngine`] misbehaves.
pub const PANICS: u8 = 1;
pub const FAILS: u8 = 2;
pub const NEVER_ENDS: u8 = 3;
pub const DOUBTFUL: u8 = 4;

/// A PDF of pages that are each one even picture of the given shade, 0 to 255.
pub fn scan(shades: &[u8]) -> Vec<u8> {
    const WIDTH: usize = 60;
    const HEIGHT: usize = 80;
    let kids: Vec<String> = (0..shades.len()).map(|i| format!("{} 0 R", 3 + 3 * i)).collect();
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Count {} /Kids [{}] >>", shades.len(), kids.join(" ")).into(),
    ];
    for (index, shade) in shades.iter().enumerate() {
        let (content, image) = (4 + 3 * index, 5 + 3 * index);
        let paint = format!("{WIDTH} 0 0 {HEIGHT} 0 0 cm /I Do");
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] \
                 /Contents {content} 0 R /Resources << /XObject << /I {image} 0 R >> >> >>"
            )
            .into(),
        );
        objects.push(format!("<< /Length {} >>\nstream\n{paint}\nendstream", paint.len()).into());
        let mut picture = format!(
            "<< /Type /XObject /Subtype /Image /Width {WIDTH} /Height {HEIGHT} \
             /ColorSpace /DeviceGray /BitsPerComponent 8 /Length {} >>\nstream\n",
            WIDTH * HEIGHT
        )
        .into_bytes();
        picture.extend(std::iter::repeat_n(*shade, WIDTH * HEIGHT));
        picture.extend(b"\nendstream");
        objects.push(picture);
    }
    assemble(&objects)
}

fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut offsets = String::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.extend(format!("{} 0 obj\n", index + 1).bytes());
        pdf.extend(object);
        pdf.extend(b"\nendobj\n");
    }
    let (size, at) = (objects.len() + 1, pdf.len());
    pdf.extend(
        format!(
            "xref\n0 {size}\n0000000000 65535 f \n{offsets}trailer\n<< /Size {size} /Root 1 0 R >>\n\
             startxref\n{at}\n%%EOF\n"
        )
        .bytes(),
    );
    pdf
}

/// Reads from each page the shade that it has: line "tờ SHADE" (tờ: sheet).
pub struct ShadeEngine {
    counts: Arc<EngineCounts>,
}

/// How many engines there are and how many read at the same time.
#[derive(Default)]
pub struct EngineCounts {
    pub made: AtomicUsize,
    reading: AtomicUsize,
    pub most_reading: AtomicUsize,
}

pub fn shade_engines() -> (EngineMaker, Arc<EngineCounts>) {
    let counts = Arc::new(EngineCounts::default());
    let shared = counts.clone();
    let make = move || -> Result<Box<dyn OcrEngine>> {
        shared.made.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(ShadeEngine { counts: shared.clone() }))
    };
    (Arc::new(make), counts)
}

impl OcrEngine for ShadeEngine {
    fn read(&mut self, image: &PageImage, number: u32) -> Result<OcrPage> {
        let reading = self.counts.reading.fetch_add(1, Ordering::SeqCst) + 1;
        self.counts.most_reading.fetch_max(reading, Ordering::SeqCst);
        let read = read_shade(image, number);
        self.counts.reading.fetch_sub(1, Ordering::SeqCst);
        read
    }
}

fn read_shade(image: &PageImage, number: u32) -> Result<OcrPage> {
    let (width, height) = image.gray.dimensions();
    let shade = image.gray.get_pixel(width / 2, height / 2).0[0];
    let mut warnings = Vec::new();
    match shade {
        PANICS => panic!("this page is meant to"),
        FAILS => return Err(Error::new(ErrorKind::Ocr, "cannot read this shade")),
        NEVER_ENDS => loop {
            std::thread::park();
        },
        DOUBTFUL => {
            warnings.push(Warning::new(WarningCode::PageDoubtful, "too dark").on_page(number));
        }
        _ => {}
    }
    let bounds = PixelBox::new(1, 1, 20, 10);
    let word = |text: String| OcrWord { text, bounds, confidence: 0.9, alternatives: vec![] };
    let words = vec![word("tờ".to_owned()), word(shade.to_string())];
    Ok(OcrPage {
        number,
        width,
        height,
        dpi: image.dpi,
        rotation: 0,
        skew: 0.0,
        origin: TextOrigin::Ocr,
        reason: None,
        lines: vec![OcrLine { role: LineRole::Body, block: 0, bounds, words }],
        warnings,
    })
}

/// Writes files below `root`, making folders.
pub fn put(root: &Path, files: &[(&str, &[u8])]) {
    for (name, content) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("files lie in folders")).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// The files of an output folder by name, without the journal.
pub fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name != ".sohoa-journal" {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    files
}
