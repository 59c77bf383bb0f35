//! Clearing away: files that were not bound in time, contents without rows, and what a process that died has left of
//! contents under way. Any number of nodes may do this at once, and as often as they like.

use std::time::Duration;

use chrono::TimeDelta;
use entity::ids::AttachmentId;
use futures_util::TryStreamExt;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{Attachments, policy, store};
use crate::platform::{
    access::{Actor, Caller, Permit, permit},
    db::{Db, Tx},
    fault::Outcome,
};

/// Rows that are taken away in one transaction.
const BATCH: u64 = 100;
/// Contents whose rows are looked for with one statement.
const LISTED: usize = 500;
/// How old a content must be before its row is missed, and one under way before it is given up: much older than anything
/// that still comes, and than clocks differ.
const GRACE: TimeDelta = TimeDelta::days(1);
/// Every how many rounds the store is looked through.
const LOOK_THROUGH: u32 = 24;

/// What was cleared away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files that were not bound in time.
    pub rows: u64,
    /// Contents without rows.
    pub orphans: u64,
    /// Contents that had never come to their end.
    pub drafts: u64,
}

/// Clears away until `stop` resolves: rows each time, and each day the store.
pub async fn run(db: Db, files: Attachments, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    let every = files.settings().sweep.max(Duration::from_secs(1));
    let mut rounds = interval_at(Instant::now() + every, every);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut round = 0_u32;
    loop {
        tokio::select! {
            () = &mut stop => return,
            _ = rounds.tick() => {}
        }
        let swept =
            if round.is_multiple_of(LOOK_THROUGH) { run_once(&db, &files).await } else { unbound(&db, &files).await };
        round = round.wrapping_add(1);
        match swept {
            Ok(swept) if swept == Swept::default() => {}
            Ok(swept) => tracing::info!(?swept, "files were cleared away"),
            Err(fault) => tracing::warn!(error = %fault, "files could not be cleared away; it will be tried again"),
        }
    }
}

/// Clears away everything that is due.
///
/// # Errors
/// `UNAVAILABLE`; what was cleared away stays so.
pub async fn run_once(db: &Db, files: &Attachments) -> Outcome<Swept> {
    let Swept { rows, .. } = unbound(db, files).await?;
    let orphans = orphans(db, files).await?;
    let drafts = files.objects()?.clear_drafts(db.clock().now() - GRACE).await?;
    Ok(Swept { rows, orphans, drafts })
}

/// Takes away files that were not bound in time: the row first, so that none ever says STORED without its content.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn unbound(db: &Db, files: &Attachments) -> Outcome<Swept> {
    let permit = permit(&Caller::new(Actor::system(None, "attachment:sweep"), ""), policy::SWEEP)?;
    let mut rows = 0;
    loop {
        let gone = claim(db, &permit, db.clock().now() - files.settings().unbound).await?;
        let count = gone.len() as u64;
        rows += count;
        if count > 0 {
            files.objects()?.delete(gone).await?;
        }
        if count < BATCH {
            return Ok(Swept { rows, ..Swept::default() });
        }
    }
}

async fn claim(db: &Db, permit: &Permit, before: chrono::DateTime<chrono::Utc>) -> Outcome<Vec<AttachmentId>> {
    db.write(permit, async |tx: &mut Tx| {
        let mut gone = Vec::new();
        for row in store::claim_unbound(tx, before, BATCH).await? {
            gone.push(row.id);
            tx.remove(row).await?;
        }
        Ok(gone)
    })
    .await
}

/// Takes away contents without rows: a node may die between the two.
async fn orphans(db: &Db, files: &Attachments) -> Outcome<u64> {
    let objects = files.objects()?;
    let mut count = 0;
    let mut listed = objects.older(db.clock().now() - GRACE, LISTED);
    while let Some(ids) = listed.try_next().await? {
        let orphans = store::without_rows(db, ids).await?;
        count += orphans.len() as u64;
        objects.delete(orphans).await?;
    }
    Ok(count)
}
