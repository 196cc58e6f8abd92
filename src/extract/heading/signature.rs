//! Who signed, and the recipients beside it: the block at a document's end.
//!
//! The two columns come one after the other, or merged line by line as "Nơi nhận: KT. CHỦ TỊCH".

use std::ops::Range;

use super::number::{Found, least_confidence};
use crate::plan::Signatory;
use crate::sections::landmark::{is_capacity, is_name, is_position, is_recipients_head, name_of};
use crate::sections::lines::{Lines, starts_bullet};
use crate::sections::phrase::{fold, is_capitals, starts_like};

/// What the closing of a document says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Closing {
    pub signatory: Option<Found<Signatory>>,
    pub recipients: Vec<String>,
}

/// A line of the block, its columns apart; either can be empty.
struct Columns<'a> {
    left: &'a str,
    right: &'a str,
    line: usize,
}

/// Reads recipients and signature from the lines of a closing zone (0-based).
pub(super) fn read_closing(lines: &Lines, zone: Range<usize>) -> Closing {
    let mut in_recipients = false;
    let mut columns = Vec::new();
    for index in lines.body_in(zone) {
        let line = lines.get(index);
        in_recipients |= is_recipients_head(&line.folded);
        columns.push(split_columns(line.text, index));
    }
    let signatory = read_signatory(lines, &columns);
    let recipients = if in_recipients { read_recipients(&columns) } else { Vec::new() };
    Closing { signatory, recipients }
}

/// What seals and the gap between the columns are read as.
const NOISE: [char; 4] = [' ', ')', '(', '|'];

/// Tells the signature's column from the recipients' on one line.
fn split_columns(text: &str, line: usize) -> Columns<'_> {
    if is_capacity(text) || is_position(text) || is_name(text) {
        return Columns { left: "", right: text, line };
    }
    let is_list = starts_bullet(text) || is_recipients_head(&fold(text)) || text.contains(';');
    let cut = text.match_indices(' ').map(|(at, _)| at + 1).find(|&at| {
        let right = &text[at..];
        let is_title = is_capacity(right) || is_position(right) || {
            // Or one that was read too badly to be known: capitals behind an entry's end.
            let left = text[..at].trim_end_matches(NOISE);
            left.ends_with(';') && right.contains(' ') && is_capitals(right) && !ends_entry(right)
        };
        is_list && is_title && right.contains(char::is_alphabetic)
    });
    let cut = cut.unwrap_or(text.len());
    let (left, right) = text.split_at(cut);
    let left = if right.is_empty() { left } else { left.trim_end_matches(NOISE) };
    Columns { left: left.trim_end(), right, line }
}

fn ends_entry(text: &str) -> bool {
    text.ends_with([';', '.', ','])
}

fn read_signatory(lines: &Lines, columns: &[Columns]) -> Option<Found<Signatory>> {
    let mut capacity: Vec<&str> = Vec::new();
    let mut position: Vec<&str> = Vec::new();
    let mut confidence: f32 = 0.98;
    let mut last_title = None;
    for (at, column) in columns.iter().enumerate().filter(|(_, c)| !c.right.is_empty()) {
        let right = column.right.trim();
        if is_capacity(right) && position.is_empty() {
            capacity.push(right);
        } else if is_position(right) || (!position.is_empty() && is_capitals(right)) {
            position.push(right);
        } else {
            continue;
        }
        last_title = Some(at);
        let span = lines.get(column.line).span.clone();
        confidence = confidence
            .min(least_confidence(lines, span.end - right.len().min(span.len())..span.end));
    }
    let last_title = last_title?;
    // An entry of the list beside it that lost its dash can look like a name.
    let list_end = list_end(columns).max(last_title + 1);
    let names = |from: usize| {
        columns[from..].iter().find_map(|column| Some((column, name_of(column.right)?)))
    };
    let name = names(list_end).or_else(|| names(last_title + 1));
    if let Some((column, _)) = name {
        confidence = confidence.min(least_confidence(lines, lines.get(column.line).span.clone()));
    }
    let joined = |parts: Vec<&str>| (!parts.is_empty()).then(|| parts.join(" "));
    let signatory = Signatory {
        capacity: joined(capacity),
        position: joined(position),
        name: name.map(|(_, name)| name.to_owned()),
    };
    Some(Found::new(signatory, confidence))
}

/// The index after the last entry of the recipients, "Lưu: …"; 0 if there is none.
fn list_end(columns: &[Columns]) -> usize {
    let is_filed = |column: &Columns| starts_like(&fold(column.left), "luu");
    columns.iter().rposition(is_filed).map_or(0, |at| at + 1)
}

/// The entries of the list after "Nơi nhận:".
fn read_recipients(columns: &[Columns]) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    let from =
        columns.iter().position(|c| is_recipients_head(&fold(c.left))).unwrap_or(columns.len());
    for (number, column) in columns[from..].iter().enumerate() {
        let mut left = column.left.trim();
        if number == 0 {
            left = left.split_once(':').map_or("", |(_, rest)| rest.trim());
        }
        if left.is_empty() {
            continue;
        }
        let is_filed = entries.last().is_some_and(|entry| starts_like(&fold(entry), "luu"));
        let (begins, text) = match left.strip_prefix(['-', '–', '—', '•', '+', '*', '~', '_'])
        {
            Some(rest) => (true, rest.trim_start_matches(['-', '–', ' '])),
            None => (begins_entry(entries.last(), left), left),
        };
        if is_filed && (!begins && !goes_on_filed(entries.last(), text) || is_path(text)) {
            break;
        }
        match entries.last_mut() {
            Some(entry) if !begins => {
                entry.push(' ');
                entry.push_str(text);
            }
            _ => entries.push(text.to_owned()),
        }
    }
    let clean = |entry: &String| {
        let text = entry.trim_end_matches(|c: char| c.is_whitespace() || ";.,".contains(c));
        text.to_owned()
    };
    entries.iter().map(clean).filter(|entry| !entry.is_empty()).collect()
}

/// Whether a line without a dash begins an entry: the dash was lost after an entry that ended.
fn begins_entry(last: Option<&String>, line: &str) -> bool {
    last.is_none_or(|entry| entry.ends_with([';', '.'])) && line.starts_with(char::is_uppercase)
}

/// Whether a line goes on with the last entry, "Lưu: …", which ends the list.
fn goes_on_filed(last: Option<&String>, line: &str) -> bool {
    last.is_some_and(|entry| entry.ends_with([',', ':', ';', '-'])) && !is_path(line)
}

/// Whether a line is a typist's file name: "Huyen\TD\Quyetdinh07".
fn is_path(line: &str) -> bool {
    line.contains('\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::AlignedText;

    fn closing(text: &str) -> Closing {
        let text = AlignedText::from_plain(text);
        let lines = Lines::new(&text);
        read_closing(&lines, 0..lines.len())
    }

    fn signatory(text: &str) -> (String, String, String) {
        let found = closing(text).signatory.map(|f| f.value).unwrap_or_default();
        let text = |part: Option<String>| part.unwrap_or_default();
        (text(found.capacity), text(found.position), text(found.name))
    }

    fn parts(capacity: &str, position: &str, name: &str) -> (String, String, String) {
        (capacity.into(), position.into(), name.into())
    }

    #[test]
    fn signatures_under_recipients() {
        assert_eq!(
            signatory(
                "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nTL. CHỦ TỊCH\nKT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG\n\nTrần Văn An"
            ),
            parts("TL. CHỦ TỊCH KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG", "Trần Văn An")
        );
        assert_eq!(
            signatory("Nơi nhận:\n- Như trên;\n- Lưu: VT.\nCHỦ TỊCH\n\nThiếu tướng Trần Văn An"),
            parts("", "CHỦ TỊCH", "Trần Văn An")
        );
        assert_eq!(
            signatory("TM. BAN THƯỜNG VỤ\nPHÓ BÍ THƯ THƯỜNG TRỰC\n\nTrần Văn An"),
            parts("TM. BAN THƯỜNG VỤ", "PHÓ BÍ THƯ THƯỜNG TRỰC", "Trần Văn An")
        );
    }

    #[test]
    fn columns_merged_by_ocr() {
        let text = "Nơi nhận: KT. CHỦ TỊCH\n- Như Điều 3; PHÓ CHỦ TỊCH\n\n- Ban Tổ chức;\nChi cục Thuế;\n- Lưu: VT, NC.\nAn\\TD\\Quyetdinh07\n\nTrần Văn An";
        assert_eq!(signatory(text), parts("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Văn An"));
        assert_eq!(
            closing(text).recipients,
            ["Như Điều 3", "Ban Tổ chức", "Chi cục Thuế", "Lưu: VT, NC"]
        );
    }

    #[test]
    fn a_title_that_was_misread_is_no_part_of_an_entry() {
        let text = "Nơi nhận: KT. CHỦ TỊCH\n- Như Điều 3; ) CHE-ELCH THƯỜNG TRỰC\n\n- TTTU; TTHĐND;\n- Lưu: VT.\n\nTrần Văn An";
        assert_eq!(closing(text).recipients, ["Như Điều 3", "TTTU; TTHĐND", "Lưu: VT"]);
        assert_eq!(signatory(text), parts("KT. CHỦ TỊCH", "", "Trần Văn An"));
    }

    #[test]
    fn recipients_over_several_lines() {
        let text = "Nơi nhận:\n- Cơ quan Báo, Đài Thành phố;\n(để đưa tin)\n- VP: CVP, PCVP Trần An,\nTrợ lý, các Vụ: TH, PL;\n- Lưu: VT, TH. an\n\nCHỦ TỊCH";
        assert_eq!(
            closing(text).recipients,
            [
                "Cơ quan Báo, Đài Thành phố; (để đưa tin)",
                "VP: CVP, PCVP Trần An, Trợ lý, các Vụ: TH, PL",
                "Lưu: VT, TH. an"
            ]
        );
    }

    #[test]
    fn no_signature_is_made_up() {
        assert_eq!(closing("Nơi nhận:\n- Như trên;\n- Lưu: VT.").signatory, None);
        assert_eq!(closing("").recipients, Vec::<String>::new());
    }
}
