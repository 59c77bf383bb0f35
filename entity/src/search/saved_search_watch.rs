//! How far saved searches were asked again. Notes, out of the change log: the events that they lead to are in the feed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::SavedSearchId;

/// When and what was asked.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "saved_search_watch")]
pub struct Model {
    /// The search.
    #[sea_orm(primary_key, auto_increment = false)]
    pub search_id: SavedSearchId,
    /// When a node last took it to ask it.
    pub asked_at: DateTimeUtc,
    /// SHA-256 of the question whose matches are kept, hex; empty where none are, so that the next ones are not news.
    pub question: String,
    /// Number of the entry of the feed up to which the index had read that was asked.
    pub seq: i64,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Counters for Entity {}
