//! What can be done with certificates. The functions that end in `_in` do the same inside a transaction that is
//! already open, for acts that do more than one thing, such as an import.

mod cover;
mod edit;
mod status;

pub use cover::{cover, cover_in, uncover, uncover_in};
pub use edit::{create, create_in, edit, edit_in};
pub use status::{Step, resume, suspend, withdraw};

use entity::certificate::Model;
use serde_json::json;

use crate::platform::db::Event;

/// An event about a certificate; `reason` where there is one.
fn event(name: &'static str, row: &Model, reason: Option<&str>) -> Event {
    Event {
        name,
        subject: row.id.to_string(),
        agency: row.agency.clone(),
        visibility: row.visibility,
        data: json!({
            "certificateId": row.id.to_string(),
            "institutionId": row.institution_id.to_string(),
            "scheme": row.scheme,
            "number": row.number,
            "status": row.status,
            "effectiveFrom": row.effective_from,
            "reason": reason,
        }),
    }
}
