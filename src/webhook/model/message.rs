//! What is sent: an event in its envelope, never larger than receivers have to take.

use std::sync::Arc;

use entity::{
    enums::{Visibility, WebhookDeliveryKind},
    outbox, webhook_delivery,
};
use serde_json::json;

use crate::notify::{
    envelope::envelope,
    model::{Placed, Position},
};

/// A message is smaller, in bytes.
pub const LARGEST: usize = 20_000;

/// The body of an event. Data that would make it too large stays at home: whoever needs it asks for the subject.
pub fn body(source: &str, placed: &Placed) -> Vec<u8> {
    let mut message = envelope(source, placed);
    let text = message.to_string();
    if text.len() < LARGEST {
        return text.into_bytes();
    }
    message["data"] = json!({ "subject": placed.event.subject, "truncated": true });
    message.to_string().into_bytes()
}

/// The event of a test, which is told to one endpoint and stands in no feed; it carries the end of the feed.
pub fn test(row: &webhook_delivery::Model, end: Position) -> Placed {
    let event = outbox::Model {
        id: row.event_id,
        commit_id: row.event_id,
        position: 0,
        at: row.event_at,
        name: row.name.clone(),
        // Its lane is its own; it is about the webhook.
        subject: row.webhook_id.to_string(),
        agency: row.agency.clone(),
        visibility: Visibility::Own,
        data: json!({ "webhookId": row.webhook_id.to_string(), "requestedBy": row.requested_by }),
        salt: None,
    };
    Placed { position: end, event: Arc::new(event) }
}

/// Whether a delivery is a test, which is tried once.
pub fn is_test(row: &webhook_delivery::Model) -> bool {
    row.kind == WebhookDeliveryKind::Test
}
