//! One state of the index, as questions see it: it stays as it is while the index moves on.

use std::{
    any::Any,
    sync::{Arc, Mutex, PoisonError},
};

use arc_swap::ArcSwap;
use tantivy::Searcher;

use super::{
    schema::EntryFields,
    segment::{Segment, number},
    store::Mark,
};
use crate::search::{
    follow::Free,
    register::{Numbers, Register},
};

/// A state of the index.
pub struct Snapshot {
    /// What the numbers mean.
    pub register: Register,
    /// The way from ids to numbers.
    pub numbers: Arc<Numbers>,
    /// The lines.
    pub segments: Vec<Arc<Segment>>,
    /// The lines as the library sees them.
    pub lines: Searcher,
    /// The texts.
    pub texts: Searcher,
    /// The fields of the texts.
    pub fields: EntryFields,
    /// How far the index had come.
    pub mark: Mark,
    free: ArcSwap<Free>,
    memory: Mutex<Vec<(Remembered, Remembered)>>,
}

/// What was asked, or found out; its type is known to whoever puts it here.
type Remembered = Arc<dyn Any + Send + Sync>;

/// Things that are remembered at once.
const REMEMBERED: usize = 24;

impl Snapshot {
    pub(super) fn new(
        register: Register,
        numbers: Arc<Numbers>,
        segments: Vec<Arc<Segment>>,
        (lines, texts, fields): (Searcher, Searcher, EntryFields),
        mark: Mark,
    ) -> Self {
        Self {
            register,
            numbers,
            segments,
            lines,
            texts,
            fields,
            mark,
            free: ArcSwap::default(),
            memory: Mutex::default(),
        }
    }

    /// What is free of what is offered: this alone moves on while the lines stay as they are.
    pub fn free(&self) -> Arc<Free> {
        self.free.load_full()
    }

    /// Tells what is free.
    pub fn set_free(&self, free: Arc<Free>) {
        self.free.store(free);
    }

    /// What was found out about something in this state of the index, or what `make` makes to find it out.
    pub fn remembered<K, T>(&self, about: K, make: impl FnOnce() -> T) -> Arc<T>
    where
        K: PartialEq + Send + Sync + 'static,
        T: Send + Sync + 'static,
    {
        let known = |memory: &Vec<(Remembered, Remembered)>| {
            let (_, found) =
                memory.iter().find(|(key, found)| key.downcast_ref() == Some(&about) && found.is::<T>())?;
            Arc::clone(found).downcast().ok()
        };
        if let Some(known) = known(&self.memory.lock().unwrap_or_else(PoisonError::into_inner)) {
            return known;
        }
        // Two may make it at once; that is cheaper than to wait for one another.
        let made = Arc::new(make());
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.len() >= REMEMBERED {
            memory.remove(0);
        }
        memory.push((Arc::new(about), Arc::<T>::clone(&made)));
        made
    }

    /// How many revisions of lines are in it.
    pub fn len(&self) -> u64 {
        self.lines.num_docs()
    }

    /// Whether no line is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many lines there are of each competence, those included that were taken out.
    pub fn lines_of(&self) -> Arc<LinesOf> {
        self.remembered((), || {
            let mut lines = vec![0; self.register.competences.len()];
            for segment in &self.segments {
                for (place, (competence, from)) in segment.runs().iter().enumerate() {
                    lines[*competence as usize] += segment.end(place) - from;
                }
            }
            LinesOf(lines)
        })
    }

    /// How many lines there are of each holder, those included that were taken out.
    pub fn lines_held(&self) -> Arc<LinesHeld> {
        self.remembered((), || {
            let of =
                |holder: u32| self.segments.iter().map(|one| one.by_holder().of_holder(holder).len()).sum::<usize>();
            LinesHeld((0..).take(self.register.holders.len()).map(|holder| number(of(holder) as u64)).collect())
        })
    }
}

/// How many lines there are of each competence, by number.
pub struct LinesOf(pub Vec<u32>);

impl LinesOf {
    /// How many there are of one.
    pub fn of(&self, competence: u32) -> u64 {
        self.0.get(competence as usize).copied().unwrap_or(0).into()
    }
}

/// How many lines there are of each holder, by number.
pub struct LinesHeld(pub Vec<u32>);
