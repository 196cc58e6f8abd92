//! Names that the level of a plan brings with it: the province where the ward has the ward, Sở Nội vụ
//! where it has Phòng Văn hóa - Xã hội.
//!
//! Vietnamese names have capitals only at their parts' beginnings and no mark at their end, so bodies
//! are known by a head word and the fields of administration that follow it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::plan::Document;

use super::tokens::{Lexicon, Token, TokenKind, folded};

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// Thái Nguyên.
    Place,
    /// Sở Nội vụ; cơ quan, đơn vị.
    Body,
    /// tỉnh, phường, tổ dân phố.
    Level,
}

/// Bodies known by their whole name. Compared without marks.
const BODIES: &[&str] = &[
    "chủ tịch ủy ban nhân dân",
    "ủy ban nhân dân",
    "hội đồng nhân dân",
    "văn phòng hội đồng nhân dân",
    "thủ tướng chính phủ",
    "bộ chính trị",
    "ủy ban mặt trận tổ quốc việt nam",
    "ủy ban mặt trận tổ quốc",
    "mặt trận tổ quốc việt nam",
    "mặt trận tổ quốc",
    "tỉnh ủy",
    "thành ủy",
    "đảng ủy",
    "ban thường vụ",
    "ban chấp hành",
    "đảng bộ",
    "hội đồng thi đua khen thưởng",
    "ban thi đua khen thưởng",
    "bộ chỉ huy quân sự",
    "ban chỉ huy quân sự",
    "ban chỉ huy phòng thủ dân sự",
    "ban chỉ huy",
    "ban chỉ đạo",
    "trung tâm phục vụ hành chính công",
    "trung tâm dịch vụ tổng hợp",
    "trung tâm y tế",
    "trạm y tế",
    "văn phòng",
    "công an",
    "đoàn thanh niên",
    "tỉnh đoàn",
    "cấp bộ đoàn",
    "chi đoàn",
    "hội khuyến học",
    "hội liên hiệp phụ nữ",
    "hội nông dân",
    "hội cựu chiến binh",
    "hội chữ thập đỏ",
    "liên đoàn lao động",
    "báo và phát thanh truyền hình",
    "báo và đài phát thanh truyền hình",
    "đài phát thanh truyền hình",
    "đài truyền thanh",
    "cơ quan",
    "đơn vị",
    "địa phương",
    "thủ trưởng",
    "chủ tịch",
    "giám đốc",
    "trưởng phòng",
    "sở ban ngành",
];

/// Levels, and what stands for one. Compared with marks, since tỉnh and tính differ by them only.
const LEVELS: &[&str] = &[
    "tỉnh",
    "thành phố",
    "phường",
    "xã",
    "đặc khu",
    "huyện",
    "quận",
    "thị xã",
    "thị trấn",
    "thôn",
    "xóm",
    "ấp",
    "tổ dân phố",
    "khu phố",
    "khu dân cư",
    "cấp tỉnh",
    "cấp xã",
    "cấp huyện",
    "các cấp",
    "các ngành",
    "từng cấp",
    "từng ngành",
    "cấp trên",
    "đến cơ sở",
    "ubnd",
    "hđnd",
    "ubmttq",
    "mttq",
];

/// Words that begin a body's name if a field follows.
const HEADS: &[&str] = &["sở", "phòng", "bộ", "ban", "chi cục", "cục", "hội", "trung tâm"];

/// Fields of administration, as bodies of the state and the Party are called by them.
const FIELDS: &[&str] = &[
    "nội vụ",
    "khoa học",
    "công nghệ",
    "văn hóa",
    "thể thao",
    "du lịch",
    "tài chính",
    "y tế",
    "giáo dục",
    "đào tạo",
    "nông nghiệp",
    "môi trường",
    "phát triển nông thôn",
    "tài nguyên",
    "xây dựng",
    "giao thông",
    "vận tải",
    "công thương",
    "tư pháp",
    "dân tộc",
    "tôn giáo",
    "ngoại vụ",
    "kinh tế",
    "hạ tầng",
    "đô thị",
    "xã hội",
    "lao động",
    "thương binh",
    "kế hoạch",
    "đầu tư",
    "thông tin",
    "truyền thông",
    "tuyên giáo",
    "dân vận",
    "tổ chức",
    "nội chính",
    "xây dựng đảng",
    "công an",
    "quốc phòng",
    "thi đua",
    "khen thưởng",
];

/// Levels after which capitals name a place.
const PLACED: &[&str] =
    &["tỉnh", "thành phố", "phường", "xã", "đặc khu", "huyện", "quận", "thị xã"];

/// The longest name of a place, in syllables.
const LONGEST_PLACE: usize = 4;

/// Phrases by their first word.
struct Phrases(HashMap<String, Vec<Vec<String>>>);

impl Phrases {
    fn new(phrases: &[&str], as_compared: fn(&str) -> String) -> Self {
        let mut by_first: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        for phrase in phrases {
            let words: Vec<String> = phrase.split(' ').map(as_compared).collect();
            by_first.entry(words[0].clone()).or_default().push(words);
        }
        by_first
            .values_mut()
            .for_each(|list| list.sort_by_key(|words| std::cmp::Reverse(words.len())));
        Self(by_first)
    }

    /// The number of tokens of the longest phrase with which they begin; 0 if none does.
    fn leading<'a>(&self, words: impl Fn(usize) -> Option<&'a str>) -> usize {
        let candidates = words(0).and_then(|first| self.0.get(first));
        let fits = |phrase: &&Vec<String>| {
            phrase.iter().enumerate().all(|(index, word)| words(index) == Some(word.as_str()))
        };
        candidates.and_then(|list| list.iter().find(fits)).map_or(0, Vec::len)
    }
}

static BODY_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(BODIES, folded));
static FIELD_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(FIELDS, folded));
static LEVEL_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(LEVELS, str::to_owned));
static HEAD_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(HEADS, str::to_owned));
static PLACED_PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(PLACED, str::to_owned));

/// The places that a document is about: its own, from its heading.
pub struct OwnPlaces(HashSet<Vec<String>>);

impl OwnPlaces {
    /// "Ủy ban nhân dân phường Bắc Kạn" and the place of issue "Bắc Kạn" give Bắc Kạn.
    pub fn of<'a>(documents: impl Iterator<Item = &'a Document>) -> Self {
        let mut places = HashSet::new();
        for document in documents {
            let issuer = document.issuer.as_deref().unwrap_or("").to_lowercase();
            let after = PLACED.iter().filter_map(|level| {
                issuer.find(&format!(" {level} ")).map(|at| at + level.len() + 2)
            });
            let named = after.max().map(|at| issuer[at..].to_owned());
            let issued_at = document.place.as_deref().map(str::to_lowercase);
            for place in [named, issued_at].into_iter().flatten() {
                let words: Vec<String> = place.split_whitespace().map(folded).collect();
                if (1..=LONGEST_PLACE).contains(&words.len()) {
                    places.insert(words);
                }
            }
        }
        Self(places)
    }

    fn leading<'a>(&self, words: impl Fn(usize) -> Option<&'a str>) -> usize {
        let fits = |place: &&Vec<String>| {
            place.iter().enumerate().all(|(index, word)| words(index) == Some(word.as_str()))
        };
        self.0.iter().filter(fits).map(Vec::len).max().unwrap_or(0)
    }
}

/// Whether a name may begin with a word, given without and with its marks.
pub fn may_begin_name(plain: &str, marked: &str) -> bool {
    BODY_PHRASES.0.contains_key(plain)
        || LEVEL_PHRASES.0.contains_key(marked)
        || HEAD_PHRASES.0.contains_key(marked)
}

/// Marks the tokens that are parts of names.
pub fn mark_names(tokens: &mut [Token], lexicon: &Lexicon, places: &OwnPlaces) {
    let mut at = 0;
    while at < tokens.len() {
        let (kind, length) = name_at(&tokens[at..], lexicon, places);
        for token in &mut tokens[at..at + length] {
            token.name = kind;
        }
        at += length.max(1);
    }
}

fn name_at(tokens: &[Token], lexicon: &Lexicon, places: &OwnPlaces) -> (Option<NameKind>, usize) {
    let plain = |index: usize| tokens.get(index).map(|token| lexicon.text(token.key));
    let marked = |index: usize| tokens.get(index).map(|token| lexicon.text(token.marked));
    if tokens[0].kind.is_figure() {
        return (None, 0);
    }
    if tokens[0].capital {
        let length = places.leading(plain);
        if length > 0 {
            return (Some(NameKind::Place), length);
        }
    }
    if !lexicon.begins_name(tokens[0].marked) {
        return (None, 0);
    }
    let length = body_with_fields(tokens, lexicon).max(BODY_PHRASES.leading(plain));
    if length > 0 {
        return (Some(NameKind::Body), length);
    }
    let length = LEVEL_PHRASES.leading(marked);
    if length > 0 {
        let placed = PLACED_PHRASES.leading(marked);
        // Capitals after the level name the place, unless all is in capitals.
        let shouted = tokens[1.min(tokens.len() - 1)..].iter().take(8).all(|token| token.capital);
        let capitals = tokens[length..]
            .iter()
            .take(LONGEST_PLACE)
            .take_while(|token| token.capital && token.kind == TokenKind::Word)
            .count();
        let named = if placed == length && !shouted { capitals } else { 0 };
        return (Some(NameKind::Level), length + named);
    }
    (None, 0)
}

/// The tokens of "Sở Văn hóa, Thể thao và Du lịch"; 0 where no field follows a head.
fn body_with_fields(tokens: &[Token], lexicon: &Lexicon) -> usize {
    let marked = |index: usize| tokens.get(index).map(|token| lexicon.text(token.marked));
    let head = HEAD_PHRASES.leading(marked);
    if head == 0 {
        return 0;
    }
    let mut length = head;
    let mut end = 0;
    loop {
        let and = usize::from(end > 0 && marked(length) == Some("và"));
        let at = length + and;
        let capital = tokens.get(at).is_some_and(|token| token.capital);
        let plain = |index: usize| tokens.get(at + index).map(|token| lexicon.text(token.key));
        let field = FIELD_PHRASES.leading(plain);
        // "công tác xây dựng kế hoạch" is no name: a field begins with a capital.
        if field == 0 || !capital {
            return end;
        }
        length = at + field;
        end = length;
    }
}

#[cfg(test)]
mod tests {
    use super::super::joined::JoinedText;
    use super::super::tokens::tokenise;
    use super::*;
    use crate::plan::{Line, LineRole};

    /// The text with what was marked in brackets.
    fn marked(text: &str) -> String {
        let line = Line {
            text: text.to_owned(),
            page: None,
            bounds: None,
            role: LineRole::Body,
            words: Vec::new(),
        };
        let mut joined = JoinedText::default();
        joined.push_line(1, &line, false);
        let mut lexicon = Lexicon::default();
        let mut tokens = tokenise(&joined, &mut lexicon, &[]);
        let document = Document {
            issuer: Some("Ủy ban nhân dân phường An Khê".into()),
            ..Document::default()
        };
        mark_names(&mut tokens, &lexicon, &OwnPlaces::of([&document].into_iter()));
        let words = tokens.iter().map(|token| {
            let word = &joined.text[token.span.clone()];
            if token.name.is_some() { word.to_uppercase() } else { word.to_owned() }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_of_the_level_are_known_and_like_words_are_left() {
        let table = [
            (
                "báo cáo Sở Văn hóa, Thể thao và Du lịch trước",
                "báo cáo SỞ VĂN HÓA THỂ THAO VÀ DU LỊCH trước",
            ),
            ("qua phòng Văn hóa - Xã hội xem xét", "qua PHÒNG VĂN HÓA XÃ HỘI xem xét"),
            ("trên địa bàn tỉnh Hòa Giang năm", "trên địa bàn TỈNH HÒA GIANG năm"),
            ("“An Khê thi đua phát triển", "AN KHÊ thi đua phát triển"),
            ("phòng chống tham nhũng", "phòng chống tham nhũng"),
            ("công tác xây dựng kế hoạch", "công tác xây dựng kế hoạch"),
            ("có tính khả thi, xa rời thực tế", "có tính khả thi xa rời thực tế"),
            ("Chủ tịch Ủy ban nhân dân phường", "CHỦ TỊCH ỦY BAN NHÂN DÂN PHƯỜNG"),
            ("ban hành kế hoạch, bộ tiêu chí", "ban hành kế hoạch bộ tiêu chí"),
        ];
        for (text, expected) in table {
            assert_eq!(marked(text), expected, "{text}");
        }
    }
}
