//! Calibration events (检定 / 校准). Never edited: an error is voided and entered again.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::CalibrationResult,
    ids::{AgencyCode, CalibrationId, EquipmentId},
    record::{record, versioned},
};

/// One calibration of one item of equipment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "calibration")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CalibrationId,
    /// The item.
    pub equipment_id: EquipmentId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// 检定 / 校准日期.
    pub performed_on: Date,
    /// Last date on which the item counts as calibrated (有效期至).
    pub due_on: Date,
    /// Number of the calibration certificate.
    pub certificate_number: Option<String>,
    /// Who calibrated.
    pub provider: Option<String>,
    /// What was found.
    pub result: CalibrationResult,
    /// Free text.
    pub remarks: Option<String>,
    /// When the entry was declared wrong.
    pub voided_on: Option<Date>,
    /// Why.
    pub void_reason: Option<String>,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it entered the register.
    pub recorded_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(CalibrationId::KIND, id, agency);
versioned!(id, Id);
