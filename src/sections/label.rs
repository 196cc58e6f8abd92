//! What a line's head can be read as: the labels "IV.", "2.1", "đ)", "Điều 5", and what OCR makes
//! of them ("IL.", "¢)", "l."). Which reading is right is for [`super::tree`] to say.

use std::ops::Range;

use super::node::LabelStyle;
use super::phrase::{fold, is_capitals, is_like};

/// One way to read the head of a line as a label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    pub style: LabelStyle,
    /// Its place in its sequence, from 1; one number for each component of "2.1.3".
    pub ordinal: Vec<u32>,
    /// As printed.
    pub label: String,
    /// How much damage this reading supposes: 0 for none, above 1 for a lot.
    pub cost: f32,
}

/// The readings of one line's head.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Head {
    /// Bytes of the label within the line, without the mark after it.
    pub label: Range<usize>,
    /// Where the text after label and mark begins.
    pub after: usize,
    /// The mark after the label; labels of one list share it. A space for none.
    pub mark: char,
    /// At least one.
    pub readings: Vec<Reading>,
}

/// The letters that label points, in order; "đ" is often skipped, "f", "j", "w", "z" nearly always.
pub(crate) const LETTERS: [char; 27] = [
    'a', 'b', 'c', 'd', 'đ', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r',
    's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
];

/// Letters that OCR takes for one another in labels, with the cost of supposing so.
const CONFUSED_LETTERS: [(char, char, f32); 22] = [
    // A stroke lost is the commonest damage of all.
    ('d', 'đ', 0.3),
    ('đ', 'd', 0.6),
    ('¢', 'c', 0.2),
    ('¢', 'e', 0.9),
    ('€', 'e', 0.3),
    ('€', 'c', 0.4),
    ('e', 'c', 1.4),
    ('c', 'e', 1.4),
    ('o', 'c', 1.4),
    ('0', 'c', 1.2),
    ('6', 'b', 1.0),
    ('8', 'a', 1.2),
    ('4', 'a', 1.2),
    ('h', 'b', 1.6),
    ('b', 'h', 1.6),
    ('q', 'g', 1.2),
    ('g', 'q', 1.2),
    ('9', 'g', 1.0),
    ('l', 'i', 1.0),
    ('i', 'l', 1.0),
    ('1', 'i', 1.0),
    ('ð', 'đ', 0.1),
];

/// Letters in a Roman numeral that stand for others once OCR has read them.
const CONFUSED_ROMAN: [(char, &str); 12] = [
    ('l', "I"),
    ('1', "I"),
    ('|', "I"),
    ('!', "I"),
    ('i', "I"),
    ('L', "I"),
    ('H', "II"),
    ('T', "I"),
    ('J', "I"),
    ('v', "V"),
    ('Y', "V"),
    ('x', "X"),
];

/// Cost of supposing one such letter.
const ROMAN_DAMAGE: f32 = 0.5;

/// Cost of supposing that a whole stroke was lost.
const LOST_STROKE: f32 = 1.2;

/// Highest number of a Roman or Arabic label; anything higher is a quantity.
const HIGHEST: u32 = 99;

/// Marks that specks leave before a label.
const SPECKS: [char; 10] = ['\'', '’', '‘', '`', '´', ',', '~', '|', '¬', '·'];

/// Reads the head of a line; `None` if it can't be a label.
pub(crate) fn read_head(line: &str) -> Option<Head> {
    let start = line.len() - line.trim_start_matches(|c| SPECKS.contains(&c) || c == ' ').len();
    let rest = &line[start..];
    let mut head = word_label(rest).or_else(|| short_label(rest)).or_else(|| bare_roman(rest))?;
    head.label = head.label.start + start..head.label.end + start;
    head.after += start;
    Some(head)
}

/// "Điều 5.", "Chương II", "Phụ lục 1": a word and its number.
fn word_label(text: &str) -> Option<Head> {
    const WORDS: [(&str, &str, LabelStyle); 6] = [
        ("phu luc", "Phụ lục", LabelStyle::Annex),
        ("tieu muc", "Tiểu mục", LabelStyle::Division),
        ("phan", "Phần", LabelStyle::Part),
        ("chuong", "Chương", LabelStyle::Chapter),
        ("muc", "Mục", LabelStyle::Division),
        ("dieu", "Điều", LabelStyle::Article),
    ];
    if !text.starts_with(|c: char| c.is_uppercase()) {
        return None;
    }
    WORDS.iter().find_map(|&(folded, printed, style)| {
        let word_end = nth_word_end(text, folded.split(' ').count())?;
        let read = fold(&text[..word_end]);
        let damage = if read == folded {
            0.0
        } else if folded.len() >= 4 && is_close(&read, folded) {
            0.7
        } else {
            return None;
        };
        numbered_word(text, word_end, printed, style, damage)
    })
}

/// Whether a short word differs from another by one letter, and not in its length.
fn is_close(read: &str, word: &str) -> bool {
    read.len() == word.len() && strsim::hamming(read, word).is_ok_and(|wrong| wrong <= 1)
}

/// The end of the `count`th word of a text, without marks at its end.
fn nth_word_end(text: &str, count: usize) -> Option<usize> {
    let word = text.split_whitespace().nth(count - 1)?;
    let word = word.trim_end_matches(['.', ':']);
    Some(word.as_ptr() as usize - text.as_ptr() as usize + word.len())
}

/// The number after a word label's word, and the label of both.
fn numbered_word(
    text: &str,
    word_end: usize,
    printed: &str,
    style: LabelStyle,
    damage: f32,
) -> Option<Head> {
    let rest = text[word_end..].trim_start();
    let number_start = text.len() - rest.len();
    let number: &str = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let end = number_start + number.len();
    let (mark, after) = mark_after(text, end);
    if style == LabelStyle::Annex && (rest.is_empty() || number.is_empty()) {
        // A single annex has no number.
        let readings = vec![reading(style, 1, printed.to_owned(), damage)];
        return Some(Head { label: 0..word_end, after: text.len(), mark: ' ', readings });
    }
    if style == LabelStyle::Part && is_like(&fold(number), "thu") {
        let (ordinal, end) = spelled_ordinal(text, end)?;
        let (mark, after) = mark_after(text, end);
        let label = format!("{printed} {}", text[number_start..end].trim());
        let readings = vec![reading(style, ordinal, label, damage)];
        return Some(Head { label: 0..end, after, mark, readings });
    }
    let value = number_value(number)?;
    let begins_title = text[after..].starts_with(|c: char| c.is_uppercase() || c == '“');
    if !(matches!(mark, '.' | ':') || text[after..].is_empty() || begins_title) {
        return None;
    }
    let label = format!("{printed} {}", value.1);
    let readings = vec![reading(style, value.0, label, damage + value.2)];
    Some(Head { label: 0..end, after, mark: '.', readings })
}

/// "12", "12a", "IV", "B" as a number, as printed, and the cost of reading it so.
fn number_value(number: &str) -> Option<(u32, String, f32)> {
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    let tail = &number[digits.len()..];
    let is_suffix = tail.chars().count() <= 1 && tail.chars().all(|c| c.is_lowercase());
    if let Ok(value) = digits.parse::<u32>()
        && is_suffix
        && value > 0
        && value < 1000
    {
        return Some((value, number.to_owned(), 0.0));
    }
    if let Some((value, printed, cost)) = roman_readings(number).into_iter().next() {
        return Some((value, printed, cost));
    }
    let mut letters = number.chars();
    match (letters.next(), letters.next()) {
        (Some(c @ 'A'..='Z'), None) => {
            Some((u32::from(c) - u32::from('A') + 1, c.to_string(), 0.2))
        }
        _ => None,
    }
}

/// "nhất", "hai" … after "Phần thứ".
fn spelled_ordinal(text: &str, end: usize) -> Option<(u32, usize)> {
    const ORDINALS: [&str; 9] = ["nhat", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin"];
    let word = text[end..].split_whitespace().next()?;
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    let value = ORDINALS.iter().position(|&ordinal| ordinal == fold(word))? as u32 + 1;
    Some((value, word.as_ptr() as usize - text.as_ptr() as usize + word.len()))
}

/// "IV.", "2.1.", "3)", "đ)", "a.1)": a short run with a mark after it.
fn short_label(text: &str) -> Option<Head> {
    let run = text.split(|c: char| c.is_whitespace() || ")/:-–(".contains(c)).next().unwrap_or("");
    let label = without_glued_text(run).trim_end_matches(['.', ',']);
    if label.chars().count() > 8 {
        return None;
    }
    let (mark, after) = mark_after(text, label.len());
    let rest = &text[after..];
    let is_marked = match mark {
        ' ' => label.contains(['.', ',']),
        // "1 - Nội dung", but not "57-NQ/TW".
        '-' => text[label.len()..after].contains(' ') && rest.starts_with(char::is_uppercase),
        // "25/KH-UBND", "08/KH" are codes; "1/ Mục đích" is a label.
        '/' => text[label.len()..after].contains(' '),
        // "T: tổng thời gian" explains a sign.
        ':' => false,
        _ => true,
    };
    let readings = readings_of(label, mark);
    (is_marked && !readings.is_empty()).then_some(Head {
        label: 0..label.len(),
        after,
        mark,
        readings,
    })
}

/// The part of a run before text that follows its mark without a space: "1.Mục".
fn without_glued_text(run: &str) -> &str {
    let glued = run.match_indices('.').find(|&(dot, _)| {
        run[dot + 1..].starts_with(char::is_uppercase)
            || (run[dot + 1..].chars().take(2).filter(|c| c.is_alphabetic()).count() == 2)
    });
    glued.map_or(run, |(dot, _)| &run[..=dot])
}

/// "IV NỘI DUNG": a Roman numeral whose mark was lost, before a title in capitals.
fn bare_roman(text: &str) -> Option<Head> {
    let (label, rest) = text.split_once(' ')?;
    let is_title = is_capitals(rest) && rest.split_whitespace().count() >= 2;
    // The stop can have become a letter's stroke: "IIL TIÊU CHÍ".
    let damaged = label.len() > 1
        && label.starts_with(['I', 'V', 'X'])
        && label.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'l' | '1' | '|'));
    if !is_title || !(damaged || label.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))) {
        return None;
    }
    let romans = roman_readings(label).into_iter();
    let readings: Vec<Reading> = romans
        .map(|(value, label, cost)| reading(LabelStyle::Roman, value, label, cost + 1.0))
        .collect();
    (!readings.is_empty()).then_some(())?;
    Some(Head { label: 0..label.len(), after: label.len() + 1, mark: '.', readings })
}

/// Adds to the readings of a scanned label that of a last stroke lost: "II." for "III.".
pub(crate) fn add_lost_stroke(head: &mut Head) {
    let sound = head.readings.iter().find(|r| r.style == LabelStyle::Roman && r.cost == 0.0);
    let Some(sound) = sound else { return };
    let (value, longer) = (sound.ordinal[0] + 1, format!("{}I", sound.label));
    if roman_value(&longer) == Some(value) && !head.readings.iter().any(|r| r.label == longer) {
        head.readings.push(reading(LabelStyle::Roman, value, longer, LOST_STROKE));
    }
}

/// The mark at `end` and where the text after it begins. A mark damaged or doubled ("4.,") is
/// taken for what it most likely was.
fn mark_after(text: &str, end: usize) -> (char, usize) {
    let rest = &text[end..];
    let marks =
        rest.len() - rest.trim_start_matches(['.', ',', ')', '/', ':', ' ', '-', '–']).len();
    let run = &rest[..marks];
    let mark = ['.', ')', '/', ':'].into_iter().find(|&mark| run.contains(mark));
    let mark = mark.or_else(|| run.contains(',').then_some('.'));
    let mark = mark.or_else(|| run.contains(['-', '–']).then_some('-')).unwrap_or(' ');
    (mark, end + marks)
}

fn readings_of(label: &str, mark: char) -> Vec<Reading> {
    let mut readings = Vec::new();
    if label.is_empty() {
        // ") Phấn đấu": only the sequence can tell the letter.
        if mark == ')' {
            readings.extend(
                (1..=LETTERS.len()).map(|n| {
                    reading(LabelStyle::Letter, n as u32, LETTERS[n - 1].to_string(), 1.2)
                }),
            );
        }
        return readings;
    }
    readings.extend(decimal_reading(label));
    readings.extend(arabic_reading(label));
    let romans = roman_readings(label).into_iter();
    readings.extend(
        romans.map(|(value, printed, cost)| reading(LabelStyle::Roman, value, printed, cost)),
    );
    let mut chars = label.chars();
    let (first, second) = (chars.next(), chars.next());
    if let (Some(first), Some(second), None) = (first, second, chars.next()) {
        readings.extend(doubled_letter(first, second));
    }
    if let (Some(letter), None) = (first, second) {
        if mark == ')' || letter.is_alphabetic() {
            readings.extend(letter_readings(letter));
        }
        if letter.is_ascii_uppercase() && mark != ')' {
            let value = u32::from(letter) - u32::from('A') + 1;
            readings.push(reading(LabelStyle::Capital, value, letter.to_string(), 0.1));
        }
    }
    readings
}

fn reading(style: LabelStyle, ordinal: u32, label: String, cost: f32) -> Reading {
    Reading { style, ordinal: vec![ordinal], label, cost }
}

/// "2.1", "2.1.3", "a.1"; not "1.000" or "16.6.2025".
fn decimal_reading(label: &str) -> Option<Reading> {
    let damage = if label.contains(',') { 0.8 } else { 0.0 };
    let label = label.replace(',', ".");
    let mut ordinal = Vec::new();
    for (index, component) in label.split('.').enumerate() {
        let value = match component.parse::<u32>() {
            Ok(value) if !component.starts_with('0') && value <= HIGHEST => value,
            _ if index == 0 => letter_ordinal(component)?,
            _ => return None,
        };
        ordinal.push(value);
    }
    (ordinal.len() > 1).then_some(Reading {
        style: LabelStyle::Decimal,
        ordinal,
        label,
        cost: damage,
    })
}

fn letter_ordinal(component: &str) -> Option<u32> {
    let mut chars = component.chars();
    let letter = chars.next().filter(|_| chars.as_str().is_empty())?;
    LETTERS.iter().position(|&l| l == letter).map(|position| position as u32 + 1)
}

fn arabic_reading(label: &str) -> Option<Reading> {
    let mut damage = 0.0;
    let digits: String = label
        .chars()
        .map(|c| match c {
            '0'..='9' => c,
            _ => {
                damage += 1.0;
                match c {
                    'l' | 'I' | '|' | 'i' | '!' => '1',
                    'O' | 'o' => '0',
                    'S' => '5',
                    'Z' | 'z' => '2',
                    'B' => '8',
                    _ => 'x',
                }
            }
        })
        .collect();
    let value = digits.parse::<u32>().ok().filter(|&value| (1..=HIGHEST).contains(&value))?;
    let printed = if damage > 0.0 { value.to_string() } else { label.to_owned() };
    Some(reading(LabelStyle::Arabic, value, printed, damage))
}

/// One letter read twice over: "c¢", "dđ".
fn doubled_letter(first: char, second: char) -> Vec<Reading> {
    let same = letter_readings(second);
    let mut readings = letter_readings(first);
    readings.retain(|reading| same.iter().any(|other| other.label == reading.label));
    for reading in &mut readings {
        reading.cost += 0.5;
    }
    readings
}

fn letter_readings(letter: char) -> Vec<Reading> {
    let plain = fold(&letter.to_string()).chars().next().unwrap_or(letter);
    let mut readings = Vec::new();
    for (index, &candidate) in LETTERS.iter().enumerate() {
        let confused = CONFUSED_LETTERS
            .iter()
            .find(|&&(read, printed, _)| read == letter && printed == candidate)
            .map(|&(_, _, cost)| cost);
        let cost = if letter == candidate {
            Some(0.0)
        } else if letter != 'đ' && plain == candidate && letter.is_lowercase() {
            Some(0.5)
        } else {
            confused
        };
        let label = candidate.to_string();
        readings
            .extend(cost.map(|cost| reading(LabelStyle::Letter, index as u32 + 1, label, cost)));
    }
    readings
}

/// The Roman numerals that a run can stand for, cheapest first: value, spelling, cost.
fn roman_readings(run: &str) -> Vec<(u32, String, f32)> {
    if run.chars().count() > 6
        || !run.contains(|c| {
            matches!(c, 'I' | 'V' | 'X' | 'l' | '1' | 'L' | 'H' | '|' | 'T' | 'N' | 'Y' | 'W' | 'M')
        })
    {
        return Vec::new();
    }
    if run.bytes().all(|b| b.is_ascii_digit()) && run != "1" && run != "11" {
        return Vec::new();
    }
    let mut found: Vec<(u32, String, f32)> = Vec::new();
    if let Some(value) = roman_value(run) {
        found.push((value, run.to_owned(), 0.0));
    }
    let mut mended = String::new();
    let mut cost = 0.0;
    for c in run.chars() {
        match CONFUSED_ROMAN.iter().find(|(read, _)| *read == c) {
            Some((_, printed)) => {
                mended.push_str(printed);
                cost += ROMAN_DAMAGE;
            }
            None => mended.push(c),
        }
    }
    if cost > 0.0
        && let Some(value) = roman_value(&mended)
    {
        found.push((value, mended, cost));
    }
    // "IV" loses its inner strokes.
    if matches!(run, "N" | "W" | "1V" | "TV") {
        found.push((4, "IV".to_owned(), 1.0));
    }
    found
}

/// The value of a well-formed Roman numeral up to [`HIGHEST`], in capitals.
fn roman_value(numeral: &str) -> Option<u32> {
    const PIECES: [(&str, u32); 9] = [
        ("XC", 90),
        ("L", 50),
        ("XL", 40),
        ("X", 10),
        ("IX", 9),
        ("V", 5),
        ("IV", 4),
        ("I", 1),
        ("", 0),
    ];
    let mut value = 0;
    let mut rest = numeral;
    while let Some(&(piece, worth)) =
        PIECES.iter().find(|(p, _)| !p.is_empty() && rest.starts_with(p))
    {
        value += worth;
        rest = &rest[piece.len()..];
    }
    (rest.is_empty() && value > 0 && value < HIGHEST && roman_numeral(value) == numeral)
        .then_some(value)
}

fn roman_numeral(mut value: u32) -> String {
    const PIECES: [(&str, u32); 8] =
        [("XC", 90), ("L", 50), ("XL", 40), ("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)];
    let mut numeral = String::new();
    for (piece, worth) in PIECES {
        while value >= worth {
            numeral.push_str(piece);
            value -= worth;
        }
    }
    numeral
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cheapest reading of each style: style, label, text after it.
    fn heads(line: &str) -> Vec<(LabelStyle, String)> {
        let Some(head) = read_head(line) else { return Vec::new() };
        let mut readings = head.readings;
        readings.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        let mut seen: Vec<(LabelStyle, String)> = Vec::new();
        for reading in readings {
            if !seen.iter().any(|(style, _)| *style == reading.style) {
                seen.push((reading.style, reading.label));
            }
        }
        seen
    }

    fn has(line: &str, style: LabelStyle, label: &str) -> bool {
        heads(line).contains(&(style, label.to_owned()))
    }

    #[test]
    fn labels_are_read_as_printed() {
        use LabelStyle::*;
        for (line, style, label) in [
            ("I. MỤC ĐÍCH, YÊU CẦU", Roman, "I"),
            ("XIV. TỔ CHỨC", Roman, "XIV"),
            ("1. Mục đích", Arabic, "1"),
            ("1.Mục đích", Arabic, "1"),
            ("10) Mục đích", Arabic, "10"),
            ("2.1. Phòng Văn hóa", Decimal, "2.1"),
            ("2.1 Phòng Văn hóa", Decimal, "2.1"),
            ("2.1.3. Phòng Văn hóa", Decimal, "2.1.3"),
            ("a) Tập thể", Letter, "a"),
            ("đ) Tập thể", Letter, "đ"),
            ("a. Tập thể", Letter, "a"),
            ("A. PHẦN CHUNG", Capital, "A"),
            ("Điều 1. Ban hành", Article, "Điều 1"),
            ("ĐIỀU 12: Ban hành", Article, "Điều 12"),
            ("Điều 5a. Hiệu lực", Article, "Điều 5a"),
            ("Chương II", Chapter, "Chương II"),
            ("Mục 1. QUY ĐỊNH", Division, "Mục 1"),
            ("Phần thứ nhất", Part, "Phần thứ nhất"),
            ("PHẦN I. ĐÁNH GIÁ", Part, "Phần I"),
            ("PHỤ LỤC", Annex, "Phụ lục"),
            ("Phụ lục II", Annex, "Phụ lục II"),
            ("PHỤ LỤC 3:", Annex, "Phụ lục 3"),
            ("IV NỘI DUNG THI ĐUA", Roman, "IV"),
        ] {
            assert!(has(line, style, label), "{line}: {:?}", heads(line));
        }
    }

    #[test]
    fn damaged_labels_keep_what_they_can_be() {
        use LabelStyle::*;
        for (line, style, label) in [
            ("IL. NỘI DUNG", Roman, "II"),
            ("I1L. TIÊU CHÍ", Roman, "III"),
            ("VL. TỔ CHỨC", Roman, "VI"),
            ("HI. TIÊU CHÍ", Roman, "III"),
            ("¢) Chủ trì", Letter, "c"),
            ("c¢) Chủ trì", Letter, "c"),
            ("’ b) Đối tượng", Letter, "b"),
            ("4., Hàng năm", Arabic, "4"),
            ("l. Mục đích", Arabic, "1"),
            ("Piều 2. Quyết định", Article, "Điều 2"),
        ] {
            assert!(has(line, style, label), "{line}: {:?}", heads(line));
        }
    }

    #[test]
    fn other_lines_have_no_label() {
        for line in [
            "2025 trở thành nước",
            "16.6.2025 của Chính phủ",
            "1.000 người",
            "12/2030.",
            "Điều 5 của Luật này",
            "Mục tiêu thi đua",
            "- Như Điều 3;",
            "phần mềm",
            "Phần mềm quản lý",
            "Chương trình hành động số 62-CTr/TU",
            "57-NQ/TW, Nghị quyết",
            "25/KH-UBND ngày 24/01/2025",
            "I-ốt",
            "i: Số thứ tự chu kỳ",
            "",
        ] {
            assert_eq!(heads(line), [], "{line}");
        }
    }
}
