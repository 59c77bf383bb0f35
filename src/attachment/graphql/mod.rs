//! Attachments in the schema.

mod list;
mod mutation;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entity::{
    attachment::Model,
    enums::{self, AttachmentStatus as Status},
    ids::AttachmentId,
};

use super::{
    address,
    loader::{AttachmentsOf, PartiesOf},
    policy,
};
use crate::{
    directory::agency::graphql::Agency,
    graphql::{
        context::{attachments, reads},
        scalars::{Instant, show_id},
    },
    platform::access::permit,
};

pub use list::AttachmentQuery;
pub use mutation::AttachmentMutation;

/// Whether the content of an attachment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::AttachmentStatus")]
pub enum AttachmentStatus {
    /// Announced; its content has not come.
    Prepared,
    /// Its content is kept, and is what was announced.
    Stored,
}

/// As what a file is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::AttachmentPurpose")]
pub enum AttachmentPurpose {
    /// To what is asked for.
    Request,
    /// To what is offered.
    Offer,
    /// As a report.
    Report,
    /// To samples on their way.
    Consignment,
    /// As anything else.
    Other,
}

/// An address that opens one file for one thing, for minutes, without a token. Whoever has it can use it: give it to
/// nobody, and keep it out of logs.
#[derive(Clone, Debug, SimpleObject)]
pub struct SignedAddress {
    /// The method of HTTP with which it is called.
    method: String,
    /// The address: a path on this server, or a whole one where the instance is configured so.
    url: String,
    /// When it ends.
    expires_at: Instant,
}

impl From<address::SignedAddress> for SignedAddress {
    fn from(signed: address::SignedAddress) -> Self {
        Self { method: signed.method.to_owned(), url: signed.url, expires_at: Instant(signed.expires_at) }
    }
}

/// A file. Until it is attached to something, nobody but the persons and systems of the agency that uploads it sees it.
#[derive(Clone)]
pub struct Attachment {
    row: Arc<Model>,
}

/// A file. Until it is attached to something, nobody but the persons and systems of the agency that uploads it sees it.
#[Object]
impl Attachment {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you discard it.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// The agency that uploads it.
    async fn agency(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.row.agency.clone()).await
    }

    /// Name of the file, as it was given; never a path.
    async fn file_name(&self) -> &str {
        &self.row.file_name
    }

    /// Media type, such as application/pdf.
    async fn media_type(&self) -> &str {
        &self.row.media_type
    }

    /// Length in bytes.
    async fn size(&self) -> i32 {
        i32::try_from(self.row.size).unwrap_or(i32::MAX)
    }

    /// SHA-256 of the content, in hexadecimal digits.
    async fn sha256(&self) -> &str {
        &self.row.sha256
    }

    /// Whether the content has come.
    async fn status(&self) -> AttachmentStatus {
        self.row.status.into()
    }

    /// Typed id of what it is attached to; null before that.
    async fn subject(&self) -> Option<ID> {
        self.row.subject.as_ref().map(show_id)
    }

    /// As what it is attached; null before that.
    async fn purpose(&self) -> Option<AttachmentPurpose> {
        self.row.purpose.map(Into::into)
    }

    /// The agencies that may see it besides the one that uploads it.
    async fn shown_to(&self, ctx: &Context<'_>) -> Result<Vec<Agency>> {
        let codes = reads(ctx)?.load(PartiesOf(self.row.id)).await?.unwrap_or_default();
        let found = codes.into_iter().map(|code| Agency::find(ctx, code));
        Ok(futures_util::future::try_join_all(found).await?.into_iter().flatten().collect())
    }

    /// Remarks.
    async fn remarks(&self) -> Option<&str> {
        self.row.remarks.as_deref()
    }

    /// Subject of who announced it; null for callers of other agencies.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(self.is_own(ctx)?.then_some(self.row.created_by.as_str()))
    }

    /// When it was announced.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }

    /// When its content was kept.
    async fn stored_at(&self) -> Option<Instant> {
        self.row.stored_at.map(Instant)
    }

    /// When it was attached.
    async fn bound_at(&self) -> Option<Instant> {
        self.row.bound_at.map(Instant)
    }

    /// A new address at which the content is put, by PUT with the bytes of the file as the body. Null once the content has
    /// come, in a rehearsal, and for callers who may not upload for the agency.
    async fn upload(&self, ctx: &Context<'_>) -> Result<Option<SignedAddress>> {
        let may = self.is_own(ctx)? && permit(&reads(ctx)?.caller, policy::PREPARE).is_ok();
        // A rehearsed file has no row, hence no address that would hold.
        let is_open = self.row.status == Status::Prepared && reads(ctx)?.load(self.row.id).await?.is_some();
        Ok(if may && is_open { Some(attachments(ctx)?.upload_address(&self.row)?.into()) } else { None })
    }

    /// A new address at which the content is fetched, by GET. Null before the content has come.
    async fn download(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "For how many minutes it shall be good: 1 to 60, or what the instance takes; 5 where not given."
        )]
        minutes: Option<i32>,
    ) -> Option<Result<SignedAddress>> {
        if self.row.status != Status::Stored {
            return None;
        }
        let signed = attachments(ctx).and_then(|files| files.download_address(&self.row, minutes));
        Some(signed.map(Into::into).map_err(Into::into))
    }
}

impl Attachment {
    /// The attachment of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: AttachmentId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }

    /// Those that are attached to something and may be seen; oldest first. For the types of other capabilities.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn of(ctx: &Context<'_>, subject: impl std::fmt::Display) -> Result<Vec<Self>> {
        let rows = reads(ctx)?.load(AttachmentsOf(subject.to_string())).await?.unwrap_or_default();
        Ok(rows.into_iter().map(|row| Self { row }).collect())
    }

    fn is_own(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(reads(ctx)?.caller.actor.acts_for(&self.row.agency))
    }
}
