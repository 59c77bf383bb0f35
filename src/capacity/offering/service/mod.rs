//! What can be done with offerings.

mod cover;
mod record;
mod status;

pub use record::{create, edit, show};
pub use status::{activate, archive, pause, resume};

use entity::{enums::Visibility, ids::OfferingId, lab, offering::Model};
use serde_json::json;

use super::store;
use crate::{
    directory::lab as labs,
    platform::{
        access::Ruled,
        db::{Event, Tx},
        fault::{Fault, Outcome},
    },
};

/// Locks and opens an offering and its lab, whose own rule knows the institution to which a token may be limited, and
/// who may see the lab at all.
pub(in crate::capacity) async fn open(tx: &mut Tx, id: OfferingId) -> Outcome<(Model, Option<lab::Model>)> {
    let row = store::lock(tx, id).await?.open(tx.permit());
    if let Err(hidden @ Fault::NotFound { .. }) = row {
        return Err(hidden);
    }
    let lab = match store::lab_of(tx, id).await? {
        None => None,
        Some(lab) => match labs::store::lock(tx, lab).await?.open(tx.permit()) {
            // Where the lab is not seen, its offering is not either.
            Err(Fault::NotFound { .. }) => return Err(Fault::not_found(<Model as Ruled>::KIND, id.0)),
            found => Some(found),
        },
    };
    Ok((row?, lab.transpose()?))
}

/// An event about an offering of a lab, or of the agency itself; `reason` where there is one. Others hear of what they
/// may see: of what was never opened, and of what its lab keeps to itself, the owner alone. The agencies that an offering
/// names are not told by events, which know one visibility only.
fn event(name: &'static str, row: &Model, lab: Option<&lab::Model>, reason: Option<&str>) -> Event {
    let hidden = if row.opened_at.is_none() { Visibility::Own } else { row.visibility };
    Event {
        name,
        subject: row.id.to_string(),
        agency: row.agency.clone(),
        visibility: lab.map_or(hidden, |lab| narrower(hidden, lab.visibility)),
        data: json!({
            "offeringId": row.id.to_string(),
            "labId": row.lab_id.map(|lab| lab.to_string()),
            "code": row.code,
            "kind": row.kind,
            "status": row.status,
            "reason": reason,
        }),
    }
}

/// The one that fewer may see.
pub(in crate::capacity) fn narrower(one: Visibility, other: Visibility) -> Visibility {
    match (one, other) {
        (Visibility::Own, _) | (_, Visibility::Own) => Visibility::Own,
        (Visibility::Partner, _) | (_, Visibility::Partner) => Visibility::Partner,
        (Visibility::Public, Visibility::Public) => Visibility::Public,
    }
}
