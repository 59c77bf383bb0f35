//! What a text of the register is found by. The first letter of a token says what it is.

use std::sync::OnceLock;

use super::{han, latin, pinyin, segment::Segmenter, synonym::Synonyms};
use crate::search::register::{Kind, Value};

/// The whole text, folded.
pub const WHOLE: char = '=';
/// One Chinese character.
pub const SINGLE: char = '1';
/// Two Chinese characters that stand together.
pub const PAIR: char = '2';
/// A Chinese word.
pub const WORD: char = 'w';
/// A word of letters and digits, by its stem.
pub const STEM: char = 's';
/// A word of letters and digits as it is, to be found by its beginning and despite typing errors.
pub const LETTERS: char = 'l';
/// Pinyin from a character on.
pub const PINYIN: char = 'p';
/// First letters of the pinyin from a character on.
pub const INITIALS: char = 'i';

/// The number of a standard without blanks and `/T`.
pub const COMPACT: char = 'c';

/// Longest token, in bytes; longer ones are cut at the border of a character.
const LONGEST: usize = 240;

/// Longest text that is found by its pinyin and by words of the language, in characters.
const SPELLED: usize = 64;

/// The words of the language, loaded once.
pub fn segmenter() -> &'static Segmenter {
    static SEGMENTER: OnceLock<Segmenter> = OnceLock::new();
    SEGMENTER.get_or_init(|| Segmenter::new(Synonyms::shipped().names()))
}

/// The number of a standard as one types it, without what nobody types alike.
pub fn compact(folded: &str) -> String {
    folded.replace("/t", "").replace("/z", "").split_whitespace().collect()
}

/// A token of a kind.
pub fn token(kind: char, text: &str) -> String {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut token = String::with_capacity(end + 1);
    token.push(kind);
    token.push_str(&text[..end]);
    token
}

/// Single characters and pairs of the Chinese parts of a folded text.
pub fn grams(folded: &str) -> (Vec<String>, Vec<String>) {
    let (mut singles, mut pairs) = (Vec::new(), Vec::new());
    for run in han::runs(folded) {
        let chars: Vec<&str> = folded[run].split_inclusive(|_: char| true).collect();
        singles.extend(chars.iter().map(|one| token(SINGLE, one)));
        pairs.extend(chars.windows(2).map(|two| token(PAIR, &two.concat())));
    }
    (singles, pairs)
}

/// Everything that a text is found by.
pub fn of_value(value: &Value) -> Vec<String> {
    if matches!(value.kind, Kind::Agency) {
        return Vec::new();
    }
    let text = value.folded().to_owned();
    let mut tokens = vec![token(WHOLE, &text)];
    if value.kind == Kind::Standard {
        tokens.push(token(COMPACT, &compact(&text)));
    }
    let (singles, pairs) = grams(&text);
    tokens.extend(singles);
    tokens.extend(pairs);
    for word in latin::words(&text) {
        let is_part = word.part;
        let word = &text[word.span];
        // The digits of a CAS number say nothing by themselves.
        let is_number = matches!(value.kind, Kind::Method | Kind::Standard);
        if is_part && !is_number && word.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        tokens.push(token(STEM, &latin::stem(word)));
        tokens.push(token(LETTERS, word));
    }
    // Methods and titles are found by their numbers and words; nobody spells them out in pinyin.
    if !matches!(value.kind, Kind::Method | Kind::Title) && text.chars().count() <= SPELLED {
        tokens.extend(segmenter().words(&text).into_iter().map(|word| token(WORD, &text[word])));
        tokens.extend(pinyin::spellings(&text).iter().map(|spelling| token(PINYIN, spelling)));
        tokens.extend(pinyin::initials(&text).iter().map(|initials| token(INITIALS, initials)));
    }
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}
