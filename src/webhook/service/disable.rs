//! The system's own act: an endpoint that does not take what it is told is told nothing more.

use entity::{
    enums::{Visibility, WebhookStatus, WebhookStop},
    ids::WebhookId,
    webhook::Model,
};
use serde_json::json;

use crate::{
    platform::{
        access::{Actor, Caller, permit},
        db::{Db, Event, Tx},
        fault::{Fault, Outcome},
    },
    webhook::{events, policy, store::endpoint},
};

/// Disables an endpoint and tells its agency; nothing where it is disabled or deleted.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn disable(db: &Db, id: WebhookId, stop: WebhookStop) -> Outcome<()> {
    let permit = permit(&Caller::new(Actor::system(None, "webhook:sender"), ""), policy::DISABLE)?;
    let done = db
        .write(&permit, async |tx: &mut Tx| {
            let row = endpoint::lock(tx, id).await?.open(tx.permit())?;
            if row.status == WebhookStatus::Disabled {
                return Ok(());
            }
            let reason = match stop {
                WebhookStop::Gone => "The endpoint has answered that it is gone (410).",
                WebhookStop::Failing => "The endpoint has taken nothing for too long.",
                WebhookStop::Asked => "Disabled.",
            };
            let disabled = Model {
                status: WebhookStatus::Disabled,
                stop: Some(stop),
                reason: Some(reason.to_owned()),
                updated_at: tx.now(),
                ..row.clone()
            };
            let row = tx.update(row, disabled).await?;
            tx.emit(Event {
                name: events::WEBHOOK_DISABLED.name,
                subject: row.id.to_string(),
                agency: row.agency,
                visibility: Visibility::Own,
                data: json!({ "webhookId": row.id.to_string(), "stop": stop.word(), "reason": reason }),
            });
            Ok(())
        })
        .await;
    match done {
        Err(Fault::NotFound { .. }) => Ok(()),
        done => done,
    }
}
