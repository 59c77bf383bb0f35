//! What holds take.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    hold, hold_block, hold_day,
    ids::{EquipmentId, HoldId, OfferingId},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::writing::alive;
use crate::{
    capacity::{
        calendar::{
            model::{Blocking, Stretch, spans},
            store::outages,
        },
        hold::model::{Placed, Taken},
    },
    directory::rows::among,
    platform::{db::Tx, fault::Outcome},
};

/// A stretch of time at some items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// The items.
    pub items: Vec<EquipmentId>,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Until when.
    pub to: DateTime<Utc>,
}

/// A hold with all that it takes.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn whole(tx: &Tx, row: hold::Model) -> Outcome<Placed> {
    let days = hold_day::Entity::find().filter(hold_day::Column::HoldId.eq(row.id)).order_by_asc(hold_day::Column::Day);
    let blocks = hold_block::Entity::find()
        .filter(hold_block::Column::HoldId.eq(row.id))
        .order_by_asc(hold_block::Column::EquipmentId)
        .order_by_asc(hold_block::Column::StartsAt);
    Ok(Placed { days: tx.all(days).await?, blocks: tx.all(blocks).await?, row })
}

/// The units by day of many holds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn days_of(tx: &Tx, holds: &[HoldId]) -> Outcome<HashMap<HoldId, Vec<hold_day::Model>>> {
    let of = among(tx.dialect(), hold_day::Column::HoldId, holds.iter().map(|id| id.0));
    let mut found: HashMap<HoldId, Vec<hold_day::Model>> = HashMap::new();
    for row in tx.all(hold_day::Entity::find().filter(of).order_by_asc(hold_day::Column::Day)).await? {
        found.entry(row.hold_id).or_default().push(row);
    }
    Ok(found)
}

/// What other holds and outages have of a stretch of time, in order. Whoever is at the [`turnstile`](super::turnstile) of
/// the items reads what nobody changes before the commit.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn taken(tx: &Tx, around: &Around) -> Outcome<Vec<Taken>> {
    let items = || around.items.iter().map(|id| id.0);
    let live = Condition::all()
        .add(among(tx.dialect(), hold_block::Column::EquipmentId, items()))
        .add(hold_block::Column::Live.eq(true))
        .add(hold_block::Column::StartsAt.lt(around.to))
        .add(hold_block::Column::GuardedTo.gt(around.from));
    let mut found: Vec<Taken> = tx.all(hold_block::Entity::find().filter(live)).await?.into_iter().map(block).collect();
    for row in tx.all(outages(tx.dialect(), around.items.iter().copied(), around.from, around.to)).await? {
        let of = |(from, to): (DateTime<Utc>, DateTime<Utc>)| Taken {
            equipment: row.equipment_id,
            from,
            to,
            guarded_to: to,
            what: Blocking::Outage,
        };
        found.extend(spans(&row, around.from, around.to).into_iter().map(of));
    }
    found.sort_by_key(|taken| (taken.equipment, taken.from, taken.what));
    Ok(found)
}

/// The times of an offering's holds that are to come or under way, and not over by the clock.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn stretches(tx: &Tx, offering: OfferingId) -> Outcome<Vec<Stretch>> {
    let of_offering = hold::Column::OfferingId.eq(offering);
    let found = live_blocks(tx, Condition::all().add(of_offering), Condition::all()).await?;
    let stretch =
        |row: hold_block::Model| Stretch { equipment: row.equipment_id, from: row.starts_at, to: row.ends_at };
    Ok(found.into_iter().map(|(row, _)| stretch(row)).collect())
}

/// Units that an offering which counts nothing has recorded for days from `first` to `last`, by the clock.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn recorded_within(
    tx: &Tx,
    offering: OfferingId,
    (first, last): (NaiveDate, NaiveDate),
) -> Outcome<Vec<hold_day::Model>> {
    let live = hold::Entity::find()
        .select_only()
        .column(hold::Column::Id)
        .filter(hold::Column::OfferingId.eq(offering))
        .filter(alive(tx.now()));
    let days = hold_day::Entity::find()
        .filter(hold_day::Column::HoldId.in_subquery(live.into_query()))
        .filter(hold_day::Column::Day.between(first, last))
        .order_by_asc(hold_day::Column::Day);
    tx.all(days).await
}

/// The times at an item that are to come or under way, and not over by the clock, each with what it is for.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn blocks_of(tx: &Tx, item: EquipmentId) -> Outcome<Vec<(hold_block::Model, String)>> {
    live_blocks(tx, Condition::all(), Condition::all().add(hold_block::Column::EquipmentId.eq(item))).await
}

async fn live_blocks(tx: &Tx, holds: Condition, blocks: Condition) -> Outcome<Vec<(hold_block::Model, String)>> {
    let select = hold_block::Entity::find()
        .filter(hold_block::Column::Live.eq(true))
        .filter(hold_block::Column::EndsAt.gt(tx.now()))
        .filter(blocks)
        .filter(
            hold_block::Column::HoldId.in_subquery(
                hold::Entity::find()
                    .select_only()
                    .column(hold::Column::Id)
                    .filter(alive(tx.now()))
                    .filter(holds)
                    .into_query(),
            ),
        )
        .order_by_asc(hold_block::Column::StartsAt)
        .order_by_asc(hold_block::Column::Id);
    let rows = tx.all(select).await?;
    let of = among(tx.dialect(), hold::Column::Id, rows.iter().map(|row| row.hold_id.0));
    let holds = tx.all(hold::Entity::find().filter(of)).await?;
    let subjects: HashMap<HoldId, String> = holds.into_iter().map(|row| (row.id, row.subject)).collect();
    let with = |row: hold_block::Model| {
        let subject = subjects.get(&row.hold_id).cloned().unwrap_or_default();
        (row, subject)
    };
    Ok(rows.into_iter().map(with).collect())
}

fn block(row: hold_block::Model) -> Taken {
    Taken {
        equipment: row.equipment_id,
        from: row.starts_at,
        to: row.ends_at,
        guarded_to: row.guarded_to,
        what: Blocking::Taken,
    }
}
