//! Which searches are to be asked, and what they have found.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::{ids::SavedSearchId, saved_search, saved_search_match, saved_search_watch};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter,
    sea_query::{Condition, Expr},
};
use uuid::Uuid;

use super::model::RELEVANT;
use crate::platform::{
    db::{Db, Tx},
    fault::Outcome,
};

/// Searches that are asked in one turn.
const TURN: usize = 50;

#[derive(FromQueryResult)]
struct Last {
    seq: Option<i64>,
}

/// The last entry of the feed in a stretch that can bring a match.
pub(super) async fn relevant(db: &Db, after: i64, upto: i64) -> Outcome<Option<i64>> {
    let kinds: Vec<String> = RELEVANT.iter().map(|kind| format!("'{kind}'")).collect();
    let sql = format!(
        "SELECT MAX(f.seq) AS seq FROM feed f JOIN change c ON c.id = f.ref_id \
         WHERE f.kind = 'CHANGE' AND f.seq > {} AND f.seq <= {} AND c.entity IN ({})",
        db.dialect().place(1),
        db.dialect().place(2),
        kinds.join(", ")
    );
    let found: Vec<Last> = db.sql_in_background(&sql, vec![after.into(), upto.into()]).await?;
    Ok(found.first().and_then(|last| last.seq))
}

/// When searches are due.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    /// Those that were asked after this are not.
    pub(super) asked_before: DateTime<Utc>,
    /// Those that were asked before this day began are, whatever has changed.
    pub(super) day_began: DateTime<Utc>,
    /// Those that were asked of an index that had not read this entry are.
    pub(super) changed: i64,
}

#[derive(FromQueryResult)]
struct Id {
    id: SavedSearchId,
}

/// The searches that are due, those first that were asked the longest ago.
pub(super) async fn due(db: &Db, due: Due) -> Outcome<Vec<SavedSearchId>> {
    let place = |n| db.dialect().place(n);
    let sql = format!(
        "SELECT s.id FROM saved_search s LEFT JOIN saved_search_watch w ON w.search_id = s.id \
         WHERE s.notify AND (w.search_id IS NULL OR w.asked_at <= {} \
         AND (w.asked_at < {} OR w.seq < {} OR s.updated_at > w.asked_at)) \
         ORDER BY COALESCE(w.asked_at, s.created_at), s.id LIMIT {TURN}",
        place(1),
        place(2),
        place(3)
    );
    let values = vec![due.asked_before.into(), due.day_began.into(), due.changed.into()];
    let found: Vec<Id> = db.sql_in_background(&sql, values).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// A search and what is known of it, if it is there.
pub(super) async fn search(tx: &Tx, id: SavedSearchId) -> Outcome<Option<saved_search::Model>> {
    tx.one(saved_search::Entity::find_by_id(id)).await
}

/// Takes a search to be asked now, if nobody has taken it since `asked_before`.
pub(super) async fn claim(tx: &mut Tx, id: SavedSearchId, asked_before: DateTime<Utc>) -> Outcome<bool> {
    use saved_search_watch::{Column, Entity, Model};
    let now = tx.now();
    if tx.first::<Entity>(Model { search_id: id, asked_at: now, question: String::new(), seq: 0 }).await? {
        return Ok(true);
    }
    let guard = Condition::all().add(Column::SearchId.eq(id)).add(Column::AskedAt.lte(asked_before));
    Ok(tx.count::<Entity>(vec![(Column::AskedAt, Expr::value(now))], guard).await? == 1)
}

/// The question whose matches are kept.
pub(super) async fn kept(tx: &Tx, id: SavedSearchId) -> Outcome<Option<String>> {
    let select = saved_search_watch::Entity::find_by_id(id);
    Ok(tx.all_locked(select).await?.into_iter().next().map(|row| row.question))
}

/// Notes whose matches are kept, and how far the index was.
pub(super) async fn note(tx: &mut Tx, id: SavedSearchId, question: String, seq: i64) -> Outcome<()> {
    use saved_search_watch::{Column, Entity};
    let moves = vec![(Column::Question, Expr::value(question)), (Column::Seq, Expr::value(seq))];
    tx.count::<Entity>(moves, Condition::all().add(Column::SearchId.eq(id))).await.map(drop)
}

/// What a search has ever found.
pub(super) async fn found(tx: &Tx, id: SavedSearchId) -> Outcome<HashSet<Uuid>> {
    use saved_search_match::{Column, Entity};
    let rows = tx.all(Entity::find().filter(Column::SearchId.eq(id))).await?;
    Ok(rows.into_iter().map(|row| row.match_id).collect())
}

/// Keeps matches.
pub(super) async fn keep(tx: &mut Tx, id: SavedSearchId, matches: &[Uuid]) -> Outcome<()> {
    let row = |match_id: &Uuid| saved_search_match::Model { search_id: id, match_id: *match_id };
    tx.lay_out::<saved_search_match::Entity>(matches.iter().map(row).collect()).await
}
