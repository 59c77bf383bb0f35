//! Letting go of what has had its time: in small batches with pauses between them, one node at a time.
//!
//! Of the feed, a span is written down first, as an act of its own, and then its contents go: so the chain says at every
//! moment what may be missing.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{enums::FeedKind, pruned};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{policy, store};
use crate::platform::{
    access::{Actor, Caller, permit},
    db::{Db, Going, Tx},
    fault::{Fault, Outcome},
    retention::Kept,
};

/// What is let go, and how.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Each kind with its span.
    pub rules: Vec<Rule>,
    /// Rows of one batch.
    pub batch: u64,
    /// The pause between two batches.
    pub pause: Duration,
    /// How often it is looked for; `None` leaves it to other nodes.
    pub every: Option<Duration>,
}

/// One kind of rows with its span.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    what: What,
    days: u64,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Content(FeedKind),
    Rows(Kept),
}

impl Rule {
    /// Events; 0 days keep them for ever.
    pub fn events(days: u64) -> Self {
        Self { what: What::Content(FeedKind::Event), days }
    }

    /// Changes; 0 days keep them for ever.
    pub fn changes(days: u64) -> Self {
        Self { what: What::Content(FeedKind::Change), days }
    }

    /// Rows of a table; 0 days keep them for ever.
    pub fn rows(kept: Kept, days: u64) -> Self {
        Self { what: What::Rows(kept), days }
    }

    fn name(&self) -> &'static str {
        match self.what {
            What::Content(FeedKind::Event) => "outbox",
            What::Content(FeedKind::Change) => "change",
            What::Rows(kept) => kept.table,
        }
    }
}

/// Lets go until `stop` resolves.
pub async fn run(db: &Db, plan: &Plan, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    let Some(every) = plan.every else { return stop.await };
    let mut rounds = interval_at(Instant::now() + every, every);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = &mut stop => return,
            _ = rounds.tick() => {}
        }
        let round = tokio::select! {
            () = &mut stop => return,
            round = run_once(db, plan) => round,
        };
        if let Err(fault) = round {
            tracing::warn!(error = %fault, "what has had its time could not be let go; it will be tried again");
        }
    }
}

/// Lets go of everything that has had its time by now; how many rows of each kind.
///
/// # Errors
/// `UNAVAILABLE`; what has gone stays gone.
pub async fn run_once(db: &Db, plan: &Plan) -> Outcome<Vec<(&'static str, u64)>> {
    let mut told = Vec::new();
    for rule in plan.rules.iter().filter(|rule| rule.days > 0) {
        let span = i64::try_from(rule.days).ok().and_then(TimeDelta::try_days);
        let Some(before) = span.and_then(|span| db.clock().now().checked_sub_signed(span)) else { continue };
        let going = match rule.what {
            What::Rows(kept) => Some(Going::Rows(kept, before)),
            What::Content(kind) => announced(db, kind, before).await?.map(|to| Going::Content(kind, before, to)),
        };
        let Some(going) = going else { continue };
        let count = batches(db, plan, going).await?;
        if count > 0 {
            tracing::info!(rows = count, table = rule.name(), "rows that have had their time were let go");
            told.push((rule.name(), count));
        }
    }
    Ok(told)
}

async fn batches(db: &Db, plan: &Plan, going: Going) -> Outcome<u64> {
    let mut count = 0;
    loop {
        match db.let_go(going, plan.batch).await? {
            None => return Ok(count),
            Some(gone) if gone < plan.batch => return Ok(count + gone),
            Some(gone) => count += gone,
        }
        tokio::time::sleep(plan.pause).await;
    }
}

/// Writes down which contents may go from now on, where there are more than before; up to which entry they may.
async fn announced(db: &Db, kind: FeedKind, before: DateTime<Utc>) -> Outcome<Option<i64>> {
    let last = store::last_pruned(db, kind).await?.map_or(0, |row| row.to_seq);
    let Some(to) = db.oldest_content(kind, before).await? else { return Ok(None) };
    if to <= last {
        return Ok(Some(last));
    }
    let caller = Caller::new(Actor::system(None, "audit:retention"), "audit:retention");
    let written = db
        .write(&permit(&caller, policy::PRUNE)?, async |tx: &mut Tx| {
            let row =
                pruned::Model { id: tx.id(), kind, from_seq: last + 1, to_seq: to, before_at: before, at: tx.now() };
            tx.insert(row).await
        })
        .await;
    match written {
        Ok(_) => Ok(Some(to)),
        // Another node has written it down; it is at it, or will be.
        Err(Fault::Conflict { .. }) => Ok(None),
        Err(fault) => Err(fault),
    }
}
