//! What was read.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    ids::MessageId,
    message_mark::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::{
    message::model::Reader,
    platform::{
        db::{Books, Db},
        fault::Outcome,
    },
};

/// When somebody has read which of these.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of(db: &Db, reader: &Reader, ids: Vec<MessageId>) -> Outcome<HashMap<MessageId, DateTime<Utc>>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = db.all(Entity::find().filter(theirs(reader)).filter(Column::MessageId.is_in(ids))).await?;
    Ok(rows.into_iter().map(|row| (row.message_id, row.at)).collect())
}

/// Notes that somebody has read these; how many of them were unread.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn read(books: &Books<'_>, reader: &Reader, ids: Vec<MessageId>, at: DateTime<Utc>) -> Outcome<u64> {
    let row = |message_id| Model { agency: reader.agency.clone(), person: reader.person.clone(), message_id, at };
    books.enter::<Entity>(ids.into_iter().map(row).collect()).await
}

/// Takes the note back; how many of them were read.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn unread(books: &Books<'_>, reader: &Reader, ids: Vec<MessageId>) -> Outcome<u64> {
    books.strike::<Entity>(theirs(reader).add(Column::MessageId.is_in(ids))).await
}

/// Takes away everything that was noted of somebody.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn forget(books: &Books<'_>, reader: &Reader) -> Outcome<u64> {
    books.strike::<Entity>(theirs(reader)).await
}

fn theirs(reader: &Reader) -> Condition {
    Condition::all().add(Column::Agency.eq(reader.agency.clone())).add(Column::Person.eq(&reader.person))
}
