//! Lines that a signatory may sign beyond whole fields.

use chrono::NaiveDate;
use entity::{
    FOREVER,
    ids::{ScopeId, SignatoryId},
    signatory_scope,
};
use serde_json::json;

use super::{policy, service, store};
use crate::{
    directory::scope,
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
    },
};

/// Enters that a signatory may sign a line of the same lab from a date on; none: from today.
///
/// # Errors
/// `NOT_FOUND`, `FORBIDDEN`; `LINE_OF_OTHER_LAB`; `ALREADY_LINKED`.
pub async fn link(cmd: &Command<'_>, id: SignatoryId, line: ScopeId, from: Option<NaiveDate>) -> Outcome<SignatoryId> {
    cmd.run(policy::LINK, async |tx: &mut Tx| {
        let person = service::open(tx, id).await?;
        let row = scope::store::lock(tx, line).await?.open(tx.permit())?;
        if row.lab_id != person.lab_id {
            let facts = json!({ "labId": row.lab_id.to_string() });
            return Err(Fault::rule("LINE_OF_OTHER_LAB", "This line belongs to another lab.", facts));
        }
        let from = from.unwrap_or_else(|| tx.today());
        if let Some(link) = store::links(tx, id, line).await?.into_iter().find(|link| link.effective_to > from) {
            let facts = json!({ "from": link.effective_from });
            return Err(Fault::rule("ALREADY_LINKED", "This signatory may sign that line already.", facts));
        }
        let agency = person.agency.clone();
        tx.insert(signatory_scope::Model {
            signatory_id: id,
            scope_id: line,
            effective_from: from,
            effective_to: FOREVER,
            agency,
        })
        .await?;
        Ok(id)
    })
    .await
}

/// Enters that a signatory may sign a line no longer from a date on; none: from today.
///
/// # Errors
/// `NOT_FOUND`, `FORBIDDEN`; `NOT_LINKED`.
pub async fn unlink(cmd: &Command<'_>, id: SignatoryId, line: ScopeId, on: Option<NaiveDate>) -> Outcome<SignatoryId> {
    cmd.run(policy::UNLINK, async |tx: &mut Tx| {
        service::open(tx, id).await?;
        let on = on.unwrap_or_else(|| tx.today());
        let links = store::links(tx, id, line).await?;
        let Some(link) = links.into_iter().find(|link| link.effective_from <= on && on < link.effective_to) else {
            return Err(Fault::rule(
                "NOT_LINKED",
                "This signatory may not sign that line on that date.",
                json!({ "on": on }),
            ));
        };
        let ended = signatory_scope::Model { effective_to: on, ..link.clone() };
        tx.replace(&link, ended).await?;
        Ok(id)
    })
    .await
}
