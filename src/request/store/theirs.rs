//! Who looks into an inbox, and the condition of each pile that is theirs.

use entity::{
    enums::{ReferralStatus, RequestStatus, Side},
    ids::AgencyCode,
};
use sea_orm::Value;
use uuid::Uuid;

use super::{decision::mark, inbox::InboxFilter};
use crate::{
    approval::{model::counsel::spellings, store::read_principals},
    identity::scopes,
    platform::{
        access::Actor,
        db::{Db, Dialect},
        fault::Outcome,
    },
    request::{
        model::queue::{AMENDMENTS, Pile},
        policy::{Limits, Party, who},
    },
};

/// The table of open decisions within a statement.
const MINE: &str = "mine";

/// A statement that is being written, with its values in order.
pub(super) struct Statement {
    pub(super) dialect: Dialect,
    pub(super) values: Vec<Value>,
    /// Whether it goes through whole piles, and not only to the first of them.
    pub(super) whole: bool,
}

impl Statement {
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        self.dialect.place(self.values.len())
    }

    fn keys(&mut self, ids: Vec<Uuid>) -> String {
        self.values.push(self.dialect.keys(ids));
        self.dialect.keys_table(self.values.len())
    }
}

/// Who looks, and what of it is theirs.
pub(super) struct Theirs<'a> {
    actor: &'a Actor,
    own: Option<AgencyCode>,
    limits: Option<Box<Limits>>,
    who: String,
    /// For whom they stand in today.
    principals: Vec<String>,
}

impl<'a> Theirs<'a> {
    pub(super) async fn of(db: &Db, actor: &'a Actor) -> Outcome<Self> {
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
    pub(super) fn piles<S: Copy + PartialEq>(
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

    /// The condition of one pile, as far as the row alone can tell. The status stands in the text, so that the database
    /// can plan once for all who ask, and use the indexes that are made for one status.
    pub(super) fn condition(&self, sql: &mut Statement, table: &str, status: &str, side: Side) -> String {
        let mut condition = format!("t.status = '{status}'");
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
            condition.push_str(&format!(" AND (t.offer_author IS NULL OR t.offer_author <> {own})"));
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
        condition.push_str(&match sql.whole {
            true => format!(" AND ({column} IS NULL OR {column} IN (SELECT id FROM {MINE}))"),
            false => {
                let named = self.named(sql);
                format!(
                    " AND ({column} IS NULL OR EXISTS (SELECT 1 FROM decision d WHERE d.id = {column} AND {named}))"
                )
            }
        });
    }

    /// The open decisions that wait for the caller, as a table of the statement: for whoever counts all of them.
    pub(super) fn mine(&self, sql: &mut Statement) -> String {
        let own = self.own.as_ref().map_or("", AgencyCode::as_str).to_owned();
        let (own, named) = (sql.bind(own), self.named(sql));
        format!(
            "WITH {MINE} AS MATERIALIZED (SELECT d.id AS id FROM decision d WHERE d.outcome IS NULL \
             AND d.agency = {own} AND {named}) "
        )
    }

    /// Whether a decision waits for the caller.
    fn named(&self, sql: &mut Statement) -> String {
        let has = sql.dialect.position();
        let mut named = vec!["d.deciders IS NULL".to_owned()];
        let spelled = spellings(&self.who);
        for person in spelled.iter().chain(&self.principals) {
            named.push(format!("{has}(d.deciders, {}) > 0", sql.bind(mark(person))));
        }
        let done = sql.bind(mark(&self.who));
        format!("({}) AND {has}(d.decided, {done}) = 0", named.join(" OR "))
    }

    /// Whether the caller approves offers before they go out.
    pub(super) fn approves(&self, filter: &InboxFilter) -> bool {
        let asked = filter.side.is_none_or(|side| side == Side::Provider);
        asked && self.own.is_some() && self.actor.holds(scopes::SUPPLY_APPROVE)
    }

    /// The condition of offers that wait for an approver: not for whoever wrote them.
    pub(super) fn pending(&self, sql: &mut Statement, statuses: Option<&[ReferralStatus]>) -> String {
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
            let words: Vec<String> = statuses.iter().map(|status| format!("'{}'", status.word())).collect();
            condition.push_str(&format!(" AND t.status IN ({})", words.join(", ")));
        }
        if let Some(limits) = &self.limits {
            self.limit(sql, limits, condition);
        }
    }

    /// The sides for which the caller signs changes of what was agreed.
    pub(super) fn signs(&self, filter: &InboxFilter) -> Vec<Side> {
        let asked = |side: Side| filter.side.is_none_or(|wanted| wanted == side);
        let signed = AMENDMENTS.iter().filter(|(side, scope)| {
            let limited = self.limits.is_some() && *side != Side::Provider;
            asked(*side) && self.actor.holds(scope) && !limited && self.own.is_some()
        });
        signed.map(|(side, _)| *side).collect()
    }

    /// The condition of changes that wait for a signature of a side: not by whoever wrote them.
    pub(super) fn amended(&self, sql: &mut Statement, side: Side, statuses: Option<&[ReferralStatus]>) -> String {
        let (side_word, own) = (side.word(), self.own.as_ref().map_or("", AgencyCode::as_str).to_owned());
        let (own, who) = (sql.bind(own), sql.bind(self.who.as_str()));
        let mut condition = format!(
            "t.amendment_side = '{side_word}' AND t.{} = {own} AND t.due_at IS NOT NULL \
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
