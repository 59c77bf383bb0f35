//! The rows.

use entity::{ids::InstitutionId, institution};
use sea_orm::EntityTrait;

use crate::platform::{access::Sealed, db::Tx, fault::Outcome};

/// Locks the row of that id.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: InstitutionId) -> Outcome<Sealed<institution::Model>> {
    tx.lock(institution::Entity::find_by_id(id), id.0).await
}
