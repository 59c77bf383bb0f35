//! From the texts of a question to what they mean in the register.

use std::collections::{BTreeMap, HashSet};

use super::{
    candidates,
    grade::Asked,
    holders::{self, LabWords},
    meaning::Meant,
    question::Question,
    regions,
    texts::Texts,
    values,
    words::{self, Reading, Word},
};
use crate::{
    directory::standard::number::StandardNumber,
    platform::fault::{Fault, Outcome},
    search::{
        index::Snapshot,
        register::{Equipment, Kind},
        text::synonym::Synonyms,
    },
};

/// What a place that is named in a question is worth as a word.
pub(super) const REGION: u32 = 60;

/// The free text, and the conditions that are texts as well.
pub(super) fn reading(texts: Texts<'_>, synonyms: &Synonyms, question: &Question) -> Outcome<Reading> {
    let mut reading = Reading::default();
    if let Some(text) = &question.text {
        reading = words::read(texts, synonyms, text, "text")?;
    }
    for (text, kind, path) in
        [(&question.parameter, Kind::Parameter, "where.parameter"), (&question.object, Kind::Object, "where.object")]
    {
        let Some(text) = text else { continue };
        let more = words::read(texts, synonyms, text, path)?;
        reading.words.extend(more.words.into_iter().map(|word| Word { only: Some(kind), ..word }));
        reading.standards.extend(more.standards);
        reading.passed_over.extend(more.passed_over);
    }
    if reading.words.len() > words::MOST_WORDS {
        return Err(Fault::invalid("text", "TOO_MANY_WORDS", format!("Ask with at most {} words.", words::MOST_WORDS)));
    }
    Ok(reading)
}

pub(super) fn asked(texts: Texts<'_>, reading: &Reading, question: &Question) -> Outcome<Vec<Asked>> {
    let named = reading.standards.iter().map(|number| Asked::of(texts, number));
    let mut asked: Vec<Asked> = named.collect();
    for (at, text) in question.standards.iter().enumerate() {
        if text.trim().is_empty() {
            let path = format!("where.standard.{at}");
            return Err(Fault::invalid(path, "STANDARD_NUMBER", "Write a standard number such as GB/T 5009.12-2017."));
        }
        asked.push(Asked { is_condition: true, ..Asked::of(texts, &StandardNumber::or_raw(text)) });
    }
    if asked.is_empty() && !question.grades.is_empty() {
        let message = "A grade says how a standard is met: name one in where.standard or in the text.";
        return Err(Fault::invalid("where.grade", "STANDARD_REQUIRED", message));
    }
    Ok(asked)
}

/// The words that are asked for, a bit each; parts of one word share it.
pub(super) fn bits<'a>(words: impl IntoIterator<Item = &'a Meant>) -> u32 {
    words.into_iter().fold(0, |bits, meant| bits | 1 << meant.bit)
}

/// The words of conditions.
pub(super) fn required(words: &[Meant]) -> u32 {
    bits(words.iter().filter(|meant| meant.word.only.is_some()))
}

/// Whether a word may name a site or a place.
pub(super) fn names_lab(meant: &Meant) -> bool {
    meant.word.text.chars().count() > 1 && meant.word.only.is_none()
}

/// Which sites answer a word by their names, or by where they are.
pub(super) fn named_labs(snapshot: &Snapshot, words: &mut LabWords, meant: &Meant) {
    let register = &snapshot.register;
    if !names_lab(meant) {
        return;
    }
    let mut best: BTreeMap<u32, u32> = BTreeMap::new();
    let mut note = |lab: u32, worth: u32| {
        let known = best.entry(lab).or_default();
        *known = worth.max(*known);
    };
    for (value, answer) in &meant.answers {
        let Some(kind) = register.values.get(*value).map(|value| value.kind) else { continue };
        if matches!(kind, Kind::Lab | Kind::Institution) {
            let worth = candidates::points(meant, kind, answer.worth);
            register.labs_of.get(*value).into_iter().flatten().for_each(|lab| note(*lab, worth));
        }
    }
    let ranges: Vec<(u32, u32)> = regions::named(&meant.word.text).filter_map(holders::subtree).collect();
    if !ranges.is_empty() {
        for (number, lab) in register.labs.iter() {
            if ranges.iter().any(|(from, to)| *from <= lab.region && lab.region <= *to) {
                note(number, REGION * meant.share / 100);
            }
        }
    }
    for (lab, worth) in best {
        words.note(register, lab, meant.bit, worth);
    }
}

/// The items of equipment that answer a text by class, name, model or manufacturer, by number.
pub(super) fn class(texts: Texts<'_>, synonyms: &Synonyms, text: &str) -> Outcome<Vec<bool>> {
    let register = &texts.0.register;
    let reading = words::read(texts, synonyms, text, "where.equipment")?;
    let mut lists = Vec::new();
    for word in reading.words {
        let word = Word { only: Some(Kind::Instrument), ..word };
        lists.push(values::answers(texts, &word).into_keys().collect::<HashSet<u32>>());
    }
    let is_of = |item: &Equipment| {
        item.revisions.last().is_some_and(|last| {
            let named =
                last.names.iter().copied().chain([last.class, last.model, last.manufacturer].into_iter().flatten());
            let named: Vec<u32> = named.collect();
            lists.iter().all(|list| named.iter().any(|value| list.contains(value)))
        })
    };
    Ok(register.equipment.iter().map(|(_, item)| is_of(item)).collect())
}
