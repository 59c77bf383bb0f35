//! What one has chosen, in the schema.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use entity::{enums, mail, message_preference::Model};

use super::{MessageDelivery, MessageKind, MessageLanguage};
use crate::{
    graphql::{context::reads, scalars::Instant},
    message::{model::preference::delivery, service},
};

/// What a mail was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::MailPurpose")]
pub enum MailPurpose {
    /// One message.
    Message,
    /// All that was unread.
    Digest,
    /// The code by which an address is confirmed.
    Code,
}

/// How far a mail has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::MailStatus")]
pub enum MailStatus {
    /// To be sent, or to be tried again.
    Waiting,
    /// The mail server has taken it over.
    Sent,
    /// The mail server has refused it for good.
    Refused,
    /// It was tried often enough.
    GivenUp,
    /// It was no longer wanted.
    Dropped,
}

/// How one is told of one kind of message.
#[derive(SimpleObject)]
pub struct MessageKindPreference {
    /// The kind.
    pub kind: MessageKind,
    /// How.
    pub delivery: MessageDelivery,
}

/// A mail to you.
pub struct Mail(mail::Model);

/// A mail to you.
#[Object]
impl Mail {
    /// What it was for.
    async fn purpose(&self) -> MailPurpose {
        self.0.purpose.into()
    }

    /// To which address.
    async fn address(&self) -> &str {
        &self.0.address
    }

    /// How far it has come.
    async fn status(&self) -> MailStatus {
        self.0.status.into()
    }

    /// How often it was tried.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// What the mail server, or the way to it, answered last, where it was not taken over.
    async fn answer(&self) -> Option<&str> {
        self.0.answer.as_deref()
    }

    /// When it was made.
    async fn at(&self) -> Instant {
        Instant(self.0.at)
    }

    /// When the mail server took it over.
    async fn sent_at(&self) -> Option<Instant> {
        self.0.sent_at.map(Instant)
    }

    /// When it is tried next.
    async fn next_at(&self) -> Option<Instant> {
        self.0.due_at.map(Instant)
    }
}

/// How you want to be written to.
pub struct MessagePreferences {
    row: Option<Model>,
    mails: Vec<mail::Model>,
}

/// How you want to be written to.
#[Object]
impl MessagePreferences {
    /// Counts the edits; pass it as `version` when you edit. 0 while nothing was chosen.
    async fn version(&self) -> i32 {
        self.row.as_ref().map_or(0, |row| row.version)
    }

    /// Where mail goes; null where none does.
    async fn email(&self) -> Option<&str> {
        self.row.as_ref()?.email.as_deref()
    }

    /// When the address was confirmed; no message is mailed before.
    async fn email_confirmed_at(&self) -> Option<Instant> {
        self.row.as_ref()?.confirmed_at.map(Instant)
    }

    /// What the mail server answered when it refused the address for good. Nothing is mailed to it until it was set and
    /// confirmed again.
    async fn email_failure(&self) -> Option<&str> {
        self.row.as_ref()?.failure.as_deref()
    }

    /// In which language you are written to.
    async fn language(&self) -> MessageLanguage {
        self.row.as_ref().map(|row| row.language.into()).unwrap_or_default()
    }

    /// How you are told of each kind.
    async fn kinds(&self) -> Vec<MessageKindPreference> {
        let nothing = serde_json::json!({});
        let kinds = self.row.as_ref().map_or(&nothing, |row| &row.kinds);
        let of = |kind: &enums::MessageKind| MessageKindPreference {
            kind: (*kind).into(),
            delivery: delivery(kinds, *kind).into(),
        };
        enums::MessageKind::ALL.iter().map(of).collect()
    }

    /// The hour of the day, in Asia/Shanghai, from which the mail of the day is sent.
    async fn digest_hour(&self) -> i32 {
        self.row.as_ref().map_or(8, |row| row.digest_hour)
    }

    /// Whether the mail of the day comes on working days only.
    async fn digest_workdays(&self) -> bool {
        self.row.as_ref().is_none_or(|row| row.digest_workdays)
    }

    /// The last mails to you, the newest first; at most 20.
    async fn mails(&self) -> Vec<Mail> {
        self.mails.iter().cloned().map(Mail).collect()
    }
}

/// What the caller has chosen.
///
/// # Errors
/// `UNAUTHENTICATED`; `PERSONS_ONLY`; `UNAVAILABLE`.
pub(super) async fn of_caller(ctx: &Context<'_>) -> Result<MessagePreferences> {
    let reads = reads(ctx)?;
    let service::Letters { row, mails } = service::preferences(&reads.db, &reads.caller.actor).await?;
    Ok(MessagePreferences { row, mails })
}
