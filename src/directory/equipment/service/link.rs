//! Which scope lines need which items.

use chrono::NaiveDate;
use entity::{
    FOREVER,
    enums::EquipmentStatus,
    equipment::Model,
    equipment_scope,
    ids::{EquipmentId, ScopeId},
};
use serde_json::json;

use super::{event, open};
use crate::{
    directory::events,
    directory::{
        equipment::{policy, store},
        scope,
    },
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
    },
};

/// Enters that a scope line needs an item from a date on; none: from today.
///
/// # Errors
/// `EQUIPMENT_RETIRED`; `LINE_OF_OTHER_LAB`; `LINE_ENDED`; `ALREADY_LINKED` where another link of the two would
/// overlap.
pub async fn link(
    cmd: &Command<'_>,
    item: EquipmentId,
    line: ScopeId,
    from: Option<NaiveDate>,
) -> Outcome<EquipmentId> {
    cmd.run(policy::LINK, async |tx: &mut Tx| {
        link_in(tx, item, line, from).await?;
        Ok(item)
    })
    .await
}

/// [`link`] inside a transaction.
///
/// # Errors
/// Those of [`link`].
pub async fn link_in(tx: &mut Tx, item: EquipmentId, line: ScopeId, from: Option<NaiveDate>) -> Outcome<()> {
    let item = open(tx, item).await?;
    may_link(tx, &item, line).await?;
    let from = from.unwrap_or_else(|| tx.today());
    let links = store::links(tx, item.id, line).await?;
    if let Some(other) = links.iter().find(|link| link.effective_to > from && link.effective_to > link.effective_from) {
        return Err(Fault::rule(
            "ALREADY_LINKED",
            "The line needs this item already; end that link first, or choose a date after it.",
            json!({ "from": other.effective_from, "until": (other.effective_to != FOREVER).then_some(other.effective_to) }),
        ));
    }
    let link = equipment_scope::Model {
        equipment_id: item.id,
        scope_id: line,
        effective_from: from,
        effective_to: FOREVER,
        agency: item.agency.clone(),
    };
    // A link that ended on the day it began left its row behind, which now serves again.
    match links.iter().find(|old| old.effective_from == from) {
        Some(old) => tx.replace(old, link).await?,
        None => {
            tx.insert(link).await?;
        }
    }
    tx.emit(event(events::EQUIPMENT_CHANGED.name, &item, None));
    Ok(())
}

/// Enters that a scope line needs an item no longer from a date on; none: from today.
///
/// # Errors
/// `NOT_LINKED`; `EFFECTIVE_BEFORE_LINK` for a date before the link began.
pub async fn unlink(
    cmd: &Command<'_>,
    item: EquipmentId,
    line: ScopeId,
    on: Option<NaiveDate>,
) -> Outcome<EquipmentId> {
    cmd.run(policy::UNLINK, async |tx: &mut Tx| {
        unlink_in(tx, item, line, on).await?;
        Ok(item)
    })
    .await
}

/// [`unlink`] inside a transaction.
///
/// # Errors
/// Those of [`unlink`].
pub async fn unlink_in(tx: &mut Tx, item: EquipmentId, line: ScopeId, on: Option<NaiveDate>) -> Outcome<()> {
    let item = open(tx, item).await?;
    let links = store::links(tx, item.id, line).await?;
    let Some(link) = links.into_iter().find(|link| link.effective_to == FOREVER) else {
        return Err(Fault::rule(
            "NOT_LINKED",
            "The line does not need this item.",
            json!({ "scopeId": line.to_string() }),
        ));
    };
    let on = on.unwrap_or_else(|| tx.today().max(link.effective_from));
    if on < link.effective_from {
        return Err(Fault::rule(
            "EFFECTIVE_BEFORE_LINK",
            format!("The link began on {}; choose that date or a later one.", link.effective_from),
            json!({ "earliest": link.effective_from }),
        ));
    }
    let ended = equipment_scope::Model { effective_to: on, ..link.clone() };
    tx.replace(&link, ended).await?;
    tx.emit(event(events::EQUIPMENT_CHANGED.name, &item, None));
    Ok(())
}

/// The item is not retired, and the line is one of the same lab that has not ended.
async fn may_link(tx: &Tx, item: &Model, line: ScopeId) -> Outcome<()> {
    if item.status == EquipmentStatus::Retired {
        return Err(Fault::rule(
            "EQUIPMENT_RETIRED",
            "This item is retired; link the one in its place.",
            json!({ "since": item.effective_from }),
        ));
    }
    let line = scope::store::lock(tx, line).await?.open(tx.permit())?;
    if line.lab_id != item.lab_id {
        return Err(Fault::rule(
            "LINE_OF_OTHER_LAB",
            "A line can need equipment of its own lab only.",
            json!({ "labId": line.lab_id.to_string(), "equipmentLabId": item.lab_id.to_string() }),
        ));
    }
    if line.effective_to != FOREVER {
        return Err(Fault::rule("LINE_ENDED", "This line has ended.", json!({ "on": line.effective_to })));
    }
    Ok(())
}
