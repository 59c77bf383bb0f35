//! Changing what was agreed, with the signatures of both sides.

use entity::{
    approval,
    enums::{Decision, DecisionOutcome, DecisionPoint, OfferKind, OfferStatus, Side},
    ids::{AgencyCode, ApprovalId, OfferId, ReferralId},
    offer, referral,
};
use serde_json::json;

use super::{
    answer::{STANDS, end, lapsed},
    counsel::{Counsel, Signature},
    desk::Desk,
    room,
};
use crate::{
    identity::scopes,
    platform::{
        access::Action,
        command::Command,
        db::Tx,
        fault::{Fault, Outcome, Problems},
    },
    request::{
        model::{
            Done,
            amendment::{self, Amendment},
            blocker::Blockers,
            clock, news,
            reason::Reason,
            referral as machine,
            terms::Terms,
        },
        store,
    },
};

/// Puts a change of what was agreed, for one side. Another of that side signs it before the other side sees it; an earlier
/// one of the same side gives way.
///
/// # Errors
/// `INVALID`; `AMENDMENT_OPEN` where the other side has put one; the refusals of the machine.
pub async fn propose(
    cmd: &Command<'_>,
    (action, side): (Action, Side),
    id: ReferralId,
    change: Amendment,
) -> Outcome<Done> {
    cmd.run(action, async |tx: &mut Tx| {
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        desk.may(at, machine::Event::Amend)?;
        let row = desk.referrals[at].clone();
        let offers = store::offers(desk.tx, row.id).await?;
        let find = |id: Option<OfferId>| offers.iter().find(|offer| Some(offer.id) == id).cloned();
        if let Some(open) = find(row.amendment_id) {
            if open.side != side {
                let message = "The other side has put a change; sign it or refuse it first.";
                return Err(Fault::rule("AMENDMENT_OPEN", message, json!({ "offer": open.id.to_string() })));
            }
            end(desk.tx, open, (OfferStatus::Superseded, Reason::default())).await?;
        }
        let agreed = find(row.offer_id).ok_or_else(|| Fault::internal("what was agreed has no offer"))?;
        let mut problems = Problems::default();
        let now = desk.tx.now();
        let (terms, moves) = change.over(&mut problems, (&row, &agreed), (desk.tx.today(), now));
        problems.finish()?;
        let halves = if desk.urgent() { STANDS.1 } else { STANDS.0 };
        let valid_until = terms.valid_until.unwrap_or_else(|| clock::after(&desk.calendar, now, halves).at);
        let written = offer::Model {
            id: OfferId(desk.tx.id()),
            agency: agency(&row, side).clone(),
            side,
            number: offers.last().map_or(1, |last| last.number + 1),
            kind: OfferKind::Amendment,
            status: OfferStatus::PendingApproval,
            price: terms.price.clone(),
            starts_on: terms.starts_on,
            report_by: terms.report_by,
            valid_until,
            remarks: terms.remarks.clone(),
            author: desk.who(),
            wanted: amendment::room(&terms, moves),
            hold_id: None,
            reason_code: None,
            reason_text: None,
            put_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
            ..agreed
        };
        let written = desk.tx.insert(written).await?;
        desk.close_decision(row.amendment_decision_id, DecisionOutcome::Void).await?;
        let decision_id = desk.open_decision((point(side), Some(at)), written.price.as_deref()).await?;
        let next = referral::Model {
            amendment_id: Some(written.id),
            amendment_side: Some(side),
            amendment_until: Some(valid_until),
            amendment_decision_id: decision_id,
            updated_at: now,
            ..row
        };
        desk.write_referral(at, next).await?;
        Ok(desk.done(Some(id), Some(written.id)))
    })
    .await
}

/// Signs a change for one side. With the second signature it takes effect: capacity moves in the same transaction.
///
/// # Errors
/// With all of them at once: `SAME_PERSON`, `OFFER_LAPSED`, `REPORT_AFTER_NEED_BY`, `NO_CAPACITY`, `BLOCK_TAKEN` and the
/// like; `AMENDMENT_OVER`, `NOT_YET`; the refusals of the machine.
pub async fn sign(cmd: &Command<'_>, (action, side): (Action, Side), id: OfferId, despite: &[String]) -> Outcome<Done> {
    cmd.run(action, async |tx: &mut Tx| {
        let (mut desk, at, change) = open(tx, id).await?;
        let referral_id = change.referral_id;
        let waits = desk.referrals[at].amendment_side;
        if waits != Some(side) {
            // The same click delivered twice is one signature.
            if change.side == side && change.status == OfferStatus::Open {
                return Ok(desk.done(Some(referral_id), Some(id)));
            }
            let message = "The side that puts the change signs it first.";
            return Err(Fault::rule("NOT_YET", message, json!({ "side": change.side })));
        }
        desk.may(at, machine::Event::Amend)?;
        let mut blockers = Blockers::despite(despite, desk.tx.permit().actor());
        signable(&desk, &change, side, &mut blockers);
        let authors = desk.authors(point(side), Some(&change.author));
        let counsel = desk.counsel(desk.referrals[at].amendment_decision_id, &authors, &mut blockers).await?;
        let signature = match counsel {
            Counsel::Repeated => return Ok(desk.done(Some(referral_id), Some(id))),
            Counsel::Partial(signature) => {
                blockers.finish()?;
                desk.sign(*signature).await?;
                return Ok(desk.done(Some(referral_id), Some(id)));
            }
            Counsel::Last(signature) => signature,
        };
        if change.side == side {
            blockers.finish()?;
            if let Some(signature) = signature {
                desk.sign(*signature).await?;
            }
            let next = point(amendment::other(side));
            let decision_id = desk.open_decision((next, Some(at)), change.price.as_deref()).await?;
            written_down(&mut desk, &change, side, 1).await?;
            let now = desk.tx.now();
            let next = offer::Model { status: OfferStatus::Open, put_at: Some(now), updated_at: now, ..change.clone() };
            desk.tx.update(change, next).await?;
            let row = desk.referrals[at].clone();
            let next = referral::Model {
                amendment_side: Some(amendment::other(side)),
                amendment_decision_id: decision_id,
                ..row
            };
            desk.write_referral(at, next).await?;
            desk.note_referral(at, news::AMENDMENT_OFFERED, (side, Reason::default())).await?;
        } else {
            take_effect(&mut desk, at, (&change, side), (signature, blockers)).await?;
        }
        desk.settle().await?;
        Ok(desk.done(Some(referral_id), Some(id)))
    })
    .await
}

/// Refuses a change, or takes an own one back, with a reason.
///
/// # Errors
/// `INVALID` without a reason; `AMENDMENT_OVER`.
pub async fn refuse(cmd: &Command<'_>, (action, side): (Action, Side), id: OfferId, reason: &str) -> Outcome<Done> {
    cmd.run(action, async |tx: &mut Tx| {
        let reason = Reason { code: Some("AMENDMENT_REFUSED".to_owned()), ..Reason::words(reason)? };
        let (mut desk, at, change) = open(tx, id).await?;
        let (referral_id, own) = (change.referral_id, change.side == side);
        if !own && change.put_at.is_none() {
            return Err(Fault::not_found(OfferId::KIND, id.0));
        }
        if desk.referrals[at].amendment_side == Some(side) {
            let (authors, decision) =
                (desk.authors(point(side), Some(&change.author)), desk.referrals[at].amendment_decision_id);
            desk.refuse(decision, (&authors, reason.text.clone()), Blockers::default()).await?;
        }
        let status = if own { OfferStatus::Withdrawn } else { OfferStatus::Rejected };
        desk.end_amendment(at, status, (side, reason)).await?;
        Ok(desk.done(Some(referral_id), Some(id)))
    })
    .await
}

/// Locks and opens a change that waits for a signature.
async fn open(tx: &mut Tx, id: OfferId) -> Outcome<(Desk<'_>, usize, offer::Model)> {
    let referral = store::referral_of(tx, id).await?;
    let (desk, at) = Desk::of_referral(tx, referral).await.map_err(|fault| match fault {
        Fault::NotFound { .. } => Fault::not_found(OfferId::KIND, id.0),
        other => other,
    })?;
    let offers = store::offers(desk.tx, referral).await?;
    let change = offers.into_iter().find(|offer| offer.id == id && offer.kind == OfferKind::Amendment);
    let change = change.ok_or_else(|| Fault::not_found(OfferId::KIND, id.0))?;
    if desk.referrals[at].amendment_id != Some(id) {
        let message = "This change does not wait for anybody any more.";
        return Err(Fault::rule("AMENDMENT_OVER", message, json!({ "status": change.status })));
    }
    Ok((desk, at, change))
}

fn signable(desk: &Desk<'_>, change: &offer::Model, side: Side, blockers: &mut Blockers) {
    let who = desk.who();
    let wrote_request =
        side == Side::Requester && (who == desk.request.author || Some(&who) == desk.request.submitted_by.as_ref());
    if who == change.author || wrote_request {
        let message = "You have written it; another approver of your agency must sign.";
        blockers.add("SAME_PERSON", message, json!({ "author": who }));
    }
    if change.valid_until <= desk.tx.now() {
        let (code, message, facts) = lapsed(change);
        blockers.add(code, message, facts);
    }
    if side == Side::Requester && change.report_by > desk.request.need_by {
        blockers.warn(
            "REPORT_AFTER_NEED_BY",
            format!("The report would come by {}, but is needed by {}.", change.report_by, desk.request.need_by),
            json!({ "reportBy": change.report_by, "needBy": desk.request.need_by }),
            scopes::REQUEST_APPROVE,
        );
    }
}

/// A change is decided as what it changes was.
const fn point(side: Side) -> DecisionPoint {
    match side {
        Side::Provider => DecisionPoint::Sign,
        _ => DecisionPoint::Accept,
    }
}

fn agency(row: &referral::Model, side: Side) -> &AgencyCode {
    if side == Side::Provider { &row.agency } else { &row.requester }
}

async fn written_down(desk: &mut Desk<'_>, change: &offer::Model, side: Side, step: i32) -> Outcome<()> {
    let referral = desk.place_of(change.referral_id)?;
    let row = approval::Model {
        id: ApprovalId(desk.tx.id()),
        request_id: desk.request.id,
        referral_id: Some(change.referral_id),
        subject: change.id.to_string(),
        round: 1,
        side,
        step,
        agency: agency(&desk.referrals[referral], side).clone(),
        approver: desk.who(),
        stands_for: None,
        decision: Decision::Approved,
        reason_text: None,
        at: desk.tx.now(),
    };
    desk.tx.insert(row).await.map(drop)
}

/// The second signature: what was agreed gives way to the change, and its capacity with it.
async fn take_effect(
    desk: &mut Desk<'_>,
    at: usize,
    (change, side): (&offer::Model, Side),
    (signature, mut blockers): (Option<Box<Signature>>, Blockers),
) -> Outcome<()> {
    let mut hold_id = desk.referrals[at].hold_id;
    if change.wanted.is_some() && change.valid_until > desk.tx.now() {
        let terms = Terms::of(change);
        room::lock(desk).await?;
        room::release(desk.tx, hold_id, "AMENDED").await?;
        room::judge(desk, at, &terms, &mut blockers).await?;
        let placed = room::place(desk, at, (&terms, change.valid_until)).await;
        hold_id = blockers.take(placed)?.flatten();
        let confirmed = room::confirm(desk.tx, hold_id).await;
        blockers.take(confirmed)?;
    }
    blockers.finish()?;
    if let Some(signature) = signature {
        desk.sign(*signature).await?;
    }
    written_down(desk, change, side, 2).await?;
    let first = store::approvals(desk.tx, &change.id.to_string(), 1).await?.into_iter().find(|row| row.step == 1);
    let row = desk.referrals[at].clone();
    if let Some(agreed) = store::offers(desk.tx, row.id).await?.into_iter().find(|one| Some(one.id) == row.offer_id) {
        end(desk.tx, agreed, (OfferStatus::Superseded, Reason::code("AMENDED"))).await?;
    }
    end(desk.tx, change.clone(), (OfferStatus::Accepted, Reason::default())).await?;
    let (who, now) = (Some(desk.who()), Some(desk.tx.now()));
    let first = first.map(|row| (Some(row.approver), Some(row.at))).unwrap_or_default();
    let (requester, provider) = if side == Side::Requester { ((who, now), first) } else { (first, (who, now)) };
    // Whoever has not signed what was agreed still has to.
    let provider = if row.provider_signed_at.is_some() { provider } else { (None, None) };
    let next = referral::Model {
        offer_id: Some(change.id),
        offer_author: Some(change.author.clone()),
        hold_id,
        starts_on: Some(change.starts_on),
        report_by: Some(change.report_by),
        requester_signed_by: requester.0,
        requester_signed_at: requester.1,
        provider_signed_by: provider.0,
        provider_signed_at: provider.1,
        amendment_id: None,
        amendment_side: None,
        amendment_until: None,
        amendment_decision_id: None,
        ..row
    };
    let next = desk.due_anew(next);
    desk.write_referral(at, next).await?;
    desk.note_referral(at, ("AMEND", machine::Event::Amend.told_as()), (side, Reason::default())).await
}

impl Desk<'_> {
    /// Ends the change that waits, if there is one; the other side hears of it if it knew of it.
    pub(super) async fn end_amendment(
        &mut self,
        at: usize,
        status: OfferStatus,
        (side, reason): (Side, Reason),
    ) -> Outcome<()> {
        let row = self.referrals[at].clone();
        let Some(id) = row.amendment_id else { return Ok(()) };
        let change = store::offers(self.tx, row.id).await?.into_iter().find(|offer| offer.id == id);
        let known = change.as_ref().is_some_and(|change| change.status == OfferStatus::Open);
        if let Some(change) = change {
            end(self.tx, change, (status, reason.clone())).await?;
        }
        let outcome = if side == Side::System { DecisionOutcome::Void } else { DecisionOutcome::Refused };
        self.close_decision(row.amendment_decision_id, outcome).await?;
        let next = referral::Model {
            amendment_id: None,
            amendment_side: None,
            amendment_until: None,
            amendment_decision_id: None,
            ..row
        };
        self.write_referral(at, next).await?;
        if known {
            self.note_referral(at, news::AMENDMENT_ENDED, (side, reason)).await?;
        }
        Ok(())
    }
}
