//! Offers that wait for an approver of the provider, where a rule asks for one. The requester does not see them.

use entity::{
    enums::{DecisionOutcome, DecisionPoint, OfferKind, OfferStatus, ReferralStatus, Side, Visibility},
    ids::{DecisionId, OfferId},
    offer, referral,
};
use serde_json::json;

use super::{
    answer::{end, lapsed, supersede},
    counsel::Counsel,
    desk::Desk,
    room, truth,
};
use crate::{
    attachment,
    platform::{
        command::Command,
        db::{Event, Tx},
        fault::{Fault, Outcome},
    },
    request::{
        decision_events,
        model::{Done, blocker::Blockers, reason::Reason, referral as machine, terms::Terms},
        policy::{self, Party},
        store,
    },
    search::service::Finder,
};

/// Whether an offer may be put where a referral stands.
const fn is_open(status: ReferralStatus) -> bool {
    use ReferralStatus::{Acknowledged, Conditional, Offered, RetryLater, Sent};
    matches!(status, Sent | Acknowledged | RetryLater | Offered | Conditional)
}

/// Approves an offer for the provider. With the last signature that the rule asks for it goes out, and what it takes is set
/// aside if that was not done when it was written.
///
/// # Errors
/// With all of them at once: `SAME_PERSON`, `NOT_NAMED`, `OFFER_LAPSED`, `NO_CAPACITY`, `BLOCK_TAKEN` and the like, and the
/// reasons for which what is asked for is not available; `OFFER_NOT_PENDING`; the refusals of the machine.
pub async fn approve(cmd: &Command<'_>, finder: &Finder, id: OfferId, despite: &[String]) -> Outcome<Done> {
    // Search reads its own index, outside the transaction.
    let party = Party::of(&cmd.caller.actor);
    let truth = match store::offers_by_ids(cmd.db, &party, &[id.0]).await?.into_iter().next() {
        Some(offer) => truth::of_referral(cmd, finder, offer.referral_id, &Terms::of(&offer)).await?,
        None => truth::Truth::default(),
    };
    cmd.run(policy::APPROVE_OFFER, async |tx: &mut Tx| {
        let Found { mut desk, at, offer } = pending(tx, id).await?;
        let referral_id = offer.referral_id;
        if offer.status == OfferStatus::Open {
            // The same click delivered twice is one signature.
            return Ok(desk.done(Some(referral_id), Some(id)));
        }
        let event = match store::conditions(desk.tx, id).await?.is_empty() {
            true => machine::Event::Offer,
            false => machine::Event::OfferConditional,
        };
        desk.may(at, event)?;
        let mut blockers = Blockers::despite(despite, desk.tx.permit().actor());
        if desk.who() == offer.author {
            let message = "You have written the offer; another of your agency must approve it.";
            blockers.add("SAME_PERSON", message, json!({ "author": offer.author }));
        }
        if offer.valid_until <= desk.tx.now() {
            let (code, message, facts) = lapsed(&offer);
            blockers.add(code, message, facts);
        }
        truth.tell(&mut blockers);
        let authors = desk.authors(DecisionPoint::Offer, Some(&offer.author));
        let signature = match desk.counsel(desk.referrals[at].pending_decision_id, &authors, &mut blockers).await? {
            Counsel::Repeated => return Ok(desk.done(Some(referral_id), Some(id))),
            Counsel::Partial(signature) => {
                blockers.finish()?;
                desk.sign(*signature).await?;
                return Ok(desk.done(Some(referral_id), Some(id)));
            }
            Counsel::Last(signature) => signature,
        };
        let hold_id = set_aside(&mut desk, at, &offer, &mut blockers).await?;
        blockers.finish()?;
        if let Some(signature) = signature {
            desk.sign(*signature).await?;
        }
        let now = desk.tx.now();
        let next =
            offer::Model { status: OfferStatus::Open, hold_id, put_at: Some(now), updated_at: now, ..offer.clone() };
        let offer = desk.tx.update(offer, next).await?;
        let requester = desk.referrals[at].requester.clone();
        attachment::service::show_to(desk.tx, &id.to_string(), &[requester]).await?;
        desk.offer_ends.insert(referral_id, offer.valid_until);
        let author = offer.author;
        desk.step_referral(at, event, (Side::Provider, Reason::default()), |row| {
            row.offer_id = Some(id);
            row.offer_author = Some(author);
            row.hold_id = hold_id;
            row.pending_offer_id = None;
            row.pending_decision_id = None;
        })
        .await?;
        desk.settle().await?;
        Ok(desk.done(Some(referral_id), Some(id)))
    })
    .await
}

/// The offer that stood gives way; what the new one takes was set aside when it was written, or is now.
async fn set_aside(
    desk: &mut Desk<'_>,
    at: usize,
    offer: &offer::Model,
    blockers: &mut Blockers,
) -> Outcome<Option<entity::ids::HoldId>> {
    let row = desk.referrals[at].clone();
    let offers = store::offers(desk.tx, row.id).await?;
    supersede(desk, &row, offers).await?;
    if offer.hold_id.is_some() || offer.kind == OfferKind::Quote {
        return Ok(offer.hold_id);
    }
    let terms = Terms::of(offer);
    room::judge(desk, at, &terms, blockers).await?;
    let placed = room::place(desk, at, (&terms, offer.valid_until)).await;
    Ok(blockers.take(placed)?.flatten())
}

/// Gives an offer back to whoever wrote it, with a reason. The requester hears nothing of it, and its clock runs on.
///
/// # Errors
/// `INVALID` without a reason; `NOT_NAMED`; `OFFER_NOT_PENDING`.
pub async fn give_back(cmd: &Command<'_>, id: OfferId, reason: &str) -> Outcome<Done> {
    cmd.run(policy::RETURN_OFFER, async |tx: &mut Tx| {
        let reason = Reason { code: Some("RETURNED".to_owned()), ..Reason::words(reason)? };
        let Found { mut desk, at, offer } = pending(tx, id).await?;
        let referral_id = offer.referral_id;
        if offer.status != OfferStatus::PendingApproval {
            return Err(not_pending(&offer));
        }
        let authors = desk.authors(DecisionPoint::Offer, Some(&offer.author));
        let decision = desk.referrals[at].pending_decision_id;
        desk.refuse(decision, (&authors, reason.text.clone()), Blockers::default()).await?;
        desk.end_pending(at, (OfferStatus::Withdrawn, reason)).await?;
        let data = json!({
            "requestId": desk.request.id.to_string(),
            "requestCode": desk.request.code,
            "referralId": referral_id.to_string(),
        });
        let (subject, agency) = (id.to_string(), offer.agency);
        desk.tx.emit(Event {
            name: decision_events::OFFER_RETURNED.name,
            subject,
            agency,
            visibility: Visibility::Own,
            data,
        });
        Ok(desk.done(Some(referral_id), Some(id)))
    })
    .await
}

struct Found<'t> {
    desk: Desk<'t>,
    at: usize,
    offer: offer::Model,
}

/// Locks and opens an offer that waits for an approver, or that has just been approved.
async fn pending(tx: &mut Tx, id: OfferId) -> Outcome<Found<'_>> {
    let hidden = || Fault::not_found(OfferId::KIND, id.0);
    let referral = store::referral_of(tx, id).await?;
    let (desk, at) = Desk::of_referral(tx, referral).await.map_err(|fault| match fault {
        Fault::NotFound { .. } => hidden(),
        other => other,
    })?;
    let offers = store::offers(desk.tx, referral).await?;
    let provider = |offer: &offer::Model| offer.side == Side::Provider && offer.kind != OfferKind::Amendment;
    let offer = offers.into_iter().find(|offer| offer.id == id && provider(offer)).ok_or_else(hidden)?;
    let (row, stands) = (&desk.referrals[at], offer.status == OfferStatus::Open);
    if row.pending_offer_id != Some(id) && !(stands && row.offer_id == Some(id)) {
        return Err(not_pending(&offer));
    }
    Ok(Found { desk, at, offer })
}

fn not_pending(offer: &offer::Model) -> Fault {
    let message = "This offer does not wait for an approver.";
    Fault::rule("OFFER_NOT_PENDING", message, json!({ "status": offer.status }))
}

impl Desk<'_> {
    /// Notes that an offer waits for an approver. The referral stays where it is in its life.
    pub(super) async fn await_approval(&mut self, at: usize, (offer, decision): (OfferId, DecisionId)) -> Outcome<()> {
        let next = referral::Model {
            pending_offer_id: Some(offer),
            pending_decision_id: Some(decision),
            updated_at: self.tx.now(),
            ..self.referrals[at].clone()
        };
        self.write_referral(at, next).await
    }

    /// Ends the offer that waits for an approver, if there is one, and frees what was set aside for it.
    pub(super) async fn end_pending(&mut self, at: usize, (status, reason): (OfferStatus, Reason)) -> Outcome<()> {
        let row = self.referrals[at].clone();
        let Some(id) = row.pending_offer_id else { return Ok(()) };
        if let Some(offer) = store::offers(self.tx, row.id).await?.into_iter().find(|offer| offer.id == id) {
            room::release(self.tx, offer.hold_id, status.word()).await?;
            end(self.tx, offer, (status, reason)).await?;
        }
        self.close_decision(row.pending_decision_id, DecisionOutcome::Void).await?;
        let next = referral::Model { pending_offer_id: None, pending_decision_id: None, ..row };
        self.write_referral(at, next).await
    }

    /// Ends it where nothing can be offered any more.
    pub(super) async fn end_pending_where_over(&mut self, at: usize) -> Outcome<()> {
        if !self.is_pending_over(at) {
            return Ok(());
        }
        let status = self.referrals[at].status;
        self.end_pending(at, (OfferStatus::Superseded, Reason::code(status.word()))).await
    }

    /// Whether an offer waits for an approver where nothing can be offered any more.
    pub(super) fn is_pending_over(&self, at: usize) -> bool {
        let row = &self.referrals[at];
        row.pending_offer_id.is_some() && !is_open(row.status)
    }
}
