//! Every query of the room: pages of the feed and the events they point to.

use std::{collections::HashMap, sync::Arc};

use entity::{enums::FeedKind, feed, outbox};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::model::{Placed, Position};
use crate::platform::{db::Db, fault::Outcome};

/// Entries read at once.
const PAGE: u64 = 500;

/// Part of the feed.
pub(crate) struct Page {
    /// The events in it, in order.
    pub(crate) events: Vec<Placed>,
    /// Where the next part begins.
    pub(crate) end: Position,
    /// Whether the feed may go on behind it.
    pub(crate) is_full: bool,
}

/// What stands in the feed after a position.
///
/// # Errors
/// `UNAVAILABLE` when the database does not answer.
pub(crate) async fn after(db: &Db, position: Position) -> Outcome<Page> {
    let select =
        feed::Entity::find().filter(feed::Column::Seq.gt(position.seq)).order_by_asc(feed::Column::Seq).limit(PAGE);
    let entries = db.all_in_background(select).await?;
    Ok(Page {
        end: entries.last().map_or(position, place),
        is_full: entries.len() as u64 == PAGE,
        events: events_of(db, &entries).await?,
    })
}

async fn events_of(db: &Db, entries: &[feed::Model]) -> Outcome<Vec<Placed>> {
    let ids: Vec<_> = entries.iter().filter(|entry| entry.kind == FeedKind::Event).map(|entry| entry.ref_id).collect();
    let rows = match ids.is_empty() {
        true => Vec::new(),
        false => db.all_in_background(outbox::Entity::find().filter(outbox::Column::Id.is_in(ids))).await?,
    };
    let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let placed = |entry: &feed::Model| {
        let event = Arc::new(rows.remove(&entry.ref_id)?);
        Some(Placed { position: place(entry), event })
    };
    Ok(entries.iter().filter_map(placed).collect())
}

/// The events at these entries, in order; those that are not kept any more are left out.
///
/// # Errors
/// As [`after`].
pub(crate) async fn at(db: &Db, numbers: &[i64]) -> Outcome<Vec<Placed>> {
    let select = feed::Entity::find().filter(feed::Column::Seq.is_in(numbers.iter().copied()));
    let entries = db.all_in_background(select.order_by_asc(feed::Column::Seq)).await?;
    events_of(db, &entries).await
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
pub(crate) async fn knows(db: &Db, position: Position) -> Outcome<bool> {
    if position == Position::BEGINNING {
        return Ok(true);
    }
    let entry = db.one(feed::Entity::find_by_id(position.seq)).await?;
    Ok(entry.as_ref().map(place) == Some(position))
}

fn place(entry: &feed::Model) -> Position {
    Position::new(entry.seq, &entry.hash)
}
