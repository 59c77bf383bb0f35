//! A step that is written down: in the timeline, in the outbox for whomever it concerns, and in the answer.

use chrono::{DateTime, Utc};
use entity::{
    enums::{Side, Visibility},
    ids::{AgencyCode, TransitionId},
    referral, request, transition,
};
use serde_json::json;

use super::desk::Desk;
use crate::{
    platform::{access::ActorKind, db::Event, fault::Outcome},
    request::{
        model::{Move, news, reason::Reason},
        policy,
    },
};

impl Desk<'_> {
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

    /// Writes down a step, tells whom it concerns, and remembers it for the answer.
    pub(super) async fn record(&mut self, step: Step) -> Outcome<()> {
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
        let row = self.tx.append(row).await?;
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
pub(super) struct Step {
    pub(super) referral: Option<usize>,
    pub(super) name: &'static str,
    pub(super) event: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) side: Side,
    pub(super) reason: Reason,
    pub(super) told: Vec<AgencyCode>,
    pub(super) due_at: Option<DateTime<Utc>>,
}

/// Who hears of a step of a referral: the other side; of what the clock and the rota do, both. A provider to which
/// nothing was sent hears nothing.
pub(super) fn told(row: &referral::Model, side: Side) -> Vec<AgencyCode> {
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
