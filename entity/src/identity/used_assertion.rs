//! Assertions that were exchanged already.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One used assertion.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "used_assertion")]
pub struct Model {
    /// Who signed it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_id: String,
    /// Its `jti`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_id: String,
    /// When it ends by itself and the row may be forgotten.
    pub expires_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
