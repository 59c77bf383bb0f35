//! Events on their way to endpoints.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{WebhookDeliveryKind, WebhookDeliveryStatus},
    ids::{AgencyCode, WebhookDeliveryId, WebhookId},
};

/// One event on its way to one endpoint.
///
/// The deliveries of one object to one endpoint are a lane, in the order of their ordinals: of those that have not ended
/// the first is WAITING and all others are QUEUED.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookDeliveryId,
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// The agency of the endpoint.
    pub agency: AgencyCode,
    /// Why it is delivered.
    pub kind: WebhookDeliveryKind,
    /// Id of the event, which is the id of the message; a test has one of its own.
    pub event_id: Uuid,
    /// Number of the event's entry in the feed.
    pub seq: i64,
    /// Name of the event.
    pub name: String,
    /// What the event is about.
    pub subject: String,
    /// When it happened.
    pub event_at: DateTimeUtc,
    /// Its place among the deliveries to the endpoint.
    pub ordinal: i64,
    /// How far it is.
    pub status: WebhookDeliveryStatus,
    /// Attempts that were begun.
    pub attempts: i32,
    /// When the next attempt is due. While one is under way: when another node may take it for lost.
    pub due_at: DateTimeUtc,
    /// The attempt under way.
    pub lease: Option<Uuid>,
    /// When the last attempt was begun.
    pub attempted_at: Option<DateTimeUtc>,
    /// How long the last attempt took, in milliseconds.
    pub latency_ms: Option<i32>,
    /// HTTP status of the last answer.
    pub response_status: Option<i32>,
    /// Beginning of the last answer, at most 512 bytes.
    pub response_excerpt: Option<String>,
    /// What was wrong with the last attempt.
    pub error: Option<String>,
    /// Subject who has asked for a replay or a test.
    pub requested_by: Option<String>,
    /// When it came to be.
    pub created_at: DateTimeUtc,
    /// When it was delivered or given up.
    pub finished_at: Option<DateTimeUtc>,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Bookkeeping for Entity {}
