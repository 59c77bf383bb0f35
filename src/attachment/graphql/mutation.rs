//! Mutations of attachments.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::Attachment;
use crate::{
    attachment::{model::record::NewAttachment, policy, service},
    graphql::{
        access::access,
        context::{attachments, command, reads},
        scalars::{parse_id, show_id},
    },
    platform::command::Command,
};

/// A file that shall be uploaded.
#[derive(Clone, Debug, InputObject)]
pub struct AttachmentPrepareInput {
    /// Name of the file, without a path.
    pub file_name: String,
    /// Media type, such as application/pdf, without parameters.
    pub media_type: String,
    /// Length in bytes.
    pub size: i32,
    /// SHA-256 of the content, in 64 hexadecimal digits.
    pub sha256: String,
    /// Remarks.
    pub remarks: Option<String>,
}

impl From<AttachmentPrepareInput> for NewAttachment {
    fn from(given: AttachmentPrepareInput) -> Self {
        Self {
            file_name: given.file_name,
            media_type: given.media_type,
            size: given.size.into(),
            sha256: given.sha256,
            remarks: given.remarks,
        }
    }
}

/// A file that was announced.
#[derive(SimpleObject)]
pub struct AttachmentPreparePayload {
    /// The file; `upload` is the address at which its content is put. In a rehearsal, as it would be.
    attachment: Attachment,
}

/// What is left of a file that was discarded.
#[derive(Clone, Debug, SimpleObject)]
pub struct AttachmentDiscardPayload {
    /// The id that it had.
    id: ID,
}

/// Changing attachments.
#[derive(Default)]
pub struct AttachmentMutation;

#[Object]
impl AttachmentMutation {
    /// Announce a file, and be given the address at which its content is put. Then attach it to something: what is not
    /// attached in time is cleared away.
    #[graphql(directive = access::apply(policy::PREPARE))]
    async fn attachment_prepare(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: AttachmentPrepareInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Say what would happen, and change nothing.")] dry_run: bool,
    ) -> Result<AttachmentPreparePayload> {
        let command = Command { dry_run, ..command(ctx, None, idempotency_key)? };
        let row = service::prepare(&command, attachments(ctx)?, input.into()).await?;
        // The first answer to a key is from then; the file is shown as it stands now.
        let row = reads(ctx)?.load(row.id).await?.unwrap_or_else(|| Arc::new(row));
        Ok(AttachmentPreparePayload { attachment: Attachment { row } })
    }

    /// Discard a file of your agency that is not attached to anything. It is gone for good; the change log keeps what it
    /// was.
    #[graphql(directive = access::apply(policy::DISCARD))]
    async fn attachment_discard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Say what would happen, and change nothing.")] dry_run: bool,
    ) -> Result<AttachmentDiscardPayload> {
        let id = parse_id(&id, "id")?;
        let command = Command { dry_run, ..command(ctx, version, idempotency_key)? };
        let gone = service::discard(&command, attachments(ctx)?, id).await?;
        Ok(AttachmentDiscardPayload { id: show_id(gone) })
    }
}
