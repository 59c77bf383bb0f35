//! The rows.

use chrono::NaiveDate;
use entity::{
    approval_rules, deputy,
    enums::Side,
    ids::{AgencyCode, DeputyId},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr};
use uuid::Uuid;

use crate::{
    directory::rows::among,
    platform::{
        access::{Sealed, Visible},
        db::{Db, Tx},
        fault::Outcome,
    },
};

/// Most sets, and most deputies, that are listed.
const MOST: u64 = 200;

/// The set of an agency that is in force on a date: the last that it wrote for then.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn in_force(
    tx: &Tx,
    agency: &AgencyCode,
    (side, on): (Side, NaiveDate),
) -> Outcome<Option<approval_rules::Model>> {
    tx.one(of(agency, side).filter(approval_rules::Column::EffectiveFrom.lte(on)).limit(1)).await
}

/// The last set that an agency wrote, whether or not it is in force yet.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn last(tx: &Tx, agency: &AgencyCode, side: Side) -> Outcome<Option<approval_rules::Model>> {
    tx.one(of(agency, side).limit(1)).await
}

/// As [`in_force`], for a reader.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn read_in_force(
    db: &Db,
    agency: &AgencyCode,
    (side, on): (Side, NaiveDate),
) -> Outcome<Option<approval_rules::Model>> {
    db.one(of(agency, side).filter(approval_rules::Column::EffectiveFrom.lte(on)).limit(1)).await
}

/// The sets of an agency, the last first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn history(db: &Db, agency: &AgencyCode, side: Side) -> Outcome<Vec<approval_rules::Model>> {
    db.all(of(agency, side).limit(MOST)).await
}

fn of(agency: &AgencyCode, side: Side) -> Select<approval_rules::Entity> {
    approval_rules::Entity::find()
        .filter(approval_rules::Column::Agency.eq(agency.clone()))
        .filter(approval_rules::Column::Side.eq(side))
        .order_by_desc(approval_rules::Column::Number)
}

/// Sets that may be seen, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn sets(db: &Db, visible: &Visible, ids: &[Uuid]) -> Outcome<Vec<approval_rules::Model>> {
    let own = own(visible, approval_rules::Column::Agency);
    let select = approval_rules::Entity::find().filter(own);
    db.all(select.filter(among(db.dialect(), approval_rules::Column::Id, ids.iter().copied()))).await
}

/// Deputies that may be seen, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn deputies(db: &Db, visible: &Visible, ids: &[Uuid]) -> Outcome<Vec<deputy::Model>> {
    let select = deputy::Entity::find().filter(own(visible, deputy::Column::Agency));
    db.all(select.filter(among(db.dialect(), deputy::Column::Id, ids.iter().copied()))).await
}

fn own(visible: &Visible, column: impl ColumnTrait) -> Condition {
    match visible {
        Visible::All => Condition::all(),
        Visible::Partner(own) => Condition::all().add(column.eq(own.clone())),
        Visible::Public => Condition::all().add(Expr::val(false)),
    }
}

/// The deputies of an agency who stand in on a date or later, by their first day.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn deputies_from(db: &Db, agency: &AgencyCode, on: NaiveDate) -> Outcome<Vec<deputy::Model>> {
    let select = standing(agency).filter(deputy::Column::ToDate.gte(on));
    db.all(select.order_by_asc(deputy::Column::FromDate).order_by_asc(deputy::Column::Id).limit(MOST)).await
}

/// For whom somebody stands in on a date, in the transaction of a decision.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn principals(tx: &Tx, agency: &AgencyCode, (who, on): (&[String], NaiveDate)) -> Outcome<Vec<String>> {
    Ok(tx.all(stands_in(agency, who, on)).await?.into_iter().map(|row| row.person).collect())
}

/// As [`principals`], for a reader.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn read_principals(db: &Db, agency: &AgencyCode, (who, on): (&[String], NaiveDate)) -> Outcome<Vec<String>> {
    Ok(db.all(stands_in(agency, who, on)).await?.into_iter().map(|row| row.person).collect())
}

fn stands_in(agency: &AgencyCode, who: &[String], on: NaiveDate) -> Select<deputy::Entity> {
    standing(agency)
        .filter(deputy::Column::Deputy.is_in(who.iter().cloned()))
        .filter(deputy::Column::FromDate.lte(on))
        .filter(deputy::Column::ToDate.gte(on))
}

fn standing(agency: &AgencyCode) -> Select<deputy::Entity> {
    deputy::Entity::find().filter(deputy::Column::Agency.eq(agency.clone())).filter(deputy::Column::EndedAt.is_null())
}

/// Locks a deputy's appointment.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: DeputyId) -> Outcome<Sealed<deputy::Model>> {
    tx.lock(deputy::Entity::find_by_id(id), id.0).await
}
