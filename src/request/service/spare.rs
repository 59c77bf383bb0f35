//! Spare capacity that a provider offers without having been asked: whoever names it when a request is drafted has the
//! offer in hand as soon as the request goes out.

use entity::{
    enums::{DecisionPoint, OfferKind, OfferStatus, OfferingKind, OfferingStatus, Side, SpareOfferStatus, Visibility},
    ids::{AgencyCode, SpareOfferId},
    spare_offer,
};
use serde_json::json;

use super::{
    answer::{Written, put},
    desk::Desk,
    room,
};
use crate::{
    capacity::offering as offerings,
    directory::agency,
    platform::{
        access::Visible,
        command::Command,
        db::{Event, Tx},
        event::EventType,
        fault::{Fault, Outcome, Problems},
    },
    request::{
        decision_events,
        model::{
            blocker::Blockers,
            reason::Reason,
            referral as machine,
            spare::{self, NewSpareOffer},
        },
        policy, store,
    },
};

/// Offers spare capacity to partners. Nothing is set aside by that: it is when a request that takes of it goes out.
///
/// # Errors
/// `INVALID`; `NOT_FOUND` for an offering of another agency; `OFFERING_NOT_OPEN`.
pub async fn spare(cmd: &Command<'_>, new: NewSpareOffer) -> Outcome<SpareOfferId> {
    cmd.run(policy::SPARE, async |tx: &mut Tx| {
        let own = tx.agency()?.clone();
        let found = offerings::store::shown_in(tx, &Visible::Partner(own.clone()), new.offering).await?;
        let hidden = || Fault::not_found(entity::ids::OfferingId::KIND, new.offering.0);
        let offering = found.filter(|row| row.agency == own).ok_or_else(hidden)?;
        if offering.status != OfferingStatus::Active || offering.kind != OfferingKind::Testing {
            let message = "Spare capacity is offered of an open offering for testing; open it first.";
            let facts = json!({ "status": offering.status, "kind": offering.kind });
            return Err(Fault::rule("OFFERING_NOT_OPEN", message, facts));
        }
        let mut problems = Problems::default();
        let known = agency::store::codes(tx).await?;
        for code in new.shown_to.iter().filter(|code| !known.contains(code)) {
            let message = format!("There is no agency {:?} in the pact.", code.as_str());
            problems.add("input.to", "AGENCY_UNKNOWN", message);
        }
        let (id, who) = (SpareOfferId(tx.id()), tx.permit().actor().who());
        let row = new.entered(&mut problems, (id, &offering), who, (tx.today(), tx.now()));
        problems.finish()?;
        let row = tx.insert(row).await?;
        tell(tx, &row, decision_events::SPARE_OFFER_OPENED).await?;
        Ok(row.id)
    })
    .await
}

/// Takes spare capacity back. What was taken of it stays as it is.
///
/// # Errors
/// `NOT_FOUND`; `ALREADY_WITHDRAWN`.
pub async fn withdraw_spare(cmd: &Command<'_>, id: SpareOfferId) -> Outcome<SpareOfferId> {
    cmd.run(policy::SPARE_WITHDRAW, async |tx: &mut Tx| {
        let row = store::lock_spare(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        if row.status == SpareOfferStatus::Withdrawn {
            return Err(Fault::rule("ALREADY_WITHDRAWN", "This was taken back before.", json!({})));
        }
        let next = spare_offer::Model { status: SpareOfferStatus::Withdrawn, updated_at: tx.now(), ..row.clone() };
        let row = tx.update(row, next).await?;
        tell(tx, &row, decision_events::SPARE_OFFER_WITHDRAWN).await?;
        Ok(row.id)
    })
    .await
}

/// Each agency to which it is made, and that sees the offering, hears of it by an event of its own.
async fn tell(tx: &mut Tx, row: &spare_offer::Model, kind: EventType) -> Outcome<()> {
    let data = json!({
        "spareOfferId": row.id.to_string(),
        "offeringId": row.offering_id.to_string(),
        "provider": row.agency,
        "title": row.title,
        "units": row.units,
        "validUntil": row.valid_until,
    });
    for agency in agency::store::codes(tx).await? {
        let partner = agency != row.agency && spare::is_for(row, &agency);
        let sees = Visible::Partner(agency.clone());
        if partner && offerings::store::shown_in(tx, &sees, row.offering_id).await?.is_some() {
            let (name, subject, data) = (kind.name, row.id.to_string(), data.clone());
            tx.emit(Event { name, subject, agency, visibility: Visibility::Own, data });
        }
    }
    Ok(())
}

/// Whether a requester may name it for an offering today.
pub(super) async fn to_take(tx: &Tx, id: SpareOfferId, requester: &AgencyCode) -> Outcome<Option<spare_offer::Model>> {
    let row = store::spare_to_take(tx, id).await?;
    Ok(row.filter(|row| spare::stands(row, tx.now()) && spare::is_for(row, requester)))
}

impl Desk<'_> {
    /// Puts the terms of the spare capacity that a referral names, in the name of its provider. Where it no longer stands,
    /// not so much of it is left, or a rule of the provider says who approves such an offer, the provider is asked as any
    /// other.
    pub(super) async fn offer_spare(&mut self, at: usize) -> Outcome<()> {
        let Some(id) = self.referrals[at].spare_offer_id else { return Ok(()) };
        let Some(row) = to_take(self.tx, id, &self.request.agency).await? else { return Ok(()) };
        let wanted = room::units(self, at);
        let taken = store::taken_of_spare(self.tx, id, self.referrals[at].id).await?;
        let terms = spare::terms(&row, wanted);
        let past = terms.starts_on < self.tx.today();
        if past || wanted <= 0 || taken + i64::from(wanted) > i64::from(row.units) {
            return Ok(());
        }
        if self.held((DecisionPoint::Offer, Some(at)), terms.price.as_deref()).await?.is_some() {
            return Ok(());
        }
        let written = Written {
            kind: if self.request.for_quotes { OfferKind::Quote } else { OfferKind::Offer },
            side: Side::Provider,
            status: OfferStatus::Open,
            author: row.author,
            spare: Some(id),
        };
        // Where there is no room nothing was written: what is free is judged before anything is taken.
        let offer = match put(self, at, written, &terms, Blockers::default()).await {
            Err(Fault::Rule { .. } | Fault::Conflict { .. } | Fault::Invalid(_)) => return Ok(()),
            other => other?,
        };
        self.offer_ends.insert(self.referrals[at].id, offer.valid_until);
        self.acting = Some(row.agency);
        let (offer_id, author, hold_id) = (offer.id, offer.author, offer.hold_id);
        let step = (Side::Provider, Reason::code("SPARE_OFFER"));
        let moved = self
            .step_referral(at, machine::Event::Offer, step, |row| {
                row.offer_id = Some(offer_id);
                row.offer_author = Some(author);
                row.hold_id = hold_id;
            })
            .await;
        self.acting = None;
        moved.map(drop)
    }
}
