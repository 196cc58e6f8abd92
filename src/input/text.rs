//! Bytes of a text file to text: Unicode encodings, one kind of line end.

use crate::error::{Error, ErrorKind, Result};
use crate::text::legacy::{OldEncoding, convert_old, western};

/// More control characters than this share of the first bytes, and it is no text.
const MAX_CONTROL_SHARE: f64 = 0.02;
/// How far the look for control characters goes.
const PROBE_BYTES: usize = 8192;

/// The text of a file, and the encoding from before Unicode that it was in, if it was in one.
pub(super) type Decoded = (String, Option<OldEncoding>);

/// Decodes UTF-8 with or without byte order mark, and UTF-16 with one. Line ends become `\n`, so
/// the number of lines stays; form feeds and all other characters stay. Vietnamese in TCVN3 or VNI,
/// as bytes or as the western letters that it looks like, becomes Unicode.
///
/// # Errors
/// [`ErrorKind::Unsupported`] for other encodings and for what is no text at all.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded> {
    let unicode = match bytes {
        [0xFF, 0xFE, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => decode_utf8(rest),
        _ => decode_utf8(bytes),
    };
    let (text, encoding) = match unicode {
        Ok(text) => match convert_old(&text) {
            Some((encoding, converted)) => (converted, Some(encoding)),
            None => (text, None),
        },
        Err(error) => match convert_old(&western(bytes)).filter(|_| !is_binary(bytes)) {
            Some((encoding, converted)) => (converted, Some(encoding)),
            None => return Err(error),
        },
    };
    Ok((unify_line_ends(text), encoding))
}

fn is_binary(bytes: &[u8]) -> bool {
    let probe = &bytes[..bytes.len().min(PROBE_BYTES)];
    let is_control = |&&byte: &&u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C);
    let controls = probe.iter().filter(is_control).count();
    controls as f64 > MAX_CONTROL_SHARE * probe.len() as f64
}

fn decode_utf8(bytes: &[u8]) -> Result<String> {
    if is_binary(bytes) {
        let message =
            "found binary data of an unknown kind, expected PDF, TIFF, PNG, JPEG or Unicode text";
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let offset = error.valid_up_to();
            let byte = bytes[offset];
            let message =
                format!("cannot read text: byte {byte:#04x} at offset {offset} is not UTF-8");
            Err(Error::new(ErrorKind::Unsupported, message)
                .hint("convert it to UTF-8, for instance with iconv -f WINDOWS-1258 -t UTF-8"))
        }
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text = char::decode_utf16(pairs.iter().map(|&pair| unit(pair))).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err(Error::new(ErrorKind::Damaged, "cannot read text: not valid UTF-16")
            .hint("convert it to UTF-8 with the program that wrote it")),
    }
}

/// CR LF (Windows) and lone CR (old Macintosh) to LF.
fn unify_line_ends(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unicode_is_read_whatever_its_encoding() {
        let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{FEFF}Số\r\nhai".encode_utf16().flat_map(order).collect()
        };
        for bytes in [
            "Số\nhai".as_bytes().to_vec(),
            "\u{FEFF}Số\r\nhai".as_bytes().to_vec(),
            "Số\rhai".as_bytes().to_vec(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
        ] {
            assert_eq!(decode(&bytes).unwrap(), ("Số\nhai".to_owned(), None));
        }
    }

    #[test]
    fn encodings_from_before_unicode_are_converted() {
        let meant = "Cộng hòa xã hội chủ nghĩa Việt Nam\nhai";
        let tcvn3 = b"C\xE9ng h\xDFa x\xB7 h\xE9i ch\xF1 ngh\xDCa Vi\xD6t Nam\r\nhai";
        let vni = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam\nhai";
        let both = [(&tcvn3[..], OldEncoding::Tcvn3), (vni.as_bytes(), OldEncoding::Vni)];
        for (bytes, encoding) in both {
            assert_eq!(decode(bytes).unwrap(), (meant.to_owned(), Some(encoding)));
        }
    }

    #[test]
    fn line_count_and_form_feeds_stay() {
        assert_eq!(decode(b"a\r\n\r\n\x0Cb\r\n").unwrap().0, "a\n\n\x0Cb\n");
    }

    #[test]
    fn what_is_no_unicode_text_is_refused_with_the_reason() {
        for (bytes, part) in [
            (&b"S\xE8 7"[..], "byte 0xe8 at offset 1"),
            (b"\0\x01\x02\x03binary", "binary data"),
            (b"\xFF\xFEa", "UTF-16"),
        ] {
            let error = decode(bytes).unwrap_err();
            assert!(error.reason().contains(part), "{error}");
        }
    }
}
