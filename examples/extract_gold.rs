use std::io::Read;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let mut s = String::new();
    std::fs::File::open(path).unwrap().read_to_string(&mut s).unwrap();
    let text = sohoa::text::AlignedText::from_plain(&s);
    let parts = sohoa::sections::segment(&text);
    let e = sohoa::extract::extract(&text, &parts);
    println!(
        "{}",
        serde_json::json!({"documents": e.documents, "references": e.references, "deadlines": e.deadlines, "awards": e.awards, "assignments": e.assignments, "warnings": e.warnings})
    );
}
