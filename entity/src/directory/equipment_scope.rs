//! Which scope lines need which equipment, and when.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, EquipmentId, ScopeId},
    record::record,
};

/// A scope line needs an item for a span of dates.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "equipment_scope")]
pub struct Model {
    /// The item.
    #[sea_orm(primary_key, auto_increment = false)]
    pub equipment_id: EquipmentId,
    /// The line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope_id: ScopeId,
    /// First date of the need.
    #[sea_orm(primary_key, auto_increment = false)]
    pub effective_from: Date,
    /// First date without it; `FOREVER` while it lasts.
    pub effective_to: Date,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!("equipment-scope", equipment_id, agency);
