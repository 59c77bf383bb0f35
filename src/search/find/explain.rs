//! Why a line stands where it stands: the factors of its score, and where the words of the question are in it.

use std::ops::Range;

use super::{
    Understood, candidates,
    grade::Grade,
    meaning::{Meant, counted},
    rank::Ranked,
    regions,
    values::Way,
    words::Word,
};
use crate::search::{
    register::{Competence, Lab, Register},
    text::{fold::fold, latin},
};

/// One factor of a line's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// What counts: `PARAMETER`, `OBJECT`, `METHOD`, `TITLE`, `FIELD`, `LAB`, `REGION`, `STANDARD`, `LIMITS`, `SUPERSEDED`,
    /// `DISTANCE`.
    pub name: &'static str,
    /// The word, standard or distance that it is about.
    pub about: String,
    /// How it was met, where it is a word.
    pub way: Option<Way>,
    /// What it adds to the score, or takes from it.
    pub points: i32,
}

/// Where words of the question are in a text of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// `parameter`, `object`, `method` or `field`.
    pub of: &'static str,
    /// The text of the line.
    pub text: String,
    /// Spans of its bytes, in order, none touching another.
    pub spans: Vec<Range<usize>>,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// How it meets the standards that are asked for; none where none is.
    pub grade: Option<Grade>,
    /// Whether the edition that it cites is known to be past.
    pub is_past: bool,
    /// Whether 限制范围 says what it does not cover.
    pub limited: bool,
    /// The score by which relevance is ordered: the sum of its factors.
    pub score: i32,
    /// What the score consists of, the largest first.
    pub factors: Vec<Factor>,
    /// Where the words are.
    pub highlights: Vec<Highlight>,
    /// How far the site is, in metres.
    pub metres: Option<u32>,
}

pub(super) fn explained(understood: &Understood, line: &Ranked) -> Explained {
    let register = &understood.snapshot.register;
    let competence = register.competences.get(line.competence).copied().unwrap_or_default();
    let lab = register.holders.get(line.holder).map_or(0, |holder| holder.lab);
    let at = understood.rule.candidates.binary_search_by_key(&line.competence, |one| one.competence);
    let of_line = at.map_or(candidates::BASE, |at| understood.rule.candidates[at].score);
    let score = points(of_line + understood.rule.lab_words.of(lab).1) - points(candidates::BASE);
    let mut factors = words(understood, line, &competence);
    let best = candidates::best(&understood.asked, &competence);
    let grade = (!understood.asked.is_empty()).then(|| best.unwrap_or(Grade::SameParameter));
    if let Some(grade) = best {
        let points = points(candidates::worth(register, &understood.asked, &competence, grade));
        let about = competence.standard.map_or_else(String::new, |key| register.text(key).to_owned());
        let about = competence.year.map_or(about.clone(), |year| format!("{about}-{year}"));
        factors.push(Factor { name: "STANDARD", about, way: None, points });
    }
    if competence.limited {
        factors.push(Factor { name: "LIMITS", about: String::new(), way: None, points: -points(candidates::LIMITED) });
    }
    let is_past = candidates::is_past(register, &competence);
    if is_past && understood.asked.is_empty() {
        factors.push(Factor {
            name: "SUPERSEDED",
            about: String::new(),
            way: None,
            points: -points(candidates::SUPERSEDED),
        });
    }
    let metres = understood.metres(lab);
    if let Some(metres) = metres {
        factors.push(Factor { name: "DISTANCE", about: format!("{} km", metres / 1_000), way: None, points: 0 });
    }
    factors.sort_by_key(|factor| std::cmp::Reverse(factor.points));
    Explained {
        grade,
        is_past,
        limited: competence.limited,
        score,
        factors,
        highlights: highlights(understood, &competence),
        metres,
    }
}

fn points(worth: u32) -> i32 {
    i32::try_from(worth).unwrap_or(i32::MAX)
}

/// For each word what of the line answers it best, and what of the site.
fn words(understood: &Understood, line: &Ranked, competence: &Competence) -> Vec<Factor> {
    let register = &understood.snapshot.register;
    let titles = competence.standard.and_then(|key| register.editions_of.get(key)).map_or(&[][..], Vec::as_slice);
    let titles = titles.iter().filter_map(|number| register.standards.get(*number)).flat_map(|one| one.titles.iter());
    let mut values = vec![
        ("PARAMETER", competence.parameter),
        ("OBJECT", competence.object),
        ("METHOD", competence.method),
        ("FIELD", competence.field),
    ];
    values.extend(titles.map(|title| ("TITLE", *title)));
    let lab = register.holders.get(line.holder).and_then(|holder| register.labs.get(holder.lab));
    let names: Vec<_> = lab.into_iter().flat_map(|lab| lab.names.iter()).map(|name| ("LAB", *name)).collect();
    let mut factors = Vec::new();
    for words in counted(&understood.words) {
        factors.extend(words.iter().filter_map(|meant| best(register, meant, &values)).max_by_key(|one| one.points));
        for meant in words.iter().filter(|meant| super::read::names_lab(meant)) {
            let named = best(register, meant, &names);
            let region = lab.and_then(|lab| by_region(meant, lab));
            factors.extend(named.into_iter().chain(region).max_by_key(|one| one.points));
        }
    }
    factors
}

/// The text that answers a word best.
fn best(register: &Register, meant: &Meant, values: &[(&'static str, u32)]) -> Option<Factor> {
    let factor = |(name, value): &(&'static str, u32)| {
        let answer = meant.answers.get(value)?;
        let points = points(candidates::points(meant, register.values.get(*value)?.kind, answer.worth));
        Some(Factor { name, about: meant.word.text.clone(), way: Some(answer.way), points })
    };
    values.iter().filter_map(factor).max_by_key(|one| one.points)
}

/// The place of a site, where a word names it.
fn by_region(meant: &Meant, lab: &Lab) -> Option<Factor> {
    let mut ranges = regions::named(&meant.word.text).filter_map(super::holders::subtree);
    let is_there = ranges.any(|(from, to)| from <= lab.region && lab.region <= to);
    let points = points(super::read::REGION * meant.share / 100);
    is_there.then(|| Factor { name: "REGION", about: meant.word.text.clone(), way: None, points })
}

/// The words in the texts of a line.
fn highlights(understood: &Understood, competence: &Competence) -> Vec<Highlight> {
    let register = &understood.snapshot.register;
    let texts = [
        ("parameter", competence.parameter),
        ("object", competence.object),
        ("method", competence.method),
        ("field", competence.field),
    ];
    let mut highlights = Vec::new();
    for (of, value) in texts {
        let text = register.text(value);
        let folded = fold(text);
        let mut spans: Vec<Range<usize>> = Vec::new();
        for meant in understood.words.iter().filter(|meant| meant.answers.contains_key(&value)) {
            let Word { text: written, synonyms, within, wider, narrower, .. } = &meant.word;
            let names = [written].into_iter().chain(synonyms).chain(within).chain(wider).chain(narrower);
            let way = meant.answers.get(&value).map(|answer| answer.way);
            spans.extend(names.flat_map(|name| places(&folded.text, name)).map(|span| folded.span(span)));
            if way == Some(Way::Pinyin)
                && let Some(found) = crate::search::text::pinyin::matches(&meant.word.text, &folded.text)
            {
                spans.push(folded.span(found.span));
            }
        }
        if of == "method" {
            let asked = |number: &crate::directory::standard::number::StandardNumber| {
                understood
                    .asked
                    .iter()
                    .any(|one| one.key == number.key() || one.kin.iter().any(|key| register.text(*key) == number.key()))
            };
            let numbers = crate::directory::standard::number::find_all(text);
            spans.extend(numbers.into_iter().filter(|(_, number)| asked(number)).map(|(span, _)| span));
        }
        let spans = joined(spans);
        if !spans.is_empty() {
            highlights.push(Highlight { of, text: text.to_owned(), spans });
        }
    }
    highlights
}

/// Where a name stands in a folded text; by its words where it is of letters.
fn places(text: &str, name: &str) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = text.match_indices(name).map(|(at, found)| at..at + found.len()).collect();
    if places.is_empty() {
        let stems: Vec<_> =
            latin::words(name).into_iter().map(|word| latin::stem(&name[word.span]).into_owned()).collect();
        let same = |word: &latin::Word| stems.iter().any(|stem| **stem == *latin::stem(&text[word.span.clone()]));
        places = latin::words(text).into_iter().filter(same).map(|word| word.span).collect();
    }
    places
}

fn joined(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.retain(|span| span.start < span.end);
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}
