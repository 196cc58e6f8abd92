//! The words that the language model knows, as numbers and as a trie of letters.

use std::ops::Range;

use super::bytes::{self, Reader};
use super::language_model::{FIRST_WORD, UNKNOWN};
use crate::error::Result;
use crate::text::normalise::{modern_tone_place, nfc};

/// Words in small letters, NFC, with tones in their modern place.
#[derive(Clone, Debug, PartialEq)]
pub struct Vocabulary {
    /// Sorted; the word of number `FIRST_WORD + i` is `words[i]`.
    words: Vec<String>,
    trie: Trie,
}

/// The words letter by letter: a node for each way in which a word begins, node 0 for the empty
/// one. The children of a node stand side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Trie {
    /// All letters of the vocabulary, sorted; elsewhere they stand as indices into this.
    letters: Vec<char>,
    /// The last letter of each node.
    pub letter: Vec<u8>,
    /// The word that ends at each node, or [`UNKNOWN`].
    pub word: Vec<u16>,
    /// Where the children of each node begin, and at last the number of nodes.
    first_child: Vec<u32>,
}

impl Trie {
    /// Takes sorted words.
    fn new(words: &[String]) -> Result<Self> {
        let spelled: Vec<Vec<char>> = words.iter().map(|word| word.chars().collect()).collect();
        let mut letters: Vec<char> = spelled.iter().flatten().copied().collect();
        letters.sort_unstable();
        letters.dedup();
        if letters.len() > usize::from(u8::MAX) {
            return Err(bytes::damaged());
        }
        let mut trie = Self { letters, letter: vec![0], word: vec![UNKNOWN], first_child: vec![] };
        // The words that begin as each node does, and how many letters that are: level by level,
        // so that the children of a node come one after the other.
        let mut nodes = vec![(0..words.len(), 0)];
        let mut at = 0;
        while let Some((range, depth)) = nodes.get(at).cloned() {
            trie.first_child.push(nodes.len() as u32);
            let longer = |index: &usize| spelled[*index].len() > depth;
            let mut start = range.clone().find(longer).unwrap_or(range.end);
            while start < range.end {
                let letter = spelled[start][depth];
                let end = (start..range.end).find(|&index| spelled[index][depth] != letter);
                let end = end.unwrap_or(range.end);
                let ends_here = spelled[start].len() == depth + 1;
                trie.letter.push(trie.index(letter).unwrap_or(0));
                trie.word.push(if ends_here { FIRST_WORD + start as u16 } else { UNKNOWN });
                nodes.push((start..end, depth + 1));
                start = end;
            }
            at += 1;
        }
        trie.first_child.push(nodes.len() as u32);
        Ok(trie)
    }

    pub fn len(&self) -> usize {
        self.letter.len()
    }

    pub fn letters(&self) -> &[char] {
        &self.letters
    }

    /// The index of a letter; `None` if no word has it.
    pub fn index(&self, letter: char) -> Option<u8> {
        self.letters.binary_search(&letter).ok().map(|index| index as u8)
    }

    pub fn children(&self, node: usize) -> Range<usize> {
        self.first_child[node] as usize..self.first_child[node + 1] as usize
    }
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
        let trie = Trie::new(&words)?;
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

    pub(super) fn trie(&self) -> &Trie {
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
            let trie = vocabulary.trie();
            let node = word.chars().fold(0, |node, letter| {
                let index = trie.index(letter).unwrap();
                trie.children(node).find(|&child| trie.letter[child] == index).unwrap()
            });
            assert_eq!(trie.word[node], vocabulary.number(word));
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
