//! What sort of file some bytes are: told by the bytes, not by the name. Only Markdown, which is
//! plain text to the last byte, is known by its name.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};

/// A kind of file that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Pdf,
    Tiff,
    Png,
    Jpeg,
    Text,
    Markdown,
}

/// How many of a file's first bytes tell its kind: the header of a PDF may stand this far from the
/// start (ISO 32000-1, appendix H, note 13).
pub const HEAD_BYTES: usize = 1024;

/// Whether a file that begins with `head` (its first [`HEAD_BYTES`], or all of a shorter one) is a
/// PDF or a picture of a kind that is read.
pub fn is_scan(head: &[u8]) -> bool {
    Kind::of_scan(head).is_some()
}

/// Kinds of file that people have beside scans, by their first bytes, and what to do with them.
const REFUSED: &[(&[u8], &str, &str)] = &[
    (b"PK\x03\x04", "a ZIP archive or Office document", "unpack it, or export it as PDF"),
    (b"\xD0\xCF\x11\xE0", "an old Office document", "export it as PDF"),
    (b"{\\rtf", "an RTF document", "export it as PDF or plain text"),
    (b"%!PS", "a PostScript file", "convert it with ps2pdf"),
    (b"GIF8", "a GIF picture", "convert it to PNG"),
    (b"BM", "a BMP picture", "convert it to PNG"),
    (b"RIFF", "a WebP picture or other RIFF file", "convert it to PNG"),
    (b"\0\0\0\x0CjP  ", "a JPEG 2000 picture", "convert it to PNG"),
    (b"\x97JB2", "a JBIG2 picture", "convert it to PNG or PDF"),
    (b"AT&TFORM", "a DjVu document", "convert it with ddjvu -format=tiff"),
    (b"\x1F\x8B", "a gzip archive", "unpack it"),
];

impl Kind {
    /// Tells the kind of `bytes`; `name` only tells Markdown from plain text.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] for no bytes; [`ErrorKind::Unsupported`] for a kind that isn't read.
    pub(super) fn of(name: &str, bytes: &[u8]) -> Result<Self> {
        let head = &bytes[..bytes.len().min(HEAD_BYTES)];
        if bytes.is_empty() {
            return Err(Error::new(ErrorKind::Empty, "the file is empty (0 bytes)"));
        }
        if let Some(kind) = Self::of_scan(head) {
            return Ok(kind);
        }
        if let Some((_, what, hint)) = REFUSED.iter().find(|(magic, ..)| head.starts_with(magic)) {
            let message =
                format!("found {what}, expected PDF, TIFF, PNG, JPEG, plain text or Markdown");
            return Err(Error::new(ErrorKind::Unsupported, message).hint(*hint));
        }
        Ok(if is_markdown_name(name) { Self::Markdown } else { Self::Text })
    }

    /// The kind of PDF or picture that begins like this; `None` for all else.
    fn of_scan(head: &[u8]) -> Option<Self> {
        if head.windows(5).any(|window| window == b"%PDF-") {
            return Some(Self::Pdf);
        }
        match head {
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Self::Tiff),
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            _ => None,
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Tiff => "image/tiff",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Text => "text/plain",
            Self::Markdown => "text/markdown",
        }
    }
}

fn is_markdown_name(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or_default();
    ["md", "markdown"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_told_by_the_bytes_not_by_the_name() {
        for (name, bytes, kind) in [
            ("scan.txt", &b"%PDF-1.4\n"[..], Kind::Pdf),
            ("scan.pdf", b"\r\n\r\n%PDF-1.7", Kind::Pdf),
            ("a.pdf", b"II*\0\x08\0\0\0", Kind::Tiff),
            ("a", b"MM\0*\0\0\0\x08", Kind::Tiff),
            ("a.jpg", b"\x89PNG\r\n\x1A\n", Kind::Png),
            ("a.png", b"\xFF\xD8\xFF\xE0", Kind::Jpeg),
            ("a.pdf", b"K\xE1\xBA\xBF ho\xE1\xBA\xA1ch", Kind::Text),
            ("a.MD", b"# K", Kind::Markdown),
            ("md", b"# K", Kind::Text),
        ] {
            assert_eq!(Kind::of(name, bytes).unwrap(), kind, "{name}");
        }
    }

    #[test]
    fn other_kinds_are_refused_by_name() {
        for (bytes, kind, part) in [
            (&b""[..], ErrorKind::Empty, "0 bytes"),
            (b"PK\x03\x04\x14\0", ErrorKind::Unsupported, "Office"),
            (b"GIF89a", ErrorKind::Unsupported, "GIF"),
        ] {
            let error = Kind::of("a.pdf", bytes).unwrap_err();
            assert_eq!(error.kind(), kind);
            assert!(error.reason().contains(part), "{error}");
        }
    }
}
