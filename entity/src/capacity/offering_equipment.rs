//! Which equipment an offering names, and when.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, EquipmentId, OfferingId},
    record::record,
};

/// An offering names an item for a span of dates.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "offering_equipment")]
pub struct Model {
    /// The offering.
    #[sea_orm(primary_key, auto_increment = false)]
    pub offering_id: OfferingId,
    /// The item.
    #[sea_orm(primary_key, auto_increment = false)]
    pub equipment_id: EquipmentId,
    /// First date.
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

record!("offering-equipment", offering_id, agency);
