//! What use cases read and lock on the way to a write.

use chrono::NaiveDate;
use entity::{
    capacity_calendar, capacity_closure, capacity_exception, equipment_outage,
    ids::{ClosureId, EquipmentId, LabId, OfferingId, OutageId},
    offering,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    capacity::calendar::model::Closed,
    directory::rows::among,
    platform::{access::Sealed, db::Tx, fault::Outcome},
};

/// The rules of an offering; `None` where it states nothing.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn calendar(tx: &Tx, id: OfferingId) -> Outcome<Option<capacity_calendar::Model>> {
    tx.one(capacity_calendar::Entity::find_by_id(id)).await
}

/// The exception of a day.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn exception(tx: &Tx, id: OfferingId, day: NaiveDate) -> Outcome<Option<capacity_exception::Model>> {
    tx.one(capacity_exception::Entity::find_by_id((id, day))).await
}

/// Closures, not cancelled, of an offering and of its lab that touch some days.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn closed(
    tx: &Tx,
    offering: &offering::Model,
    (first, last): (NaiveDate, NaiveDate),
) -> Outcome<Vec<Closed>> {
    use capacity_closure::{Column, Entity};
    let of = Condition::any()
        .add(Column::OfferingId.eq(offering.id))
        .add_option(offering.lab_id.map(|lab| Column::LabId.eq(lab)));
    let select = Entity::find()
        .filter(of)
        .filter(Column::CancelledAt.is_null())
        .filter(Column::FirstDay.lte(last))
        .filter(Column::LastDay.gte(first))
        .order_by_asc(Column::FirstDay);
    let closed = |row: capacity_closure::Model| Closed { first: row.first_day, last: row.last_day, reason: row.reason };
    Ok(tx.all(select).await?.into_iter().map(closed).collect())
}

/// Locks every offering of a lab, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn lock_offerings(tx: &Tx, lab: LabId) -> Outcome<Vec<offering::Model>> {
    let of_lab = offering::Entity::find().filter(offering::Column::LabId.eq(lab));
    tx.all_locked(of_lab.order_by_asc(offering::Column::Id)).await
}

/// Those of some offerings that have a calendar, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn stating(tx: &Tx, offerings: &[OfferingId]) -> Outcome<Vec<OfferingId>> {
    let of = among(tx.dialect(), capacity_calendar::Column::OfferingId, offerings.iter().map(|id| id.0));
    let rows = capacity_calendar::Entity::find().filter(of).order_by_asc(capacity_calendar::Column::OfferingId);
    Ok(tx.all(rows).await?.into_iter().map(|row| row.offering_id).collect())
}

/// Locks a closure.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock_closure(tx: &Tx, id: ClosureId) -> Outcome<Sealed<capacity_closure::Model>> {
    tx.lock(capacity_closure::Entity::find_by_id(id), id.0).await
}

/// The offering or the lab of a closure, which is locked before it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn target_of_closure(tx: &Tx, id: ClosureId) -> Outcome<Option<(Option<OfferingId>, Option<LabId>)>> {
    let found = tx.one(capacity_closure::Entity::find_by_id(id)).await?;
    Ok(found.map(|row| (row.offering_id, row.lab_id)))
}

/// Locks an outage.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock_outage(tx: &Tx, id: OutageId) -> Outcome<Sealed<equipment_outage::Model>> {
    tx.lock(equipment_outage::Entity::find_by_id(id), id.0).await
}

/// The item of an outage, which is locked before it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn target_of_outage(tx: &Tx, id: OutageId) -> Outcome<Option<EquipmentId>> {
    Ok(tx.one(equipment_outage::Entity::find_by_id(id)).await?.map(|row| row.equipment_id))
}
