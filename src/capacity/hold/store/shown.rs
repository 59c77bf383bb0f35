//! What is taken of offerings that were shown, by the clock of whoever asks.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    capacity_day,
    enums::HoldStatus,
    hold, hold_block, hold_day,
    ids::{EquipmentId, HoldId, OfferingId},
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Value};
use uuid::Uuid;

use crate::{
    directory::rows::among,
    platform::{
        db::{Db, Dialect},
        fault::Outcome,
    },
};

/// What is taken of a day or week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Units set aside by holds whose time is not over.
    pub held: i32,
    /// Units booked.
    pub booked: i32,
    /// Of both, for other agencies than the owner.
    pub partner_taken: i32,
}

#[derive(FromQueryResult)]
struct Over {
    offering_id: Uuid,
    day: NaiveDate,
    partner: bool,
    quantity: i64,
}

/// What is taken of the days of offerings, by the day under which it is counted. `bucket` is that day.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn counted(
    db: &Db,
    offerings: &[OfferingId],
    (first, last): (NaiveDate, NaiveDate),
    bucket: impl Fn(OfferingId, NaiveDate) -> NaiveDate,
) -> Outcome<HashMap<(OfferingId, NaiveDate), Counted>> {
    use capacity_day::{Column, Entity};
    let rows = Entity::find()
        .filter(among(db.dialect(), Column::OfferingId, offerings.iter().map(|id| id.0)))
        .filter(Column::StartsOn.between(first, last));
    let counted = |row: capacity_day::Model| {
        let taken = Counted { held: row.held, booked: row.booked, partner_taken: row.partner_taken };
        ((row.offering_id, row.starts_on), taken)
    };
    let mut found: HashMap<_, _> = db.all(rows).await?.into_iter().map(counted).collect();
    for over in over(db, offerings).await? {
        let offering = OfferingId(over.offering_id);
        let quantity = i32::try_from(over.quantity).unwrap_or(i32::MAX);
        if let Some(taken) = found.get_mut(&(offering, bucket(offering, over.day))) {
            taken.held = taken.held.saturating_sub(quantity);
            taken.partner_taken = taken.partner_taken.saturating_sub(if over.partner { quantity } else { 0 });
        }
    }
    Ok(found)
}

/// Units that the counters still have of holds whose time is over.
async fn over(db: &Db, offerings: &[OfferingId]) -> Outcome<Vec<Over>> {
    let keys = db.dialect().keys(offerings.iter().map(|id| id.0));
    let (status, now) = match db.dialect() {
        Dialect::Postgres => ("$2", "$3"),
        Dialect::Sqlite => ("?", "?"),
    };
    let table = db.dialect().keys_table(1);
    let sql = format!(
        "SELECT h.offering_id AS offering_id, d.day AS day, h.holder <> h.agency AS partner, \
         CAST(SUM(d.quantity) AS bigint) AS quantity FROM hold h JOIN hold_day d ON d.hold_id = h.id \
         WHERE h.offering_id IN (SELECT k.id FROM {table} k) AND h.status = {status} AND h.expires_at <= {now} \
         GROUP BY h.offering_id, d.day, h.holder <> h.agency"
    );
    let values = vec![keys, Value::from(HoldStatus::Held.word()), Value::from(db.clock().now())];
    db.sql(&sql, values).await
}

#[derive(FromQueryResult)]
struct Lapse {
    offering_id: Uuid,
    at: DateTime<Utc>,
}

/// When the next hold of each of these offerings lapses by itself; those without any are left out.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn next_lapses(db: &Db, offerings: &[OfferingId]) -> Outcome<HashMap<OfferingId, DateTime<Utc>>> {
    let select = hold::Entity::find()
        .select_only()
        .column(hold::Column::OfferingId)
        .column_as(hold::Column::ExpiresAt.min(), "at")
        .filter(among(db.dialect(), hold::Column::OfferingId, offerings.iter().map(|id| id.0)))
        .filter(hold::Column::Status.eq(HoldStatus::Held))
        .filter(hold::Column::ExpiresAt.gt(db.clock().now()))
        .group_by(hold::Column::OfferingId);
    let rows: Vec<Lapse> = db.selected(select).await?;
    Ok(rows.into_iter().map(|row| (OfferingId(row.offering_id), row.at)).collect())
}

/// The times at items within `[from, to)` that are taken by the clock.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn blocks(
    db: &Db,
    items: &[EquipmentId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Outcome<Vec<hold_block::Model>> {
    let over = hold::Entity::find()
        .select_only()
        .column(hold::Column::Id)
        .filter(hold::Column::Status.eq(HoldStatus::Held))
        .filter(hold::Column::ExpiresAt.lte(db.clock().now()));
    let select = hold_block::Entity::find()
        .filter(among(db.dialect(), hold_block::Column::EquipmentId, items.iter().map(|id| id.0)))
        .filter(hold_block::Column::Live.eq(true))
        .filter(hold_block::Column::StartsAt.lt(to))
        .filter(hold_block::Column::GuardedTo.gt(from))
        .filter(hold_block::Column::HoldId.not_in_subquery(over.into_query()))
        .order_by_asc(hold_block::Column::StartsAt);
    db.all(select).await
}

/// A booking with its units by day and its times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// The row.
    pub row: hold::Model,
    /// Its units by day.
    pub days: Vec<hold_day::Model>,
    /// Its times.
    pub blocks: Vec<hold_block::Model>,
}

/// The last `most` bookings of offerings, the newest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn bookings(db: &Db, offerings: &[OfferingId], most: u64) -> Outcome<Vec<Booking>> {
    let firm = [HoldStatus::Booked, HoldStatus::Finished];
    let rows = hold::Entity::find()
        .filter(among(db.dialect(), hold::Column::OfferingId, offerings.iter().map(|id| id.0)))
        .filter(hold::Column::Status.is_in(firm))
        .order_by_desc(hold::Column::Id)
        .limit(most);
    let rows = db.all(rows).await?;
    let ids = || rows.iter().map(|row| row.id.0);
    let days = hold_day::Entity::find().filter(among(db.dialect(), hold_day::Column::HoldId, ids()));
    let days = db.all(days.order_by_asc(hold_day::Column::Day)).await?;
    let blocks = hold_block::Entity::find()
        .filter(among(db.dialect(), hold_block::Column::HoldId, ids()))
        .filter(hold_block::Column::Live.eq(true));
    let blocks = db.all(blocks.order_by_asc(hold_block::Column::StartsAt)).await?;
    let mut found: HashMap<HoldId, (Vec<hold_day::Model>, Vec<hold_block::Model>)> = HashMap::new();
    for day in days {
        found.entry(day.hold_id).or_default().0.push(day);
    }
    for block in blocks {
        found.entry(block.hold_id).or_default().1.push(block);
    }
    let booking = |row: hold::Model| {
        let (days, blocks) = found.remove(&row.id).unwrap_or_default();
        Booking { days, blocks, row }
    };
    Ok(rows.into_iter().map(booking).collect())
}
