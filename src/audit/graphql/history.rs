//! The past of objects.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Json, Object, Result};
use entity::{change, enums};
use serde_json::Value;

use super::super::{
    model::mask::told,
    policy,
    service::history::{self, Subject, sees_personal},
};
use crate::{
    connection,
    graphql::{
        access::access,
        context::{apart, guarded, reads},
        scalars::{Instant, show_id},
    },
    platform::{
        fault::{Fault, Outcome},
        page::Window,
    },
};

/// What was done to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::ChangeOp")]
pub enum ChangeOp {
    /// A new row.
    Insert,
    /// Many new rows of one whole, which are named.
    Load,
    /// An edit in place.
    Update,
    /// A new revision.
    Revise,
    /// The end of the last revision.
    Close,
    /// The ends of many last revisions of one whole, which are named.
    CloseAll,
    /// The row was taken away.
    Delete,
}

/// What one act did to an object.
#[derive(Clone)]
pub struct HistoryEntry {
    row: Arc<change::Model>,
    personal: bool,
    reason: Option<String>,
}

/// What one act did to an object.
#[Object]
impl HistoryEntry {
    /// When.
    async fn at(&self) -> Instant {
        Instant(self.row.at)
    }

    /// Typed id of the agency for which it was done; null for the system itself.
    async fn agency(&self) -> Option<ID> {
        self.row.agency.as_ref().map(show_id)
    }

    /// Who did it.
    async fn subject(&self) -> &str {
        &self.row.subject
    }

    /// By which program.
    async fn client(&self) -> Option<&str> {
        self.row.client.as_deref()
    }

    /// Name of the action.
    async fn action(&self) -> &str {
        &self.row.action
    }

    /// What was done to the row.
    async fn op(&self) -> ChangeOp {
        self.row.op.into()
    }

    /// The changed columns as they were; null for a new row. What you may not see is `***`; what was erased says when, by
    /// whom and why.
    async fn before(&self, ctx: &Context<'_>) -> Result<Option<Json<Value>>> {
        self.told(ctx, self.row.before.as_ref())
    }

    /// The changed columns as they became, all of them for a new row; null where it was taken away. What you may not see is
    /// `***`.
    async fn after(&self, ctx: &Context<'_>) -> Result<Option<Json<Value>>> {
        self.told(ctx, self.row.after.as_ref())
    }

    /// Why, where the change has a reason.
    async fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The request in which it was done.
    async fn request_id(&self) -> &str {
        &self.row.request_id
    }
}

impl HistoryEntry {
    fn told(&self, ctx: &Context<'_>, columns: Option<&Value>) -> Result<Option<Json<Value>>> {
        let guarded = guarded(ctx)?;
        Ok(columns.map(|columns| Json(told(guarded, &self.row.entity, columns, self.personal))))
    }
}

/// Counts the changes of an object.
pub struct HistoryTotal(Subject);

impl HistoryTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        history::count_history(&reads.db, &reads.caller, &self.0).await
    }
}

connection!(HistoryConnection, HistoryEdge, HistoryEntry, "changes", HistoryTotal);

/// Asking for the past of objects.
#[derive(Default)]
pub struct HistoryQuery;

#[Object]
impl HistoryQuery {
    /// The past of an object, the newest change first: of those of your agency, and with `audit:read` of what belongs to the
    /// pact as a whole; a coordinator with `audit:read` sees all. Empty where there is none that you may see.
    #[graphql(directive = access::apply(policy::HISTORY))]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A typed id, such as `lab:…`.")] id: ID,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<HistoryConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        apart(listed(ctx, subject(&id, "id")?, window)).await
    }
}

async fn listed(ctx: &Context<'_>, subject: Subject, window: Window) -> Result<HistoryConnection> {
    let reads = reads(ctx)?;
    let page = history::history(&reads.db, &reads.caller, &subject, &window).await?;
    let reasons = history::reasons(&reads.db, &subject, &page.rows).await?;
    let node = |row: Arc<change::Model>| {
        let personal = sees_personal(&reads.caller, row.owner.as_ref());
        let reason = reasons.get(&row.id).cloned();
        HistoryEntry { row, personal, reason }
    };
    Ok(HistoryConnection::new(page, node, HistoryTotal(subject)))
}

/// The kind and the key of a typed id, whatever the kind.
pub(super) fn subject(id: &ID, path: &str) -> Outcome<Subject> {
    match id.split_once(':') {
        Some((kind, key)) if !kind.is_empty() && !key.is_empty() && id.len() <= 200 => {
            Ok(Subject { kind: kind.to_owned(), key: key.to_owned() })
        }
        _ => Err(Fault::invalid(path, "ID", "Pass an id as the API gave it, such as lab:….")),
    }
}
