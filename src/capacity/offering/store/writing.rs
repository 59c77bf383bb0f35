//! What use cases read and lock on the way to a write.

use entity::{
    ids::{LabId, OfferingId},
    offering::{Entity, Model},
    offering_equipment, offering_scope,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::platform::{access::Sealed, db::Tx, fault::Outcome};

/// Locks the row of that id.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: OfferingId) -> Outcome<Sealed<Model>> {
    tx.lock(Entity::find_by_id(id), id.0).await
}

/// The lab of an offering, whose rule is asked beside the offering's own.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn lab_of(tx: &Tx, id: OfferingId) -> Outcome<Option<LabId>> {
    Ok(tx.one(Entity::find_by_id(id)).await?.and_then(|row| row.lab_id))
}

/// Every link of an offering with a line, ended ones included.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn lines(tx: &Tx, id: OfferingId) -> Outcome<Vec<offering_scope::Model>> {
    tx.all(offering_scope::Entity::find().filter(offering_scope::Column::OfferingId.eq(id))).await
}

/// Every link of an offering with an item, ended ones included.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn items(tx: &Tx, id: OfferingId) -> Outcome<Vec<offering_equipment::Model>> {
    tx.all(offering_equipment::Entity::find().filter(offering_equipment::Column::OfferingId.eq(id))).await
}
