//! Asking saved searches again.

use std::{sync::Mutex, time::Duration};

use chrono::{DateTime, Utc};
use entity::{
    enums::{SavedSearchKind, Visibility},
    ids::SavedSearchId,
    saved_search,
};
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use super::{
    model::{self, Limits, NAMED, Read},
    policy,
    store::{self, Due},
};
use crate::{
    platform::{
        access::{Actor, Caller, permit},
        clock::{shanghai_date, shanghai_instant},
        db::{Db, Event, Tx},
        fault::{Fault, Outcome},
    },
    search::{
        find::{self, Span, question::Question},
        service::Finder,
    },
};

/// The event of new matches.
pub const MATCHED: &str = "savedSearch.matched.v1";

/// Who asks saved searches again on this node.
pub struct Watcher {
    db: Db,
    finder: Finder,
    read: Read,
    limits: Limits,
    /// How far the feed was looked through, and the last entry in it that can bring a match.
    looked: Mutex<Option<(i64, i64)>>,
}

/// What a search found.
struct Matches {
    ids: Vec<Uuid>,
    total: u64,
}

impl Watcher {
    /// Asks searches within limits.
    pub fn new(db: Db, finder: Finder, read: Read, limits: Limits) -> Self {
        Self { db, finder, read, limits, looked: Mutex::default() }
    }

    /// Asks again and again until `stop` resolves; never where the pause is zero, as other nodes do it then.
    pub async fn follow(self, pause: Duration, stop: impl Future<Output = ()> + Send) {
        tokio::pin!(stop);
        if pause.is_zero() {
            return stop.await;
        }
        let mut beat = interval(pause);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = &mut stop => break,
                _ = beat.tick() => if let Err(fault) = self.run().await {
                    tracing::warn!(error = %fault, "saved searches could not be asked again; it will be tried again");
                }
            }
        }
    }

    /// Asks what is due, a few searches at most; how many agencies were told something.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn run(&self) -> Outcome<u64> {
        let Some(seq) = self.finder.shown().standing().seq else { return Ok(0) };
        let now = self.db.clock().now();
        let due = Due {
            asked_before: now - self.limits.between,
            day_began: shanghai_instant(shanghai_date(now), 0),
            changed: self.changed(seq).await?,
        };
        let mut told = 0;
        for id in store::due(&self.db, due).await? {
            // One that cannot be asked does not keep the others from being asked.
            match self.ask_again(id, due.asked_before, seq).await {
                Ok(news) => told += u64::from(news),
                Err(fault) => tracing::warn!(search = %id, error = %fault, "a saved search could not be asked again"),
            }
        }
        Ok(told)
    }

    /// The last entry up to `seq` that can bring a match. A node that has just begun takes the last that there is.
    async fn changed(&self, seq: i64) -> Outcome<i64> {
        let looked = *self.looked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let changed = match looked {
            None => seq,
            Some((upto, changed)) if seq > upto => store::relevant(&self.db, upto, seq).await?.unwrap_or(changed),
            Some((_, changed)) => changed,
        };
        *self.looked.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some((seq, changed));
        Ok(changed)
    }

    /// Asks one search, if no other node does; whether there was news.
    async fn ask_again(&self, id: SavedSearchId, asked_before: DateTime<Utc>, seq: i64) -> Outcome<bool> {
        let caller = Caller::new(Actor::system(None, "search:watch"), "search:watch");
        let permit = permit(&caller, policy::WATCH)?;
        let taken = self
            .db
            .write(&permit, async |tx: &mut Tx| match store::search(tx, id).await? {
                Some(row) if row.notify && store::claim(tx, id, asked_before).await? => Ok(Some(row)),
                _ => Ok(None),
            })
            .await?;
        let Some(row) = taken else { return Ok(false) };
        let question = (self.read)(&row, self.db.clock().today())?;
        let matches = self.matches(row.kind, question).await?;
        let most = self.limits.most as u64;
        self.db.write(&permit, async |tx: &mut Tx| record(tx, &row, matches, (seq, most)).await).await
    }

    /// What a question finds, as far as it can be watched.
    async fn matches(&self, kind: SavedSearchKind, question: Question) -> Outcome<Matches> {
        let span = Span { limit: self.limits.most, ..Span::default() };
        match kind {
            SavedSearchKind::Scope => {
                let found = self.finder.lines(question, span, true).await?;
                Ok(Matches { ids: found.rows.iter().map(|row| row.id).collect(), total: found.part.total })
            }
            SavedSearchKind::Lab => {
                let found = self.finder.labs(question, span, 0).await?;
                let labs = &found.understood.snapshot.register.labs;
                let ids = found.part.labs.iter().filter_map(|lab| labs.get(lab.lab)).map(|lab| lab.id).collect();
                Ok(Matches { ids, total: found.part.total })
            }
            SavedSearchKind::Equipment => {
                let ask = move |snapshot, synonyms: &_, abandoned: &_| {
                    let found = find::items(&snapshot, synonyms, &question, span, abandoned)?;
                    Ok::<_, Fault>(Matches {
                        ids: found.items.iter().map(|item| item.id).collect(),
                        total: found.total,
                    })
                };
                self.finder.ask(ask).await
            }
        }
    }
}

/// Keeps what was found and tells what is new of it; whether anything is.
async fn record(tx: &mut Tx, row: &saved_search::Model, matches: Matches, (seq, most): (i64, u64)) -> Outcome<bool> {
    // It may have been deleted meanwhile; if it was edited, the next time asks what it asks now.
    let Some(kept) = store::kept(tx, row.id).await? else { return Ok(false) };
    let question = model::question(row);
    if matches.total > most {
        store::note(tx, row.id, String::new(), seq).await?;
        return Ok(false);
    }
    let known = store::found(tx, row.id).await?;
    let new: Vec<Uuid> = matches.ids.into_iter().filter(|id| !known.contains(id)).collect();
    store::keep(tx, row.id, &new).await?;
    let is_news = kept == question && !new.is_empty();
    store::note(tx, row.id, question, seq).await?;
    if is_news {
        let first: Vec<String> = new.iter().take(NAMED).map(|id| model::typed(row.kind, *id)).collect();
        tx.emit(Event {
            name: MATCHED,
            subject: row.id.to_string(),
            agency: row.agency.clone(),
            visibility: Visibility::Own,
            data: json!({ "name": row.name, "kind": row.kind, "newMatches": new.len(), "first": first }),
        });
    }
    Ok(is_news)
}
