//! Making, editing, pausing, resuming and deleting endpoints.

use entity::{
    enums::{WebhookStatus, WebhookStop},
    ids::{WebhookId, WebhookSecretId},
    webhook::Model,
    webhook_secret,
};

use crate::{
    platform::{command::Command, db::Tx, fault::Outcome},
    webhook::{
        Settings,
        model::{
            endpoint::{self as model, Blank, EndpointEdit, NewEndpoint},
            signature,
        },
        policy,
        store::{endpoint, queue},
    },
};

/// Makes an endpoint of the caller's agency; what it verifies messages with, which is told this once where it is a secret.
/// There is no key for it: the first answer would have to be kept, and with it the secret.
///
/// # Errors
/// `INVALID`; `FORBIDDEN` for a limited token; `WEBHOOKS_FULL`.
pub async fn create(cmd: &Command<'_>, settings: &Settings, new: NewEndpoint) -> Outcome<(WebhookId, String)> {
    cmd.run(policy::CREATE, async |tx: &mut Tx| {
        policy::whole(tx.permit())?;
        let (agency, by) = (tx.agency()?.clone(), tx.permit().actor().subject.clone());
        if endpoint::is_full(tx, &agency, settings.most).await? {
            return Err(model::full(settings.most));
        }
        let heard_from = endpoint::end_of_feed(tx).await?;
        let blank = Blank { id: WebhookId(tx.id()), agency, heard_from, by, at: tx.now() };
        let row = tx.insert(new.entered(blank, &settings.guard)?).await?;
        let shown = add_secret(tx, &row).await?;
        queue::open(&tx.books(), row.id).await?;
        Ok((row.id, shown))
    })
    .await
}

/// A new secret of an endpoint; what its agency needs to verify with it.
pub(super) async fn add_secret(tx: &mut Tx, row: &Model) -> Outcome<String> {
    let material = signature::draw()?;
    let shown = signature::shown(row.signing, &material)?;
    let (id, created_at) = (WebhookSecretId(tx.id()), tx.now());
    let secret = webhook_secret::Model {
        id,
        webhook_id: row.id,
        agency: row.agency.clone(),
        signing: row.signing,
        material,
        until: None,
        version: 1,
        created_at,
    };
    tx.insert(secret).await?;
    Ok(shown)
}

/// Edits an endpoint. What waits for it goes to the new address.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`; `STALE_VERSION`.
pub async fn edit(cmd: &Command<'_>, settings: &Settings, id: WebhookId, edit: EndpointEdit) -> Outcome<WebhookId> {
    cmd.run(policy::EDIT, async |tx: &mut Tx| {
        let row = endpoint::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        let next = edit.over(&row, tx.now(), &settings.guard)?;
        Ok(tx.update(row, next).await?.id)
    })
    .await
}

/// Pauses an endpoint: what it would be told waits. Once more is nothing.
///
/// # Errors
/// `NOT_FOUND`; `STALE_VERSION`.
pub async fn pause(cmd: &Command<'_>, id: WebhookId, reason: Option<String>) -> Outcome<WebhookId> {
    cmd.run(policy::PAUSE, async |tx: &mut Tx| {
        let row = endpoint::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        if row.status != WebhookStatus::Active {
            return Ok(id);
        }
        let paused = Model {
            status: WebhookStatus::Paused,
            stop: Some(WebhookStop::Asked),
            reason: model::reason(reason)?,
            updated_at: tx.now(),
            ..row.clone()
        };
        tx.update(row, paused).await?;
        Ok(id)
    })
    .await
}

/// Resumes an endpoint: what waits for it is due at once. One that was disabled hears of what happens from now on; the
/// rest is had by a replay. Of one that is active all that waits is tried at once.
///
/// # Errors
/// `NOT_FOUND`; `STALE_VERSION`.
pub async fn resume(cmd: &Command<'_>, id: WebhookId) -> Outcome<WebhookId> {
    cmd.run(policy::RESUME, async |tx: &mut Tx| {
        let row = endpoint::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        let heard_from = match row.status {
            WebhookStatus::Disabled => endpoint::end_of_feed(tx).await?,
            WebhookStatus::Active | WebhookStatus::Paused => row.heard_from,
        };
        let resumed = Model {
            status: WebhookStatus::Active,
            stop: None,
            reason: None,
            heard_from,
            updated_at: tx.now(),
            ..row.clone()
        };
        tx.update(row, resumed).await?;
        queue::begin_again(&tx.books(), id).await?;
        Ok(id)
    })
    .await
}

/// Deletes an endpoint with its secrets. What waits for it is not sent any more; an attempt under way may still arrive.
///
/// # Errors
/// `NOT_FOUND`; `STALE_VERSION`.
pub async fn delete(cmd: &Command<'_>, id: WebhookId) -> Outcome<WebhookId> {
    cmd.run(policy::DELETE, async |tx: &mut Tx| {
        let row = endpoint::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        for secret in endpoint::secrets(tx, id).await? {
            tx.remove(secret).await?;
        }
        queue::close(&tx.books(), id).await?;
        tx.remove(row).await?;
        Ok(id)
    })
    .await
}
