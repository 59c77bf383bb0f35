//! What saved searches have ever found, so that nothing is told twice. Notes, out of the change log.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::SavedSearchId;

/// One match.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "saved_search_match")]
pub struct Model {
    /// The search.
    #[sea_orm(primary_key, auto_increment = false)]
    pub search_id: SavedSearchId,
    /// What it found: a line, a site or an item, as the search's kind says.
    #[sea_orm(primary_key, auto_increment = false)]
    pub match_id: Uuid,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Counters for Entity {}
