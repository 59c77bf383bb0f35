//! Lines for which a signatory is authorised beyond whole fields.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, ScopeId, SignatoryId},
    record::record,
};

/// A signatory may sign a line for a span of dates.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "signatory_scope")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub signatory_id: SignatoryId,
    /// The line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope_id: ScopeId,
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

record!("signatory-scope", signatory_id, agency);
