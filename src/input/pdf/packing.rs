//! The packings of PDF streams (ISO 32000-1, 7.4), unpacked piece by piece: so that what a stream
//! holds can be measured without being held.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::{DeflateDecoder, ZlibDecoder};
use weezl::BitOrder;
use weezl::decode::{Configuration, Decoder};

/// Bytes that are unpacked at a time.
const PIECE_BYTES: usize = 1 << 16;

/// A way to pack bytes that can make much of little, or hide one that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Hex,
    Base85,
    /// Codes grow one code early: the default of PDF, as of TIFF.
    Lzw,
    /// The same with `EarlyChange 0`.
    LateLzw,
    Deflate,
    RunLength,
}

impl Packing {
    const NAMES: [(&'static [u8], Self); 10] = [
        (b"ASCIIHexDecode", Self::Hex),
        (b"AHx", Self::Hex),
        (b"ASCII85Decode", Self::Base85),
        (b"A85", Self::Base85),
        (b"LZWDecode", Self::Lzw),
        (b"LZW", Self::Lzw),
        (b"FlateDecode", Self::Deflate),
        (b"Fl", Self::Deflate),
        (b"RunLengthDecode", Self::RunLength),
        (b"RL", Self::RunLength),
    ];

    /// The packings that the entries of a stream's dictionary name, outermost first.
    pub fn named_in(entries: &[u8]) -> Vec<Self> {
        names_in(&without_escapes(entries)).filter_map(Self::of_name).collect()
    }

    /// The packing of this name; `None` for other filters.
    pub fn of_name(name: &[u8]) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, packing)| *packing)
    }

    /// The most bytes that one byte can unpack into.
    pub fn highest_ratio(self) -> u64 {
        match self {
            Self::Hex => 1,
            // "z" stands for four zeros.
            Self::Base85 => 4,
            // The longest string of a table of 4,096, for each code of at least nine bits.
            Self::Lzw | Self::LateLzw => 4096,
            // zlib, "Technical details".
            Self::Deflate => 1032,
            // Two bytes stand for 128.
            Self::RunLength => 64,
        }
    }

    /// What `packed` unpacks into; it ends where the data are damaged.
    pub fn unpacking<'a>(self, packed: Box<dyn Read + 'a>) -> Box<dyn Read + 'a> {
        let mut packed = BufReader::with_capacity(PIECE_BYTES, packed);
        match self {
            Self::Hex => Digits::reader(packed, hex),
            Self::Base85 => Digits::reader(packed, base85),
            Self::Lzw => {
                let early = Configuration::with_tiff_size_switch(BitOrder::Msb, 8);
                Box::new(Lzw { packed, decoder: early.build() })
            }
            Self::LateLzw => {
                let late = Configuration::new(BitOrder::Msb, 8);
                Box::new(Lzw { packed, decoder: late.build() })
            }
            Self::Deflate if packed.fill_buf().is_ok_and(is_zlib) => {
                Box::new(ZlibDecoder::new(packed))
            }
            Self::Deflate => Box::new(DeflateDecoder::new(packed)),
            Self::RunLength => Box::new(RunLength { packed, run: 0, value: None }),
        }
    }
}

/// Whether data have the header of RFC 1950: method 8, and a checksum of the two bytes.
pub(super) fn is_zlib(data: &[u8]) -> bool {
    matches!(data, [first, second, ..]
        if first & 0x0F == 8 && u16::from_be_bytes([*first, *second]).is_multiple_of(31))
}

/// The names in the entries of a dictionary, keys and values, without their slash.
pub(super) fn names_in(entries: &[u8]) -> impl Iterator<Item = &[u8]> {
    entries.split(|byte| *byte == b'/').skip(1).map(|rest| {
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"/<>[]()%".contains(byte);
        &rest[..rest.iter().position(is_end).unwrap_or(rest.len())]
    })
}

/// Names may be written with `#` and two hexadecimal digits for a character.
pub(super) fn without_escapes(entries: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut plain = Vec::with_capacity(entries.len());
    let mut at = 0;
    while at < entries.len() {
        match (entries[at], digit(entries.get(at + 1)), digit(entries.get(at + 2))) {
            (b'#', Some(high), Some(low)) => {
                plain.push((high << 4 | low) as u8);
                at += 3;
            }
            (byte, _, _) => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    plain
}

/// Bytes written as digits: a group of them at a time becomes some bytes.
struct Digits<R> {
    packed: R,
    ended: bool,
    unpack: UnpackGroup,
}

/// The bytes that a group of digits stands for, and how many they are.
type Group = ([u8; 4], usize);
/// Takes the next group of digits; `None` at the end.
type UnpackGroup = fn(&mut dyn Iterator<Item = u8>) -> Option<Group>;

impl<'a, R: BufRead + 'a> Digits<R> {
    /// Groups go whole into the buffer, whatever is asked for.
    fn reader(packed: R, unpack: UnpackGroup) -> Box<dyn Read + 'a> {
        let digits = Self { packed, ended: false, unpack };
        Box::new(BufReader::with_capacity(PIECE_BYTES, digits))
    }
}

impl<R: BufRead> Read for Digits<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled + 4 <= out.len() && !self.ended {
            let digits = (&mut self.packed).bytes().map_while(Result::ok);
            let mut digits = digits.filter(|byte| !byte.is_ascii_whitespace());
            match (self.unpack)(&mut digits) {
                Some((bytes, count)) => {
                    out[filled..filled + count].copy_from_slice(&bytes[..count]);
                    filled += count;
                }
                None => self.ended = true,
            }
        }
        Ok(filled)
    }
}

fn hex(digits: &mut dyn Iterator<Item = u8>) -> Option<Group> {
    let mut value = 0;
    for _ in 0..2 {
        let digit = digits.next()?;
        value = value << 4 | char::from(digit).to_digit(16)?;
    }
    Some(([value as u8, 0, 0, 0], 1))
}

fn base85(digits: &mut dyn Iterator<Item = u8>) -> Option<Group> {
    let mut value = 0u32;
    for place in 0..5 {
        match digits.next() {
            Some(b'z') if place == 0 => return Some(([0; 4], 4)),
            Some(digit @ b'!'..=b'u') => {
                value = value.wrapping_mul(85).wrapping_add(u32::from(digit - b'!'));
            }
            // "~>", or damage: what a last, shorter group holds makes no difference here.
            _ => return None,
        }
    }
    Some((value.to_be_bytes(), 4))
}

struct Lzw<R> {
    packed: R,
    decoder: Decoder,
}

impl<R: BufRead> Read for Lzw<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let packed = self.packed.fill_buf()?;
            let is_last = packed.is_empty();
            let step = self.decoder.decode_bytes(packed, out);
            self.packed.consume(step.consumed_in);
            if step.consumed_out > 0 || is_last || step.status.is_err() || out.is_empty() {
                return Ok(step.consumed_out);
            }
            if step.consumed_in == 0 {
                return Ok(0);
            }
        }
    }
}

struct RunLength<R> {
    packed: R,
    /// Bytes still to come of the run, and what each is; `None` if they are given one by one.
    run: usize,
    value: Option<u8>,
}

impl<R: BufRead> RunLength<R> {
    fn next_byte(&mut self) -> Option<u8> {
        (&mut self.packed).bytes().next()?.ok()
    }
}

impl<R: BufRead> Read for RunLength<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        for (filled, byte) in out.iter_mut().enumerate() {
            if self.run == 0 {
                (self.run, self.value) = match self.next_byte() {
                    Some(length @ 0..=127) => (usize::from(length) + 1, None),
                    Some(length @ 129..) => (257 - usize::from(length), self.next_byte()),
                    Some(128) | None => return Ok(filled),
                };
            }
            let Some(value) = self.value.or_else(|| self.next_byte()) else { return Ok(filled) };
            *byte = value;
            self.run -= 1;
        }
        Ok(out.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(packing: Packing, packed: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut reader = packing.unpacking(Box::new(packed));
        // Damaged data count as far as they can be unpacked.
        let _ = reader.read_to_end(&mut bytes);
        bytes
    }

    #[test]
    fn packings_are_known_by_name_in_order_however_it_is_written() {
        use Packing::{Base85, Deflate, Lzw};
        for (entries, named) in [
            ("<< /Length 9 /Filter /FlateDecode >>", vec![Deflate]),
            ("<</Filter[/A85/LZW]/Length 5>>", vec![Base85, Lzw]),
            ("<< /Filter /#46lateDecod#65 >>", vec![Deflate]),
            ("<< /Filter /DCTDecode /Flat /Fl2 >>", vec![]),
        ] {
            assert_eq!(Packing::named_in(entries.as_bytes()), named, "{entries}");
        }
    }

    #[test]
    fn each_packing_gives_what_was_packed() {
        let plain: Vec<u8> = b"sohoa ".repeat(2000);
        let lzw =
            weezl::encode::Encoder::with_tiff_size_switch(BitOrder::Msb, 8).encode(&plain).unwrap();
        assert_eq!(unpacked(Packing::Lzw, &lzw), plain);
        let late = weezl::encode::Encoder::new(BitOrder::Msb, 8).encode(&plain).unwrap();
        assert_eq!(unpacked(Packing::LateLzw, &late), plain);
        assert_eq!(unpacked(Packing::Hex, b"73 6F\n686f61>"), b"sohoa");
        let mut head = [0; 2];
        Packing::Hex.unpacking(Box::new(&b"73 6F\n686f61>"[..])).read_exact(&mut head).unwrap();
        assert_eq!(&head, b"so");
        assert_eq!(unpacked(Packing::Base85, b"87cUR D]i,\"z~>"), b"Hello Wo\0\0\0\0");
        assert_eq!(unpacked(Packing::RunLength, &[2, b'a', b'b', b'c', 254, b'x', 128]), b"abcxxx");
        for packing in [Packing::Lzw, Packing::Deflate, Packing::Hex, Packing::RunLength] {
            unpacked(packing, &[0xFF; 40]);
            assert!(unpacked(packing, &[]).is_empty(), "{packing:?}");
        }
    }
}
