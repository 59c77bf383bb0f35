//! Sites where tests are done (检验检测场所).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{Standing, Visibility},
    ids::{AgencyCode, InstitutionId, LabId, RegionCode},
    record::{record, versioned},
};

/// A site of an institution.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "lab")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LabId,
    /// The legal entity that runs it.
    pub institution_id: InstitutionId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// Natural key within the agency.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: Option<String>,
    /// Division of the site.
    pub region: RegionCode,
    /// Street address.
    pub address: Option<String>,
    /// Degrees east, WGS 84.
    pub longitude: Option<f64>,
    /// Degrees north, WGS 84.
    pub latitude: Option<f64>,
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

record!(LabId::KIND, id, agency);
versioned!(id, Id);
