//! Secrets of endpoints.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::WebhookSigning,
    ids::{AgencyCode, WebhookId, WebhookSecretId},
    record::{record, versioned},
};

/// A secret with which what an endpoint is told is signed.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "webhook_secret")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookSecretId,
    /// Whose it is.
    pub webhook_id: WebhookId,
    /// The agency of the endpoint.
    pub agency: AgencyCode,
    /// What it is.
    pub signing: WebhookSigning,
    /// The key of HMAC-SHA256, or the seed of an Ed25519 key. In no text: neither in the change log, which is made by
    /// serialising the row, nor in a log line.
    #[serde(skip)]
    pub material: Vec<u8>,
    /// Until when it signs beside its successor; none for the present one.
    pub until: Option<DateTimeUtc>,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("webhook_secret")
            .field("id", &self.id)
            .field("signing", &self.signing)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(WebhookSecretId::KIND, id, agency);
versioned!(id, Id);
