//! The kinds of documents with the words and abbreviations that stand for them.

use std::sync::LazyLock;

use super::phrase::{fold, is_capitals, is_like};

/// The 29 kinds of administrative documents of Decree 30/2020/NĐ-CP, Article 7, with the
/// abbreviations of its Annex III; then the kinds of legal documents (Law 64/2025/QH15, Article 4
/// and before) and those of the Party (Guidance 36-HD/VPTW) that aren't among them.
pub const DOCUMENT_TYPES: [(&str, &str); 41] = [
    ("Nghị quyết", "NQ"),
    ("Quyết định", "QĐ"),
    ("Chỉ thị", "CT"),
    ("Quy chế", "QC"),
    ("Quy định", "QyĐ"),
    ("Thông cáo", "TC"),
    ("Thông báo", "TB"),
    ("Hướng dẫn", "HD"),
    ("Chương trình", "CTr"),
    ("Kế hoạch", "KH"),
    ("Phương án", "PA"),
    ("Đề án", "ĐA"),
    ("Dự án", "DA"),
    ("Báo cáo", "BC"),
    ("Biên bản", "BB"),
    ("Tờ trình", "TTr"),
    ("Hợp đồng", "HĐ"),
    ("Công văn", ""),
    ("Công điện", "CĐ"),
    ("Bản ghi nhớ", "BGN"),
    ("Bản thỏa thuận", "BTT"),
    ("Giấy ủy quyền", "GUQ"),
    ("Giấy mời", "GM"),
    ("Giấy giới thiệu", "GGT"),
    ("Giấy nghỉ phép", "GNP"),
    ("Phiếu gửi", "PG"),
    ("Phiếu chuyển", "PC"),
    ("Phiếu báo", "PB"),
    ("Thư công", ""),
    ("Luật", ""),
    ("Bộ luật", ""),
    ("Pháp lệnh", "PL"),
    ("Lệnh", "L"),
    ("Nghị định", "NĐ"),
    ("Thông tư", "TT"),
    ("Thông tư liên tịch", "TTLT"),
    ("Nghị quyết liên tịch", "NQLT"),
    ("Kết luận", "KL"),
    ("Quy trình", "QT"),
    ("Thông tri", "TTri"),
    ("Điều lệ", "ĐL"),
];

/// What official letters are called; they carry no type word.
pub(crate) const OFFICIAL_LETTER: &str = "Công văn";

/// The kinds that are printed as type words, each with its letters as [`fold`] gives them.
static PRINTED: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let names = DOCUMENT_TYPES.iter().map(|(name, _)| *name);
    names.filter(|name| *name != OFFICIAL_LETTER).map(|name| (name, fold(name))).collect()
});

/// Words that can follow the type word on its line and change nothing.
const TAILS: [&str; 4] = [" hanh dong", " lien tich", " phoi hop", " cong tac"];

/// The kind that a line of capitals names, and how sure that is; `None` for any other line.
pub(crate) fn type_of_line(line: &str) -> Option<(&'static str, f32)> {
    if line.len() > 80 || !is_capitals(line) {
        return None;
    }
    let folded = fold(line);
    let base = TAILS.iter().find_map(|tail| folded.strip_suffix(tail)).unwrap_or(&folded);
    let named = |phrase: &str| PRINTED.iter().find(|(_, printed)| printed == phrase);
    if let Some((name, _)) = named(&folded).or_else(|| named(base)) {
        return Some((name, 0.99));
    }
    let mut like =
        PRINTED.iter().filter(|(name, printed)| name.len() > 6 && is_like(&folded, printed));
    match (like.next(), like.next()) {
        (Some((name, _)), None) => Some((name, 0.8)),
        _ => None,
    }
}

/// The kind whose type word begins a line of capitals that goes on with the title, and the byte
/// at which the title begins: "QUY CHẾ LÀM VIỆC CỦA …". Only a heading block makes it one.
pub(crate) fn type_before_title(line: &str) -> Option<(&'static str, usize)> {
    if !is_capitals(line) {
        return None;
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    (1..=4.min(words.len().saturating_sub(2))).rev().find_map(|count| {
        let (name, _) = type_of_line(&words[..count].join(" "))?;
        let title = words[count];
        // `title` is a slice of `line`, so the difference of their addresses is its offset.
        Some((name, title.as_ptr() as usize - line.as_ptr() as usize))
    })
}

/// The kind that the abbreviation at the head of a symbol stands for: "KH-UBND", "2026/TT-BCA",
/// "CTr/TU"; `None` for one that names a body ("VPCP-CN").
pub fn type_of_symbol(symbol: &str) -> Option<&'static str> {
    let head = symbol.split(['/', '-']).find(|piece| !piece.chars().all(|c| c.is_ascii_digit()))?;
    DOCUMENT_TYPES.iter().find(|(_, short)| !short.is_empty() && *short == head).map(|(n, _)| *n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_words_are_lone_lines_of_capitals() {
        let type_name = |line| type_of_line(line).map(|(name, _)| name);
        assert_eq!(type_name("KẾ HOẠCH"), Some("Kế hoạch"));
        assert_eq!(type_name("CHƯƠNG TRÌNH HÀNH ĐỘNG"), Some("Chương trình"));
        assert_eq!(type_name("QUYLET PINH"), Some("Quyết định"));
        assert_eq!(type_name("THÔNG TƯ LIÊN TỊCH"), Some("Thông tư liên tịch"));
        assert_eq!(type_name("KÊ HOẠCH"), Some("Kế hoạch"));
        assert_eq!(type_name("Kế hoạch"), None);
        assert_eq!(type_name("KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH"), None);
        assert_eq!(type_name("CHỦ TỊCH"), None);
        assert_eq!(type_name("CÔNG AN"), None);
    }

    #[test]
    fn type_words_before_a_title() {
        let split =
            |line: &'static str| type_before_title(line).map(|(name, at)| (name, &line[at..]));
        assert_eq!(split("QUY CHẾ LÀM VIỆC CỦA ỦY BAN"), Some(("Quy chế", "LÀM VIỆC CỦA ỦY BAN")));
        assert_eq!(
            split("KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2026"),
            Some(("Kế hoạch", "CẢI CÁCH HÀNH CHÍNH NĂM 2026"))
        );
        assert_eq!(split("KẾ HOẠCH"), None);
        assert_eq!(split("Kế hoạch này được gửi"), None);
    }

    #[test]
    fn symbols_name_their_kind() {
        assert_eq!(type_of_symbol("KH-UBND"), Some("Kế hoạch"));
        assert_eq!(type_of_symbol("2026/TT-BCA"), Some("Thông tư"));
        assert_eq!(type_of_symbol("CTr/TU"), Some("Chương trình"));
        assert_eq!(type_of_symbol("VPCP-CN"), None);
    }
}
