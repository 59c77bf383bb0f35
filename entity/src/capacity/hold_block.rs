//! Equipment time of a hold.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, EquipmentId, HoldBlockId, HoldId},
    record::record,
};

/// A stretch of time at an item of equipment, `[starts_at, ends_at)`, that a hold takes.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "hold_block")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HoldBlockId,
    /// The hold.
    pub hold_id: HoldId,
    /// The agency that provides.
    pub agency: AgencyCode,
    /// The item.
    pub equipment_id: EquipmentId,
    /// When it begins.
    pub starts_at: DateTimeUtc,
    /// When it ends.
    pub ends_at: DateTimeUtc,
    /// When the next one may begin: the end, and the time that is to stay free behind it.
    pub guarded_to: DateTimeUtc,
    /// Whether the hold still has it.
    pub live: bool,
    /// Whether an outage falls into it.
    pub affected: bool,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(HoldBlockId::KIND, id, agency);
