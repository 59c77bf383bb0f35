//! Reading messages, and what one has chosen.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{enums::MessageKind, ids::MessageId, mail, message_note, message_preference};

use crate::{
    message::{
        model::{MessageFilter, Reader},
        policy, store,
    },
    platform::{
        access::{Actor, ActorKind},
        db::{Books, Db},
        fault::Outcome,
        page::{Page, Window},
    },
};

/// After what time it is noted anew that somebody was seen.
const SEEN: TimeDelta = TimeDelta::hours(12);
/// Mails that are shown to whom they went.
const SHOWN: u64 = 20;

/// A page of messages, and which of them were read when.
pub struct Listed {
    /// The page.
    pub page: Arc<Page<message_note::Model>>,
    /// When they were read; the unread are left out.
    pub read: HashMap<MessageId, DateTime<Utc>>,
}

/// What a person has chosen, and the last mails to them, the newest first.
pub struct Letters {
    /// The choice; none where nothing was chosen.
    pub row: Option<message_preference::Model>,
    /// The mails.
    pub mails: Vec<mail::Model>,
}

/// A page of the caller's messages, the newest first.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAUTHENTICATED`; `UNAVAILABLE`.
pub async fn list(db: &Db, actor: &Actor, filter: &MessageFilter, window: &Window) -> Outcome<Listed> {
    let reader = policy::reader(actor)?;
    note_seen(db, actor, &reader).await?;
    let page = store::notes::page(db, &reader, filter, window).await?;
    let read = store::marks::of(db, &reader, page.rows.iter().map(|row| row.id).collect()).await?;
    Ok(Listed { page: Arc::new(page), read })
}

/// How many of the caller's messages a filter finds.
///
/// # Errors
/// As [`list`].
pub async fn count(db: &Db, actor: &Actor, filter: &MessageFilter) -> Outcome<u64> {
    store::notes::count(db, &policy::reader(actor)?, filter).await
}

/// How many of the caller's messages are unread, of every kind.
///
/// # Errors
/// As [`list`].
pub async fn counts(db: &Db, actor: &Actor) -> Outcome<Vec<(MessageKind, i64)>> {
    let reader = policy::reader(actor)?;
    note_seen(db, actor, &reader).await?;
    let found = store::notes::counts(db, &reader).await?;
    let unread = |kind: MessageKind| found.iter().find(|row| row.kind == kind.word()).map_or(0, |row| row.unread);
    Ok(MessageKind::ALL.iter().map(|kind| (*kind, unread(*kind))).collect())
}

/// What the caller has chosen.
///
/// # Errors
/// As [`list`]; `PERSONS_ONLY`.
pub async fn preferences(db: &Db, actor: &Actor) -> Outcome<Letters> {
    let reader = policy::person(actor)?;
    note_seen(db, actor, &reader).await?;
    let row = store::preferences::of(db, &reader).await?;
    let mails = match &row {
        None => Vec::new(),
        Some(row) => store::mails::last_of(db, row.id, SHOWN).await?,
    };
    Ok(Letters { row, mails })
}

/// Who holds what is known from tokens alone; so it is noted for those who are written to, when they come by.
async fn note_seen(db: &Db, actor: &Actor, reader: &Reader) -> Outcome<()> {
    if actor.kind != ActorKind::Person {
        return Ok(());
    }
    let Some(row) = store::preferences::of(db, reader).await? else { return Ok(()) };
    let (held, now) = (serde_json::json!(reader.scopes), db.clock().now());
    if row.scopes == held && now - row.seen_at < SEEN {
        return Ok(());
    }
    db.keep_books(async |books: &Books<'_>| store::preferences::seen(books, &row, held, now).await).await
}
