//! Planned closures of an offering or of a whole lab.

use chrono::TimeDelta;
use entity::{
    capacity_closure::Model,
    capacity_day,
    ids::{AgencyCode, ClosureId, LabId, OfferingId},
    lab, offering,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    plan::{before, by_time, empty, event},
    rules::editable,
};
use crate::{
    capacity::{
        calendar::{
            model::{Changed, Cut, NewClosure, Stretch},
            policy, store,
        },
        hold,
        offering::service::open,
    },
    directory::{institution::model::Blank, lab as labs},
    platform::{
        access::Ruled,
        clock::shanghai_date,
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
    },
};

/// A closure that was planned or cancelled, and what that changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClosureDone {
    /// The row as it is then.
    pub row: Model,
    /// What changes.
    pub changed: Changed,
}

/// Plans days on which an offering, or all that a lab offers, is closed.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`; `ARCHIVED`; `CAPACITY_COMMITTED` with all days and times of all offerings.
pub async fn plan(cmd: &Command<'_>, new: NewClosure) -> Outcome<ClosureDone> {
    cmd.run(policy::PLAN, async |tx: &mut Tx| {
        let target = target(tx, new.offering, new.lab).await?;
        let row = new.entered(Blank { id: ClosureId(tx.id()), agency: target.agency.clone(), at: tx.now() })?;
        change(tx, &target, async |tx: &mut Tx| tx.insert(row).await).await
    })
    .await
}

/// Cancels a closure.
///
/// # Errors
/// `NOT_FOUND`; `STALE_VERSION`; `CLOSURE_CANCELLED`.
pub async fn cancel(cmd: &Command<'_>, id: ClosureId) -> Outcome<ClosureDone> {
    cmd.run(policy::CANCEL, async |tx: &mut Tx| {
        let missing = || Fault::not_found(<Model as Ruled>::KIND, id.0);
        let (offering, lab) = store::target_of_closure(tx, id).await?.ok_or_else(missing)?;
        // Who may not see what is closed does not learn that it is.
        let hidden = |fault| if matches!(fault, Fault::NotFound { .. }) { missing() } else { fault };
        let target = target(tx, offering, lab).await.map_err(hidden)?;
        let row = store::lock_closure(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        if row.cancelled_at.is_some() {
            return Err(Fault::rule("CLOSURE_CANCELLED", "This was cancelled before.", json!({})));
        }
        let at = tx.now();
        let cancelled = Model { cancelled_at: Some(at), updated_at: at, ..row.clone() };
        change(tx, &target, async |tx: &mut Tx| tx.update(row, cancelled).await).await
    })
    .await
}

/// What is closed.
struct Target {
    /// All offerings that this concerns.
    offerings: Vec<offering::Model>,
    /// Their lab; none where the agency itself offers.
    lab: Option<lab::Model>,
    agency: AgencyCode,
}

/// Locks and opens what is closed.
async fn target(tx: &mut Tx, offering: Option<OfferingId>, lab: Option<LabId>) -> Outcome<Target> {
    match (offering, lab) {
        (Some(offering), None) => {
            let (row, lab) = open(tx, offering).await?;
            editable(&row)?;
            Ok(Target { agency: row.agency.clone(), offerings: vec![row], lab })
        }
        (None, Some(lab)) => {
            let offerings = store::lock_offerings(tx, lab).await?;
            let row = labs::store::lock(tx, lab).await?.open(tx.permit())?;
            Ok(Target { offerings, agency: row.agency.clone(), lab: Some(row) })
        }
        (Some(_), Some(_)) | (None, None) => {
            Err(Fault::invalid("input", "ONE_OF", "Name an offering or a lab, not both."))
        }
    }
}

/// Does `write` and holds it against what is taken of all of them.
async fn change(
    tx: &mut Tx,
    target: &Target,
    write: impl for<'c> AsyncFnOnce(&'c mut Tx) -> Outcome<Model> + Send,
) -> Outcome<ClosureDone> {
    let ids: Vec<OfferingId> = target.offerings.iter().map(|row| row.id).collect();
    let mut all = Vec::new();
    for id in store::stating(tx, &ids).await? {
        all.push(before(tx, id).await?);
    }
    let row = write(tx).await?;
    let (mut cut, mut changed) = (Cut::default(), Changed::default());
    for one in all {
        changed.days.extend(one.changed(tx, &mut cut).await?);
    }
    if row.cancelled_at.is_none() {
        uncounted(tx, target, &row, &mut cut).await?;
    }
    cut.refuse()?;
    let differs = |row: &&offering::Model| changed.days.iter().any(|day| day.offering == row.id);
    for offering in target.offerings.iter().filter(differs) {
        tx.emit(event(offering, target.lab.as_ref(), &changed.days));
    }
    Ok(ClosureDone { row, changed })
}

/// What the rules do not tell: units of offerings that count nothing, and times that were taken beside samples.
async fn uncounted(tx: &Tx, target: &Target, closure: &Model, cut: &mut Cut) -> Outcome<()> {
    let first = closure.first_day.max(tx.today());
    for offering in &target.offerings {
        if store::calendar(tx, offering.id).await?.is_none() {
            for day in hold::store::recorded_within(tx, offering.id, (first, closure.last_day)).await? {
                let counter = capacity_day::Model { booked: day.quantity, ..empty(offering.id, day.day) };
                cut.days.push((counter, 0, 0));
            }
        } else if by_time(offering) {
            continue;
        }
        let falls = |stretch: &Stretch| {
            shanghai_date(stretch.from) <= closure.last_day
                && closure.first_day <= shanghai_date(stretch.to - TimeDelta::seconds(1))
        };
        cut.blocks.extend(hold::store::stretches(tx, offering.id).await?.into_iter().filter(falls));
    }
    Ok(())
}
