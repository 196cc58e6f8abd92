//! Names of laws, which end where no pattern can tell: "Luật Thi đua, khen thưởng".

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::extract::bodies;

/// Names by their first three words, folded; longest first.
static NAMES: LazyLock<BTreeMap<String, Vec<Vec<String>>>> = LazyLock::new(|| {
    let mut names: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    let lines = include_str!("laws.txt").lines().filter(|line| !line.starts_with('#'));
    for name in lines.map(|line| folded_words(line).collect::<Vec<_>>()) {
        names.entry(name[0].clone()).or_default().push(name);
    }
    for group in names.values_mut() {
        group.sort_by_key(|name| std::cmp::Reverse(name.len()));
    }
    names
});

/// A law's name as it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LawName {
    /// Bytes from the start of the text.
    pub length: usize,
    /// Whether it stands in the list, so that its end is sure.
    pub listed: bool,
}

/// The name of the law with which `text` begins ("Luật …", "Bộ luật …", "Pháp lệnh …").
///
/// An unlisted name must begin with a capital after the type word and ends before the first comma,
/// "và" or word that can't stand in a name.
pub fn law_name(text: &str) -> Option<LawName> {
    amending_law(text)
        .map(|length| LawName { length, listed: true })
        .or_else(|| listed(text).map(|length| LawName { length, listed: true }))
        .or_else(|| unlisted(text).map(|length| LawName { length, listed: false }))
}

fn folded_words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(' ').map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
}

fn listed(text: &str) -> Option<usize> {
    let words: Vec<&str> = text.split(' ').take(16).collect();
    let folded: Vec<String> = words.iter().copied().flat_map(folded_words).collect();
    let first = if folded.first()? == "bộ" { "bộ" } else { folded[0].as_str() };
    let name = NAMES.get(first)?.iter().find(|name| folded.starts_with(name))?;
    // A full stop or semicolon within the words means that they are no name.
    let inner = &words[..name.len() - 1];
    if inner.iter().any(|word| word.ends_with(['.', ';', ':', ')'])) {
        return None;
    }
    let length = words[..name.len()].iter().map(|word| word.len() + 1).sum::<usize>() - 1;
    let last = words[name.len() - 1];
    let tail = last.len() - last.trim_end_matches(|c: char| !c.is_alphabetic()).len();
    Some(length - tail)
}

/// "Luật sửa đổi, bổ sung một số điều của Luật A và Luật B" is one law with a long name.
fn amending_law(text: &str) -> Option<usize> {
    let heads =
        ["Luật sửa đổi, bổ sung một số điều của ", "Luật Sửa đổi, bổ sung một số điều của "];
    let mut at = heads.iter().find(|head| text.starts_with(**head))?.len();
    loop {
        at += text[at..].strip_prefix("các ").map_or(0, |_| "các ".len());
        let name = listed(&text[at..]).or_else(|| unlisted(&text[at..]))?;
        at += name;
        let next = [" và Luật ", ", Luật ", " và Bộ luật "];
        match next.iter().find(|next| text[at..].starts_with(**next)) {
            Some(next) => at += next.find(['L', 'B']).expect("each has one"),
            None => return Some(at),
        }
    }
}

fn unlisted(text: &str) -> Option<usize> {
    let head = ["Luật ", "Bộ luật ", "Pháp lệnh "].iter().find(|head| text.starts_with(**head))?;
    let name = bodies::leading_body(&text[head.len()..])?;
    let end = name.find(", ").or_else(|| name.find(" và ")).unwrap_or(name.len());
    Some(head.len() + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_the_list_or_the_sentence_says() {
        for (text, name, is_listed) in [
            ("Luật Thi đua, khen thưởng và Nghị định số 98", "Luật Thi đua, khen thưởng", true),
            ("Luật Thi đua, khen thưởng;", "Luật Thi đua, khen thưởng", true),
            ("Luật Tổ chức Chính phủ ngày 19", "Luật Tổ chức Chính phủ", true),
            ("Luật Đất đai, Luật Xây dựng", "Luật Đất đai", true),
            ("Luật Đầu tư công năm 2024", "Luật Đầu tư công", true),
            (
                "Luật Khoa học, công nghệ và đổi mới sáng tạo quy định",
                "Luật Khoa học, công nghệ và đổi mới sáng tạo",
                true,
            ),
            ("Luật Quan sát bầu trời số 1/2030/QH19", "Luật Quan sát bầu trời", false),
            ("Bộ luật Lao động", "Bộ luật Lao động", true),
            (
                "Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Tổ chức chính quyền địa phương ngày 22",
                "Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Tổ chức chính quyền địa phương",
                true,
            ),
        ] {
            let found = law_name(text).unwrap();
            assert_eq!((&text[..found.length], found.listed), (name, is_listed), "{text}");
        }
        for text in ["Luật này", "Luật số 48/2014/QH13", "Luật", "Luật."] {
            assert_eq!(law_name(text), None, "{text}");
        }
    }
}
