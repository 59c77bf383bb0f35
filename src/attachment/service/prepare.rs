//! Announcing a file, and discarding it again.

use entity::{attachment::Model, enums::AttachmentStatus, ids::AttachmentId};
use serde_json::json;

use crate::{
    attachment::{Attachments, model::record::NewAttachment, policy, store},
    directory::{agency, institution::model::Blank},
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
    },
};

/// Announces a file of the caller's agency, whose content is then put at its upload address. Answers the row as it is, or
/// in a rehearsal would be.
///
/// # Errors
/// `INVALID`; `ATTACHMENTS_FULL`.
pub async fn prepare(cmd: &Command<'_>, files: &Attachments, new: NewAttachment) -> Outcome<Model> {
    let accepted = &files.settings().accepted;
    cmd.run(policy::PREPARE, async |tx: &mut Tx| {
        let owner = tx.agency()?.clone();
        let blank = Blank { id: AttachmentId(tx.id()), agency: owner.clone(), at: tx.now() };
        let row = new.entered(blank, &tx.permit().actor().subject, accepted)?;
        // The agency's row is the turnstile: of two that would be the last, one waits and is refused.
        let _turn = agency::store::lock(tx, owner.clone()).await?;
        accepted.admit(store::unbound(tx, &owner).await?, row.size)?;
        tx.insert(row).await
    })
    .await
}

/// Discards a file that is not bound to anything: the row, then the content.
///
/// # Errors
/// `NOT_FOUND`; `ATTACHMENT_BOUND`; `STALE_VERSION`.
pub async fn discard(cmd: &Command<'_>, files: &Attachments, id: AttachmentId) -> Outcome<AttachmentId> {
    let was_stored = cmd
        .run(policy::DISCARD, async |tx: &mut Tx| {
            let row = store::lock(tx, id).await?.open(tx.permit())?;
            cmd.expect_version(row.version)?;
            if row.subject.is_some() {
                let message = "This is attached to something, and stays for the record.";
                return Err(Fault::rule("ATTACHMENT_BOUND", message, json!({ "boundAt": row.bound_at })));
            }
            let was_stored = row.status == AttachmentStatus::Stored;
            tx.remove(row).await?;
            Ok(was_stored)
        })
        .await?;
    // The row is gone for good, so nothing is lost if this fails: the sweeper finds contents without rows.
    if was_stored
        && !cmd.dry_run
        && let Err(fault) = files.objects()?.delete(vec![id]).await
    {
        tracing::warn!(%fault, "the content of a discarded file is left to the sweeper");
    }
    Ok(id)
}
