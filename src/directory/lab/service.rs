//! Use cases of labs.

use entity::{enums::Standing, ids::LabId, lab::Model};
use serde_json::json;

use super::{
    model::{LabEdit, NewLab},
    policy, store,
};
use crate::{
    directory::events,
    directory::{
        institution::{self, model::Blank},
        standing, text,
    },
    platform::{
        access::Action,
        command::Command,
        db::{Event, Tx},
        fault::Outcome,
    },
};

/// Enters one of the caller's agency.
///
/// # Errors
/// `INVALID`; a conflict where its code is taken.
pub async fn create(cmd: &Command<'_>, new: NewLab) -> Outcome<LabId> {
    cmd.run(policy::CREATE, async |tx: &mut Tx| create_in(tx, new).await).await
}

/// [`create`] inside a transaction.
///
/// # Errors
/// Those of [`create`].
pub async fn create_in(tx: &mut Tx, new: NewLab) -> Outcome<LabId> {
    let blank = Blank { id: LabId(tx.id()), agency: tx.agency()?.clone(), at: tx.now() };
    let row = new.opened(blank)?;
    let parent = institution::store::lock(tx, row.institution_id).await?.open(tx.permit())?;
    standing::is_editable("institution", parent.standing)?;
    let row = tx.insert(row).await?;
    tx.emit(changed(&row, events::LAB_CHANGED.name, None));
    Ok(row.id)
}

/// Edits one.
///
/// # Errors
/// `INVALID`; `STALE_VERSION`; `RETIRED`.
pub async fn edit(cmd: &Command<'_>, id: LabId, edit: LabEdit) -> Outcome<LabId> {
    cmd.run(policy::EDIT, async |tx: &mut Tx| {
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        revise(tx, row, edit).await
    })
    .await
}

/// [`edit`] inside a transaction, whatever the version.
///
/// # Errors
/// Those of [`edit`].
pub async fn edit_in(tx: &mut Tx, id: LabId, edit: LabEdit) -> Outcome<LabId> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    revise(tx, row, edit).await
}

async fn revise(tx: &mut Tx, row: Model, edit: LabEdit) -> Outcome<LabId> {
    standing::is_editable(LabId::KIND, row.standing)?;
    let next = edit.over(&row, tx.now())?;
    let before = row.version;
    let row = tx.update(row, next).await?;
    if row.version != before {
        tx.emit(changed(&row, events::LAB_CHANGED.name, None));
    }
    Ok(row.id)
}

/// Sets one aside for a reason.
///
/// # Errors
/// `INVALID` without a reason; `STALE_VERSION`; `ALREADY_SUSPENDED`; `RETIRED`.
pub async fn suspend(cmd: &Command<'_>, id: LabId, reason: &str) -> Outcome<LabId> {
    stand(cmd, id, reason, (policy::SUSPEND, Standing::Suspended, events::LAB_SUSPENDED.name)).await
}

/// Takes one back.
///
/// # Errors
/// As [`suspend`], with `NOT_SUSPENDED`.
pub async fn resume(cmd: &Command<'_>, id: LabId, reason: &str) -> Outcome<LabId> {
    stand(cmd, id, reason, (policy::RESUME, Standing::Active, events::LAB_RESUMED.name)).await
}

/// Ends one for good; it stays on record.
///
/// # Errors
/// As [`suspend`].
pub async fn retire(cmd: &Command<'_>, id: LabId, reason: &str) -> Outcome<LabId> {
    stand(cmd, id, reason, (policy::RETIRE, Standing::Retired, events::LAB_RETIRED.name)).await
}

async fn stand(
    cmd: &Command<'_>,
    id: LabId,
    reason: &str,
    (action, next, event): (Action, Standing, &'static str),
) -> Outcome<LabId> {
    let reason = text::reason(reason)?;
    cmd.run(action, async |tx: &mut Tx| {
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        standing::may_become(LabId::KIND, row.standing, next)?;
        let kept = (next != Standing::Active).then(|| reason.clone());
        let next = Model { standing: next, standing_reason: kept, updated_at: tx.now(), ..row.clone() };
        let row = tx.update(row, next).await?;
        tx.emit(changed(&row, event, Some(&reason)));
        Ok(row.id)
    })
    .await
}

fn changed(row: &Model, name: &'static str, reason: Option<&str>) -> Event {
    Event {
        name,
        subject: row.id.to_string(),
        agency: row.agency.clone(),
        visibility: row.visibility,
        data: json!({
            "labId": row.id.to_string(),
            "institutionId": row.institution_id.to_string(),
            "code": row.code,
            "standing": row.standing,
            "reason": reason,
        }),
    }
}
