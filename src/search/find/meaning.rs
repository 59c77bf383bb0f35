//! What the words of a question mean in the register.

use hashbrown::HashMap;

use super::{
    regions,
    texts::Texts,
    values::{self, Answer, Way},
    words::Word,
};
use crate::search::{
    register::Kind,
    text::{han, latin, segment::is_stop, synonym::Synonyms, tokens},
};

/// Characters of the longest part that is tried.
const LONGEST_PART: usize = 8;

/// A word, or a part of one, with the texts that it means.
pub struct Meant {
    /// The word.
    pub word: Word,
    /// The texts.
    pub answers: HashMap<u32, Answer>,
    /// The place of the word in the question. Parts of one word share it, and the names of a list: any of them will do.
    pub bit: usize,
    /// What it is of the whole word, of a hundred.
    pub share: u32,
}

impl Meant {
    /// Whether neither a text nor a place answers it.
    fn is_nothing(&self) -> bool {
        self.answers.is_empty() && regions::named(&self.word.text).next().is_none()
    }
}

/// What words mean, and those words and parts of words, as they were read, that mean nothing at all: they give way, unless
/// nothing else is asked or they are a condition.
pub fn meant(texts: Texts<'_>, synonyms: &Synonyms, words: Vec<Word>, else_asked: bool) -> (Vec<Meant>, Vec<String>) {
    let all: Vec<Read> = words.into_iter().map(|word| whole_or_parts(texts, synonyms, word)).collect();
    let means = |word: &Read| word.parts.iter().any(|part| !part.is_nothing() || part.word.only.is_some());
    let keep = !else_asked && !all.iter().any(means);
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for word in all {
        if keep || means(&word) {
            known.push(word.parts);
            unknown.extend(word.unknown);
        } else {
            unknown.extend(word.parts.into_iter().map(|part| part.word.text));
        }
    }
    if keep {
        unknown.extend(known.iter().flatten().map(|part: &Meant| part.word.text.clone()));
    }
    (numbered(texts, known), unknown)
}

/// A word, or what there is of it.
struct Read {
    /// The word, or those parts of it that mean something.
    parts: Vec<Meant>,
    /// What is left of it beside them.
    unknown: Vec<String>,
}

/// Gives each word its place. Names of parameters are a list, of which any will do, for a line has only one; so are those
/// of objects.
fn numbered(texts: Texts<'_>, words: Vec<Vec<Meant>>) -> Vec<Meant> {
    let mut places: Vec<Option<(Kind, Option<Kind>)>> = Vec::new();
    let mut all = Vec::new();
    for parts in words {
        let list = names(texts, &parts);
        let bit = places.iter().position(|place| list.is_some() && *place == list).unwrap_or(places.len());
        if bit == places.len() {
            places.push(list);
        }
        all.extend(parts.into_iter().map(|part| Meant { bit, ..part }));
    }
    all.sort_by_key(|meant| meant.bit);
    all
}

/// What counts once: the words of a list, of which the best answer counts, and each part of a divided word.
pub fn counted(words: &[Meant]) -> impl Iterator<Item = &[Meant]> {
    words.chunk_by(|one, next| one.bit == next.bit && one.share == 100 && next.share == 100)
}

/// Whether a word is the name of a parameter, or else of an object, and what it must name.
fn names(texts: Texts<'_>, parts: &[Meant]) -> Option<(Kind, Option<Kind>)> {
    let [Meant { word, answers, .. }] = parts else { return None };
    let is_name = |answer: &Answer| answer.worth >= values::LISTED && !matches!(answer.way, Way::Wider | Way::Narrower);
    let kinds = answers.iter().filter(|(_, answer)| is_name(answer));
    let kinds = kinds.filter_map(|(value, _)| texts.0.register.values.get(*value)).map(|value| value.kind);
    kinds.filter(|kind| matches!(kind, Kind::Parameter | Kind::Object)).min().map(|kind| (kind, word.only))
}

/// A word that means nothing as a whole is answered by its parts, each for its share. A condition is not: what is more or
/// less than it says is not what it says, unless its parts are all of it.
fn whole_or_parts(texts: Texts<'_>, synonyms: &Synonyms, word: Word) -> Read {
    let whole = Meant { answers: values::answers(texts, &word), word, bit: 0, share: 100 };
    if !whole.is_nothing() {
        return Read { parts: vec![whole], unknown: Vec::new() };
    }
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let all = letters(&whole.word.text).max(1);
    let Cut { parts, unknown } = parts_of(texts, synonyms, &whole.word);
    let is_fragment = !unknown.is_empty() && (whole.word.only.is_some() || is_one_word(&whole.word.text));
    if parts.is_empty() || is_fragment {
        let unknown = if whole.word.only.is_some() { vec![whole.word.text.clone()] } else { Vec::new() };
        return Read { parts: vec![whole], unknown };
    }
    let of_whole = |(word, answers): Part| {
        let share = u32::try_from(letters(&word.text) * 100 / all).unwrap_or(100);
        Meant { word, answers, bit: 0, share }
    };
    Read { parts: parts.into_iter().map(of_whole).collect(), unknown }
}

/// Letters of a word of the language that is not divided: what is in it by its characters is something else.
const UNDIVIDED: usize = 3;

/// Whether the language has a Chinese text as one short word: 自行车 is no 行车.
fn is_one_word(text: &str) -> bool {
    text.chars().all(han::is_han) && text.chars().count() <= UNDIVIDED && tokens::segmenter().words(text).len() == 1
}

/// A word that was divided.
#[derive(Default)]
struct Cut {
    parts: Vec<Part>,
    /// What means nothing, and is not light.
    unknown: Vec<String>,
}

type Part = (Word, HashMap<u32, Answer>);

/// The longest parts of a word that mean something, from its beginning on: words of letters, and stretches of Chinese, of
/// which a single character must be a name.
fn parts_of(texts: Texts<'_>, synonyms: &Synonyms, word: &Word) -> Cut {
    let text = &word.text;
    let mut cut = Cut::default();
    let part = |text: &str| -> Option<Part> {
        let part = Word { span: word.span.clone(), only: word.only, ..Word::of(synonyms, text.to_owned(), 0) };
        let answers = values::answers(texts, &part);
        let means = !answers.is_empty() || regions::named(text).next().is_some();
        means.then_some((part, answers))
    };
    for run in han::runs(text) {
        let (mut at, mut left) = (run.start, run.start);
        while at < run.end {
            let ends = text[at..run.end].char_indices().map(|(start, c)| at + start + c.len_utf8());
            let ends: Vec<usize> = ends.take(LONGEST_PART).collect();
            let longest = ends.into_iter().rev().filter(|end| *end - at < text.len()).find_map(|end| {
                let piece = &text[at..end];
                let may_be = piece.chars().nth(1).is_some() || synonyms.concepts(piece).next().is_some();
                may_be.then(|| part(piece)).flatten().map(|found| (end, found))
            });
            match longest {
                Some((end, found)) => {
                    cut.leave(&text[left..at]);
                    cut.parts.push(found);
                    (at, left) = (end, end);
                }
                None => at += text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        cut.leave(&text[left..run.end]);
    }
    let words = latin::words(text).into_iter().filter(|word| !word.part && word.span != (0..text.len()));
    for word in words.map(|word| &text[word.span]).filter(|word| !latin::is_stop(word)) {
        match part(word) {
            Some(found) => cut.parts.push(found),
            None => cut.unknown.push(word.to_owned()),
        }
    }
    cut
}

impl Cut {
    fn leave(&mut self, text: &str) {
        if !text.is_empty() && !is_stop(text) {
            self.unknown.push(text.to_owned());
        }
    }
}
