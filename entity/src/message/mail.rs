//! Mail that goes out.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{MailPurpose, MailStatus},
    ids::{MailId, MessageId, MessagePreferenceId},
};

/// One mail to one address.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    /// Key; its Message-ID is made of it, so that a mail which is sent again is recognised.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    /// To whom.
    pub preference_id: MessagePreferenceId,
    /// What it is for.
    pub purpose: MailPurpose,
    /// The message, where it is one.
    pub message_id: Option<MessageId>,
    /// What it tells to whom: the same thing is mailed once.
    pub once: String,
    /// The address.
    pub address: String,
    /// What it is made of besides: a code, or what was unread. Emptied when it is sent.
    pub content: Json,
    /// How far it has come.
    pub status: MailStatus,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is tried next, or when a node that has it in hand is given up; none when it is over.
    pub due_at: Option<DateTimeUtc>,
    /// By which turn of a node it is in hand.
    pub lease_by: Option<Uuid>,
    /// What the mail server, or the way to it, answered last.
    pub answer: Option<String>,
    /// When it was made.
    pub at: DateTimeUtc,
    /// When the mail server took it over.
    pub sent_at: Option<DateTimeUtc>,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Bookkeeping for Entity {}
