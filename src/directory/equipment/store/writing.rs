//! What use cases read and lock on the way to a write.

use chrono::NaiveDate;
use entity::{
    FOREVER, calibration,
    equipment::{Column, Entity, Model},
    equipment_scope,
    ids::{CalibrationId, EquipmentId, LabId, ScopeId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use uuid::Uuid;

use crate::{
    directory::rows::among,
    platform::{access::Sealed, db::Tx, fault::Outcome, lenient::fold},
};

/// Locks an item and seals its last revision.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: EquipmentId) -> Outcome<Sealed<Model>> {
    // The first revision is the same row for everybody, so whoever waits for it reads the last one afterwards.
    let first = Entity::find().filter(Column::Id.eq(id)).filter(Column::Revision.eq(1));
    tx.lock::<Model>(first, id.0).await?;
    tx.lock(Entity::find().filter(Column::Id.eq(id)).order_by_desc(Column::Revision).limit(1), id.0).await
}

/// The item that has a code at a site today; what an import asks.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn known(tx: &Tx, lab: LabId, asset_code: &str) -> Outcome<Option<Model>> {
    let select = Entity::find()
        .filter(Column::LabId.eq(lab))
        .filter(Column::AssetCode.eq(fold(asset_code)))
        .filter(Column::EffectiveTo.eq(FOREVER));
    tx.one(select).await
}

/// The calibration of an item that was done on a date and not voided; what an import asks.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn calibration(tx: &Tx, item: EquipmentId, performed_on: NaiveDate) -> Outcome<Option<calibration::Model>> {
    let select = calibration::Entity::find()
        .filter(calibration::Column::EquipmentId.eq(item))
        .filter(calibration::Column::PerformedOn.eq(performed_on))
        .filter(calibration::Column::VoidedOn.is_null())
        .order_by_desc(calibration::Column::Id);
    tx.one(select).await
}

/// The item of a calibration, whose rule is asked before the calibration's own.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn item_of(tx: &Tx, id: CalibrationId) -> Outcome<Option<EquipmentId>> {
    Ok(tx.one(calibration::Entity::find_by_id(id)).await?.map(|row| row.equipment_id))
}

/// Locks a calibration.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock_calibration(tx: &Tx, id: CalibrationId) -> Outcome<Sealed<calibration::Model>> {
    tx.lock(calibration::Entity::find_by_id(id), id.0).await
}

/// The last revisions of these items.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn last_of_ids(tx: &Tx, ids: impl IntoIterator<Item = Uuid>) -> Outcome<Vec<Model>> {
    let select = Entity::find().filter(among(tx.dialect(), Column::Id, ids)).filter(Column::EffectiveTo.eq(FOREVER));
    tx.all(select).await
}

/// Every link of an item with a line, the earliest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn links(tx: &Tx, item: EquipmentId, line: ScopeId) -> Outcome<Vec<equipment_scope::Model>> {
    let select = equipment_scope::Entity::find()
        .filter(equipment_scope::Column::EquipmentId.eq(item))
        .filter(equipment_scope::Column::ScopeId.eq(line))
        .order_by_asc(equipment_scope::Column::EffectiveFrom);
    tx.all(select).await
}
