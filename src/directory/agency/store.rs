//! The rows.

use std::collections::BTreeSet;

use entity::{
    agency::{Column, Entity, Model},
    ids::AgencyCode,
};
use sea_orm::{EntityTrait, QueryOrder};

use crate::platform::{
    access::Sealed,
    db::{Db, Tx},
    fault::Outcome,
};

/// Locks the row of that code.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, code: AgencyCode) -> Outcome<Sealed<Model>> {
    let key = code.0.clone();
    tx.lock(Entity::find_by_id(code), key).await
}

/// The codes of every member, in the transaction of a write.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn codes(tx: &Tx) -> Outcome<BTreeSet<AgencyCode>> {
    Ok(tx.all(Entity::find()).await?.into_iter().map(|row| row.code).collect())
}

/// Every member, by code. They are few and everybody may see them.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn all(db: &Db) -> Outcome<Vec<Model>> {
    db.all(Entity::find().order_by_asc(Column::Code)).await
}
