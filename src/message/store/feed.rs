//! How far the feed was followed, and the events behind that.

use std::collections::HashMap;

use entity::{
    enums::FeedKind,
    feed,
    message_cursor::{Column, Entity},
    outbox,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use crate::platform::{db::Books, fault::Outcome};

/// Entries read at once.
const PAGE: u64 = 200;
/// The one follower.
const NAME: &str = "feed";

/// Part of the feed.
pub struct Stretch {
    /// The events in it, in order.
    pub events: Vec<outbox::Model>,
    /// Number of its last entry.
    pub end: i64,
    /// Whether the feed may go on behind it.
    pub is_full: bool,
}

/// The number of the last entry that was followed; whoever else follows waits until this transaction has ended.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn lock(books: &Books<'_>) -> Outcome<i64> {
    let row = books.one_locked(Entity::find_by_id(NAME.to_owned())).await?;
    Ok(row.map_or(0, |row| row.seq))
}

/// What stands in the feed behind a number.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn after(books: &Books<'_>, seq: i64) -> Outcome<Stretch> {
    let select = feed::Entity::find().filter(feed::Column::Seq.gt(seq)).order_by_asc(feed::Column::Seq).limit(PAGE);
    let entries = books.all(select).await?;
    let ids: Vec<_> = entries.iter().filter(|entry| entry.kind == FeedKind::Event).map(|entry| entry.ref_id).collect();
    let rows = match ids.is_empty() {
        true => Vec::new(),
        false => books.all(outbox::Entity::find().filter(outbox::Column::Id.is_in(ids.iter().copied()))).await?,
    };
    let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(Stretch {
        events: ids.iter().filter_map(|id| rows.remove(id)).collect(),
        end: entries.last().map_or(seq, |entry| entry.seq),
        is_full: entries.len() as u64 == PAGE,
    })
}

/// Writes down that the feed was followed from one number to another; whether it was this transaction that did so.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn advance(books: &Books<'_>, from: i64, to: i64) -> Outcome<bool> {
    let guard = Condition::all().add(Column::Name.eq(NAME)).add(Column::Seq.eq(from));
    Ok(books.amend::<Entity>(vec![(Column::Seq, Expr::value(to))], guard).await? == 1)
}
