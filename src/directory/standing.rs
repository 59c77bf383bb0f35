//! Taking part: the moves between active, suspended and retired, the same for institutions, labs and signatories.

use entity::enums::Standing;
use serde_json::json;

use crate::platform::fault::{Fault, Outcome};

/// Whether a record of `kind` may move from `now` to `next`.
///
/// # Errors
/// `RETIRED`, `ALREADY_SUSPENDED`, `NOT_SUSPENDED`.
pub fn may_become(kind: &str, now: Standing, next: Standing) -> Outcome<()> {
    use Standing::{Active, Retired, Suspended};
    let (code, message) = match (now, next) {
        (Active, Suspended | Retired) | (Suspended, Active | Retired) => return Ok(()),
        (Retired, _) => ("RETIRED", format!("This {kind} is retired for good; enter a new one.")),
        (Suspended, Suspended) => ("ALREADY_SUSPENDED", format!("This {kind} is suspended already.")),
        (Active, Active) => ("NOT_SUSPENDED", format!("This {kind} is not suspended.")),
    };
    Err(Fault::rule(code, message, json!({ "standing": now })))
}

/// A retired record is edited no more.
///
/// # Errors
/// `RETIRED`.
pub fn is_editable(kind: &str, now: Standing) -> Outcome<()> {
    if now == Standing::Retired {
        return Err(Fault::rule("RETIRED", format!("This {kind} is retired for good; enter a new one."), json!({})));
    }
    Ok(())
}
