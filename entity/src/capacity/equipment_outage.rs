//! Times in which equipment cannot be used.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, EquipmentId, LabId, OutageId},
    record::{record, versioned},
};

/// A time, or a time that comes again every few weeks, in which an item of equipment cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "equipment_outage")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutageId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// The item.
    pub equipment_id: EquipmentId,
    /// Its site.
    pub lab_id: LabId,
    /// When it begins; of one that comes again, when it begins for the first time.
    pub starts_at: DateTimeUtc,
    /// When it ends; none while nobody knows. Of one that comes again, from when on it no longer does.
    pub ends_at: Option<DateTimeUtc>,
    /// Every how many weeks it comes again; none where it does not.
    pub every_weeks: Option<i32>,
    /// How many minutes one that comes again takes each time.
    pub minutes: Option<i32>,
    /// Why.
    pub reason: String,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it entered the register.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(OutageId::KIND, id, agency);
versioned!(id, Id);
