//! Member regulators of the pact.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, RegionCode},
    record::{record, versioned},
};

/// A member regulator of the pact.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "agency")]
pub struct Model {
    /// Two-letter code, such as `GD`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: AgencyCode,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// The division that it governs.
    pub region: RegionCode,
    /// Contact person; shown to members of the pact only.
    pub contact_name: Option<String>,
    /// Contact telephone; shown to members of the pact only.
    pub contact_phone: Option<String>,
    /// Contact address; shown to members of the pact only.
    pub contact_email: Option<String>,
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

record!(AgencyCode::KIND, code, code);
versioned!(code, Code);
