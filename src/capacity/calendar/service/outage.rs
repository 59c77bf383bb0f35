//! Outages of equipment.

use chrono::{DateTime, Utc};
use entity::{
    enums::Visibility,
    equipment_outage::Model,
    hold_block,
    ids::{EquipmentId, OutageId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    capacity::events,
    capacity::{
        calendar::{
            model::{Affected, FAR, NewOutage, spans},
            policy, store,
        },
        hold,
    },
    directory::{equipment as items, institution::model::Blank},
    platform::{
        access::Ruled,
        command::Command,
        db::{Event, Tx},
        fault::{Fault, Outcome},
    },
};

/// An outage that was reported or has ended, and whom that concerns.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OutageDone {
    /// The row as it is then.
    pub row: Model,
    /// What is set aside or booked at the item that it falls into, or no longer falls into.
    pub affected: Vec<Affected>,
}

/// Reports that an item cannot be used. That is so whoever has booked it: times that it falls into are marked, and told.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`.
pub async fn report(cmd: &Command<'_>, new: NewOutage) -> Outcome<OutageDone> {
    cmd.run(policy::REPORT, async |tx: &mut Tx| {
        let item = items::store::lock(tx, new.equipment).await?.open(tx.permit())?;
        let blank = Blank { id: OutageId(tx.id()), agency: item.agency.clone(), at: tx.now() };
        let row = tx.insert(new.entered(blank, item.lab_id)?).await?;
        let affected = marked(tx, row.equipment_id).await?;
        tx.emit(event(events::OUTAGE_REPORTED.name, &row, &affected));
        Ok(OutageDone { row, affected })
    })
    .await
}

/// Reports that an item can be used again, from an instant on; now, where none is given.
///
/// # Errors
/// `INVALID` for an instant before its beginning; `NOT_FOUND`; `STALE_VERSION`; `OUTAGE_ENDED` where it ends earlier.
pub async fn end(cmd: &Command<'_>, id: OutageId, at: Option<DateTime<Utc>>) -> Outcome<OutageDone> {
    cmd.run(policy::END, async |tx: &mut Tx| {
        let missing = || Fault::not_found(<Model as Ruled>::KIND, id.0);
        let item = store::target_of_outage(tx, id).await?.ok_or_else(missing)?;
        let opened = items::store::lock(tx, item).await?.open(tx.permit());
        opened.map_err(|fault| if matches!(fault, Fault::NotFound { .. }) { missing() } else { fault })?;
        let row = store::lock_outage(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        // One that has not begun never will.
        let end = at.unwrap_or_else(|| tx.now().max(row.starts_at));
        if end < row.starts_at {
            return Err(Fault::invalid("at", "DATES_REVERSED", "It ends after it begins."));
        }
        if row.ends_at.is_some_and(|ends| ends <= end) {
            let message = "This ends earlier already; report a new one where it goes on.";
            return Err(Fault::rule("OUTAGE_ENDED", message, json!({ "endsAt": row.ends_at })));
        }
        let ended = Model { ends_at: Some(end), updated_at: tx.now(), ..row.clone() };
        let row = tx.update(row, ended).await?;
        let affected = marked(tx, item).await?;
        tx.emit(event(events::OUTAGE_ENDED.name, &row, &affected));
        Ok(OutageDone { row, affected })
    })
    .await
}

/// Marks the times at an item that an outage falls into, and takes the mark off the others; the holds whose mark changed.
async fn marked(tx: &mut Tx, item: EquipmentId) -> Outcome<Vec<Affected>> {
    let now = tx.now();
    // Whoever ends a hold writes its blocks too, and has it locked.
    hold::store::lock_at(tx, item).await?;
    let known = tx.all(store::outages(tx.dialect(), [item], now, FAR)).await?;
    let mut affected = Vec::new();
    for (block, subject) in hold::store::blocks_of(tx, item).await? {
        let hit = known.iter().any(|outage| !spans(outage, block.starts_at.max(now), block.ends_at).is_empty());
        if hit != block.affected {
            affected.push(Affected { subject, from: block.starts_at, to: block.ends_at });
            tx.replace(&block, hold_block::Model { affected: hit, ..block.clone() }).await?;
        }
    }
    Ok(affected)
}

/// An event for the owner, who alone may know what is booked at the item; the desk tells the others.
fn event(name: &'static str, row: &Model, affected: &[Affected]) -> Event {
    let mut subjects: Vec<&str> = affected.iter().map(|one| one.subject.as_str()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    Event {
        name,
        subject: row.id.to_string(),
        agency: row.agency.clone(),
        visibility: Visibility::Own,
        data: json!({
            "outageId": row.id.to_string(),
            "equipmentId": row.equipment_id.to_string(),
            "labId": row.lab_id.to_string(),
            "from": row.starts_at,
            "to": row.ends_at,
            "everyWeeks": row.every_weeks,
            "reason": row.reason,
            "subjects": subjects,
        }),
    }
}
