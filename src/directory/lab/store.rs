//! The rows.

use entity::{ids::LabId, lab};
use sea_orm::EntityTrait;

use crate::platform::{access::Sealed, db::Tx, fault::Outcome};

/// Locks the row of that id.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: LabId) -> Outcome<Sealed<lab::Model>> {
    tx.lock(lab::Entity::find_by_id(id), id.0).await
}
