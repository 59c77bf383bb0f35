//! Names as people type them: in another form of the word, with a typing error, in pinyin.

use std::collections::{BTreeSet, HashMap};

use super::{han, latin, pinyin};

/// Letters that a word has at least to be put right.
const LEAST_LETTERS: usize = 4;
/// First letters of a Chinese name that mean it; two mean almost anything.
const LEAST_INITIALS: usize = 3;

/// The ways to names besides their own spelling.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    /// Latin names by the stems of their words.
    stems: HashMap<Box<str>, Vec<u32>>,
    /// English names by the stem of each of their words.
    within: HashMap<Box<str>, Vec<u32>>,
    /// Chinese names by their pinyin.
    pinyin: HashMap<Box<str>, Vec<u32>>,
    /// Chinese names by the first letters of their pinyin.
    initials: HashMap<Box<str>, Vec<u32>>,
    /// The words of Latin names.
    words: BTreeSet<Box<str>>,
    /// Their stems.
    known: BTreeSet<Box<str>>,
}

impl Lexicon {
    /// Adds a folded name of a concept.
    pub(super) fn add(&mut self, name: &str, concept: u32) {
        let note = |names: &mut HashMap<Box<str>, Vec<u32>>, key: String| {
            let concepts = names.entry(key.into()).or_default();
            if !concepts.contains(&concept) {
                concepts.push(concept);
            }
        };
        if name.chars().any(han::is_han) {
            if let Some((full, initials)) = pinyin::whole(name) {
                note(&mut self.pinyin, full.replace('v', "u"));
                if initials.len() >= LEAST_INITIALS {
                    note(&mut self.initials, initials);
                }
            }
            return;
        }
        for word in latin::words(name).into_iter().filter(|word| !word.part) {
            let word = &name[word.span];
            self.known.insert(latin::stem(word).into());
            if word.len() >= LEAST_LETTERS && word.bytes().all(|byte| byte.is_ascii_lowercase()) {
                self.words.insert(word.into());
            }
        }
        note(&mut self.stems, stems(name));
    }

    /// The concepts of a folded Latin name in any form of its words.
    pub(super) fn by_stems(&self, name: &str) -> &[u32] {
        self.stems.get(stems(name).as_str()).map_or(&[], Vec::as_slice)
    }

    /// Notes the words of the English name of a concept.
    pub(super) fn add_words(&mut self, name: &str, concept: u32) {
        for stem in stems(name).split(' ').filter(|stem| !stem.is_empty()) {
            let concepts = self.within.entry(stem.into()).or_default();
            if !concepts.ends_with(&[concept]) {
                concepts.push(concept);
            }
        }
    }

    /// The concepts whose English name has every word of a folded text in it, in any form, but for light ones.
    pub(super) fn with_words(&self, text: &str) -> Vec<u32> {
        let words = latin::words(text).into_iter().filter(|word| !word.part).map(|word| &text[word.span]);
        let mut lists = words
            .filter(|word| !latin::is_stop(word))
            .map(|word| self.within.get(&*latin::stem(word)).map_or(&[][..], Vec::as_slice));
        let mut found = lists.next().unwrap_or_default().to_vec();
        for list in lists {
            found.retain(|concept| list.contains(concept));
        }
        found
    }

    /// The concepts of which a Chinese name is spelled like this: in full, or by its first letters.
    pub(super) fn by_pinyin(&self, typed: &str) -> &[u32] {
        let full = self.pinyin.get(typed.replace('v', "u").as_str());
        full.or_else(|| self.initials.get(typed)).map_or(&[], Vec::as_slice)
    }

    /// The full pinyin of Chinese names.
    pub(super) fn pinyin(&self) -> impl Iterator<Item = &str> {
        self.pinyin.keys().map(|spelled| &**spelled)
    }

    /// Whether a folded Latin word is in any name, in any form.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.known.contains(&*latin::stem(word))
    }

    /// The words of names.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| &**word)
    }
}

/// The stems of the words of a folded name.
fn stems(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for word in latin::words(name).into_iter().filter(|word| !word.part) {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(&latin::stem(&name[word.span]));
    }
    key
}
