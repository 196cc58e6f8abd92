//! Names of bodies (cơ quan, đơn vị): where one ends, and its abbreviations spelled out.
//!
//! Vietnamese names have no mark at their end, so the end is found by what can't stand in a name:
//! a verb of doing, a preposition, the next cited document.

use std::sync::LazyLock;

use regex::Regex;

use super::floor_boundary;

/// Abbreviations of Decree 30/2020/NĐ-CP, Appendix III, and of the Party's Hướng dẫn 36-HD/VPTW,
/// longest first where one begins another.
const ABBREVIATIONS: &[(&str, &str)] = &[
    ("UBMTTQVN", "Ủy ban Mặt trận Tổ quốc Việt Nam"),
    ("UBMTTQ", "Ủy ban Mặt trận Tổ quốc"),
    ("UBTVQH", "Ủy ban Thường vụ Quốc hội"),
    ("UBKT", "Ủy ban Kiểm tra"),
    ("UBND", "Ủy ban nhân dân"),
    ("HĐND", "Hội đồng nhân dân"),
    ("MTTQVN", "Mặt trận Tổ quốc Việt Nam"),
    ("MTTQ", "Mặt trận Tổ quốc"),
    ("BCHTW", "Ban Chấp hành Trung ương"),
    ("BCH", "Ban Chấp hành"),
    ("BTV", "Ban Thường vụ"),
    ("BCĐ", "Ban Chỉ đạo"),
    ("TTg", "Thủ tướng Chính phủ"),
    ("VPCP", "Văn phòng Chính phủ"),
    ("VPTW", "Văn phòng Trung ương"),
    ("HĐTĐKT", "Hội đồng Thi đua - Khen thưởng"),
    ("TĐKT", "Thi đua - Khen thưởng"),
    ("LĐTBXH", "Lao động - Thương binh và Xã hội"),
    ("LĐTB&XH", "Lao động - Thương binh và Xã hội"),
    ("LĐ-TB&XH", "Lao động - Thương binh và Xã hội"),
    ("GDĐT", "Giáo dục và Đào tạo"),
    ("GD&ĐT", "Giáo dục và Đào tạo"),
    ("KHCN", "Khoa học và Công nghệ"),
    ("KH&CN", "Khoa học và Công nghệ"),
    ("KHĐT", "Kế hoạch và Đầu tư"),
    ("KH&ĐT", "Kế hoạch và Đầu tư"),
    ("TTTT", "Thông tin và Truyền thông"),
    ("TT&TT", "Thông tin và Truyền thông"),
    ("TNMT", "Tài nguyên và Môi trường"),
    ("TN&MT", "Tài nguyên và Môi trường"),
    ("NN&MT", "Nông nghiệp và Môi trường"),
    ("NNMT", "Nông nghiệp và Môi trường"),
    ("NN&PTNT", "Nông nghiệp và Phát triển nông thôn"),
    ("NNPTNT", "Nông nghiệp và Phát triển nông thôn"),
    ("VHTTDL", "Văn hóa, Thể thao và Du lịch"),
    ("VHTT&DL", "Văn hóa, Thể thao và Du lịch"),
    ("VH,TT&DL", "Văn hóa, Thể thao và Du lịch"),
    ("GTVT", "Giao thông vận tải"),
    ("TW", "Trung ương"),
    ("TƯ", "Trung ương"),
    ("TP.", "thành phố"),
    ("Tp.", "thành phố"),
    ("TP", "thành phố"),
];

/// Words that can't stand within the name of a body, so that one ends before them. Lower case;
/// a capital ("Sở Xây dựng", "Ban Tổ chức") is part of a name.
const STOPS: &[&str] = &[
    "ban hành",
    "danh sách",
    "hồ sơ",
    "kết quả",
    "nội dung",
    "tình hình",
    "bãi bỏ",
    "báo cáo",
    "bổ sung",
    "chi tiết",
    "cho",
    "cho phép",
    "chấp thuận",
    "công bố",
    "có",
    "của",
    "cụ thể",
    "do",
    "giao",
    "gửi",
    "hướng dẫn",
    "hỗ trợ",
    "khóa",
    "kiện toàn",
    "kèm",
    "liên quan",
    "là",
    "lựa chọn",
    "ngày",
    "nhằm",
    "nêu",
    "năm",
    "phát động",
    "phân cấp",
    "phê chuẩn",
    "phê duyệt",
    "phối hợp",
    "quy định",
    "quyết nghị",
    "quyết định",
    "sửa đổi",
    "số",
    "thay thế",
    "theo",
    "thi hành",
    "thành lập",
    "thông qua",
    "thông báo",
    "thực hiện",
    "tiếp tục",
    "tổ chức",
    "triển khai",
    "trong",
    "trên",
    "trình",
    "tại",
    "tặng",
    "tổng kết",
    "và các",
    "về",
    "ve",
    "với",
    "xác định",
    "xây dựng",
    "yêu cầu",
    "đã",
    "đánh giá",
    "đề nghị",
    "đến",
    "đối với",
    "điều chỉnh",
    "được",
    "để",
    "đồng ý",
    "ủy quyền",
    "chỉ đạo",
    "đẩy mạnh",
    "tăng cường",
    "nâng cao",
    "kết luận",
    "giai đoạn",
    "nhiệm kỳ",
    "này",
    "nói",
    "từ",
    "trước",
    "sau",
    "chậm nhất",
    "muộn nhất",
    "định kỳ",
    "hằng năm",
    "hàng năm",
    "vào",
    "khi",
    "mà",
    "như",
];

/// Kinds of document, any of which begins another citation and so ends a name before it.
static NEXT_CITATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:các )?(?:Nghị quyết|Nghị định|Quyết định|Chỉ thị|Thông tư|Kết luận|Kế hoạch|Chương trình|Công văn|Hướng dẫn|Luật|Bộ luật|Pháp lệnh|Đề án|Thông báo|Tờ trình|Báo cáo|Quy định|Quy chế|Văn bản|Công điện|số \d)",
    )
    .expect("a valid pattern")
});

/// Words that begin the name of a body, so that after a comma or "và" another one begins.
static HEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:Bộ|Sở|Ban|Ủy ban|Uỷ ban|UBND|HĐND|Hội đồng|Thủ tướng|Chính phủ|Chủ tịch|Quốc hội|Tỉnh ủy|Thành ủy|Đảng ủy|Văn phòng|Cục|Tổng cục|Vụ|Phòng|Trung tâm|Công an|Mặt trận|Hội|Đoàn|Viện|Tòa án)\b",
    )
    .expect("a valid pattern")
});

/// A name of more words than this has run on into the sentence.
const LONGEST: usize = 18;

/// The name of a body with which `text` begins, as written; `None` if none begins there.
///
/// "Ban Thường vụ Tỉnh ủy về thực hiện" gives "Ban Thường vụ Tỉnh ủy".
pub fn leading_body(text: &str) -> Option<&str> {
    let text = &text[..floor_boundary(text, 200)];
    let text = text.split('\n').next().unwrap_or("");
    let shouted = !text.split(' ').take(3).any(|word| word.contains(char::is_lowercase));
    let first = text.chars().next()?;
    if !first.is_uppercase() && !["tỉnh ủy", "thành ủy"].iter().any(|head| text.starts_with(head))
    {
        return None;
    }
    let mut end = 0;
    let mut at = 0;
    for (index, word) in text.split(' ').enumerate() {
        let rest = &text[at..];
        if index > 0 && (index > LONGEST || stops_before(rest, shouted)) {
            break;
        }
        if word == "và" || word == "-" || word == "–" {
            if !joins(rest.split_once(' ').map_or("", |(_, after)| after)) {
                break;
            }
            at += word.len() + 1;
            continue;
        }
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric() || is_raised(c));
        let tail = &word[bare.len()..];
        end = at + bare.len();
        at += word.len() + 1;
        let abbreviated = tail == "." && matches!(bare, "TP" | "Tp" | "Q" | "P");
        let listed = tail == "," && goes_on_after_comma(text.get(at..).unwrap_or(""));
        if !(tail.is_empty() || abbreviated || listed) {
            break;
        }
    }
    (end > 0).then(|| &text[..end])
}

fn is_raised(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰'..='⁹')
}

fn stops_before(rest: &str, shouted: bool) -> bool {
    // In a heading all in capitals a verb looks like a name's word, so case can't tell them apart.
    let folded = if shouted { rest.to_lowercase() } else { rest.to_owned() };
    let stop = STOPS.iter().any(|stop| {
        folded.strip_prefix(stop).is_some_and(|after| !after.starts_with(char::is_alphanumeric))
    });
    stop || rest.starts_with(['(', '“', '"', '[']) || NEXT_CITATION.is_match(rest)
}

/// After "và" or a dash: "Giáo dục và Đào tạo" goes on, "Chính phủ và Quyết định số" does not.
fn joins(after: &str) -> bool {
    after.starts_with(char::is_uppercase) && !NEXT_CITATION.is_match(after) && !HEAD.is_match(after)
}

/// After a comma: "Văn hóa, Thể thao và Du lịch" goes on up to its "và".
fn goes_on_after_comma(after: &str) -> bool {
    let Some((part, rest)) = after.split_once(" và ") else { return false };
    let short = part.split(' ').count() <= 5 && !part.contains([';', '.', ':']);
    short && joins(after) && joins(rest)
}

/// Abbreviations spelled out, white space and case tidied: "UBND tỉnh" is "Ủy ban nhân dân tỉnh".
pub fn spelled_out(name: &str) -> String {
    let words = name.split_whitespace().map(|word| {
        let bare = word.trim_end_matches(',');
        let full = ABBREVIATIONS.iter().find(|(short, _)| *short == bare);
        full.map_or_else(|| word.to_owned(), |(_, full)| format!("{full}{}", &word[bare.len()..]))
    });
    let joined = words.collect::<Vec<_>>().join(" ");
    joined.replace("Uỷ ban", "Ủy ban").replace("uỷ", "ủy").replace("Tỉnh uỷ", "Tỉnh ủy")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_where_the_sentence_goes_on() {
        for (text, name) in [
            ("Bộ Chính trị về đột phá", "Bộ Chính trị"),
            ("Chính phủ sửa đổi, bổ sung", "Chính phủ"),
            ("Chính phủ²; Quyết định số", "Chính phủ"),
            ("Chính phủ và Kế hoạch hành động số 15", "Chính phủ"),
            ("Bộ trưởng Bộ Nội vụ quy định biện pháp", "Bộ trưởng Bộ Nội vụ"),
            ("Ban Thường vụ Tỉnh ủy thực hiện", "Ban Thường vụ Tỉnh ủy"),
            ("UBND tỉnh Hòa Tân về việc Ban hành", "UBND tỉnh Hòa Tân"),
            ("Bộ Văn hóa, Thể thao và Du lịch hướng dẫn", "Bộ Văn hóa, Thể thao và Du lịch"),
            ("Sở Giáo dục và Đào tạo, Sở Y tế", "Sở Giáo dục và Đào tạo"),
            ("Sở Xây dựng và Sở Tài chính", "Sở Xây dựng"),
            ("Ban Tổ chức Trung ương.", "Ban Tổ chức Trung ương"),
            ("UBND TP. Nam Sơn ban hành", "UBND TP. Nam Sơn"),
            ("BỘ TRƯỞNG BỘ CÔNG AN QUY ĐỊNH VỀ CẤP", "BỘ TRƯỞNG BỘ CÔNG AN"),
            ("Sở Lao động - Thương binh và Xã hội ngày", "Sở Lao động - Thương binh và Xã hội"),
        ] {
            assert_eq!(leading_body(text), Some(name), "{text}");
        }
        for text in ["", "pháp luật", "các cơ quan", "2025"] {
            assert_eq!(leading_body(text), None, "{text}");
        }
    }

    #[test]
    fn abbreviations_are_spelled_out() {
        for (short, full) in [
            ("UBND tỉnh", "Ủy ban nhân dân tỉnh"),
            ("Chủ tịch UBND phường Nam Sơn", "Chủ tịch Ủy ban nhân dân phường Nam Sơn"),
            ("UBND TP. Nam Sơn", "Ủy ban nhân dân thành phố Nam Sơn"),
            ("Sở KH&CN", "Sở Khoa học và Công nghệ"),
            ("Uỷ ban nhân dân", "Ủy ban nhân dân"),
            ("Bộ Nội vụ", "Bộ Nội vụ"),
        ] {
            assert_eq!(spelled_out(short), full);
        }
    }
}
