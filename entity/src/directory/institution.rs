//! Legal entities (机构).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{Standing, Visibility},
    ids::{AgencyCode, InstitutionId, RegionCode},
    record::{record, versioned},
};

/// A legal entity that runs labs.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "institution")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InstitutionId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// Natural key within the agency: the credit code, or a register number where there is none.
    pub code: String,
    /// Unified social credit code (GB 32100), normalised.
    pub uscc: Option<String>,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: Option<String>,
    /// Division of the seat.
    pub region: RegionCode,
    /// Street address of the seat.
    pub address: Option<String>,
    /// Contact person; shown to members of the pact only.
    pub contact_name: Option<String>,
    /// Contact telephone; shown to members of the pact only.
    pub contact_phone: Option<String>,
    /// Contact address; shown to members of the pact only.
    pub contact_email: Option<String>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Whether it takes part.
    pub standing: Standing,
    /// Why it is suspended or retired.
    pub standing_reason: Option<String>,
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

record!(InstitutionId::KIND, id, agency);
versioned!(id, Id);
