//! Little-endian numbers and strings of the model file; a short file is an error, never a panic.

use crate::error::{Error, ErrorKind, Result};

/// Takes values off the front of a model file.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    pub fn u32(&mut self) -> Result<u32> {
        let bytes = self.bytes(4)?.try_into().map_err(|_| damaged())?;
        Ok(u32::from_le_bytes(bytes))
    }

    pub fn f32(&mut self) -> Result<f32> {
        self.u32().map(f32::from_bits)
    }

    /// A list of entries of `N` bytes each, as it stands.
    pub fn chunks<const N: usize>(&mut self) -> Result<&'a [[u8; N]]> {
        Ok(self.sized(N)?.as_chunks().0)
    }

    pub fn u32s(&mut self) -> Result<Vec<u32>> {
        Ok(self.chunks()?.iter().map(|&four| u32::from_le_bytes(four)).collect())
    }

    pub fn f32s(&mut self) -> Result<Vec<f32>> {
        Ok(self.chunks()?.iter().map(|&four| f32::from_le_bytes(four)).collect())
    }

    pub fn text(&mut self) -> Result<&'a str> {
        std::str::from_utf8(self.sized(1)?).map_err(|_| damaged())
    }

    /// A list of entries of `width` bytes each, as its bytes.
    pub fn sized(&mut self, width: usize) -> Result<&'a [u8]> {
        let count = self.u32()? as usize;
        self.bytes(count.checked_mul(width).ok_or_else(damaged)?)
    }
}

pub(super) fn damaged() -> Error {
    Error::new(ErrorKind::Model, "reading the repair model: the file is cut short or damaged")
        .hint("build sohoa anew from a whole checkout, or train the model: see models/README.md")
}

pub(super) fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend(value.to_le_bytes());
}

pub(super) fn put_f32(out: &mut Vec<u8>, value: f32) {
    put_u32(out, value.to_bits());
}

/// Model files are far below 4 GiB; a longer list can't be read back and is a defect of training.
fn put_length(out: &mut Vec<u8>, length: usize) {
    put_u32(out, u32::try_from(length).expect("a list of a model file is below 4 Gi entries"));
}

pub(super) fn put_u8s(out: &mut Vec<u8>, values: &[u8]) {
    put_length(out, values.len());
    out.extend(values);
}

pub(super) fn put_chunks<const N: usize>(out: &mut Vec<u8>, values: &[[u8; N]]) {
    put_length(out, values.len());
    out.extend(values.as_flattened());
}

pub(super) fn put_u32s(out: &mut Vec<u8>, values: &[u32]) {
    put_length(out, values.len());
    out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

pub(super) fn put_f32s(out: &mut Vec<u8>, values: &[f32]) {
    put_length(out, values.len());
    out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_u8s(out, text.as_bytes());
}
