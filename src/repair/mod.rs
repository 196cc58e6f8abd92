//! Repair of what the reading lost: diacritics, letters, codes.

use crate::text::AlignedText;

/// Holds the models; made once, shared by all workers.
pub struct Repairer {}

impl Repairer {
    /// Restores a text; the number of lines stays.
    pub fn repair(&self, text: AlignedText) -> AlignedText {
        text
    }
}
