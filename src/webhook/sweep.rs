//! Clears deliveries away that ended long ago, and those of endpoints that were deleted. Any number of nodes may do it.

use entity::enums::WebhookDeliveryStatus as Status;

use super::{
    settings::Settings,
    store::over::{self as store, Over},
};
use crate::platform::{
    db::{Books, Db},
    fault::Outcome,
};

/// Rows that are taken away in one transaction.
const BATCH: u64 = 1_000;

/// Clears away everything that is due; how many deliveries that were.
///
/// # Errors
/// `UNAVAILABLE`; what was cleared away stays so.
pub async fn run_once(db: &Db, settings: &Settings) -> Outcome<u64> {
    let now = db.clock().now();
    let mut gone = 0;
    for over in [
        Over::Ended(Status::Delivered, now - settings.keep_delivered),
        Over::Ended(Status::Failed, now - settings.keep_failed),
        Over::Orphaned,
    ] {
        loop {
            let some = db.keep_books(async |books: &Books<'_>| store::sweep(books, over, BATCH).await).await?;
            gone += some;
            if some < BATCH {
                break;
            }
        }
    }
    Ok(gone)
}
