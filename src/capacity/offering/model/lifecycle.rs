//! The life of an offering: DRAFT → ACTIVE ⇄ PAUSED → ARCHIVED, as one function.

use chrono::NaiveDate;
use entity::{
    enums::{OfferingStatus, Standing},
    offering::Model,
};
use serde_json::json;

use crate::platform::fault::{Fault, Outcome};

/// What can be done with an offering that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Editing it.
    Edit,
    /// Choosing who may see it.
    Show,
    /// Opening it for the first time.
    Activate,
    /// Closing it for a while.
    Pause,
    /// Opening it again.
    Resume,
    /// Ending it for good.
    Archive,
}

impl Step {
    /// Every step, in the order in which they are documented.
    pub const ALL: [Self; 6] = [Self::Edit, Self::Show, Self::Activate, Self::Pause, Self::Resume, Self::Archive];
}

/// The status after a step.
///
/// # Errors
/// `ARCHIVED`, `NOT_ACTIVE`, `ALREADY_ACTIVE`, `NOT_PAUSED`, `ALREADY_PAUSED`, `PAUSED`.
pub fn next(now: OfferingStatus, step: Step) -> Outcome<OfferingStatus> {
    use OfferingStatus::{Active, Archived, Draft, Paused};
    let (code, message) = match (now, step) {
        (Draft | Active | Paused, Step::Edit | Step::Show) => return Ok(now),
        (Draft, Step::Activate) | (Paused, Step::Resume) => return Ok(Active),
        (Active, Step::Pause) => return Ok(Paused),
        (Draft | Active | Paused, Step::Archive) => return Ok(Archived),
        (Draft, Step::Pause) => ("NOT_ACTIVE", "This offering is a draft; nobody else has seen it yet."),
        (Active, Step::Activate) => ("ALREADY_ACTIVE", "This offering is open already."),
        (Draft | Active, Step::Resume) => ("NOT_PAUSED", "This offering is not paused."),
        (Paused, Step::Activate) => ("PAUSED", "This offering is paused; resume it."),
        (Paused, Step::Pause) => ("ALREADY_PAUSED", "This offering is paused already."),
        (Archived, Step::Edit | Step::Show | Step::Activate | Step::Pause | Step::Resume | Step::Archive) => {
            ("ARCHIVED", "This offering is archived for good; enter a new one.")
        }
    };
    Err(Fault::rule(code, message, json!({ "status": now })))
}

/// What opening depends on besides the row.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Today.
    pub today: NaiveDate,
    /// Whether the lab takes part; none where there is no lab.
    pub lab: Option<Standing>,
    /// How many lines and items the offering names.
    pub named: usize,
    /// How many of them are still in force, or in the register and not retired.
    pub left: usize,
}

/// Whether an offering may be opened.
///
/// # Errors
/// `OFFERING_NOT_READY` with every blocker in `facts.blockers`: `LAB_NOT_ACTIVE`, `OFFERING_OVER`, `NOTHING_COVERED`.
pub fn ready(row: &Model, facts: Facts) -> Outcome<()> {
    let mut blockers = Vec::new();
    let mut block = |code: &str, message: String| blockers.push(json!({ "code": code, "message": message }));
    if let Some(standing) = facts.lab.filter(|standing| *standing != Standing::Active) {
        block("LAB_NOT_ACTIVE", format!("Its lab is {}; an active lab alone opens something.", standing.word()));
    }
    if let Some(last) = row.valid_to.filter(|last| *last < facts.today) {
        block("OFFERING_OVER", format!("Its last date was {last}; set a later one, or none."));
    }
    if facts.named > 0 && facts.left == 0 {
        block("NOTHING_COVERED", "All lines or items that it names have ended; name others.".to_owned());
    }
    if blockers.is_empty() {
        return Ok(());
    }
    let facts = json!({ "blockers": blockers });
    Err(Fault::rule("OFFERING_NOT_READY", "This offering cannot be opened yet; facts.blockers says why.", facts))
}
