//! The issuing authority, spelled out and in sentence case.
//!
//! In an order of an office (quyết định) it stands in capitals under the title; else it is the
//! last authority of the left column, under the one above it if there are two.

use crate::sections::landmark::{
    begins_issuer, begins_level, begins_number_line, is_capacity, is_issuer_line, left_column,
    number_line,
};
use crate::sections::lines::Lines;
use crate::sections::phrase::{fold, is_capitals};
use crate::text::AlignedText;

/// The issuer named by the lines of capitals between title and body; `None` if there are none.
pub(super) fn authority(lines: &Lines, below_title: &[usize]) -> Option<(String, Vec<usize>)> {
    let used: Vec<usize> = below_title
        .iter()
        .copied()
        .skip_while(|&index| !is_issuer_line(lines.get(index).text))
        .take_while(|&index| is_capitals(lines.get(index).text))
        .collect();
    let name = used.iter().map(|&index| lines.get(index).text).collect::<Vec<_>>().join(" ");
    (!used.is_empty()).then(|| (spelled_out(lines.text, &name), used))
}

/// The issuer named by the left column of the lines above the type word.
pub(super) fn letterhead(lines: &Lines, above: &[usize]) -> Option<(String, Vec<usize>)> {
    let mut authorities: Vec<(String, Vec<usize>)> = Vec::new();
    for &index in above {
        let text = lines.get(index).text;
        if number_line(text).is_some() || begins_number_line(text) {
            break;
        }
        let left = left_column(text);
        if !is_capitals(left) || is_capacity(left) || left.chars().count() < 2 {
            continue;
        }
        let folded = fold(left);
        let is_open = authorities.last().is_some_and(|(name, _)| {
            let folded = fold(name);
            name.ends_with([',', '-'])
                || matches!(folded.rsplit(' ').next(), Some("va" | "cua"))
                || matches!(folded.as_str(), "chu tich" | "bo truong" | "giam doc")
        });
        let begins = begins_issuer(&folded) && !is_open;
        match authorities.last_mut() {
            Some((name, used)) if !begins => {
                name.push(' ');
                name.push_str(left);
                used.push(index);
            }
            _ if begins || begins_level(&folded) => {
                authorities.push((left.to_owned(), vec![index]));
            }
            _ => {}
        }
    }
    let (mut name, mut used) = authorities.pop()?;
    // An office without a name of its own is that of the body above it.
    if fold(&name) == "van phong"
        && let Some((superior, lines_above)) = authorities.pop()
    {
        name = format!("{name} {superior}");
        used.extend(lines_above);
    }
    Some((spelled_out(lines.text, &name), used))
}

/// An authority's name in capitals as running text writes it: "Ủy ban nhân dân tỉnh Tân An".
///
/// The file's own spelling of the name is taken if it has one; else what the orthography of
/// Decree 30/2020/NĐ-CP, Annex II, says of the names of bodies.
fn spelled_out(text: &AlignedText, capitals: &str) -> String {
    let lower = without_abbreviations(&capitals.to_lowercase());
    own_spelling(text, &lower).unwrap_or_else(|| sentence_case(&lower))
}

fn without_abbreviations(lower: &str) -> String {
    let spelled = |word: &str| -> String {
        match word {
            "ubnd" => "ủy ban nhân dân".to_owned(),
            "hđnd" => "hội đồng nhân dân".to_owned(),
            "mttq" => "mặt trận tổ quốc".to_owned(),
            "tp" | "tp." => "thành phố".to_owned(),
            _ => match word.strip_prefix("tp.") {
                Some(rest) => format!("thành phố {rest}"),
                None => word.to_owned(),
            },
        }
    };
    let words: Vec<String> = lower.split_whitespace().map(spelled).collect();
    with_level_mended(words.join(" "))
}

/// Mends the word for a level that must follow "ủy ban nhân dân": "tiinh" is "tỉnh".
fn with_level_mended(name: String) -> String {
    const COMMITTEES: [&str; 2] = ["ủy ban nhân dân ", "hội đồng nhân dân "];
    let Some(at) = COMMITTEES.iter().find_map(|c| name.find(c).map(|at| at + c.len())) else {
        return name;
    };
    let word = name[at..].split(' ').next().unwrap_or("");
    let damaged = fold(word);
    let mended = LEVELS.iter().filter(|level| {
        let level = fold(level);
        level.len() >= 4 && damaged != level && strsim::levenshtein(&damaged, &level) == 1
    });
    let mended: Vec<&&str> = mended.collect();
    match mended[..] {
        [level] if !begins_level(&damaged) => {
            format!("{}{level}{}", &name[..at], &name[at + word.len()..])
        }
        _ => name,
    }
}

/// The way in which the file mostly writes a name in running text, if it does.
fn own_spelling(text: &AlignedText, lower: &str) -> Option<String> {
    let wanted: Vec<&str> = lower.split_whitespace().collect();
    let (first, last) = (wanted.first()?, wanted.len() - 1);
    let source = text.as_str();
    let mut spellings: Vec<(String, usize)> = Vec::new();
    for words in text.words().windows(wanted.len()) {
        let written = |at: usize| {
            let word = &source[words[at].span.clone()];
            if at == last { word.trim_matches(|c: char| !c.is_alphanumeric()) } else { word }
        };
        if !written(0).starts_with(char::is_uppercase) || written(0).to_lowercase() != **first {
            continue;
        }
        let is_name = (1..wanted.len()).all(|at| written(at).to_lowercase() == wanted[at]);
        let has_capitals = (0..wanted.len())
            .any(|at| is_capitals(written(at)) && written(at).chars().nth(1).is_some());
        if is_name && !has_capitals {
            let name = (0..wanted.len()).map(written).collect::<Vec<_>>().join(" ");
            match spellings.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => spellings.push((name, 1)),
            }
        }
    }
    // The first of those found most often.
    let most = spellings.iter().map(|(_, count)| *count).max()?;
    spellings.into_iter().find(|(_, count)| *count == most).map(|(name, _)| name)
}

/// Words of a level of government; what follows them is a place's name.
const LEVELS: [&str; 8] = ["tỉnh", "phường", "xã", "quận", "huyện", "trấn", "khu", "phố"];

/// Words for bodies; what follows them is a field of work: "Sở Khoa học và Công nghệ".
const BODIES: [&str; 10] =
    ["bộ", "sở", "phòng", "ban", "cục", "vụ", "viện", "hội", "trường", "đoàn"];

/// Phrases in which one of [`BODIES`] or a level's word is none, and how they are written.
const PHRASES: [(&str, &str); 24] = [
    ("ủy ban nhân dân", "Ủy ban nhân dân"),
    ("hội đồng nhân dân", "Hội đồng nhân dân"),
    ("hội đồng", "Hội đồng"),
    ("ủy ban", "Ủy ban"),
    ("mặt trận tổ quốc việt nam", "Mặt trận Tổ quốc Việt Nam"),
    ("văn phòng", "Văn phòng"),
    ("bộ trưởng", "Bộ trưởng"),
    ("trưởng phòng", "Trưởng phòng"),
    ("trưởng ban", "Trưởng ban"),
    ("xã hội", "Xã hội"),
    ("chính phủ", "Chính phủ"),
    ("quốc hội", "Quốc hội"),
    ("thủ tướng", "Thủ tướng"),
    ("đảng ủy", "Đảng ủy"),
    ("đảng bộ", "Đảng bộ"),
    ("trung ương", "Trung ương"),
    ("thành phố", "thành phố"),
    ("thị xã", "thị xã"),
    ("thị trấn", "thị trấn"),
    ("đặc khu", "đặc khu"),
    ("tỉnh ủy", "Tỉnh ủy"),
    ("thành ủy", "Thành ủy"),
    ("huyện ủy", "Huyện ủy"),
    ("việt nam", "Việt Nam"),
];

/// Sentence case for the name of a body in lower case.
fn sentence_case(lower: &str) -> String {
    let words: Vec<&str> = lower.split(' ').collect();
    let mut written: Vec<String> = Vec::new();
    let mut in_place = false;
    let mut begins_field = false;
    let mut in_field = false;
    let mut at = 0;
    while at < words.len() {
        let rest = words[at..].join(" ");
        let phrase = PHRASES.iter().find(|(phrase, _)| {
            rest.strip_prefix(phrase)
                .is_some_and(|tail| tail.is_empty() || tail.starts_with([' ', ',']))
        });
        if let Some((phrase, proper)) = phrase {
            let count = phrase.split(' ').count();
            let comma = if words[at + count - 1].ends_with(',') { "," } else { "" };
            written.push(format!("{proper}{comma}"));
            at += count;
            let is_committee = proper.ends_with(" ủy") && *phrase != "đảng ủy";
            in_place = is_committee || proper.starts_with(char::is_lowercase);
            begins_field = false;
            continue;
        }
        let word = words[at];
        let is_level = LEVELS.contains(&word) && at > 0;
        // "vụ" in "Nội vụ" is the field's second syllable.
        let is_body = BODIES.contains(&word) && !in_place && !in_field;
        let capital = at == 0 || is_body || begins_field || (in_place && !is_level);
        written.push(if capital && !is_level { capitalised(word) } else { word.to_owned() });
        in_place |= is_level;
        in_field = begins_field;
        begins_field = !in_place && (is_body || matches!(word, "và" | "-") || word.ends_with(','));
        at += 1;
    }
    let name = written.join(" ");
    capitalised(&name)
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_bodies_are_in_sentence_case() {
        for (capitals, name) in [
            ("ỦY BAN NHÂN DÂN TỈNH TÂN AN", "Ủy ban nhân dân tỉnh Tân An"),
            ("ỦY BAN NHÂN DÂN TIiNH TÂN AN", "Ủy ban nhân dân tỉnh Tân An"),
            ("UBND TP. TÂN AN", "Ủy ban nhân dân thành phố Tân An"),
            ("CHỦ TỊCH ỦY BAN NHÂN DÂN PHƯỜNG TÂN AN", "Chủ tịch Ủy ban nhân dân phường Tân An"),
            ("BỘ CÔNG AN", "Bộ Công an"),
            ("BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "Bộ Nông nghiệp và Môi trường"),
            ("BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH", "Bộ Văn hóa, Thể thao và Du lịch"),
            ("VĂN PHÒNG CHÍNH PHỦ", "Văn phòng Chính phủ"),
            ("THỦ TƯỚNG CHÍNH PHỦ", "Thủ tướng Chính phủ"),
            ("BỘ TRƯỞNG BỘ NỘI VỤ", "Bộ trưởng Bộ Nội vụ"),
            ("GIÁM ĐỐC SỞ NỘI VỤ", "Giám đốc Sở Nội vụ"),
            ("TỈNH ỦY TÂN AN", "Tỉnh ủy Tân An"),
            ("HỘI ĐỒNG NHÂN DÂN HUYỆN TÂN AN", "Hội đồng nhân dân huyện Tân An"),
        ] {
            let text = AlignedText::from_plain("");
            assert_eq!(spelled_out(&text, capitals), name);
        }
    }

    #[test]
    fn the_files_own_spelling_is_taken() {
        let text = AlignedText::from_plain("Giám đốc Sở Du lịch và Tân An, căn cứ");
        assert_eq!(spelled_out(&text, "SỞ DU LỊCH VÀ TÂN AN"), "Sở Du lịch và Tân An");
    }

    fn head(text: &str) -> Option<String> {
        let text = AlignedText::from_plain(text);
        let lines = Lines::new(&text);
        let above: Vec<usize> = lines.body_in(0..lines.len()).collect();
        letterhead(&lines, &above).map(|(name, _)| name)
    }

    #[test]
    fn letterheads_name_their_last_authority() {
        for (text, name) in [
            (
                "ỦY BAN NHÂN DÂN\nPHƯỜNG TÂN AN\nSố: 1/KH-UBND",
                Some("Ủy ban nhân dân phường Tân An"),
            ),
            ("UBND TỈNH TÂN AN\nSỞ NỘI VỤ\nSố: 1/KH-SNV", Some("Sở Nội vụ")),
            ("SỞ KHOA HỌC\nVÀ CÔNG NGHỆ\nSố: 1/KH-SNV", Some("Sở Khoa học và Công nghệ")),
            (
                "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nPHƯỜNG TÂN AN Độc lập - Tự do - Hạnh phúc",
                Some("Ủy ban nhân dân phường Tân An"),
            ),
            ("BỘ Y TẾ\nSố: 3† - \\/2026/TT-BYT", Some("Bộ Y tế")),
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc", None),
        ] {
            assert_eq!(head(text).as_deref(), name, "{text}");
        }
    }
}
