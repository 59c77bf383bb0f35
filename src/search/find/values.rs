//! Which texts of the register a word means, and how well: each text is looked at once, however many lines have it.

use hashbrown::HashMap;

use super::{spelling, texts::Texts, words::Word};
use crate::search::{
    register::Kind,
    text::{
        han, latin, pinyin,
        tokens::{self, token},
    },
};

/// How well a text answers a word at most.
pub const PERFECT: u32 = 100;
/// What the standard name of the same thing is worth of the word itself, of a hundred.
const STANDARD_NAME: u32 = 96;
/// What any other name of it is worth.
const SYNONYM: u32 = 93;
/// What a name is worth that has the word in its English form.
const WITHIN: u32 = 55;
/// What the name of something wider is worth: whoever is accredited for that covers what is asked for.
const WIDER: u32 = 60;
/// What the name of something narrower is worth: a part of what is asked for.
const NARROWER: u32 = 50;
/// From here on a text is a name, if with an explanation in brackets, and not something else that has it in it.
const NAME: u32 = 92;
/// From here on a text is what a word names, so that several such words are a list.
pub const LISTED: u32 = 80;
/// What each typing error takes.
pub const ERROR: u32 = 12;
/// What a name is worth that is wholly spelled in pinyin, and by first letters.
pub const SPELLED: u32 = 92;
/// See [`SPELLED`].
pub const INITIALED: u32 = 82;

/// How a text answers a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// It is the word.
    Whole,
    /// It has the word in it.
    Part,
    /// By another name of the same thing.
    Synonym,
    /// By the name of something of which it is a part or a kind.
    Wider,
    /// By the name of a part or a kind of it.
    Narrower,
    /// By its pinyin.
    Pinyin,
    /// But for a typing error.
    Nearly,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How well, 1 to [`PERFECT`].
    pub worth: u32,
    /// How.
    pub way: Way,
}

/// The texts that a word means.
pub fn answers(texts: Texts<'_>, word: &Word) -> HashMap<u32, Answer> {
    let mut search = Search { texts, word, found: HashMap::new() };
    search.form(&word.text, |worth| Some(written(word, worth)));
    for (place, name) in word.synonyms.iter().enumerate() {
        let of_word = if place < word.standard_names { STANDARD_NAME } else { SYNONYM };
        search.form(name, |worth| Some(synonym(word, worth * of_word / 100)));
    }
    for name in &word.within {
        search.form(name, |worth| Some(Answer { worth: worth * WITHIN / 100, way: Way::Part }));
    }
    for (names, of_word, way) in [(&word.wider, WIDER, Way::Wider), (&word.narrower, NARROWER, Way::Narrower)] {
        for name in names {
            search.named(name, of_word, way);
        }
    }
    let is_name = word.way.is_none() && !word.synonyms.is_empty();
    if !is_name && word.way != Some(Way::Nearly) && !word.text.chars().any(han::is_han) {
        search.pinyin();
    }
    search.found
}

/// What a text says that has the word in it.
fn written(word: &Word, worth: u32) -> Answer {
    match word.way {
        Some(Way::Nearly) => Answer { worth: worth * word.certain / 100, way: Way::Nearly },
        _ => Answer { worth, way: if worth == PERFECT { Way::Whole } else { Way::Part } },
    }
}

/// What a text says that has another name of the same thing in it.
fn synonym(word: &Word, worth: u32) -> Answer {
    Answer { worth: worth * word.certain / 100, way: word.way.unwrap_or(Way::Synonym) }
}

struct Search<'a> {
    texts: Texts<'a>,
    word: &'a Word,
    found: HashMap<u32, Answer>,
}

impl Search<'_> {
    fn note(&mut self, value: u32, answer: Answer) {
        let wanted = self.texts.0.register.values.get(value).is_some_and(|value| match self.word.only {
            Some(Kind::Instrument) => {
                matches!(value.kind, Kind::Instrument | Kind::Class | Kind::Model | Kind::Manufacturer)
            }
            Some(kind) => value.kind == kind,
            None => !matches!(
                value.kind,
                Kind::Instrument | Kind::Class | Kind::Model | Kind::Manufacturer | Kind::Agency | Kind::Standard
            ),
        });
        if wanted {
            let known = self.found.entry(value).or_insert(answer);
            if known.worth < answer.worth {
                *known = answer;
            }
        }
    }

    /// Texts that have a name in them.
    fn form(&mut self, name: &str, answer: impl Fn(u32) -> Option<Answer>) {
        let has_han = name.chars().any(han::is_han);
        let mut wanted: Vec<String> = latin::words(name)
            .into_iter()
            .filter(|word| !word.part)
            .map(|word| token(tokens::STEM, &latin::stem(&name[word.span])))
            .collect();
        let (singles, pairs) = tokens::grams(name);
        wanted.extend(if pairs.is_empty() { singles } else { pairs });
        if wanted.is_empty() {
            return;
        }
        for value in self.texts.with_all(&wanted) {
            let text = self.texts.0.register.folded(value);
            if let Some(Answer { worth, way }) = worth(name, text, has_han).and_then(&answer) {
                self.note(value, Answer { worth: worth.max(1), way });
            }
        }
    }

    /// Texts that are a name, if with an explanation in brackets behind it.
    fn named(&mut self, name: &str, of_word: u32, way: Way) {
        let whole = token(tokens::WHOLE, name);
        let mut found = Vec::new();
        self.texts.beginning(&format!("{whole}("), |value| found.push(value));
        found.extend(self.texts.with_all(&[whole]));
        for value in found {
            let worth = worth(name, self.texts.0.register.folded(value), true).filter(|worth| *worth >= NAME);
            if let Some(worth) = worth {
                self.note(value, Answer { worth: worth * of_word / 100, way });
            }
        }
    }

    /// Texts of which the word is the pinyin, or the beginning of it.
    fn pinyin(&mut self) {
        let Some(typed) = pinyin::typed(&self.word.text) else { return };
        if !typed.contains(|c: char| c.is_ascii_alphabetic()) {
            return;
        }
        let mut found = Vec::new();
        for kind in [tokens::PINYIN, tokens::INITIALS] {
            if typed.len() < spelling::BEGINNING {
                found.extend(self.texts.with_all(&[token(kind, &typed)]));
            } else {
                self.texts.beginning(&token(kind, &typed), |value| found.push(value));
            }
        }
        found.sort_unstable();
        found.dedup();
        for value in found {
            let text = self.texts.0.register.folded(value);
            let Some(matched) = pinyin::matches(&self.word.text, text) else { continue };
            let share = share(matched.span.len(), text.len());
            let few = typed.len() < spelling::BEGINNING;
            let worth = match (matched.whole, matched.kind, matched.partial) {
                (true, pinyin::PinyinKind::Full, _) => SPELLED,
                (true, pinyin::PinyinKind::Initials, _) => INITIALED,
                // One or two letters amid a name mean almost anything.
                _ if few => continue,
                (false, pinyin::PinyinKind::Full, false) => 50 + share * 30 / 100,
                (false, pinyin::PinyinKind::Full, true) => 40 + share * 30 / 100,
                (false, pinyin::PinyinKind::Initials, _) => 25 + share * 30 / 100,
            };
            self.note(value, Answer { worth, way: Way::Pinyin });
        }
    }
}

/// How well a text answers a name that it may have in it; both are folded.
fn worth(name: &str, text: &str, has_han: bool) -> Option<u32> {
    if name == text {
        return Some(PERFECT);
    }
    let share = share(name.len(), text.len());
    if !has_han {
        // Every word of the name is there by its stem, if in another form or order.
        let at_border = text.find(name).is_some_and(|at| {
            !text[..at].chars().next_back().is_some_and(latin::is_letter)
                && !text[at + name.len()..].chars().next().is_some_and(latin::is_letter)
        });
        return Some(if at_border { 55 + share * 35 / 100 } else { 45 + share * 35 / 100 });
    }
    let at = text.find(name)?;
    // What follows in brackets only explains: 铬（六价） is 铬.
    let rest = &text[at + name.len()..];
    let is_explained = at == 0 && rest.starts_with('(') && rest.ends_with(')');
    let single = name.chars().nth(1).is_none();
    Some(match (at == 0, at + name.len() == text.len()) {
        _ if is_explained => NAME,
        // 总铅, 铅含量: one character says little within a longer text.
        _ if single => 20 + share * 60 / 100,
        (true, _) => 60 + share * 35 / 100,
        (_, true) => 58 + share * 35 / 100,
        _ => 48 + share * 35 / 100,
    })
}

/// A part of a whole, of a hundred.
fn share(part: usize, whole: usize) -> u32 {
    u32::try_from(part * 100 / whole.max(1)).unwrap_or(100).min(100)
}
