//! What both state machines have in common: how an event can end, and why one is refused.

use entity::enums::Side;
use serde_json::json;

use crate::platform::fault::Fault;

/// What an event leads to in a status. Every pair of status and event has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next<S> {
    /// To that status.
    To(S),
    /// Nothing moves: the event was delivered before, or takes note of something only.
    Stay,
    /// The event is refused.
    Refused(Refusal),
}

/// Why an event is refused in a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// `NOT_YET`: something else must come first.
    NotYet,
    /// `TOO_LATE`: the step was passed.
    TooLate,
    /// `OVER`: it has ended; nothing leads out of an end.
    Over,
    /// `NOT_NOW`: something else is under way that must be answered first.
    NotNow,
}

impl Refusal {
    /// The spelling in errors and in the documentation.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotYet => "NOT_YET",
            Self::TooLate => "TOO_LATE",
            Self::Over => "OVER",
            Self::NotNow => "NOT_NOW",
        }
    }

    /// The refusal as callers get it. `kind` is what it is about, such as `referral`.
    pub fn fault(self, kind: &str, status: &str, event: &str) -> Fault {
        let message = match self {
            Self::NotYet => format!("This {kind} is {status}; {event} comes later."),
            Self::TooLate => format!("This {kind} is {status} by now; {event} belongs to an earlier step."),
            Self::Over => format!("This {kind} is {status} and has ended."),
            Self::NotNow => format!("This {kind} is {status}; that must be answered before {event}."),
        };
        Fault::rule(self.word(), message, json!({ "status": status, "event": event }))
    }
}

/// A word of one of the machines.
pub trait Word: Copy + Eq + 'static {
    /// All of them, in the order of the documentation.
    const ALL: &'static [Self];

    /// The spelling.
    fn word(self) -> &'static str;
}

/// For whom an event is done, and the scope that opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// The sides that may do it.
    pub sides: &'static [Side],
    /// The scope of the token; none for what the system does.
    pub scope: Option<&'static str>,
}

/// How long a step may take, in halves of a working day, and whose step it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Whose step.
    pub side: Side,
    /// For how long.
    pub span: Span,
}

/// When a clock runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// So many halves of a working day after the status was reached: by the usual clock, and where it is urgent.
    Halves(u16, u16),
    /// At the end of the first day of the agreed work.
    Start,
    /// At the end of the last day for the report.
    Report,
    /// With the offer that stands.
    Offer,
    /// On the date before which the provider asks not to be asked.
    Retry,
    /// At the end of the date on which it is needed.
    NeedBy,
}
