//! Decisions of approvers.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{Decision, Side},
    ids::{AgencyCode, ApprovalId, ReferralId, RequestId},
    record::record,
};

/// One decision of one approver on one thing.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "approval")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApprovalId,
    /// The request.
    pub request_id: RequestId,
    /// The referral, where it is about one.
    pub referral_id: Option<ReferralId>,
    /// Typed id of what is decided: a request, a change of what was agreed, or a decision by rule.
    pub subject: String,
    /// Which submission of it, from 1.
    pub round: i32,
    /// For which side.
    pub side: Side,
    /// The step of the rule, from 1.
    pub step: i32,
    /// The agency of the approver.
    pub agency: AgencyCode,
    /// The approver, as issuer and subject.
    pub approver: String,
    /// For whom the approver stood in, as the rule names them.
    pub stands_for: Option<String>,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason_text: Option<String>,
    /// When.
    pub at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(ApprovalId::KIND, id, agency);
