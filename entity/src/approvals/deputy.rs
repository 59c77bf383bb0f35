//! Deputies.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, DeputyId},
    record::{record, versioned},
};

/// Somebody who stands in for another on some days, where rules name the other.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "deputy")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeputyId,
    /// The agency.
    pub agency: AgencyCode,
    /// For whom, by subject or by issuer and subject.
    pub person: String,
    /// Who stands in, by subject or by issuer and subject.
    pub deputy: String,
    /// First day.
    pub from_date: Date,
    /// Last day.
    pub to_date: Date,
    /// Why.
    pub note: Option<String>,
    /// Who appointed them, as issuer and subject.
    pub author: String,
    /// When it was ended before its last day.
    pub ended_at: Option<DateTimeUtc>,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(DeputyId::KIND, id, agency);
versioned!(id, Id);
