//! Messages in the schema.

mod list;
mod mutation;
mod preference;

use std::sync::Arc;

use async_graphql::{Enum, ID, Object};
use chrono::{DateTime, Utc};
use entity::{enums, message_note::Model};

use super::words;
use crate::graphql::scalars::{Instant, show_id};

pub use list::MessageQuery;
pub use mutation::MessageMutation;

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::MessageKind")]
pub enum MessageKind {
    /// Something waits for a decision.
    Approval,
    /// What your own agency has asked for moves on.
    Request,
    /// What others ask of your own agency moves on.
    Supply,
    /// Samples are on their way, were received, refused or lost.
    Sample,
    /// Something is due soon, or overdue.
    Deadline,
    /// Certificates, calibrations and signatories of your own agency.
    Register,
    /// A search that your agency keeps has found something.
    Search,
    /// Machine accounts, webhooks, deputies: how the system works for your agency.
    System,
}

/// How one is told of a kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::MessageDelivery")]
pub enum MessageDelivery {
    /// In `messages` alone.
    Off,
    /// By a mail of its own.
    AtOnce,
    /// By the mail of the day.
    Daily,
}

/// The languages of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::MessageLanguage")]
pub enum MessageLanguage {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// Something that you, or those of your agency who hold a scope that you hold, are told.
#[derive(Clone)]
pub struct Message {
    row: Arc<Model>,
    read_at: Option<DateTime<Utc>>,
}

/// Something that you, or those of your agency who hold a scope that you hold, are told.
#[Object]
impl Message {
    /// Typed id.
    async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// What it is about.
    async fn kind(&self) -> MessageKind {
        self.row.kind.into()
    }

    /// What happened: the name of the event without its version, `deadline.near` or `deadline.over`.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// A line that says it, as plain text.
    async fn title(
        &self,
        #[graphql(desc = "In which language; Chinese where it is left out.")] language: Option<MessageLanguage>,
    ) -> String {
        words::told(&self.row, language.unwrap_or_default().into()).0
    }

    /// A sentence or two that say it, as plain text.
    async fn text(
        &self,
        #[graphql(desc = "In which language; Chinese where it is left out.")] language: Option<MessageLanguage>,
    ) -> String {
        words::told(&self.row, language.unwrap_or_default().into()).1
    }

    /// Typed id of what it is about; ask `node` for it.
    async fn subject(&self) -> ID {
        ID(self.row.subject.clone())
    }

    /// The event that it tells of; null for deadlines.
    async fn event_id(&self) -> Option<String> {
        self.row.event_id.map(|id| id.to_string())
    }

    /// Whether it is for you by name, and for nobody else.
    async fn to_you_alone(&self) -> bool {
        self.row.person.is_some()
    }

    /// For those who hold this scope; null where it is for you by name.
    async fn scope(&self) -> Option<&str> {
        self.row.scope.as_deref()
    }

    /// When it happened.
    async fn at(&self) -> Instant {
        Instant(self.row.at)
    }

    /// When something must be done.
    async fn due_at(&self) -> Option<Instant> {
        self.row.due_at.map(Instant)
    }

    /// When you have read it; null while you have not.
    async fn read_at(&self) -> Option<Instant> {
        self.read_at.map(Instant)
    }
}
