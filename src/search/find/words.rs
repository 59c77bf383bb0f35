//! Reading a question: which standards it names, and which words it consists of.

use std::ops::Range;

use super::{
    numbers, regions,
    spelling::Spelling,
    texts::Texts,
    values::{ERROR, INITIALED, PERFECT, SPELLED, Way},
};
use crate::{
    directory::standard::number::StandardNumber,
    platform::fault::{Fault, Outcome},
    search::{
        register::Kind,
        text::{
            concept::Concept,
            fold::fold,
            han, latin, pinyin,
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

/// Characters of the name of a place at most.
const LONGEST_PLACE: usize = 16;

/// Words of a Latin name at most.
const LONGEST_NAME: usize = 8;

/// A word of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Folded; a mistyped word as it is meant.
    pub text: String,
    /// Where it stands in what was asked.
    pub span: Range<usize>,
    /// What it must name; none: anything.
    pub only: Option<Kind>,
    /// Other names of the same thing, folded, the standard names first.
    pub synonyms: Vec<String>,
    /// How many of them are standard names.
    pub standard_names: usize,
    /// Names that have it as a word in their English form.
    pub within: Vec<String>,
    /// Names of what it is a part or a kind of.
    pub wider: Vec<String>,
    /// Standard names of what is a part or a kind of it.
    pub narrower: Vec<String>,
    /// How it was understood, where it is not as written: despite typing errors, or its synonyms by pinyin.
    pub way: Option<Way>,
    /// How certain that is, of a hundred.
    pub certain: u32,
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
    let spelling = Spelling { texts, synonyms };
    let rest = numbers::without_standards(spelling, text, &mut reading.standards);
    let folded = fold(&rest);
    let pieces = Whole::new(spelling, &folded.text).pieces();
    let (light, heavy): (Vec<Piece>, Vec<Piece>) =
        pieces.into_iter().partition(|piece| is_light(&folded.text, &piece.span));
    // Nothing but light words: then these are what is asked for.
    let all_light = heavy.is_empty() && reading.standards.is_empty();
    let (kept, passed) = if all_light { (light, heavy) } else { (heavy, light) };
    reading.passed_over = passed.into_iter().map(|piece| rest[folded.span(piece.span)].to_owned()).collect();
    let is_nothing = kept.is_empty() && reading.passed_over.is_empty() && reading.standards.is_empty();
    for piece in kept {
        let span = folded.span(piece.span.clone());
        reading.words.push(Word { span, ..Word::of(synonyms, piece.text, piece.errors) });
    }
    // Signs alone are no question for everything: nothing has them in its name.
    if is_nothing && !folded.text.trim().is_empty() {
        reading.words.push(Word { span: 0..text.len(), ..Word::of(synonyms, folded.text.trim().to_owned(), 0) });
    }
    reading.words.dedup_by(|one, other| one.text == other.text);
    if reading.words.len() + reading.standards.len() > MOST_WORDS {
        let message = format!("Ask with at most {MOST_WORDS} words.");
        return Err(Fault::invalid(path, "TOO_MANY_WORDS", message));
    }
    Ok(reading)
}

/// Whether a word carries no weight. A letter that is glued to Chinese belongs to it: `A声级`.
fn is_light(text: &str, span: &Range<usize>) -> bool {
    let word = &text[span.clone()];
    if word.chars().all(han::is_han) {
        return is_stop(word);
    }
    let glued = text[..span.start].ends_with(han::is_han) || text[span.end..].starts_with(han::is_han);
    latin::is_stop(word) && !glued
}

impl Word {
    /// A folded word with its synonyms; `errors`: how many typing errors were put right in it.
    pub fn of(synonyms: &Synonyms, text: String, errors: u8) -> Self {
        let mut way = (errors > 0).then_some(Way::Nearly);
        let mut certain = PERFECT - ERROR * u32::from(errors).min(4);
        let mut concepts: Vec<&Concept> = synonyms.concepts(&text).chain(synonyms.concepts_by_stems(&text)).collect();
        if concepts.is_empty()
            && !synonyms.knows_word(&text)
            && let Some(typed) = pinyin::typed(&text)
        {
            concepts.extend(synonyms.concepts_by_pinyin(&typed));
            if let Some(concept) = concepts.first() {
                let in_full = concept.names.iter().any(|name| pinyin::is_in_full(&typed, &name.folded));
                let spelled = if in_full { SPELLED } else { INITIALED };
                (way, certain) = (Some(Way::Pinyin), spelled * certain / PERFECT);
            }
        }
        let mut within: Vec<&Concept> = synonyms.concepts_with_words(&text).collect();
        within.retain(|concept| !concepts.contains(concept));
        let mut names = standard(concepts.iter().copied());
        names.retain(|name| *name != text);
        let standard_names = names.len();
        for name in concepts.iter().flat_map(|concept| &concept.names) {
            if name.folded != text && !names.contains(&name.folded) {
                names.push(name.folded.clone());
            }
        }
        Self {
            span: 0..0,
            only: None,
            synonyms: names,
            standard_names,
            within: standard(within.into_iter()),
            wider: synonyms.wider(&text).flat_map(|one| &one.names).map(|name| name.folded.clone()).collect(),
            narrower: standard(synonyms.narrower(&text)),
            way,
            certain,
            text,
        }
    }
}

/// The standard names of concepts.
fn standard<'a>(concepts: impl Iterator<Item = &'a Concept>) -> Vec<String> {
    concepts.filter_map(|concept| concept.names.first()).map(|name| name.folded.clone()).collect()
}

/// A piece of a folded text, and what it is meant to be.
struct Piece {
    span: Range<usize>,
    text: String,
    errors: u8,
}

/// A question without its standards, folded.
struct Whole<'a> {
    spelling: Spelling<'a>,
    folded: &'a str,
    /// Its Chinese words.
    chinese: Vec<Range<usize>>,
    /// Its Latin words, put right.
    latin: Vec<Piece>,
}

impl<'a> Whole<'a> {
    fn new(spelling: Spelling<'a>, folded: &'a str) -> Self {
        let read = |span: Range<usize>| {
            let word = &folded[span.clone()];
            let (text, errors) = spelling.repaired(word).unwrap_or_else(|| (word.to_owned(), 0));
            Piece { span, text, errors }
        };
        let mut words = latin::words(folded);
        words.retain(|word| !word.part);
        // So many words are refused: nothing needs to be put right.
        words.truncate(MOST_WORDS * 2);
        let latin = words.into_iter().map(|word| read(word.span)).collect();
        Self { spelling, folded, chinese: tokens::segmenter().words(folded), latin }
    }

    /// Its words: the longest names that the register or the synonyms know, and between them words of the language.
    fn pieces(&self) -> Vec<Piece> {
        let (mut pieces, mut at, mut unknown) = (Vec::new(), 0, 0);
        while at < self.folded.len() {
            match self.known(at) {
                Some(piece) => {
                    self.plain(unknown..at, &mut pieces);
                    (at, unknown) = (piece.span.end, piece.span.end);
                    pieces.push(piece);
                }
                None => at += self.folded[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        self.plain(unknown..self.folded.len(), &mut pieces);
        pieces
    }

    /// The longest name that begins here.
    fn known(&self, at: usize) -> Option<Piece> {
        let first = self.folded[at..].chars().next()?;
        let is_amid_word =
            latin::is_letter(first) && self.folded[..at].chars().next_back().is_some_and(latin::is_letter);
        if is_amid_word || !first.is_alphanumeric() {
            return None;
        }
        let synonym = self.spelling.synonyms.longest(self.folded, at).map(|(span, _)| span.end);
        let synonym = synonym.filter(|end| self.is_apart(at..*end)).unwrap_or(at);
        let end = self.of_register(at, synonym).unwrap_or(synonym).max(self.of_places(at));
        let latin = self.of_words(at).filter(|piece| piece.span.end >= end);
        let written = || Piece { span: at..end, text: self.folded[at..end].to_owned(), errors: 0 };
        latin.or_else(|| (end > at).then(written))
    }

    /// Where the longest name of a place that begins here ends, or `at`: the language does not know each of them.
    fn of_places(&self, at: usize) -> usize {
        let chinese = self.folded[at..].char_indices().take_while(|(_, c)| han::is_han(*c));
        let ends: Vec<usize> = chinese.map(|(start, c)| at + start + c.len_utf8()).take(LONGEST_PLACE).collect();
        let is_place = |end: &usize| regions::named(&self.folded[at..*end]).next().is_some() && self.is_apart(at..*end);
        ends.into_iter().rev().find(is_place).unwrap_or(at)
    }

    /// Where the longest text of the register that begins here ends, if behind `least`.
    fn of_register(&self, at: usize, least: usize) -> Option<usize> {
        let ends: Vec<usize> =
            self.folded[at..].char_indices().map(|(start, c)| at + start + c.len_utf8()).take(LONGEST_KNOWN).collect();
        ends.into_iter().rev().take_while(|end| *end > least).find(|end| {
            let ends_amid_word =
                self.folded[..*end].ends_with(latin::is_letter) && self.folded[*end..].starts_with(latin::is_letter);
            !ends_amid_word
                && self.is_apart(at..*end)
                && self.spelling.texts.has(&token(tokens::WHOLE, &self.folded[at..*end]))
        })
    }

    /// Whether a name may stand here. A single character is a word only where the language divides the text so, and
    /// two Chinese ones count from border to border of its words alone: 土工 is not in 混凝土工程.
    fn is_apart(&self, span: Range<usize>) -> bool {
        let name = &self.folded[span.clone()];
        match name.chars().count() {
            1 => false,
            2 if name.chars().all(han::is_han) => {
                self.chinese.iter().any(|word| word.start == span.start)
                    && self.chinese.iter().any(|word| word.end == span.end)
            }
            _ => true,
        }
    }

    /// The longest name of Latin words that begins here: in any form of its words, mistyped, or spelled in pinyin.
    fn of_words(&self, at: usize) -> Option<Piece> {
        let first = self.latin.iter().position(|word| word.span.start == at)?;
        let blank = |pair: &[Piece]| matches!(&self.folded[pair[0].span.end..pair[1].span.start], " " | "-");
        let row = &self.latin[first..];
        let count = 1 + row.windows(2).take(LONGEST_NAME - 1).take_while(|pair| blank(pair)).count();
        (1..=count).rev().find_map(|count| {
            let words = &row[..count];
            let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
            let errors = words.iter().map(|word| word.errors).fold(0, u8::saturating_add);
            let is_name = self.spelling.synonyms.concepts_by_stems(&text).next().is_some()
                || count > 1 && self.spelling.is_spelled_apart(&text);
            is_name.then(|| Piece { span: at..words[count - 1].span.end, text, errors })
        })
    }

    /// Words of the language.
    fn plain(&self, span: Range<usize>, pieces: &mut Vec<Piece>) {
        let within = |word: &&Range<usize>| span.start <= word.start && word.end <= span.end;
        let mut words: Vec<Range<usize>> = self.chinese.iter().filter(within).cloned().collect();
        // A name that ends within a word of the language leaves the rest of it.
        if words.iter().map(|word| word.len()).sum::<usize>()
            < han::runs(&self.folded[span.clone()]).map(|run| run.len()).sum()
        {
            let rest = tokens::segmenter().words(&self.folded[span.clone()]).into_iter();
            words = rest.map(|word| span.start + word.start..span.start + word.end).collect();
        }
        let mut all: Vec<Piece> = joined(self.folded, words)
            .into_iter()
            .map(|span| Piece { text: self.folded[span.clone()].to_owned(), span, errors: 0 })
            .collect();
        let latin = self.latin.iter().filter(|word| within(&&word.span));
        all.extend(latin.map(|word| Piece { span: word.span.clone(), text: word.text.clone(), errors: word.errors }));
        all.sort_by_key(|piece| piece.span.start);
        pieces.append(&mut all);
    }
}

/// What the dictionary cannot divide comes in single characters; those that stand together are one new word.
fn joined(text: &str, words: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for word in words {
        let is_single = text[word.clone()].chars().count() == 1 && !is_stop(&text[word.clone()]);
        match joined.last_mut() {
            Some(before) if open && is_single && before.end == word.start => before.end = word.end,
            _ => joined.push(word),
        }
        open = is_single;
    }
    joined
}
