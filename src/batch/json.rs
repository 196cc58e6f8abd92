//! How a plan is laid out as JSON: indented for people and `diff`, with one word a line.
//!
//! A plan is mostly words and boxes; fully indented, each word would fill a dozen lines.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::plan::Plan;

/// Writes the plan and a line end.
pub fn write_plan(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    plan.serialize(&mut Serializer::with_formatter(&mut *out, Layout::default()))?;
    out.write_all(b"\n")
}

/// How the items of an open array or object stand.
#[derive(Clone, Copy, PartialEq)]
enum Items {
    /// Each on lines of its own.
    Lines,
    /// Each on one line of its own, with all that it holds.
    LineEach,
    /// All on the line on which the array or object began.
    OneLine,
}

/// A `serde_json` formatter that goes by the key under which an array stands.
#[derive(Default)]
struct Layout {
    open: Vec<Items>,
    /// Whether the innermost open array or object has an item yet.
    filled: bool,
    /// The key whose value comes next.
    key: String,
    in_key: bool,
}

impl Layout {
    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        let items = match (self.open.last(), std::mem::take(&mut self.key).as_str()) {
            (Some(Items::OneLine | Items::LineEach), _) => Items::OneLine,
            (_, "box" | "kinds") => Items::OneLine,
            (_, "words" | "mentions") => Items::LineEach,
            _ => Items::Lines,
        };
        self.open.push(items);
        self.filled = false;
        out.write_all(bracket)
    }

    fn item<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.filled = true;
        let comma: &[u8] = if first { b"" } else { b"," };
        out.write_all(comma)?;
        match self.open.last() {
            Some(Items::OneLine) if first => Ok(()),
            Some(Items::OneLine) => out.write_all(b" "),
            _ => self.new_line(out),
        }
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        let items = self.open.pop();
        self.key.clear();
        if self.filled && items != Some(Items::OneLine) {
            self.new_line(out)?;
        }
        self.filled = true;
        out.write_all(bracket)
    }

    fn new_line<W: ?Sized + Write>(&self, out: &mut W) -> io::Result<()> {
        write!(out, "\n{:indent$}", "", indent = self.open.len())
    }
}

impl Formatter for Layout {
    /// Four decimals: more is noise, and would differ between machines.
    fn write_f32<W: ?Sized + Write>(&mut self, out: &mut W, value: f32) -> io::Result<()> {
        // Adding zero makes -0.0 plain zero.
        let rounded = (f64::from(value) * 10_000.0).round() / 10_000.0 + 0.0;
        write!(out, "{rounded:?}")
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if self.in_key {
            self.key.push_str(fragment);
        }
        out.write_all(fragment.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)?;
        self.key.clear();
        self.in_key = true;
        Ok(())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _out: &mut W) -> io::Result<()> {
        self.in_key = false;
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(value: &impl Serialize) -> String {
        let mut out = Vec::new();
        value.serialize(&mut Serializer::with_formatter(&mut out, Layout::default())).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn boxes_and_words_stand_on_one_line_and_all_else_is_indented() {
        #[derive(Serialize)]
        struct Word {
            text: &'static str,
            #[serde(rename = "box")]
            bounds: Option<[u32; 4]>,
            confidence: f32,
        }
        #[derive(Serialize)]
        struct Line {
            #[serde(rename = "box")]
            bounds: [u32; 4],
            words: Vec<Word>,
            last: Vec<u32>,
        }
        let word = |bounds| Word { text: "\"kế\"", bounds, confidence: 0.1 + 0.2 };
        let line = |words| Line { bounds: [1, 2, 3, 4], words, last: vec![] };
        let lines = [line(vec![word(None), word(Some([5, 6, 7, 8]))]), line(vec![])];
        insta::assert_snapshot!(laid_out(&lines), @r#"
        [
         {
          "box": [1, 2, 3, 4],
          "words": [
           {"text": "\"kế\"", "box": null, "confidence": 0.3},
           {"text": "\"kế\"", "box": [5, 6, 7, 8], "confidence": 0.3}
          ],
          "last": []
         },
         {
          "box": [1, 2, 3, 4],
          "words": [],
          "last": []
         }
        ]
        "#);
    }

    #[test]
    fn fractions_have_four_decimals_at_most() {
        for (value, written) in [
            (0.0f32, "0.0"),
            (1.0, "1.0"),
            (0.93, "0.93"),
            (0.123_456, "0.1235"),
            (-1.5, "-1.5"),
            (-1e-9, "0.0"),
        ] {
            assert_eq!(laid_out(&value), written);
        }
    }
}
