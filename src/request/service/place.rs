//! Naming providers.

use std::collections::HashSet;

use entity::{
    enums::{OfferingStatus, ReferralStatus, RequestStatus},
    ids::{AgencyCode, OfferingId, ReferralId, RequestId, RequestItemId, SpareOfferId},
    offering, referral, referral_item,
};
use serde_json::{Value, json};

use super::{desk::Desk, rota::Rota};
use crate::{
    capacity::offering as offerings,
    platform::{
        access::Visible,
        command::Command,
        db::Tx,
        fault::{Fault, Outcome, Problems},
    },
    request::{
        model::{
            Done,
            draft::{self, NewProvider},
            need,
        },
        policy,
    },
};

/// Asks one more provider of an open request.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`; `NOT_YET`, `OVER`; `ALREADY_ASKED`.
pub async fn refer(cmd: &Command<'_>, id: RequestId, provider: NewProvider) -> Outcome<Done> {
    cmd.run(policy::REFER, async |tx: &mut Tx| {
        let mut desk = Desk::of_request(tx, id).await?;
        cmd.expect_version(desk.request.version)?;
        let status = desk.request.status;
        if need::is_over(status) || matches!(status, RequestStatus::Draft | RequestStatus::PendingApproval) {
            let message = format!("This request is {}; providers are added while it is open.", status.word());
            return Err(Fault::rule("NOT_OPEN", message, json!({ "status": status })));
        }
        let mut problems = Problems::default();
        draft::providers(
            &mut problems,
            std::slice::from_ref(&provider),
            entity::enums::Placement::Named,
            desk.items.len(),
        );
        problems.finish()?;
        let before = desk.referrals.len();
        name(&mut desk, std::slice::from_ref(&provider)).await?;
        let added = desk.referrals.get(before).map(|row| row.id);
        desk.settle().await?;
        Ok(desk.done(added, None))
    })
    .await
}

/// A provider to be asked, and why it stands where it stands.
pub(super) struct Candidate {
    pub(super) offering: offering::Model,
    pub(super) items: Vec<RequestItemId>,
    pub(super) last_resort: bool,
    pub(super) grounds: Value,
    /// The spare capacity with which it came forward.
    pub(super) spare: Option<SpareOfferId>,
}

/// Queues the providers that a requester names, behind those that are there.
pub(super) async fn name(desk: &mut Desk<'_>, providers: &[NewProvider]) -> Outcome<()> {
    let mut problems = Problems::default();
    let mut candidates = Vec::new();
    for (at, one) in providers.iter().enumerate() {
        let Some(offering) = seen(desk, one.offering).await? else {
            let path = format!("input.providers[{at}].offering");
            problems.add(path, "OFFERING_UNKNOWN", "Name an offering that is open and that you can see.");
            continue;
        };
        let spare = match one.spare {
            None => None,
            Some(id) => match super::spare::to_take(desk.tx, id, &desk.request.agency).await? {
                Some(row) if row.offering_id == offering.id => Some(id),
                _ => {
                    let path = format!("input.providers[{at}].spareOffer");
                    let message = "Name spare capacity of this offering that is open to you.";
                    problems.add(path, "SPARE_OFFER_UNKNOWN", message);
                    continue;
                }
            },
        };
        let every: Vec<RequestItemId> = desk.items.iter().map(|item| item.id).collect();
        let items = match &one.items {
            None => every,
            Some(positions) => {
                let wanted: HashSet<i32> = positions.iter().copied().collect();
                desk.items.iter().filter(|item| wanted.contains(&item.position)).map(|item| item.id).collect()
            }
        };
        let grounds = json!([{ "factor": "NAMED", "value": null }]);
        candidates.push(Candidate { offering, items, last_resort: one.last_resort, grounds, spare });
    }
    problems.finish()?;
    for candidate in candidates {
        queue(desk, candidate).await?;
    }
    Ok(())
}

/// Queues the providers of a rota in the place of an earlier one's; those that the requester named stay.
pub(super) async fn rank(desk: &mut Desk<'_>, rota: &Rota) -> Outcome<()> {
    if desk.request.version != rota.version {
        let facts = json!({ "yourVersion": rota.version, "version": desk.request.version });
        return Err(Fault::conflict("STALE_VERSION", "The draft was edited meanwhile; submit it again.", facts));
    }
    let (named, earlier): (Vec<_>, Vec<_>) =
        std::mem::take(&mut desk.referrals).into_iter().partition(|row| row.last_resort);
    for row in earlier {
        for item_id in desk.placed.remove(&row.id).unwrap_or_default() {
            let link = referral_item::Model { referral_id: row.id, item_id, agency: row.agency.clone() };
            desk.tx.unlink(link).await?;
        }
        desk.tx.remove(row).await?;
    }
    desk.referrals = named;
    for one in &rota.ranked {
        let Some(offering) = seen(desk, one.offering).await? else { continue };
        let items = one.items.iter().filter_map(|place| desk.items.get(*place)).map(|item| item.id).collect();
        queue(desk, Candidate { offering, items, last_resort: false, grounds: one.grounds.clone(), spare: None })
            .await?;
    }
    Ok(())
}

/// Puts a provider behind those that are there.
pub(super) async fn queue(desk: &mut Desk<'_>, candidate: Candidate) -> Outcome<()> {
    let Candidate { offering, items, last_resort, grounds, spare } = candidate;
    let asked = desk.referrals.iter().any(|row| {
        row.offering_id == offering.id
            && !matches!(row.status, ReferralStatus::Declined | ReferralStatus::TimedOut | ReferralStatus::Cancelled)
            && desk.placed.get(&row.id).is_some_and(|placed| placed.iter().any(|item| items.contains(item)))
    });
    if asked {
        let message = format!("{} is asked for these items already.", offering.id);
        return Err(Fault::rule("ALREADY_ASKED", message, json!({ "offering": offering.id.to_string() })));
    }
    let rank = desk.referrals.iter().map(|row| row.rank).max().unwrap_or(0) + 1;
    let row = blank(desk, &offering, rank);
    let came_forward = referral::Model { unsolicited: spare.is_some(), spare_offer_id: spare, ..row };
    let row = desk.tx.insert(referral::Model { last_resort, grounds, ..came_forward }).await?;
    for item_id in &items {
        desk.tx
            .insert(referral_item::Model { referral_id: row.id, item_id: *item_id, agency: row.agency.clone() })
            .await?;
    }
    desk.placed.insert(row.id, items);
    desk.referrals.push(row);
    Ok(())
}

fn blank(desk: &Desk<'_>, offering: &offering::Model, rank: i32) -> referral::Model {
    let now = desk.tx.now();
    referral::Model {
        id: ReferralId(desk.tx.id()),
        request_id: desk.request.id,
        agency: offering.agency.clone(),
        requester: desk.request.agency.clone(),
        lab_id: offering.lab_id,
        offering_id: offering.id,
        rank,
        last_resort: false,
        unsolicited: false,
        spare_offer_id: None,
        status: ReferralStatus::Queued,
        resumes: None,
        status_at: now,
        sent_at: None,
        due_at: None,
        due_provisional: false,
        due_side: None,
        lapses: 0,
        paused_due_at: None,
        retry_on: None,
        offer_id: None,
        offer_author: None,
        decision_id: None,
        pending_offer_id: None,
        pending_decision_id: None,
        amendment_id: None,
        amendment_side: None,
        amendment_until: None,
        amendment_decision_id: None,
        hold_id: None,
        starts_on: None,
        report_by: None,
        revision: 1,
        grounds: json!([]),
        requester_signed_by: None,
        requester_signed_at: None,
        provider_signed_by: None,
        provider_signed_at: None,
        reason_code: None,
        reason_text: None,
        moved_by_clock: false,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// An open offering that the requester may see.
async fn seen(desk: &Desk<'_>, id: OfferingId) -> Outcome<Option<offering::Model>> {
    let requester: &AgencyCode = &desk.request.agency;
    let found = offerings::store::shown_in(desk.tx, &Visible::Partner(requester.clone()), id).await?;
    Ok(found.filter(|row| row.status == OfferingStatus::Active))
}
