//! Items: entering, editing, status.

use entity::{
    enums::{EquipmentStatus, Standing},
    equipment::Model,
    ids::EquipmentId,
};
use serde_json::json;

use super::{event, open};
use crate::{
    directory::events,
    directory::{
        equipment::{
            model::{EquipmentEdit, NewEquipment, StatusChange, may_become},
            policy,
        },
        lab, text,
    },
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
    },
};

/// Enters an item, in service.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`, `FORBIDDEN` for the lab; `LAB_RETIRED`; `EQUIPMENT_ASSET_CODE_TAKEN`.
pub async fn create(cmd: &Command<'_>, new: NewEquipment) -> Outcome<EquipmentId> {
    cmd.run(policy::CREATE, async |tx: &mut Tx| create_in(tx, new).await).await
}

/// [`create`] inside a transaction.
///
/// # Errors
/// Those of [`create`].
pub async fn create_in(tx: &mut Tx, new: NewEquipment) -> Outcome<EquipmentId> {
    let lab = lab::store::lock(tx, new.lab).await?.open(tx.permit())?;
    if lab.standing == Standing::Retired {
        return Err(Fault::rule(
            "LAB_RETIRED",
            "This lab is retired and takes no new equipment.",
            json!({ "labId": lab.id.to_string() }),
        ));
    }
    let agency = tx.agency()?.clone();
    let row = new.opened(EquipmentId(tx.id()), agency, tx.now(), tx.today())?;
    let row = tx.insert(row).await?;
    tx.emit(event(events::EQUIPMENT_CHANGED.name, &row, None));
    Ok(row.id)
}

/// Edits an item: its last revision ends and the next begins.
///
/// # Errors
/// `INVALID`; `STALE_VERSION`; `EQUIPMENT_RETIRED`; `EFFECTIVE_BEFORE_REVISION`; `EQUIPMENT_ASSET_CODE_TAKEN`.
pub async fn edit(cmd: &Command<'_>, id: EquipmentId, edit: EquipmentEdit) -> Outcome<EquipmentId> {
    cmd.run(policy::EDIT, async |tx: &mut Tx| {
        let row = open(tx, id).await?;
        cmd.expect_version(row.revision)?;
        revise(tx, row, edit).await
    })
    .await
}

/// [`edit`] inside a transaction, whatever the version.
///
/// # Errors
/// Those of [`edit`].
pub async fn edit_in(tx: &mut Tx, id: EquipmentId, edit: EquipmentEdit) -> Outcome<EquipmentId> {
    let row = open(tx, id).await?;
    revise(tx, row, edit).await
}

/// Puts an item in or out of service, or retires it for good.
///
/// # Errors
/// `INVALID` without a reason; `STALE_VERSION`; `EQUIPMENT_RETIRED`, `STATUS_UNCHANGED`; `EFFECTIVE_BEFORE_REVISION`.
pub async fn change_status(cmd: &Command<'_>, id: EquipmentId, change: StatusChange) -> Outcome<EquipmentId> {
    cmd.run(policy::CHANGE_STATUS, async |tx: &mut Tx| {
        let row = open(tx, id).await?;
        cmd.expect_version(row.revision)?;
        turn(tx, row, change).await?;
        Ok(id)
    })
    .await
}

/// [`change_status`] inside a transaction, whatever the version.
///
/// # Errors
/// Those of [`change_status`].
pub async fn change_status_in(tx: &mut Tx, id: EquipmentId, change: StatusChange) -> Outcome<()> {
    let row = open(tx, id).await?;
    turn(tx, row, change).await
}

async fn turn(tx: &mut Tx, row: Model, change: StatusChange) -> Outcome<()> {
    let reason = text::reason(&change.reason)?;
    may_become(&row, change.status)?;
    let from = change.on.unwrap_or_else(|| tx.today().max(row.effective_from));
    let next =
        Model { status: change.status, status_reason: Some(reason.clone()), recorded_at: tx.now(), ..row.clone() };
    let row = tx.revise(row, next, from).await?;
    tx.emit(event(events::EQUIPMENT_STATUS_CHANGED.name, &row, Some(&reason)));
    Ok(())
}

async fn revise(tx: &mut Tx, row: Model, edit: EquipmentEdit) -> Outcome<EquipmentId> {
    if row.status == EquipmentStatus::Retired {
        return Err(Fault::rule(
            "EQUIPMENT_RETIRED",
            "This item is retired and cannot be edited.",
            json!({ "since": row.effective_from, "reason": row.status_reason }),
        ));
    }
    let from = edit.effective_from.unwrap_or_else(|| tx.today().max(row.effective_from));
    let next = Model { recorded_at: tx.now(), ..edit.over(&row)? };
    let before = row.revision;
    let row = tx.revise(row, next, from).await?;
    if row.revision != before {
        tx.emit(event(events::EQUIPMENT_CHANGED.name, &row, None));
    }
    Ok(row.id)
}
