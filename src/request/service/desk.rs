//! One request with all that belongs to it, locked; and the one way in which anything of it moves.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use entity::{
    enums::{DecisionOutcome, DecisionPoint, ItemState, ReferralStatus, RequestStatus, Side, Urgency, Visibility},
    ids::{AgencyCode, DecisionId, OfferId, ReferralId, RequestId, RequestItemId, TransitionId},
    referral, request, request_item, transition,
};
use serde_json::json;

use super::rules::{RuleSet, point_of};
use crate::{
    approval::model::rule::side_of,
    directory::calendar,
    platform::{
        access::{ActorKind, Ruled},
        db::{Event, Tx},
        fault::{Fault, Outcome},
        workday::Calendar,
    },
    request::{
        model::{
            Done, Move, clock,
            machine::{Allowance, Next, Refusal, Span, Word},
            need, news,
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
    pub(super) rule_sets: HashMap<(AgencyCode, Side), Option<Arc<RuleSet>>>,
    moves: Vec<Move>,
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
        self.request = self.tx.update(self.request.clone(), next).await?;
        Ok(())
    }

    /// Writes changes of a referral that are no step.
    pub(super) async fn write_referral(&mut self, at: usize, next: referral::Model) -> Outcome<()> {
        self.referrals[at] = self.tx.update(self.referrals[at].clone(), next).await?;
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

    /// Writes down an act of the requester that moves nothing; everybody who was asked is told.
    pub(super) async fn note(&mut self, (event, name): news::Note, reason: Reason) -> Outcome<()> {
        let status = self.request.status.word();
        let mut told: Vec<AgencyCode> =
            self.referrals.iter().filter(|row| row.sent_at.is_some()).map(|row| row.agency.clone()).collect();
        told.sort_unstable();
        told.dedup();
        let due_at = self.request.due_at;
        let step =
            Step { referral: None, name, event, from: status, to: status, side: Side::Requester, reason, told, due_at };
        Box::pin(self.record(step)).await
    }

    /// Writes down what the clock did to the request without moving it; its agency is told.
    pub(super) async fn note_clock(&mut self, (event, name): news::Note, reason: Reason) -> Outcome<()> {
        let (status, told, due_at) =
            (self.request.status.word(), vec![self.request.agency.clone()], self.request.due_at);
        let step =
            Step { referral: None, name, event, from: status, to: status, side: Side::System, reason, told, due_at };
        Box::pin(self.record(step)).await
    }

    /// Writes down an act on a referral that leaves it where it is in its life; the other side is told.
    pub(super) async fn note_referral(
        &mut self,
        at: usize,
        (event, name): news::Note,
        (side, reason): (Side, Reason),
    ) -> Outcome<()> {
        let row = &self.referrals[at];
        let (status, told, due_at) = (row.status.word(), told(row, side), row.due_at);
        let step = Step { referral: Some(at), name, event, from: status, to: status, side, reason, told, due_at };
        Box::pin(self.record(step)).await
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

    /// A referral with the due date that follows from it now.
    pub(super) fn due_anew(&self, row: referral::Model) -> referral::Model {
        let facts = machine::Facts { lapses: row.lapses, resumes: row.resumes.unwrap_or(row.status) };
        match machine::clock(row.status, facts) {
            Some(clock) if matches!(clock.span, Span::Start | Span::Report) => {
                let (due, side) = self.due_of_referral(clock, &row);
                referral::Model { due_at: Some(due.at), due_side: Some(side), due_provisional: due.provisional, ..row }
            }
            _ => row,
        }
    }

    /// What the secretariat has to settle, nobody else does meanwhile.
    fn not_disputed(&self, event: machine::Event, side: Side) -> Outcome<()> {
        let settles = matches!(event, machine::Event::Settle | machine::Event::Correct);
        if settles && side != Side::Coordinator && self.request.status == RequestStatus::Disputed {
            return Err(Refusal::NotNow.fault("request", self.request.status.word(), event.word()));
        }
        Ok(())
    }

    fn due_of_request(&self, allowance: Allowance) -> (clock::Due, Side) {
        let needed = clock::end_of(self.request.need_by);
        let due = match allowance.span {
            Span::Halves(usual, urgent) => {
                let halves = if self.urgent() { urgent } else { usual };
                let due = clock::after(&self.calendar, self.tx.now(), halves);
                // An approval is of no use behind the date on which the results were needed.
                let open = self.request.status != RequestStatus::Disputed && needed > self.tx.now();
                if open && allowance.side == Side::Requester {
                    clock::Due { at: due.at.min(needed), ..due }
                } else {
                    due
                }
            }
            Span::Start | Span::Report | Span::Offer | Span::Retry | Span::NeedBy => {
                clock::Due { at: needed, provisional: false }
            }
        };
        (due, allowance.side)
    }

    fn due_of_referral(&self, allowance: Allowance, row: &referral::Model) -> (clock::Due, Side) {
        let fixed =
            |at: Option<DateTime<Utc>>| clock::Due { at: at.unwrap_or_else(|| self.tx.now()), provisional: false };
        let due = match allowance.span {
            Span::Halves(usual, urgent) => {
                clock::after(&self.calendar, self.tx.now(), if self.urgent() { urgent } else { usual })
            }
            Span::Start => fixed(row.starts_on.map(clock::end_of)),
            Span::Report => fixed(row.report_by.map(clock::end_of)),
            Span::Offer => fixed(self.offer_ends.get(&row.id).copied().or(row.due_at)),
            // Asked again on the morning of that date.
            Span::Retry => fixed(row.retry_on.and_then(|date| date.pred_opt()).map(clock::end_of)),
            Span::NeedBy => fixed(Some(clock::end_of(self.request.need_by))),
        };
        (due, allowance.side)
    }

    /// Writes down a step, tells whom it concerns, and remembers it for the answer.
    async fn record(&mut self, step: Step) -> Outcome<()> {
        let referral = step.referral.map(|at| self.referrals[at].clone());
        let actor = self.tx.permit().actor();
        // What a rule answers is nobody's own act.
        let person = (actor.kind != ActorKind::System && self.acting.is_none()).then(|| policy::who(actor));
        let actor_agency = self.acting.clone().or_else(|| actor.agency.clone());
        let told: Vec<_> = step.told.iter().map(|agency| json!({ "agency": agency, "notice": step.event })).collect();
        let row = transition::Model {
            id: TransitionId(self.tx.id()),
            at: self.tx.now(),
            request_id: self.request.id,
            referral_id: referral.as_ref().map(|row| row.id),
            agency: self.request.agency.clone(),
            provider: referral.as_ref().map(|row| row.agency.clone()),
            event: step.event.to_owned(),
            from_status: step.from.to_owned(),
            to_status: step.to.to_owned(),
            side: step.side,
            actor_agency,
            actor: person,
            reason_code: step.reason.code,
            reason_text: step.reason.text,
            told: told.into(),
            due_at: step.due_at,
        };
        let row = self.tx.insert(row).await?;
        // What an agency does with its own request its other desks hear of too, as an approver of what is submitted.
        let own = Some(&self.request.agency).filter(|own| step.referral.is_none() && !step.told.contains(own));
        for agency in step.told.iter().chain(own) {
            self.tx.emit(event(step.name, (&self.request, referral.as_ref()), &row, agency));
        }
        let subject = referral.map_or_else(|| self.request.id.to_string(), |row| row.id.to_string());
        self.moves.push(Move {
            subject,
            event: row.event,
            from: row.from_status,
            to: row.to_status,
            side: row.side,
            due_at: row.due_at,
            told: step.told,
        });
        Ok(())
    }
}

/// A step that is to be written down.
struct Step {
    referral: Option<usize>,
    name: &'static str,
    event: &'static str,
    from: &'static str,
    to: &'static str,
    side: Side,
    reason: Reason,
    told: Vec<AgencyCode>,
    due_at: Option<DateTime<Utc>>,
}

/// Who hears of a step of a referral: the other side; of what the clock and the rota do, both. A provider to which
/// nothing was sent hears nothing.
fn told(row: &referral::Model, side: Side) -> Vec<AgencyCode> {
    let mut told = Vec::new();
    if side != Side::Requester {
        told.push(row.requester.clone());
    }
    if side != Side::Provider && row.sent_at.is_some() && !told.contains(&row.agency) {
        told.push(row.agency.clone());
    }
    told
}

/// What one side hears of a step. Each side gets an event of its own, which no other agency sees.
fn event(
    name: &'static str,
    (request, referral): (&request::Model, Option<&referral::Model>),
    step: &transition::Model,
    agency: &AgencyCode,
) -> Event {
    Event {
        name,
        subject: referral.map_or_else(|| request.id.to_string(), |row| row.id.to_string()),
        agency: agency.clone(),
        visibility: Visibility::Own,
        data: json!({
            "requestId": request.id.to_string(),
            "requestCode": request.code,
            "referralId": referral.map(|row| row.id.to_string()),
            "event": step.event,
            "from": step.from_status,
            "to": step.to_status,
            "side": step.side,
            "reasonCode": step.reason_code,
            "dueAt": step.due_at,
            "toldAs": told_as((request, referral), step.side, agency),
        }),
    }
}

/// On which side the agency stands that is told. One that asks itself is told of what the other of its sides did; of what
/// neither did, on both.
fn told_as(
    (request, referral): (&request::Model, Option<&referral::Model>),
    side: Side,
    agency: &AgencyCode,
) -> Option<Side> {
    let provides = referral.map(|row| row.agency == *agency);
    match (request.agency == *agency, provides) {
        (true, Some(true)) => match side {
            Side::Requester => Some(Side::Provider),
            Side::Provider => Some(Side::Requester),
            Side::Coordinator | Side::System => None,
        },
        (true, _) => Some(Side::Requester),
        (false, _) => Some(Side::Provider),
    }
}
