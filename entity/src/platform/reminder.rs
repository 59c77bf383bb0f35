//! Notes that a date was told, so that it is told once. They prove nothing, so they stay out of the change log: the event
//! that goes with each is in the feed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One note.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "reminder")]
pub struct Model {
    /// Key of what it is about.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    /// Name of the event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub about: String,
    /// The date that was told.
    #[sea_orm(primary_key, auto_increment = false)]
    pub due_on: Date,
    /// So many days ahead, as the configuration says.
    #[sea_orm(primary_key, auto_increment = false)]
    pub days: i32,
    /// When it was told.
    pub at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Counters for Entity {}
