//! What can be done with equipment. The functions that end in `_in` do the same inside a transaction that is already
//! open, for acts that do more than one thing, such as an import.

mod calibration;
mod item;
mod link;

pub use calibration::{record, record_in, void};
pub use item::{change_status, create, create_in, edit, edit_in};
pub use link::{link, link_in, unlink, unlink_in};

use entity::{equipment::Model, ids::EquipmentId};
use serde_json::json;

use super::store;
use crate::{
    directory::lab,
    platform::{
        db::{Event, Tx},
        fault::Outcome,
    },
};

/// Locks and opens an item and its lab, whose own rule knows the institution to which a token may be limited.
async fn open(tx: &Tx, id: EquipmentId) -> Outcome<Model> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    lab::store::lock(tx, row.lab_id).await?.open(tx.permit())?;
    Ok(row)
}

/// An event about an item; `reason` where there is one.
fn event(name: &'static str, row: &Model, reason: Option<&str>) -> Event {
    Event {
        name,
        subject: row.id.to_string(),
        agency: row.agency.clone(),
        visibility: row.visibility,
        data: json!({
            "equipmentId": row.id.to_string(),
            "labId": row.lab_id.to_string(),
            "assetCode": row.asset_code,
            "status": row.status,
            "effectiveFrom": row.effective_from,
            "reason": reason,
        }),
    }
}
