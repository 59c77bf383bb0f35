//! Every query of the room: pages of the feed with what its entries point to, and the acts that vouch for what is gone.

use std::collections::{HashMap, HashSet};

use entity::{
    access_log, change, checkpoint,
    enums::{ChangeOp, FeedKind},
    feed,
    ids::AgencyCode,
    outbox, pruned, uncounted,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::model::{
    chain::{Content, Seen},
    checkpoint::Checkpoint,
};
use crate::platform::{
    db::Db,
    fault::Outcome,
    feed::{content, digest},
    page::{self, Page, Sort, SortValue, Window},
};

/// Entries of one page.
pub(super) const PAGE: usize = 1_000;
/// Rows among which the reasons of a page of changes are looked for.
const BESIDE: u64 = 1_000;

/// The last entry of the feed.
///
/// # Errors
/// `UNAVAILABLE` when the database does not answer.
pub(super) async fn end(db: &Db) -> Outcome<Option<feed::Model>> {
    let last = feed::Entity::find().order_by_desc(feed::Column::Seq).limit(1);
    Ok(db.all_in_background(last).await?.into_iter().next())
}

/// One entry.
///
/// # Errors
/// As [`end`].
pub(super) async fn entry(db: &Db, seq: i64) -> Outcome<Option<feed::Model>> {
    let entry = feed::Entity::find().filter(feed::Column::Seq.eq(seq));
    Ok(db.all_in_background(entry).await?.into_iter().next())
}

/// At most [`PAGE`] entries behind one, up to another, and the one that follows them.
///
/// # Errors
/// As [`end`].
pub(super) async fn page(db: &Db, after: i64, to: i64) -> Outcome<Vec<Seen>> {
    let select = feed::Entity::find()
        .filter(feed::Column::Seq.gt(after))
        .filter(feed::Column::Seq.lte(to))
        .order_by_asc(feed::Column::Seq)
        .limit(PAGE as u64 + 1);
    let entries = db.all_in_background(select).await?;
    let mut contents = contents(db, &entries).await?;
    // After the contents: what vouches for a content that is gone was there before it went.
    let spans = spans(db).await?;
    let mut left = left(db, &entries).await?;
    Ok(entries
        .into_iter()
        .map(|entry| Seen {
            content: contents.remove(&entry.ref_id),
            left: left.remove(&entry.ref_id),
            pruned: spans.get(&entry.kind).is_some_and(|to| entry.seq <= *to),
            entry,
        })
        .collect())
}

async fn contents(db: &Db, entries: &[feed::Model]) -> Outcome<HashMap<Uuid, Content>> {
    let ids = |kind| entries.iter().filter(|entry| entry.kind == kind).map(|entry| entry.ref_id).collect::<Vec<_>>();
    let mut found = HashMap::new();
    let (changes, events) = (ids(FeedKind::Change), ids(FeedKind::Event));
    if !changes.is_empty() {
        let select = change::Entity::find().filter(change::Column::Id.is_in(changes));
        for row in db.all_in_background(select).await? {
            let json = content(&row)?;
            found.insert(row.id, Content { json, salt: row.salt, place: (row.commit_id, row.position) });
        }
    }
    if !events.is_empty() {
        let select = outbox::Entity::find().filter(outbox::Column::Id.is_in(events));
        for row in db.all_in_background(select).await? {
            let json = content(&row)?;
            found.insert(row.id, Content { json, salt: row.salt, place: (row.commit_id, row.position) });
        }
    }
    Ok(found)
}

/// Of each kind the last entry whose content may be gone, as acts in the chain say.
async fn spans(db: &Db) -> Outcome<HashMap<FeedKind, i64>> {
    let mut spans = HashMap::new();
    for kind in [FeedKind::Change, FeedKind::Event] {
        let Some(row) = last_pruned(db, kind).await? else { continue };
        let acts = acts(db, "pruned", vec![row.id.as_hyphenated().to_string()]).await?;
        let vouched = |act: &change::Model| {
            let after = act.after.as_ref();
            after.is_some_and(|after| after["to_seq"] == row.to_seq && after["kind"] == kind.word())
        };
        if acts.iter().any(vouched) {
            spans.insert(kind, row.to_seq);
        }
    }
    Ok(spans)
}

/// The last span of a kind that was let go.
///
/// # Errors
/// As [`end`].
pub(super) async fn last_pruned(db: &Db, kind: FeedKind) -> Outcome<Option<pruned::Model>> {
    let last = pruned::Entity::find().filter(pruned::Column::Kind.eq(kind));
    let last = last.order_by_desc(pruned::Column::ToSeq).limit(1);
    Ok(db.all_in_background(last).await?.into_iter().next())
}

/// What was left of the contents of which a part was erased, as acts in the chain say.
async fn left(db: &Db, entries: &[feed::Model]) -> Outcome<HashMap<Uuid, Vec<u8>>> {
    let any = change::Entity::find().filter(change::Column::Entity.eq("erasure")).limit(1);
    if db.all_in_background(any).await?.is_empty() {
        return Ok(HashMap::new());
    }
    let keys = entries.iter().map(|entry| entry.ref_id.as_hyphenated().to_string()).collect();
    // In the order of time: the last act on a content is the one that counts.
    let acts = acts(db, "erasure", keys).await?;
    Ok(acts
        .into_iter()
        .filter_map(|act| {
            let left = hex::decode(act.after?["digest"].as_str()?).ok()?;
            Some((act.entity_id.parse().ok()?, left))
        })
        .collect())
}

/// The changes of some rows that are truly in the chain, or about to be put into it, in the order of time.
async fn acts(db: &Db, entity: &str, keys: Vec<String>) -> Outcome<Vec<change::Model>> {
    let select = change::Entity::find()
        .filter(change::Column::Entity.eq(entity))
        .filter(change::Column::EntityId.is_in(keys))
        .order_by_asc(change::Column::Id);
    let acts = db.all_in_background(select).await?;
    if acts.is_empty() {
        return Ok(acts);
    }
    let entries = feed::Entity::find().filter(feed::Column::RefId.is_in(acts.iter().map(|act| act.id)));
    let entries = db.all_in_background(entries).await?;
    let sums: HashMap<Uuid, Option<Vec<u8>>> = entries.into_iter().map(|entry| (entry.ref_id, entry.digest)).collect();
    let waiting = uncounted::Entity::find().filter(uncounted::Column::CommitId.is_in(acts.iter().map(|a| a.commit_id)));
    let waiting: HashSet<Uuid> = db.all_in_background(waiting).await?.into_iter().map(|row| row.commit_id).collect();
    let mut vouched = Vec::new();
    for act in acts {
        let holds = match sums.get(&act.id) {
            Some(sum) => sum.as_ref() == Some(&digest(act.salt.as_deref(), &content(&act)?)),
            None => waiting.contains(&act.commit_id),
        };
        if holds {
            vouched.push(act);
        }
    }
    Ok(vouched)
}

/// The checkpoints that cover entries of a span, each with the number of its last entry.
///
/// # Errors
/// As [`end`].
pub(super) async fn checkpoints(db: &Db, from: i64, to: i64) -> Outcome<Vec<(i64, Checkpoint)>> {
    let select = checkpoint::Entity::find()
        .filter(checkpoint::Column::Seq.gte(from))
        .filter(checkpoint::Column::Seq.lte(to))
        .order_by_asc(checkpoint::Column::Seq);
    let rows = db.all_in_background(select).await?;
    Ok(rows.into_iter().map(|row| (row.seq, Checkpoint { jws: row.jws, jwk: row.jwk })).collect())
}

/// Some checkpoints after an entry, the oldest first.
///
/// # Errors
/// As [`end`].
pub(super) async fn checkpoints_after(db: &Db, after: i64, most: u64) -> Outcome<Vec<checkpoint::Model>> {
    let select = checkpoint::Entity::find().filter(checkpoint::Column::Seq.gt(after));
    db.all(select.order_by_asc(checkpoint::Column::Seq).limit(most)).await
}

/// The last checkpoint.
///
/// # Errors
/// As [`end`].
pub(super) async fn last_checkpoint(db: &Db) -> Outcome<Option<checkpoint::Model>> {
    let last = checkpoint::Entity::find().order_by_desc(checkpoint::Column::Seq).limit(1);
    Ok(db.all_in_background(last).await?.into_iter().next())
}

/// Whose rows a caller may look back on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owners {
    /// Everybody's.
    All,
    /// Those of an agency; with the flag also those of the pact as a whole.
    Own(AgencyCode, bool),
    /// Nobody's.
    None,
}

impl Owners {
    fn on<C: ColumnTrait>(&self, owner: C) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::Own(agency, common) => {
                Condition::any().add(owner.eq(agency.clone())).add_option(common.then(|| owner.is_null()))
            }
            Self::None => Condition::all().add(sea_orm::sea_query::Expr::val(false)),
        }
    }
}

/// The changes of an object, the newest first.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub(super) async fn history(
    db: &Db,
    owners: &Owners,
    (kind, key): (&str, &str),
    window: &Window,
) -> Outcome<Page<change::Model>> {
    let sort = Sort {
        name: "HISTORY",
        columns: vec![change::Column::Id],
        descending: true,
        key: |row: &change::Model| vec![SortValue::Id(row.id)],
    };
    page::fetch(db, changes(owners, kind, key), &sort, window).await
}

/// What else came to be in some transactions: of a step its reason is a row of its own.
///
/// # Errors
/// `UNAVAILABLE`.
pub(super) async fn beside(db: &Db, commits: Vec<Uuid>, key: &str) -> Outcome<Vec<change::Model>> {
    let select = change::Entity::find()
        .filter(change::Column::CommitId.is_in(commits))
        .filter(change::Column::Op.eq(ChangeOp::Insert))
        .filter(change::Column::EntityId.ne(key))
        .order_by_asc(change::Column::CommitId)
        .order_by_asc(change::Column::Position);
    db.all(select.limit(BESIDE)).await
}

/// How many changes of an object there are.
///
/// # Errors
/// `UNAVAILABLE`.
pub(super) async fn count_history(db: &Db, owners: &Owners, (kind, key): (&str, &str)) -> Outcome<u64> {
    db.count(changes(owners, kind, key)).await
}

fn changes(owners: &Owners, kind: &str, key: &str) -> Select<change::Entity> {
    change::Entity::find()
        .filter(change::Column::Entity.eq(kind))
        .filter(change::Column::EntityId.eq(key))
        .filter(owners.on(change::Column::Owner))
}

/// Readings of what is protected, the newest first.
///
/// # Errors
/// As [`history`].
pub(super) async fn accesses(db: &Db, owners: &Owners, window: &Window) -> Outcome<Page<access_log::Model>> {
    let sort = Sort {
        name: "ACCESSES",
        columns: vec![access_log::Column::Id],
        descending: true,
        key: |row: &access_log::Model| vec![SortValue::Id(row.id)],
    };
    page::fetch(db, read(owners), &sort, window).await
}

/// How many readings there are.
///
/// # Errors
/// As [`count_history`].
pub(super) async fn count_accesses(db: &Db, owners: &Owners) -> Outcome<u64> {
    db.count(read(owners)).await
}

fn read(owners: &Owners) -> Select<access_log::Entity> {
    access_log::Entity::find().filter(owners.on(access_log::Column::Owner))
}
