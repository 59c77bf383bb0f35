//! Every step that was taken with a request or a referral.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::Side,
    ids::{AgencyCode, ReferralId, RequestId, TransitionId},
    record::record,
};

/// One step of one of the two machines. Age and lateness are read from here and from nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "transition")]
pub struct Model {
    /// Key; in the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TransitionId,
    /// When.
    pub at: DateTimeUtc,
    /// The request.
    pub request_id: RequestId,
    /// The referral, where it is a step of one.
    pub referral_id: Option<ReferralId>,
    /// The requesting agency, which sees all of them.
    pub agency: AgencyCode,
    /// The providing agency of the referral, which sees those of its own.
    pub provider: Option<AgencyCode>,
    /// What happened, such as `ACCEPT`.
    pub event: String,
    /// Status before.
    pub from_status: String,
    /// Status after.
    pub to_status: String,
    /// For which side it was done.
    pub side: Side,
    /// The agency of whoever did it.
    pub actor_agency: Option<AgencyCode>,
    /// Whoever did it, as issuer and subject; none for the system.
    pub actor: Option<String>,
    /// Code of the reason.
    pub reason_code: Option<String>,
    /// Its text.
    pub reason_text: Option<String>,
    /// Who was told what, a list of `{agency, notice}`.
    pub told: Json,
    /// When the step that follows is due.
    pub due_at: Option<DateTimeUtc>,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(TransitionId::KIND, id, agency);
