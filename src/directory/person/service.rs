//! Use cases of signatories.

use entity::{enums::Standing, ids::SignatoryId, signatory::Model};
use serde_json::json;

pub use super::link::{link, unlink};
use super::{
    model::{NewSignatory, SignatoryEdit},
    policy, store,
};
use crate::{
    directory::events,
    directory::{institution::model::Blank, lab, standing, text},
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
pub async fn create(cmd: &Command<'_>, new: NewSignatory) -> Outcome<SignatoryId> {
    cmd.run(policy::CREATE, async |tx: &mut Tx| create_in(tx, new).await).await
}

/// [`create`] inside a transaction.
///
/// # Errors
/// Those of [`create`].
pub async fn create_in(tx: &mut Tx, new: NewSignatory) -> Outcome<SignatoryId> {
    let blank = Blank { id: SignatoryId(tx.id()), agency: tx.agency()?.clone(), at: tx.now() };
    let row = new.opened(blank)?;
    let site = lab::store::lock(tx, row.lab_id).await?.open(tx.permit())?;
    standing::is_editable("lab", site.standing)?;
    let row = tx.insert(row).await?;
    tx.emit(changed(&row, events::SIGNATORY_CHANGED.name, None));
    Ok(row.id)
}

/// Edits one.
///
/// # Errors
/// `INVALID`; `STALE_VERSION`; `RETIRED`.
pub async fn edit(cmd: &Command<'_>, id: SignatoryId, edit: SignatoryEdit) -> Outcome<SignatoryId> {
    cmd.run(policy::EDIT, async |tx: &mut Tx| {
        let row = open(tx, id).await?;
        cmd.expect_version(row.version)?;
        revise(tx, row, edit).await
    })
    .await
}

/// [`edit`] inside a transaction, whatever the version.
///
/// # Errors
/// Those of [`edit`].
pub async fn edit_in(tx: &mut Tx, id: SignatoryId, edit: SignatoryEdit) -> Outcome<SignatoryId> {
    let row = open(tx, id).await?;
    revise(tx, row, edit).await
}

async fn revise(tx: &mut Tx, row: Model, edit: SignatoryEdit) -> Outcome<SignatoryId> {
    standing::is_editable(SignatoryId::KIND, row.standing)?;
    let next = edit.over(&row, tx.now())?;
    let before = row.version;
    let row = tx.update(row, next).await?;
    if row.version != before {
        tx.emit(changed(&row, events::SIGNATORY_CHANGED.name, None));
    }
    Ok(row.id)
}

/// Sets one aside for a reason.
///
/// # Errors
/// `INVALID` without a reason; `STALE_VERSION`; `ALREADY_SUSPENDED`; `RETIRED`.
pub async fn suspend(cmd: &Command<'_>, id: SignatoryId, reason: &str) -> Outcome<SignatoryId> {
    stand(cmd, id, reason, (policy::SUSPEND, Standing::Suspended, events::SIGNATORY_SUSPENDED.name)).await
}

/// Takes one back.
///
/// # Errors
/// As [`suspend`], with `NOT_SUSPENDED`.
pub async fn resume(cmd: &Command<'_>, id: SignatoryId, reason: &str) -> Outcome<SignatoryId> {
    stand(cmd, id, reason, (policy::RESUME, Standing::Active, events::SIGNATORY_RESUMED.name)).await
}

/// Ends one for good; it stays on record.
///
/// # Errors
/// As [`suspend`].
pub async fn retire(cmd: &Command<'_>, id: SignatoryId, reason: &str) -> Outcome<SignatoryId> {
    stand(cmd, id, reason, (policy::RETIRE, Standing::Retired, events::SIGNATORY_RETIRED.name)).await
}

async fn stand(
    cmd: &Command<'_>,
    id: SignatoryId,
    reason: &str,
    (action, next, event): (Action, Standing, &'static str),
) -> Outcome<SignatoryId> {
    let reason = text::reason(reason)?;
    cmd.run(action, async |tx: &mut Tx| {
        let row = open(tx, id).await?;
        cmd.expect_version(row.version)?;
        standing::may_become(SignatoryId::KIND, row.standing, next)?;
        let kept = (next != Standing::Active).then(|| reason.clone());
        let next = Model { standing: next, standing_reason: kept, updated_at: tx.now(), ..row.clone() };
        let row = tx.update(row, next).await?;
        tx.emit(changed(&row, event, Some(&reason)));
        Ok(row.id)
    })
    .await
}

/// Locks and opens a signatory and its lab, whose own rule knows the institution to which a token may be limited.
pub(super) async fn open(tx: &mut Tx, id: SignatoryId) -> Outcome<Model> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    lab::store::lock(tx, row.lab_id).await?.open(tx.permit())?;
    Ok(row)
}

fn changed(row: &Model, name: &'static str, reason: Option<&str>) -> Event {
    Event {
        name,
        subject: row.id.to_string(),
        agency: row.agency.clone(),
        visibility: row.visibility,
        data: json!({
            "signatoryId": row.id.to_string(),
            "labId": row.lab_id.to_string(),
            "code": row.code,
            "standing": row.standing,
            "reason": reason,
        }),
    }
}
