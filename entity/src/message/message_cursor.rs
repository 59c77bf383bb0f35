//! How far messages have followed the feed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// How far a follower has come.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "message_cursor")]
pub struct Model {
    /// Which follower.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Number of the last entry that it has read.
    pub seq: i64,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Bookkeeping for Entity {}
