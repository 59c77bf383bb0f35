//! Reading what belongs to offerings that were shown.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    capacity_calendar, capacity_closure, capacity_exception, equipment_outage,
    ids::{EquipmentId, LabId, OfferingId},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use super::rules::outages;
use crate::{
    directory::rows::among,
    platform::{db::Db, fault::Outcome},
};

/// The rules of offerings, with their exceptions from a day on.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn stated(
    db: &Db,
    offerings: &[OfferingId],
    from: NaiveDate,
) -> Outcome<HashMap<OfferingId, (capacity_calendar::Model, Vec<capacity_exception::Model>)>> {
    let ids = || offerings.iter().map(|id| id.0);
    let rows =
        capacity_calendar::Entity::find().filter(among(db.dialect(), capacity_calendar::Column::OfferingId, ids()));
    let exceptions = capacity_exception::Entity::find()
        .filter(among(db.dialect(), capacity_exception::Column::OfferingId, ids()))
        .filter(capacity_exception::Column::Day.gte(from))
        .order_by_asc(capacity_exception::Column::Day);
    let mut found: HashMap<_, _> =
        db.all(rows).await?.into_iter().map(|row| (row.offering_id, (row, Vec::new()))).collect();
    for row in db.all(exceptions).await? {
        if let Some((_, listed)) = found.get_mut(&row.offering_id) {
            listed.push(row);
        }
    }
    Ok(found)
}

/// Closures, not cancelled, that last until a day or longer: those of the offerings, and those of the labs.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn closures_of(
    db: &Db,
    offerings: &[OfferingId],
    labs: &[LabId],
    from: NaiveDate,
) -> Outcome<Vec<capacity_closure::Model>> {
    use capacity_closure::{Column, Entity};
    let of = Condition::any().add(among(db.dialect(), Column::OfferingId, offerings.iter().map(|id| id.0))).add(among(
        db.dialect(),
        Column::LabId,
        labs.iter().map(|id| id.0),
    ));
    let select = Entity::find().filter(of).filter(Column::CancelledAt.is_null()).filter(Column::LastDay.gte(from));
    db.all(select.order_by_asc(Column::FirstDay).order_by_asc(Column::Id)).await
}

/// The outages of items that may fall into `[from, to)`.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn outages_of(
    db: &Db,
    items: &[EquipmentId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Outcome<Vec<equipment_outage::Model>> {
    db.all(outages(db.dialect(), items.iter().copied(), from, to)).await
}
