//! One request with all that belongs to it, locked; and the one way in which anything of it moves.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use entity::{
    enums::{DecisionOutcome, DecisionPoint, ItemState, ReferralStatus, RequestStatus, Side, Urgency},
    ids::{AgencyCode, DecisionId, OfferId, OfferingId, ReferralId, RequestId, RequestItemId},
    offering, referral, request, request_item,
};

use super::{
    rules::{RuleSet, point_of},
    step::{Step, told},
};
use crate::{
    approval::model::rule::side_of,
    directory::calendar,
    platform::{
        access::Ruled,
        db::Tx,
        fault::{Fault, Outcome},
        workday::Calendar,
    },
    request::{
        model::{
            Done, Move, clock,
            machine::{Next, Refusal, Word},
            need,
            reason::Reason,
            referral as machine,
        },
        policy,
        store::{self, Sheet},
    },
};

/// One request under the hands of one transaction. Its row is locked, so nobody else moves anything of it meanwhile.
pub(super) struct Desk<'t> {
    pub(super) tx: &'t mut Tx,
    pub(super) request: request::Model,
    pub(super) items: Vec<request_item::Model>,
    /// How far each item has come by its referrals; written with the consequences.
    pub(super) states: Vec<ItemState>,
    pub(super) referrals: Vec<referral::Model>,
    pub(super) placed: HashMap<ReferralId, Vec<RequestItemId>>,
    pub(super) calendar: Arc<Calendar>,
    /// When the offer of a referral ends, where that is what its clock waits for.
    pub(super) offer_ends: HashMap<ReferralId, DateTime<Utc>>,
    /// Referrals that have moved and that no rule was asked about yet.
    pub(super) fresh: BTreeSet<usize>,
    /// The agency in whose name its own rule acts.
    pub(super) acting: Option<AgencyCode>,
    /// Approval rules that were looked up.
    /// Offerings that were looked up.
    pub(super) offerings: HashMap<OfferingId, Option<offering::Model>>,
    pub(super) rule_sets: HashMap<(AgencyCode, Side), Option<Arc<RuleSet>>>,
    pub(super) moves: Vec<Move>,
}

impl<'t> Desk<'t> {
    /// Locks and opens a request for the permitted action.
    pub(super) async fn of_request(tx: &'t mut Tx, id: RequestId) -> Outcome<Self> {
        let request = store::lock(tx, id).await?.open(tx.permit())?;
        Self::laid_out(tx, request).await
    }

    /// Locks and opens a referral, and its request.
    pub(super) async fn of_referral(tx: &'t mut Tx, id: ReferralId) -> Outcome<(Self, usize)> {
        let request = store::lock(tx, store::request_of(tx, id).await?).await?;
        store::lock_referral(tx, id).await?.open(tx.permit())?;
        let request = request.open(tx.permit()).map_err(|fault| match fault {
            // Whoever does not see the request does not see that there is a referral either.
            Fault::NotFound { .. } => Fault::not_found(<referral::Model as Ruled>::KIND, id.0),
            other => other,
        })?;
        let desk = Self::laid_out(tx, request).await?;
        let at = desk.place_of(id)?;
        Ok((desk, at))
    }

    /// A request that was written in this transaction, or locked by it.
    pub(super) async fn laid_out(tx: &'t mut Tx, request: request::Model) -> Outcome<Self> {
        let sheet = store::sheets(tx, &[request.id]).await?.remove(&request.id).unwrap_or_default();
        let calendar = Arc::new(calendar::store::calendar_in(tx).await?);
        Ok(Self::of_sheet(tx, (request, sheet), calendar))
    }

    /// One of many requests that were read at once.
    pub(super) fn of_sheet(tx: &'t mut Tx, (request, sheet): (request::Model, Sheet), calendar: Arc<Calendar>) -> Self {
        let Sheet { items, referrals, placed } = sheet;
        let states = items.iter().map(|item| item.state).collect();
        Self {
            tx,
            request,
            items,
            states,
            referrals,
            placed,
            calendar,
            offer_ends: HashMap::new(),
            fresh: BTreeSet::new(),
            acting: None,
            offerings: HashMap::new(),
            rule_sets: HashMap::new(),
            moves: Vec::new(),
        }
    }

    /// Where a referral stands in the list.
    pub(super) fn place_of(&self, id: ReferralId) -> Outcome<usize> {
        let found = self.referrals.iter().position(|row| row.id == id);
        found.ok_or_else(|| Fault::not_found(<referral::Model as Ruled>::KIND, id.0))
    }

    /// Who acts, as authors and approvers are compared.
    pub(super) fn who(&self) -> String {
        policy::who(self.tx.permit().actor())
    }

    pub(super) fn urgent(&self) -> bool {
        self.request.urgency == Urgency::Urgent
    }

    /// What the command answers.
    pub(super) fn done(self, referral: Option<ReferralId>, offer: Option<OfferId>) -> Done {
        Done { request: self.request.id, referral, offer, moves: self.moves }
    }

    /// Writes changes of the request that are no step.
    pub(super) async fn write_request(&mut self, next: request::Model) -> Outcome<()> {
        self.request = self.tx.update_together(self.request.clone(), next).await?;
        Ok(())
    }

    /// Writes changes of a referral that are no step.
    pub(super) async fn write_referral(&mut self, at: usize, next: referral::Model) -> Outcome<()> {
        self.referrals[at] = self.tx.update_together(self.referrals[at].clone(), next).await?;
        Ok(())
    }

    /// Takes the request through an event; whether it moved.
    ///
    /// # Errors
    /// `NOT_YET`, `TOO_LATE`, `OVER`, `NOT_NOW`.
    pub(super) async fn step_request(&mut self, event: need::Event, side: Side, reason: Reason) -> Outcome<bool> {
        let (row, now) = (self.request.clone(), self.tx.now());
        let facts = need::Facts { lapses: row.lapses };
        let (to, lapses) = match need::next(row.status, event, facts) {
            Next::Refused(why) => return Err(why.fault("request", row.status.word(), event.word())),
            Next::To(to) => (to, 0),
            Next::Stay if event == need::Event::Lapse && need::clock(row.status, facts).is_some() => {
                (row.status, row.lapses + 1)
            }
            Next::Stay => return Ok(false),
        };
        let decision_id = Box::pin(self.decision_of_request(to, event)).await?;
        let due = need::clock(to, need::Facts { lapses }).map(|clock| self.due_of_request(clock));
        let next = request::Model {
            status: to,
            decision_id,
            status_at: if to == row.status { row.status_at } else { now },
            lapses,
            due_at: due.map(|(due, _)| due.at),
            due_provisional: due.is_some_and(|(due, _)| due.provisional),
            due_side: due.map(|(_, side)| side),
            reason_code: reason.code.clone(),
            reason_text: reason.text.clone(),
            moved_by_clock: event == need::Event::Lapse || event == need::Event::Expire,
            updated_at: now,
            ..row.clone()
        };
        Box::pin(self.write_request(next)).await?;
        let told = if need::is_over(to) || side != Side::Requester { vec![row.agency.clone()] } else { Vec::new() };
        let step = Step {
            referral: None,
            name: event.told_as(),
            event: event.word(),
            from: row.status.word(),
            to: to.word(),
            side,
            reason,
            told,
            due_at: self.request.due_at,
        };
        Box::pin(self.record(step)).await?;
        Ok(true)
    }

    /// Takes a referral through an event, with what changes besides; whether it moved.
    ///
    /// # Errors
    /// As [`Desk::step_request`].
    pub(super) async fn step_referral(
        &mut self,
        at: usize,
        event: machine::Event,
        (side, reason): (Side, Reason),
        change: impl FnOnce(&mut referral::Model),
    ) -> Outcome<bool> {
        let (row, now) = (self.referrals[at].clone(), self.tx.now());
        self.not_disputed(event, side)?;
        let resumes = row.resumes.unwrap_or(row.status);
        let facts = machine::Facts { lapses: row.lapses, resumes };
        let (to, lapses) = match machine::next(row.status, event, facts) {
            Next::Refused(why) => return Err(why.fault("referral", row.status.word(), event.word())),
            Next::To(to) => (to, 0),
            Next::Stay if event == machine::Event::Lapse && machine::clock(row.status, facts).is_some() => {
                (row.status, row.lapses + 1)
            }
            Next::Stay => return Ok(false),
        };
        let mut next = referral::Model {
            status: to,
            resumes: (to == ReferralStatus::CancelRequested).then_some(resumes),
            paused_due_at: if to == ReferralStatus::CancelRequested { row.paused_due_at.or(row.due_at) } else { None },
            status_at: if to == row.status { row.status_at } else { now },
            lapses,
            sent_at: row.sent_at.or_else(|| (to == ReferralStatus::Sent).then_some(now)),
            reason_code: reason.code.clone(),
            reason_text: reason.text.clone(),
            moved_by_clock: event == machine::Event::Lapse,
            updated_at: now,
            ..row.clone()
        };
        change(&mut next);
        next.decision_id = Box::pin(self.decision_of_referral(at, event, &next)).await?;
        self.fresh.insert(at);
        let due =
            machine::clock(to, machine::Facts { lapses, resumes }).map(|clock| self.due_of_referral(clock, &next));
        let due = match (row.status, row.paused_due_at, due) {
            // The clock stood still while the other side was asked whether to go on.
            (ReferralStatus::CancelRequested, Some(paused), Some((_, side))) if to != row.status => {
                Some((clock::resumed(&self.calendar, paused, row.status_at, now), side))
            }
            (.., due) => due,
        };
        next.due_at = due.map(|(due, _)| due.at);
        next.due_provisional = due.is_some_and(|(due, _)| due.provisional);
        next.due_side = due.map(|(_, side)| side);
        Box::pin(self.write_referral(at, next)).await?;
        let row_after = self.referrals[at].clone();
        let step = Step {
            referral: Some(at),
            name: event.told_as(),
            event: event.word(),
            from: row.status.word(),
            to: to.word(),
            side,
            reason,
            told: told(&row_after, side),
            due_at: row_after.due_at,
        };
        Box::pin(self.record(step)).await?;
        Ok(true)
    }

    /// The decision by rule that is open after a step of the request; one that is left behind ends.
    async fn decision_of_request(&mut self, to: RequestStatus, event: need::Event) -> Outcome<Option<DecisionId>> {
        if to == self.request.status {
            return Ok(self.request.decision_id);
        }
        let refused = event == need::Event::Return;
        let outcome = if refused { DecisionOutcome::Refused } else { DecisionOutcome::Void };
        self.close_decision(self.request.decision_id, outcome).await?;
        match to {
            RequestStatus::PendingApproval => self.open_decision((DecisionPoint::Request, None), None).await,
            _ => Ok(None),
        }
    }

    /// The decision by rule that is open after a step of a referral; one that is left behind ends. An offer in the place of
    /// another is decided anew.
    async fn decision_of_referral(
        &mut self,
        at: usize,
        event: machine::Event,
        next: &referral::Model,
    ) -> Outcome<Option<DecisionId>> {
        use machine::Event::{Counter, Offer, OfferConditional, RefuseCancel, Reject};
        let row = &self.referrals[at];
        let before = row.decision_id;
        if next.status == row.status && !matches!(event, Offer | OfferConditional) {
            return Ok(before);
        }
        let refused = matches!(event, Reject | Counter | RefuseCancel);
        let outcome = if refused { DecisionOutcome::Refused } else { DecisionOutcome::Void };
        self.close_decision(before, outcome).await?;
        let Some(point) = point_of(next.status) else { return Ok(None) };
        if self.rule_set(&self.decider(point, Some(at)), side_of(point)).await?.is_none() {
            return Ok(None);
        }
        let price = self.price_of(next.offer_id, at).await?;
        self.open_decision((point, Some(at)), price.as_deref()).await
    }

    /// What the secretariat has to settle, nobody else does meanwhile.
    fn not_disputed(&self, event: machine::Event, side: Side) -> Outcome<()> {
        let settles = matches!(event, machine::Event::Settle | machine::Event::Correct);
        if settles && side != Side::Coordinator && self.request.status == RequestStatus::Disputed {
            return Err(Refusal::NotNow.fault("request", self.request.status.word(), event.word()));
        }
        Ok(())
    }
}
