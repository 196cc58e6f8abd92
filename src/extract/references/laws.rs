//! Names of laws, which end where no pattern can tell: "Luật Thi đua, khen thưởng".

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::extract::bodies;
use crate::text::normalise::strip_marks;

/// A name and its words as they are compared: without marks, which OCR loses.
struct Listed {
    name: &'static str,
    words: Vec<String>,
}

/// Names by their first two words; longest first.
static NAMES: LazyLock<BTreeMap<String, Vec<Listed>>> = LazyLock::new(|| {
    let mut names: BTreeMap<String, Vec<Listed>> = BTreeMap::new();
    for name in include_str!("laws.txt").lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<String> = folded_words(name).collect();
        names.entry(words[..2].join(" ")).or_default().push(Listed { name, words });
    }
    for group in names.values_mut() {
        group.sort_by_key(|listed| std::cmp::Reverse(listed.words.len()));
    }
    names
});

/// A law's name as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawName {
    /// Bytes from the start of the text.
    pub length: usize,
    /// Whether it stands in the list, so that its end is sure.
    pub listed: bool,
    /// The name as it should read, where marks were lost or all letters are capitals.
    pub canonical: Option<String>,
}

/// The name of the law with which `text` begins ("Luật …", "Bộ luật …", "Pháp lệnh …").
///
/// An unlisted name must begin with a capital after the type word and ends before the first comma,
/// "và" or word that can't stand in a name.
pub fn law_name(text: &str) -> Option<LawName> {
    if let Some(length) = amending_law(text) {
        return Some(LawName { length, listed: true, canonical: None });
    }
    if let Some((length, name)) = listed(text) {
        let shouted = !text[..length].contains(char::is_lowercase);
        let same = key(&text[..length]) == key(name) && !shouted;
        let canonical = (!same).then(|| name.to_owned());
        return Some(LawName { length, listed: true, canonical });
    }
    unlisted(text).map(|length| LawName { length, listed: false, canonical: None })
}

/// What makes two spellings of a name the same: neither case nor commas.
fn key(name: &str) -> String {
    name.chars().filter(|c| *c != ',').flat_map(char::to_lowercase).collect()
}

fn folded_words(text: &str) -> impl Iterator<Item = String> + '_ {
    let bare = |word: &str| strip_marks(word.trim_matches(|c: char| !c.is_alphanumeric()));
    text.split(' ').map(move |word| bare(word).to_lowercase())
}

fn listed(text: &str) -> Option<(usize, &'static str)> {
    let words: Vec<&str> = text.split(' ').take(16).collect();
    let folded: Vec<String> = words.iter().copied().flat_map(folded_words).collect();
    let group = NAMES.get(&folded.get(..2)?.join(" "))?;
    let Listed { name, words: known } = group.iter().find(|l| folded.starts_with(&l.words))?;
    // A full stop or semicolon within the words means that they are no name.
    let inner = &words[..known.len() - 1];
    if inner.iter().any(|word| word.ends_with(['.', ';', ':', ')'])) {
        return None;
    }
    let length = words[..known.len()].iter().map(|word| word.len() + 1).sum::<usize>() - 1;
    let last = words[known.len() - 1];
    let tail = last.len() - last.trim_end_matches(|c: char| !c.is_alphabetic()).len();
    Some((length - tail, name))
}

/// "Luật sửa đổi, bổ sung một số điều của Luật A và Luật B" is one law with a long name.
fn amending_law(text: &str) -> Option<usize> {
    let heads =
        ["Luật sửa đổi, bổ sung một số điều của ", "Luật Sửa đổi, bổ sung một số điều của "];
    let mut at = heads.iter().find(|head| text.starts_with(**head))?.len();
    loop {
        at += text[at..].strip_prefix("các ").map_or(0, |_| "các ".len());
        let name = listed(&text[at..]).map(|(length, _)| length);
        let name = name.or_else(|| unlisted(&text[at..]))?;
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
        let damaged = law_name("Luật Thi đua, khen thượng;").unwrap();
        assert_eq!(damaged.canonical.as_deref(), Some("Luật Thi đua, khen thưởng"));
        for text in ["Luật này", "Luật số 48/2014/QH13", "Luật", "Luật."] {
            assert_eq!(law_name(text), None, "{text}");
        }
    }
}
