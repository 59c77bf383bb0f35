//! The chain of custody: what can happen to a consignment, as one function.

use entity::enums::{
    ConsignmentStatus::{self, Lost, Received, Rejected, Returned, Sent},
    CustodyStep,
};

use super::machine::Refusal;
use crate::request::events;

/// The status after a step.
///
/// # Errors
/// `TOO_LATE` for what has been received, rejected or lost; `NOT_YET` for the return of what was not received.
pub const fn next(status: ConsignmentStatus, step: CustodyStep) -> Result<ConsignmentStatus, Refusal> {
    match (step, status) {
        (CustodyStep::Dispatch, Sent | Received | Rejected | Lost | Returned) => Err(Refusal::TooLate),
        // The rest of a consignment may come later, and be counted then.
        (CustodyStep::Receive, Sent | Received) => Ok(Received),
        (CustodyStep::Reject, Sent) => Ok(Rejected),
        (CustodyStep::Lose, Sent) => Ok(Lost),
        // What was given up for lost may turn up.
        (CustodyStep::Receive, Lost) => Ok(Received),
        (CustodyStep::Return, Received | Rejected) => Ok(Returned),
        (CustodyStep::Return, Sent | Lost) => Err(Refusal::NotYet),
        (CustodyStep::Receive, Rejected | Returned)
        | (CustodyStep::Reject, Received | Rejected | Lost | Returned)
        | (CustodyStep::Lose, Received | Rejected | Lost | Returned)
        | (CustodyStep::Return, Returned) => Err(Refusal::TooLate),
    }
}

/// The name under which the other side hears of a step.
pub const fn told_as(step: CustodyStep) -> &'static str {
    match step {
        CustodyStep::Dispatch => events::CONSIGNMENT_DISPATCHED.name,
        CustodyStep::Receive => events::CONSIGNMENT_RECEIVED.name,
        CustodyStep::Reject => events::CONSIGNMENT_REJECTED.name,
        CustodyStep::Lose => events::CONSIGNMENT_LOST.name,
        CustodyStep::Return => events::CONSIGNMENT_RETURNED.name,
    }
}
