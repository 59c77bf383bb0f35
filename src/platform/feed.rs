//! The sequencer: puts what was committed into one gapless order, chained by hash.
//!
//! A number taken inside a transaction can commit out of order, and a reader that has passed it loses it. So each
//! writing transaction leaves one row in `uncounted`, and after the commit a sequencer takes these rows, one at a time
//! across all nodes (an advisory lock on PostgreSQL, the single writer on SQLite), and appends to `feed` what they
//! point to. Followers and the audit chain read `feed` and nothing else.

use std::collections::BTreeMap;

use entity::{change, enums::FeedKind, feed, outbox, uncounted};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    db::Db,
    fault::{Fault, Outcome},
};

/// Transactions taken in one turn. Few, because one of them can be the load of a whole annex or of a file, whose entries
/// name every row.
const BATCH: u64 = 16;

/// Runs until `stop` resolves: after each commit of this node, and at least once a second for those of nodes that died.
pub async fn run(db: Db, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    let mut idle = tokio::time::interval(std::time::Duration::from_secs(1));
    idle.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = &mut stop => break,
            () = db.committed() => {}
            _ = idle.tick() => {}
        }
        if let Err(fault) = drain(&db).await {
            tracing::warn!(error = %fault, cause = ?std::error::Error::source(&fault), "the feed could not be advanced; it will be tried again");
        }
    }
    if let Err(fault) = drain(&db).await {
        tracing::warn!(error = %fault, "the feed could not be advanced at the end; the next start does it");
    }
}

/// Takes turns until nothing is left. Returns how many entries were appended.
///
/// # Errors
/// `UNAVAILABLE` when the database does not answer; whole turns stay done.
pub async fn drain(db: &Db) -> Outcome<u64> {
    let mut appended = 0;
    loop {
        if !db.has_uncounted().await? {
            return Ok(appended);
        }
        appended += db.sequence(BATCH).await?;
    }
}

/// What a turn appends, and the hash of each.
pub(in crate::platform) fn chain(
    last: Option<feed::Model>,
    commits: &[Uuid],
    rows: (Vec<change::Model>, Vec<outbox::Model>),
    at: chrono::DateTime<chrono::Utc>,
) -> Outcome<Vec<feed::Model>> {
    let mut ordered: BTreeMap<(usize, i32), (FeedKind, Uuid, Json)> = BTreeMap::new();
    let place = |commit: Uuid| commits.iter().position(|each| *each == commit).unwrap_or(usize::MAX);
    for row in rows.0 {
        ordered.insert((place(row.commit_id), row.position), (FeedKind::Change, row.id, json(&row)?));
    }
    for row in rows.1 {
        ordered.insert((place(row.commit_id), row.position), (FeedKind::Event, row.id, json(&row)?));
    }
    let (mut seq, mut hash) = last.map_or((0, vec![0; 32]), |entry| (entry.seq, entry.hash));
    Ok(ordered
        .into_values()
        .map(|(kind, ref_id, content)| {
            seq += 1;
            hash = link(&hash, seq, &content);
            feed::Model { seq, kind, ref_id, at, hash: hash.clone() }
        })
        .collect())
}

/// The hash of an entry: SHA-256 over the hash before it, its number and its content in canonical JSON.
pub fn link(before: &[u8], seq: i64, content: &Json) -> Vec<u8> {
    let mut sha = Sha256::new();
    sha.update(before);
    sha.update(seq.to_be_bytes());
    sha.update(canonical(content).as_bytes());
    sha.finalize().to_vec()
}

fn json<T: Serialize>(row: &T) -> Outcome<Json> {
    serde_json::to_value(row).map_err(Fault::internal)
}

/// JSON with sorted keys and no blanks, so that the databases' own spellings do not matter.
fn canonical(value: &Json) -> String {
    match value {
        Json::Object(map) => {
            let sorted: BTreeMap<_, _> = map.iter().collect();
            let members: Vec<String> = sorted
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Json::from(key.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        scalar => scalar.to_string(),
    }
}

/// The selects of a turn.
pub(in crate::platform) fn waiting(limit: u64) -> sea_orm::Select<uncounted::Entity> {
    uncounted::Entity::find().order_by_asc(uncounted::Column::CommitId).limit(limit)
}

pub(in crate::platform) fn changes_of(commits: &[Uuid]) -> sea_orm::Select<change::Entity> {
    change::Entity::find().filter(change::Column::CommitId.is_in(commits.iter().copied()))
}

pub(in crate::platform) fn events_of(commits: &[Uuid]) -> sea_orm::Select<outbox::Entity> {
    outbox::Entity::find().filter(outbox::Column::CommitId.is_in(commits.iter().copied()))
}

pub(in crate::platform) fn last_entry() -> sea_orm::Select<feed::Entity> {
    feed::Entity::find().order_by_desc(feed::Column::Seq).limit(1)
}
