//! Calibrations in files.

use chrono::NaiveDate;
use entity::enums::CalibrationResult;

use super::maybe;
use crate::exchange::format::{Cells, Kind, Record, Row, column::columns};

columns! {
    LabCode "lab_code" ["场所编号", "场所代码", "实验室编号", "实验室代码", "Lab"] needed;
    AssetCode "asset_code" ["设备编号", "资产编号", "仪器编号", "管理编号", "Equipment code", "Asset no"] needed;
    PerformedOn "performed_on" ["检定日期", "校准日期", "检定/校准日期", "溯源日期", "Calibrated on", "Calibration date"] needed;
    DueOn "due_on" ["有效期至", "下次校准日期", "下次检定日期", "到期日期", "Due date", "Next calibration"] needed;
    Number "certificate_number" ["校准证书编号", "检定证书编号", "证书编号", "Certificate no"];
    Provider "provider" ["检定/校准机构", "校准机构", "检定机构", "溯源机构", "Calibrated by"];
    Result "result" ["结果", "检定/校准结果", "确认结果", "校准结果", "检定结果"] needed;
    Remarks "remarks" ["备注", "说明", "Note"];
}

/// Words for what a calibration found.
pub(super) const RESULT: &[(&str, CalibrationResult)] = &[
    ("合格", CalibrationResult::Passed),
    ("符合", CalibrationResult::Passed),
    ("pass", CalibrationResult::Passed),
    ("准用", CalibrationResult::Limited),
    ("限用", CalibrationResult::Limited),
    ("不合格", CalibrationResult::Failed),
    ("fail", CalibrationResult::Failed),
];

/// What was done to an instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct PerformedCalibration {
    /// The day of the work.
    pub performed_on: NaiveDate,
    /// Last day on which it holds.
    pub due_on: NaiveDate,
    /// Number of the certificate.
    pub certificate_number: Option<String>,
    /// Who did it.
    pub provider: Option<String>,
    /// What was found.
    pub result: CalibrationResult,
    /// Remarks.
    pub remarks: Option<String>,
}

/// A calibration as a file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct CalibrationRow {
    /// Code of the lab.
    pub lab_code: String,
    /// The lab's own code of the instrument.
    pub asset_code: String,
    /// What was done.
    pub calibration: PerformedCalibration,
}

impl Record for CalibrationRow {
    type State = ();
    const KIND: Kind = Kind::Calibrations;

    fn read((): &mut (), cells: &mut Cells<'_>, out: &mut Vec<Row<Self>>) {
        let result = cells.word(C::Result, RESULT);
        if result.is_none() && cells.raw(C::Result).is_empty() {
            cells.missing(C::Result);
        }
        let row = Self {
            lab_code: cells.required_code(C::LabCode),
            asset_code: cells.required_code(C::AssetCode),
            calibration: PerformedCalibration {
                performed_on: cells.required_date(C::PerformedOn),
                due_on: cells.required_date(C::DueOn),
                certificate_number: cells.text(C::Number),
                provider: cells.text(C::Provider),
                result: result.unwrap_or(CalibrationResult::Failed),
                remarks: cells.text(C::Remarks),
            },
        };
        if row.calibration.due_on < row.calibration.performed_on && cells.is_sound() {
            cells.refuse(C::DueOn, "DATES_REVERSED", "The due date lies before the calibration.");
        }
        out.push(Row { origin: cells.origin(), value: row });
    }

    fn write(&self, cells: &mut Vec<String>) {
        let done = &self.calibration;
        cells.extend([
            self.lab_code.clone(),
            self.asset_code.clone(),
            done.performed_on.to_string(),
            done.due_on.to_string(),
            maybe(done.certificate_number.as_ref()),
            maybe(done.provider.as_ref()),
            done.result.word().to_owned(),
            maybe(done.remarks.as_ref()),
        ]);
    }
}
