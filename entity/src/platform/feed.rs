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
    /// SHA-256 over the hash before and the content pointed to.
    pub hash: Vec<u8>,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
