//! Which part of a cited document is meant: "điểm a khoản 2 Điều 5 Nghị định số …".

use std::sync::LazyLock;

use regex::Regex;

use crate::plan::Provision;

/// How far before a citation its provision can begin, in bytes.
const REACH: usize = 160;

/// A number or letter of a provision, or several in a row: "1, 2 và 3", "a", "đ, e".
const ROW: &str = r"[0-9a-zđ]{1,4}(?:(?:, | và |, khoản |, điểm )[0-9a-zđ]{1,4})*";

/// The provision that ends where the citation begins.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?:(?i:(?:các )?điểm) (?P<point>{ROW}),? (?:của )?)?(?:(?i:(?:các )?khoản) (?P<clause>{ROW}),? (?:của )?)?(?i:(?:các )?điều) (?P<article>\d{{1,3}}[a-zđ]?(?:(?:, | và |, Điều | và Điều )\d{{1,3}}[a-zđ]?)*),? (?:của |tại )?$"
    ))
    .expect("a valid pattern")
});

/// The provision named right before a citation, at the end of `before`; `None` if none is.
pub fn before(before: &str) -> Option<Provision> {
    let from = before.len().saturating_sub(REACH);
    let from = (from..before.len()).find(|&at| before.is_char_boundary(at))?;
    let captures = BEFORE.captures(&before[from..])?;
    let part = |name: &str| captures.name(name).map(|part| part.as_str().to_owned());
    Some(Provision { article: part("article"), clause: part("clause"), point: part("point") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provision_is_read_up_to_its_document() {
        for (text, point, clause, article) in [
            ("theo khoản 2 Điều 5 ", None, Some("2"), "5"),
            ("tại điểm a khoản 2 Điều 8 của ", Some("a"), Some("2"), "8"),
            ("quy định tại Điều 4, Điều 5 ", None, None, "4, Điều 5"),
            ("điểm a, b khoản 1, 2 và 3 Điều 12a ", Some("a, b"), Some("1, 2 và 3"), "12a"),
        ] {
            let found = before(text).unwrap_or_else(|| panic!("{text}"));
            let parts = (found.point.as_deref(), found.clause.as_deref(), found.article.as_deref());
            assert_eq!(parts, (point, clause, Some(article)), "{text}");
        }
        for text in ["", "theo ", "khoản 2 Điều này và ", "Điều 5. Ban hành "] {
            assert_eq!(before(text), None, "{text}");
        }
    }
}
