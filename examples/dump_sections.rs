use sohoa::{extract::heading::read_headings, sections::segment, text::AlignedText};
fn main() {
    for path in std::env::args().skip(2) {
        let text = std::fs::read_to_string(&path).unwrap();
        let text = AlignedText::from_plain(text.trim_end_matches('\n'));
        let t = std::time::Instant::now();
        let parts = segment(&text);
        let (documents, warnings) = read_headings(&text, &parts);
        let el = t.elapsed();
        let out = serde_json::json!({"documents": documents, "references": [], "deadlines": [], "awards": [], "assignments": [], "warnings": warnings});
        let name = std::path::Path::new(&path)
            .file_name()
            .unwrap()
            .to_string_lossy()
            .replace(".gold.txt", "")
            .replace(".txt", "");
        std::fs::write(
            format!("{}/{}.json", std::env::args().nth(1).unwrap(), name),
            serde_json::to_string_pretty(&out).unwrap(),
        )
        .unwrap();
        eprintln!("{name} {el:?}");
    }
}
