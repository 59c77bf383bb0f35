//! Endpoints.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{WebhookSigning, WebhookStatus, WebhookStop},
    ids::{AgencyCode, WebhookId},
    record::{record, versioned},
};

/// An endpoint of an agency that is told of events. Nobody but its agency sees it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookId,
    /// The agency that owns it, and alone sees and writes it.
    pub agency: AgencyCode,
    /// Where it is.
    pub url: String,
    /// What it is for.
    pub description: Option<String>,
    /// Names of the events that it is told of, a list of texts; none for all.
    pub names: Option<Json>,
    /// Whether it is told of events.
    pub status: WebhookStatus,
    /// Why it is told nothing; none while it is ACTIVE.
    pub stop: Option<WebhookStop>,
    /// The same in words.
    pub reason: Option<String>,
    /// How new secrets are made.
    pub signing: WebhookSigning,
    /// Number of the entry of the feed behind which it is told of events.
    pub heard_from: i64,
    /// Subject who made it.
    pub created_by: String,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(WebhookId::KIND, id, agency);
versioned!(id, Id);
