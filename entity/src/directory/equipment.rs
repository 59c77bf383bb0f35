//! Items of equipment, all revisions of each.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{EquipmentStatus, Visibility},
    ids::{AgencyCode, EquipmentId, LabId},
    record::{record, revised},
};

/// One revision of one item of equipment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "equipment")]
pub struct Model {
    /// Key over all revisions.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EquipmentId,
    /// Counts the revisions, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i32,
    /// The site.
    pub lab_id: LabId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// Natural key within the site (设备编号).
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
    /// 测量范围.
    pub measuring_range: Option<String>,
    /// 不确定度 / 准确度等级 / 最大允许误差, as the certificate words it.
    pub uncertainty: Option<String>,
    /// Whether it may be used.
    pub status: EquipmentStatus,
    /// Why it is out of service or retired.
    pub status_reason: Option<String>,
    /// 启用日期.
    pub commissioned_on: Option<Date>,
    /// Who may see it.
    pub visibility: Visibility,
    /// First date on which this revision is in force.
    pub effective_from: Date,
    /// First date on which it no longer is; `FOREVER` while it is the last.
    pub effective_to: Date,
    /// When this revision entered the register.
    pub recorded_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(EquipmentId::KIND, id, agency);
revised!();
