//! Single lines.

use chrono::NaiveDate;
use entity::{
    competence_scope::Model,
    enums::Visibility,
    ids::{LabId, ScopeId, ScopeVersionId},
};
use serde_json::json;

use super::open_parents;
use crate::{
    directory::events,
    directory::{
        lab,
        scope::{
            model::{LineEdit, NewLine, Placing},
            policy, store,
        },
        text,
    },
    platform::{
        command::Command,
        db::{Event, Tx},
        fault::{Fault, Outcome},
    },
};

/// A line that an edition lacks.
#[derive(Clone, Debug)]
pub struct AddLine {
    /// The edition.
    pub edition: ScopeVersionId,
    /// The site.
    pub lab: LabId,
    /// The line.
    pub line: NewLine,
    /// First date on which it is in force; none: the date of the edition.
    pub effective_from: Option<NaiveDate>,
}

/// Adds a line to an edition.
///
/// # Errors
/// `INVALID`; `NOT_FOUND` for the edition; `CERTIFICATE_WITHDRAWN`, `LAB_NOT_COVERED`.
pub async fn add_line(cmd: &Command<'_>, add: AddLine) -> Outcome<ScopeId> {
    let line = add.line.validated("input.line")?;
    cmd.run(policy::ADD, async |tx: &mut Tx| {
        let missing = || Fault::not_found(ScopeVersionId::KIND, add.edition.0);
        let edition = store::edition(tx, add.edition).await?.ok_or_else(missing)?;
        let from = add.effective_from.unwrap_or(edition.dated);
        open_parents(tx, edition.certificate_id, add.lab, from).await?;
        let place = Placing {
            edition: edition.id,
            certificate: edition.certificate_id,
            lab: add.lab,
            agency: tx.agency()?.clone(),
            from,
            at: tx.now(),
        };
        let row = tx.insert(line.opened(ScopeId(tx.id()), &place)).await?;
        tx.emit(changed(&row, from, What::Created, None));
        Ok(row.id)
    })
    .await
}

/// Edits a line: its last revision ends and the next begins.
///
/// # Errors
/// `INVALID`; `STALE_VERSION`; `ALREADY_CLOSED`; `EFFECTIVE_BEFORE_REVISION`.
pub async fn edit_line(cmd: &Command<'_>, id: ScopeId, edit: LineEdit) -> Outcome<ScopeId> {
    cmd.run(policy::EDIT, async |tx: &mut Tx| revise(cmd, tx, id, edit).await).await
}

/// Changes who may see a line.
///
/// # Errors
/// As [`edit_line`].
pub async fn show_line(cmd: &Command<'_>, id: ScopeId, visibility: Visibility) -> Outcome<ScopeId> {
    let edit = LineEdit { visibility: Some(visibility), ..LineEdit::default() };
    cmd.run(policy::SHOW, async |tx: &mut Tx| revise(cmd, tx, id, edit).await).await
}

/// Ends a line on a date, by default today: the first date on which it is no longer in force. The reason goes to
/// whoever hears of the event.
///
/// # Errors
/// As [`edit_line`]; `INVALID` without a reason.
pub async fn withdraw_line(cmd: &Command<'_>, id: ScopeId, reason: &str, on: Option<NaiveDate>) -> Outcome<ScopeId> {
    let reason = text::reason(reason)?;
    cmd.run(policy::WITHDRAW, async |tx: &mut Tx| {
        let row = open(cmd, tx, id).await?;
        let on = on.unwrap_or_else(|| tx.today().max(row.effective_from));
        tx.close(&row, on).await?;
        tx.emit(changed(&row, on, What::Closed, Some(&reason)));
        Ok(id)
    })
    .await
}

async fn revise(cmd: &Command<'_>, tx: &mut Tx, id: ScopeId, edit: LineEdit) -> Outcome<ScopeId> {
    let row = open(cmd, tx, id).await?;
    let from = edit.effective_from.unwrap_or_else(|| tx.today().max(row.effective_from));
    let place = Placing {
        edition: row.scope_version_id,
        certificate: row.certificate_id,
        lab: row.lab_id,
        agency: row.agency.clone(),
        from,
        at: tx.now(),
    };
    let next = edit.over(&row)?.over(&row, &place);
    let before = row.revision;
    let after = tx.revise(row, next, from).await?;
    if after.revision != before {
        tx.emit(changed(&after, from, What::Changed, None));
    }
    Ok(id)
}

async fn open(cmd: &Command<'_>, tx: &Tx, id: ScopeId) -> Outcome<Model> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    // The lab's own rule knows the institution, to which a token may be limited.
    lab::store::lock(tx, row.lab_id).await?.open(tx.permit())?;
    cmd.expect_version(row.revision)?;
    Ok(row)
}

/// What was done with a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Created,
    Changed,
    Closed,
}

fn changed(row: &Model, from: NaiveDate, what: What, reason: Option<&str>) -> Event {
    Event {
        name: events::SCOPE_CHANGED.name,
        subject: row.id.to_string(),
        agency: row.agency.clone(),
        visibility: row.visibility,
        data: json!({
            "scopeId": row.id.to_string(),
            "scopeVersionId": row.scope_version_id.to_string(),
            "certificateId": row.certificate_id.to_string(),
            "labId": row.lab_id.to_string(),
            "effectiveFrom": from,
            "created": i32::from(what == What::Created),
            "changed": i32::from(what == What::Changed),
            "closed": i32::from(what == What::Closed),
            "reason": reason,
        }),
    }
}
