//! Finding items of equipment. There are few beside the lines, so each is looked at.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use hashbrown::HashMap;
use uuid::Uuid;

use super::{
    Span, available,
    candidates::weight,
    facets::{Slice, ranked, wider},
    holders::{Sites, UNKNOWN, drawn, sees, subtree},
    question::{Question, Wanted},
    rank::{By, Rank},
    regions,
    texts::Texts,
    values::{self, Answer},
    words::{self, Word},
};
use crate::{
    capacity::availability::model::Exclusion,
    platform::fault::Outcome,
    search::{
        index::Snapshot,
        register::{Day, Equipment, EquipmentRevision, Kind},
        text::synonym::Synonyms,
    },
};

/// An item that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundItem {
    /// Its place.
    pub rank: Rank,
    /// Its id.
    pub id: Uuid,
    /// How well it answers the words.
    pub score: u32,
    /// How far its site is, in metres.
    pub metres: Option<u32>,
    /// What stands in the way of it over the window that was asked for; `None` where none was.
    pub exclusions: Option<Vec<Exclusion>>,
}

/// A part of the items that a question finds.
#[derive(Clone, Debug, Default)]
pub struct ItemPart {
    /// The items, in order.
    pub items: Vec<FoundItem>,
    /// Whether items follow.
    pub has_next: bool,
    /// Whether items precede.
    pub has_previous: bool,
    /// How many there are in all.
    pub total: u64,
    /// By division of the site, each with everything in it.
    pub regions: Vec<Slice<u32>>,
    /// By class.
    pub classes: Vec<Slice<Box<str>>>,
    /// By owner.
    pub agencies: Vec<Slice<Box<str>>>,
    /// The words as they were understood.
    pub words: Vec<Word>,
    /// Words that name neither equipment nor a place.
    pub unknown: Vec<String>,
}

/// The items that a question finds: its text, its sites and its window count; what it says of lines does not.
///
/// # Errors
/// `INVALID` for a text that cannot be read.
pub fn items(
    snapshot: &Arc<Snapshot>,
    synonyms: &Synonyms,
    question: &Question,
    span: Span,
    abandoned: &AtomicBool,
) -> Outcome<ItemPart> {
    let texts = Texts(snapshot);
    let reading = match &question.text {
        Some(text) => words::read(texts, synonyms, text, "text")?.words,
        None => Vec::new(),
    };
    let words: Vec<Word> = reading.into_iter().map(|word| Word { only: Some(Kind::Instrument), ..word }).collect();
    let mut answers: Vec<HashMap<u32, Answer>> = Vec::with_capacity(words.len());
    let (mut places, mut unknown) = (Vec::new(), Vec::new());
    for word in &words {
        let found = values::answers(texts, word);
        let mut ranges = regions::named(&word.text).filter_map(subtree).peekable();
        match found.is_empty() {
            false => answers.push(found),
            true if ranges.peek().is_some() => places.push(ranges.collect()),
            true => unknown.push(word.text.clone()),
        }
    }
    // Where nothing at all is known that was asked for, nothing is found.
    let is_nothing = !unknown.is_empty() && unknown.len() == words.len();
    let class = question.equipment.as_deref().map(|class| super::read::class(texts, synonyms, class)).transpose()?;
    let search =
        Search { snapshot, question, sites: Sites::of(snapshot, question), answers, places, on: question.on.into() };
    let mut found = Vec::new();
    let mut counts = Counts::default();
    for (number, item) in snapshot.register.equipment.iter() {
        if is_nothing || abandoned.load(Ordering::Relaxed) {
            break;
        }
        let is_of_class = class.as_ref().is_none_or(|class| class.get(number as usize).copied().unwrap_or(false));
        if let Some((one, revision)) = search.look(item).filter(|_| is_of_class) {
            counts.add(search.snapshot, revision);
            found.push(one);
        }
    }
    let mut part = cut(found, span);
    let text = |value: u32| Box::<str>::from(snapshot.register.text(value));
    part.regions = ranked(wider(counts.regions));
    part.classes = ranked(counts.classes.into_iter().map(|(value, count)| (text(value), count)));
    part.agencies = ranked(counts.agencies.into_iter().map(|(value, count)| (text(value), count)));
    part.words = words.into_iter().filter(|word| !unknown.contains(&word.text)).collect();
    part.unknown = unknown;
    Ok(part)
}

struct Search<'a> {
    snapshot: &'a Snapshot,
    question: &'a Question,
    sites: Sites<'a>,
    answers: Vec<HashMap<u32, Answer>>,
    /// For each word that names a place, the codes of it.
    places: Vec<Vec<(u32, u32)>>,
    on: Day,
}

impl<'a> Search<'a> {
    /// An item in its place, with the revision that is in force; `None` where it is not found.
    fn look(&self, item: &'a Equipment) -> Option<(FoundItem, &'a EquipmentRevision)> {
        let register = &self.snapshot.register;
        let revision = item.revisions.iter().find(|one| one.from <= self.on && self.on < one.to)?;
        let visibility =
            item.revisions.last().map_or(revision.visibility, |last| last.visibility.max(revision.visibility));
        let lab = register.labs.get(revision.lab)?;
        let agency = register.text(revision.agency);
        if !sees(&self.question.visible, agency, visibility)
            || !self.question.agencies.is_empty() && !self.question.agencies.iter().any(|one| one == agency)
            || !self.question.visibility.is_empty() && !self.question.visibility.contains(&visibility)
            || !self.places.iter().all(|of| of.iter().any(|(from, to)| *from <= lab.region && lab.region <= *to))
        {
            return None;
        }
        let metres = self.sites.metres(revision.lab, lab)?;
        let score = self.score(revision)?;
        let exclusions = self.question.available.map(|wanted| of_item(item, wanted));
        let is_free = exclusions.as_ref().is_none_or(Vec::is_empty);
        if !is_free && !self.question.available.is_some_and(|wanted| wanted.could_if) {
            return None;
        }
        let worth = u64::from(u32::MAX - score);
        let (first, second) = match self.question.order {
            By::Distance => (u64::from(metres), worth),
            _ => (worth, u64::from(metres)),
        };
        let first = u64::from(!is_free) << 40 | first;
        let rank = Rank { first, second, tie: drawn(lab.id), line: item.id.as_u128() };
        let metres = (self.question.near.is_some() && metres < UNKNOWN).then_some(metres);
        Some((FoundItem { rank, id: item.id, score, metres, exclusions }, revision))
    }

    /// How well an item answers the words; `None` where it does not answer all of them.
    fn score(&self, revision: &EquipmentRevision) -> Option<u32> {
        let register = &self.snapshot.register;
        let values = revision.names.iter().copied();
        let values: Vec<u32> =
            values.chain([revision.class, revision.model, revision.manufacturer].into_iter().flatten()).collect();
        self.answers.iter().try_fold(0, |sum, answers| {
            let worth = |value: &u32| {
                let kind = register.values.get(*value)?.kind;
                Some((answers.get(value)?.worth * weight(kind) / 100).max(1))
            };
            values.iter().filter_map(worth).max().map(|worth| sum + worth)
        })
    }
}

fn of_item(item: &Equipment, wanted: Wanted) -> Vec<Exclusion> {
    let mut found = crate::capacity::availability::model::Exclusions::default();
    available::of_equipment(item, wanted.window, &mut found);
    found.into_sorted()
}

#[derive(Default)]
struct Counts {
    regions: HashMap<u32, u64>,
    classes: HashMap<u32, u64>,
    agencies: HashMap<u32, u64>,
}

impl Counts {
    fn add(&mut self, snapshot: &Snapshot, revision: &EquipmentRevision) {
        if let Some(lab) = snapshot.register.labs.get(revision.lab) {
            *self.regions.entry(lab.region).or_default() += 1;
        }
        if let Some(class) = revision.class {
            *self.classes.entry(class).or_default() += 1;
        }
        *self.agencies.entry(revision.agency).or_default() += 1;
    }
}

fn cut(mut found: Vec<FoundItem>, span: Span) -> ItemPart {
    let total = found.len() as u64;
    found.retain(|one| {
        span.after.is_none_or(|after| one.rank > after) && span.before.is_none_or(|before| one.rank < before)
    });
    let more = found.len() > span.limit;
    found.sort_unstable_by_key(|one| one.rank);
    let from = if span.backward { found.len().saturating_sub(span.limit) } else { 0 };
    let items = found.into_iter().skip(from).take(span.limit).collect();
    let (has_next, has_previous) =
        if span.backward { (span.before.is_some(), more) } else { (more, span.after.is_some()) };
    ItemPart { items, has_next, has_previous, total, ..ItemPart::default() }
}
