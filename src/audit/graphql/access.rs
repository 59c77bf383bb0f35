//! Data of persons: who read it, and erasing it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entity::access_log;

use super::{
    super::{
        policy,
        service::{erase, history},
    },
    history::subject,
};
use crate::{
    connection,
    graphql::{
        access::access,
        context::{apart, command, guarded, reads},
        scalars::{Instant, show_id},
    },
    platform::{fault::Outcome, page::Window},
};

/// Somebody has read something that is protected.
#[derive(Clone)]
pub struct AccessLogEntry {
    row: Arc<access_log::Model>,
}

/// Somebody has read something that is protected.
#[Object]
impl AccessLogEntry {
    /// When.
    async fn at(&self) -> Instant {
        Instant(self.row.at)
    }

    /// Typed id of the agency for which the reader acted; null for the operator.
    async fn agency(&self) -> Option<ID> {
        self.row.agency.as_ref().map(show_id)
    }

    /// Who.
    async fn subject(&self) -> &str {
        &self.row.subject
    }

    /// By which program.
    async fn client(&self) -> Option<&str> {
        self.row.client.as_deref()
    }

    /// The request.
    async fn request_id(&self) -> &str {
        &self.row.request_id
    }

    /// What kind of thing was read, such as `PERSONAL_DATA`, `UNBLINDED_SAMPLES` or `AUDIT_EXPORT`.
    async fn what(&self) -> &str {
        &self.row.what
    }

    /// Typed id of what was read, or a span of the chain.
    async fn object(&self) -> &str {
        &self.row.object
    }

    /// Typed id of the agency that owns it; null for what belongs to the pact as a whole.
    async fn owner(&self) -> Option<ID> {
        self.row.owner.as_ref().map(show_id)
    }

    /// Why, where the reader said so.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }
}

/// Counts the readings.
pub struct AccessLogTotal;

impl AccessLogTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        history::count_accesses(&reads.db, &reads.caller).await
    }
}

connection!(AccessLogConnection, AccessLogEdge, AccessLogEntry, "readings of what is protected", AccessLogTotal);

/// Asking who read what is protected.
#[derive(Default)]
pub struct AccessQuery;

#[Object]
impl AccessQuery {
    /// Who has read what your agency has that is protected, the newest first: data of persons read by other agencies,
    /// un-blinded samples read by providers, and exports of the chain. What was just read comes a second later.
    #[graphql(directive = access::apply(policy::ACCESSES))]
    async fn access_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<AccessLogConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        let reads = reads(ctx)?;
        let page = apart(history::accesses(&reads.db, &reads.caller, &window)).await?;
        Ok(AccessLogConnection::new(page, |row| AccessLogEntry { row }, AccessLogTotal))
    }
}

/// What was erased.
#[derive(Clone, Debug, SimpleObject)]
pub struct PersonalDataErasePayload {
    /// The object.
    id: ID,
    /// How many entries of its history.
    changes: i32,
    /// How many events.
    events: i32,
}

/// Erasing the data of persons.
#[derive(Default)]
pub struct PersonalDataMutation;

#[Object]
impl PersonalDataMutation {
    /// Erases the data of a person for good: from the object, from its history and from its events. Each place says when, by
    /// whom and why; the chain still holds.
    #[graphql(directive = access::apply(policy::ERASE))]
    async fn personal_data_erase(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the object that tells of the person, such as `signatory:…`.")] id: ID,
        #[graphql(desc = "Why, in at most 500 characters; it stays on record.")] reason: String,
        #[graphql(desc = "The same key gets the first answer again.")] idempotency_key: Option<String>,
    ) -> Result<PersonalDataErasePayload> {
        let of = subject(&id, "id")?;
        let cmd = command(ctx, None, idempotency_key)?;
        let erased = apart(erase::erase(&cmd, guarded(ctx)?, (&of.kind, &of.key), &reason)).await?;
        let count = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
        Ok(PersonalDataErasePayload { id, changes: count(erased.changes), events: count(erased.events) })
    }
}
