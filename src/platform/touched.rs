//! What the feed says was written: of each entry the table and the keys, those of bulk writes included. Whoever keeps
//! something up to date reads this, and then the rows as they are now; so reading an entry twice does no harm.

use chrono::{DateTime, Utc};
use entity::{enums::ChangeOp, ids::AgencyCode};
use sea_orm::{FromQueryResult, Value};
use serde_json::Value as Json;

use super::{
    db::{Db, Dialect},
    fault::Outcome,
};

/// One entry of the feed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number.
    pub seq: i64,
    /// Its hash.
    pub hash: Vec<u8>,
    /// What was written; `None` for an event.
    pub written: Option<Written>,
}

/// What one entry of the change log says was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// Kind of the rows.
    pub entity: String,
    /// What was done.
    pub op: ChangeOp,
    /// When.
    pub at: DateTime<Utc>,
    /// The agency that owns them.
    pub owner: Option<AgencyCode>,
    /// Their keys; of a bulk write as many as were asked for.
    pub keys: Vec<String>,
    /// How many there are.
    pub count: u64,
    /// The changed columns as they were, where that was asked for and it is one row.
    pub before: Option<Json>,
    /// The changed columns as they became, where that was asked for and one row was edited.
    pub after: Option<Json>,
}

#[derive(FromQueryResult)]
struct Row {
    seq: i64,
    hash: Vec<u8>,
    entity: Option<String>,
    entity_id: Option<String>,
    op: Option<ChangeOp>,
    at: Option<DateTime<Utc>>,
    owner: Option<AgencyCode>,
    many: Option<Json>,
    number: Option<i64>,
    before: Option<Json>,
    after: Option<Json>,
}

/// The entries after one, with all keys of bulk writes and no content: for a follower.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn after(db: &Db, seq: i64, most: u64) -> Outcome<Vec<Entry>> {
    let sql = format!(
        "SELECT f.seq, f.hash, c.entity, c.entity_id, c.op, c.at, c.owner, \
         CASE WHEN c.op IN ('LOAD', 'CLOSEALL') THEN c.after END AS many, \
         CAST(NULL AS bigint) AS number, CASE WHEN 1 = 0 THEN c.before END AS before, \
         CASE WHEN 1 = 0 THEN c.after END AS after \
         FROM feed f LEFT JOIN change c ON f.kind = 'CHANGE' AND c.id = f.ref_id \
         WHERE f.seq > {} ORDER BY f.seq LIMIT {most}",
        db.dialect().place(1)
    );
    let rows: Vec<Row> = db.sql_in_background(&sql, vec![Value::from(seq)]).await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// A stretch of the feed as a caller reads it.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// The first entry.
    pub from: i64,
    /// How many entries at most.
    pub most: u64,
    /// How many keys of a bulk write at most.
    pub keys: u64,
    /// How many keys of the entry after `from` are passed over.
    pub passed: u64,
}

/// The entries from one on, each with what an edit changed and with a part of the keys of a bulk write.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn stretch(db: &Db, stretch: Stretch) -> Outcome<Vec<Entry>> {
    let Stretch { from, most, keys, passed } = stretch;
    let passed = format!("CASE WHEN f.seq = {} THEN {passed} ELSE 0 END", from + 1);
    // Only so many keys leave the database: one entry can name every line of a long annex.
    let (many, number) = match db.dialect() {
        Dialect::Postgres => (
            format!(
                "(SELECT jsonb_agg(k.value ORDER BY k.n) \
                 FROM jsonb_array_elements(c.after->'keys') WITH ORDINALITY k(value, n) \
                 WHERE k.n > {passed} AND k.n <= {passed} + {keys})"
            ),
            "jsonb_array_length(c.after->'keys')::int8",
        ),
        Dialect::Sqlite => (
            format!(
                "(SELECT json_group_array(k.value) FROM json_each(c.after, '$.keys') k \
                 WHERE k.key >= {passed} AND k.key < {passed} + {keys})"
            ),
            "json_array_length(c.after, '$.keys')",
        ),
    };
    let sql = format!(
        "SELECT f.seq, f.hash, c.entity, c.entity_id, c.op, c.at, c.owner, \
         CASE WHEN c.op IN ('LOAD', 'CLOSEALL') THEN {many} END AS many, \
         CASE WHEN c.op IN ('LOAD', 'CLOSEALL') THEN {number} END AS number, \
         CASE WHEN c.op IN ('UPDATE', 'REVISE', 'DELETE') THEN c.before END AS before, \
         CASE WHEN c.op IN ('UPDATE', 'REVISE') THEN c.after END AS after \
         FROM feed f LEFT JOIN change c ON f.kind = 'CHANGE' AND c.id = f.ref_id \
         WHERE f.seq >= {} ORDER BY f.seq LIMIT {most}",
        db.dialect().place(1)
    );
    let rows: Vec<Row> = db.sql(&sql, vec![Value::from(from)]).await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let Row { seq, hash, entity, entity_id, op, at, owner, many, number, before, after } = row;
        let written = entity.zip(entity_id).zip(op).zip(at).map(|(((entity, id), op), at)| {
            let keys = match many {
                Some(Json::Object(mut whole)) => listed(&whole.remove("keys").unwrap_or_default()),
                Some(part) => listed(&part),
                // A bulk write none of whose keys is left names its whole as its id.
                None if number.is_some() => Vec::new(),
                None => vec![id],
            };
            let count = number.map_or(keys.len() as u64, |number| number.max(0).cast_unsigned());
            Written { entity, op, at, owner, keys, count, before, after }
        });
        Self { seq, hash, written }
    }
}

fn listed(keys: &Json) -> Vec<String> {
    keys.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}
