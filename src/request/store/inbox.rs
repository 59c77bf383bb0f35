//! The inbox: one short range of an index for each pile that is the caller's, merged by due date.

use chrono::{DateTime, Utc};
use entity::{
    enums::{ReferralStatus, RequestStatus, Side},
    ids::{AgencyCode, ReferralId, RequestId},
};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::decision::mark;
use crate::{
    approval::{model::counsel::spellings, store::read_principals},
    identity::scopes,
    platform::{
        access::Actor,
        db::{Db, Dialect},
        fault::{Fault, Outcome},
    },
    request::{
        model::queue::{AMENDMENTS, Pile, REFERRALS, REQUESTS},
        policy::{Limits, Party, who},
    },
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

/// A statement that is being written, with its values in order.
struct Statement {
    dialect: Dialect,
    values: Vec<Value>,
}

impl Statement {
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        self.dialect.place(self.values.len())
    }

    fn keys(&mut self, ids: Vec<Uuid>) -> String {
        self.values.push(self.dialect.keys(ids));
        self.dialect.keys_table(self.values.len())
    }
}

/// Who looks, and what of it is theirs.
struct Desk<'a> {
    actor: &'a Actor,
    own: Option<AgencyCode>,
    limits: Option<Box<Limits>>,
    who: String,
    /// For whom they stand in today.
    principals: Vec<String>,
}

impl<'a> Desk<'a> {
    async fn of(db: &Db, actor: &'a Actor) -> Outcome<Self> {
        let limits = match Party::of(actor) {
            Party::Sites(_, limits) => Some(limits),
            Party::All | Party::Agency(_) | Party::Nobody => None,
        };
        let (own, who) = (actor.agency.clone(), who(actor));
        let principals = match &own {
            Some(agency) => read_principals(db, agency, (&spellings(&who), db.clock().today())).await?,
            None => Vec::new(),
        };
        Ok(Self { actor, own, limits, who, principals })
    }

    fn has<S>(&self, pile: &Pile<S>) -> bool {
        let limited = self.limits.is_some() && pile.side != Side::Provider;
        self.actor.holds(pile.scope) && !limited && (self.own.is_some() || pile.side == Side::Coordinator)
    }

    /// The piles of a table that are the caller's, each status and side once.
    fn piles<S: Copy + PartialEq>(
        &self,
        table: &'static [Pile<S>],
        filter: &InboxFilter,
        wanted: Option<&[S]>,
    ) -> Vec<(S, Side)> {
        let mut found: Vec<(S, Side)> = Vec::new();
        for pile in table {
            let asked = filter.side.is_none_or(|side| side == pile.side)
                && wanted.is_none_or(|statuses| statuses.contains(&pile.status));
            if asked && self.has(pile) && !found.contains(&(pile.status, pile.side)) {
                found.push((pile.status, pile.side));
            }
        }
        found
    }

    /// The condition of one pile, as far as the row alone can tell.
    fn condition(&self, sql: &mut Statement, table: &str, status: &str, side: Side) -> String {
        let mut condition = format!("t.status = {}", sql.bind(status));
        if let (Some(own), column) = (&self.own, column(table, side))
            && side != Side::Coordinator
        {
            condition.push_str(&format!(" AND t.{column} = {}", sql.bind(own.as_str())));
        }
        if table == "request" && status == RequestStatus::PendingApproval.word() {
            let (a, b) = (sql.bind(self.who.as_str()), sql.bind(self.who.as_str()));
            condition.push_str(&format!(" AND t.author <> {a} AND t.submitted_by <> {b}"));
            self.decides(sql, "t.decision_id", &mut condition);
        }
        if table == "referral" && self.decides_alone(status, side) {
            self.decides(sql, "t.decision_id", &mut condition);
        }
        // What an officer has answered, and an approver looks at, does not wait for the officer.
        let answered = [ReferralStatus::Sent, ReferralStatus::Acknowledged, ReferralStatus::RetryLater];
        if table == "referral" && answered.iter().any(|one| one.word() == status) {
            condition.push_str(" AND t.pending_offer_id IS NULL");
        }
        if table == "referral" && side == Side::Coordinator {
            condition.push_str(" AND t.due_side = 'COORDINATOR'");
            return condition;
        }
        if table == "referral" && status == ReferralStatus::Accepted.word() {
            let own = sql.bind(self.who.as_str());
            condition.push_str(&format!(
                " AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.id = t.offer_id AND o.author = {own})"
            ));
        }
        if table == "referral" && side == Side::Requester {
            condition.push_str(" AND t.due_at IS NOT NULL");
        }
        if let (Some(limits), "referral") = (&self.limits, table) {
            self.limit(sql, limits, &mut condition);
        }
        condition
    }

    /// Whether all that the caller can do with a pile is to decide.
    fn decides_alone(&self, status: &str, side: Side) -> bool {
        let is = |one: ReferralStatus| one.word() == status;
        let writes = is(ReferralStatus::Conditional) && self.actor.holds(scopes::REQUEST_CREATE);
        let provider = is(ReferralStatus::Accepted) || is(ReferralStatus::CancelRequested);
        let requester = is(ReferralStatus::Offered) || is(ReferralStatus::Conditional);
        match side {
            Side::Provider => provider,
            Side::Requester => requester && !writes,
            _ => false,
        }
    }

    /// Where a rule decides: only what waits for the caller, or for somebody for whom they stand in.
    fn decides(&self, sql: &mut Statement, column: &str, condition: &mut String) {
        let has = sql.dialect.position();
        let mut named = vec!["d.deciders IS NULL".to_owned()];
        let spelled = spellings(&self.who);
        for person in spelled.iter().chain(&self.principals) {
            named.push(format!("{has}(d.deciders, {}) > 0", sql.bind(mark(person))));
        }
        let done = sql.bind(mark(&self.who));
        condition.push_str(&format!(
            " AND ({column} IS NULL OR EXISTS (SELECT 1 FROM decision d WHERE d.id = {column} \
             AND ({}) AND {has}(d.decided, {done}) = 0))",
            named.join(" OR ")
        ));
    }

    /// Whether the caller approves offers before they go out.
    fn approves(&self, filter: &InboxFilter) -> bool {
        let asked = filter.side.is_none_or(|side| side == Side::Provider);
        asked && self.own.is_some() && self.actor.holds(scopes::SUPPLY_APPROVE)
    }

    /// The condition of offers that wait for an approver: not for whoever wrote them.
    fn pending(&self, sql: &mut Statement, statuses: Option<&[ReferralStatus]>) -> String {
        let own = self.own.as_ref().map_or("", AgencyCode::as_str).to_owned();
        let (own, who) = (sql.bind(own), sql.bind(self.who.as_str()));
        let mut condition = format!(
            "t.pending_offer_id IS NOT NULL AND t.agency = {own} AND t.due_at IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.id = t.pending_offer_id AND o.author = {who})"
        );
        self.decides(sql, "t.pending_decision_id", &mut condition);
        self.narrow(sql, statuses, &mut condition);
        condition
    }

    fn narrow(&self, sql: &mut Statement, statuses: Option<&[ReferralStatus]>, condition: &mut String) {
        if let Some(statuses) = statuses {
            let words: Vec<String> = statuses.iter().map(|status| sql.bind(status.word())).collect();
            condition.push_str(&format!(" AND t.status IN ({})", words.join(", ")));
        }
        if let Some(limits) = &self.limits {
            self.limit(sql, limits, condition);
        }
    }

    /// The sides for which the caller signs changes of what was agreed.
    fn signs(&self, filter: &InboxFilter) -> Vec<Side> {
        let asked = |side: Side| filter.side.is_none_or(|wanted| wanted == side);
        let signed = AMENDMENTS.iter().filter(|(side, scope)| {
            let limited = self.limits.is_some() && *side != Side::Provider;
            asked(*side) && self.actor.holds(scope) && !limited && self.own.is_some()
        });
        signed.map(|(side, _)| *side).collect()
    }

    /// The condition of changes that wait for a signature of a side: not by whoever wrote them.
    fn amended(&self, sql: &mut Statement, side: Side, statuses: Option<&[ReferralStatus]>) -> String {
        let (side_word, own) = (sql.bind(side.word()), self.own.as_ref().map_or("", AgencyCode::as_str).to_owned());
        let (own, who) = (sql.bind(own), sql.bind(self.who.as_str()));
        let mut condition = format!(
            "t.amendment_side = {side_word} AND t.{} = {own} AND t.due_at IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.id = t.amendment_id AND o.author = {who})",
            column("referral", side)
        );
        if side == Side::Requester {
            let (one, two) = (sql.bind(self.who.as_str()), sql.bind(self.who.as_str()));
            condition.push_str(&format!(
                " AND NOT EXISTS (SELECT 1 FROM request r WHERE r.id = t.request_id \
                 AND (r.author = {one} OR r.submitted_by = {two}))"
            ));
        }
        self.decides(sql, "t.amendment_decision_id", &mut condition);
        self.narrow(sql, statuses, &mut condition);
        condition
    }

    fn limit(&self, sql: &mut Statement, limits: &Limits, condition: &mut String) {
        if let Some(labs) = &limits.labs {
            let keys = sql.keys(labs.iter().map(|id| id.0).collect());
            condition.push_str(&format!(" AND t.lab_id IN (SELECT id FROM {keys} k)"));
        }
        if let Some(institutions) = &limits.institutions {
            let keys = sql.keys(institutions.iter().map(|id| id.0).collect());
            condition.push_str(&format!(
                " AND t.lab_id IN (SELECT l.id FROM lab l WHERE l.institution_id IN (SELECT id FROM {keys} k))"
            ));
        }
    }
}

fn column(table: &str, side: Side) -> &'static str {
    match (table, side) {
        ("referral", Side::Requester) => "requester",
        _ => "agency",
    }
}

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
    let desk = Desk::of(db, actor).await?;
    let mut sql = Statement { dialect: db.dialect(), values: Vec::new() };
    let mut parts = Vec::new();
    for (status, side) in desk.piles(REQUESTS, filter, filter.requests.as_deref()) {
        let condition = desk.condition(&mut sql, "request", status.word(), side);
        parts.push(part(
            &mut sql,
            ("request", &condition, status == RequestStatus::Draft),
            (filter.due_by, after, limit),
        ));
    }
    for (status, side) in desk.piles(REFERRALS, filter, filter.referrals.as_deref()) {
        let condition = desk.condition(&mut sql, "referral", status.word(), side);
        parts.push(part(&mut sql, ("referral", &condition, false), (filter.due_by, after, limit)));
    }
    let referrals = filter.referrals.as_ref().is_none_or(|all| !all.is_empty());
    if referrals && desk.approves(filter) {
        let condition = desk.pending(&mut sql, filter.referrals.as_deref());
        parts.push(part(&mut sql, ("referral", &condition, false), (filter.due_by, after, limit)));
    }
    for side in desk.signs(filter).into_iter().filter(|_| referrals) {
        let condition = desk.amended(&mut sql, side, filter.referrals.as_deref());
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
    let desk = Desk::of(db, actor).await?;
    let filter = InboxFilter::default();
    let mut sql = Statement { dialect: db.dialect(), values: Vec::new() };
    let mut parts = Vec::new();
    let mut piles: Vec<(&str, &str, Side)> = Vec::new();
    piles.extend(desk.piles(REQUESTS, &filter, None).iter().map(|(status, side)| ("request", status.word(), *side)));
    piles.extend(desk.piles(REFERRALS, &filter, None).iter().map(|(status, side)| ("referral", status.word(), *side)));
    for (table, status, side) in piles {
        let (overdue, after, by) = (sql.bind(now), sql.bind(now), sql.bind(soon));
        let condition = desk.condition(&mut sql, table, status, side);
        parts.push(format!(
            "SELECT '{table}' AS kind, '{status}' AS status, '{}' AS side, COUNT(*) AS total, \
             COUNT(CASE WHEN t.due_at <= {overdue} THEN 1 END) AS overdue, \
             COUNT(CASE WHEN t.due_at > {after} AND t.due_at <= {by} THEN 1 END) AS soon \
             FROM {table} t WHERE {condition}",
            side.word()
        ));
    }
    if desk.approves(&filter) {
        let (overdue, after, by) = (sql.bind(now), sql.bind(now), sql.bind(soon));
        let condition = desk.pending(&mut sql, None);
        parts.push(format!(
            "SELECT 'offer' AS kind, '' AS status, 'PROVIDER' AS side, COUNT(*) AS total, \
             COUNT(CASE WHEN t.due_at <= {overdue} THEN 1 END) AS overdue, \
             COUNT(CASE WHEN t.due_at > {after} AND t.due_at <= {by} THEN 1 END) AS soon \
             FROM referral t WHERE {condition}"
        ));
    }
    for side in desk.signs(&filter) {
        let (overdue, after, by) = (sql.bind(now), sql.bind(now), sql.bind(soon));
        let condition = desk.amended(&mut sql, side, None);
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
    db.sql(&parts.join(" UNION ALL "), sql.values).await
}
