//! Counters of capacity.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::OfferingId;

/// What is taken of one day, or week, of an offering. Rows come to be when somebody first takes of a day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "capacity_day")]
pub struct Model {
    /// The offering.
    #[sea_orm(primary_key, auto_increment = false)]
    pub offering_id: OfferingId,
    /// The day; the Monday where units are counted by the week.
    #[sea_orm(primary_key, auto_increment = false)]
    pub starts_on: Date,
    /// Units that there are, as the rules said when this was last reckoned.
    pub total: i32,
    /// Units of them that are open to partners.
    pub open: i32,
    /// Units set aside, also by holds that have expired and were not yet released.
    pub held: i32,
    /// Units booked.
    pub booked: i32,
    /// Units set aside or booked for other agencies than the owner.
    pub partner_taken: i32,
    /// Whether more is taken than there is, because there is less than there was.
    pub overcommitted: bool,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Counters for Entity {}
