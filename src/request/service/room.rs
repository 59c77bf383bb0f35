//! Between the desk and the capacity of what is offered.

use chrono::{DateTime, Utc};
use entity::{enums::OfferingStatus, ids::HoldId, offering, referral};
use sea_orm::EntityTrait;

use super::desk::Desk;

use crate::{
    capacity::offering::model::open_on,
    platform::{db::Tx, fault::Outcome},
    request::model::{blocker::Blockers, terms::Terms},
};

/// Frees what is set aside or booked.
pub(super) async fn release(_tx: &mut Tx, _hold: Option<HoldId>, _why: &str) -> Outcome<()> {
    Ok(())
}

/// Why what a referral asks for cannot be asked for today; none where it can.
pub(super) async fn closed(tx: &Tx, row: &referral::Model) -> Outcome<Option<&'static str>> {
    let Some(offering) = tx.one(offering::Entity::find_by_id(row.offering_id)).await? else {
        return Ok(Some("OFFERING_GONE"));
    };
    Ok(match offering.status {
        OfferingStatus::Draft | OfferingStatus::Archived => Some("OFFERING_ARCHIVED"),
        OfferingStatus::Paused => Some("OFFERING_PAUSED"),
        OfferingStatus::Active if !open_on(&offering, tx.today()) => Some("OFFERING_OVER"),
        OfferingStatus::Active => None,
    })
}

/// Makes firm what is set aside.
pub(super) async fn confirm(_tx: &mut Tx, _hold: Option<HoldId>) -> Outcome<()> {
    Ok(())
}

/// Frees what is left behind the last day of work.
pub(super) async fn finish(_tx: &mut Tx, _hold: Option<HoldId>) -> Outcome<()> {
    Ok(())
}

/// Sets aside what an offer takes.
pub(super) async fn place(
    _desk: &mut Desk<'_>,
    _at: usize,
    (_terms, _until): (&Terms, DateTime<Utc>),
) -> Outcome<Option<HoldId>> {
    Ok(None)
}

/// Whether what is offered is open, and takes so much.
pub(super) async fn judge(desk: &mut Desk<'_>, at: usize, _terms: &Terms, blockers: &mut Blockers) -> Outcome<()> {
    if let Some(code) = closed(desk.tx, &desk.referrals[at]).await? {
        blockers.add(code, "What is asked for is not open; open it, or decline.", serde_json::json!({}));
    }
    Ok(())
}
