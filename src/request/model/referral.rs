//! The life of a referral, as one function of status and event.

use entity::enums::{
    ReferralStatus::{self, *},
    Side,
};

use super::machine::{
    Allowance, By,
    Next::{self, Refused, Stay, To},
    Refusal::{NotNow, NotYet, Over, TooLate},
    Span, Word,
};
use crate::{identity::scopes, request::events};

/// What can happen to a referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// Its turn has come.
    Send,
    /// The provider takes note.
    Acknowledge,
    /// The provider offers, without conditions.
    Offer,
    /// The provider offers under conditions.
    OfferConditional,
    /// The provider asks to be asked again later.
    RetryLater,
    /// The provider declines, or takes its offer back.
    Decline,
    /// The requester answers an offer with terms of its own.
    Counter,
    /// The requester refuses an offer.
    Reject,
    /// The requester's approver accepts and signs.
    Accept,
    /// The provider's approver signs.
    Schedule,
    /// Samples were received.
    Start,
    /// The results are there.
    Deliver,
    /// The requester accepts the results.
    Settle,
    /// The requester asks to correct the results.
    Correct,
    /// Terms that were agreed are changed.
    Amend,
    /// The requester asks to cancel.
    RequestCancel,
    /// The provider agrees to cancel.
    GrantCancel,
    /// The provider does not agree to cancel.
    RefuseCancel,
    /// The provider cannot do what was agreed.
    Fail,
    /// The clock ran out.
    Lapse,
    /// Another provider was chosen for the same items.
    Lose,
    /// The request has ended.
    Withdraw,
}

impl Word for Event {
    const ALL: &'static [Self] = &[
        Self::Send,
        Self::Acknowledge,
        Self::Offer,
        Self::OfferConditional,
        Self::RetryLater,
        Self::Decline,
        Self::Counter,
        Self::Reject,
        Self::Accept,
        Self::Schedule,
        Self::Start,
        Self::Deliver,
        Self::Settle,
        Self::Correct,
        Self::Amend,
        Self::RequestCancel,
        Self::GrantCancel,
        Self::RefuseCancel,
        Self::Fail,
        Self::Lapse,
        Self::Lose,
        Self::Withdraw,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Send => "SEND",
            Self::Acknowledge => "ACKNOWLEDGE",
            Self::Offer => "OFFER",
            Self::OfferConditional => "OFFER_CONDITIONAL",
            Self::RetryLater => "RETRY_LATER",
            Self::Decline => "DECLINE",
            Self::Counter => "COUNTER",
            Self::Reject => "REJECT",
            Self::Accept => "ACCEPT",
            Self::Schedule => "SCHEDULE",
            Self::Start => "START",
            Self::Deliver => "DELIVER",
            Self::Settle => "SETTLE",
            Self::Correct => "CORRECT",
            Self::Amend => "AMEND",
            Self::RequestCancel => "REQUEST_CANCEL",
            Self::GrantCancel => "GRANT_CANCEL",
            Self::RefuseCancel => "REFUSE_CANCEL",
            Self::Fail => "FAIL",
            Self::Lapse => "LAPSE",
            Self::Lose => "LOSE",
            Self::Withdraw => "WITHDRAW",
        }
    }
}

impl Event {
    /// The name under which the sides hear of it.
    pub const fn told_as(self) -> &'static str {
        match self {
            Self::Send => events::REFERRAL_SENT.name,
            Self::Acknowledge => events::REFERRAL_ACKNOWLEDGED.name,
            Self::Offer => events::REFERRAL_OFFERED.name,
            Self::OfferConditional => events::REFERRAL_OFFERED_CONDITIONALLY.name,
            Self::RetryLater => events::REFERRAL_RETRY_LATER.name,
            Self::Decline => events::REFERRAL_DECLINED.name,
            Self::Counter => events::REFERRAL_COUNTERED.name,
            Self::Reject => events::REFERRAL_REJECTED.name,
            Self::Accept => events::REFERRAL_ACCEPTED.name,
            Self::Schedule => events::REFERRAL_SCHEDULED.name,
            Self::Start => events::REFERRAL_STARTED.name,
            Self::Deliver => events::REFERRAL_DELIVERED.name,
            Self::Settle => events::REFERRAL_SETTLED.name,
            Self::Correct => events::REFERRAL_CORRECTION_ASKED.name,
            Self::Amend => events::REFERRAL_AMENDED.name,
            Self::RequestCancel => events::REFERRAL_CANCEL_REQUESTED.name,
            Self::GrantCancel => events::REFERRAL_CANCELLED.name,
            Self::RefuseCancel => events::REFERRAL_CANCEL_REFUSED.name,
            Self::Fail => events::REFERRAL_FAILED.name,
            Self::Lapse => events::REFERRAL_LAPSED.name,
            Self::Lose => events::REFERRAL_LOST_RACE.name,
            Self::Withdraw => events::REFERRAL_WITHDRAWN.name,
        }
    }
}

impl Word for ReferralStatus {
    const ALL: &'static [Self] = Self::ALL;

    fn word(self) -> &'static str {
        ReferralStatus::word(self)
    }
}

/// What the machine looks at besides the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// How often the clock has run out in this status before.
    pub lapses: i32,
    /// The status to which a refused cancellation returns.
    pub resumes: ReferralStatus,
}

/// Who may do what.
pub const fn by(event: Event) -> By {
    const REQUESTER: &[Side] = &[Side::Requester];
    const PROVIDER: &[Side] = &[Side::Provider];
    const SYSTEM: &[Side] = &[Side::System];
    let (sides, scope) = match event {
        Event::Send | Event::Lapse | Event::Lose | Event::Withdraw => (SYSTEM, None),
        Event::Acknowledge
        | Event::Offer
        | Event::OfferConditional
        | Event::RetryLater
        | Event::Decline
        | Event::Start
        | Event::Deliver
        | Event::Fail => (PROVIDER, Some(scopes::SUPPLY_RESPOND)),
        Event::GrantCancel | Event::RefuseCancel => (PROVIDER, Some(scopes::SUPPLY_APPROVE)),
        Event::Schedule => (PROVIDER, Some(scopes::SUPPLY_SIGN)),
        Event::Counter | Event::Reject | Event::Accept | Event::Settle | Event::Correct | Event::RequestCancel => {
            (REQUESTER, Some(scopes::REQUEST_APPROVE))
        }
        Event::Amend => (&[Side::Requester, Side::Provider] as &[Side], None),
    };
    By { sides, scope }
}

/// What an event leads to. Late and doubled messages are defined too: what was done before stays as it is, what comes
/// when all is over is refused as `OVER`, and so on.
pub const fn next(status: ReferralStatus, event: Event, facts: Facts) -> Next<ReferralStatus> {
    match (event, status) {
        (
            Event::Acknowledge
            | Event::Offer
            | Event::OfferConditional
            | Event::RetryLater
            | Event::Counter
            | Event::Reject
            | Event::Accept
            | Event::Schedule
            | Event::Start
            | Event::Deliver
            | Event::Correct
            | Event::Amend
            | Event::RequestCancel
            | Event::RefuseCancel,
            Declined | TimedOut | LostRace | Cancelled | Failed | Settled,
        )
        | (Event::Send, Declined | TimedOut | LostRace | Cancelled | Failed | Settled)
        | (Event::Decline, TimedOut | LostRace | Cancelled | Failed | Settled)
        | (Event::GrantCancel, Declined | TimedOut | LostRace | Failed | Settled)
        | (Event::Settle, Declined | TimedOut | LostRace | Cancelled | Failed)
        | (Event::Fail, Declined | TimedOut | LostRace | Cancelled | Settled) => Refused(Over),

        (Event::Send, Queued) => To(Sent),
        (Event::Send, Sent) => Stay,
        (
            Event::Send,
            Acknowledged | Offered | Conditional | RetryLater | Accepted | Scheduled | InProgress | Delivered
            | CancelRequested,
        ) => Refused(TooLate),

        (Event::Acknowledge, Queued) => Refused(NotYet),
        (Event::Acknowledge, Sent) => To(Acknowledged),
        (Event::Acknowledge, Acknowledged) => Stay,
        (
            Event::Acknowledge,
            Offered | Conditional | RetryLater | Accepted | Scheduled | InProgress | Delivered | CancelRequested,
        ) => Refused(TooLate),

        // An answer is an acknowledgement too, and a provider that asked to be asked later may come back earlier.
        (Event::Offer | Event::OfferConditional, Queued) => Refused(NotYet),
        (Event::Offer, Sent | Acknowledged | RetryLater | Offered | Conditional) => To(Offered),
        (Event::OfferConditional, Sent | Acknowledged | RetryLater | Offered | Conditional) => To(Conditional),
        (Event::Offer | Event::OfferConditional, Accepted | Scheduled | InProgress | Delivered | CancelRequested) => {
            Refused(TooLate)
        }

        (Event::RetryLater, Queued) => Refused(NotYet),
        (Event::RetryLater, Sent | Acknowledged | ReferralStatus::RetryLater) => To(ReferralStatus::RetryLater),
        (
            Event::RetryLater,
            Offered | Conditional | Accepted | Scheduled | InProgress | Delivered | CancelRequested,
        ) => Refused(TooLate),

        (Event::Decline, Queued) => Refused(NotYet),
        (Event::Decline, Sent | Acknowledged | RetryLater | Offered | Conditional) => To(Declined),
        (Event::Decline, Declined) => Stay,
        (Event::Decline, Accepted | Scheduled | InProgress | Delivered | CancelRequested) => Refused(TooLate),

        (Event::Counter | Event::Reject | Event::Accept, Queued | Sent | Acknowledged | RetryLater) => Refused(NotYet),
        (Event::Counter, Offered | Conditional) => To(Acknowledged),
        (Event::Reject, Offered | Conditional) => To(Cancelled),
        (Event::Accept, Offered | Conditional) => To(Accepted),
        // The same click delivered twice is one acceptance.
        (Event::Accept, Accepted) => Stay,
        (Event::Accept, Scheduled | InProgress | Delivered | CancelRequested)
        | (Event::Counter | Event::Reject, Accepted | Scheduled | InProgress | Delivered | CancelRequested) => {
            Refused(TooLate)
        }

        (
            Event::Schedule | Event::Start | Event::Deliver | Event::Settle | Event::Correct,
            Queued | Sent | Acknowledged | RetryLater | Offered | Conditional,
        )
        | (Event::Start | Event::Deliver | Event::Settle | Event::Correct, Accepted)
        | (Event::Deliver | Event::Settle | Event::Correct, Scheduled)
        | (Event::Settle | Event::Correct, InProgress) => Refused(NotYet),
        (Event::Schedule | Event::Start | Event::Deliver | Event::Settle | Event::Correct, CancelRequested) => {
            Refused(NotNow)
        }
        (Event::Schedule, Accepted) => To(Scheduled),
        (Event::Schedule, Scheduled) => Stay,
        (Event::Schedule, InProgress | Delivered) | (Event::Start, Delivered) => Refused(TooLate),
        (Event::Start, Scheduled) => To(InProgress),
        // More samples of the same referral arrive: counted, but the work began with the first.
        (Event::Start, InProgress) => Stay,
        (Event::Deliver, InProgress) => To(Delivered),
        (Event::Deliver, Delivered) => Refused(TooLate),
        (Event::Settle, Delivered) => To(Settled),
        (Event::Settle, Settled) => Stay,
        (Event::Correct, Delivered) => To(InProgress),

        (Event::Amend, Queued | Sent | Acknowledged | RetryLater | Offered | Conditional) => Refused(NotYet),
        (Event::Amend, Accepted | Scheduled | InProgress) => Stay,
        (Event::Amend, Delivered) => Refused(TooLate),
        (Event::Amend, CancelRequested) => Refused(NotNow),

        (
            Event::RequestCancel | Event::GrantCancel | Event::RefuseCancel,
            Queued | Sent | Acknowledged | RetryLater | Offered | Conditional,
        )
        | (Event::GrantCancel | Event::RefuseCancel, Accepted | Scheduled | InProgress) => Refused(NotYet),
        (Event::RequestCancel, Accepted | Scheduled | InProgress) => To(CancelRequested),
        (Event::RequestCancel, CancelRequested) => Stay,
        (Event::RequestCancel | Event::GrantCancel | Event::RefuseCancel, Delivered) => Refused(TooLate),
        (Event::GrantCancel, CancelRequested) => To(Cancelled),
        (Event::GrantCancel, Cancelled) => Stay,
        (Event::RefuseCancel, CancelRequested) => match facts.resumes {
            InProgress => To(InProgress),
            Queued | Sent | Acknowledged | Offered | Conditional | RetryLater | Declined | TimedOut | Accepted
            | Scheduled | Delivered | Settled | LostRace | Cancelled | Failed | CancelRequested => Refused(NotYet),
        },

        (Event::Fail, Queued | Sent | Acknowledged | RetryLater | Offered | Conditional) => Refused(NotYet),
        (Event::Fail, Accepted | Scheduled | InProgress | CancelRequested) => To(Failed),
        (Event::Fail, Failed) => Stay,
        (Event::Fail, Delivered) => Refused(TooLate),

        (Event::Lapse, Queued | Declined | TimedOut | LostRace | Cancelled | Failed | Settled) => Stay,
        (Event::Lapse, Sent | Acknowledged | Offered | Conditional) => To(TimedOut),
        (Event::Lapse, RetryLater) => To(Sent),
        // First the coordinator is told; then it has failed.
        (Event::Lapse, Accepted | Scheduled | InProgress) => {
            if facts.lapses == 0 {
                Stay
            } else {
                To(Failed)
            }
        }
        (Event::Lapse, Delivered) => To(Settled),
        // Silence means yes before work began. Afterwards the coordinator is told, and then the work goes on.
        (Event::Lapse, CancelRequested) => match facts.resumes {
            InProgress => {
                if facts.lapses == 0 {
                    Stay
                } else {
                    To(InProgress)
                }
            }
            Queued | Sent | Acknowledged | Offered | Conditional | RetryLater | Declined | TimedOut | Accepted
            | Scheduled | Delivered | Settled | LostRace | Cancelled | Failed | CancelRequested => To(Cancelled),
        },

        (Event::Lose, Queued | Sent | Acknowledged | RetryLater | Offered | Conditional) => To(LostRace),
        (Event::Withdraw, Queued | Sent | Acknowledged | RetryLater | Offered | Conditional) => To(Cancelled),
        (
            Event::Lose | Event::Withdraw,
            Declined | TimedOut | LostRace | Cancelled | Failed | Settled | Accepted | Scheduled | InProgress
            | Delivered | CancelRequested,
        ) => Stay,
    }
}

/// Whether nothing leads out of a status.
pub const fn is_over(status: ReferralStatus) -> bool {
    matches!(status, Declined | TimedOut | LostRace | Cancelled | Failed | Settled)
}

/// Whether a provider is being asked: sent, and neither agreed nor ended.
pub const fn is_asked(status: ReferralStatus) -> bool {
    matches!(status, Sent | Acknowledged | Offered | Conditional)
}

/// Whether it is agreed and has not ended.
pub const fn is_agreed(status: ReferralStatus) -> bool {
    matches!(status, Accepted | Scheduled | InProgress | Delivered | CancelRequested)
}

/// The clock of a status; the second where the first has run out. In halves of a working day.
pub const fn clock(status: ReferralStatus, facts: Facts) -> Option<Allowance> {
    let (side, span) = match status {
        Queued | Declined | TimedOut | LostRace | Cancelled | Failed | Settled => return None,
        Sent => (Side::Provider, Span::Halves(4, 1)),
        Acknowledged => (Side::Provider, Span::Halves(10, 2)),
        Offered | Conditional => (Side::Requester, Span::Offer),
        RetryLater => (Side::System, Span::Retry),
        Accepted if facts.lapses == 0 => (Side::Provider, Span::Halves(4, 1)),
        Accepted => (Side::Coordinator, Span::Halves(4, 4)),
        Scheduled if facts.lapses == 0 => (Side::Provider, Span::Start),
        Scheduled => (Side::Coordinator, Span::Halves(20, 20)),
        InProgress if facts.lapses == 0 => (Side::Provider, Span::Report),
        InProgress => (Side::Coordinator, Span::Halves(40, 40)),
        Delivered => (Side::Requester, Span::Halves(10, 10)),
        CancelRequested if facts.lapses == 0 => (Side::Provider, Span::Halves(4, 4)),
        CancelRequested => (Side::Coordinator, Span::Halves(4, 4)),
    };
    Some(Allowance { side, span })
}
