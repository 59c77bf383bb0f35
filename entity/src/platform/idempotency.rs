//! First answers to commands that were sent with a key.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::AgencyCode;

/// One answered command.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// For which agency.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency: AgencyCode,
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// The key that the caller chose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Which action.
    pub action: String,
    /// SHA-256 of the input, hex.
    pub body: String,
    /// What was answered.
    pub answer: Json,
    /// When.
    pub at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
