//! How far the feed is behind what was committed.

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
}

#[derive(FromQueryResult)]
struct Row {
    waiting: i64,
    oldest: Option<DateTime<Utc>>,
}

impl Lag {
    /// One cheap statement: a row is there only for the moment between a commit and its number.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn read(db: &Db) -> Outcome<Self> {
        let rows = db.unasked::<Row>("SELECT COUNT(*) AS waiting, MIN(at) AS oldest FROM uncounted").await?;
        let row = rows.into_iter().next();
        Ok(row.map_or(Self { waiting: 0, oldest: None }, |row| Self {
            waiting: row.waiting.max(0).cast_unsigned(),
            oldest: row.oldest,
        }))
    }

    /// How long ago the oldest began.
    pub fn age(&self, now: DateTime<Utc>) -> TimeDelta {
        self.oldest.map_or_else(TimeDelta::zero, |oldest| (now - oldest).max(TimeDelta::zero()))
    }
}

/// Remembers since when the same transaction has been the oldest that waits.
///
/// Its age alone would not do: a transaction that took a minute is a minute old at its commit, and nothing is wrong.
#[derive(Debug, Default)]
pub struct LagWatch(Mutex<Option<(DateTime<Utc>, DateTime<Utc>)>>);

impl LagWatch {
    /// For how long the sequencer has made no progress, as far as the looks so far tell.
    pub fn stuck_for(&self, lag: &Lag, now: DateTime<Utc>) -> TimeDelta {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(oldest) = lag.oldest else {
            *seen = None;
            return TimeDelta::zero();
        };
        match *seen {
            Some((same, since)) if same == oldest => (now - since).max(TimeDelta::zero()),
            _ => {
                *seen = Some((oldest, now));
                TimeDelta::zero()
            }
        }
    }
}
