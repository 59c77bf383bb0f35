//! The rows.

use entity::{
    calendar_feed::{Column, Entity, Model},
    equipment_outage,
    ids::{AgencyCode, CalendarFeedId, LabId, OfferingId},
    offering,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr};

use crate::platform::{
    access::{Sealed, Visible},
    db::{Db, Tx},
    fault::Outcome,
};

/// Most addresses of one agency.
pub const MOST: u64 = 200;
/// Most offerings, and most outages, that one calendar shows.
const MOST_SHOWN: u64 = 1_000;

/// Locks the row of that id.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: CalendarFeedId) -> Outcome<Sealed<Model>> {
    tx.lock(Entity::find_by_id(id), id.0).await
}

/// Whether an agency has as many as it may. Lock the agency first, so that nobody adds one meanwhile.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn is_full(tx: &Tx, agency: &AgencyCode) -> Outcome<bool> {
    let last = Entity::find().filter(Column::Agency.eq(agency.clone())).filter(Column::RevokedAt.is_null());
    Ok(tx.one(last.order_by_asc(Column::Id).offset(MOST - 1)).await?.is_some())
}

/// Those that may be seen and are not revoked, the newest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn all(db: &Db, visible: &Visible) -> Outcome<Vec<Model>> {
    db.all(own(visible).filter(Column::RevokedAt.is_null()).order_by_desc(Column::Id).limit(MOST)).await
}

/// The row of that id, if it may be seen.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_id(db: &Db, visible: &Visible, id: CalendarFeedId) -> Outcome<Option<Model>> {
    db.one(own(visible).filter(Column::Id.eq(id))).await
}

/// The row of a token, if it is not revoked.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_hash(db: &Db, hash: &str) -> Outcome<Option<Model>> {
    db.one(Entity::find().filter(Column::TokenHash.eq(hash)).filter(Column::RevokedAt.is_null())).await
}

/// What a calendar shows: its offering, or those of its lab, by code. Whoever has the address has it from the owner.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn offerings(db: &Db, offering: Option<OfferingId>, lab: Option<LabId>) -> Outcome<Vec<offering::Model>> {
    let shown = offering::Entity::find().order_by_asc(offering::Column::Code).limit(MOST_SHOWN);
    let shown = match (offering, lab) {
        (Some(offering), _) => shown.filter(offering::Column::Id.eq(offering)),
        (None, Some(lab)) => shown.filter(offering::Column::LabId.eq(lab)),
        (None, None) => return Ok(Vec::new()),
    };
    db.all(shown).await
}

/// The outages of all equipment of a lab that have not ended before now.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn outages_of_lab(db: &Db, lab: LabId) -> Outcome<Vec<equipment_outage::Model>> {
    use equipment_outage::{Column, Entity};
    let open = Condition::any().add(Column::EndsAt.is_null()).add(Column::EndsAt.gt(db.clock().now()));
    let rows = Entity::find().filter(Column::LabId.eq(lab)).filter(open).order_by_asc(Column::Id);
    db.all(rows.limit(MOST_SHOWN)).await
}

/// Those of the caller's own agency.
fn own(visible: &Visible) -> Select<Entity> {
    let select = Entity::find();
    match visible {
        Visible::All => select,
        Visible::Partner(own) => select.filter(Column::Agency.eq(own.clone())),
        Visible::Public => select.filter(Expr::val(false)),
    }
}
