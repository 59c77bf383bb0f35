//! Which approval rule holds for what is to be decided, and what a rule answers by itself.

use std::sync::Arc;

use super::{accept, desk::Desk};
use crate::{
    approval::{
        model::{
            case::{Case, asks_for_fields, fen, rule_for},
            counsel::Standing,
            rule::{Rule, side_of},
        },
        service::rules_of,
        store as approvals,
    },
    platform::{
        access::Actor,
        db::Db,
        fault::{Fault, Outcome},
    },
    request::{
        model::{clock, reason::Reason, referral as machine},
        policy::Party,
        store,
    },
};
use entity::{
    approval_rules, decision,
    enums::{DecisionOutcome, DecisionPoint, ReferralStatus, Sending, Side},
    ids::{AgencyCode, DecisionId, OfferId},
    referral, request,
};

/// Open requests and referrals that are held against new rules.
const LOOKED_AT: u64 = 200;

/// A set of rules that is in force.
pub(super) struct RuleSet {
    row: approval_rules::Model,
    rules: Vec<Rule>,
}

/// The rule that holds, and the set that it is of.
pub(super) struct Held {
    set: Arc<RuleSet>,
    pub(super) rule: Rule,
}

/// What is decided by approval rules where a referral stands.
pub(super) const fn point_of(status: ReferralStatus) -> Option<DecisionPoint> {
    match status {
        ReferralStatus::Offered | ReferralStatus::Conditional => Some(DecisionPoint::Accept),
        ReferralStatus::Accepted => Some(DecisionPoint::Sign),
        ReferralStatus::CancelRequested => Some(DecisionPoint::Cancel),
        _ => None,
    }
}

impl Desk<'_> {
    /// Who decides at a point: the requesting agency, or the one that a referral asks.
    pub(super) fn decider(&self, point: DecisionPoint, at: Option<usize>) -> AgencyCode {
        match (side_of(point), at) {
            (Side::Provider, Some(at)) => self.referrals[at].agency.clone(),
            _ => self.request.agency.clone(),
        }
    }

    /// The rule that holds; none where one person with the scope decides. `price` as offers write it.
    pub(super) async fn held(
        &mut self,
        (point, at): (DecisionPoint, Option<usize>),
        price: Option<&str>,
    ) -> Outcome<Option<Held>> {
        let (agency, side) = (self.decider(point, at), side_of(point));
        let Some(set) = self.rule_set(&agency, side).await? else { return Ok(None) };
        let fields = if asks_for_fields(&set.rules, point) {
            let rows = self.referrals.iter().enumerate().filter(|(one, _)| at.is_none_or(|at| at == *one));
            store::fields_of(self.tx, rows.map(|(_, row)| row.offering_id.0).collect()).await?
        } else {
            Vec::new()
        };
        let about = |item: &entity::ids::RequestItemId| at.is_none_or(|at| self.items_of(at).contains(item));
        let case = Case {
            quantity: self.items.iter().filter(|item| about(&item.id)).map(|item| i64::from(item.quantity)).sum(),
            price: price.and_then(fen),
            partners: partners(&self.request, &self.referrals, (side, at)),
            fields,
            ..case_of(&self.request, point)
        };
        let rule = rule_for(&set.rules, &case).cloned();
        Ok(rule.map(|rule| Held { set, rule }))
    }

    pub(super) async fn rule_set(&mut self, agency: &AgencyCode, side: Side) -> Outcome<Option<Arc<RuleSet>>> {
        let key = (agency.clone(), side);
        if let Some(known) = self.rule_sets.get(&key) {
            return Ok(known.clone());
        }
        let found = match approvals::in_force(self.tx, agency, (side, self.tx.today())).await? {
            Some(row) => Some(Arc::new(RuleSet { rules: rules_of(&row)?, row })),
            None => None,
        };
        self.rule_sets.insert(key, found.clone());
        Ok(found)
    }

    /// Opens the decision that a rule asks for; none where one person with the scope decides.
    pub(super) async fn open_decision(
        &mut self,
        (point, at): (DecisionPoint, Option<usize>),
        price: Option<&str>,
    ) -> Outcome<Option<DecisionId>> {
        let held = self.held((point, at), price).await?.filter(|held| !held.rule.automatic);
        let Some(held) = held else { return Ok(None) };
        self.write_decision((point, at), &held, None).await.map(Some)
    }

    async fn write_decision(
        &mut self,
        (point, at): (DecisionPoint, Option<usize>),
        held: &Held,
        outcome: Option<DecisionOutcome>,
    ) -> Outcome<DecisionId> {
        let standing = Standing::of(held.rule.steps.clone());
        let now = self.tx.now();
        let after = standing.open().and_then(|step| step.escalate_after).and_then(|halves| u16::try_from(halves).ok());
        let row = decision::Model {
            id: DecisionId(self.tx.id()),
            agency: self.decider(point, at),
            point,
            request_id: self.request.id,
            referral_id: at.map(|at| self.referrals[at].id),
            rules_id: held.set.row.id,
            rule: held.rule.name.clone(),
            steps: serde_json::to_value(&standing.steps).map_err(Fault::internal)?,
            step: standing.step,
            given: 0,
            deciders: store::listed(&standing.deciders()),
            decided: store::listed(&[]).unwrap_or_default(),
            escalated: false,
            escalates_at: after.map(|halves| clock::after(&self.calendar, now, halves).at),
            outcome,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        self.tx.insert(row).await.map(|row| row.id)
    }

    /// The price of the terms that stand; none where there are none, or they are free.
    pub(super) async fn price_of(&self, id: Option<OfferId>, at: usize) -> Outcome<Option<String>> {
        let Some(id) = id else { return Ok(None) };
        let offers = store::offers(self.tx, self.referrals[at].id).await?;
        Ok(offers.into_iter().find(|offer| offer.id == id).and_then(|offer| offer.price))
    }

    /// Lets rules answer what has just come before their agencies; whether any did.
    pub(super) async fn answer_by_rule(&mut self) -> Outcome<bool> {
        let mut answered = false;
        while let Some(at) = self.fresh.pop_first() {
            answered |= match self.referrals[at].status {
                ReferralStatus::Sent => self.acknowledge_by_rule(at).await?,
                ReferralStatus::Offered => self.accept_by_rule(at).await?,
                ReferralStatus::CancelRequested => self.cancel_by_rule(at).await?,
                _ => false,
            };
        }
        Ok(answered)
    }

    async fn acknowledge_by_rule(&mut self, at: usize) -> Outcome<bool> {
        let point = DecisionPoint::Acknowledge;
        let Some(held) = self.automatic((point, Some(at)), None).await? else { return Ok(false) };
        self.by_rule((point, at), &held, machine::Event::Acknowledge).await
    }

    async fn cancel_by_rule(&mut self, at: usize) -> Outcome<bool> {
        let point = DecisionPoint::Cancel;
        if self.referrals[at].resumes == Some(ReferralStatus::InProgress) {
            return Ok(false);
        }
        let price = self.price_of(self.referrals[at].offer_id, at).await?;
        let Some(held) = self.automatic((point, Some(at)), price.as_deref()).await? else { return Ok(false) };
        self.by_rule((point, at), &held, machine::Event::GrantCancel).await
    }

    /// Offers that are compared, and those with conditions, somebody answers; whoever wrote the rules is not served by them.
    async fn accept_by_rule(&mut self, at: usize) -> Outcome<bool> {
        let point = DecisionPoint::Accept;
        if self.request.for_quotes || self.request.sending == Sending::SideBySide {
            return Ok(false);
        }
        let decider = self.decider(point, Some(at));
        if self.rule_set(&decider, side_of(point)).await?.is_none() {
            return Ok(false);
        }
        let price = self.price_of(self.referrals[at].offer_id, at).await?;
        let Some(held) = self.automatic((point, Some(at)), price.as_deref()).await? else { return Ok(false) };
        let author = &held.set.row.author;
        if *author == self.request.author || Some(author) == self.request.submitted_by.as_ref() {
            return Ok(false);
        }
        let signer = author.clone();
        self.acting = Some(self.request.agency.clone());
        let accepted = accept::by_rule(self, at, signer).await;
        self.acting = None;
        if accepted? {
            self.write_decision((point, Some(at)), &held, Some(DecisionOutcome::Automatic)).await?;
            return Ok(true);
        }
        Ok(false)
    }

    async fn automatic(&mut self, point: (DecisionPoint, Option<usize>), price: Option<&str>) -> Outcome<Option<Held>> {
        Ok(self.held(point, price).await?.filter(|held| held.rule.automatic))
    }

    /// Takes a step in the name of an agency, as its rule says.
    async fn by_rule(
        &mut self,
        (point, at): (DecisionPoint, usize),
        held: &Held,
        event: machine::Event,
    ) -> Outcome<bool> {
        self.write_decision((point, Some(at)), held, Some(DecisionOutcome::Automatic)).await?;
        self.acting = Some(self.referrals[at].agency.clone());
        let moved = self.step_referral(at, event, (Side::Provider, Reason::code("RULE")), |_| {}).await;
        self.acting = None;
        moved
    }
}

/// What is known of a request whatever is decided about it.
fn case_of(request: &request::Model, point: DecisionPoint) -> Case {
    Case {
        point,
        quantity: 0,
        price: None,
        purpose: request.purpose,
        work_area: request.work_area,
        urgency: request.urgency,
        partners: Vec::new(),
        fields: Vec::new(),
    }
}

fn partners(
    request: &request::Model,
    referrals: &[referral::Model],
    (side, at): (Side, Option<usize>),
) -> Vec<AgencyCode> {
    match (side, at) {
        (Side::Provider, _) => vec![request.agency.clone()],
        (_, Some(at)) => vec![referrals[at].agency.clone()],
        (_, None) => referrals.iter().map(|row| row.agency.clone()).collect(),
    }
}

/// Something that new rules would decide otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Typed id of the request or referral.
    pub subject: String,
    /// Number of the request.
    pub request_code: String,
    /// What is decided.
    pub point: DecisionPoint,
    /// The rule that holds under the set in force.
    pub before: Option<String>,
    /// The rule that holds under the new set.
    pub after: Option<String>,
}

/// Holds new rules against the newest open requests and referrals of the caller's agency.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn effects(db: &Db, actor: &Actor, side: Side, new: &[Rule]) -> Outcome<Vec<Effect>> {
    let (Some(agency), party) = (&actor.agency, Party::of(actor)) else { return Ok(Vec::new()) };
    let last = approvals::read_in_force(db, agency, (side, db.clock().today())).await?;
    let old = last.as_ref().map(rules_of).transpose()?.unwrap_or_default();
    let mut found = Vec::new();
    for row in store::undecided(db, (&party, agency), side, LOOKED_AT).await? {
        let points: &[DecisionPoint] = match row.referral.map(|(_, status)| status) {
            None => &[DecisionPoint::Request],
            Some(ReferralStatus::Sent) => &[DecisionPoint::Acknowledge, DecisionPoint::Offer],
            Some(ReferralStatus::Acknowledged | ReferralStatus::RetryLater) => &[DecisionPoint::Offer],
            Some(ReferralStatus::Offered | ReferralStatus::Conditional) => &[DecisionPoint::Accept],
            Some(ReferralStatus::Accepted) => &[DecisionPoint::Sign],
            Some(ReferralStatus::CancelRequested) => &[DecisionPoint::Cancel],
            Some(_) => &[],
        };
        for point in points {
            let case = Case {
                quantity: row.quantity,
                price: row.price.as_deref().and_then(fen),
                partners: row.partners.clone(),
                fields: row.fields.clone(),
                ..case_of(&row.request, *point)
            };
            let name = |rules: &[Rule]| rule_for(rules, &case).map(|rule| rule.name.clone());
            let same = rule_for(&old, &case).map(answer) == rule_for(new, &case).map(answer);
            if !same {
                let subject = row.referral.map_or_else(|| row.request.id.to_string(), |(id, _)| id.to_string());
                let request_code = row.request.code.clone();
                found.push(Effect { subject, request_code, point: *point, before: name(&old), after: name(new) });
            }
        }
    }
    Ok(found)
}

/// What a rule answers, whatever its name and conditions are.
fn answer(rule: &Rule) -> (bool, &[crate::approval::model::rule::Step]) {
    (rule.automatic, &rule.steps)
}
