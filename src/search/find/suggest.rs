//! Completing what somebody types: parameters, objects, standards, fields, labs and instruments.

use std::sync::{Arc, atomic::AtomicBool};

use hashbrown::HashMap;
use uuid::Uuid;

use super::{
    holders::{LabWords, Sites, sees},
    question::Question,
    rule::{Candidate, Rule},
    scan::{self, Wanted},
    texts::Texts,
};
use crate::search::{
    index::Snapshot,
    register::{Kind, Register},
    text::{
        fold::folded,
        pinyin,
        synonym::Synonyms,
        tokens::{self, token},
    },
};

/// Most texts that are held against what the asker may see.
const MOST_TRIED: usize = 400;

/// A completion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What it names.
    pub kind: Kind,
    /// The text to put in the place of what was typed.
    pub text: String,
    /// The site or institution that is named.
    pub id: Option<Uuid>,
    /// Another name of it that was typed, where it was one.
    pub by: Option<String>,
}

/// The completions of a text among some kinds, the best first. `question` says who asks, and when.
pub fn suggest(
    snapshot: &Arc<Snapshot>,
    synonyms: &Synonyms,
    question: &Question,
    (typed, kinds, most): (&str, &[Kind], usize),
) -> Vec<Suggestion> {
    let typed = folded(typed);
    let typed = typed.trim();
    if typed.is_empty() {
        return Vec::new();
    }
    let found = found(Texts(snapshot), synonyms, typed, kinds);
    let mut ranked: Vec<(u32, usize, u32, Option<String>)> = found
        .into_iter()
        .map(|(value, (worth, by))| {
            let common = snapshot.register.competences_of(value).len();
            // Of texts that are completed alike the commoner is meant, roughly.
            let worth = worth + common.checked_ilog2().unwrap_or(0);
            (worth, snapshot.register.text(value).len(), value, by)
        })
        .collect();
    ranked.sort_unstable_by(|one, other| other.0.cmp(&one.0).then_with(|| (one.1, one.2).cmp(&(other.1, other.2))));
    let mut shown = Shown::to(snapshot, question);
    let tried = ranked.into_iter().take(MOST_TRIED);
    tried.filter_map(|(_, _, value, by)| shown.suggestion(value, by)).take(most).collect()
}

/// The texts that what was typed begins, with what that is worth and by which other name.
fn found(texts: Texts<'_>, synonyms: &Synonyms, typed: &str, kinds: &[Kind]) -> HashMap<u32, (u32, Option<String>)> {
    let register = &texts.0.register;
    let mut found: HashMap<u32, (u32, Option<String>)> = HashMap::new();
    let mut note = |value: u32, worth: u32, by: Option<&str>| {
        if register.values.get(value).is_some_and(|value| kinds.contains(&value.kind)) {
            let known = found.entry(value).or_insert_with(|| (worth, by.map(str::to_owned)));
            if known.0 < worth {
                *known = (worth, by.map(str::to_owned));
            }
        }
    };
    texts.beginning(&token(tokens::WHOLE, typed), |value| {
        let is_whole = register.folded(value) == typed;
        note(value, if is_whole { 100 } else { 80 }, None);
    });
    let compact = tokens::compact(typed);
    texts.beginning(&token(tokens::COMPACT, &compact), |value| note(value, 85, None));
    texts.beginning(&token(tokens::LETTERS, typed), |value| note(value, 60, None));
    texts.beginning(&token(tokens::WORD, typed), |value| note(value, 55, None));
    if let Some(letters) = pinyin::typed(typed).filter(|letters| letters.len() > 1) {
        for (kind, worth) in [(tokens::PINYIN, 70), (tokens::INITIALS, 65)] {
            texts.beginning(&token(kind, &letters), |value| {
                if pinyin::matches(typed, register.folded(value)).is_some_and(|matched| matched.span.start == 0) {
                    note(value, worth, None);
                }
            });
        }
    }
    if typed.chars().nth(1).is_some() {
        for concept in synonyms.all() {
            let Some(by) = concept.names.iter().find(|name| name.folded.starts_with(typed)) else { continue };
            for name in concept.names.iter().filter(|name| name.folded != by.folded) {
                for value in texts.with_all(&[token(tokens::WHOLE, &name.folded)]) {
                    note(value, 75, Some(&by.text));
                }
            }
        }
    }
    found
}

/// What the asker may see of it: nobody is told a name under which nothing is shown.
struct Shown<'a> {
    snapshot: &'a Snapshot,
    question: &'a Question,
    sites: Sites<'a>,
    rule: Rule,
}

impl<'a> Shown<'a> {
    fn to(snapshot: &'a Snapshot, question: &'a Question) -> Self {
        let rule = Rule::new(snapshot, question, LabWords::default(), None);
        Self { snapshot, question, sites: Sites::of(snapshot, question), rule }
    }

    fn suggestion(&mut self, value: u32, by: Option<String>) -> Option<Suggestion> {
        let register = &self.snapshot.register;
        let kind = register.values.get(value)?.kind;
        let id = match kind {
            Kind::Lab | Kind::Institution => Some(self.site(register, value, kind)?),
            Kind::Instrument | Kind::Class | Kind::Model | Kind::Manufacturer => {
                self.has_item(register, value).then_some(None)?
            }
            _ => self.has_line(register, value).then_some(None)?,
        };
        Some(Suggestion { kind, text: register.text(value).to_owned(), id, by })
    }

    fn site(&self, register: &Register, value: u32, kind: Kind) -> Option<Uuid> {
        let labs = register.labs_of.get(value).map_or(&[][..], Vec::as_slice).iter();
        let lab = labs.filter_map(|number| Some((*number, register.labs.get(*number)?)));
        let (_, lab) = lab.into_iter().find(|(number, lab)| self.sites.metres(*number, lab).is_some())?;
        Some(if kind == Kind::Lab { lab.id } else { lab.institution })
    }

    fn has_item(&self, register: &Register, value: u32) -> bool {
        register.equipment.iter().any(|(_, item)| {
            item.revisions.last().is_some_and(|last| {
                let named = [last.class, last.model, last.manufacturer].into_iter().flatten();
                let is_named = last.names.iter().copied().chain(named).any(|name| name == value);
                let lab = register.labs.get(last.lab);
                is_named
                    && sees(&self.question.visible, register.text(last.agency), last.visibility)
                    && lab.is_some_and(|lab| self.sites.metres(last.lab, lab).is_some())
            })
        })
    }

    fn has_line(&mut self, register: &Register, value: u32) -> bool {
        let candidate = |number: &u32| Candidate { competence: *number, words: 0, score: 0 };
        self.rule.candidates = register.competences_of(value).iter().map(candidate).collect();
        self.rule.candidates.sort_unstable_by_key(|one| one.competence);
        let any = Wanted { any: true, ..Wanted::default() };
        scan::scan(self.snapshot, &self.rule, &any, &AtomicBool::new(false)).total > 0
    }
}
