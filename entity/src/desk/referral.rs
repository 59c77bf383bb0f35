//! Referrals: requests as they are placed with providers.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{ReferralStatus, Side},
    ids::{AgencyCode, DecisionId, HoldId, LabId, OfferId, OfferingId, ReferralId, RequestId, SpareOfferId},
    record::{record, versioned},
};

/// A request, or some of its items, placed with one provider.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "referral")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReferralId,
    /// The request.
    pub request_id: RequestId,
    /// The providing agency.
    pub agency: AgencyCode,
    /// The requesting agency.
    pub requester: AgencyCode,
    /// The site.
    pub lab_id: Option<LabId>,
    /// What it is asked for.
    pub offering_id: OfferingId,
    /// Place in the order in which providers are asked, from 1.
    pub rank: i32,
    /// Whether it is asked only when all others are exhausted.
    pub last_resort: bool,
    /// Whether the provider came forward by itself.
    pub unsolicited: bool,
    /// The spare capacity that it came forward with; whether it takes of it, its offer says.
    pub spare_offer_id: Option<SpareOfferId>,
    /// Where it is in its life.
    pub status: ReferralStatus,
    /// The status to which a refused cancellation returns.
    pub resumes: Option<ReferralStatus>,
    /// When it came to its status.
    pub status_at: DateTimeUtc,
    /// When it was sent; none before, and then the provider does not see it.
    pub sent_at: Option<DateTimeUtc>,
    /// When the next step is due.
    pub due_at: Option<DateTimeUtc>,
    /// Whether the due date lies in a year whose holidays are not known yet.
    pub due_provisional: bool,
    /// Whose step it is.
    pub due_side: Option<Side>,
    /// How often the clock has run out in this status.
    pub lapses: i32,
    /// The due date of the status that waits while a cancellation is answered.
    pub paused_due_at: Option<DateTimeUtc>,
    /// The date before which the provider asks not to be asked again.
    pub retry_on: Option<Date>,
    /// The offer that stands.
    pub offer_id: Option<OfferId>,
    /// Who wrote it, as issuer and subject; whoever did does not sign it.
    pub offer_author: Option<String>,
    /// The decision by rule that is open on what its status waits for.
    pub decision_id: Option<DecisionId>,
    /// An offer that waits for an approver of the provider.
    pub pending_offer_id: Option<OfferId>,
    /// The decision by rule that is open on it.
    pub pending_decision_id: Option<DecisionId>,
    /// The change of what was agreed that waits for a signature.
    pub amendment_id: Option<OfferId>,
    /// Which side must sign it.
    pub amendment_side: Option<Side>,
    /// Until when it stands.
    pub amendment_until: Option<DateTimeUtc>,
    /// The decision by rule that is open on it.
    pub amendment_decision_id: Option<DecisionId>,
    /// The capacity that is set aside or booked.
    pub hold_id: Option<HoldId>,
    /// First day of the agreed work.
    pub starts_on: Option<Date>,
    /// Last day for the report.
    pub report_by: Option<Date>,
    /// Counts the deliveries that were asked to be corrected, from 1.
    pub revision: i32,
    /// Why it stands at its rank, a list of factors.
    pub grounds: Json,
    /// Who signed for the requester, as issuer and subject.
    pub requester_signed_by: Option<String>,
    /// When.
    pub requester_signed_at: Option<DateTimeUtc>,
    /// Who signed for the provider, as issuer and subject.
    pub provider_signed_by: Option<String>,
    /// When.
    pub provider_signed_at: Option<DateTimeUtc>,
    /// Code of the reason of the last move that needed one.
    pub reason_code: Option<String>,
    /// Its text.
    pub reason_text: Option<String>,
    /// Whether the clock, and nobody else, made the last move.
    pub moved_by_clock: bool,
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

record!(ReferralId::KIND, id, agency);
versioned!(id, Id);
