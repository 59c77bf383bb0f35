//! Signing checkpoints: every so many entries, or after some time where there are fewer.

use std::time::Duration;

use chrono::TimeDelta;
use entity::checkpoint;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::super::{
    model::checkpoint::{Claim, signed},
    policy, store,
};
use crate::platform::{
    access::{Caller, permit},
    db::Db,
    fault::Outcome,
    signing::Signer,
};

/// When a checkpoint is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// After so many entries.
    pub entries: i64,
    /// After so long, where there is any entry.
    pub age: TimeDelta,
}

/// Signs until `stop` resolves. Any number of nodes may do it: of two that would follow the same checkpoint one does.
pub async fn run(db: &Db, signer: &dyn Signer, (due, every): (Due, Duration), stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    let mut rounds = interval_at(Instant::now() + every, every);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = &mut stop => return,
            _ = rounds.tick() => {}
        }
        if let Err(fault) = seal(db, signer, due).await {
            tracing::warn!(error = %fault, "no checkpoint could be signed; it will be tried again");
        }
    }
}

/// Signs a checkpoint of the whole feed, if one is due; the entry that it covers.
///
/// # Errors
/// Those of the signer; `UNAVAILABLE`.
pub async fn seal(db: &Db, signer: &dyn Signer, due: Due) -> Outcome<Option<i64>> {
    let Some(end) = store::end(db).await? else { return Ok(None) };
    let last = store::last_checkpoint(db).await?;
    let (after, since) = match last {
        Some(last) => (last.seq, Some(last.at)),
        None => (0, store::entry(db, 1).await?.map(|first| first.at)),
    };
    let (now, entries) = (db.clock().now(), end.seq - after);
    let is_old = since.is_none_or(|since| now - since >= due.age);
    if entries <= 0 || (entries < due.entries && !is_old) {
        return Ok(None);
    }
    let claim = Claim { seq: end.seq, hash: hex::encode(&end.hash), at: now, entries };
    let (made, kid) = signed(&claim, signer)?;
    let row = checkpoint::Model {
        seq: end.seq,
        after_seq: after,
        hash: end.hash,
        at: now,
        kid,
        jwk: made.jwk,
        jws: made.jws,
    };
    let seq = row.seq;
    Ok(db.keep_checkpoint(row).await?.then_some(seq))
}

/// Some checkpoints after an entry, the oldest first.
///
/// # Errors
/// `FORBIDDEN`; `UNAVAILABLE`.
pub async fn after(db: &Db, caller: &Caller, seq: i64, most: u64) -> Outcome<Vec<checkpoint::Model>> {
    permit(caller, policy::CHECKPOINTS)?;
    store::checkpoints_after(db, seq, most).await
}
