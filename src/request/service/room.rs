//! Between the desk and the capacity of what is offered.

use chrono::{DateTime, Utc};
use entity::{
    enums::{OfferingKind, OfferingStatus},
    ids::HoldId,
    offering,
};
use sea_orm::EntityTrait;
use serde_json::json;

use super::desk::Desk;
use crate::{
    capacity::{
        hold::{self, Block, Units, Wanted},
        offering::model::open_on,
    },
    identity::scopes,
    platform::{db::Tx, fault::Outcome},
    request::model::{
        blocker::Blockers,
        terms::{self, Terms},
    },
};

/// Locks all that is set aside for a request, in the one order in which everybody locks.
pub(super) async fn lock(desk: &Desk<'_>) -> Outcome<()> {
    let ids: Vec<HoldId> = desk.referrals.iter().filter_map(|row| row.hold_id).collect();
    if ids.is_empty() { Ok(()) } else { hold::together(desk.tx, &ids).await }
}

/// Frees what is set aside or booked.
pub(super) async fn release(tx: &mut Tx, id: Option<HoldId>, why: &str) -> Outcome<()> {
    match id {
        Some(id) => hold::release(tx, id, why).await,
        None => Ok(()),
    }
}

/// Makes firm what is set aside.
pub(super) async fn confirm(tx: &mut Tx, id: Option<HoldId>) -> Outcome<()> {
    match id {
        Some(id) => hold::confirm(tx, id).await,
        None => Ok(()),
    }
}

/// Frees what is left behind today.
pub(super) async fn finish(tx: &mut Tx, id: Option<HoldId>) -> Outcome<()> {
    match id {
        Some(id) => hold::finish(tx, id).await,
        None => Ok(()),
    }
}

/// Sets aside what an offer takes, for as long as it stands.
pub(super) async fn place(
    desk: &mut Desk<'_>,
    at: usize,
    (terms, until): (&Terms, DateTime<Utc>),
) -> Outcome<Option<HoldId>> {
    let row = desk.referrals[at].clone();
    let blocks: Vec<Block> = terms
        .blocks
        .iter()
        .map(|(equipment, from, to)| Block { equipment: *equipment, from: *from, to: *to })
        .collect();
    let quantity = match &terms.units {
        Some(days) => days.iter().map(|(_, units)| units).sum(),
        None => units(desk, at),
    };
    let counted = desk.offering(at).await?.is_none_or(|offering| offering.kind != OfferingKind::EquipmentTime);
    let units = (counted && quantity > 0).then(|| Units {
        quantity,
        first: terms.starts_on,
        last: terms.report_by,
        by_day: terms.units.clone(),
    });
    let wanted = Wanted {
        offering: row.offering_id,
        holder: row.requester,
        subject: row.id.to_string(),
        units,
        blocks,
        expires_at: until,
    };
    hold::place(desk.tx, wanted).await.map(Some).map_err(|fault| fault.under("input"))
}

/// How many units a referral takes.
pub(super) fn units(desk: &Desk<'_>, at: usize) -> i32 {
    let placed = desk.items_of(at);
    terms::units(desk.items.iter().filter(|item| placed.contains(&item.id)))
}

impl Desk<'_> {
    /// What a referral asks for; none where it is gone.
    pub(super) async fn offering(&mut self, at: usize) -> Outcome<Option<offering::Model>> {
        let id = self.referrals[at].offering_id;
        if let Some(known) = self.offerings.get(&id) {
            return Ok(known.clone());
        }
        let found = self.tx.one(offering::Entity::find_by_id(id)).await?;
        self.offerings.insert(id, found.clone());
        Ok(found)
    }
}

/// Why what a referral asks for cannot be asked for today; none where it can.
pub(super) async fn closed(desk: &mut Desk<'_>, at: usize) -> Outcome<Option<&'static str>> {
    let Some(offering) = desk.offering(at).await? else { return Ok(Some("OFFERING_GONE")) };
    Ok(match offering.status {
        OfferingStatus::Draft | OfferingStatus::Archived => Some("OFFERING_ARCHIVED"),
        OfferingStatus::Paused => Some("OFFERING_PAUSED"),
        OfferingStatus::Active if !open_on(&offering, desk.tx.today()) => Some("OFFERING_OVER"),
        OfferingStatus::Active => None,
    })
}

/// Whether what is offered is open, and takes so much.
pub(super) async fn judge(desk: &mut Desk<'_>, at: usize, terms: &Terms, blockers: &mut Blockers) -> Outcome<()> {
    if let Some(code) = closed(desk, at).await? {
        blockers.add(code, "What is asked for is not open; open it, or decline.", json!({}));
    }
    let Some(offering) = desk.offering(at).await? else { return Ok(()) };
    let quantity = units(desk, at);
    let (least, most) = (offering.quantity_min, offering.quantity_max);
    if least.is_some_and(|least| quantity < least) || most.is_some_and(|most| quantity > most) {
        let facts = json!({ "quantity": quantity, "least": least, "most": most });
        let message = "The offering takes more, or less, at once; an approver may take it all the same.";
        blockers.warn("QUANTITY_OUT_OF_RANGE", message, facts, scopes::SUPPLY_APPROVE);
    }
    if offering.kind == OfferingKind::EquipmentTime && terms.blocks.is_empty() {
        blockers.add("BLOCKS_REQUIRED", "Name the stretches of time at the equipment.", json!({}));
    }
    Ok(())
}
