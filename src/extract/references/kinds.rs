//! The kinds of document (loại văn bản) that are cited, and how their numbers abbreviate them.

/// The kinds of document that are cited: those of Decree 30/2020/NĐ-CP, of the Law on the
/// promulgation of legal documents, and of the Party's Hướng dẫn 36-HD/VPTW; a kind that begins with
/// another stands before it.
pub const KINDS: &[&str] = &[
    "Chương trình hành động",
    "Chương trình phối hợp",
    "Chương trình công tác",
    "Chương trình",
    "Kế hoạch hành động",
    "Kế hoạch liên tịch",
    "Kế hoạch phối hợp",
    "Kế hoạch",
    "Thông tư liên tịch",
    "Thông tư",
    "Nghị quyết liên tịch",
    "Nghị quyết",
    "Nghị định",
    "Quyết định",
    "Chỉ thị",
    "Quy chế phối hợp",
    "Quy chế",
    "Quy định",
    "Quy hoạch",
    "Thông cáo",
    "Thông báo kết luận",
    "Thông báo",
    "Thông tri",
    "Hướng dẫn liên ngành",
    "Hướng dẫn",
    "Phương án",
    "Đề án",
    "Dự án",
    "Báo cáo thẩm tra",
    "Báo cáo thẩm định",
    "Báo cáo",
    "Biên bản",
    "Tờ trình",
    "Hợp đồng",
    "Công văn",
    "Công điện",
    "Kết luận",
    "Văn bản hợp nhất",
    "Lệnh",
    "Sắc lệnh",
    "Giấy mời",
    "Phiếu chuyển",
    "Bộ luật",
    "Pháp lệnh",
    "Hiến pháp",
    "Luật",
    "Văn bản",
];

/// What the first letters of a symbol stand for: Decree 30/2020/NĐ-CP, Appendix III, and Hướng dẫn
/// 36-HD/VPTW of the Party.
const KIND_OF_SYMBOL: &[(&str, &str)] = &[
    ("NQ", "Nghị quyết"),
    ("NĐ", "Nghị định"),
    ("QĐ", "Quyết định"),
    ("CT", "Chỉ thị"),
    ("QC", "Quy chế"),
    ("QĐi", "Quy định"),
    ("TB", "Thông báo"),
    ("HD", "Hướng dẫn"),
    ("CTr", "Chương trình"),
    ("KH", "Kế hoạch"),
    ("PA", "Phương án"),
    ("ĐA", "Đề án"),
    ("DA", "Dự án"),
    ("BC", "Báo cáo"),
    ("BB", "Biên bản"),
    ("TTr", "Tờ trình"),
    ("CĐ", "Công điện"),
    ("TT", "Thông tư"),
    ("KL", "Kết luận"),
    ("CV", "Công văn"),
    ("GM", "Giấy mời"),
    ("TTLT", "Thông tư liên tịch"),
];

/// The kind that a word of the text names, in any case.
pub fn named(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    KINDS.iter().copied().find(|kind| kind.to_lowercase() == word)
}

/// The kind that a symbol stands for; a symbol that begins with the issuer is a letter's.
pub fn of_symbol(symbol: &str) -> Option<&'static str> {
    of_known_symbol(symbol).or(Some("Công văn"))
}

/// The kind that a symbol's first letters stand for.
pub fn of_known_symbol(symbol: &str) -> Option<&'static str> {
    let first = first_part(symbol);
    KIND_OF_SYMBOL.iter().find(|(known, _)| *known == first).map(|(_, kind)| *kind)
}

/// Whether letters abbreviate any kind.
pub fn is_abbreviation(letters: &str) -> bool {
    KIND_OF_SYMBOL.iter().any(|(known, _)| *known == letters)
}

/// How a kind is abbreviated: "NQ" for "Nghị quyết", "KH" for "Kế hoạch hành động", too. `None` for
/// "Quy định", which is QĐ or QĐi, and for kinds without abbreviation.
pub fn abbreviation(kind: &str) -> Option<&'static str> {
    if kind == "Quy định" {
        return None;
    }
    let whole = KIND_OF_SYMBOL.iter().find(|(_, known)| *known == kind);
    let of_whole = whole.or_else(|| {
        KIND_OF_SYMBOL.iter().find(|(_, known)| kind.starts_with(&format!("{known} ")))
    });
    of_whole.map(|(letters, _)| *letters)
}

/// "NQ" of "NQ/TW", "QĐ" of "QĐ-UBND".
pub fn first_part(symbol: &str) -> &str {
    symbol.split(['-', '/', '.']).next().unwrap_or("")
}
