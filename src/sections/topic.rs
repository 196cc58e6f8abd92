//! What a heading is about.

use super::phrase::{fold, has_words, has_words_like, starts_like};
use crate::plan::SectionKind;
use SectionKind::*;

/// Folded heading words and what they stand for, in the order in which kinds are given.
const TOPICS: [(&str, SectionKind); 43] = [
    ("muc dich", Purpose),
    ("y nghia", Purpose),
    ("yeu cau", Requirements),
    ("doi tuong", Subjects),
    ("thanh phan tham gia", Subjects),
    ("thoi gian", Duration),
    ("thoi han", Duration),
    ("thoi diem", Duration),
    ("giai doan", Duration),
    ("tien do", Duration),
    ("lo trinh", Duration),
    ("muc tieu", Objectives),
    ("chi tieu", Objectives),
    ("noi dung", Content),
    ("nhiem vu", Content),
    ("tieu chi", Criteria),
    ("khen thuong", Awards),
    ("bang khen", Awards),
    ("giay khen", Awards),
    ("co thi dua", Awards),
    ("giai thuong", Awards),
    ("danh hieu", Awards),
    ("co cau giai", Awards),
    ("huan chuong", Awards),
    ("ton vinh", Awards),
    ("giai phap", Solutions),
    ("bien phap", Solutions),
    ("to chuc thuc hien", Implementation),
    ("to chuc trien khai", Implementation),
    ("trach nhiem", Implementation),
    ("phan cong", Implementation),
    ("trien khai thuc hien", Implementation),
    ("to chuc thi hanh", Implementation),
    ("dieu khoan thi hanh", Implementation),
    ("hieu luc thi hanh", Implementation),
    ("che do bao cao", Implementation),
    ("thong tin bao cao", Implementation),
    ("tien trinh thuc hien", Duration),
    ("kinh phi", Funding),
    ("nguon von", Funding),
    ("nguon luc thuc hien", Funding),
    ("du toan", Funding),
    ("ngan sach", Funding),
];

/// Topics of fewer letters are only known undamaged.
const SHORTEST_DAMAGED: usize = 8;

/// Folded beginnings of headings that name only a unit or a target group.
const UNITS: [&str; 55] = [
    "doi voi",
    "de nghi",
    "doi tuong khac",
    "so",
    "phong",
    "ban",
    "uy ban",
    "ubnd",
    "hoi dong",
    "hdnd",
    "cac co quan",
    "cac don vi",
    "cac doanh nghiep",
    "cac so",
    "cac ban",
    "cac phong",
    "cac to chuc",
    "cac dia phuong",
    "cac cap",
    "cac cum",
    "cac khoi",
    "cac xa",
    "cac phuong",
    "cac truong",
    "cong an",
    "van phong",
    "trung tam",
    "mat tran",
    "ubmttq",
    "hoi",
    "doan",
    "doan thanh nien",
    "thu truong",
    "chu tich",
    "giam doc",
    "truong phong",
    "tap the",
    "ca nhan",
    "bo",
    "truong",
    "benh vien",
    "tram y te",
    "kho bac",
    "chi cuc",
    "cuc",
    "thue",
    "bao hiem",
    "ngan hang",
    "dai",
    "bao",
    "lien doan",
    "cong doan",
    "ban chi huy",
    "bo chi huy",
    "co quan",
];

/// The kinds of a heading; `above` are its parent's, empty at the top.
///
/// A heading that names only a unit or a target group, or nothing that is known, takes its
/// parent's kinds.
pub(crate) fn kinds_of(title: &str, above: &[SectionKind]) -> Vec<SectionKind> {
    let folded = fold(title);
    if names_unit(title) {
        return inherited(above, Implementation);
    }
    let kinds = named_topics(&folded, above);
    let is_group = starts_like(&folded, "cac") || starts_like(&folded, "nhung");
    match kinds.is_empty() {
        true if is_group => inherited(above, Implementation),
        true => inherited(above, Other),
        false => kinds,
    }
}

fn inherited(above: &[SectionKind], otherwise: SectionKind) -> Vec<SectionKind> {
    if above.is_empty() { vec![otherwise] } else { above.to_vec() }
}

/// Whether a heading has one of the words that headings have.
pub(crate) fn names_topic(title: &str) -> bool {
    !named_topics(&fold(title), &[]).is_empty()
}

/// Whether a heading begins with the name of a unit or a target group.
pub(crate) fn names_unit(title: &str) -> bool {
    let folded = fold(title);
    let begins = UNITS.iter().any(|unit| {
        folded.strip_prefix(unit).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    });
    begins
        && ![
            "so luong", "ban hanh", "bo tri", "bo sung", "bao cao", "bao dam", "bao ve",
            "hoi nghi", "hoi thao",
        ]
        .iter()
        .any(|verb| starts_like(&folded, verb))
}

fn named_topics(folded: &str, above: &[SectionKind]) -> Vec<SectionKind> {
    // "nhiệm vụ thời gian tới" sets no time, "phân công nhiệm vụ" gives no content.
    let folded = &folded
        .replace("thoi gian toi", "")
        .replace("trong thoi gian qua", "")
        .replace("phan cong nhiem vu", "phan cong");
    let mut kinds = topics_by(|words| has_words(folded, words));
    if kinds.is_empty() {
        // Damage within the words; shorter ones are too near to other words ("tiến bộ").
        kinds = topics_by(|words| words.len() >= SHORTEST_DAMAGED && has_words_like(folded, words));
    }
    let is_standard = has_words(folded, "tieu chuan") && !kinds.contains(&Awards);
    if is_standard {
        kinds.push(if above.contains(&Awards) { Awards } else { Criteria });
    }
    kinds
}

/// The topics whose words a heading has, each once.
fn topics_by(has: impl Fn(&str) -> bool) -> Vec<SectionKind> {
    let mut kinds: Vec<SectionKind> = Vec::new();
    for (words, kind) in TOPICS {
        if !kinds.contains(&kind) && has(words) {
            kinds.push(kind);
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_name_their_topics() {
        for (title, kinds) in [
            ("MỤC ĐÍCH, YÊU CẦU", vec![Purpose, Requirements]),
            ("Mục đích", vec![Purpose]),
            ("Đối tượng khen thưởng", vec![Subjects, Awards]),
            ("TIÊU CHÍ THI ĐUA VÀ HÌNH THỨC KHEN THƯỞNG", vec![Criteria, Awards]),
            ("THỜI GIAN VÀ TRÁCH NHIỆM THỰC HIỆN", vec![Duration, Implementation]),
            ("Hình thức, tiêu chuẩn khen thưởng", vec![Awards]),
            ("NHIỆM VỤ, GIẢI PHÁP", vec![Content, Solutions]),
            ("Kinh phí thực hiện", vec![Funding]),
            ("MUC PICH, YÊU CẦU", vec![Requirements]),
            ("GIẢI PHẢP THỰC HIỆN", vec![Solutions]),
            ("Hình thtrc khen thuờng", vec![Awards]),
            ("Tiến bộ khoa học", vec![Other]),
            ("Quan điểm chỉ đạo", vec![Other]),
        ] {
            assert_eq!(kinds_of(title, &[]), kinds, "{title}");
        }
    }

    #[test]
    fn headings_of_units_take_their_parents_kinds() {
        for title in ["Đối với cá nhân", "Sở Nội vụ", "Đối tượng khác", "Các doanh nghiệp"]
        {
            assert_eq!(kinds_of(title, &[Criteria]), [Criteria], "{title}");
        }
        assert_eq!(kinds_of("Số lượng khen thưởng", &[Criteria]), [Awards]);
    }
}
