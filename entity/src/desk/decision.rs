//! Decisions that a rule asks for.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{DecisionOutcome, DecisionPoint},
    ids::{AgencyCode, ApprovalRulesId, DecisionId, ReferralId, RequestId},
    record::{record, versioned},
};

/// Something that an agency decides by a rule of its own. Without a rule one person with the scope decides, and there is no
/// such row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "decision")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DecisionId,
    /// Whose decision it is.
    pub agency: AgencyCode,
    /// What is decided.
    pub point: DecisionPoint,
    /// The request.
    pub request_id: RequestId,
    /// The referral, where it is about one.
    pub referral_id: Option<ReferralId>,
    /// The set of rules.
    pub rules_id: ApprovalRulesId,
    /// Name of the rule.
    pub rule: String,
    /// Its steps, a list.
    pub steps: Json,
    /// The step that is open, from 1; behind the last when all are taken.
    pub step: i32,
    /// How many have agreed in the open step.
    pub given: i32,
    /// Who may take the open step, each between line breaks; none where all who hold the scope may.
    pub deciders: Option<String>,
    /// Who has agreed in any step, each between line breaks.
    pub decided: String,
    /// Whether the open step was escalated.
    pub escalated: bool,
    /// When the open step is escalated.
    pub escalates_at: Option<DateTimeUtc>,
    /// How it ended; none while it is open.
    pub outcome: Option<DecisionOutcome>,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it was opened.
    pub created_at: DateTimeUtc,
    /// When it last moved.
    pub updated_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(DecisionId::KIND, id, agency);
versioned!(id, Id);
