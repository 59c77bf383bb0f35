//! Days and weeks that give more or less than the rules say.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, OfferingId},
    record::record,
};

/// What an offering gives on one day, or in one week, in place of what its rules say.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "capacity_exception")]
pub struct Model {
    /// The offering.
    #[sea_orm(primary_key, auto_increment = false)]
    pub offering_id: OfferingId,
    /// The day; the Monday where units are counted by the week.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// Units in place of those of the rules; 0 closes it.
    pub units: i32,
    /// Why.
    pub reason: Option<String>,
    /// When it was written.
    pub recorded_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!("capacity-exception", offering_id, agency);
