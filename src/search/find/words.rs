//! Reading a question: which standards it names, and which words it consists of.

use std::ops::Range;

use super::texts::Texts;
use crate::{
    directory::standard::number::{StandardNumber, find_all},
    platform::fault::{Fault, Outcome},
    search::{
        register::Kind,
        text::{
            fold::{Folded, fold},
            han, latin,
            segment::is_stop,
            synonym::Synonyms,
            tokens::{self, token},
        },
    },
};

/// Most characters of a question.
pub const MOST_CHARACTERS: usize = 400;
/// Most words of a question, its standards and those of other conditions included: each is a bit.
pub const MOST_WORDS: usize = 24;
/// Characters of the longest text that is taken as one word because the register or the synonyms know it.
const LONGEST_KNOWN: usize = 24;

/// A word of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Folded.
    pub text: String,
    /// Where it stands in what was asked.
    pub span: Range<usize>,
    /// What it must name; none: anything.
    pub only: Option<Kind>,
    /// Other names of the same thing, folded.
    pub synonyms: Vec<String>,
}

/// A question, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Standards that it names.
    pub standards: Vec<StandardNumber>,
    /// Its words, without those that carry no weight.
    pub words: Vec<Word>,
    /// Its words that carry no weight, as they were written.
    pub passed_over: Vec<String>,
}

/// Reads a text.
///
/// # Errors
/// `INVALID` at `path` for a text of too many characters or words.
pub fn read(texts: Texts<'_>, synonyms: &Synonyms, text: &str, path: &str) -> Outcome<Reading> {
    if text.chars().count() > MOST_CHARACTERS {
        let message = format!("Ask with at most {MOST_CHARACTERS} characters: a parameter, an object, a standard.");
        return Err(Fault::invalid(path, "TEXT_TOO_LONG", message));
    }
    let mut reading = Reading::default();
    // Each standard becomes a blank, so that what stands before and behind it stays apart.
    let mut rest = text.to_owned();
    for (span, number) in find_all(text) {
        rest.replace_range(span.clone(), &" ".repeat(span.len()));
        reading.standards.push(number);
    }
    let folded = fold(&rest);
    let mut weightless = Vec::new();
    for span in (Whole { texts, synonyms, folded: &folded.text }).words() {
        let word = &folded.text[span.clone()];
        let is_light = if word.chars().all(han::is_han) { is_stop(word) } else { latin::is_stop(word) };
        if is_light {
            weightless.push(span);
        } else {
            reading.words.push(word_of(&folded, span, synonyms));
        }
    }
    // Nothing but light words: then these are what is asked for.
    if reading.words.is_empty() && reading.standards.is_empty() {
        reading.words =
            std::mem::take(&mut weightless).into_iter().map(|span| word_of(&folded, span, synonyms)).collect();
    }
    reading.passed_over = weightless.into_iter().map(|span| rest[folded.span(span)].to_owned()).collect();
    reading.words.dedup_by(|one, other| one.text == other.text);
    if reading.words.len() + reading.standards.len() > MOST_WORDS {
        let message = format!("Ask with at most {MOST_WORDS} words.");
        return Err(Fault::invalid(path, "TOO_MANY_WORDS", message));
    }
    Ok(reading)
}

fn word_of(folded: &Folded, span: Range<usize>, synonyms: &Synonyms) -> Word {
    let text = folded.text[span.clone()].to_owned();
    let mut other: Vec<String> = synonyms
        .concepts(&text)
        .flat_map(|concept| concept.names.iter())
        .map(|name| name.folded.clone())
        .filter(|name| *name != text)
        .collect();
    other.sort_unstable();
    other.dedup();
    Word { span: folded.span(span), only: None, synonyms: other, text }
}

/// A question without its standards, folded.
struct Whole<'a> {
    texts: Texts<'a>,
    synonyms: &'a Synonyms,
    folded: &'a str,
}

impl Whole<'_> {
    /// Its words: the longest names that the register or the synonyms know, and between them words of the language.
    fn words(&self) -> Vec<Range<usize>> {
        let (mut words, mut at, mut unknown) = (Vec::new(), 0, 0);
        while at < self.folded.len() {
            match self.known(at) {
                Some(end) => {
                    self.plain(unknown..at, &mut words);
                    words.push(at..end);
                    (at, unknown) = (end, end);
                }
                None => at += self.folded[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        self.plain(unknown..self.folded.len(), &mut words);
        words
    }

    /// Where the longest name that begins here ends.
    fn known(&self, at: usize) -> Option<usize> {
        let text = &self.folded[at..];
        let first = text.chars().next()?;
        let is_amid_word =
            latin::is_letter(first) && self.folded[..at].chars().next_back().is_some_and(latin::is_letter);
        if is_amid_word || !first.is_alphanumeric() {
            return None;
        }
        // A single character is a word only where the language divides the text so.
        let synonym = self.synonyms.longest(self.folded, at).map(|(span, _)| span.end);
        let synonym = synonym.filter(|end| self.folded[at..*end].chars().nth(1).is_some()).unwrap_or(at);
        let ends: Vec<usize> = text.char_indices().map(|(start, c)| start + c.len_utf8()).take(LONGEST_KNOWN).collect();
        let value = ends.iter().rev().copied().take_while(|end| at + end > synonym).find(|end| {
            let name = &text[..*end];
            let ends_amid_word = name.chars().next_back().is_some_and(latin::is_letter)
                && text[*end..].chars().next().is_some_and(latin::is_letter);
            !ends_amid_word && ends.first() != Some(end) && self.texts.has(&token(tokens::WHOLE, name))
        });
        value.map(|end| at + end).or((synonym > at).then_some(synonym))
    }

    /// Words of the language.
    fn plain(&self, span: Range<usize>, words: &mut Vec<Range<usize>>) {
        let text = &self.folded[span.clone()];
        let mut found: Vec<Range<usize>> = tokens::segmenter().words(text);
        let mut singles: Option<Range<usize>> = None;
        let mut joined = Vec::new();
        found.sort_by_key(|word| word.start);
        // What the dictionary cannot divide comes in single characters; those that stand together are one new word.
        for word in found {
            let is_single = text[word.clone()].chars().count() == 1 && !is_stop(&text[word.clone()]);
            match &mut singles {
                Some(before) if is_single && before.end == word.start => before.end = word.end,
                _ => {
                    joined.extend(singles.take());
                    if is_single { singles = Some(word) } else { joined.push(word) }
                }
            }
        }
        joined.extend(singles);
        joined.extend(latin::words(text).into_iter().filter(|word| !word.part).map(|word| word.span));
        joined.sort_by_key(|word| word.start);
        words.extend(joined.into_iter().map(|word| span.start + word.start..span.start + word.end));
    }
}
