//! Whose desk a request or a referral lies on. One table: the inbox asks the database for the statuses, and
//! [`super::actions`] says what can be done with each.

use entity::enums::{ReferralStatus, RequestStatus, Side};

use crate::identity::scopes;

/// A pile of an inbox: rows of one status that wait for the holder of a scope on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pile<S: 'static> {
    /// Where the rows are in their life.
    pub status: S,
    /// Who must act.
    pub side: Side,
    /// With which scope.
    pub scope: &'static str,
}

/// The piles of requests. What is OPEN, AGREED, IN_SERVICE or DELIVERED waits in the piles of its referrals.
pub const REQUESTS: &[Pile<RequestStatus>] = &[
    Pile { status: RequestStatus::Draft, side: Side::Requester, scope: scopes::REQUEST_CREATE },
    Pile { status: RequestStatus::PendingApproval, side: Side::Requester, scope: scopes::REQUEST_APPROVE },
    Pile { status: RequestStatus::Disputed, side: Side::Coordinator, scope: scopes::COORDINATOR },
];

/// Who signs changes of what was agreed: whoever signs for the side that they wait for.
pub const AMENDMENTS: &[(Side, &str)] =
    &[(Side::Requester, scopes::REQUEST_APPROVE), (Side::Provider, scopes::SUPPLY_SIGN)];

/// The piles of referrals. What is QUEUED waits for its request.
pub const REFERRALS: &[Pile<ReferralStatus>] = &[
    Pile { status: ReferralStatus::Sent, side: Side::Provider, scope: scopes::SUPPLY_RESPOND },
    Pile { status: ReferralStatus::Acknowledged, side: Side::Provider, scope: scopes::SUPPLY_RESPOND },
    Pile { status: ReferralStatus::RetryLater, side: Side::Provider, scope: scopes::SUPPLY_RESPOND },
    Pile { status: ReferralStatus::Conditional, side: Side::Requester, scope: scopes::REQUEST_CREATE },
    Pile { status: ReferralStatus::Conditional, side: Side::Requester, scope: scopes::REQUEST_APPROVE },
    Pile { status: ReferralStatus::Offered, side: Side::Requester, scope: scopes::REQUEST_APPROVE },
    Pile { status: ReferralStatus::Accepted, side: Side::Provider, scope: scopes::SUPPLY_SIGN },
    Pile { status: ReferralStatus::Scheduled, side: Side::Provider, scope: scopes::SUPPLY_RESPOND },
    Pile { status: ReferralStatus::InProgress, side: Side::Provider, scope: scopes::SUPPLY_RESPOND },
    Pile { status: ReferralStatus::Delivered, side: Side::Requester, scope: scopes::REQUEST_APPROVE },
    Pile { status: ReferralStatus::CancelRequested, side: Side::Provider, scope: scopes::SUPPLY_APPROVE },
    // What the provider has let lapse waits for the secretariat besides.
    Pile { status: ReferralStatus::Accepted, side: Side::Coordinator, scope: scopes::COORDINATOR },
    Pile { status: ReferralStatus::Scheduled, side: Side::Coordinator, scope: scopes::COORDINATOR },
    Pile { status: ReferralStatus::InProgress, side: Side::Coordinator, scope: scopes::COORDINATOR },
    Pile { status: ReferralStatus::CancelRequested, side: Side::Coordinator, scope: scopes::COORDINATOR },
];
