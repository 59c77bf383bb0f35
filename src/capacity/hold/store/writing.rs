//! What use cases read and lock on the way to a write.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    enums::HoldStatus,
    equipment,
    hold::{Column, Entity, Model},
    hold_block, hold_day,
    ids::{EquipmentId, HoldId, OfferingId},
    offering,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::{
    capacity::hold::model::Block,
    directory::{equipment as items, rows::among},
    platform::{
        access::Sealed,
        db::Tx,
        fault::{Fault, Outcome},
    },
};

/// Locks the row of that id.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: HoldId) -> Outcome<Sealed<Model>> {
    tx.lock(Entity::find_by_id(id), id.0).await
}

/// An offering, kept as it is until the end of the transaction, so that its rules do not change meanwhile.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn of_offering(tx: &Tx, id: OfferingId) -> Outcome<offering::Model> {
    let found = tx.one_shared(offering::Entity::find_by_id(id)).await?;
    found.ok_or_else(|| Fault::not_found(OfferingId::KIND, id.0))
}

/// Lets one transaction at a time to an item, and answers its last revision. The exclusion alone would keep blocks apart
/// too, but of two that insert at once each would wait for the other.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn turnstile(tx: &Tx, item: EquipmentId) -> Outcome<equipment::Model> {
    drop(items::store::lock(tx, item).await?);
    let rows = items::store::last_of_ids(tx, [item.0]).await?;
    rows.into_iter().next().ok_or_else(|| Fault::not_found(EquipmentId::KIND, item.0))
}

/// Holds whose time is over and that have units of these days of an offering, or time near these blocks; locked by id.
/// They are nobody's any more, so no rule of a row is asked.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn in_the_way(
    tx: &Tx,
    offering: OfferingId,
    days: Option<(NaiveDate, NaiveDate)>,
    blocks: &[Block],
    gap: TimeDelta,
) -> Outcome<Vec<Model>> {
    let mut near = Condition::any();
    if let Some((first, last)) = days {
        let within = hold_day::Entity::find()
            .select_only()
            .column(hold_day::Column::HoldId)
            .filter(hold_day::Column::Day.between(first, last));
        let units =
            Condition::all().add(Column::OfferingId.eq(offering)).add(Column::Id.in_subquery(within.into_query()));
        near = near.add(units);
    }
    for block in blocks {
        let there = hold_block::Entity::find()
            .select_only()
            .column(hold_block::Column::HoldId)
            .filter(hold_block::Column::EquipmentId.eq(block.equipment))
            .filter(hold_block::Column::Live.eq(true))
            .filter(hold_block::Column::StartsAt.lt(block.to + gap))
            .filter(hold_block::Column::GuardedTo.gt(block.from));
        near = near.add(Column::Id.in_subquery(there.into_query()));
    }
    if near.is_empty() {
        return Ok(Vec::new());
    }
    let over = Entity::find().filter(Column::Status.eq(HoldStatus::Held)).filter(Column::ExpiresAt.lte(tx.now()));
    tx.all_locked(over.filter(near).order_by_asc(Column::Id)).await
}

/// Up to `most` holds whose time is over and that nobody else has locked.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn due(tx: &Tx, most: u64) -> Outcome<Vec<Sealed<Model>>> {
    let over = Entity::find()
        .filter(Column::Status.eq(HoldStatus::Held))
        .filter(Column::ExpiresAt.lte(tx.now()))
        .order_by_asc(Column::ExpiresAt)
        .order_by_asc(Column::Id)
        .limit(most);
    tx.lock_available(over).await
}

/// The newest hold for a subject that takes anything now.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_subject(tx: &Tx, subject: &str) -> Outcome<Option<Model>> {
    let select = Entity::find().filter(Column::Subject.eq(subject)).filter(alive(tx.now())).order_by_desc(Column::Id);
    tx.one(select).await
}

/// Every hold of an offering whose time is over; locked by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn over_of(tx: &Tx, offering: OfferingId) -> Outcome<Vec<Model>> {
    let over = Entity::find()
        .filter(Column::OfferingId.eq(offering))
        .filter(Column::Status.eq(HoldStatus::Held))
        .filter(Column::ExpiresAt.lte(tx.now()))
        .order_by_asc(Column::Id);
    tx.all_locked(over).await
}

/// Locks the holds that have time at an item which is to come or under way, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn lock_at(tx: &Tx, item: EquipmentId) -> Outcome<()> {
    let there = hold_block::Entity::find()
        .select_only()
        .column(hold_block::Column::HoldId)
        .filter(hold_block::Column::EquipmentId.eq(item))
        .filter(hold_block::Column::Live.eq(true))
        .filter(hold_block::Column::EndsAt.gt(tx.now()));
    let these = Entity::find().filter(Column::Id.in_subquery(there.into_query())).order_by_asc(Column::Id);
    tx.all_locked(these).await.map(drop)
}

/// Locks these holds by id, and where they are several the counters that they move.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn lock_all(tx: &Tx, ids: &[HoldId]) -> Outcome<()> {
    let these = among(tx.dialect(), Column::Id, ids.iter().map(|id| id.0));
    tx.all_locked(Entity::find().filter(these).order_by_asc(Column::Id)).await?;
    if ids.len() > 1 { super::counter::lock_of(tx, ids).await } else { Ok(()) }
}

/// Every hold of an offering that has units or time, whether or not its own time is over; locked by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn live_of(tx: &Tx, offering: OfferingId) -> Outcome<Vec<Model>> {
    let select = Entity::find()
        .filter(Column::OfferingId.eq(offering))
        .filter(Column::Status.is_in([HoldStatus::Held, HoldStatus::Booked]))
        .order_by_asc(Column::Id);
    tx.all_locked(select).await
}

/// Holds that take something at an instant, by the clock.
pub(super) fn alive(now: DateTime<Utc>) -> Condition {
    let held = Condition::all().add(Column::Status.eq(HoldStatus::Held)).add(Column::ExpiresAt.gt(now));
    Condition::any().add(Column::Status.eq(HoldStatus::Booked)).add(held)
}
