//! The rows.

use chrono::{Datelike, NaiveDate};
use entity::{
    enums::HolidayKind,
    holiday::{Column, Entity, Model},
};
use sea_orm::{EntityTrait, QueryOrder};

use crate::platform::{
    db::{Db, Tx},
    fault::Outcome,
    workday::{Calendar, DayKind},
};

/// The entered day of a date.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn known(tx: &Tx, day: NaiveDate) -> Outcome<Option<Model>> {
    tx.one(Entity::find_by_id(day)).await
}

/// Every entered day, in order.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn all(db: &Db) -> Outcome<Vec<Model>> {
    db.all(Entity::find().order_by_asc(Column::Day)).await
}

/// The calendar by which working days are counted: the shipped days, with the entered ones over them.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn calendar(db: &Db) -> Outcome<Calendar> {
    let entered = all(db).await?.into_iter().map(|row| (row.day, kind(row.kind)));
    Ok(Calendar::new(Calendar::shipped().rows().chain(entered)))
}

/// As [`calendar`], for work in the background.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn calendar_in_background(db: &Db) -> Outcome<Calendar> {
    let entered = db.all_in_background(Entity::find().order_by_asc(Column::Day)).await?;
    let entered = entered.into_iter().map(|row| (row.day, kind(row.kind)));
    Ok(Calendar::new(Calendar::shipped().rows().chain(entered)))
}

/// The listed days of one year, shipped and entered, in order.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_year(db: &Db, year: i32) -> Outcome<Vec<(NaiveDate, DayKind)>> {
    let calendar = calendar(db).await?;
    Ok(calendar.rows().filter(|(day, _)| day.year() == year).collect())
}

fn kind(kind: HolidayKind) -> DayKind {
    match kind {
        HolidayKind::Holiday => DayKind::Holiday,
        HolidayKind::Workday => DayKind::Workday,
    }
}

/// As [`calendar`], inside a transaction.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn calendar_in(tx: &Tx) -> Outcome<Calendar> {
    let entered = tx.all(Entity::find().order_by_asc(Column::Day)).await?;
    let entered = entered.into_iter().map(|row| (row.day, kind(row.kind)));
    Ok(Calendar::new(Calendar::shipped().rows().chain(entered)))
}
