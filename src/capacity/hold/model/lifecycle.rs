//! Where a hold is, and what can be done with it there.

use chrono::{DateTime, Utc};
use entity::{enums::HoldStatus, hold::Model};
use serde_json::json;

use crate::platform::fault::{Fault, Outcome};

/// What can be done with a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Making it firm.
    Confirm,
    /// Giving it back.
    Release,
    /// Noting that the work is done.
    Finish,
    /// Setting it aside for longer.
    Extend,
    /// Noting that its time is over.
    Expire,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 5] = [Self::Confirm, Self::Release, Self::Finish, Self::Extend, Self::Expire];
}

/// What becomes of a hold by a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It goes there.
    To(HoldStatus),
    /// It is there already; the same step came twice, or late.
    Already,
}

/// Whether it takes anything at an instant, by the clock and not by whether a sweeper was there.
pub fn is_alive(row: &Model, now: DateTime<Utc>) -> bool {
    match row.status {
        HoldStatus::Held => row.expires_at > now,
        HoldStatus::Booked => true,
        HoldStatus::Finished | HoldStatus::Released | HoldStatus::Expired => false,
    }
}

/// What becomes of a hold by a step at an instant.
///
/// # Errors
/// `HOLD_EXPIRED`, `HOLD_RELEASED`, `HOLD_FINISHED`, `HOLD_NOT_BOOKED`, `HOLD_BOOKED`.
pub fn next(row: &Model, step: Step, now: DateTime<Utc>) -> Outcome<Next> {
    use HoldStatus::{Booked, Expired, Finished, Held, Released};
    let over = row.expires_at <= now;
    Ok(match (row.status, step) {
        (Held, Step::Confirm) if !over => Next::To(Booked),
        (Held, Step::Extend) if !over => Next::To(Held),
        (Held, Step::Release) if !over => Next::To(Released),
        (Held, Step::Release | Step::Expire) if over => Next::To(Expired),
        (Booked, Step::Release) => Next::To(Released),
        (Booked, Step::Finish) => Next::To(Finished),
        (Booked, Step::Confirm) | (Finished, Step::Finish) => Next::Already,
        (Released | Expired | Finished, Step::Release) => Next::Already,
        (Held | Booked | Released | Expired | Finished, Step::Expire) => Next::Already,
        (Held, Step::Finish) if !over => return Err(refused(row, "HOLD_NOT_BOOKED", "This was never made firm.")),
        (Booked, Step::Extend) => return Err(refused(row, "HOLD_BOOKED", "This is firm and does not expire.")),
        (Held | Expired, Step::Confirm | Step::Extend | Step::Finish | Step::Release) => {
            return Err(refused(
                row,
                "HOLD_EXPIRED",
                "The time for which this was set aside is over; ask for it anew.",
            ));
        }
        (Released, Step::Confirm | Step::Extend | Step::Finish) => {
            return Err(refused(row, "HOLD_RELEASED", "This was given back; ask for it anew."));
        }
        (Finished, Step::Confirm | Step::Extend) => {
            return Err(refused(row, "HOLD_FINISHED", "The work for which this was booked is done."));
        }
    })
}

fn refused(row: &Model, code: &'static str, message: &str) -> Fault {
    let facts = json!({ "status": row.status, "expiresAt": row.expires_at, "subject": row.subject });
    Fault::rule(code, message, facts)
}
