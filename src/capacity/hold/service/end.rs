//! Making holds firm, and ending them.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{
    capacity_calendar,
    enums::{CapacityPeriod, HoldStatus},
    hold, hold_block,
    ids::{HoldId, OfferingId},
};
use sea_orm::EntityTrait;
use serde_json::json;

use crate::{
    capacity::{
        calendar::model::monday,
        hold::{
            model::{Next, Placed, Step, kept, next, summed},
            store::{self, Part},
        },
    },
    directory::text,
    platform::{
        db::Tx,
        fault::{Fault, Outcome},
    },
};

/// Makes a hold firm; once more is nothing.
///
/// # Errors
/// `NOT_FOUND`; `HOLD_EXPIRED`; `HOLD_RELEASED`; `HOLD_FINISHED`; `HOLD_AFFECTED` where its equipment has failed since.
pub async fn confirm(tx: &mut Tx, id: HoldId) -> Outcome<()> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    let Next::To(status) = next(&row, Step::Confirm, tx.now())? else { return Ok(()) };
    let placed = store::whole(tx, row).await?;
    if let Some(refused) = affected(&placed) {
        return Err(refused);
    }
    for part in parts(tx, &placed, kept(&placed.row, &placed.days).collect()).await? {
        moved(store::shift(tx, part).await?, &placed.row)?;
    }
    let next = hold::Model { status, updated_at: tx.now(), ..placed.row.clone() };
    tx.update(placed.row, next).await.map(drop)
}

/// Gives a hold, or what is left of a booking, back, for a reason; once more is nothing. What was used stays used.
///
/// # Errors
/// `NOT_FOUND`; `INVALID` without a reason.
pub async fn release(tx: &mut Tx, id: HoldId, reason: &str) -> Outcome<()> {
    let reason = text::reason(reason)?;
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    let Next::To(status) = next(&row, Step::Release, tx.now())? else { return Ok(()) };
    let was = row.status;
    end(tx, hold::Model { status, reason: Some(reason), ..row.clone() }, row, move |_, bucket| {
        (was == HoldStatus::Booked).then_some(bucket)
    })
    .await
}

/// Ends a booking whose work is done: what was used, today included, stays used, the rest is free again; once more is
/// nothing.
///
/// # Errors
/// `NOT_FOUND`; `HOLD_NOT_BOOKED`; `HOLD_EXPIRED`; `HOLD_RELEASED`.
pub async fn finish(tx: &mut Tx, id: HoldId) -> Outcome<()> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    let Next::To(status) = next(&row, Step::Finish, tx.now())? else { return Ok(()) };
    end(tx, hold::Model { status, ..row.clone() }, row, |period, bucket| {
        let days = if period == CapacityPeriod::Week { 7 } else { 1 };
        Some(bucket + Days::new(days))
    })
    .await
}

/// Ends a hold whose time is over. It is locked; whoever comes upon it does so, in no name but the clock's.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn expire(tx: &mut Tx, row: hold::Model) -> Outcome<()> {
    let Next::To(status) = next(&row, Step::Expire, tx.now())? else { return Ok(()) };
    end(tx, hold::Model { status, ..row.clone() }, row, |_, _| None).await
}

/// Ends every hold of an offering whose time is over.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn expire_all(tx: &mut Tx, offering: OfferingId) -> Outcome<()> {
    for over in store::over_of(tx, offering).await? {
        expire(tx, over).await?;
    }
    Ok(())
}

/// Sets a hold aside for longer, or for less long.
///
/// # Errors
/// `NOT_FOUND`; `INVALID` for an instant that is not to come; `HOLD_EXPIRED`; `HOLD_BOOKED`; `HOLD_RELEASED`;
/// `HOLD_FINISHED`.
pub async fn extend(tx: &mut Tx, id: HoldId, until: DateTime<Utc>) -> Outcome<()> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    next(&row, Step::Extend, tx.now())?;
    if until <= tx.now() {
        return Err(Fault::invalid("until", "IN_THE_PAST", "Choose an instant to come."));
    }
    let later = hold::Model { expires_at: until, updated_at: tx.now(), ..row.clone() };
    tx.update(row, later).await.map(drop)
}

/// Locks several holds in the order in which everybody does. Whoever makes one firm and gives others back in one
/// transaction calls this first, so that nobody waits for another in a circle.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn together(tx: &Tx, ids: &[HoldId]) -> Outcome<()> {
    store::lock_all(tx, ids).await
}

/// A hold with all that it takes.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn of_hold(tx: &Tx, id: HoldId) -> Outcome<Placed> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    store::whole(tx, row).await
}

/// The newest hold for a subject that takes anything now: set aside and not expired, or booked.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_subject(tx: &Tx, subject: &str) -> Outcome<Option<Placed>> {
    match store::of_subject(tx, subject).await? {
        None => Ok(None),
        Some(row) => store::whole(tx, row).await.map(Some),
    }
}

/// Ends a hold: `from` says, by the period and today's bucket, from which day on its units are free; `None` for all.
async fn end(
    tx: &mut Tx,
    ended: hold::Model,
    row: hold::Model,
    from: impl FnOnce(CapacityPeriod, NaiveDate) -> Option<NaiveDate>,
) -> Outcome<()> {
    let was_booked = row.status == HoldStatus::Booked;
    let placed = store::whole(tx, row).await?;
    let period = period(tx, placed.row.offering_id).await?;
    let of_period = period.unwrap_or(CapacityPeriod::Day);
    let freed_from = from(of_period, bucket(of_period, tx.today()))
        .or_else(|| placed.days.first().map(|day| bucket(of_period, day.day)));
    let freed = placed.days.iter().filter(|day| freed_from.is_none_or(|from| day.day >= from));
    let freed = freed.map(|day| (day.day, day.quantity)).collect();
    for part in parts(tx, &placed, freed).await? {
        moved(store::free(tx, part, was_booked).await?, &placed.row)?;
    }
    let now = tx.now();
    for block in &placed.blocks {
        cut(tx, block, was_booked.then_some(now)).await?;
    }
    let ended = hold::Model { freed_from, updated_at: now, ..ended };
    tx.update(placed.row, ended).await.map(drop)
}

/// Frees a block from an instant on, or all of it.
async fn cut(tx: &mut Tx, block: &hold_block::Model, from: Option<DateTime<Utc>>) -> Outcome<()> {
    let gap = block.guarded_to - block.ends_at;
    match from {
        Some(from) if block.ends_at <= from => Ok(()),
        Some(from) if block.starts_at < from => {
            let rest = hold_block::Model { ends_at: from, guarded_to: from + gap, ..block.clone() };
            tx.replace(block, rest).await
        }
        _ => tx.replace(block, hold_block::Model { live: false, ..block.clone() }).await,
    }
}

/// Days of a hold as parts of counters, in ascending order; none where nothing is counted.
async fn parts(tx: &Tx, placed: &Placed, days: Vec<(NaiveDate, i32)>) -> Outcome<Vec<Part>> {
    let (row, mut sums) = (&placed.row, BTreeMap::new());
    if !days.is_empty()
        && let Some(period) = period(tx, row.offering_id).await?
    {
        sums = summed(days, |day| bucket(period, day));
    }
    let partner = row.holder != row.agency;
    let part = |(starts_on, quantity)| Part { offering: row.offering_id, starts_on, quantity, partner };
    Ok(sums.into_iter().map(part).collect())
}

async fn period(tx: &Tx, offering: OfferingId) -> Outcome<Option<CapacityPeriod>> {
    Ok(tx.one(capacity_calendar::Entity::find_by_id(offering)).await?.map(|row| row.period))
}

fn bucket(period: CapacityPeriod, day: NaiveDate) -> NaiveDate {
    if period == CapacityPeriod::Week { monday(day) } else { day }
}

/// Units that the books have must be in the counters; anything else is a defect of ours.
fn moved(moved: bool, row: &hold::Model) -> Outcome<()> {
    if moved { Ok(()) } else { Err(Fault::internal(format!("the counters lack units of {}", row.id))) }
}

fn affected(placed: &Placed) -> Option<Fault> {
    let hit: Vec<_> = placed.blocks.iter().filter(|block| block.live && block.affected).collect();
    let first = hit.first()?;
    let message = format!("{} cannot be used at a time that was set aside; ask for another.", first.equipment_id);
    let times = hit.iter().map(
        |block| json!({ "equipment": block.equipment_id.to_string(), "from": block.starts_at, "to": block.ends_at }),
    );
    Some(Fault::rule("HOLD_AFFECTED", message, json!({ "blocks": times.collect::<Vec<_>>() })))
}
