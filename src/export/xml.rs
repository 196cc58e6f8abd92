//! What XML and HTML have in common: text that must not be taken for markup.

use std::fmt;

/// Text as XML 1.0 writes it, in elements and in attributes within double quotes.
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '"' => out.write_str("&quot;")?,
                // Control characters have no place in XML 1.0, not even escaped.
                c if c.is_control() && !matches!(c, '\t' | '\n') => out.write_str(" ")?,
                '\u{fffe}' | '\u{ffff}' => out.write_str(" ")?,
                c => write!(out, "{c}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_is_text() {
        assert_eq!(
            Escaped("a < b & “c” > \"d\"\u{c}").to_string(),
            "a &lt; b &amp; “c” &gt; &quot;d&quot; "
        );
    }
}
