//! Use cases of agencies.

use entity::{agency, enums::Visibility, ids::AgencyCode};
use serde_json::json;

use super::{members::MEMBERS, model::AgencyEdit, policy, store};
use crate::directory::events;
use crate::platform::{
    access::{Actor, Caller, permit},
    command::Command,
    db::{Db, Event, Tx},
    fault::Outcome,
};

/// Edits the caller's own agency.
///
/// # Errors
/// `INVALID`; `FORBIDDEN`; `STALE_VERSION`.
pub async fn edit(cmd: &Command<'_>, code: AgencyCode, edit: AgencyEdit) -> Outcome<AgencyCode> {
    cmd.run(policy::EDIT, async |tx: &mut Tx| {
        let row = store::lock(tx, code).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        let next = edit.over(&row, tx.now())?;
        let before = row.version;
        let row = tx.update(row, next).await?;
        if row.version != before {
            tx.emit(Event {
                name: events::AGENCY_CHANGED.name,
                subject: row.code.to_string(),
                agency: row.code.clone(),
                visibility: Visibility::Public,
                data: json!({ "agencyId": row.code.to_string() }),
            });
        }
        Ok(row.code)
    })
    .await
}

/// Enters the members of the pact that are not there yet.
///
/// # Errors
/// `UNAVAILABLE` when the database does not answer.
pub async fn ensure_members(db: &Db) -> Outcome<()> {
    let known = store::all(db).await?;
    let missing: Vec<_> =
        MEMBERS.iter().filter(|member| known.iter().all(|row| row.code.as_str() != member.code)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let permit = permit(&Caller::new(Actor::system(None, "start"), "start"), policy::ENTER)?;
    db.write(&permit, async |tx| {
        for member in missing {
            let row = agency::Model {
                code: member.code.into(),
                name_zh: member.name_zh.to_owned(),
                name_en: member.name_en.to_owned(),
                region: member.region.into(),
                contact_name: None,
                contact_phone: None,
                contact_email: None,
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
            };
            tx.insert(row).await?;
        }
        Ok(())
    })
    .await
}
