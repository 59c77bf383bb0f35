//! The sequencer: puts what was committed into one gapless order, chained by hash.
//!
//! A number taken inside a transaction can commit out of order, and a reader that has passed it loses it. So each
//! writing transaction leaves one row in `uncounted`, and after the commit a sequencer takes these rows, one at a time
//! across all nodes (an advisory lock on PostgreSQL, the single writer on SQLite), and appends to `feed` what they
//! point to. Followers and the audit chain read `feed` and nothing else.
//!
//! An entry's hash covers a digest of its content and not the content, so that what must be erased, or has had its time,
//! can go and the chain stays whole. The digest is salted: whoever has it cannot find erased content by guessing.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    time::Duration,
};

use chrono::{DateTime, SubsecRound, Utc};
use entity::{change, enums::FeedKind, feed, outbox, uncounted};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde::Serialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    db::{Db, Dialect, among},
    fault::{Fault, Outcome},
    pace::Gap,
};

/// Transactions taken in one turn. Few, because one of them can be the load of a whole annex or of a file, whose entries name
/// every row.
pub(in crate::platform) const FEW: usize = 16;
/// And at most, where as many wait that are small together.
const MANY: u64 = 256;
/// Changes that are still small together.
const SMALL: i64 = 2_048;

/// The shortest time between two turns while commits come in a stream: what comes meanwhile shares the next one. What comes
/// alone gets its number at once.
const GAP: Duration = Duration::from_millis(10);

/// What one turn did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::platform) struct Turn {
    /// Entries that it appended.
    pub(in crate::platform) entries: u64,
    /// Whether it has left some that were there.
    pub(in crate::platform) more: bool,
}

/// Runs until `stop` resolves: after each commit of this node, and at least once a second for those of nodes that died.
pub async fn run(db: Db, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    let mut idle = tokio::time::interval(Duration::from_secs(1));
    idle.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut gap = Gap::of(GAP);
    loop {
        let due = async {
            db.committed().await;
            gap.passed().await;
        };
        tokio::select! {
            () = &mut stop => break,
            () = due => {}
            _ = idle.tick() => {}
        }
        let followed = follow(&db).await;
        gap.ended();
        if let Err(fault) = followed {
            tracing::warn!(error = %fault, cause = ?std::error::Error::source(&fault), "the feed could not be advanced; it will be tried again");
        }
    }
    if let Err(fault) = drain(&db).await {
        tracing::warn!(error = %fault, "the feed could not be advanced at the end; the next start does it");
    }
}

/// Takes turns until one has left nothing: what is committed from then on has its own.
async fn follow(db: &Db) -> Outcome<()> {
    if db.has_uncounted().await? {
        while db.sequence(MANY).await?.more {}
    }
    Ok(())
}

/// Takes turns until nothing is left. Returns how many entries were appended.
///
/// # Errors
/// `UNAVAILABLE` when the database does not answer; whole turns stay done.
pub async fn drain(db: &Db) -> Outcome<u64> {
    let mut appended = 0;
    while db.has_uncounted().await? {
        appended += db.sequence(MANY).await?.entries;
    }
    Ok(appended)
}

/// What a turn appends, and the hash of each.
pub(in crate::platform) fn chain(
    last: Option<feed::Model>,
    commits: &[Uuid],
    rows: (Vec<change::Model>, Vec<outbox::Model>),
    at: DateTime<Utc>,
) -> Outcome<Vec<feed::Model>> {
    let places: HashMap<Uuid, usize> = commits.iter().enumerate().map(|(at, commit)| (*commit, at)).collect();
    let place = |commit: &Uuid| places.get(commit).copied().unwrap_or(usize::MAX);
    let mut ordered: BTreeMap<(usize, i32), (FeedKind, Uuid, Vec<u8>)> = BTreeMap::new();
    for row in rows.0 {
        let digest = digest(row.salt.as_deref(), &content(&row)?);
        ordered.insert((place(&row.commit_id), row.position), (FeedKind::Change, row.id, digest));
    }
    for row in rows.1 {
        let digest = digest(row.salt.as_deref(), &content(&row)?);
        ordered.insert((place(&row.commit_id), row.position), (FeedKind::Event, row.id, digest));
    }
    // As finely as both databases keep it: the instant is part of the hash.
    let at = at.trunc_subsecs(6);
    let (mut seq, mut hash) = last.map_or((0, BEGINNING.to_vec()), |entry| (entry.seq, entry.hash));
    Ok(ordered
        .into_values()
        .map(|(kind, ref_id, digest)| {
            seq += 1;
            hash = link(&hash, (seq, kind, at), &digest);
            feed::Model { seq, kind, ref_id, at, hash: hash.clone(), digest: Some(digest) }
        })
        .collect())
}

/// The hash before the first entry.
pub const BEGINNING: [u8; 32] = [0; 32];

/// Begins what an entry's hash is taken over, so that no other formula can be mistaken for it.
const MARK: &[u8] = b"labpact.feed.v2\n";

/// The hash of an entry: SHA-256 over the hash before it, its number, its kind, its instant and the digest of its content.
/// The content itself may go; the chain stays.
pub fn link(before: &[u8], (seq, kind, at): (i64, FeedKind, DateTime<Utc>), digest: &[u8]) -> Vec<u8> {
    let mut sha = Sha256::new();
    sha.update(MARK);
    sha.update(before);
    sha.update(seq.to_be_bytes());
    sha.update([match kind {
        FeedKind::Change => b'C',
        FeedKind::Event => b'E',
    }]);
    sha.update(at.timestamp_micros().to_be_bytes());
    sha.update(digest);
    sha.finalize().to_vec()
}

/// The hash of an entry from before there were digests: SHA-256 over the hash before it, its number and its content.
pub fn link_plain(before: &[u8], seq: i64, content: &Json) -> Vec<u8> {
    let mut sha = Sha256::new();
    sha.update(before);
    sha.update(seq.to_be_bytes());
    sha.update(canonical(content).as_bytes());
    sha.finalize().to_vec()
}

/// The digest of a content: SHA-256 over its salt and its canonical JSON.
pub fn digest(salt: Option<&[u8]>, content: &Json) -> Vec<u8> {
    let mut sha = Sha256::new();
    sha.update(salt.unwrap_or_default());
    sha.update(canonical(content).as_bytes());
    sha.finalize().to_vec()
}

/// The content of a change or an event as the digest covers it: all its columns but the salt.
///
/// # Errors
/// `INTERNAL` for a row that is no JSON.
pub fn content<T: Serialize>(row: &T) -> Outcome<Json> {
    serde_json::to_value(row).map_err(Fault::internal)
}

/// JSON with sorted keys and no blanks, so that the databases' own spellings do not matter.
fn canonical(value: &Json) -> String {
    let mut out = String::with_capacity(512);
    spell(value, &mut out);
    out
}

fn spell(value: &Json, out: &mut String) {
    match value {
        Json::Object(map) => {
            let mut sorted: Vec<_> = map.iter().collect();
            sorted.sort_unstable_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (at, (key, value)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                let _ = write!(out, "{}:", Json::from(key.as_str()));
                spell(value, out);
            }
            out.push('}');
        }
        Json::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                spell(item, out);
            }
            out.push(']');
        }
        scalar => {
            let _ = write!(out, "{scalar}");
        }
    }
}

/// The selects of a turn.
pub(in crate::platform) fn waiting(limit: u64) -> sea_orm::Select<uncounted::Entity> {
    uncounted::Entity::find().order_by_asc(uncounted::Column::CommitId).limit(limit)
}

/// Counts the changes of some transactions, and of them the bulk writes, whose one entry names every row.
pub(in crate::platform) fn weight_of(dialect: Dialect, commits: &[Uuid]) -> sea_orm::Select<change::Entity> {
    let bulk = "COUNT(CASE WHEN op IN ('LOAD', 'CLOSEALL') THEN 1 END)";
    changes_of(dialect, commits).select_only().expr(Expr::cust("COUNT(*)")).expr(Expr::cust(bulk))
}

/// Whether so many changes, so many of them bulk writes, are small together.
pub(in crate::platform) const fn is_small(changes: i64, bulk: i64) -> bool {
    changes <= SMALL && bulk == 0
}

pub(in crate::platform) fn changes_of(dialect: Dialect, commits: &[Uuid]) -> sea_orm::Select<change::Entity> {
    change::Entity::find().filter(among(dialect, change::Column::CommitId, commits.iter().copied()))
}

pub(in crate::platform) fn events_of(dialect: Dialect, commits: &[Uuid]) -> sea_orm::Select<outbox::Entity> {
    outbox::Entity::find().filter(among(dialect, outbox::Column::CommitId, commits.iter().copied()))
}

pub(in crate::platform) fn last_entry() -> sea_orm::Select<feed::Entity> {
    feed::Entity::find().order_by_desc(feed::Column::Seq).limit(1)
}
