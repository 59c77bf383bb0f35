//! What the desk is: two state machines joined by messages, and the form of what is written into them. Pure.

pub mod actions;
pub mod amendment;
pub mod blocker;
pub mod clock;
pub mod custody;
pub mod draft;
pub mod machine;
pub mod need;
pub mod news;
pub mod queue;
pub mod reason;
pub mod referral;
pub mod rota;
pub mod terms;

use chrono::{DateTime, Utc};
use entity::{
    enums::{ReferralStatus, RequestStatus, Side},
    ids::{AgencyCode, OfferId, ReferralId, RequestId},
};
use serde::{Deserialize, Serialize};

/// One step that a command took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Typed id of the request or referral.
    pub subject: String,
    /// What happened.
    pub event: String,
    /// Status before.
    pub from: String,
    /// Status after.
    pub to: String,
    /// For which side.
    pub side: Side,
    /// When the step that follows is due.
    pub due_at: Option<DateTime<Utc>>,
    /// Agencies that were told.
    pub told: Vec<AgencyCode>,
}

/// What a command of the desk did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The request.
    pub request: RequestId,
    /// The referral, where it was about one.
    pub referral: Option<ReferralId>,
    /// The offer, where it made one.
    pub offer: Option<OfferId>,
    /// Every step, in order.
    pub moves: Vec<Move>,
}

/// How far a referral has brought its items; none where it has not, or no longer.
pub fn item_state(status: ReferralStatus, resumes: Option<ReferralStatus>) -> Option<entity::enums::ItemState> {
    use entity::enums::ItemState;
    match status {
        ReferralStatus::Accepted | ReferralStatus::Scheduled => Some(ItemState::Agreed),
        ReferralStatus::InProgress => Some(ItemState::InService),
        ReferralStatus::Delivered => Some(ItemState::Delivered),
        ReferralStatus::Settled => Some(ItemState::Settled),
        ReferralStatus::CancelRequested => Some(match resumes {
            Some(ReferralStatus::InProgress) => ItemState::InService,
            _ => ItemState::Agreed,
        }),
        ReferralStatus::Queued
        | ReferralStatus::Sent
        | ReferralStatus::Acknowledged
        | ReferralStatus::Offered
        | ReferralStatus::Conditional
        | ReferralStatus::RetryLater
        | ReferralStatus::Declined
        | ReferralStatus::TimedOut
        | ReferralStatus::LostRace
        | ReferralStatus::Cancelled
        | ReferralStatus::Failed => None,
    }
}

/// Whether somebody must be able to act on a request in this status: all but its ends.
pub fn needs_somebody(status: RequestStatus) -> bool {
    !need::is_over(status)
}
