//! How much an offering gives, and when.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::CapacityPeriod,
    ids::{AgencyCode, OfferingId},
    record::{record, versioned},
};

/// The rules by which an offering gives capacity: units by day or week, or hours at equipment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "capacity_calendar")]
pub struct Model {
    /// The offering.
    #[sea_orm(primary_key, auto_increment = false)]
    pub offering_id: OfferingId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// What units are counted by.
    pub period: CapacityPeriod,
    /// Units on each weekday, seven numbers from Monday on; all 0 where they are counted by the week.
    pub weekday_units: Json,
    /// Units of a whole week; 0 where they are counted by the day.
    pub week_units: i32,
    /// Whether listed holidays are closed.
    pub holidays_closed: bool,
    /// Whether listed make-up days (调休上班) are open.
    pub makeup_open: bool,
    /// How much of each day or week is open to partners, in percent.
    pub open_percent: i32,
    /// Opening hours of equipment: a list of objects with `weekday` (1 is Monday), `from` and `to` in minutes of the day in Asia/Shanghai.
    pub hours: Json,
    /// Shortest block at equipment, in minutes; none where nothing is bounded.
    pub block_min: Option<i32>,
    /// Longest block, in minutes.
    pub block_max: Option<i32>,
    /// Blocks begin and end on multiples of so many minutes of the day.
    pub block_step: Option<i32>,
    /// Minutes that stay free behind each block.
    pub gap: i32,
    /// How many days ahead blocks can be had; none where there is no limit.
    pub horizon_days: Option<i32>,
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

record!("capacity-calendar", offering_id, agency);
versioned!(offering_id, OfferingId);
