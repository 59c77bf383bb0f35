//! Opening, pausing and ending offerings.

use entity::{
    enums::{EquipmentStatus, OfferingStatus},
    ids::OfferingId,
    lab,
    offering::Model,
};

use super::{cover, event, open};
use crate::{
    capacity::events,
    capacity::offering::{
        model::{Facts, Step, next, ready},
        policy,
    },
    directory::text,
    platform::{command::Command, db::Tx, fault::Outcome},
};

/// Opens one for the first time.
///
/// # Errors
/// `OFFERING_NOT_READY`; `STALE_VERSION`; `ALREADY_ACTIVE`, `PAUSED`, `ARCHIVED`.
pub async fn activate(cmd: &Command<'_>, id: OfferingId) -> Outcome<OfferingId> {
    take(cmd, id, (Step::Activate, events::OFFERING_OPENED.name), None).await
}

/// Closes one for a while, for a reason.
///
/// # Errors
/// `INVALID` without a reason; `STALE_VERSION`; `NOT_ACTIVE`, `ALREADY_PAUSED`, `ARCHIVED`.
pub async fn pause(cmd: &Command<'_>, id: OfferingId, reason: &str) -> Outcome<OfferingId> {
    take(cmd, id, (Step::Pause, events::OFFERING_PAUSED.name), Some(text::reason(reason)?)).await
}

/// Opens one again.
///
/// # Errors
/// `OFFERING_NOT_READY`; `STALE_VERSION`; `NOT_PAUSED`, `ARCHIVED`.
pub async fn resume(cmd: &Command<'_>, id: OfferingId) -> Outcome<OfferingId> {
    take(cmd, id, (Step::Resume, events::OFFERING_OPENED.name), None).await
}

/// Ends one for good, for a reason; it stays on record.
///
/// # Errors
/// `INVALID` without a reason; `STALE_VERSION`; `ARCHIVED`.
pub async fn archive(cmd: &Command<'_>, id: OfferingId, reason: &str) -> Outcome<OfferingId> {
    take(cmd, id, (Step::Archive, events::OFFERING_ARCHIVED.name), Some(text::reason(reason)?)).await
}

async fn take(
    cmd: &Command<'_>,
    id: OfferingId,
    (step, name): (Step, &'static str),
    reason: Option<String>,
) -> Outcome<OfferingId> {
    cmd.run(policy::action(step), async |tx: &mut Tx| {
        let (row, lab) = open(tx, id).await?;
        cmd.expect_version(row.version)?;
        let status = next(row.status, step)?;
        if status == OfferingStatus::Active {
            ready(&row, facts(tx, &row, lab.as_ref()).await?)?;
        }
        let at = tx.now();
        let opened_at = row.opened_at.or_else(|| (status == OfferingStatus::Active).then_some(at));
        let taken = Model { status, status_reason: reason.clone(), opened_at, updated_at: at, ..row.clone() };
        let row = tx.update(row, taken).await?;
        tx.emit(event(name, &row, lab.as_ref(), reason.as_deref()));
        Ok(row.id)
    })
    .await
}

async fn facts(tx: &Tx, row: &Model, lab: Option<&lab::Model>) -> Outcome<Facts> {
    let named = cover::named(tx, row).await?;
    let found = cover::found(tx, &named).await?;
    let in_register = found.equipment.iter().filter(|item| item.status != EquipmentStatus::Retired).count();
    Ok(Facts {
        today: tx.today(),
        lab: lab.map(|lab| lab.standing),
        named: named.lines.len() + named.equipment.len(),
        left: found.lines.len() + in_register,
    })
}
