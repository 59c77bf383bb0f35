//! How it stands with what endpoints are told.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::WebhookId;

/// How it stands with what one endpoint is told. Whoever adds to its deliveries or ends one locks this row first.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "webhook_queue")]
pub struct Model {
    /// The endpoint.
    #[sea_orm(primary_key, auto_increment = false)]
    pub webhook_id: WebhookId,
    /// Number of the next delivery.
    pub next_ordinal: i64,
    /// Nothing is sent before; the endpoint has asked for it.
    pub not_before: Option<DateTimeUtc>,
    /// Since when nothing was taken any more; none where the last attempt was.
    pub failing_since: Option<DateTimeUtc>,
    /// When something was last taken.
    pub delivered_at: Option<DateTimeUtc>,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Bookkeeping for Entity {}
