//! The file that holds all that was learned: vocabulary, language model,
//! symbols, channels.

use super::bytes::{self, Reader};
use super::channel::Channel;
use super::language_model::LanguageModel;
use super::symbols::Symbols;
use super::vocabulary::Vocabulary;
use crate::error::{Error, ErrorKind, Result};

/// The first bytes of a model file; the number grows when its layout changes.
const MAGIC: &[u8] = b"sohoa repair 1\n";

/// All that the repair stage has learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub vocabulary: Vocabulary,
    pub language: LanguageModel,
    pub symbols: Symbols,
    /// Of OCR that ran with the wrong language, or text that lost its marks.
    pub wrong_language: Channel,
    /// Of OCR that ran with Vietnamese.
    pub right_language: Channel,
}

impl Model {
    /// Reads what [`Model::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] if the bytes are no model file of this version, or are damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let Some(rest) = bytes.strip_prefix(MAGIC) else {
            let found = "reading the repair model: not a model file of this version";
            return Err(Error::new(ErrorKind::Model, found)
                .hint("train the model anew: see models/README.md"));
        };
        let mut from = Reader::new(rest);
        let model = Self {
            vocabulary: Vocabulary::read(&mut from)?,
            language: LanguageModel::read(&mut from)?,
            symbols: Symbols::read(&mut from)?,
            wrong_language: Channel::read(&mut from)?,
            right_language: Channel::read(&mut from)?,
        };
        if from.is_at_end() { Ok(model) } else { Err(bytes::damaged()) }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        self.vocabulary.write(&mut out);
        self.language.write(&mut out);
        self.symbols.write(&mut out);
        self.wrong_language.write(&mut out);
        self.right_language.write(&mut out);
        out
    }
}
