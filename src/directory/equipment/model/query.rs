//! What equipment can be asked for by.

use chrono::NaiveDate;
use entity::{
    enums::{EquipmentStatus, Visibility},
    ids::{AgencyCode, LabId},
};

use crate::platform::filter::{OneOf, TextFilter};

/// Which items. Every condition that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EquipmentFilter {
    /// The date on which the revision is in force.
    pub on: NaiveDate,
    /// By owner.
    pub agency: Option<OneOf<AgencyCode>>,
    /// By site.
    pub lab: Option<OneOf<LabId>>,
    /// By 设备编号.
    pub asset_code: Option<TextFilter>,
    /// By Chinese name.
    pub name_zh: Option<TextFilter>,
    /// By English name.
    pub name_en: Option<TextFilter>,
    /// By class.
    pub class: Option<TextFilter>,
    /// By manufacturer.
    pub manufacturer: Option<TextFilter>,
    /// By 规格型号.
    pub model: Option<TextFilter>,
    /// By status.
    pub status: Option<OneOf<EquipmentStatus>>,
    /// Whose calibration, as known on `on`, does not reach this date: due before it, failed, or never done.
    pub calibration_due_before: Option<NaiveDate>,
    /// By who may see them.
    pub visibility: Option<OneOf<Visibility>>,
}

impl EquipmentFilter {
    /// All items that the register knows on a date.
    pub fn on(on: NaiveDate) -> Self {
        Self {
            on,
            agency: None,
            lab: None,
            asset_code: None,
            name_zh: None,
            name_en: None,
            class: None,
            manufacturer: None,
            model: None,
            status: None,
            calibration_due_before: None,
            visibility: None,
        }
    }
}

/// In which order items are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EquipmentOrder {
    /// `ASSET_CODE`: by 设备编号.
    #[default]
    AssetCode,
    /// `RECENT`: the newest first.
    Recent,
}

/// In which order calibrations are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CalibrationOrder {
    /// `RECENT`: the latest done first.
    #[default]
    Recent,
}

/// Along which edge items are children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EquipmentEdge {
    /// Of a site.
    Lab,
    /// Of a scope line that needs them on the date.
    Line,
}
