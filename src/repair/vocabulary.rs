//! The words that the language model knows, as numbers and as a trie of letters.

use super::bytes::{self, Reader};
use super::language_model::{FIRST_WORD, UNKNOWN};
use crate::error::Result;
use crate::text::normalise::{modern_tone_place, nfc};

/// Words in small letters, NFC, with tones in their modern place.
#[derive(Clone, Debug, PartialEq)]
pub struct Vocabulary {
    /// Sorted; the word of number `FIRST_WORD + i` is `words[i]`.
    words: Vec<String>,
    trie: Vec<Node>,
}

/// One letter on the way from the first letter of words to their last.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// Sorted by letter.
    pub children: Vec<(char, u32)>,
    /// The word that ends here, or [`UNKNOWN`].
    pub word: u16,
}

/// The spelling under which a word stands in the vocabulary.
pub fn word_key(word: &str) -> String {
    let small: String = nfc(word).chars().flat_map(char::to_lowercase).collect();
    modern_tone_place(&small).into_owned()
}

impl Vocabulary {
    /// Takes words as [`word_key`] spells them, in any order.
    ///
    /// # Errors
    /// If there are more than 65,000, or two are the same.
    pub fn new(mut words: Vec<String>) -> Result<Self> {
        words.sort_unstable();
        if words.len() > 65_000 || words.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(bytes::damaged());
        }
        let mut trie = vec![Node { children: Vec::new(), word: UNKNOWN }];
        for (number, word) in words.iter().enumerate() {
            let mut at = 0;
            for letter in word.chars() {
                // The words are sorted, so a letter that is there already is the last child.
                at = match trie[at].children.last() {
                    Some(&(last, child)) if last == letter => child as usize,
                    _ => {
                        let child = trie.len();
                        trie[at].children.push((letter, child as u32));
                        trie.push(Node { children: Vec::new(), word: UNKNOWN });
                        child
                    }
                };
            }
            trie[at].word = FIRST_WORD + number as u16;
        }
        Ok(Self { words, trie })
    }

    pub(super) fn read(from: &mut Reader) -> Result<Self> {
        Self::new(from.text()?.split_terminator('\n').map(str::to_owned).collect())
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        bytes::put_text(
            out,
            &self.words.iter().map(|word| format!("{word}\n")).collect::<String>(),
        );
    }

    /// The number of a word as [`word_key`] spells it; [`UNKNOWN`] if it isn't there.
    pub fn number(&self, key: &str) -> u16 {
        self.words
            .binary_search_by(|word| word.as_str().cmp(key))
            .map_or(UNKNOWN, |at| FIRST_WORD + at as u16)
    }

    /// The word of a number; `None` for the classes that stand for no word.
    pub fn word(&self, number: u16) -> Option<&str> {
        self.words.get(usize::from(number.checked_sub(FIRST_WORD)?)).map(String::as_str)
    }

    pub fn len(&self) -> usize {
        self.words.len()
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The trie; node 0 is the root.
    pub(super) fn trie(&self) -> &[Node] {
        &self.trie
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_numbers_and_numbers_words() {
        let words = ["đổi", "đ", "đội", "số"].map(str::to_owned).to_vec();
        let vocabulary = Vocabulary::new(words.clone()).unwrap();
        for word in &words {
            let number = vocabulary.number(word);
            assert_ne!(number, UNKNOWN);
            assert_eq!(vocabulary.word(number), Some(word.as_str()));
        }
        assert_eq!(vocabulary.number("đồi"), UNKNOWN);
        assert_eq!(vocabulary.word(UNKNOWN), None);
    }

    #[test]
    fn the_trie_spells_every_word() {
        let words = ["đổi", "đ", "đội", "số"].map(str::to_owned).to_vec();
        let vocabulary = Vocabulary::new(words.clone()).unwrap();
        for word in &words {
            let node = word.chars().fold(0, |node, letter| {
                let children = &vocabulary.trie()[node].children;
                let at = children.binary_search_by_key(&letter, |child| child.0).unwrap();
                children[at].1 as usize
            });
            assert_eq!(vocabulary.trie()[node].word, vocabulary.number(word));
        }
    }

    #[test]
    fn keys_are_small_composed_and_modern() {
        assert_eq!(word_key("HOÁ"), "hóa");
        assert_eq!(word_key("Nghie\u{302}\u{323}p"), "nghiệp");
    }

    #[test]
    fn two_words_of_the_same_spelling_are_refused() {
        assert!(Vocabulary::new(vec!["a".into(), "a".into()]).is_err());
    }
}
