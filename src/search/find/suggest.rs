//! Completing what somebody types: parameters, objects, standards, fields, labs and instruments.

use std::sync::{Arc, atomic::AtomicBool};

use hashbrown::HashMap;
use uuid::Uuid;

use super::{
    Understood,
    holders::{LabWords, Sites, sees},
    question::Question,
    rule::{Candidate, Rule},
    scan::{self, Wanted},
    spelling::Spelling,
    texts::Texts,
};
use crate::{
    platform::fault::Outcome,
    search::{
        index::Snapshot,
        register::{Kind, Register},
        text::{
            fold::folded,
            pinyin,
            synonym::Synonyms,
            tokens::{self, token},
        },
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

/// The completions of a text among some kinds, the best first. `question` says who asks, and when. Of several words the last
/// is completed, to what there is together with the others, where they are not one name.
pub fn suggest(
    snapshot: &Arc<Snapshot>,
    synonyms: &Synonyms,
    question: &Question,
    (typed, kinds, most): (&str, &[Kind], usize),
) -> Outcome<Vec<Suggestion>> {
    let whole = suggested((snapshot, synonyms, question), Typed { before: None, last: typed }, (kinds, most))?;
    match typed.trim_end().rsplit_once(char::is_whitespace) {
        Some((before, last)) if whole.is_empty() && !before.trim().is_empty() => {
            suggested((snapshot, synonyms, question), Typed { before: Some(before.trim()), last }, (kinds, most))
        }
        _ => Ok(whole),
    }
}

/// What was typed: the word that is completed, and what stands before it.
#[derive(Clone, Copy)]
struct Typed<'a> {
    before: Option<&'a str>,
    last: &'a str,
}

fn suggested(
    (snapshot, synonyms, question): (&Arc<Snapshot>, &Synonyms, &Question),
    typed: Typed<'_>,
    (kinds, most): (&[Kind], usize),
) -> Outcome<Vec<Suggestion>> {
    let last = folded(typed.last);
    let last = last.trim();
    if last.is_empty() {
        return Ok(Vec::new());
    }
    let texts = Texts(snapshot);
    let mut found = found(texts, synonyms, last, kinds);
    if found.is_empty()
        && let Some((meant, _)) = (Spelling { texts, synonyms }).repaired(last)
    {
        found = self::found(texts, synonyms, &meant, kinds);
    }
    let mut ranked: Vec<(u32, usize, u32, Completion)> = found
        .into_iter()
        .map(|(value, one)| {
            let common = snapshot.register.competences_of(value).len();
            // Of texts that are completed alike the commoner is meant, roughly.
            let worth = one.worth + common.checked_ilog2().unwrap_or(0);
            (worth, snapshot.register.text(value).len(), value, one)
        })
        .collect();
    ranked.sort_unstable_by(|one, other| other.0.cmp(&one.0).then_with(|| (one.1, one.2).cmp(&(other.1, other.2))));
    let among = typed.before.map(|before| {
        let of_before = Question { text: Some(before.to_owned()), ..question.clone() };
        Understood::read(Arc::clone(snapshot), synonyms, of_before).map(|before| before.rule.candidates)
    });
    let mut shown = Shown::to(snapshot, question, among.transpose()?);
    let tried = ranked.into_iter().take(MOST_TRIED);
    let mut suggestions = Vec::new();
    for (_, _, value, completion) in tried {
        if suggestions.len() >= most {
            break;
        }
        for one in shown.suggestions(value, completion) {
            let text = typed.before.map_or_else(|| one.text.clone(), |before| format!("{before} {}", one.text));
            suggestions.push(Suggestion { text, ..one });
        }
    }
    suggestions.truncate(most);
    Ok(suggestions)
}

/// How a text completes what was typed.
#[derive(Clone, Debug, Default)]
struct Completion {
    worth: u32,
    /// The other name that was typed.
    by: Option<String>,
    /// The numbers of editions of a standard, where a part of the year was typed.
    editions: Vec<String>,
}

/// The texts that what was typed begins, with what that is worth and by which other name.
fn found(texts: Texts<'_>, synonyms: &Synonyms, typed: &str, kinds: &[Kind]) -> HashMap<u32, Completion> {
    let register = &texts.0.register;
    let mut found: HashMap<u32, Completion> = HashMap::new();
    let mut note = |value: u32, worth: u32, by: Option<&str>| {
        if register.values.get(value).is_some_and(|value| kinds.contains(&value.kind)) {
            let known = found.entry(value).or_default();
            if known.worth < worth {
                *known = Completion { worth, by: by.map(str::to_owned), editions: Vec::new() };
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
    if let Some((number, year)) = dated(typed) {
        for value in texts.with_all(&[token(tokens::COMPACT, &tokens::compact(number))]) {
            let editions = editions(register, value, year);
            if !editions.is_empty() && kinds.contains(&Kind::Standard) {
                found.insert(value, Completion { worth: 90, by: None, editions });
            }
        }
    }
    found
}

/// A number with the beginning of a year behind it.
fn dated(typed: &str) -> Option<(&str, &str)> {
    let (number, year) = typed.rsplit_once('-')?;
    let is_year = (1..=4).contains(&year.len()) && year.bytes().all(|byte| byte.is_ascii_digit());
    is_year.then_some((number.trim_end(), year))
}

/// The numbers of the editions of a standard whose year begins like this, the latest first.
fn editions(register: &Register, key: u32, year: &str) -> Vec<String> {
    let editions = register.editions_of.get(key).map_or(&[][..], Vec::as_slice).iter();
    let editions = editions.filter_map(|number| register.standards.get(*number)).filter(|one| one.key == key);
    let mut dated: Vec<(i32, String)> = editions.filter_map(|one| Some((one.year?, one.number.to_string()))).collect();
    dated.retain(|(of, _)| of.to_string().starts_with(year));
    dated.sort_unstable_by(|one, other| other.cmp(one));
    dated.dedup();
    dated.into_iter().map(|(_, number)| number).collect()
}

/// What the asker may see of it: nobody is told a name under which nothing is shown.
struct Shown<'a> {
    snapshot: &'a Snapshot,
    question: &'a Question,
    sites: Sites<'a>,
    rule: Rule,
    /// Only what is together with these.
    among: Option<Vec<Candidate>>,
}

impl<'a> Shown<'a> {
    fn to(snapshot: &'a Snapshot, question: &'a Question, among: Option<Vec<Candidate>>) -> Self {
        let rule = Rule::new(snapshot, question, LabWords::default(), None);
        Self { snapshot, question, sites: Sites::of(snapshot, question), rule, among }
    }

    /// A completion, or one for each edition that was meant.
    fn suggestions(&mut self, value: u32, of: Completion) -> Vec<Suggestion> {
        let Some(one) = self.suggestion(value, of.by) else { return Vec::new() };
        if of.editions.is_empty() {
            return vec![one];
        }
        of.editions.into_iter().map(|text| Suggestion { text, ..one.clone() }).collect()
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
        if let Some(among) = &self.among {
            let is_among =
                |one: &Candidate| among.binary_search_by_key(&one.competence, |among| among.competence).is_ok();
            self.rule.candidates.retain(is_among);
        }
        let any = Wanted { any: true, ..Wanted::default() };
        scan::scan(self.snapshot, &self.rule, &any, &AtomicBool::new(false)).total > 0
    }
}
