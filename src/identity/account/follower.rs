//! Keeps the revocations in memory equal to the stored ones, so that what one node revokes ends on every node.

use std::time::Duration;

use super::store;
use crate::{
    identity::revocation::{Kind, RevocationList, Revoked},
    platform::{db::Db, fault::Outcome},
};

/// How long another node may not know of a revocation.
const EVERY: Duration = Duration::from_secs(1);

/// Reads every stored revocation into the list.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn load(db: &Db, list: &RevocationList) -> Outcome<()> {
    let rows = store::revocations(db).await?;
    for row in rows {
        if let Some(kind) = Kind::from_word(&row.kind) {
            list.revoke(Revoked { agency: row.agency, kind, value: row.value }, row.before);
        }
    }
    Ok(())
}

/// The shortest time between two looks, however much is committed.
const GAP: Duration = Duration::from_millis(50);

/// Looks for new revocations whenever the feed has grown, and every second, until `stop` resolves. While the database does not answer, those at hand stay
/// in force.
pub async fn run(db: Db, list: std::sync::Arc<RevocationList>, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    let mut every = tokio::time::interval(EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut numbered = db.numbered(GAP);
    let mut known = None;
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = numbered.grown() => {}
            _ = every.tick() => {}
        }
        let state = store::state_of_revocations(&db).await;
        let fault = match state {
            Ok(state) if known.as_ref() == Some(&state) => continue,
            Ok(state) => match load(&db, &list).await {
                Ok(()) => {
                    known = Some(state);
                    continue;
                }
                Err(fault) => fault,
            },
            Err(fault) => fault,
        };
        tracing::warn!(error = %fault, "the revocations could not be read; it will be tried again");
    }
}
