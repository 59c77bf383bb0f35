//! Words of Latin letters as they were meant: put right where they are mistyped, and syllables of pinyin joined.

use super::{regions, texts::Texts};
use crate::search::text::{
    latin, pinyin,
    synonym::Synonyms,
    tokens::{self, token},
};

/// Letters of pinyin that are looked up by how a name begins; fewer must be the whole of it.
pub(super) const BEGINNING: usize = 3;

/// Letters of pinyin in which a typing error is looked for.
const LEAST_PINYIN: usize = 8;

/// What words are held against: the register and the synonyms.
#[derive(Clone, Copy)]
pub(super) struct Spelling<'a> {
    pub(super) texts: Texts<'a>,
    pub(super) synonyms: &'a Synonyms,
}

impl Spelling<'_> {
    /// The known word that an unknown one is meant to be, and how many typing errors that takes: the fewest, then the
    /// longest common beginning, then the order of the alphabet.
    pub(super) fn repaired(self, word: &str) -> Option<(String, u8)> {
        let errors = latin::forgives(word);
        if errors == 0 || self.is_known(word) {
            return None;
        }
        let mut best: Option<(u8, usize, String)> = None;
        let mut offer = |other: &str| {
            if other.chars().count().abs_diff(word.chars().count()) > usize::from(errors) {
                return;
            }
            let Some(made) = latin::distance(word, other, errors) else { return };
            let common = word.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
            let rank = |one: &(u8, usize, String)| (one.0, usize::MAX - one.1, one.2.clone());
            let offered = (made, common, other.to_owned());
            if best.as_ref().is_none_or(|best| rank(&offered) < rank(best)) {
                best = Some(offered);
            }
        };
        self.synonyms.latin_words().for_each(&mut offer);
        // Pinyin is dense: one letter more or less, and that only in long names.
        if word.len() >= LEAST_PINYIN {
            let is_near = |spelled: &&str| latin::distance(word, spelled, 1).is_some();
            self.synonyms.pinyin().filter(is_near).for_each(&mut offer);
        }
        let first = word.chars().next().unwrap_or_default();
        self.texts.tokens(&format!("{}{first}", tokens::LETTERS), |other| offer(&other[1..]));
        best.map(|(made, _, other)| (other, made))
    }

    /// Whether a word is one: of the register or the synonyms in any form, or pinyin of something there.
    fn is_known(self, word: &str) -> bool {
        latin::is_stop(word)
            || regions::named(word).next().is_some()
            || self.synonyms.knows_word(word)
            || self.texts.has(&token(tokens::STEM, &latin::stem(word)))
            || pinyin::typed(word).is_some_and(|typed| self.is_pinyin(&typed))
    }

    /// Whether letters as they were written are a word, right or mistyped.
    pub(super) fn is_word(self, written: &str) -> bool {
        let word = crate::search::text::fold::folded(written);
        self.is_known(&word) || self.repaired(&word).is_some()
    }

    /// Whether letters are pinyin of something known, from its first letters on.
    pub(super) fn is_pinyin(self, typed: &str) -> bool {
        self.synonyms.concepts_by_pinyin(typed).next().is_some()
            || typed.len() >= BEGINNING && self.texts.begins(&token(tokens::PINYIN, typed))
            || typed.len() >= BEGINNING && self.texts.begins(&token(tokens::INITIALS, typed))
    }

    /// Whether words that stand apart are the pinyin of one name: `san ju qing an`.
    pub(super) fn is_spelled_apart(self, text: &str) -> bool {
        let Some(typed) = pinyin::typed(text) else { return false };
        let is_syllable = |word: &str| word.len() <= 6 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        text.split(' ').all(is_syllable)
            && (self.synonyms.concepts_by_pinyin(&typed).next().is_some()
                || self.texts.begins(&token(tokens::PINYIN, &typed)))
    }
}
