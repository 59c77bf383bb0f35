//! Files for those who may have them.

use std::ops::Range;

use entity::{attachment::Model, enums::AttachmentStatus, ids::AttachmentId};
use serde_json::json;

use crate::{
    attachment::{
        Attachments,
        address::{Act, Called},
        desk::invalid_address,
        object::Pieces,
        policy, store,
    },
    platform::{
        access::{Caller, Visible, permit},
        db::Db,
        fault::{Fault, Outcome},
    },
};

/// The file of an address that was called.
///
/// # Errors
/// `ADDRESS_INVALID`, also where there is no such file; `ADDRESS_EXPIRED`.
pub async fn addressed(db: &Db, files: &Attachments, act: Act, called: &Called) -> Outcome<Model> {
    let row = store::by_id(db, called.id).await?;
    files.check(act, row.as_ref(), called)?;
    row.ok_or_else(invalid_address)
}

/// The file of an id, for a caller with a token.
///
/// # Errors
/// `UNAUTHENTICATED`, `FORBIDDEN`; `NOT_FOUND`, also where it was not shown to the caller's agency.
pub async fn seen_by(db: &Db, caller: &Caller, id: AttachmentId) -> Outcome<Model> {
    permit(caller, policy::READ)?;
    let rows = store::by_ids(db, &Visible::to(&caller.actor), &[id.0]).await?;
    rows.into_iter().next().ok_or_else(|| Fault::not_found(AttachmentId::KIND, id.0))
}

/// A part of the content of a file.
///
/// # Errors
/// `ATTACHMENT_NOT_STORED` where it has not come; `INTERNAL` where the store has lost it; `UNAVAILABLE`.
pub async fn content(files: &Attachments, row: &Model, part: Range<u64>) -> Outcome<Pieces> {
    if row.status != AttachmentStatus::Stored {
        let message = "The content of this file has not come.";
        return Err(Fault::rule("ATTACHMENT_NOT_STORED", message, json!({ "status": row.status.word() })));
    }
    files.objects()?.read(row.id, row.size.max(0).cast_unsigned(), part).await
}
