//! Messages.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::MessageKind,
    ids::{AgencyCode, MessageId},
};

/// A message to a person, or to those who hold a scope.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "message")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    /// The agency whose people it is for; none where it is for whoever holds the scope, in any agency.
    pub agency: Option<AgencyCode>,
    /// For this person alone: issuer and subject with `#` between, or the subject.
    pub person: Option<String>,
    /// For those who hold this scope.
    pub scope: Option<String>,
    /// What it is about.
    pub kind: MessageKind,
    /// Name of its words: that of the event without its version, or of the reminder.
    pub name: String,
    /// Typed id of what it is about.
    pub subject: String,
    /// The event that it tells of; none for reminders.
    pub event_id: Option<Uuid>,
    /// What it tells to whom: the same thing is told once.
    pub once: String,
    /// What its words are filled with.
    pub params: Json,
    /// When it happened.
    pub at: DateTimeUtc,
    /// When something must be done.
    pub due_at: Option<DateTimeUtc>,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Bookkeeping for Entity {}
