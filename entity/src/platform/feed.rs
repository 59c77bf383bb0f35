//! The feed: changes and events in one gapless order, chained by hash.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::enums::FeedKind;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "feed")]
pub struct Model {
    /// Place in the order, consecutive from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// What it points to.
    pub kind: FeedKind,
    /// Key of the change or event.
    pub ref_id: Uuid,
    /// When it was placed.
    pub at: DateTimeUtc,
    /// SHA-256 over the hash before, the number, the kind, the instant and the digest; of entries without a digest over
    /// the hash before, the number and the content itself.
    pub hash: Vec<u8>,
    /// SHA-256 over the salt and the content pointed to; none in entries from before there were digests.
    pub digest: Option<Vec<u8>>,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
