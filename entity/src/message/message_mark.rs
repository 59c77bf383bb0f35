//! Who has read which message.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{AgencyCode, MessageId};

/// A person has read a message.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "message_mark")]
pub struct Model {
    /// The agency for which the person acts.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency: AgencyCode,
    /// Issuer and subject.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person: String,
    /// The message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: MessageId,
    /// When.
    pub at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Bookkeeping for Entity {}
