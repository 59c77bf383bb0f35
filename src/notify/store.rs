//! Every query of the room: pages of the feed and what they point to.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use entity::{change, enums::FeedKind, feed, outbox};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::model::{News, Placed, Position, Written};
use crate::platform::{db::Db, fault::Outcome};

/// Entries read at once.
const PAGE: u64 = 500;

/// Part of the feed.
pub(crate) struct Page {
    /// What is in it, in order.
    pub(crate) news: Vec<News>,
    /// Where the next part begins.
    pub(crate) end: Position,
    /// Whether the feed may go on behind it.
    pub(crate) is_full: bool,
}

/// What stands in the feed after a position: all events, and the changes of rows of these kinds.
///
/// # Errors
/// `UNAVAILABLE` when the database does not answer.
pub(crate) async fn after(db: &Db, position: Position, kinds: &[&str]) -> Outcome<Page> {
    let select =
        feed::Entity::find().filter(feed::Column::Seq.gt(position.seq)).order_by_asc(feed::Column::Seq).limit(PAGE);
    let entries = db.all_in_background(select).await?;
    let events = match pointed_to(&entries, FeedKind::Event) {
        ids if ids.is_empty() => Vec::new(),
        ids => db.all_in_background(outbox::Entity::find().filter(outbox::Column::Id.is_in(ids))).await?,
    };
    let changes = match pointed_to(&entries, FeedKind::Change) {
        ids if ids.is_empty() || kinds.is_empty() => Vec::new(),
        ids => {
            let select = change::Entity::find().filter(change::Column::Id.is_in(ids));
            db.all_in_background(select.filter(change::Column::Entity.is_in(kinds.iter().copied()))).await?
        }
    };
    let mut events: HashMap<_, _> = events.into_iter().map(|row| (row.id, row)).collect();
    let mut changes: HashMap<_, _> = changes.into_iter().map(|row| (row.id, row)).collect();
    let news = |entry: &feed::Model| {
        let position = place(entry);
        Some(match entry.kind {
            FeedKind::Event => News::Event(Placed { position, event: Arc::new(events.remove(&entry.ref_id)?) }),
            FeedKind::Change => News::Row(Written { position, change: Arc::new(changes.remove(&entry.ref_id)?) }),
        })
    };
    Ok(Page {
        end: entries.last().map_or(position, place),
        is_full: entries.len() as u64 == PAGE,
        news: entries.iter().filter_map(news).collect(),
    })
}

/// The events at these entries, in order; those that are not kept any more are left out.
///
/// # Errors
/// As [`after`].
pub(crate) async fn at(db: &Db, numbers: &[i64]) -> Outcome<Vec<Placed>> {
    let select = feed::Entity::find().filter(feed::Column::Seq.is_in(numbers.iter().copied()));
    let entries = db.all_in_background(select.order_by_asc(feed::Column::Seq)).await?;
    let ids = pointed_to(&entries, FeedKind::Event);
    let rows = db.all_in_background(outbox::Entity::find().filter(outbox::Column::Id.is_in(ids))).await?;
    let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let placed =
        |entry: &feed::Model| Some(Placed { position: place(entry), event: Arc::new(rows.remove(&entry.ref_id)?) });
    Ok(entries.iter().filter_map(placed).collect())
}

fn pointed_to(entries: &[feed::Model], kind: FeedKind) -> Vec<Uuid> {
    entries.iter().filter(|entry| entry.kind == kind).map(|entry| entry.ref_id).collect()
}

/// The end of the feed.
///
/// # Errors
/// As [`after`].
pub(crate) async fn end(db: &Db) -> Outcome<Position> {
    let last = db.all_in_background(feed::Entity::find().order_by_desc(feed::Column::Seq).limit(1)).await?;
    Ok(last.first().map_or(Position::BEGINNING, place))
}

/// Whether a position is one of this feed.
///
/// # Errors
/// As [`after`].
pub(super) async fn knows(db: &Db, position: Position) -> Outcome<bool> {
    if position == Position::BEGINNING {
        return Ok(true);
    }
    let entry = db.one(feed::Entity::find_by_id(position.seq)).await?;
    Ok(entry.as_ref().map(place) == Some(position))
}

/// The oldest position behind which everything is younger than `limit`, where that is not `position` or before it.
///
/// # Errors
/// As [`after`].
pub(super) async fn oldest_kept(db: &Db, position: Position, limit: DateTime<Utc>) -> Outcome<Option<Position>> {
    let old = async |seq: i64| {
        let entry = db.one(feed::Entity::find_by_id(seq)).await?;
        Ok::<_, crate::platform::fault::Fault>(entry.filter(|entry| entry.at < limit))
    };
    let Some(next) = old(position.seq + 1).await? else { return Ok(None) };
    // The feed has every number, and its dates grow with them: halving finds the last old entry.
    let (mut last_old, mut young) = (next, end(db).await?.seq + 1);
    while young - last_old.seq > 1 {
        let middle = last_old.seq + (young - last_old.seq) / 2;
        match old(middle).await? {
            Some(entry) => last_old = entry,
            None => young = middle,
        }
    }
    Ok(Some(place(&last_old)))
}

fn place(entry: &feed::Model) -> Position {
    Position::new(entry.seq, &entry.hash)
}
