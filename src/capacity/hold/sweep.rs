//! Releases what has expired. Nothing depends on it: whoever needs the room releases what is in the way. It keeps the books
//! short, and may run on any number of nodes at once, and twice.

use super::{policy, service, store};
use crate::platform::{
    access::{Actor, Caller, permit},
    db::{Db, Tx},
    fault::Outcome,
};

/// Holds of one transaction.
const BATCH: u64 = 200;

/// Releases every hold whose time is over and that nobody else is at; how many that were.
///
/// # Errors
/// `UNAVAILABLE`; what was released before stays so.
pub async fn sweep(db: &Db) -> Outcome<u64> {
    let caller = Caller::new(Actor::system(None, "sweep:holds"), "sweep");
    let permit = permit(&caller, policy::SWEEP)?;
    let mut swept = 0;
    loop {
        let done = db.write(&permit, async |tx: &mut Tx| batch(tx, BATCH).await).await?;
        swept += done;
        if done < BATCH {
            return Ok(swept);
        }
    }
}

/// Releases up to `most` of them inside a transaction; how many that were. Offerings in ascending order, as everybody
/// takes them.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn batch(tx: &mut Tx, most: u64) -> Outcome<u64> {
    let mut due = Vec::new();
    for sealed in store::due(tx, most).await? {
        due.push(sealed.open(tx.permit())?);
    }
    due.sort_by_key(|row| (row.offering_id, row.id));
    let many = due.len() as u64;
    for row in due {
        service::expire(tx, row).await?;
    }
    Ok(many)
}
