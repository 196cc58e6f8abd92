//! How sure an item is: the reliability of its pattern times how well its words were read.

use super::running::RunningText;
use crate::text::{AlignedText, Span};

/// Below this a person should look at a number.
pub const DOUBTFUL: f32 = 0.6;

/// Of the least sure word among those of `span` that hold a digit; 1 if none does. A wrong digit
/// makes another document of a citation, a wrong letter hardly ever does.
pub fn of_digits(text: &AlignedText, running: &RunningText, span: &Span) -> f32 {
    least(text, running, span, |word| word.contains(|c: char| c.is_ascii_digit()))
}

/// Of the least sure word of `span`.
pub fn of_words(text: &AlignedText, running: &RunningText, span: &Span) -> f32 {
    least(text, running, span, |_| true)
}

fn least(
    text: &AlignedText,
    running: &RunningText,
    span: &Span,
    counts: impl Fn(&str) -> bool,
) -> f32 {
    running
        .sources(span)
        .into_iter()
        .flat_map(|source| text.words_in(source))
        .filter(|word| counts(&text.as_str()[word.span.clone()]))
        .map(|word| word.confidence)
        .fold(1.0, f32::min)
}
