//! The formulas of heading block and signature (Decree 30/2020/NĐ-CP, Annex I) by which the ends
//! of a document are known. [`crate::extract::heading`] reads what they say.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::phrase::{find_like, fold, is_capitals, starts_like};

/// Folded first words of a body or office that can issue documents.
const ISSUERS: [&str; 49] = [
    "uy ban",
    "ubnd",
    "hoi dong",
    "hdnd",
    "bo",
    "so",
    "ban",
    "phong",
    "van phong",
    "cuc",
    "tong cuc",
    "chi cuc",
    "vu",
    "vien",
    "trung tam",
    "truong",
    "dai hoc",
    "hoc vien",
    "cong an",
    "dang uy",
    "dang bo",
    "dang",
    "tinh uy",
    "thanh uy",
    "huyen uy",
    "quan uy",
    "chinh phu",
    "thu tuong",
    "quoc hoi",
    "chu tich",
    "bo truong",
    "toa an",
    "hoi",
    "lien doan",
    "lien hiep",
    "doan",
    "mat tran",
    "cong ty",
    "tap doan",
    "tong cong ty",
    "ngan hang",
    "thanh tra",
    "kho bac",
    "bao hiem",
    "kiem toan",
    "giam doc",
    "tong lien doan",
    "tong giam doc",
    "thuong truc",
];

/// Folded words for a level of government, which go on with a body's name.
const LEVELS: [&str; 11] = [
    "tinh",
    "thanh pho",
    "tp",
    "phuong",
    "xa",
    "quan",
    "huyen",
    "thi xa",
    "thi tran",
    "dac khu",
    "trung uong",
];

/// Folded first words of a signer's position.
const POSITIONS: [&str; 39] = [
    "chu tich",
    "pho chu tich",
    "giam doc",
    "pho giam doc",
    "tong giam doc",
    "pho tong giam doc",
    "bo truong",
    "thu truong",
    "thu tuong",
    "pho thu tuong",
    "bi thu",
    "pho bi thu",
    "truong phong",
    "pho truong phong",
    "chanh van phong",
    "pho chanh van phong",
    "cuc truong",
    "pho cuc truong",
    "vu truong",
    "pho vu truong",
    "vien truong",
    "pho vien truong",
    "hieu truong",
    "pho hieu truong",
    "truong ban",
    "pho truong ban",
    "chu nhiem",
    "pho chu nhiem",
    "tong thanh tra",
    "chanh thanh tra",
    "pho chanh thanh tra",
    "chanh an",
    "pho chanh an",
    "thong doc",
    "pho thong doc",
    "tong cuc truong",
    "uy vien",
    "doi truong",
    "tong bi thu",
];

/// Ranks and degrees before a name.
const RANKS: [&str; 17] = [
    "Đại tướng ",
    "Thượng tướng ",
    "Trung tướng ",
    "Thiếu tướng ",
    "Đại tá ",
    "Thượng tá ",
    "Trung tá ",
    "Thiếu tá ",
    "Đại úy ",
    "GS.",
    "PGS.",
    "TS.",
    "ThS.",
    "BS.",
    "CKI.",
    "CKII.",
    "Ông ",
];

/// Folded formulas that stand over the right column of the heading.
pub(crate) const MOTTOS: [&str; 3] =
    ["cong hoa xa hoi chu nghia viet nam", "doc lap tu do hanh phuc", "dang cong san viet nam"];

/// "Số: 18 /KH-UBND", "Số:      /QĐ-UBND", "Số 33-KH/ĐU", "Số: 37 /2026/TT-BCA".
///
/// The number can be anything, so that one read wrongly is still seen; the symbol can't.
static NUMBER_LINE: LazyLock<Regex> = LazyLock::new(|| {
    let symbol = r"(?:\d{4}\s?/\s?)?\p{Lu}[\pL0-9&.]*(?:\s?[-/]\s?\p{Lu}[\pL0-9&.]*)*";
    let kind = r"(?:(?:Luật|Bộ luật|Pháp lệnh|Lệnh|Nghị quyết)\s+)?";
    let number = r"[^\s/-]{0,8}(?:\s[^\s/\pL-]{1,4})*?";
    Regex::new(&format!(
        r"^{kind}(?:(?:[Ss][ốôoóồổỗộÓÔỐO06]|SỐ)\s*[:;.]?|S[ởờớợỡơọòõỏ]\s*[:;])\s*(?P<number>{number})\s*(?:[-.,]\s*)?[/-]\s*(?P<symbol>{symbol})"
    ))
    .expect("a fixed pattern")
});

/// "ngày 14 tháng 8 năm 2025", with blanks, dots or scrawl for any of the three.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let gap = r"[^\s\pL]{0,6}(?:\s[^\s\pL]{1,4})*?|\S{1,3}";
    Regex::new(&format!(
        r"(?i)\bng[aàáảãạâă]y\s*(?P<day>{gap})\s*th[aáàảãạâă]ng\s*(?P<month>{gap})\s*n[aăâàáằắ]m\s*(?P<year>[^\s,.;]{{0,6}})"
    ))
    .expect("a fixed pattern")
});

/// The number line of a heading block.
pub(crate) struct NumberLine<'a> {
    /// Between "Số:" and the stroke; empty where left blank.
    pub number: &'a str,
    pub number_at: usize,
    pub symbol: &'a str,
    pub symbol_at: usize,
    /// Where the symbol ends; the other column can follow.
    pub end: usize,
}

/// Reads a line as the number line of a heading block.
pub(crate) fn number_line(line: &str) -> Option<NumberLine<'_>> {
    let found = NUMBER_LINE.captures(line)?;
    let (number, symbol) = (found.name("number")?, found.name("symbol")?);
    Some(NumberLine {
        number: number.as_str(),
        number_at: number.start(),
        symbol: symbol.as_str(),
        symbol_at: symbol.start(),
        end: symbol.end(),
    })
}

/// Whether a line begins like a number line, however little of it can be read.
pub(crate) fn begins_number_line(line: &str) -> bool {
    // "Sở:" and the like are what repair makes of "So:"; without a colon they are a department.
    let colon = line.split_once([':', ';']).is_some_and(|(head, _)| fold(head.trim()) == "so");
    line.contains(['/', ':'])
        && (colon
            || ["Số", "Só", "Sô", "So", "SỐ", "Luật số", "Nghị quyết số"].iter().any(|head| {
                line.strip_prefix(head).is_some_and(|rest| rest.starts_with([':', ' ', '.', ';']))
            }))
}

/// The date at the end of a line "Place, ngày … tháng … năm …".
pub(crate) struct DateLine<'a> {
    /// Where "ngày" begins.
    pub start: usize,
    /// As printed; empty where left blank.
    pub day: &'a str,
    pub month: &'a str,
    pub year: &'a str,
    pub span: Range<usize>,
}

/// Reads the end of a line as the date of a heading block.
pub(crate) fn date_line(line: &str) -> Option<DateLine<'_>> {
    let found = DATE.captures(line)?;
    let whole = found.get(0)?;
    let rest = &line[whole.end()..];
    let before = &line[..whole.start()];
    let is_end = !rest.chars().any(char::is_alphanumeric);
    let after_place = before.trim_end().ends_with([',', '.', ';']) || before.trim().is_empty();
    (is_end && after_place && before.len() < 110).then(|| DateLine {
        start: whole.start(),
        day: found.name("day").map_or("", |m| m.as_str()),
        month: found.name("month").map_or("", |m| m.as_str()),
        year: found.name("year").map_or("", |m| m.as_str()),
        span: whole.range(),
    })
}

/// Where a line holds one of the [`MOTTOS`].
pub(crate) fn find_motto(line: &str) -> Option<Range<usize>> {
    MOTTOS.iter().find_map(|motto| find_like(line, motto))
}

/// What is left of a line when a motto, or place and date, of the right column are cut off.
pub(crate) fn left_column(line: &str) -> &str {
    let cut = find_motto(line)
        .map(|motto| motto.start)
        .or_else(|| date_line(line).map(|date| place_start(&line[..date.start])));
    line[..cut.unwrap_or(line.len())].trim_end()
}

/// Where the place begins that ends a text before "ngày": its last run of capitalised words.
pub(crate) fn place_start(before: &str) -> usize {
    let mut start = before.len();
    for word in before.split_whitespace().rev() {
        // Each word is a slice of `before`, so the difference of their addresses is its offset.
        let at = word.as_ptr() as usize - before.as_ptr() as usize;
        let letters = word.trim_end_matches([',', '.', ';']);
        let is_dash = matches!(letters, "-" | "–") && start < before.len();
        let is_part = is_dash
            || matches!(letters, "TP" | "Tp" | "phố" | "xã" | "tỉnh" | "trấn")
            || (letters.starts_with(char::is_uppercase)
                && letters.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\''))
                && (letters.chars().skip(1).any(char::is_lowercase)
                    || letters.chars().count() == 1));
        if !is_part {
            break;
        }
        start = at;
    }
    start
}

/// Whether a line of capitals begins with the name of a body that issues documents, or goes on
/// with one.
pub(crate) fn is_issuer_line(line: &str) -> bool {
    let folded = fold(line);
    is_capitals(line) && !is_capacity(line) && (begins_issuer(&folded) || begins_level(&folded))
}

/// Whether a folded line begins with the word for a body or office.
pub(crate) fn begins_issuer(folded: &str) -> bool {
    ISSUERS.iter().any(|word| begins(folded, word))
}

/// Whether a folded line begins with the word for a level of government.
pub(crate) fn begins_level(folded: &str) -> bool {
    LEVELS.iter().any(|word| begins(folded, word))
}

/// Whether a line begins like "KT.", "TM.", "T/M", "TL.", "TUQ.": on whose behalf is signed.
pub(crate) fn is_capacity(line: &str) -> bool {
    const MARKS: [&str; 9] = ["KT", "TM", "TL", "TUQ", "TUN", "Q", "T/M", "K/T", "T/L"];
    let rest = MARKS.iter().find_map(|mark| {
        let rest = line.strip_prefix(mark)?;
        let is_whole =
            rest.starts_with(['.', ',']) || (mark.contains('/') && rest.starts_with(' '));
        is_whole.then(|| rest.trim_start_matches(['.', ',', ' ']))
    });
    rest.is_some_and(is_capitals)
}

/// Whether a line of capitals is a signer's position.
pub(crate) fn is_position(line: &str) -> bool {
    let folded = fold(line);
    is_capitals(line)
        && folded.split(' ').count() <= 14
        && POSITIONS.iter().any(|position| starts_like(&folded, position))
}

/// Whether a line begins the list of recipients: "Nơi nhận:".
pub(crate) fn is_recipients_head(folded: &str) -> bool {
    // "mới, nhân rộng …" in the midst of a sentence is one letter off.
    starts_like(folded, "noi nhan")
        && !["noi nhan ho so", "moi nhan"].iter().any(|prose| folded.starts_with(prose))
}

/// Whether a line begins the address of a letter: "Kính gửi:".
pub(crate) fn is_address_head(line: &str, folded: &str) -> bool {
    let begins = starts_like(folded, "kinh gui") && line.starts_with(char::is_uppercase);
    // A stamp's last line can have been read into it.
    let ends = line.trim_end().ends_with(':')
        && folded
            .strip_suffix(" kinh gui")
            .is_some_and(|_| line.rfind("Kính").is_some_and(|at| is_capitals(&line[..at])));
    begins || ends
}

/// Whether a line begins the abstract of an official letter: "V/v".
pub(crate) fn is_subject_head(folded: &str) -> bool {
    folded.starts_with("v v ") || folded == "v v"
}

/// Whether a line says with what the document was issued: "(Kèm theo Quyết định số …".
pub(crate) fn is_attachment(folded: &str) -> bool {
    starts_like(folded, "kem theo") || starts_like(folded, "ban hanh kem theo")
}

/// Whether a line is a person's name.
pub(crate) fn is_name(text: &str) -> bool {
    name_of(text).is_some()
}

/// The person's name that a line is, without rank or degree: two to six words, each beginning
/// with a capital and not all capitals.
pub(crate) fn name_of(text: &str) -> Option<&str> {
    let name = without_rank(text);
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_part = |word: &&str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\''))
    };
    ((2..=6).contains(&words.len()) && words.iter().all(is_part) && !is_capitals(name))
        .then_some(name)
}

/// A line without the ranks and degrees at its head.
fn without_rank(text: &str) -> &str {
    let mut rest = text.trim();
    while let Some(rank) = RANKS.iter().find(|&&rank| rest.starts_with(rank)) {
        rest = rest[rank.len()..].trim_start();
    }
    rest
}

fn begins(folded: &str, word: &str) -> bool {
    folded.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_lines() {
        let read = |line| number_line(line).map(|n| (n.number, n.symbol));
        assert_eq!(read("Số: 18 /KH-UBND Tân An, ngày 1 tháng 8"), Some(("18", "KH-UBND")));
        assert_eq!(read("Số: 37 /2026/TT-BCA"), Some(("37", "2026/TT-BCA")));
        assert_eq!(read("Số: /QĐ-UBND"), Some(("", "QĐ-UBND")));
        assert_eq!(read("Số:      /QĐ-UBND"), Some(("", "QĐ-UBND")));
        assert_eq!(read("Số 33-KH/ĐU"), Some(("33", "KH/ĐU")));
        assert_eq!(read("Số: ... /KH-UBND"), Some(("...", "KH-UBND")));
        assert_eq!(read("Số: 3722/VPCP-CN"), Some(("3722", "VPCP-CN")));
        assert_eq!(read("Số: 3† - /2026/TT-BCA"), Some(("3†", "2026/TT-BCA")));
        assert_eq!(read("Só: ÝZ /QĐ-TTg"), Some(("ÝZ", "QĐ-TTg")));
        assert_eq!(read("Số: 12/KH- UBND"), Some(("12", "KH- UBND")));
        assert_eq!(read("Luật số: 45/2019/QH14"), Some(("45", "2019/QH14")));
        assert_eq!(read("Nghị quyết số: 87/2025/UBTVQH15"), Some(("87", "2025/UBTVQH15")));
        assert_eq!(read("Sở: 145/KH-UBND"), Some(("145", "KH-UBND")));
        assert_eq!(read("Sở Nội vụ - Văn phòng"), None);
        assert_eq!(read("Số lượng khen thưởng"), None);
    }

    #[test]
    fn date_lines() {
        let read = |line| date_line(line).map(|d| (d.day, d.month, d.year));
        assert_eq!(read("Tân An, ngày 14 tháng 8 năm 2025"), Some(("14", "8", "2025")));
        assert_eq!(read("Tân An, ngày tháng 4 năm 2026"), Some(("", "4", "2026")));
        assert_eq!(read("Tân An, ngày … tháng … năm 2026"), Some(("…", "…", "2026")));
        assert_eq!(
            read("Số: 1/KH-UBND Tân An, ngày 02 tháng 12 năm 2025"),
            Some(("02", "12", "2025"))
        );
        assert_eq!(read("tại văn bản số 9 ngày 21 tháng 4 năm 2026 về việc"), None);
        assert_eq!(read("tại Tờ trình số 10/TTr-HĐND ngày 14 tháng 4 năm 2026"), None);
    }

    #[test]
    fn columns_merged_by_ocr_are_told_apart() {
        for (line, left) in [
            ("ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ỦY BAN NHÂN DÂN"),
            ("PHƯỜNG TÂN AN Độc lập - Tự do - Hạnh phúc", "PHƯỜNG TÂN AN"),
            ("Số: 18 /KH-UBND Tân An, ngày 14 tháng 8 năm 2025", "Số: 18 /KH-UBND"),
            ("Bà Rịa - Vũng Tàu, ngày 14 tháng 8 năm 2025", ""),
            ("V/v treo cờ TP. Tân An, ngày 14 tháng 8 năm 2025", "V/v treo cờ"),
            ("Độc lập - Tự do - Hạnh phúc", ""),
            ("V/v treo cờ", "V/v treo cờ"),
        ] {
            assert_eq!(left_column(line), left);
        }
    }

    #[test]
    fn signature_lines() {
        for line in ["KT. CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN", "TL. CHỦ TỊCH", "KT.BỘ TRƯỞNG"]
        {
            assert!(is_capacity(line), "{line}");
        }
        for line in ["KTXH", "TP. HÀ NỘI", "TMĐT", "Q"] {
            assert!(!is_capacity(line), "{line}");
        }
        assert!(is_position("PHÓ CHỦ TỊCH THƯỜNG TRỰC"));
        assert!(!is_position("Chủ tịch Ủy ban nhân dân"));
        assert!(is_name("Nguyễn Văn A"));
        assert_eq!(name_of("Thiếu tướng Nguyễn Văn An"), Some("Nguyễn Văn An"));
        assert_eq!(name_of("PGS.TS. Nguyễn Văn An"), Some("Nguyễn Văn An"));
        for line in ["CHỦ TỊCH", "Nguyễn", "Sở Nội vụ", "Ký bởi: Nguyễn Văn An", "(Đã ký)"]
        {
            assert!(!is_name(line), "{line}");
        }
    }
}
