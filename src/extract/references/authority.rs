//! Whether a document with a symbol can be by whom the text says: "…/NĐ-CP" is by the Government.
//!
//! Symbols after Decree 30/2020/NĐ-CP, Appendix III, the Law on the promulgation of legal documents
//! (2025), Art. 4, and Hướng dẫn 36-HD/VPTW of the Party.

/// The last letters of symbols and with what the names of those who can issue them begin.
const AUTHORITIES: &[(&str, &[&str])] = &[
    ("-CP", &["chính phủ"]),
    ("-TTg", &["thủ tướng"]),
    ("/TW", &["bộ chính trị", "ban bí thư", "ban chấp hành", "trung ương", "tổng bí thư"]),
    ("-UBND", &["ủy ban nhân dân", "chủ tịch ủy ban nhân dân"]),
    ("-HĐND", &["hội đồng nhân dân", "thường trực hội đồng nhân dân"]),
    ("-UBTVQH", &["ủy ban thường vụ quốc hội"]),
];

/// Whether `issuer`, spelled out, can't have issued a document with this symbol; `false` for
/// symbols of which nothing is known.
pub fn contradicts(symbol: &str, issuer: &str) -> bool {
    let bare = symbol.trim_end_matches(|c: char| c.is_ascii_digit());
    let issuer = issuer.to_lowercase().replace("uỷ", "ủy");
    AUTHORITIES
        .iter()
        .find(|(end, _)| bare.ends_with(end))
        .is_some_and(|(_, names)| !names.iter().any(|name| issuer.starts_with(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_tells_who_can_have_issued_it() {
        for (symbol, issuer) in [
            ("2020/NĐ-CP", "Chính phủ"),
            ("QĐ-TTg", "Thủ tướng Chính phủ"),
            ("NQ/TW", "Bộ Chính trị"),
            ("QĐ-UBND", "Chủ tịch Ủy ban nhân dân tỉnh"),
            ("TT-BNV", "Bộ trưởng Bộ Nội vụ"),
        ] {
            assert!(!contradicts(symbol, issuer), "{symbol} {issuer}");
        }
        for (symbol, issuer) in [
            ("QĐ-TTg", "Bộ Nội vụ"),
            ("2020/NĐ-CP", "Quốc hội"),
            ("NQ-HĐND", "Ủy ban nhân dân tỉnh"),
        ] {
            assert!(contradicts(symbol, issuer), "{symbol} {issuer}");
        }
    }
}
