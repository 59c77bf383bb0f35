//! What is delivered to webhooks.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use entity::{enums, ids::WebhookDeliveryId, webhook_delivery::Model};

use crate::{
    connection,
    graphql::{
        context::reads,
        scalars::{Instant, show_id},
    },
    platform::{access::permit, fault::Outcome, filter::OneOf, page::Window},
    webhook::{
        policy,
        store::delivery::{self, DeliveryFilter},
    },
};

/// Why something is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::WebhookDeliveryKind")]
pub enum WebhookDeliveryKind {
    /// It happened.
    Event,
    /// Somebody of the agency has asked for it again.
    Replay,
    /// Somebody of the agency tries the webhook out.
    Test,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::WebhookDeliveryStatus")]
pub enum WebhookDeliveryStatus {
    /// An earlier one of the same object is still on its way.
    Queued,
    /// Waits for its first or next attempt, or is under way.
    Waiting,
    /// The endpoint has taken it.
    Delivered,
    /// Given up.
    Failed,
}

/// One event on its way to one webhook.
#[derive(Clone)]
pub struct WebhookDelivery {
    row: Arc<Model>,
}

/// One event on its way to one webhook.
#[Object]
impl WebhookDelivery {
    /// Typed id.
    async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Id of the webhook.
    async fn webhook(&self) -> ID {
        show_id(self.row.webhook_id)
    }

    /// Why it is delivered.
    async fn kind(&self) -> WebhookDeliveryKind {
        self.row.kind.into()
    }

    /// Id of the event, which stands in `webhook-id`: what comes twice has the same.
    async fn event_id(&self) -> String {
        self.row.event_id.to_string()
    }

    /// Name of the event.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// What the event is about.
    async fn subject(&self) -> ID {
        ID(self.row.subject.clone())
    }

    /// When it happened.
    async fn event_at(&self) -> Instant {
        Instant(self.row.event_at)
    }

    /// How far it is.
    async fn status(&self) -> WebhookDeliveryStatus {
        self.row.status.into()
    }

    /// Attempts that were begun.
    async fn attempts(&self) -> i32 {
        self.row.attempts
    }

    /// When the last attempt was begun.
    async fn attempted_at(&self) -> Option<Instant> {
        self.row.attempted_at.map(Instant)
    }

    /// When the next attempt is due; null where none is, or where one is under way.
    async fn next_attempt_at(&self) -> Option<Instant> {
        let is_waiting = self.row.status == enums::WebhookDeliveryStatus::Waiting && self.row.lease.is_none();
        is_waiting.then_some(Instant(self.row.due_at))
    }

    /// How long the last attempt took, in milliseconds.
    async fn latency_milliseconds(&self) -> Option<i32> {
        self.row.latency_ms
    }

    /// HTTP status of the last answer; null where there was none.
    async fn response_status(&self) -> Option<i32> {
        self.row.response_status
    }

    /// Beginning of the last answer, at most 512 bytes.
    async fn response_excerpt(&self) -> Option<&str> {
        self.row.response_excerpt.as_deref()
    }

    /// What was wrong with the last attempt.
    async fn error(&self) -> Option<&str> {
        self.row.error.as_deref()
    }

    /// Subject of who has asked for a replay or a test.
    async fn requested_by(&self) -> Option<&str> {
        self.row.requested_by.as_deref()
    }

    /// When it came to be.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }

    /// When it was delivered or given up.
    async fn finished_at(&self) -> Option<Instant> {
        self.row.finished_at.map(Instant)
    }
}

impl WebhookDelivery {
    /// The delivery of that id, for those who manage what its agency is told.
    ///
    /// # Errors
    /// `FORBIDDEN` for callers without the scope; `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: WebhookDeliveryId) -> Result<Option<Self>> {
        let reads = reads(ctx)?;
        permit(&reads.caller, policy::READ)?;
        let row = delivery::by_id(&reads.db, &reads.visible, id).await?;
        Ok(row.map(|row| Self { row: Arc::new(row) }))
    }
}

/// Conditions on deliveries.
#[derive(Clone, Debug, Default, InputObject)]
pub struct WebhookDeliveryWhere {
    /// How far they are, any of which will do.
    pub status: Option<Vec<WebhookDeliveryStatus>>,
    /// Names of their events, any of which will do; at most 100.
    #[graphql(validator(max_items = 100))]
    pub names: Option<Vec<String>>,
    /// Typed id of what their events are about.
    pub subject: Option<ID>,
}

impl From<WebhookDeliveryWhere> for DeliveryFilter {
    fn from(given: WebhookDeliveryWhere) -> Self {
        let status = given.status.map(|words| words.into_iter().map(Into::into).collect());
        Self {
            webhook: None,
            status: status.map(|any_of| OneOf { any_of: Some(any_of), none_of: None }),
            names: given.names,
            subject: given.subject.map(|id| id.0),
        }
    }
}

/// Counts a list of deliveries.
pub struct DeliveryTotal(DeliveryFilter);

impl DeliveryTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        delivery::count(&reads.db, &reads.visible, &self.0).await
    }
}

connection!(WebhookDeliveryConnection, WebhookDeliveryEdge, WebhookDelivery, "deliveries", DeliveryTotal);

pub(super) async fn listed(
    ctx: &Context<'_>,
    filter: DeliveryFilter,
    window: Window,
) -> Result<WebhookDeliveryConnection> {
    let reads = reads(ctx)?;
    let page = delivery::page(&reads.db, &reads.visible, &filter, &window).await?;
    Ok(WebhookDeliveryConnection::new(page, |row| WebhookDelivery { row }, DeliveryTotal(filter)))
}
