//! What can be done with standards.

use chrono::NaiveDate;
use entity::{
    enums::{StandardStatus, Visibility},
    ids::StandardId,
    standard::Model,
};
use serde_json::json;

use super::{
    model::{Blank, NewStandard, StandardEdit},
    policy, store,
};
use crate::directory::events;
use crate::platform::{
    command::Command,
    db::{Event, Tx},
    fault::{Fault, Outcome},
    patch::Patch,
};

/// Enters an edition.
///
/// # Errors
/// `INVALID`; `STANDARD_NUMBER_TAKEN` where it is known already.
pub async fn create(cmd: &Command<'_>, new: NewStandard) -> Outcome<StandardId> {
    cmd.run(policy::CREATE, async |tx: &mut Tx| create_in(tx, new).await).await
}

/// [`create`] inside a transaction.
///
/// # Errors
/// Those of [`create`].
pub async fn create_in(tx: &mut Tx, new: NewStandard) -> Outcome<StandardId> {
    let row = new.over(Blank { id: StandardId(tx.id()), at: tx.now() })?;
    let row = tx.insert(row).await?;
    emit(tx, &row, None)?;
    Ok(row.id)
}

/// Edits an edition.
///
/// # Errors
/// `INVALID`; `STALE_VERSION`; `STANDARD_NUMBER_TAKEN`.
pub async fn edit(cmd: &Command<'_>, id: StandardId, edit: StandardEdit) -> Outcome<StandardId> {
    cmd.run(policy::EDIT, async |tx: &mut Tx| {
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        update(tx, row, edit).await
    })
    .await
}

/// [`edit`] inside a transaction, whatever the version.
///
/// # Errors
/// Those of [`edit`].
pub async fn edit_in(tx: &mut Tx, id: StandardId, edit: StandardEdit) -> Outcome<StandardId> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    update(tx, row, edit).await
}

/// Notes that an edition ended: `SUPERSEDED` where another replaced it, `WITHDRAWN` where none did.
///
/// # Errors
/// `INVALID`; `STALE_VERSION`; `ALREADY_WITHDRAWN`.
pub async fn withdraw(
    cmd: &Command<'_>,
    id: StandardId,
    on: Option<NaiveDate>,
    replaced_by: Option<String>,
) -> Outcome<StandardId> {
    cmd.run(policy::WITHDRAW, async |tx: &mut Tx| {
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        if matches!(row.status, StandardStatus::Superseded | StandardStatus::Withdrawn) {
            return Err(Fault::rule(
                "ALREADY_WITHDRAWN",
                "This edition has ended already; edit it where an entry is wrong.",
                json!({ "status": row.status, "withdrawnOn": row.withdrawn_on, "replacedBy": row.replaced_by }),
            ));
        }
        let status = if replaced_by.is_some() || row.replaced_by.is_some() {
            StandardStatus::Superseded
        } else {
            StandardStatus::Withdrawn
        };
        let edit = StandardEdit {
            status: Some(status),
            replaced_by: replaced_by.map_or(Patch::Keep, Patch::Set),
            withdrawn_on: Patch::Set(on.unwrap_or_else(|| tx.today())),
            ..StandardEdit::default()
        };
        update(tx, row, edit).await
    })
    .await
}

async fn update(tx: &mut Tx, row: Model, edit: StandardEdit) -> Outcome<StandardId> {
    let next = Model { updated_at: tx.now(), ..edit.over(&row)? };
    let version = row.version;
    let row = tx.update(row, next).await?;
    if row.version != version {
        emit(tx, &row, Some(version))?;
    }
    Ok(row.id)
}

/// Tells of a standard in the name of the agency that wrote it, for the pact as a whole owns it.
fn emit(tx: &mut Tx, row: &Model, before: Option<i32>) -> Outcome<()> {
    let agency = tx.agency().cloned().unwrap_or_else(|_| "".into());
    tx.emit(Event {
        name: events::STANDARD_CHANGED.name,
        subject: row.id.to_string(),
        agency,
        visibility: Visibility::Public,
        data: json!({
            "standardId": row.id.to_string(),
            "number": row.number,
            "status": row.status,
            "replacedBy": row.replaced_by,
            "created": before.is_none(),
        }),
    });
    Ok(())
}
