//! Lists of attachments.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};

use super::{Attachment, AttachmentPurpose, AttachmentStatus};
use crate::{
    attachment::{
        model::query::{self, AttachmentFilter},
        policy, store,
    },
    connection,
    directory::graphql::words,
    graphql::{
        access::access,
        context::{apart, reads},
        filter::TextWhere,
        scalars::parse_id,
    },
    platform::{fault::Outcome, page::Window},
};

/// The order of attachments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "query::AttachmentOrder")]
pub enum AttachmentOrder {
    /// The newest first.
    #[default]
    Recent,
    /// By the name of the file.
    FileName,
}

/// Counts a list of attachments.
pub struct AttachmentTotal(AttachmentFilter);

impl AttachmentTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        store::count(&reads.db, &reads.visible, &self.0).await
    }
}

connection!(AttachmentConnection, AttachmentEdge, Attachment, "attachments", AttachmentTotal);

/// Conditions on attachments.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AttachmentWhere {
    /// Typed id of what they are attached to.
    pub subject: Option<ID>,
    /// Whether they are attached to anything.
    pub bound: Option<bool>,
    /// Whether their content has come, any of which will do.
    pub status: Option<Vec<AttachmentStatus>>,
    /// As what they are attached, any of which will do.
    pub purpose: Option<Vec<AttachmentPurpose>>,
    /// Name of the file.
    pub file_name: Option<TextWhere>,
}

impl From<AttachmentWhere> for AttachmentFilter {
    fn from(given: AttachmentWhere) -> Self {
        Self {
            subject: given.subject.map(|id| id.0),
            bound: given.bound,
            status: words(given.status),
            purpose: words(given.purpose),
            file_name: given.file_name.map(Into::into),
        }
    }
}

/// Asking for attachments.
#[derive(Default)]
pub struct AttachmentQuery;

#[Object]
impl AttachmentQuery {
    /// The attachment of that id; null where there is none that you can see.
    #[graphql(directive = access::apply(policy::READ))]
    async fn attachment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of an attachment.")] id: ID,
    ) -> Result<Option<Attachment>> {
        Attachment::find(ctx, parse_id(&id, "id")?).await
    }

    /// The files of your agency, and those that were shown to it.
    #[graphql(directive = access::apply(policy::READ))]
    async fn attachments(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<AttachmentWhere>,
        #[graphql(desc = "The order of the rows.")] order_by: Option<AttachmentOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<AttachmentConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        apart(listed(ctx, filter.unwrap_or_default().into(), order_by.unwrap_or_default(), window)).await
    }
}

async fn listed(
    ctx: &Context<'_>,
    filter: AttachmentFilter,
    order: AttachmentOrder,
    window: Window,
) -> Result<AttachmentConnection> {
    let reads = reads(ctx)?;
    let page = store::page(&reads.db, &reads.visible, &filter, order.into(), &window).await?;
    Ok(AttachmentConnection::new(page, |row| Attachment { row }, AttachmentTotal(filter)))
}
