//! Signatures: who may give one, and how many it takes.

use entity::{
    approval, decision,
    enums::{Decision, DecisionOutcome, DecisionPoint, Side, Visibility},
    ids::{ApprovalId, DecisionId},
};
use serde_json::json;

use super::desk::Desk;
use crate::{
    approval::{
        model::{
            counsel::{Standing, Voice, spellings},
            rule::side_of,
        },
        store as approvals,
    },
    platform::{
        db::Event,
        fault::{Fault, Outcome},
    },
    request::{
        decision_events,
        model::{blocker::Blockers, clock},
        store,
    },
};

/// What becomes of a decision when the caller agrees.
pub(super) enum Counsel {
    /// The caller has agreed before; nothing changes.
    Repeated,
    /// Others are needed besides.
    Partial(Box<Signature>),
    /// Nobody else is needed; without a signature of a rule, because no rule holds.
    Last(Option<Box<Signature>>),
}

/// A signature under a decision by rule.
pub(super) struct Signature {
    decision: decision::Model,
    stands_for: Option<String>,
    then: Standing,
}

impl Desk<'_> {
    /// What becomes of a decision when the caller agrees. `authors` wrote what is decided: nobody stands in for them.
    pub(super) async fn counsel(
        &mut self,
        id: Option<DecisionId>,
        authors: &[String],
        blockers: &mut Blockers,
    ) -> Outcome<Counsel> {
        let Some(id) = id else { return Ok(Counsel::Last(None)) };
        let decision = self.decision(id).await?;
        let (who, today) = (self.who(), self.tx.today());
        let mut principals = approvals::principals(self.tx, &decision.agency, (&spellings(&who), today)).await?;
        let wrote = |person: &String| authors.iter().any(|author| spellings(author).contains(person));
        principals.retain(|person| !wrote(person));
        let standing = store::standing(&decision)?;
        Ok(match standing.hear(&who, &principals) {
            Voice::Repeated => Counsel::Repeated,
            Voice::NotNamed => {
                let facts = json!({ "rule": decision.rule, "step": decision.step, "persons": standing.deciders() });
                let message = "The rule names others for this step; one of them, or a deputy, must decide.";
                blockers.add("NOT_NAMED", message, facts);
                Counsel::Last(None)
            }
            Voice::Counts { stands_for, then } => {
                let complete = then.is_complete();
                let signature = Box::new(Signature { decision, stands_for, then });
                if complete { Counsel::Last(Some(signature)) } else { Counsel::Partial(signature) }
            }
        })
    }

    async fn decision(&self, id: DecisionId) -> Outcome<decision::Model> {
        let found = store::decision(self.tx, id).await?;
        found.ok_or_else(|| Fault::internal("a decision that is open has no row"))
    }

    /// Writes a signature down. Whoever is needed besides is told.
    pub(super) async fn sign(&mut self, signature: Signature) -> Outcome<()> {
        let Signature { decision, stands_for, then } = signature;
        let now = self.tx.now();
        self.voice(&decision, (Decision::Approved, stands_for, None)).await?;
        let (complete, moved) = (then.is_complete(), then.step != decision.step);
        let after = then.open().and_then(|step| step.escalate_after).and_then(|halves| u16::try_from(halves).ok());
        let escalates_at = match (complete, moved) {
            (true, _) => None,
            (false, true) => after.map(|halves| clock::after(&self.calendar, now, halves).at),
            (false, false) => decision.escalates_at,
        };
        let next = decision::Model {
            step: then.step,
            given: then.given,
            deciders: store::listed(&then.deciders()),
            decided: store::listed(&then.decided).unwrap_or_default(),
            escalated: then.escalated,
            escalates_at,
            outcome: complete.then_some(DecisionOutcome::Approved),
            updated_at: now,
            ..decision.clone()
        };
        let row = self.tx.update(decision, next).await?;
        if !complete {
            self.tell(&row, decision_events::DECISION_SIGNED.name, &then.deciders());
        }
        Ok(())
    }

    /// Writes down that somebody refused.
    ///
    /// # Errors
    /// `NOT_NAMED` among the blockers where the rule names others.
    pub(super) async fn refuse(
        &mut self,
        id: Option<DecisionId>,
        (authors, reason): (&[String], Option<String>),
        mut blockers: Blockers,
    ) -> Outcome<()> {
        let counsel = self.counsel(id, authors, &mut blockers).await?;
        blockers.finish()?;
        let signature = match counsel {
            Counsel::Partial(signature) | Counsel::Last(Some(signature)) => signature,
            Counsel::Last(None) => return Ok(()),
            Counsel::Repeated => {
                let message = "You have signed this before; whoever is needed besides may refuse it.";
                return Err(Fault::rule("DECIDED_BEFORE", message, json!({})));
            }
        };
        self.voice(&signature.decision, (Decision::Returned, signature.stands_for, reason)).await?;
        self.close_decision(Some(signature.decision.id), DecisionOutcome::Refused).await
    }

    async fn voice(
        &mut self,
        on: &decision::Model,
        (decision, stands_for, reason_text): (Decision, Option<String>, Option<String>),
    ) -> Outcome<()> {
        let row = approval::Model {
            id: ApprovalId(self.tx.id()),
            request_id: on.request_id,
            referral_id: on.referral_id,
            subject: on.id.to_string(),
            round: 1,
            side: side_of(on.point),
            step: on.step,
            agency: on.agency.clone(),
            approver: self.who(),
            stands_for,
            decision,
            reason_text,
            at: self.tx.now(),
        };
        self.tx.insert(row).await.map(drop)
    }

    /// Ends a decision that is still open.
    pub(super) async fn close_decision(&mut self, id: Option<DecisionId>, outcome: DecisionOutcome) -> Outcome<()> {
        let Some(id) = id else { return Ok(()) };
        let row = self.decision(id).await?;
        if row.outcome.is_none() {
            let now = self.tx.now();
            let next = decision::Model { outcome: Some(outcome), escalates_at: None, updated_at: now, ..row.clone() };
            self.tx.update(row, next).await?;
        }
        Ok(())
    }

    /// Lets others decide too where a step has waited for as long as its rule says; how many did.
    pub(super) async fn escalate(&mut self, due: Vec<decision::Model>) -> Outcome<()> {
        for row in due {
            let standing = Standing { escalated: true, ..store::standing(&row)? };
            let next = decision::Model {
                escalated: true,
                escalates_at: None,
                deciders: store::listed(&standing.deciders()),
                updated_at: self.tx.now(),
                ..row.clone()
            };
            let row = self.tx.update(row, next).await?;
            let persons = standing.open().map(|step| step.escalate_to.clone()).unwrap_or_default();
            self.tell(&row, decision_events::DECISION_ESCALATED.name, &persons);
        }
        Ok(())
    }

    /// Tells the agency whose decision it is, and nobody else.
    fn tell(&mut self, row: &decision::Model, name: &'static str, persons: &[String]) {
        let data = json!({
            "requestId": self.request.id.to_string(),
            "requestCode": self.request.code,
            "referralId": row.referral_id.map(|id| id.to_string()),
            "point": row.point,
            "rule": row.rule,
            "step": row.step,
            "persons": persons,
        });
        let (subject, agency) = (row.id.to_string(), row.agency.clone());
        self.tx.emit(Event { name, subject, agency, visibility: Visibility::Own, data });
    }

    /// Whoever wrote or submitted a request decides nothing about it for the requester.
    pub(super) fn not_own(&self, blockers: &mut Blockers) {
        let who = self.who();
        if who == self.request.author || Some(&who) == self.request.submitted_by.as_ref() {
            let message = "You have written or submitted this request; another approver of your agency must decide.";
            blockers.add("SAME_PERSON", message, json!({ "author": self.request.author }));
        }
    }

    /// Whoever wrote what is decided at a point.
    pub(super) fn authors(&self, point: DecisionPoint, offer: Option<&str>) -> Vec<String> {
        match side_of(point) {
            Side::Provider => offer.map(str::to_owned).into_iter().collect(),
            _ => [Some(self.request.author.clone()), self.request.submitted_by.clone()].into_iter().flatten().collect(),
        }
    }
}
