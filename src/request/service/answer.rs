//! What a provider answers.

use chrono::NaiveDate;
use entity::{
    enums::{DecisionPoint, OfferKind, OfferStatus, ReferralStatus, RefusalReason, Side},
    ids::{OfferConditionId, OfferId, ReferralId, SpareOfferId},
    offer, offer_condition, referral,
};
use serde_json::json;

use super::{desk::Desk, room, truth};
use crate::{
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome, Problems},
    },
    request::{
        model::{
            Done,
            blocker::Blockers,
            clock,
            machine::Word,
            reason::Reason,
            referral as machine,
            terms::{Room, Terms},
        },
        policy, store,
    },
    search::service::Finder,
};

/// Halves of a working day for which an offer stands unless it says otherwise: usually, and where it is urgent.
pub(super) const STANDS: (u16, u16) = (6, 2);

/// Takes note of a referral.
///
/// # Errors
/// The refusals of the machine.
pub async fn acknowledge(cmd: &Command<'_>, id: ReferralId) -> Outcome<Done> {
    cmd.run(policy::ACKNOWLEDGE, async |tx: &mut Tx| {
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        let step = (Side::Provider, Reason::default());
        desk.step_referral(at, machine::Event::Acknowledge, step, |_| {}).await?;
        Ok(desk.done(Some(id), None))
    })
    .await
}

/// Offers, with or without conditions, and sets the capacity aside for as long as the offer stands.
///
/// # Errors
/// `INVALID`; with all of them at once: `NO_CAPACITY`, `BLOCK_TAKEN`, `OFFERING_PAUSED` and its like, the reasons for
/// which what is asked for is not available, `QUANTITY_OUT_OF_RANGE`; the refusals of the machine.
pub async fn offer(
    cmd: &Command<'_>,
    finder: &Finder,
    id: ReferralId,
    (terms, despite): (Terms, &[String]),
) -> Outcome<Done> {
    // Search reads its own index, outside the transaction.
    let truth = truth::of_referral(cmd, finder, id, &terms).await?;
    cmd.run(policy::OFFER, async |tx: &mut Tx| {
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        let mut problems = Problems::default();
        let terms = terms.checked(&mut problems, desk.tx.today(), desk.tx.now());
        problems.finish()?;
        let event = match terms.conditions.is_empty() {
            true => machine::Event::Offer,
            false => machine::Event::OfferConditional,
        };
        // Asked before capacity is, which a refused step would set aside for nothing.
        desk.may(at, event)?;
        let mut blockers = Blockers::despite(despite, desk.tx.permit().actor());
        truth.tell(&mut blockers);
        let kind = if desk.request.for_quotes { OfferKind::Quote } else { OfferKind::Offer };
        desk.end_pending(at, (OfferStatus::Superseded, Reason::default())).await?;
        let decision = desk.open_decision((DecisionPoint::Offer, Some(at)), terms.price.as_deref()).await?;
        let status = if decision.is_some() { OfferStatus::PendingApproval } else { OfferStatus::Open };
        let written = Written { kind, side: Side::Provider, status, author: desk.who(), spare: None };
        let offer = put(&mut desk, at, written, &terms, blockers).await?;
        if let Some(decision) = decision {
            desk.await_approval(at, (offer.id, decision)).await?;
            return Ok(desk.done(Some(id), Some(offer.id)));
        }
        desk.offer_ends.insert(id, offer.valid_until);
        let (offer_id, author, hold_id) = (offer.id, offer.author, offer.hold_id);
        desk.step_referral(at, event, (Side::Provider, Reason::default()), |row| {
            row.offer_id = Some(offer_id);
            row.offer_author = Some(author);
            row.hold_id = hold_id;
        })
        .await?;
        desk.settle().await?;
        Ok(desk.done(Some(id), Some(offer_id)))
    })
    .await
}

/// What an offer is besides its terms.
pub(super) struct Written {
    pub(super) kind: OfferKind,
    pub(super) side: Side,
    pub(super) status: OfferStatus,
    /// Who wrote it, as issuer and subject.
    pub(super) author: String,
    /// The spare capacity that it takes of.
    pub(super) spare: Option<SpareOfferId>,
}

/// Writes an offer in the place of the one that stands, and sets its capacity aside.
pub(super) async fn put(
    desk: &mut Desk<'_>,
    at: usize,
    Written { kind, side, status, author, spare }: Written,
    terms: &Terms,
    mut blockers: Blockers,
) -> Outcome<offer::Model> {
    let row = desk.referrals[at].clone();
    let valid_until = terms.valid_until.unwrap_or_else(|| {
        let halves = if desk.urgent() { STANDS.1 } else { STANDS.0 };
        clock::after(&desk.calendar, desk.tx.now(), halves).at
    });
    let id = OfferId(desk.tx.id());
    let offers = store::offers(desk.tx, row.id).await?;
    let number = offers.last().map_or(1, |last| last.number + 1);
    let hold_id = if side == Side::Provider {
        let waits = status == OfferStatus::PendingApproval;
        let stands = matches!(row.status, ReferralStatus::Offered | ReferralStatus::Conditional);
        if !waits {
            supersede(desk, &row, offers).await?;
        }
        room::judge(desk, at, terms, &mut blockers).await?;
        // A quote sets nothing aside; what it takes is taken when it is ordered. What shall take the place of an offer that
        // stands is set aside when it does.
        match kind {
            OfferKind::Quote => None,
            _ if waits && stands => None,
            _ => {
                let placed = room::place(desk, at, (terms, valid_until)).await;
                blockers.take(placed)?.flatten()
            }
        }
    } else {
        None
    };
    blockers.finish()?;
    let now = desk.tx.now();
    let offer = offer::Model {
        id,
        referral_id: row.id,
        agency: if side == Side::Provider { row.agency.clone() } else { row.requester.clone() },
        side,
        number,
        kind,
        status,
        price: terms.price.clone(),
        starts_on: terms.starts_on,
        report_by: terms.report_by,
        valid_until,
        remarks: terms.remarks.clone(),
        author,
        wanted: (hold_id.is_none() && side == Side::Provider).then(|| Room::of(terms).into()),
        hold_id,
        spare_offer_id: spare,
        reason_code: None,
        reason_text: None,
        put_at: (status == OfferStatus::Open).then_some(now),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let offer = desk.tx.insert(offer).await?;
    for (place, text) in terms.conditions.iter().enumerate() {
        let condition = offer_condition::Model {
            id: OfferConditionId(desk.tx.id()),
            offer_id: offer.id,
            agency: offer.agency.clone(),
            position: i32::try_from(place + 1).unwrap_or(i32::MAX),
            text: text.clone(),
            answer: None,
            note: None,
            answered_by: None,
            answered_at: None,
            version: 1,
        };
        desk.tx.insert(condition).await?;
    }
    Ok(offer)
}

/// Ends those of a referral's offers that stand, and frees what was set aside for them.
pub(super) async fn supersede(desk: &mut Desk<'_>, row: &referral::Model, offers: Vec<offer::Model>) -> Outcome<()> {
    for offer in offers {
        if offer.status == OfferStatus::Open {
            end(desk.tx, offer, (OfferStatus::Superseded, Reason::default())).await?;
        }
    }
    room::release(desk.tx, row.hold_id, "SUPERSEDED").await
}

/// Ends an offer.
pub(super) async fn end(tx: &mut Tx, offer: offer::Model, (status, reason): (OfferStatus, Reason)) -> Outcome<()> {
    let next = offer::Model {
        status,
        reason_code: reason.code,
        reason_text: reason.text,
        updated_at: tx.now(),
        ..offer.clone()
    };
    tx.update(offer, next).await.map(drop)
}

/// Ends the offers of a referral that still stand.
pub(super) async fn end_open(desk: &mut Desk<'_>, at: usize, status: OfferStatus, reason: &Reason) -> Outcome<()> {
    for offer in store::offers(desk.tx, desk.referrals[at].id).await? {
        if offer.status == OfferStatus::Open {
            end(desk.tx, offer, (status, reason.clone())).await?;
        }
    }
    Ok(())
}

/// Asks to be asked again from a date on. Others are asked meanwhile.
///
/// # Errors
/// `INVALID` for a date that is not behind today and before the results are needed; the refusals of the machine.
pub async fn retry_later(
    cmd: &Command<'_>,
    id: ReferralId,
    on: NaiveDate,
    (code, reason): (RefusalReason, Option<String>),
) -> Outcome<Done> {
    cmd.run(policy::RETRY_LATER, async |tx: &mut Tx| {
        let reason = Reason::refusal(code, reason)?;
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        if on <= desk.tx.today() || on > desk.request.need_by {
            let message = format!("Choose a date behind today and not behind {}, or decline.", desk.request.need_by);
            return Err(Fault::invalid("retryOn", "DATE_OUT_OF_RANGE", message));
        }
        let step = (Side::Provider, reason);
        desk.step_referral(at, machine::Event::RetryLater, step, |row| row.retry_on = Some(on)).await?;
        desk.end_pending(at, (OfferStatus::Withdrawn, Reason::code("RETRY_LATER"))).await?;
        desk.settle().await?;
        Ok(desk.done(Some(id), None))
    })
    .await
}

/// Declines, or takes back an offer that nobody has accepted, with a coded reason that the requester is told.
///
/// # Errors
/// `INVALID` for OTHER without words; the refusals of the machine.
pub async fn decline(cmd: &Command<'_>, id: ReferralId, code: RefusalReason, reason: Option<String>) -> Outcome<Done> {
    cmd.run(policy::DECLINE, async |tx: &mut Tx| {
        let reason = Reason::refusal(code, reason)?;
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        if desk.step_referral(at, machine::Event::Decline, (Side::Provider, reason.clone()), |_| {}).await? {
            end_open(&mut desk, at, OfferStatus::Withdrawn, &reason).await?;
        }
        desk.settle().await?;
        Ok(desk.done(Some(id), None))
    })
    .await
}

impl Desk<'_> {
    /// Whether the machine takes an event at all in the status of a referral.
    ///
    /// # Errors
    /// The refusals of the machine.
    pub(super) fn may(&self, at: usize, event: machine::Event) -> Outcome<()> {
        let row = &self.referrals[at];
        let facts = machine::Facts { lapses: row.lapses, resumes: row.resumes.unwrap_or(row.status) };
        match machine::next(row.status, event, facts) {
            crate::request::model::machine::Next::Refused(why) => {
                Err(why.fault("referral", row.status.word(), event.word()))
            }
            _ => Ok(()),
        }
    }
}

/// The refusal of an act on an offer that does not stand any more.
pub(super) fn lapsed(offer: &offer::Model) -> (&'static str, String, serde_json::Value) {
    let message = format!("This offer stood until {}; ask the provider for another.", offer.valid_until.to_rfc3339());
    ("OFFER_LAPSED", message, json!({ "validUntil": offer.valid_until, "status": offer.status }))
}
