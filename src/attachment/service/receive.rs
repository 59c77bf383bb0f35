//! Content that comes to an address: looked at while it comes, kept if it is what was announced.

use bytes::Bytes;
use entity::{
    attachment::Model,
    enums::{AttachmentStatus, Visibility},
};
use futures_util::{Stream, StreamExt};
use serde_json::json;

use crate::{
    attachment::events,
    attachment::{
        Attachments,
        desk::invalid_address,
        model::{content::Incoming, record},
        object::Writing,
        policy, store,
    },
    platform::{
        access::{Actor, Caller, permit},
        db::{Db, Event, Tx},
        fault::{Fault, Outcome},
    },
};

/// Who writes in the name of an address, which names nobody.
const SUBJECT: &str = "attachment:upload";

/// What content is received by. Cheap to clone.
#[derive(Clone)]
pub struct Receiving {
    /// The rows.
    pub db: Db,
    /// The store.
    pub files: Attachments,
    /// The request under way.
    pub request_id: std::sync::Arc<str>,
}

/// Takes the content of a file whose upload address has held. What is not what was announced leaves nothing in the store;
/// the same content once more changes nothing. A sender who is refused is listened to for as much as a file may have, so
/// that it hears why.
///
/// # Errors
/// `ATTACHMENT_TOO_LONG`, `SIZE_MISMATCH`, `SHA256_MISMATCH`, `MEDIA_TYPE_MISMATCH`; those of `body`; `UNAVAILABLE`.
pub async fn receive(by: &Receiving, row: Model, body: impl Stream<Item = Outcome<Bytes>> + Send) -> Outcome<Model> {
    let is_new = row.status == AttachmentStatus::Prepared;
    let mut incoming = Incoming::new(record::announced(&row));
    let mut writing = if is_new { Some(by.files.objects()?.begin(row.id)) } else { None };
    let mut refused = None;
    let mut ignored = 0;
    let mut body = std::pin::pin!(body);
    while let Some(piece) = body.next().await {
        let piece = match (piece, &refused) {
            (Ok(piece), None) => piece,
            (Ok(piece), Some(_)) => {
                ignored += piece.len() as u64;
                if ignored > by.files.settings().accepted.bytes {
                    break;
                }
                continue;
            }
            (Err(fault), _) => return Err(refused.unwrap_or(fault)),
        };
        let taken = match (incoming.take(&piece), &mut writing) {
            (Ok(()), Some(writing)) => writing.push(piece).await,
            (taken, _) => taken,
        };
        if let Err(fault) = taken {
            (refused, writing) = (Some(fault), None);
        }
    }
    if let Some(fault) = refused {
        return Err(fault);
    }
    incoming.finish()?;
    match writing {
        None => Ok(row),
        // Once begun this goes to its end, also if the sender goes away.
        Some(writing) => tokio::spawn(keep(by.clone(), row, writing)).await.map_err(Fault::internal)?,
    }
}

/// First the object, then the row that says that it is there.
async fn keep(by: Receiving, row: Model, writing: Writing) -> Outcome<Model> {
    writing.finish().await?;
    let actor = Actor::system(Some(row.agency.clone()), SUBJECT);
    let permit = permit(&Caller::new(actor, by.request_id), policy::STORE)?;
    let stored = by
        .db
        .write(&permit, async |tx: &mut Tx| {
            let row = store::lock(tx, row.id).await?.open(tx.permit())?;
            if row.status == AttachmentStatus::Stored {
                return Ok(row);
            }
            let next = record::stored(&row, tx.now());
            let row = tx.update(row, next).await?;
            tx.emit(stored_event(&row));
            Ok(row)
        })
        .await;
    if let Err(Fault::NotFound { .. }) = stored {
        // Discarded or cleared away meanwhile; its id never comes back.
        by.files.objects()?.delete(vec![row.id]).await?;
        return Err(invalid_address());
    }
    stored
}

fn stored_event(row: &Model) -> Event {
    Event {
        name: events::ATTACHMENT_STORED.name,
        subject: row.id.to_string(),
        agency: row.agency.clone(),
        visibility: Visibility::Own,
        data: json!({
            "attachmentId": row.id.to_string(),
            "fileName": row.file_name,
            "mediaType": row.media_type,
            "size": row.size,
            "sha256": row.sha256,
        }),
    }
}
