//! Lists of messages.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::{
    Message, MessageKind,
    preference::{self, MessagePreferences},
};
use crate::{
    connection,
    graphql::{
        access::access,
        context::{apart, reads},
    },
    message::{model::MessageFilter, policy, service},
    platform::{fault::Outcome, page::Window},
};

/// Counts a list of messages.
pub struct MessageTotal(MessageFilter);

impl MessageTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        service::count(&reads.db, &reads.caller.actor, &self.0).await
    }
}

connection!(MessageConnection, MessageEdge, Message, "messages", MessageTotal);

/// Conditions on messages. Every one that is given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct MessageWhere {
    /// Of one of these kinds.
    #[graphql(validator(max_items = 20))]
    pub kinds: Option<Vec<MessageKind>>,
    /// True: only what you have not read. False: only what you have.
    pub unread: Option<bool>,
    /// About this.
    pub subject: Option<ID>,
}

impl From<MessageWhere> for MessageFilter {
    fn from(given: MessageWhere) -> Self {
        Self {
            kinds: given.kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            unread: given.unread,
            subject: given.subject.map(|id| id.0),
        }
    }
}

/// How many messages of one kind you have not read.
#[derive(SimpleObject)]
pub struct MessageCount {
    /// The kind.
    pub kind: MessageKind,
    /// How many.
    pub unread: i32,
}

/// Asking for messages.
#[derive(Default)]
pub struct MessageQuery;

#[Object]
impl MessageQuery {
    /// What you were told, the newest first: what is for you by name, and what is for those of your agency who hold a scope
    /// that your token carries. What can be acted on stands in `inbox`.
    #[graphql(directive = access::apply(policy::READ))]
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<MessageWhere>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<MessageConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        apart(listed(ctx, filter.unwrap_or_default().into(), window)).await
    }

    /// How many messages you have not read, of every kind.
    #[graphql(directive = access::apply(policy::READ))]
    async fn message_counts(&self, ctx: &Context<'_>) -> Result<Vec<MessageCount>> {
        let reads = reads(ctx)?;
        let counts = service::counts(&reads.db, &reads.caller.actor).await?;
        let count = |(kind, unread): (entity::enums::MessageKind, i64)| MessageCount {
            kind: kind.into(),
            unread: i32::try_from(unread).unwrap_or(i32::MAX),
        };
        Ok(counts.into_iter().map(count).collect())
    }

    /// How you want to be written to, and the last mails to you.
    #[graphql(directive = access::apply(policy::PREFER))]
    async fn message_preferences(&self, ctx: &Context<'_>) -> Result<MessagePreferences> {
        preference::of_caller(ctx).await
    }
}

async fn listed(ctx: &Context<'_>, filter: MessageFilter, window: Window) -> Result<MessageConnection> {
    let reads = reads(ctx)?;
    let service::Listed { page, read } = service::list(&reads.db, &reads.caller.actor, &filter, &window).await?;
    let node = |row: Arc<entity::message_note::Model>| Message { read_at: read.get(&row.id).copied(), row };
    Ok(MessageConnection::new(page, node, MessageTotal(filter)))
}
