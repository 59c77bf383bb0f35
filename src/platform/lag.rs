//! How far the feed is behind what was committed, and whether those who advance and follow it make progress.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::FromQueryResult;

use super::{db::Db, fault::Outcome};

/// What waits for its number at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lag {
    /// How many transactions.
    pub waiting: u64,
    /// When the oldest of them began.
    pub oldest: Option<DateTime<Utc>>,
    /// Number of the last entry of the feed; 0 where there is none.
    pub last: i64,
}

#[derive(FromQueryResult)]
struct Row {
    waiting: i64,
    oldest: Option<DateTime<Utc>>,
    last: Option<i64>,
}

/// Reads three things with one statement.
const LOOK: &str = "SELECT COUNT(*) AS waiting, MIN(at) AS oldest, (SELECT MAX(seq) FROM feed) AS last FROM uncounted";

impl Lag {
    /// One cheap statement: a row is there only for the moment between a commit and its number.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn read(db: &Db) -> Outcome<Self> {
        let rows = db.unasked::<Row>(LOOK).await?;
        let row = rows.into_iter().next();
        Ok(row.map_or(Self { waiting: 0, oldest: None, last: 0 }, |row| Self {
            waiting: row.waiting.max(0).cast_unsigned(),
            oldest: row.oldest,
            last: row.last.unwrap_or_default(),
        }))
    }

    /// How many entries a follower that has read up to `seq` has before it.
    pub fn behind(&self, seq: i64) -> u64 {
        self.last.saturating_sub(seq).max(0).cast_unsigned()
    }

    /// How long ago the oldest began.
    pub fn age(&self, now: DateTime<Utc>) -> TimeDelta {
        self.oldest.map_or_else(TimeDelta::zero, |oldest| (now - oldest).max(TimeDelta::zero()))
    }
}

/// Remembers since when work has been waiting at the same place.
///
/// The age of what waits would not do: a transaction that took a minute is a minute old at its commit, and nothing is
/// wrong.
#[derive(Debug)]
pub struct Watch<T>(Mutex<Option<(T, DateTime<Utc>)>>);

impl<T> Default for Watch<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: PartialEq> Watch<T> {
    /// For how long there has been no progress, as far as the looks so far tell. `place` is where work waits, and `None`
    /// where none does.
    pub fn stuck_for(&self, place: Option<T>, now: DateTime<Utc>) -> TimeDelta {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (place, &*seen) {
            (Some(place), Some((same, since))) if *same == place => (now - *since).max(TimeDelta::zero()),
            (place, _) => {
                *seen = place.map(|place| (place, now));
                TimeDelta::zero()
            }
        }
    }
}

/// Who must make progress for a node to be of use.
#[derive(Debug, Default)]
pub struct Progress {
    /// The sequencer, by the beginning of the oldest transaction that waits.
    pub sequencer: Watch<DateTime<Utc>>,
    /// The follower of events, by the last entry that it has read.
    pub events: Watch<i64>,
}
