//! The life of a request, as one function of status and event, and how far it is by its items.

use entity::enums::{
    ItemState,
    RequestStatus::{self, *},
    Side,
};

use super::machine::{
    Allowance, By,
    Next::{self, Refused, Stay, To},
    Refusal::{NotNow, NotYet, Over, TooLate},
    Span, Word,
};
use crate::{identity::scopes, request::events};

/// What can happen to a request. The last seven are messages of its referrals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// Its author asks for approval.
    Submit,
    /// Its agency's approver approves.
    Approve,
    /// Its agency's approver gives it back.
    Return,
    /// Its agency takes it back.
    Withdraw,
    /// The requester disputes results.
    Dispute,
    /// The coordinator settles the dispute.
    Resolve,
    /// The clock ran out.
    Lapse,
    /// The date on which it was needed has passed.
    Expire,
    /// Something is sought again, because what was agreed is no more.
    Reopen,
    /// All that could be placed is agreed.
    Agree,
    /// Work has begun.
    Begin,
    /// All results are there.
    Deliver,
    /// All results are accepted.
    Settle,
    /// Nobody is left who could be asked.
    Exhaust,
    /// What was agreed was cancelled.
    Cancel,
}

impl Word for Event {
    const ALL: &'static [Self] = &[
        Self::Submit,
        Self::Approve,
        Self::Return,
        Self::Withdraw,
        Self::Dispute,
        Self::Resolve,
        Self::Lapse,
        Self::Expire,
        Self::Reopen,
        Self::Agree,
        Self::Begin,
        Self::Deliver,
        Self::Settle,
        Self::Exhaust,
        Self::Cancel,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Submit => "SUBMIT",
            Self::Approve => "APPROVE",
            Self::Return => "RETURN",
            Self::Withdraw => "WITHDRAW",
            Self::Dispute => "DISPUTE",
            Self::Resolve => "RESOLVE",
            Self::Lapse => "LAPSE",
            Self::Expire => "EXPIRE",
            Self::Reopen => "REOPEN",
            Self::Agree => "AGREE",
            Self::Begin => "BEGIN",
            Self::Deliver => "DELIVER",
            Self::Settle => "SETTLE",
            Self::Exhaust => "EXHAUST",
            Self::Cancel => "CANCEL",
        }
    }
}

impl Event {
    /// The name under which the sides hear of it.
    pub const fn told_as(self) -> &'static str {
        match self {
            Self::Submit => events::REQUEST_SUBMITTED.name,
            Self::Approve => events::REQUEST_APPROVED.name,
            Self::Return => events::REQUEST_RETURNED.name,
            Self::Withdraw => events::REQUEST_WITHDRAWN.name,
            Self::Dispute => events::REQUEST_DISPUTED.name,
            Self::Resolve => events::REQUEST_RESOLVED.name,
            Self::Lapse => events::REQUEST_LAPSED.name,
            Self::Expire => events::REQUEST_EXPIRED.name,
            Self::Reopen => events::REQUEST_REOPENED.name,
            Self::Agree => events::REQUEST_AGREED.name,
            Self::Begin => events::REQUEST_BEGUN.name,
            Self::Deliver => events::REQUEST_DELIVERED.name,
            Self::Settle => events::REQUEST_CLOSED.name,
            Self::Exhaust => events::REQUEST_UNFILLED.name,
            Self::Cancel => events::REQUEST_CANCELLED.name,
        }
    }
}

impl Word for RequestStatus {
    const ALL: &'static [Self] = Self::ALL;

    fn word(self) -> &'static str {
        RequestStatus::word(self)
    }
}

/// What the machine looks at besides the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// How often the clock has run out in this status before.
    pub lapses: i32,
}

/// Who may do what.
pub const fn by(event: Event) -> By {
    const REQUESTER: &[Side] = &[Side::Requester];
    const SYSTEM: &[Side] = &[Side::System];
    let (sides, scope) = match event {
        Event::Submit | Event::Withdraw => (REQUESTER, Some(scopes::REQUEST_CREATE)),
        Event::Approve | Event::Return | Event::Dispute => (REQUESTER, Some(scopes::REQUEST_APPROVE)),
        Event::Resolve => (&[Side::Coordinator] as &[Side], Some(scopes::COORDINATOR)),
        Event::Lapse
        | Event::Expire
        | Event::Reopen
        | Event::Agree
        | Event::Begin
        | Event::Deliver
        | Event::Settle
        | Event::Exhaust
        | Event::Cancel => (SYSTEM, None),
    };
    By { sides, scope }
}

/// What an event leads to. Messages of referrals that come after the end are defined: nothing moves.
pub const fn next(status: RequestStatus, event: Event, facts: Facts) -> Next<RequestStatus> {
    match (event, status) {
        (
            Event::Submit | Event::Approve | Event::Return | Event::Dispute | Event::Resolve,
            Closed | Withdrawn | Unfilled | Expired | Cancelled,
        )
        | (Event::Withdraw, Closed | Unfilled | Expired | Cancelled) => Refused(Over),
        (
            Event::Lapse
            | Event::Expire
            | Event::Reopen
            | Event::Agree
            | Event::Begin
            | Event::Deliver
            | Event::Settle
            | Event::Exhaust
            | Event::Cancel,
            Closed | Withdrawn | Unfilled | Expired | Cancelled,
        ) => Stay,

        (Event::Submit, Draft) => To(PendingApproval),
        (Event::Submit, PendingApproval) => Stay,
        (Event::Submit, Open | Agreed | InService | Delivered | Disputed) => Refused(TooLate),

        (Event::Approve | Event::Return, Draft) => Refused(NotYet),
        (Event::Approve, PendingApproval) => To(Open),
        (Event::Approve, Open) => Stay,
        (Event::Return, PendingApproval) => To(Draft),
        (Event::Approve, Agreed | InService | Delivered | Disputed)
        | (Event::Return, Open | Agreed | InService | Delivered | Disputed) => Refused(TooLate),

        (Event::Withdraw, Draft | PendingApproval | Open) => To(Withdrawn),
        (Event::Withdraw, Withdrawn) => Stay,
        // What is agreed ends by agreement: each referral is asked to be cancelled.
        (Event::Withdraw, Agreed | InService | Delivered | Disputed) => Refused(TooLate),

        (Event::Dispute, Draft | PendingApproval | Open | Agreed | InService) => Refused(NotYet),
        (Event::Dispute, Delivered) => To(Disputed),
        (Event::Dispute, Disputed) => Stay,
        (Event::Resolve, Draft | PendingApproval | Open | Agreed | InService | Delivered) => Refused(NotYet),
        (Event::Resolve, Disputed) => To(Delivered),

        (Event::Lapse, Draft | Agreed | InService | Delivered) => Stay,
        // An approver who does not decide is reminded, and the secretariat told, until the need has passed.
        (Event::Lapse, PendingApproval) => Stay,
        (Event::Lapse, Open) => To(Expired),
        (Event::Lapse, Disputed) => {
            if facts.lapses == 0 {
                Stay
            } else {
                To(Closed)
            }
        }
        (Event::Expire, Draft | Agreed | InService | Delivered | Disputed) => Stay,
        (Event::Expire, PendingApproval | Open) => To(Expired),

        (
            Event::Reopen
            | Event::Agree
            | Event::Begin
            | Event::Deliver
            | Event::Settle
            | Event::Exhaust
            | Event::Cancel,
            Draft | PendingApproval,
        ) => Refused(NotYet),
        (Event::Reopen, Open) => Stay,
        (Event::Reopen, Agreed | InService | Delivered) => To(Open),
        (Event::Agree, Open | InService) => To(Agreed),
        (Event::Agree, Agreed) => Stay,
        (Event::Agree, Delivered) => To(Agreed),
        (Event::Begin, Open | Agreed | Delivered) => To(InService),
        (Event::Begin, InService) => Stay,
        (Event::Deliver, Open | Agreed | InService) => To(Delivered),
        (Event::Deliver, Delivered) => Stay,
        (Event::Settle, Open | Agreed | InService | Delivered | Disputed) => To(Closed),
        (Event::Exhaust, Open | Agreed | InService | Delivered) => To(Unfilled),
        (Event::Cancel, Open | Agreed | InService | Delivered) => To(Cancelled),
        // What the coordinator has to settle is not moved by the clockwork of the other items.
        (Event::Reopen | Event::Agree | Event::Begin | Event::Deliver | Event::Exhaust | Event::Cancel, Disputed) => {
            Refused(NotNow)
        }
    }
}

/// Whether nothing leads out of a status.
pub const fn is_over(status: RequestStatus) -> bool {
    matches!(status, Closed | Withdrawn | Unfilled | Expired | Cancelled)
}

/// The clock of a status. Where there is none, its author (a draft) or its referrals have it.
pub const fn clock(status: RequestStatus, facts: Facts) -> Option<Allowance> {
    let (side, span) = match status {
        Draft | Agreed | InService | Delivered | Closed | Withdrawn | Unfilled | Expired | Cancelled => return None,
        PendingApproval => (Side::Requester, Span::Halves(6, 1)),
        Open => (Side::System, Span::NeedBy),
        Disputed if facts.lapses == 0 => (Side::Coordinator, Span::Halves(20, 10)),
        Disputed => (Side::Coordinator, Span::Halves(20, 20)),
    };
    Some(Allowance { side, span })
}

/// The message that the states of the items add up to. `waiting`: whether anybody is asked, or waits to be asked.
pub fn message(items: &[ItemState], waiting: bool) -> Event {
    let has = |state: ItemState| items.contains(&state);
    let none_but = |states: &[ItemState]| items.iter().all(|state| states.contains(state));
    if has(ItemState::Sought) && waiting {
        return Event::Reopen;
    }
    if none_but(&[ItemState::Unfilled, ItemState::Sought]) {
        return Event::Exhaust;
    }
    const ENDED: [ItemState; 3] = [ItemState::Unfilled, ItemState::Sought, ItemState::Cancelled];
    if none_but(&ENDED) {
        return Event::Cancel;
    }
    let under_way: Vec<ItemState> = items.iter().copied().filter(|state| !ENDED.contains(state)).collect();
    if under_way.iter().all(|state| *state == ItemState::Settled) {
        Event::Settle
    } else if under_way.iter().all(|state| matches!(state, ItemState::Settled | ItemState::Delivered)) {
        Event::Deliver
    } else if under_way.iter().all(|state| *state == ItemState::Agreed) {
        Event::Agree
    } else {
        Event::Begin
    }
}
