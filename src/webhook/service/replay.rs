//! Having events delivered again, and trying an endpoint out.

use chrono::{DateTime, Utc};
use entity::{
    enums::{WebhookDeliveryKind, WebhookDeliveryStatus, WebhookStatus},
    ids::{WebhookDeliveryId, WebhookId},
    webhook::Model,
};
use serde_json::json;

use crate::{
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
    },
    webhook::{
        Settings, events,
        model::{endpoint::hears, message},
        policy,
        store::{
            delivery::{self, Found},
            endpoint,
            queue::{self, Parcel},
        },
    },
};

/// What is delivered again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replay {
    /// One delivery that has ended.
    One(WebhookDeliveryId),
    /// What happened in a span of time, its end not included, and may be heard of by the endpoint.
    Span {
        /// Its beginning.
        from: DateTime<Utc>,
        /// Its end.
        to: DateTime<Utc>,
        /// Whether what the endpoint has taken, or is still on its way to it, is left out.
        undelivered: bool,
    },
}

/// Puts events behind what waits for an endpoint; how many. They keep their ids.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`; `WEBHOOK_DISABLED`; `WEBHOOK_DELIVERY_OPEN`; `WEBHOOK_REPLAY_TOO_LARGE`.
pub async fn replay(
    cmd: &Command<'_>,
    settings: &Settings,
    id: WebhookId,
    wanted: Replay,
) -> Outcome<(WebhookId, u32)> {
    cmd.run(policy::REPLAY, async |tx: &mut Tx| {
        let row = endpoint::lock(tx, id).await?.open(tx.permit())?;
        if row.status == WebhookStatus::Disabled {
            return Err(stopped(&row));
        }
        let parcels = match wanted {
            Replay::One(one) => vec![again(tx, &row, one).await?],
            Replay::Span { from, to, undelivered } => {
                let found = span(tx, settings, &row, (from, to)).await?;
                let settled = if undelivered { delivery::settled(tx, id, &found).await? } else { Default::default() };
                let by = tx.permit().actor().subject.clone();
                let left = found.into_iter().filter(|one| !settled.contains(&one.event.id));
                left.map(|one| parcel(one, &by)).collect()
            }
        };
        let count = u32::try_from(parcels.len()).unwrap_or(u32::MAX);
        queue::put(&tx.books(), &row, parcels).await?;
        Ok((id, count))
    })
    .await
}

async fn again(tx: &Tx, row: &Model, id: WebhookDeliveryId) -> Outcome<Parcel> {
    let one = delivery::of_webhook(tx, row.id, id).await?;
    let one = one.ok_or_else(|| Fault::not_found(WebhookDeliveryId::KIND, id.0))?;
    if matches!(one.status, WebhookDeliveryStatus::Queued | WebhookDeliveryStatus::Waiting) {
        return Err(Fault::rule(
            "WEBHOOK_DELIVERY_OPEN",
            "This delivery is still on its way; webhookResume makes all that waits due at once.",
            json!({ "status": one.status.word(), "nextAttemptAt": one.due_at }),
        ));
    }
    if message::is_test(&one) {
        return Err(Fault::invalid(
            "input.delivery",
            "TEST",
            "This was a test; send another one with webhookSendTest.",
        ));
    }
    Ok(Parcel {
        kind: WebhookDeliveryKind::Replay,
        event_id: one.event_id,
        seq: one.seq,
        name: one.name,
        subject: one.subject,
        at: one.event_at,
        requested_by: Some(tx.permit().actor().subject.clone()),
    })
}

async fn span(tx: &Tx, settings: &Settings, row: &Model, span: (DateTime<Utc>, DateTime<Utc>)) -> Outcome<Vec<Found>> {
    if span.0 >= span.1 {
        return Err(Fault::invalid(
            "input.to",
            "SPAN_REVERSED",
            "The end lies before the beginning; choose a later one.",
        ));
    }
    if span.1 - span.0 > settings.replay_span {
        let message = format!("Replay at most {} days at once, then the rest.", settings.replay_span.num_days());
        return Err(Fault::invalid("input.to", "SPAN_TOO_LONG", message));
    }
    let (visible, wanted) = hears(row);
    let most = settings.replay_events;
    let found = delivery::events(tx, &visible, wanted.names.as_deref(), span, most + 1).await?;
    if found.len() as u64 > most {
        let message = format!("More than {most} events happened then; replay a shorter span.");
        return Err(Fault::rule("WEBHOOK_REPLAY_TOO_LARGE", message, json!({ "most": most })));
    }
    Ok(found)
}

fn parcel(found: Found, by: &str) -> Parcel {
    Parcel {
        kind: WebhookDeliveryKind::Replay,
        event_id: found.event.id,
        seq: found.seq,
        name: found.event.name,
        subject: found.event.subject,
        at: found.event.at,
        requested_by: Some(by.to_owned()),
    }
}

/// Sends a message of its own to an endpoint, whatever it asks for. It is tried once.
///
/// # Errors
/// `NOT_FOUND`; `WEBHOOK_DISABLED` unless it is active.
pub async fn test(cmd: &Command<'_>, id: WebhookId) -> Outcome<WebhookDeliveryId> {
    cmd.run(policy::TEST, async |tx: &mut Tx| {
        let row = endpoint::lock(tx, id).await?.open(tx.permit())?;
        if row.status != WebhookStatus::Active {
            return Err(stopped(&row));
        }
        let own = tx.id();
        let parcel = Parcel {
            kind: WebhookDeliveryKind::Test,
            event_id: own,
            seq: 0,
            name: events::WEBHOOK_TESTED.name.to_owned(),
            // A lane of its own, so that no test waits for another.
            subject: format!("webhook-test:{own}"),
            at: tx.now(),
            requested_by: Some(tx.permit().actor().subject.clone()),
        };
        let put = queue::put(&tx.books(), &row, vec![parcel]).await?;
        put.into_iter().next().ok_or_else(|| Fault::not_found(WebhookId::KIND, id.0))
    })
    .await
}

fn stopped(row: &Model) -> Fault {
    Fault::rule(
        "WEBHOOK_DISABLED",
        "Nothing is sent to this webhook; resume it with webhookResume first.",
        json!({ "status": row.status.word(), "reason": row.reason }),
    )
}
