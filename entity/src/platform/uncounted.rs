//! Committed transactions that the sequencer has not yet put into the feed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One committed transaction.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "uncounted")]
pub struct Model {
    /// The transaction.
    #[sea_orm(primary_key, auto_increment = false)]
    pub commit_id: Uuid,
    /// When.
    pub at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
