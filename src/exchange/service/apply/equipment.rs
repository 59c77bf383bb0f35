//! Equipment and calibrations of files.

use entity::{
    calibration,
    enums::{EquipmentStatus, Visibility},
    equipment::Model,
};
use serde_json::json;

use super::{Applied, Change, lab_of};
use crate::{
    directory::equipment::{
        model::{EquipmentEdit, NewCalibration, NewEquipment, StatusChange},
        service, store,
    },
    exchange::format::{CalibrationRow, EquipmentRow, PerformedCalibration},
    platform::{
        db::Tx,
        fault::{Fault, Outcome},
        lenient::fold,
    },
};

/// The reason that is entered where the file gives none.
const BY_FILE: &str = "据导入文件 (as the imported file says)";

impl Applied for EquipmentRow {
    fn agency(&self) -> Option<&str> {
        self.agency.as_deref()
    }

    async fn apply(self, tx: &mut Tx) -> Outcome<Change> {
        let lab = lab_of(tx, &self.lab_code).await?;
        let (status, reason, done) = (self.status, self.status_reason.clone(), self.calibration.clone());
        let (id, mut change) = match store::known(tx, lab.id, &fold(&self.asset_code)).await? {
            None => {
                let new = NewEquipment {
                    lab: lab.id,
                    asset_code: self.asset_code,
                    name_zh: self.name_zh,
                    name_en: self.name_en,
                    class: self.class,
                    manufacturer: self.manufacturer,
                    model: self.model,
                    serial_number: self.serial_number,
                    measuring_range: self.measuring_range,
                    uncertainty: self.uncertainty,
                    commissioned_on: self.commissioned_on,
                    visibility: self.visibility.unwrap_or(Visibility::Partner),
                    effective_from: None,
                };
                (service::create_in(tx, new).await?, Change::Created)
            }
            Some(before) => (before.id, self.edit(tx, &before).await?),
        };
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        if let Some(status) = status.filter(|status| *status != row.status) {
            let reason = reason.unwrap_or_else(|| BY_FILE.to_owned());
            service::change_status_in(tx, id, StatusChange { status, reason, on: None }).await?;
            change = changed(change);
        }
        if let Some(done) = done
            && record(tx, &row, done).await? == Change::Created
        {
            change = changed(change);
        }
        Ok(change)
    }
}

fn changed(change: Change) -> Change {
    if change == Change::Created { change } else { Change::Changed }
}

impl EquipmentRow {
    async fn edit(self, tx: &mut Tx, before: &Model) -> Outcome<Change> {
        let edit = EquipmentEdit {
            asset_code: None,
            name_zh: Some(self.name_zh),
            name_en: self.name_en.into(),
            class: self.class.into(),
            manufacturer: self.manufacturer.into(),
            model: self.model.into(),
            serial_number: self.serial_number.into(),
            measuring_range: self.measuring_range.into(),
            uncertainty: self.uncertainty.into(),
            commissioned_on: self.commissioned_on.into(),
            visibility: self.visibility,
            effective_from: None,
        };
        if edit.clone().over(before)? == *before {
            return Ok(Change::Unchanged);
        }
        if before.status == EquipmentStatus::Retired {
            return Err(Fault::rule("EQUIPMENT_RETIRED", "This item is retired and cannot be edited.", json!({})));
        }
        service::edit_in(tx, before.id, edit).await?;
        Ok(Change::Changed)
    }
}

impl Applied for CalibrationRow {
    async fn apply(self, tx: &mut Tx) -> Outcome<Change> {
        let lab = lab_of(tx, &self.lab_code).await?;
        let asset = fold(&self.asset_code);
        let item = store::known(tx, lab.id, &asset).await?.ok_or_else(|| Fault::not_found("equipment", asset))?;
        record(tx, &item, self.calibration).await
    }
}

/// Records a calibration that is not there yet. One of that date that says something else is not overwritten.
async fn record(tx: &mut Tx, item: &Model, done: PerformedCalibration) -> Outcome<Change> {
    match store::calibration(tx, item.id, done.performed_on).await? {
        Some(known) if says_the_same(&known, &done) => Ok(Change::Unchanged),
        Some(known) => Err(Fault::rule(
            "CALIBRATION_DIFFERS",
            format!("Another calibration of {} is on record; void that one first.", known.performed_on),
            json!({ "calibrationId": known.id.to_string() }),
        )),
        None => {
            let new = NewCalibration {
                performed_on: done.performed_on,
                due_on: done.due_on,
                certificate_number: done.certificate_number,
                provider: done.provider,
                result: done.result,
                remarks: done.remarks,
            };
            service::record_in(tx, item.id, new).await?;
            Ok(Change::Created)
        }
    }
}

fn says_the_same(known: &calibration::Model, done: &PerformedCalibration) -> bool {
    known.due_on == done.due_on
        && known.result == done.result
        && known.certificate_number == done.certificate_number
        && known.provider == done.provider
        && known.remarks == done.remarks
}
