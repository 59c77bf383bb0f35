//! Sets of approval rules. Each is written once.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::Side,
    ids::{AgencyCode, ApprovalRulesId},
    record::record,
};

/// How an agency decides for one side of the desk, from a day on until its next set begins.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "approval_rules")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApprovalRulesId,
    /// The agency.
    pub agency: AgencyCode,
    /// For which side.
    pub side: Side,
    /// Counts the sets of the agency and side, from 1.
    pub number: i32,
    /// The first day on which it is in force.
    pub effective_from: Date,
    /// The rules, a list in the order in which they are asked.
    pub rules: Json,
    /// Why it was written.
    pub note: Option<String>,
    /// Who wrote it, as issuer and subject.
    pub author: String,
    /// When it was written.
    pub created_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(ApprovalRulesId::KIND, id, agency);
