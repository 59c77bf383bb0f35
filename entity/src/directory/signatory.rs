//! Authorised signatories (授权签字人).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{Standing, Visibility},
    ids::{AgencyCode, LabId, SignatoryId},
    record::{record, versioned},
};

/// A person who may sign reports.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "signatory")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SignatoryId,
    /// The site.
    pub lab_id: LabId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// Natural key within the site: the number of the authorisation, or the name.
    pub code: String,
    /// Name; shown to members of the pact only.
    pub name: String,
    /// Position.
    pub title: Option<String>,
    /// Fields (类别) that the person may sign, a list of text; empty means every field.
    pub fields: Json,
    /// First date of the authorisation, inclusive.
    pub valid_from: Date,
    /// Last date, inclusive; none where unlimited.
    pub valid_to: Option<Date>,
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

record!(SignatoryId::KIND, id, agency);
versioned!(id, Id);
