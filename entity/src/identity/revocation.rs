//! Tokens that ended before their time.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{ids::AgencyCode, record::record};

/// One revocation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "revocation")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// What is revoked: `token` (jti), `client` or `subject`.
    pub kind: String,
    /// Which one.
    pub value: String,
    /// Tokens issued before this instant no longer hold.
    pub before: DateTimeUtc,
    /// When the row may be forgotten.
    pub expires_at: DateTimeUtc,
    /// Why.
    pub reason: String,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!("revocation", id, agency);
