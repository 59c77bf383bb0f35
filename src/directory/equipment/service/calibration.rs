//! Calibrations: recording, voiding.

use entity::{
    calibration::Model,
    equipment,
    ids::{CalibrationId, EquipmentId},
};
use serde_json::json;

use super::open;
use crate::{
    directory::events,
    directory::{
        equipment::{model::NewCalibration, policy, store},
        text,
    },
    platform::{
        command::Command,
        db::{Event, Tx},
        fault::{Fault, Outcome},
    },
};

/// Records a calibration of an item; one of the past may be recorded late.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`, `FORBIDDEN` for the item.
pub async fn record(cmd: &Command<'_>, item: EquipmentId, new: NewCalibration) -> Outcome<CalibrationId> {
    cmd.run(policy::RECORD, async |tx: &mut Tx| record_in(tx, item, new).await).await
}

/// [`record`] inside a transaction.
///
/// # Errors
/// Those of [`record`].
pub async fn record_in(tx: &mut Tx, item: EquipmentId, new: NewCalibration) -> Outcome<CalibrationId> {
    let item = open(tx, item).await?;
    let row = new.of(&item, CalibrationId(tx.id()), tx.now(), tx.today())?;
    let row = tx.insert(row).await?;
    tx.emit(event(events::CALIBRATION_RECORDED.name, &item, &row));
    Ok(row.id)
}

/// Declares the entry of a calibration wrong; it counts no longer, for any date.
///
/// # Errors
/// `INVALID` without a reason; `STALE_VERSION`; `ALREADY_VOIDED`.
pub async fn void(cmd: &Command<'_>, id: CalibrationId, reason: &str) -> Outcome<CalibrationId> {
    let reason = text::reason(reason)?;
    cmd.run(policy::VOID, async |tx: &mut Tx| {
        let missing = || Fault::not_found(CalibrationId::KIND, id.0);
        let item = open(tx, store::item_of(tx, id).await?.ok_or_else(missing)?).await?;
        let row = store::lock_calibration(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        if let Some(on) = row.voided_on {
            return Err(Fault::rule(
                "ALREADY_VOIDED",
                "This entry was declared wrong already.",
                json!({ "on": on, "reason": row.void_reason }),
            ));
        }
        let next = Model { voided_on: Some(tx.today()), void_reason: Some(reason.clone()), ..row.clone() };
        let row = tx.update(row, next).await?;
        tx.emit(event(events::CALIBRATION_VOIDED.name, &item, &row));
        Ok(id)
    })
    .await
}

fn event(name: &'static str, item: &equipment::Model, row: &Model) -> Event {
    Event {
        name,
        subject: row.id.to_string(),
        agency: row.agency.clone(),
        visibility: item.visibility,
        data: json!({
            "calibrationId": row.id.to_string(),
            "equipmentId": item.id.to_string(),
            "labId": item.lab_id.to_string(),
            "performedOn": row.performed_on,
            "dueOn": row.due_on,
            "result": row.result,
            "reason": row.void_reason,
        }),
    }
}
