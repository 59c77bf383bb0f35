//! Stating the rules of an offering, and its exceptions.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{
    capacity_calendar, capacity_day, capacity_exception,
    enums::{HoldStatus, OfferingStatus},
    ids::OfferingId,
    lab, offering,
};
use serde_json::json;

use super::plan::{before, by_time, empty, event};
use crate::{
    capacity::{
        calendar::{
            model::{Changed, Cut, Listed, NewCalendar, Rules, exception_units},
            policy, store,
        },
        hold,
        offering::service::open,
    },
    directory::text,
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome, Problems},
    },
};

/// States the rules of an offering, in place of all that it had. What was recorded before it stated any counts from now on.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`; `ARCHIVED`; `STALE_VERSION`; `PERIOD_COMMITTED`; `CAPACITY_COMMITTED`.
pub async fn set(cmd: &Command<'_>, id: OfferingId, new: NewCalendar) -> Outcome<Changed> {
    cmd.run(policy::SET, async |tx: &mut Tx| {
        let (offering, lab) = open(tx, id).await?;
        editable(&offering)?;
        let row = new.entered(&offering, tx.now())?;
        let before = before(tx, id).await?;
        match store::calendar(tx, id).await? {
            Some(last) => {
                cmd.expect_version(last.version)?;
                let live = hold::store::live_of(tx, id).await?;
                if last.period != row.period && !live.is_empty() {
                    return Err(period_committed(live.len()));
                }
                let (version, created_at) = (last.version, last.created_at);
                tx.update(last, capacity_calendar::Model { version, created_at, ..row }).await?;
            }
            None => {
                cmd.expect_version(0)?;
                let row = tx.insert(row).await?;
                count_recorded(tx, row).await?;
            }
        }
        let mut cut = Cut::default();
        let days = before.changed(tx, &mut cut).await?;
        cut.refuse()?;
        tx.emit(event(&offering, lab.as_ref(), &days));
        Ok(Changed { days })
    })
    .await
}

/// Gives `units` on one day, or in the week of that day, in place of what the rules say.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`; `ARCHIVED`; `CALENDAR_MISSING`; `STALE_VERSION`, of the calendar; `CAPACITY_COMMITTED`.
pub async fn except(
    cmd: &Command<'_>,
    id: OfferingId,
    day: NaiveDate,
    (units, reason): (i32, Option<String>),
) -> Outcome<Changed> {
    cmd.run(policy::EXCEPT, async |tx: &mut Tx| {
        let (offering, lab, rules) = stating(cmd, tx, id, day).await?;
        let mut problems = Problems::default();
        exception_units(&mut problems, units);
        if by_time(&offering) && units != 0 {
            problems.add("units", "CALENDAR_OF_OTHER_KIND", "Time at equipment has no units; 0 closes the day.");
        }
        let reason = text::optional(&mut problems, "reason", reason, text::REASON);
        problems.finish()?;
        let before = before(tx, id).await?;
        let (day, agency, recorded_at) = (rules.bucket(day), offering.agency.clone(), tx.now());
        let row = capacity_exception::Model { offering_id: id, day, agency, units, reason, recorded_at };
        match store::exception(tx, id, day).await? {
            Some(last) => tx.replace(&last, row).await?,
            None => drop(tx.insert(row).await?),
        }
        let mut cut = Cut::default();
        let days = before.changed(tx, &mut cut).await?;
        cut.refuse()?;
        tx.emit(event(&offering, lab.as_ref(), &days));
        Ok(Changed { days })
    })
    .await
}

/// Goes back to what the rules say for that day.
///
/// # Errors
/// `NOT_FOUND`, also where there is no exception; `ARCHIVED`; `CALENDAR_MISSING`; `STALE_VERSION`; `CAPACITY_COMMITTED`.
pub async fn unexcept(cmd: &Command<'_>, id: OfferingId, day: NaiveDate) -> Outcome<Changed> {
    cmd.run(policy::UNEXCEPT, async |tx: &mut Tx| {
        let (offering, lab, rules) = stating(cmd, tx, id, day).await?;
        let day = rules.bucket(day);
        let last = store::exception(tx, id, day).await?;
        let last = last.ok_or_else(|| Fault::not_found("capacity-exception", day))?;
        let before = before(tx, id).await?;
        tx.unlink(last).await?;
        let mut cut = Cut::default();
        let days = before.changed(tx, &mut cut).await?;
        cut.refuse()?;
        tx.emit(event(&offering, lab.as_ref(), &days));
        Ok(Changed { days })
    })
    .await
}

/// An offering that may be edited and has a calendar, of the version that the caller has read.
async fn stating(
    cmd: &Command<'_>,
    tx: &mut Tx,
    id: OfferingId,
    day: NaiveDate,
) -> Outcome<(offering::Model, Option<lab::Model>, Rules)> {
    let (offering, lab) = open(tx, id).await?;
    editable(&offering)?;
    let Some(rules) = store::rules(tx, id, day, day).await? else {
        let message = "This offering has no calendar yet; state its rules first.";
        return Err(Fault::rule("CALENDAR_MISSING", message, json!({})));
    };
    cmd.expect_version(rules.row().version)?;
    Ok((offering, lab, rules))
}

pub(super) fn editable(offering: &offering::Model) -> Outcome<()> {
    if offering.status == OfferingStatus::Archived {
        return Err(Fault::rule("ARCHIVED", "This offering has ended for good.", json!({})));
    }
    Ok(())
}

fn period_committed(holds: usize) -> Fault {
    let message = "Something is set aside or booked; what units are counted by can change when nothing is.";
    Fault::rule("PERIOD_COMMITTED", message, json!({ "holds": holds }))
}

/// Counts what was set aside while nothing was counted. Where that is more than there is now, the day is overcommitted.
async fn count_recorded(tx: &mut Tx, row: capacity_calendar::Model) -> Outcome<()> {
    let id = row.offering_id;
    let live = hold::store::live_of(tx, id).await?;
    let holds: Vec<_> = live.iter().map(|hold| hold.id).collect();
    let days = hold::store::days_of(tx, &holds).await?;
    let rules = Rules::new(row, Listed::default());
    let mut counters: BTreeMap<NaiveDate, capacity_day::Model> = BTreeMap::new();
    for hold in &live {
        for day in days.get(&hold.id).into_iter().flatten() {
            let bucket = rules.bucket(day.day);
            let counter = counters.entry(bucket).or_insert_with(|| empty(id, bucket));
            *(if hold.status == HoldStatus::Held { &mut counter.held } else { &mut counter.booked }) += day.quantity;
            counter.partner_taken += if hold.holder == hold.agency { 0 } else { day.quantity };
        }
    }
    tx.lay_out::<capacity_day::Entity>(counters.into_values().collect()).await
}
