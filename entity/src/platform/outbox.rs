//! Events waiting for, or past, their place in the feed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{enums::Visibility, ids::AgencyCode};

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    /// Key and id of the event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The transaction.
    pub commit_id: Uuid,
    /// Order within the transaction, from 0; shared with its changes.
    pub position: i32,
    /// When.
    pub at: DateTimeUtc,
    /// Versioned name, such as `certificate.suspended.v1`.
    pub name: String,
    /// Typed id of what it is about.
    pub subject: String,
    /// The agency that owns the subject.
    pub agency: AgencyCode,
    /// Who may hear of it.
    pub visibility: Visibility,
    /// Payload, by the schema of the name.
    pub data: Json,
    /// Random bytes under the digest in the feed, so that nobody can guess content that was erased. Not content itself.
    #[serde(skip)]
    pub salt: Option<Vec<u8>>,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
