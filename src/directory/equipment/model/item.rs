//! Items of equipment.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    FOREVER,
    enums::{EquipmentStatus, Visibility},
    equipment::Model,
    ids::{AgencyCode, EquipmentId, LabId},
};
use serde_json::json;

use crate::{
    directory::text,
    platform::{
        fault::{Fault, Outcome, Problems},
        lenient::fold,
        patch::Patch,
    },
};

/// An item to be entered; it begins in service.
#[derive(Clone, Debug)]
pub struct NewEquipment {
    /// The site.
    pub lab: LabId,
    /// 设备编号, unique at the site; compared without regard to case and width.
    pub asset_code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: Option<String>,
    /// Class of equipment.
    pub class: Option<String>,
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// 规格型号.
    pub model: Option<String>,
    /// 出厂编号.
    pub serial_number: Option<String>,
    /// 测量范围, as the certificate words it.
    pub measuring_range: Option<String>,
    /// 不确定度 / 准确度等级 / 最大允许误差, as the certificate words it.
    pub uncertainty: Option<String>,
    /// 启用日期.
    pub commissioned_on: Option<NaiveDate>,
    /// Who may see it.
    pub visibility: Visibility,
    /// The date from which the register knows it; none: its commissioning, or today if that is earlier or unknown.
    pub effective_from: Option<NaiveDate>,
}

/// Edits of one item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EquipmentEdit {
    /// 设备编号.
    pub asset_code: Option<String>,
    /// Chinese name.
    pub name_zh: Option<String>,
    /// English name.
    pub name_en: Patch<String>,
    /// Class of equipment.
    pub class: Patch<String>,
    /// Manufacturer.
    pub manufacturer: Patch<String>,
    /// 规格型号.
    pub model: Patch<String>,
    /// 出厂编号.
    pub serial_number: Patch<String>,
    /// 测量范围.
    pub measuring_range: Patch<String>,
    /// 不确定度 / 准确度等级 / 最大允许误差.
    pub uncertainty: Patch<String>,
    /// 启用日期.
    pub commissioned_on: Patch<NaiveDate>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// The date from which the edit holds; none: today.
    pub effective_from: Option<NaiveDate>,
}

/// A change of status: to what, why, and from when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusChange {
    /// The new status.
    pub status: EquipmentStatus,
    /// Why; 1 to 500 characters.
    pub reason: String,
    /// First date on which it holds; none: today.
    pub on: Option<NaiveDate>,
}

impl NewEquipment {
    /// The first revision.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn opened(self, id: EquipmentId, agency: AgencyCode, at: DateTime<Utc>, today: NaiveDate) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let from = self.effective_from.or(self.commissioned_on).unwrap_or(today);
        let row = Model {
            id,
            revision: 1,
            lab_id: self.lab,
            agency,
            asset_code: fold(&text::required(p, "input.assetCode", &self.asset_code, text::NAME)),
            name_zh: text::required(p, "input.nameZh", &self.name_zh, text::NAME),
            name_en: text::optional(p, "input.nameEn", self.name_en, text::NAME),
            class: text::optional(p, "input.class", self.class, text::NAME),
            manufacturer: text::optional(p, "input.manufacturer", self.manufacturer, text::NAME),
            model: text::optional(p, "input.model", self.model, text::NAME),
            serial_number: text::optional(p, "input.serialNumber", self.serial_number, text::NAME),
            measuring_range: text::optional(p, "input.measuringRange", self.measuring_range, text::FREE),
            uncertainty: text::optional(p, "input.uncertainty", self.uncertainty, text::FREE),
            status: EquipmentStatus::InService,
            status_reason: None,
            commissioned_on: self.commissioned_on,
            visibility: self.visibility,
            effective_from: if self.effective_from.is_some() { from } else { from.min(today) },
            effective_to: FOREVER,
            recorded_at: at,
        };
        problems.finish()?;
        Ok(row)
    }
}

impl EquipmentEdit {
    /// The revision after the edit.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn over(self, last: &Model) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let mut row = last.clone();
        if let Some(code) = self.asset_code {
            row.asset_code = fold(&text::required(p, "input.assetCode", &code, text::NAME));
        }
        if let Some(name) = self.name_zh {
            row.name_zh = text::required(p, "input.nameZh", &name, text::NAME);
        }
        row.name_en = text::patched(p, "input.nameEn", self.name_en, text::NAME).over(row.name_en);
        row.class = text::patched(p, "input.class", self.class, text::NAME).over(row.class);
        row.manufacturer = text::patched(p, "input.manufacturer", self.manufacturer, text::NAME).over(row.manufacturer);
        row.model = text::patched(p, "input.model", self.model, text::NAME).over(row.model);
        row.serial_number =
            text::patched(p, "input.serialNumber", self.serial_number, text::NAME).over(row.serial_number);
        row.measuring_range =
            text::patched(p, "input.measuringRange", self.measuring_range, text::FREE).over(row.measuring_range);
        row.uncertainty = text::patched(p, "input.uncertainty", self.uncertainty, text::FREE).over(row.uncertainty);
        row.commissioned_on = self.commissioned_on.over(row.commissioned_on);
        row.visibility = self.visibility.unwrap_or(row.visibility);
        problems.finish()?;
        Ok(row)
    }
}

/// Whether the status may change from the last one to `next`.
///
/// # Errors
/// `EQUIPMENT_RETIRED`, `STATUS_UNCHANGED`.
pub fn may_become(last: &Model, next: EquipmentStatus) -> Outcome<()> {
    use EquipmentStatus::{InService, OutOfService, Retired};
    let (code, message) = match (last.status, next) {
        (InService, OutOfService | Retired) | (OutOfService, InService | Retired) => return Ok(()),
        (Retired, _) => ("EQUIPMENT_RETIRED", "This item is retired for good; enter a new one."),
        (InService, InService) | (OutOfService, OutOfService) => {
            ("STATUS_UNCHANGED", "This item has that status already.")
        }
    };
    Err(Fault::rule(code, message, json!({ "since": last.effective_from, "reason": last.status_reason })))
}
