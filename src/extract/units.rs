//! Who is charged with what: the unit at the head of a sentence, and the verb where its duty begins.
//!
//! "Đề nghị Sở Nội vụ chủ trì, phối hợp …": the unit is "Sở Nội vụ", the duty begins at "chủ trì".

use std::sync::LazyLock;

use regex::Regex;

use crate::text::Span;

/// A unit and its duty; spans of the text that was searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    pub unit: Span,
    /// From the verb on; empty where a heading names the unit alone.
    pub duty: Span,
}

/// Words that ask or order, before a unit; "Đề nghị" also with its first word damaged.
const ASKING: &str = r"(?:\S{1,3} nghị|Đề nghị|Trân trọng đề nghị|Giao nhiệm vụ cho|Giao cho|Giao|Yêu cầu|Phân công|Trách nhiệm của|Đối với|Riêng(?: đối với)?|[đĐ]ề nghị|[gG]iao(?: cho)?|yêu cầu)";

/// With what a unit's name begins. A capital where it names one body; either case where it names
/// several by their kind.
const HEADS: &str = concat!(
    r"(?:(?:Sở|Ủy ban|Uỷ ban|UBND|UBMTTQ|HĐND|Hội đồng|Văn phòng|Chi cục|Cục|Tổng cục|Trung tâm|",
    r"Công an|Mặt trận|Đoàn|Liên đoàn|Trạm|Viện|Bệnh viện|Đài|Đảng ủy|Đảng bộ|Tỉnh ủy|Thành ủy|",
    r"Thường trực|Kho bạc|Ngân hàng|Bảo hiểm xã hội|Thuế|Tòa án|Thanh tra|Quân khu|Tổng công ty|",
    r"Công ty|Tập đoàn|Hợp tác xã|Vụ|Đồng chí|Báo và|Tỉnh Đoàn|Tỉnh đoàn|Thành Đoàn|Thành đoàn|",
    r"Hiệp hội|Câu lạc bộ|Chi nhánh|Bưu điện|Viễn thông|Điện lực|Hạt Kiểm lâm|Đồn Biên phòng|",
    r"Thư viện|Bảo tàng|Nhà văn hóa|Liên minh|Chi bộ|[Cc]ấp ủy|Ủy viên|Quỹ|Học viện|[Nn]hà trường|[Cc]ông đoàn)\b|",
    // Words that begin prose, too: "Ban hành", "Bộ tiêu chí", "Hội nghị", "Phòng, chống".
    r"(?:Ban|Bộ|Hội|Phòng|Trường|Báo|Tổ|[Nn]gành) \p{Lu}|",
    r"Ban (?:quản lý|chỉ đạo|giám|chấp hành|thường vụ|đại diện)\b|Trường (?:học|tiểu|trung|mầm)\b|",
    r"(?:[Cc]ác|[Nn]hững|[Mm]ọi|[Mm]ỗi|[Tt]ừng) (?i:cơ quan|đơn vị|địa phương|sở|ban|bộ|ngành|phòng|trung tâm|",
    r"xã|phường|thôn|bản|ấp|khóm|buôn|làng|trưởng|tổ|cấp|doanh nghiệp|trường|tổ chức|cụm|khối|hội|đoàn thể|thành viên|tập thể|",
    r"hộ|gia đình|huyện|quận|thành phố|cá nhân|đảng ủy|chi bộ|đồng chí|nhà trường|hợp tác xã|cơ sở|trạm|liên đội|chi đoàn|công đoàn|",
    r"lực lượng|chủ (?:rừng|đầu tư|dự án|cơ sở|hộ|phương tiện))\b|",
    r"(?:[Tt]hủ trưởng|(?:[Pp]hó )?(?:[Cc]hủ tịch|[Gg]iám đốc)|[Tt]rưởng|[Cc]hánh|[Bb]ộ trưởng|",
    r"[Tt]ổng [Gg]iám đốc|[Nn]gười đứng đầu|[Hh]iệu trưởng|[Cc]ơ quan|[Đđ]ơn vị|ủy ban|hội đồng|",
    r"phòng|[Tt]ổ (?:dân phố|công tác|trưởng|phó|giúp việc|chuyển đổi|công nghệ|hợp tác|liên gia|",
    r"tự quản)|[Dd]oanh nghiệp|[Cc]ông chức|[Cc]án bộ|[Tt]hành viên|[Bb]í thư|văn phòng|trung tâm|",
    r"công an) )"
);

/// Words with which a duty begins.
const VERBS: &str = include_str!("verbs.txt");

/// What looks like a verb but is part of a name.
static NO_VERB: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"(?:(?i:dịch vụ) tổng hợp|(?i:đài|báo) phát thanh|được xem|giao dịch|(?:được )?quy định tại|(?i:các|những|và|của|mọi) tổ chức|tổ chức (?:chính trị|xã hội|đảng|tín dụng|đoàn|hội|hành chính)|(?i:cơ quan|đơn vị|hội đồng|cán bộ) (?:quản lý|thẩm định|thực hiện|thông tin|tổ chức|chủ trì|tham mưu|kiểm tra|giám sát|thanh tra|truyền thông)|(?i:người) (?:quản lý|sử dụng)|(?i:dự án|chủ|vốn|nhà|quỹ|xúc tiến|và) đầu tư(?: xây dựng)?|(?i:quản lý|bảo vệ|trung tâm|công tác) (?:bảo vệ|quản lý|hỗ trợ|giám sát|kiểm tra|tư vấn)|(?i:trung tâm|bộ phận|tổ|quầy) (?:tiếp nhận|hỗ trợ|giới thiệu)|(?i:dịch vụ) thông tin|báo chí, truyền thông|được giao (?:nhiệm vụ|chủ trì|thực hiện|quản lý))",
    )
});

static LEAD: LazyLock<Regex> =
    LazyLock::new(|| built(&format!(r"^(?:[-–+*•] ?)?(?:{ASKING}:? )?(?P<unit>{HEADS})")));

/// A verb after its unit; "căn cứ" also with its first word damaged.
static VERB: LazyLock<Regex> = LazyLock::new(|| {
    let mut verbs: Vec<&str> = VERBS.lines().filter(|line| !line.starts_with('#')).collect();
    // The longest first: "làm đầu mối" before "là". Whether one ends there `verbs` checks, as a
    // pattern that does is slow on letters with marks.
    verbs.sort_by_key(|verb| std::cmp::Reverse(verb.len()));
    built(&format!(r" (?:{}|\S{{2,4}} cứ)", verbs.join("|")))
});

/// When and on what ground, before the subject: "Hằng năm, ", "Trên cơ sở …, ".
static CIRCUMSTANCE: LazyLock<Regex> = LazyLock::new(|| {
    built(
        r"^(?:[-–+*•] ?)?(?:(?:Định kỳ )?(?:[Hh][ằà]ng|[Mm]ỗi) (?:năm|quý|tháng|tuần)|Định kỳ [^,;.]{1,40}|(?:Trên cơ sở|Căn cứ|Theo|Sau khi|Trước ngày|Trong|Từ|Chậm nhất|Khi|Để|Nhằm|Đến) [^;.]{1,250}?),? (?P<rest>.)",
    )
});

fn built(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// The unit with which a sentence begins and its duty; `None` if it begins with no unit, or with
/// one that does nothing.
///
/// Circumstances before the unit ("Hằng năm, ", "Trên cơ sở …, ") are stepped over.
pub fn charge(sentence: &str) -> Option<Charge> {
    charge_at(sentence, 0).or_else(|| {
        // The subject stands after one of the commas of the circumstance.
        CIRCUMSTANCE.find(sentence)?;
        let commas = sentence.match_indices([',']).map(|(at, _)| at + 2).take(8);
        let spaces = sentence.find("ăm ").map(|at| at + "ăm ".len());
        spaces.into_iter().chain(commas).find_map(|from| charge_at(sentence, from))
    })
}

/// As [`charge`], for a sentence whose unit begins at `from`, after an asking word if there is one.
fn charge_at(sentence: &str, from: usize) -> Option<Charge> {
    let rest = sentence.get(from..)?;
    let start = LEAD.captures(rest)?.name("unit")?.start();
    let verb = first_verb(&rest[start..])?;
    let unit = trimmed(sentence, from + start..from + start + verb);
    // A share or a sum within the name means that the sentence goes on.
    let named = !unit.is_empty() && !sentence[unit.clone()].contains('%');
    named.then(|| Charge { unit, duty: from + start + verb + 1..sentence.len() })
}

/// The unit that a heading names: "Đề nghị Ủy ban Mặt trận …", "Phòng Văn hóa - Xã hội", also with a
/// duty after it ("Sở Nội vụ chịu trách nhiệm").
pub fn heading_unit(title: &str) -> Option<Charge> {
    let start = LEAD.captures(title)?.name("unit")?.start();
    let end = first_verb(&title[start..]).map_or(title.len(), |verb| start + verb);
    let unit = trimmed(title, start..end);
    (!unit.is_empty()).then_some(Charge { unit, duty: end..title.len() })
}

/// The units that one name holds: "Công an phường, Trạm Y tế và các trường học" are three, but
/// "Ủy ban Mặt trận … và các đoàn thể" act as one, and so do the kinds in "Các sở, ban, ngành".
pub fn units_in(name: &str) -> Vec<Span> {
    static JOINT: LazyLock<Regex> = LazyLock::new(|| {
        built(r"(?:[,;] |,? và )(?:(?P<single>\p{Lu})|các (?:trường|tổ dân phố|thôn|bản))")
    });
    static PLURAL: LazyLock<Regex> =
        LazyLock::new(|| built(r"^(?i:các|những|mọi|mỗi|thủ trưởng|giám đốc) "));
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    let joints = (!PLURAL.is_match(name)).then(|| JOINT.captures_iter(name));
    for joint in joints.into_iter().flatten() {
        let mark = joint.get(0).expect("group 0 is the match");
        let next = joint.name("single").map_or_else(
            || mark.start() + mark.as_str().rfind("các").unwrap_or(0),
            |single| single.start(),
        );
        let open = name[..next].matches('(').count() > name[..next].matches(')').count();
        let begins = LEAD.is_match(&name[next..]) && !PLURAL.is_match(&name[next..]);
        // "Báo và Đài", "Văn phòng HĐND và UBND" are one.
        let before = name[cuts.last().map_or(0, |cut| cut.1)..mark.start()].trim();
        let half = mark.as_str().contains("và")
            && (!before.contains(' ')
                || before.starts_with("Văn phòng") && before.split(' ').count() <= 6);
        let grouped = joint.name("single").is_none() && !cuts.is_empty();
        if !open && !half && (begins || grouped) {
            cuts.push((mark.start(), next));
        }
    }
    let starts = std::iter::once(0).chain(cuts.iter().map(|cut| cut.1));
    let ends = cuts.iter().map(|cut| cut.0).chain(std::iter::once(name.len()));
    starts.zip(ends).map(|(start, end)| start..end).collect()
}

/// The byte before the first verb that begins a duty, in the text from a unit's first word on.
pub fn first_verb(text: &str) -> Option<usize> {
    verbs(text).find(|&at| !within_name(text, at))
}

/// Where the blanks before whole verbs of duty stand.
fn verbs(text: &str) -> impl Iterator<Item = usize> {
    let whole = |end: usize| !text[end..].starts_with(char::is_alphanumeric);
    VERB.find_iter(text).filter(move |verb| whole(verb.end())).map(|verb| verb.start())
}

/// Whether a text begins with a verb of duty.
pub fn begins_with_verb(text: &str) -> bool {
    verbs(&format!(" {text}")).next() == Some(0)
}

fn within_name(text: &str, verb: usize) -> bool {
    // The verb's own first word decides, so that a name may reach past its start.
    let opened = text[..verb].rfind('(') > text[..verb].rfind(')');
    opened || NO_VERB.find_iter(text).any(|name| name.start() <= verb && verb < name.end())
}

fn trimmed(text: &str, span: Span) -> Span {
    let cut =
        text[span.clone()].trim_end_matches(|c: char| c.is_whitespace() || ",:;.-–".contains(c));
    span.start..span.start + cut.len()
}

/// The sentences of a paragraph, as spans of it; a semicolon before a capital ends one, too. An
/// abbreviation's full stop does not.
pub fn sentences(paragraph: &str) -> Vec<Span> {
    static END: LazyLock<Regex> =
        LazyLock::new(|| built(r"[.!?;](?P<space> )(?:[\p{Lu}“]|(?:đề nghị|giao|yêu cầu) \p{L})"));
    static ABBREVIATED: LazyLock<Regex> =
        LazyLock::new(|| built(r"(?:\b(?:TP|Tp|Q|P|TT|Ths|TS|GS|BS|ThS|[A-ZĐ])|\.\.)$"));
    let mut spans = Vec::new();
    let mut start = 0;
    let mut depth_from = 0;
    for captures in END.captures_iter(paragraph) {
        let space = captures.name("space").expect("the pattern has it");
        let end = space.start();
        let before = &paragraph[depth_from..end];
        let open = before.matches('(').count() > before.matches(')').count();
        // "Các phòng, ban; Ủy ban nhân dân các xã căn cứ …": several subjects of one verb.
        let subject = before.ends_with(';') && first_verb(before).is_none();
        if open || subject || ABBREVIATED.is_match(&paragraph[..end - 1]) {
            continue;
        }
        spans.push(start..end);
        start = space.end();
        depth_from = start;
    }
    if start < paragraph.len() {
        spans.push(start..paragraph.len());
    }
    spans
}

/// As [`sentences`], cut also before a clause that charges a group: "…; các trường học gửi …".
pub fn clauses(paragraph: &str) -> Vec<Span> {
    let cut = |sentence: Span| {
        let text = &paragraph[sentence.clone()];
        let groups = text.match_indices("; các ").map(|(at, _)| at + "; ".len());
        let charged = groups.filter(|&at| charge_at(text, at).is_some_and(|c| c.unit.len() < 80));
        let starts: Vec<usize> = std::iter::once(0).chain(charged).collect();
        let end = |index: usize| starts.get(index + 1).copied().unwrap_or(text.len());
        let spans = starts.iter().enumerate();
        spans
            .map(|(index, &start)| sentence.start + start..sentence.start + end(index))
            .collect::<Vec<_>>()
    };
    sentences(paragraph).into_iter().flat_map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_ends_where_its_duty_begins() {
        for (sentence, unit, duty) in [
            ("Sở Nội vụ chủ trì, phối hợp", "Sở Nội vụ", "chủ trì, phối hợp"),
            ("Sở Xây dựng xây dựng kế hoạch", "Sở Xây dựng", "xây dựng kế hoạch"),
            ("Đề nghị Ban Tổ chức Tỉnh ủy hướng dẫn", "Ban Tổ chức Tỉnh ủy", "hướng dẫn"),
            ("Giao các Bộ: Công an, Tư pháp có ý kiến", "các Bộ: Công an, Tư pháp", "có ý kiến"),
            (
                "Trung tâm Dịch vụ tổng hợp đẩy mạnh tuyên truyền",
                "Trung tâm Dịch vụ tổng hợp",
                "đẩy mạnh tuyên truyền",
            ),
            (
                "Các tổ chức chính trị - xã hội vận động hội viên",
                "Các tổ chức chính trị - xã hội",
                "vận động hội viên",
            ),
            ("Hằng năm, Hội đồng trường tổ chức thi", "Hội đồng trường", "tổ chức thi"),
            (
                "Định kỳ hằng năm, các phòng, trung tâm báo cáo kết quả",
                "các phòng, trung tâm",
                "báo cáo kết quả",
            ),
            (
                "Trên cơ sở sơ kết, đánh giá giai đoạn 1, Phòng Kinh tế tham mưu tiếp tục",
                "Phòng Kinh tế",
                "tham mưu tiếp tục",
            ),
            (
                "Sở Y tế (Chi cục Dân số phối hợp) là cơ quan thường trực",
                "Sở Y tế (Chi cục Dân số phối hợp)",
                "là cơ quan thường trực",
            ),
        ] {
            let charge = charge(sentence).unwrap_or_else(|| panic!("{sentence}"));
            assert_eq!((&sentence[charge.unit], &sentence[charge.duty]), (unit, duty));
        }
    }

    #[test]
    fn prose_charges_nobody() {
        for sentence in
            ["", "Đẩy mạnh tuyên truyền", "Phong trào thi đua được triển khai", "Sở Nội vụ"]
        {
            assert_eq!(charge(sentence), None, "{sentence}");
        }
    }

    #[test]
    fn headings_name_units_with_or_without_a_duty() {
        for (title, unit) in [
            ("Phòng Văn hóa - Xã hội", "Phòng Văn hóa - Xã hội"),
            ("Sở Tài chính chịu trách nhiệm", "Sở Tài chính"),
            ("Đề nghị Mặt trận Tổ quốc tỉnh", "Mặt trận Tổ quốc tỉnh"),
            ("Trách nhiệm của Sở Tư pháp", "Sở Tư pháp"),
        ] {
            assert_eq!(&title[heading_unit(title).unwrap().unit], unit);
        }
        assert_eq!(heading_unit("Mục tiêu cụ thể"), None);
    }

    #[test]
    fn sentences_end_at_stops_but_not_at_abbreviations() {
        let text = "UBND TP. Nam Sơn báo cáo. Các xã tổng hợp; Sở Y tế (a; b) gửi. Hết";
        let parts: Vec<&str> = sentences(text).into_iter().map(|s| &text[s]).collect();
        assert_eq!(
            parts,
            ["UBND TP. Nam Sơn báo cáo.", "Các xã tổng hợp;", "Sở Y tế (a; b) gửi.", "Hết"]
        );
    }
}
