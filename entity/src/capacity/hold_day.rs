//! Units of a hold by day.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, HoldId},
    record::record,
};

/// How many units a hold takes on one day. Written once; from when on they are free again is told by the hold.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "hold_day")]
pub struct Model {
    /// The hold.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hold_id: HoldId,
    /// The day, or a day of the week where units are counted by the week.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// The agency that provides.
    pub agency: AgencyCode,
    /// Units.
    pub quantity: i32,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!("hold-day", hold_id, agency);
