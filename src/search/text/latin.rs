//! Words of Latin letters and digits, with the names of chemistry kept whole.

use std::{borrow::Cow, ops::Range};

use rust_stemmers::{Algorithm, Stemmer};

use super::han::is_han;

/// A word of a folded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it stands, in bytes of the folded text.
    pub span: Range<usize>,
    /// Whether it is a part of the longer word before it (`d` of `2,4-d`).
    pub part: bool,
}

/// The words of letters and digits that are not Chinese, in the order of the text, each whole word before its parts.
///
/// Whole stay `2,4-d`, `b1`, `pm2.5`, `108-78-1`, `o,p'-ddt`, `benzo[a]pyrene`. Parts are what is between hyphens, commas and
/// brackets, and what is before and after the change from letters to digits where there are two letters or more.
pub fn words(folded: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(start) = folded[at..].find(is_letter).map(|found| at + found) {
        let end = end_of(folded, start);
        words.push(Word { span: start..end, part: false });
        let parts = parts(folded, start..end);
        if parts.len() > 1 {
            words.extend(parts.into_iter().map(|span| Word { span, part: true }));
        }
        at = end;
    }
    words
}

/// A letter or digit of a word: of any script but the Chinese.
pub fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c)
}

/// Where the word that begins at `start` ends.
fn end_of(text: &str, start: usize) -> usize {
    let mut end = start;
    loop {
        end += chunk(&text[end..]).len();
        let Some(joint) = joint(&text[start..end], &text[end..]) else { return end };
        end += joint;
    }
}

/// The letters and digits at the beginning.
fn chunk(text: &str) -> &str {
    &text[..text.find(|c| !is_letter(c)).unwrap_or(text.len())]
}

/// How many bytes of `after` bind it to `before`, if any do.
fn joint(before: &str, after: &str) -> Option<usize> {
    let mut chars = after.chars();
    let sign = chars.next()?;
    let rest = chars.as_str();
    let last = before.rfind(|c| !is_letter(c)).map_or(before, |at| &before[at..]).trim_start_matches(|c| !is_letter(c));
    match sign {
        '.' if ends(before, '0'..='9') && starts(rest, '0'..='9') => Some(1),
        '-' if rest.starts_with(is_letter) => Some(1),
        ',' if is_locant(last) && is_locant(chunk(rest)) => Some(1),
        '\'' if is_locant(last) && rest.starts_with(['-', ',']) => {
            let next = rest[1..].starts_with(is_letter);
            next.then_some(2)
        }
        '[' | '(' if before.ends_with(char::is_alphabetic) => bracket(rest, if sign == '[' { ']' } else { ')' }),
        _ => None,
    }
}

/// The length of a bracket of locants, opening and closing signs and a hyphen after it included, where letters go on
/// after it: `[1,2,3-cd]` of `indeno[1,2,3-cd]pyrene`.
fn bracket(inner: &str, closing: char) -> Option<usize> {
    let end = inner.char_indices().take(12).find(|&(_, c)| c == closing)?.0;
    let sound = end > 0 && inner[..end].chars().all(|c| is_letter(c) || matches!(c, ',' | '-' | '\''));
    let after = &inner[end + 1..];
    let hyphen = usize::from(after.starts_with('-'));
    (sound && after[hyphen..].starts_with(char::is_alphabetic) && after[hyphen..].starts_with(is_letter))
        .then_some(end + 2 + hyphen)
}

fn ends(text: &str, range: std::ops::RangeInclusive<char>) -> bool {
    text.chars().next_back().is_some_and(|c| range.contains(&c))
}

fn starts(text: &str, range: std::ops::RangeInclusive<char>) -> bool {
    text.chars().next().is_some_and(|c| range.contains(&c))
}

/// A place in a molecule: digits, or one letter.
fn is_locant(chunk: &str) -> bool {
    let mut chars = chunk.chars();
    match chars.next() {
        Some(first) => chars.as_str().is_empty() || (first.is_ascii_digit() && chars.all(|c| c.is_ascii_digit())),
        None => false,
    }
}

/// The parts of a word.
fn parts(text: &str, word: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut at = word.start;
    while at < word.end {
        let rest = &text[at..word.end];
        let length = rest.find(|c: char| !is_letter(c) && c != '.').unwrap_or(rest.len());
        if length == 0 {
            at += 1;
            continue;
        }
        halve(text, at..at + length, &mut parts);
        at += length;
    }
    parts
}

/// Divides letters from the digits after them where there are two letters or more: `pm2.5`, `iso9001`.
fn halve(text: &str, part: Range<usize>, parts: &mut Vec<Range<usize>>) {
    let piece = &text[part.clone()];
    let letters = piece.find(|c: char| c.is_ascii_digit()).unwrap_or(piece.len());
    let digits = piece[letters..].chars().all(|c| c.is_ascii_digit() || c == '.');
    if letters < piece.len() && digits && piece[..letters].chars().count() > 1 {
        parts.push(part.start..part.start + letters);
        parts.push(part.start + letters..part.end);
    } else {
        parts.push(part);
    }
}

/// The English stem (Snowball) of a folded word; words with anything but a–z and words below four letters stay.
pub fn stem(word: &str) -> Cow<'_, str> {
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Cow::Borrowed(word);
    }
    Stemmer::create(Algorithm::English).stem(word)
}

/// Words that carry no weight in this field, folded.
const STOPS: &[&str] = &[
    "a",
    "an",
    "analyse",
    "analysed",
    "analysis",
    "analyze",
    "analyzed",
    "and",
    "are",
    "as",
    "assay",
    "at",
    "be",
    "by",
    "can",
    "check",
    "checking",
    "content",
    "detect",
    "detection",
    "determination",
    "determinations",
    "determine",
    "determined",
    "determining",
    "for",
    "from",
    "has",
    "have",
    "how",
    "in",
    "inspection",
    "into",
    "is",
    "it",
    "item",
    "items",
    "its",
    "lab",
    "laboratories",
    "laboratory",
    "labs",
    "level",
    "levels",
    "measure",
    "measured",
    "measurement",
    "measurements",
    "measuring",
    "method",
    "methods",
    "of",
    "on",
    "or",
    "parameter",
    "parameters",
    "procedure",
    "procedures",
    "product",
    "products",
    "property",
    "properties",
    "sample",
    "samples",
    "sampling",
    "standard",
    "standards",
    "test",
    "tested",
    "testing",
    "tests",
    "that",
    "the",
    "their",
    "this",
    "to",
    "using",
    "via",
    "was",
    "what",
    "where",
    "which",
    "who",
    "with",
];

/// Whether a folded word carries no weight in this field: articles, `of`, `determination`, `testing`, `method`. Whether such
/// words are left out is the caller's decision: a text may hold nothing else.
pub fn is_stop(word: &str) -> bool {
    STOPS.contains(&word)
}

/// How many typing errors a word of so many letters may hold: none below 4, one up to 7, two from 8. Words with digits
/// are codes and names of substances, of which one character makes another: [`forgives`] knows them.
pub const fn tolerance(letters: usize) -> u8 {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// How many typing errors this word may hold: none where it has anything but letters.
pub fn forgives(word: &str) -> u8 {
    if word.chars().all(|c| c.is_alphabetic() && !is_han(c)) { tolerance(word.chars().count()) } else { 0 }
}

/// The number of typing errors between two words, over characters: one left out, one too many, one wrong, two
/// neighbours exchanged (optimal string alignment). `None` beyond `max`.
pub fn distance(a: &str, b: &str, max: u8) -> Option<u8> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let max = usize::from(max);
    if a.len().abs_diff(b.len()) > max {
        return None;
    }
    // What both begin and end with costs nothing.
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(above.len());
        row.push(i + 1);
        for (j, &y) in b.iter().enumerate() {
            let mut least = (above[j] + usize::from(x != y)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        // An exchange reaches back two rows: both must be beyond hope.
        let hopeless = |row: &[usize]| row.iter().all(|&cost| cost > max);
        if hopeless(&row) && hopeless(&above) {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().filter(|&&cost| cost <= max).and_then(|&cost| u8::try_from(cost).ok())
}
