//! Which strings can be Vietnamese syllables, by the rules of spelling: onset, rime, tone.
//!
//! Whether a possible syllable is also a word is left to the lexicon of [`crate::repair`].
//! The rules follow the school grammar of the chữ quốc ngữ as given by Đoàn Thiện Thuật,
//! "Ngữ âm tiếng Việt" (1977); loans that break them (karaoke, Đắk, Kon) are no syllables.

use super::normalise::{Tone, nfc, split_tone};

/// Onsets, longest first, so that the first that fits is the right one; `qu` and `gi` with their
/// vowel letter, since the rime that follows is spelled without it.
const ONSETS: [&str; 27] = [
    "ngh", "ng", "nh", "ch", "gh", "gi", "kh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g",
    "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x",
];

/// Rimes without a glide, tone taken off.
const PLAIN_RIMES: [&str; 114] = [
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "ăc", "ăm",
    "ăn", "ăng", "ăp", "ăt", "âc", "âm", "ân", "âng", "âp", "ât", "âu", "ây", "e", "ec", "em",
    "en", "eng", "eo", "ep", "et", "ê", "êch", "êm", "ên", "ênh", "êp", "êt", "êu", "i", "ia",
    "ich", "im", "in", "inh", "ip", "it", "iu", "iêc", "iêm", "iên", "iêng", "iêp", "iêt", "iêu",
    "o", "oc", "oi", "om", "on", "ong", "ooc", "oong", "op", "ot", "ô", "ôc", "ôi", "ôm", "ôn",
    "ông", "ôp", "ôt", "ơ", "ơi", "ơm", "ơn", "ơp", "ơt", "u", "ua", "uc", "ui", "um", "un", "ung",
    "up", "ut", "uôc", "uôi", "uôm", "uôn", "uông", "uôt", "ư", "ưa", "ưc", "ưi", "ưng", "ưt",
    "ưu", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt", "ươu", "y",
];

/// Rimes that begin with the glide o or u.
const GLIDE_RIMES: [&str; 41] = [
    "oa", "oac", "oach", "oai", "oam", "oan", "oang", "oanh", "oao", "oap", "oat", "oay", "oăc",
    "oăm", "oăn", "oăng", "oăt", "oe", "oem", "oen", "oeo", "oet", "uân", "uâng", "uât", "uây",
    "uê", "uêch", "uênh", "uêu", "uơ", "uy", "uya", "uych", "uyn", "uynh", "uyp", "uyt", "uyu",
    "uyên", "uyêt",
];

/// What may follow `qu`: the glide rimes as they are spelled there, and the sound of `quốc`.
const RIMES_AFTER_QU: [&str; 47] = [
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "ăc", "ăm",
    "ăn", "ăng", "ăp", "ăt", "ân", "âng", "ât", "âu", "ây", "e", "en", "eng", "eo", "et", "ê",
    "êch", "ên", "ênh", "êt", "i", "it", "ôc", "ơ", "ơi", "ơn", "y", "ych", "ynh", "yt", "yên",
    "yêt", "yn",
];

/// Syllables that break a rule of [`onset_takes_rime`] but are in every dictionary: bus, voile,
/// drum, hub.
const LOANS: [(&str, &str); 4] = [("b", "uyt"), ("v", "oan"), ("ph", "uy"), ("m", "oay")];

/// Whether the word can be a Vietnamese syllable. Case makes no difference, nor does the habit of
/// placing the tone (hóa, hoá); the empty word is none.
pub fn is_syllable(word: &str) -> bool {
    // The longest, nghiêng, has seven letters; decomposed letters have up to three code points.
    if word.is_empty() || word.len() > 40 {
        return false;
    }
    let mut letters = String::with_capacity(word.len());
    let mut tone = None;
    let mut tone_at = 0;
    for (index, letter) in nfc(word).chars().flat_map(char::to_lowercase).enumerate() {
        let (plain, found) = split_tone(letter);
        if found.is_some() {
            if tone.is_some() {
                return false;
            }
            tone = found;
            tone_at = index;
        }
        letters.push(plain);
    }
    splits(&letters).any(|(onset, rime)| {
        onset_takes_rime(onset, rime)
            && rime_takes_tone(rime, tone)
            && tone.is_none_or(|_| tone_fits(rime, tone_at, onset.chars().count()))
    })
}

/// The ways to cut a word without tones into onset and rime: the longest onset; for `gi` also `g`
/// (gì, giếng: the i belongs to the rime).
fn splits(letters: &str) -> impl Iterator<Item = (&str, &str)> {
    let longest = ONSETS.iter().find(|onset| letters.starts_with(**onset)).map_or(0, |o| o.len());
    let shorter = letters.starts_with("gi").then_some(1);
    [Some(longest), shorter].into_iter().flatten().map(|at| letters.split_at(at))
}

/// Whether a rime may follow an onset, both without tone.
fn onset_takes_rime(onset: &str, rime: &str) -> bool {
    let glide = GLIDE_RIMES.contains(&rime);
    if !glide && !PLAIN_RIMES.contains(&rime) && !RIMES_AFTER_QU.contains(&rime) {
        return matches!((onset, rime), ("", "yêm" | "yên" | "yêng" | "yêt" | "yêu"));
    }
    let front = rime.starts_with(['e', 'ê', 'i', 'y']);
    let long_i = rime.starts_with("iê");
    let only_after_qu = rime.starts_with('y') && rime.len() > 1;
    match onset {
        "qu" => RIMES_AFTER_QU.contains(&rime),
        _ if LOANS.contains(&(onset, rime)) => true,
        _ if only_after_qu => onset.is_empty() && matches!(rime, "yên" | "yêt"),
        "" => !long_i,
        "k" => front,
        "gh" | "ngh" => front && rime != "y",
        "g" => {
            !front || matches!(rime, "i" | "im" | "in" | "ip" | "ich") || (long_i && rime != "iêu")
        }
        "ng" => !front,
        "c" => !front && !glide,
        "gi" => !rime.starts_with(['i', 'y']) && !glide,
        "b" | "m" | "p" | "ph" | "v" => !glide && (rime != "y" || matches!(onset, "m" | "v")),
        _ => rime != "y" || matches!(onset, "h" | "l" | "s" | "t" | "d" | "th" | "tr"),
    }
}

/// A rime that ends in a stop (p, t, c, ch) has sắc or nặng and no other tone.
fn rime_takes_tone(rime: &str, tone: Option<Tone>) -> bool {
    !rime.ends_with(['p', 't', 'c']) && !rime.ends_with("ch")
        || matches!(tone, None | Some(Tone::Sac | Tone::Nang))
}

/// Whether the tone stands on a letter of the rime that takes it, in the old or the modern habit.
fn tone_fits(rime: &str, tone_at: usize, rime_at: usize) -> bool {
    let vowels: Vec<char> = rime.chars().take_while(|&letter| is_vowel(letter)).collect();
    let closed = rime.chars().count() > vowels.len();
    let Some(at) = tone_at.checked_sub(rime_at) else { return false };
    // The letter with a quality mark takes the tone; of ươ the second.
    if let Some(marked) = vowels.iter().rposition(|letter| "ăâêôơư".contains(*letter)) {
        return at == marked;
    }
    match (vowels.len(), closed) {
        (1, _) => at == 0,
        (2, true) | (3, _) => at == 1,
        // hóa, hoá; thúy, thuý.
        (2, false) if matches!(rime, "oa" | "oe" | "uy") => at < 2,
        _ => at == 0,
    }
}

fn is_vowel(letter: char) -> bool {
    "aăâeêioôơuưy".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_a_syllable_is_one() {
        for word in "a à ờ ý ỷ y yên yếu yết oai oách uy uyển ỉa ưa ao nghỉ nghiêng nghệ ngủ người \
                     ngoại ngã gì giờ già giếng giữa giêng gìn gì gích ghế ghi gặp góa goá gu kỹ kĩ kỳ \
                     kẻ kiểm kênh cả cứ cuối của quả quý quí quỳ quyển quyết quốc quân quýt quỷ quảng \
                     huýt hóa hoá hòa hoà thuý thúy ủy uỷ khuya khuỷu khoẻ khỏe xoèn xoong moóc toàn \
                     bổ bỗ nguồn nguôn đổi được trường thưởng triển chuyển nghiệp nhật phát phạt \
                     sách sạch lịch Đảng ĐẢNG Ủy BAN NHÂN tỉnh thuở huơ mười hươu rượu ướp lúa thừa xin \
                     loạt buýt voan hy vy my sỹ tỷ pin xoáy ngoằn"
            .split_whitespace()
        {
            assert!(is_syllable(word), "{word}");
        }
    }

    #[test]
    fn what_breaks_a_rule_is_no_syllable() {
        for word in [
            // nothing, no vowel, no letters, other scripts
            "",
            "b",
            "ngh",
            "qu",
            "gh",
            "đ",
            "57",
            "d6i",
            "a.",
            "số1",
            "ба",
            "b\u{301}",
            // k, c, q, g, gh, ng, ngh before the wrong letter
            "ka",
            "kôn",
            "ci",
            "cê",
            "qa",
            "qan",
            "quu",
            "ge",
            "gha",
            "gha",
            "ngi",
            "ngê",
            "ngha",
            "nghơ",
            "coa",
            "cuy",
            "cỹ",
            // stop codas with other tones than sắc and nặng
            "phàt",
            "lỉch",
            "cảp",
            "tữc",
            "mõt",
            // codas after the wrong vowel
            "ơng",
            "ich\u{323}h",
            "och",
            "unh",
            "ăch",
            "ơc",
            "ưp",
            "êc",
            "âch",
            "ic",
            // tones in the wrong place, or two
            "nguờì",
            "tóan",
            "truòng",
            "qúy",
            "gìa",
            "thưở",
            "đựơc",
            "ủỷ",
            "baỏ",
            "ngòai",
            // iê without an onset, yê with one, glides after labials
            "iên",
            "tyên",
            "boa",
            "moe",
            "vuy",
            "phuê",
            // foreign and misread
            "UBND",
            "KH",
            "www",
            "Phii",
            "ciia",
            "quyét1",
            "thue",
            "thuc1",
            "chwén",
            "dbi",
            "str",
            "karaoke",
        ] {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn a_decomposed_syllable_is_one() {
        assert!(is_syllable("nghie\u{302}\u{323}p"));
        assert!(is_syllable("Vi\u{1EC7}t"));
    }

    #[test]
    fn every_rime_is_a_syllable_after_some_onset() {
        for rime in PLAIN_RIMES.iter().chain(&GLIDE_RIMES) {
            let syllable = |onset: &&str| is_syllable(&format!("{onset}{rime}"));
            assert!(ONSETS.iter().any(syllable), "{rime}");
        }
    }
}
