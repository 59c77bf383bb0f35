//! Reading calibrations. A calibration is shown to whoever may see its item as it stands today.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    FOREVER,
    calibration::{Column, Entity, Model},
    equipment,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    directory::{
        equipment::model::{CalibrationOrder, CalibrationStanding},
        rows::{among, lab_shown},
    },
    platform::{
        access::Visible,
        db::Db,
        fault::Outcome,
        page::{self, Page, Sort, SortValue, Window, parent},
    },
};

/// Calibrations by id, voided ones included.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn calibrations_by_ids(db: &Db, visible: &Visible, ids: &[Uuid]) -> Outcome<Vec<Model>> {
    db.all(shown(visible).filter(among(db.dialect(), Column::Id, ids.iter().copied()))).await
}

/// For each item a page of its calibrations, voided ones included, with one statement.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn calibrations_of(
    db: &Db,
    visible: &Visible,
    items: &[Uuid],
    order: CalibrationOrder,
    window: &Window,
) -> Outcome<HashMap<Uuid, Page<Model>>> {
    let select = shown(visible).filter(Expr::col((Entity, Column::EquipmentId)).eq(parent()));
    page::children(db, items, select, &sort(order), window).await
}

/// For each item the number of its calibrations, voided ones included, with one statement.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn calibration_count(db: &Db, visible: &Visible, items: &[Uuid]) -> Outcome<HashMap<Uuid, u64>> {
    let select = shown(visible).filter(Expr::col((Entity, Column::EquipmentId)).eq(parent()));
    page::count_children(db, items, select).await
}

/// What the calibrations of each item say of a date. Items whose calibrations the caller may not see count as never
/// calibrated; ask for items that were shown.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn standings(
    db: &Db,
    visible: &Visible,
    items: &[Uuid],
    on: NaiveDate,
) -> Outcome<HashMap<Uuid, CalibrationStanding>> {
    let select = shown(visible)
        .filter(among(db.dialect(), Column::EquipmentId, items.iter().copied()))
        .filter(Column::VoidedOn.is_null())
        .filter(Column::PerformedOn.lte(on));
    let mut all: HashMap<Uuid, Vec<Model>> = items.iter().map(|id| (*id, Vec::new())).collect();
    for row in db.all(select).await? {
        all.entry(row.equipment_id.0).or_default().push(row);
    }
    Ok(all.into_iter().map(|(id, rows)| (id, CalibrationStanding::on(&rows, on))).collect())
}

fn shown(visible: &Visible) -> Select<Entity> {
    let select = Entity::find();
    if *visible == Visible::All {
        return select;
    }
    let of = equipment::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((equipment::Entity, equipment::Column::Id)).equals((Entity, Column::EquipmentId)))
        .filter(equipment::Column::EffectiveTo.eq(FOREVER))
        .filter(visible.rows(equipment::Column::Agency, equipment::Column::Visibility))
        .filter(lab_shown(visible, equipment::Column::LabId));
    select.filter(Expr::exists(of.into_query()))
}

fn sort(order: CalibrationOrder) -> Sort<Entity> {
    match order {
        CalibrationOrder::Recent => Sort {
            name: "RECENT",
            columns: vec![Column::PerformedOn, Column::Id],
            descending: true,
            key: |row| vec![SortValue::Date(row.performed_on), SortValue::Id(row.id.0)],
        },
    }
}
