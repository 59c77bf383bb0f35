//! Asking questions: each is answered by the pool of computing threads, so that a long one holds up no other request, and
//! ends when whoever asked has gone.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::oneshot;
use uuid::Uuid;

use super::{
    find::{Explained, LabPart, OfferedTerms, Part, Span, Understood, question::Question, rank::Ranked},
    follow::Shown,
    index::Snapshot,
    text::synonym::Synonyms,
};
use crate::{
    capacity::availability::model::Exclusion,
    platform::fault::{Fault, Outcome},
};

/// How long a question waits for the index of a node that has just started.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where questions are asked. Cheap to clone.
#[derive(Clone)]
pub struct Finder {
    shown: Shown,
    synonyms: Arc<Synonyms>,
}

impl std::fmt::Debug for Finder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finder").field("standing", &self.shown.standing()).finish_non_exhaustive()
    }
}

impl Default for Finder {
    /// Without an index: every question is answered with `UNAVAILABLE`, after a while.
    fn default() -> Self {
        Self::new(Shown::default(), Arc::default())
    }
}

/// Lines that a question finds, and how it was understood.
pub struct Lines {
    /// How.
    pub understood: Understood,
    /// The lines, by their numbers.
    pub part: Part,
    /// The lines, explained.
    pub rows: Vec<Row>,
}

/// A line that was found.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id.
    pub id: Uuid,
    /// Why it stands where it stands.
    pub explained: Explained,
    /// What stands in the way of it, where that was asked.
    pub exclusions: Option<Vec<Exclusion>>,
    /// What is offered for it.
    pub terms: Option<OfferedTerms>,
}

impl Row {
    /// A line of a question.
    pub fn of(understood: &Understood, line: &Ranked) -> Self {
        Self {
            id: Uuid::from_u128(line.rank.line),
            explained: understood.explained(line),
            exclusions: understood.exclusions(line),
            terms: understood.terms(line),
        }
    }
}

/// Sites that a question finds, and how it was understood.
pub struct Labs {
    /// How.
    pub understood: Understood,
    /// The sites.
    pub part: LabPart,
}

impl Finder {
    /// Asks what the follower shows.
    pub fn new(shown: Shown, synonyms: Arc<Synonyms>) -> Self {
        Self { shown, synonyms }
    }

    /// What the follower shows.
    pub fn shown(&self) -> &Shown {
        &self.shown
    }

    /// A part of the lines that a question finds, with their counts where these are wanted.
    ///
    /// # Errors
    /// `INVALID` for a question that cannot be read; `UNAVAILABLE` where there is no index after seconds.
    pub async fn lines(&self, question: Question, span: Span, counts: bool) -> Outcome<Lines> {
        self.ask(move |snapshot, synonyms, abandoned| {
            let understood = Understood::read(snapshot, synonyms, question)?;
            let part = understood.part(span, counts, abandoned);
            let rows = part.lines.iter().map(|line| Row::of(&understood, line)).collect();
            Ok(Lines { understood, part, rows })
        })
        .await
    }

    /// A part of the sites that have lines which a question finds, each with up to `lines` of its best.
    ///
    /// # Errors
    /// As [`Finder::lines`].
    pub async fn labs(&self, question: Question, span: Span, lines: usize) -> Outcome<Labs> {
        self.ask(move |snapshot, synonyms, abandoned| {
            let understood = Understood::read(snapshot, synonyms, question)?;
            let part = understood.labs(span, lines, abandoned);
            Ok(Labs { understood, part })
        })
        .await
    }

    /// Work on the snapshot of this moment.
    ///
    /// # Errors
    /// Those of the work; `UNAVAILABLE` where there is no index after seconds.
    pub async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(Arc<Snapshot>, &Synonyms, &AtomicBool) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let snapshot = match self.shown.snapshot() {
            Some(snapshot) => Some(snapshot),
            None => self.shown.opened(PATIENCE).await,
        };
        let snapshot = snapshot
            .ok_or_else(|| Fault::Unavailable("The search index is being opened; ask again in a moment.".to_owned()))?;
        let synonyms = Arc::clone(&self.synonyms);
        let abandoned = Abandoned(Arc::default());
        let flag = Arc::clone(&abandoned.0);
        let (answer, answered) = oneshot::channel();
        rayon::spawn(move || {
            if !flag.load(Ordering::Relaxed) {
                // Whoever asked may have gone meanwhile.
                let _ = answer.send(work(snapshot, &synonyms, &flag));
            }
        });
        let answer = answered.await.map_err(|_| Fault::Unavailable("The search was ended; ask again.".to_owned()))?;
        drop(abandoned);
        answer
    }
}

/// Raises a flag when it is dropped: nobody waits any longer.
struct Abandoned(Arc<AtomicBool>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
