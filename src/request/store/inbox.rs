//! The inbox: one short range of an index for each pile that is the caller's, merged by due date.

use chrono::{DateTime, Utc};
use entity::{
    enums::{ReferralStatus, RequestStatus, Side},
    ids::{ReferralId, RequestId},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::theirs::{Statement, Theirs};
use crate::{
    platform::{
        access::Actor,
        db::{Db, Dialect},
        fault::{Fault, Outcome},
    },
    request::model::queue::{REFERRALS, REQUESTS},
};

/// What lies in an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// A request.
    Request(RequestId),
    /// A referral.
    Referral(ReferralId),
}

/// Something that waits, with its place in the order: what is due first, what has no date last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What.
    pub what: Waiting,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// Bare id.
    pub id: Uuid,
}

/// Which part of an inbox. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboxFilter {
    /// For this side only.
    pub side: Option<Side>,
    /// Due at or before this instant.
    pub due_by: Option<DateTime<Utc>>,
    /// Requests in these statuses only.
    pub requests: Option<Vec<RequestStatus>>,
    /// Referrals in these statuses only.
    pub referrals: Option<Vec<ReferralStatus>>,
}

/// How much waits in one pile.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PileCount {
    /// `request`, `referral`, `offer` for offers that wait for an approver, `amendment` for changes of what was agreed.
    pub kind: String,
    /// Status.
    pub status: String,
    /// Side.
    pub side: String,
    /// How many rows.
    pub total: i64,
    /// How many of them are overdue.
    pub overdue: i64,
    /// How many of them are due soon, and not overdue.
    pub soon: i64,
}

/// A place in an inbox: when what stands there is due, and its bare id.
pub type Place = (DateTime<Utc>, Uuid);

/// The date of what has none.
const NEVER: DateTime<Utc> = entity::FOREVER.and_time(chrono::NaiveTime::MIN).and_utc();

/// What waits for somebody, what is due first; `after` is the last entry that was seen.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn inbox(
    db: &Db,
    actor: &Actor,
    filter: &InboxFilter,
    (after, limit): (Option<Place>, u64),
) -> Outcome<Vec<Entry>> {
    let theirs = Theirs::of(db, actor).await?;
    let mut sql = Statement { dialect: db.dialect(), values: Vec::new(), whole: false };
    let mut parts = Vec::new();
    for (status, side) in theirs.piles(REQUESTS, filter, filter.requests.as_deref()) {
        let condition = theirs.condition(&mut sql, "request", status.word(), side);
        parts.push(part(
            &mut sql,
            ("request", &condition, status == RequestStatus::Draft),
            (filter.due_by, after, limit),
        ));
    }
    for (status, side) in theirs.piles(REFERRALS, filter, filter.referrals.as_deref()) {
        let condition = theirs.condition(&mut sql, "referral", status.word(), side);
        parts.push(part(&mut sql, ("referral", &condition, false), (filter.due_by, after, limit)));
    }
    let referrals = filter.referrals.as_ref().is_none_or(|all| !all.is_empty());
    if referrals && theirs.approves(filter) {
        let condition = theirs.pending(&mut sql, filter.referrals.as_deref());
        parts.push(part(&mut sql, ("referral", &condition, false), (filter.due_by, after, limit)));
    }
    for side in theirs.signs(filter).into_iter().filter(|_| referrals) {
        let condition = theirs.amended(&mut sql, side, filter.referrals.as_deref());
        parts.push(part(&mut sql, ("referral", &condition, false), (filter.due_by, after, limit)));
    }
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    // A referral may wait for its next step and for a signature: it lies there once.
    let text = format!("{} ORDER BY due, id LIMIT {limit}", parts.join(" UNION "));
    let rows: Vec<Row> = db.sql(&text, sql.values).await?;
    rows.into_iter().map(Row::entry).collect()
}

#[derive(FromQueryResult)]
struct Row {
    kind: String,
    id: Uuid,
    due: DateTime<Utc>,
}

impl Row {
    fn entry(self) -> Outcome<Entry> {
        let what = match self.kind.as_str() {
            "request" => Waiting::Request(RequestId(self.id)),
            "referral" => Waiting::Referral(ReferralId(self.id)),
            other => return Err(Fault::internal(format!("an inbox has no {other}"))),
        };
        Ok(Entry { what, due_at: self.due, id: self.id })
    }
}

/// The first rows of one pile. A pile has a date in every row, or, `undated`, in none, so that the order of its index serves.
fn part(
    sql: &mut Statement,
    (table, condition, undated): (&str, &str, bool),
    (due_by, after, limit): (Option<DateTime<Utc>>, Option<Place>, u64),
) -> String {
    let mut text = condition.to_owned();
    let due = if undated { sql_never(sql.dialect) } else { "t.due_at".to_owned() };
    if let Some(by) = due_by {
        text.push_str(&match undated {
            true => " AND FALSE".to_owned(),
            false => format!(" AND t.due_at <= {}", sql.bind(by)),
        });
    }
    if let Some((at, id)) = after {
        text.push_str(&match (undated, at >= NEVER) {
            (true, true) => format!(" AND t.id > {}", sql.bind(id)),
            (true, false) => String::new(),
            (false, _) => {
                let (one, two, three) = (sql.bind(at), sql.bind(at), sql.bind(id));
                format!(" AND t.due_at >= {one} AND (t.due_at > {two} OR t.id > {three})")
            }
        });
    }
    format!(
        "SELECT * FROM (SELECT '{table}' AS kind, t.id AS id, {due} AS due FROM {table} t WHERE {text} \
         ORDER BY t.due_at, t.id LIMIT {limit}) p{}",
        sql.values.len()
    )
}

fn sql_never(dialect: Dialect) -> String {
    let text = NEVER.format("%Y-%m-%dT%H:%M:%S+00:00");
    match dialect {
        Dialect::Postgres => format!("TIMESTAMPTZ '{text}'"),
        Dialect::Sqlite => format!("'{text}'"),
    }
}

/// How much waits for somebody, by pile.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn inbox_counts(
    db: &Db,
    actor: &Actor,
    (now, soon): (DateTime<Utc>, DateTime<Utc>),
) -> Outcome<Vec<PileCount>> {
    let theirs = Theirs::of(db, actor).await?;
    let filter = InboxFilter::default();
    let mut sql = Statement { dialect: db.dialect(), values: Vec::new(), whole: true };
    let mine = theirs.mine(&mut sql);
    let mut parts = Vec::new();
    let mut piles: Vec<(&str, &str, Side)> = Vec::new();
    piles.extend(theirs.piles(REQUESTS, &filter, None).iter().map(|(status, side)| ("request", status.word(), *side)));
    piles
        .extend(theirs.piles(REFERRALS, &filter, None).iter().map(|(status, side)| ("referral", status.word(), *side)));
    for (table, status, side) in piles {
        let (overdue, after, by) = (sql.bind(now), sql.bind(now), sql.bind(soon));
        let condition = theirs.condition(&mut sql, table, status, side);
        parts.push(format!(
            "SELECT '{table}' AS kind, '{status}' AS status, '{}' AS side, COUNT(*) AS total, \
             COUNT(CASE WHEN t.due_at <= {overdue} THEN 1 END) AS overdue, \
             COUNT(CASE WHEN t.due_at > {after} AND t.due_at <= {by} THEN 1 END) AS soon \
             FROM {table} t WHERE {condition}",
            side.word()
        ));
    }
    if theirs.approves(&filter) {
        let (overdue, after, by) = (sql.bind(now), sql.bind(now), sql.bind(soon));
        let condition = theirs.pending(&mut sql, None);
        parts.push(format!(
            "SELECT 'offer' AS kind, '' AS status, 'PROVIDER' AS side, COUNT(*) AS total, \
             COUNT(CASE WHEN t.due_at <= {overdue} THEN 1 END) AS overdue, \
             COUNT(CASE WHEN t.due_at > {after} AND t.due_at <= {by} THEN 1 END) AS soon \
             FROM referral t WHERE {condition}"
        ));
    }
    for side in theirs.signs(&filter) {
        let (overdue, after, by) = (sql.bind(now), sql.bind(now), sql.bind(soon));
        let condition = theirs.amended(&mut sql, side, None);
        parts.push(format!(
            "SELECT 'amendment' AS kind, '' AS status, '{}' AS side, COUNT(*) AS total, \
             COUNT(CASE WHEN t.amendment_until <= {overdue} THEN 1 END) AS overdue, \
             COUNT(CASE WHEN t.amendment_until > {after} AND t.amendment_until <= {by} THEN 1 END) AS soon \
             FROM referral t WHERE {condition}",
            side.word()
        ));
    }
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    db.sql(&format!("{mine}{}", parts.join(" UNION ALL ")), sql.values).await
}
