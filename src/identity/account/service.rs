//! Use cases of machine accounts and of ending tokens.

use chrono::{DateTime, Utc};
use entity::{FOREVER, enums::Visibility, ids::MachineAccountId, machine_account::Model, revocation};
use serde_json::{Value, json};

use super::{
    model::{AccountEdit, NewAccount, stored_key},
    policy, store,
};
use crate::{
    identity::account::events,
    identity::revocation::{Kind, RevocationList, Revoked},
    platform::{
        command::Command,
        db::{Event, Tx},
        fault::{Fault, Outcome, Problems},
    },
};

/// Longest reason, in characters.
const REASON: usize = 500;
/// Longest `jti`, `client_id` or `sub`, in bytes.
const VALUE: usize = 255;

/// Registers a system of the caller's agency.
///
/// # Errors
/// `INVALID`; `FORBIDDEN` for a limited token; `MACHINE_ACCOUNT_NAME_TAKEN`.
pub async fn register(cmd: &Command<'_>, new: NewAccount) -> Outcome<MachineAccountId> {
    cmd.run(policy::REGISTER, async |tx: &mut Tx| {
        let permit = tx.permit().clone();
        if policy::is_limited(permit.actor()) {
            return Err(Fault::Forbidden { action: policy::REGISTER.name, message: policy::LIMITED.to_owned() });
        }
        let row = new.opened(MachineAccountId(tx.id()), tx.agency()?.clone(), permit.actor(), tx.now())?;
        let row = tx.insert(row).await?;
        tx.emit(event(events::ACCOUNT_REGISTERED.name, &row, None));
        Ok(row.id)
    })
    .await
}

/// Changes the name or the scopes of one. Tokens that are out keep what they have until they end.
///
/// # Errors
/// `INVALID`; `STALE_VERSION`; `ACCOUNT_REVOKED`; `MACHINE_ACCOUNT_NAME_TAKEN`.
pub async fn edit(cmd: &Command<'_>, id: MachineAccountId, edit: AccountEdit) -> Outcome<MachineAccountId> {
    cmd.run(policy::EDIT, async |tx: &mut Tx| {
        let row = open(cmd, tx, id).await?;
        let next = edit.over(&row, tx.permit().actor(), tx.now())?;
        changed(tx, row, next).await
    })
    .await
}

/// Gives one another key; the former key proves nothing from then on.
///
/// # Errors
/// `INVALID` at `key`; `STALE_VERSION`; `ACCOUNT_REVOKED`.
pub async fn replace_key(cmd: &Command<'_>, id: MachineAccountId, key: &Value) -> Outcome<MachineAccountId> {
    let jwk = stored_key(key)?;
    cmd.run(policy::REPLACE_KEY, async |tx: &mut Tx| {
        let row = open(cmd, tx, id).await?;
        let next = Model { jwk, updated_at: tx.now(), ..row.clone() };
        changed(tx, row, next).await
    })
    .await
}

/// Ends one for good, with every token that it has.
///
/// # Errors
/// `INVALID` without a reason; `STALE_VERSION`; `ACCOUNT_REVOKED`.
pub async fn revoke(
    cmd: &Command<'_>,
    list: &RevocationList,
    id: MachineAccountId,
    reason: &str,
) -> Outcome<MachineAccountId> {
    let mut problems = Problems::default();
    let reason = checked(&mut problems, "reason", reason, REASON);
    problems.finish()?;
    let ended = cmd
        .run(policy::REVOKE, async |tx: &mut Tx| {
            let row = open(cmd, tx, id).await?;
            let next = Model {
                revoked_at: Some(tx.now()),
                revoke_reason: Some(reason.clone()),
                updated_at: tx.now(),
                ..row.clone()
            };
            let row = tx.update(row, next).await?;
            let what = Revoked { agency: row.agency.clone(), kind: Kind::Client, value: row.id.0.to_string() };
            let before = enter(tx, what, &reason).await?;
            tx.emit(event(events::ACCOUNT_REVOKED.name, &row, Some(&reason)));
            Ok((row.agency, before))
        })
        .await?;
    let what = Revoked { agency: ended.0, kind: Kind::Client, value: id.0.to_string() };
    list.revoke(what, ended.1);
    Ok(id)
}

/// Ends tokens of the caller's agency before their time: those that were issued until now.
///
/// # Errors
/// `INVALID`; `FORBIDDEN` for a limited token.
pub async fn revoke_tokens(
    cmd: &Command<'_>,
    list: &RevocationList,
    (kind, value): (Kind, &str),
    reason: &str,
) -> Outcome<DateTime<Utc>> {
    let mut problems = Problems::default();
    let reason = checked(&mut problems, "input.reason", reason, REASON);
    let value = checked(&mut problems, "input.value", value, VALUE);
    problems.finish()?;
    let (what, before) = cmd
        .run(policy::REVOKE_TOKEN, async |tx: &mut Tx| {
            if policy::is_limited(tx.permit().actor()) {
                return Err(Fault::Forbidden {
                    action: policy::REVOKE_TOKEN.name,
                    message: policy::LIMITED.to_owned(),
                });
            }
            let agency = tx.agency()?.clone();
            let before = enter(tx, Revoked { agency: agency.clone(), kind, value: value.clone() }, &reason).await?;
            tx.emit(Event {
                name: events::TOKEN_REVOKED.name,
                subject: format!("{}:{value}", kind.word()),
                agency: agency.clone(),
                visibility: Visibility::Own,
                data: json!({ "kind": kind.word(), "value": value, "reason": reason }),
            });
            Ok(((agency, value.clone()), before))
        })
        .await?;
    list.revoke(Revoked { agency: what.0, kind, value: what.1 }, before);
    Ok(before)
}

/// Stores a revocation. A token of this very second counts as issued before, see [`RevocationList`].
async fn enter(tx: &mut Tx, what: Revoked, reason: &str) -> Outcome<DateTime<Utc>> {
    // One more second, so that a token which says this second in its `iat` ends as well.
    let before = tx.now() + chrono::TimeDelta::seconds(1);
    let row = revocation::Model {
        id: tx.id(),
        agency: what.agency,
        kind: what.kind.word().to_owned(),
        value: what.value,
        before,
        expires_at: FOREVER.and_time(chrono::NaiveTime::MIN).and_utc(),
        reason: reason.to_owned(),
    };
    Ok(tx.insert(row).await?.before)
}

async fn open(cmd: &Command<'_>, tx: &mut Tx, id: MachineAccountId) -> Outcome<Model> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    cmd.expect_version(row.version)?;
    match row.revoked_at {
        None => Ok(row),
        Some(at) => Err(Fault::rule(
            "ACCOUNT_REVOKED",
            "This account is revoked for good; register another.",
            json!({ "revokedAt": at, "reason": row.revoke_reason }),
        )),
    }
}

async fn changed(tx: &mut Tx, row: Model, next: Model) -> Outcome<MachineAccountId> {
    let before = row.version;
    let row = tx.update(row, next).await?;
    if row.version != before {
        tx.emit(event(events::ACCOUNT_CHANGED.name, &row, None));
    }
    Ok(row.id)
}

fn checked(problems: &mut Problems, path: &str, text: &str, most: usize) -> String {
    let text = text.trim();
    if text.is_empty() || text.len() > most || text.chars().any(char::is_control) {
        problems.add(path, "TEXT_FORM", format!("Give 1 to {most} bytes on one line."));
    }
    text.to_owned()
}

fn event(name: &'static str, row: &Model, reason: Option<&str>) -> Event {
    Event {
        name,
        subject: row.id.to_string(),
        agency: row.agency.clone(),
        visibility: Visibility::Own,
        data: json!({ "accountId": row.id.to_string(), "name": row.name, "reason": reason }),
    }
}
