//! Spans of the feed whose content was let go when its time was over.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{enums::FeedKind, record::record};

/// One span. What is of its kind and lies in it may be gone.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "pruned")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What was let go.
    pub kind: FeedKind,
    /// First entry of the span.
    pub from_seq: i64,
    /// Last entry of the span.
    pub to_seq: i64,
    /// Everything in it was older than this.
    pub before_at: DateTimeUtc,
    /// When it was decided.
    pub at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!("pruned", id);
