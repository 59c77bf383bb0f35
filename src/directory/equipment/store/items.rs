//! Reading equipment.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    equipment::{Column, Entity, Model},
    equipment_scope,
    ids::LabId,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Value,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    directory::{
        equipment::model::{EquipmentEdge, EquipmentFilter, EquipmentOrder},
        family::Args,
        rows::{among, in_force, lab_shown, last_shown},
    },
    platform::{
        access::Visible,
        db::{Db, Dialect},
        fault::Outcome,
        lenient::fold,
        page::{self, Page, Sort, SortValue, Window, parent},
    },
};

/// Items as the register knows them on a date, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_ids(db: &Db, visible: &Visible, ids: &[Uuid], on: NaiveDate) -> Outcome<Vec<Model>> {
    let select = whole(db.dialect(), visible)
        .filter(in_force(Column::EffectiveFrom, Column::EffectiveTo, on))
        .filter(among(db.dialect(), Column::Id, ids.iter().copied()));
    db.all(select).await
}

/// The item that has a code at a site on a date, without regard to case and width.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_asset_code(
    db: &Db,
    visible: &Visible,
    lab: LabId,
    asset_code: &str,
    on: NaiveDate,
) -> Outcome<Option<Model>> {
    let select = whole(db.dialect(), visible)
        .filter(in_force(Column::EffectiveFrom, Column::EffectiveTo, on))
        .filter(Column::LabId.eq(lab))
        .filter(Column::AssetCode.eq(fold(asset_code)));
    db.one(select).await
}

/// A page of the items that a filter finds.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn page(
    db: &Db,
    visible: &Visible,
    filter: &EquipmentFilter,
    order: EquipmentOrder,
    window: &Window,
) -> Outcome<Page<Model>> {
    let select = whole(db.dialect(), visible).filter(condition(db.dialect(), filter));
    page::fetch(db, select, &sort(order), window).await
}

/// How many items a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count(db: &Db, visible: &Visible, filter: &EquipmentFilter) -> Outcome<u64> {
    db.count(whole(db.dialect(), visible).filter(condition(db.dialect(), filter))).await
}

/// For each parent a page of its items, with one statement.
///
/// # Errors
/// As [`page()`].
pub async fn children(
    db: &Db,
    visible: &Visible,
    edge: EquipmentEdge,
    parents: &[Uuid],
    args: &Args<EquipmentFilter, EquipmentOrder>,
) -> Outcome<HashMap<Uuid, Page<Model>>> {
    let select = along(edge, db.dialect(), visible, &args.filter);
    page::children(db, parents, select, &sort(args.order), &args.window).await
}

/// For each parent the number of its items, with one statement.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count_children(
    db: &Db,
    visible: &Visible,
    edge: EquipmentEdge,
    parents: &[Uuid],
    filter: &EquipmentFilter,
) -> Outcome<HashMap<Uuid, u64>> {
    page::count_children(db, parents, along(edge, db.dialect(), visible, filter)).await
}

/// All revisions of items, the newest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn history(db: &Db, visible: &Visible, ids: &[Uuid]) -> Outcome<Vec<Model>> {
    let select = whole(db.dialect(), visible)
        .filter(among(db.dialect(), Column::Id, ids.iter().copied()))
        .order_by_desc(Column::Revision);
    db.all(select).await
}

/// The next rows of a walk through all that may be seen and is in force on a date, in the order of their ids.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn walk(db: &Db, visible: &Visible, on: NaiveDate, step: (Option<Uuid>, u64)) -> Outcome<Vec<Model>> {
    let select = whole(db.dialect(), visible).filter(in_force(Column::EffectiveFrom, Column::EffectiveTo, on));
    page::walk(db, select, Column::Id, step).await
}

fn whole(dialect: Dialect, visible: &Visible) -> Select<Entity> {
    shown(dialect, visible).filter(lab_shown(visible, Column::LabId))
}

fn shown(dialect: Dialect, visible: &Visible) -> Select<Entity> {
    Entity::find().filter(visible.rows(Column::Agency, Column::Visibility)).filter(last_shown(
        dialect,
        visible,
        Column::EffectiveTo,
    ))
}

fn along(edge: EquipmentEdge, dialect: Dialect, visible: &Visible, filter: &EquipmentFilter) -> Select<Entity> {
    match edge {
        EquipmentEdge::Lab => shown(dialect, visible)
            .filter(condition(dialect, filter))
            .filter(Expr::col((Entity, Column::LabId)).eq(parent())),
        EquipmentEdge::Line => {
            let needed = equipment_scope::Entity::find()
                .select_only()
                .column(equipment_scope::Column::EquipmentId)
                .filter(Expr::col((equipment_scope::Entity, equipment_scope::Column::ScopeId)).eq(parent()))
                .filter(in_force(
                    equipment_scope::Column::EffectiveFrom,
                    equipment_scope::Column::EffectiveTo,
                    filter.on,
                ));
            whole(dialect, visible)
                .filter(condition(dialect, filter))
                .filter(Expr::col((Entity, Column::Id)).in_subquery(needed.into_query()))
        }
    }
}

fn condition(dialect: Dialect, filter: &EquipmentFilter) -> Condition {
    in_force(Column::EffectiveFrom, Column::EffectiveTo, filter.on)
        .add_option(filter.agency.as_ref().map(|wanted| wanted.on(Column::Agency)))
        .add_option(filter.lab.as_ref().map(|wanted| wanted.on(Column::LabId)))
        .add_option(filter.asset_code.as_ref().map(|wanted| wanted.on(Column::AssetCode)))
        .add_option(filter.name_zh.as_ref().map(|wanted| wanted.on(Column::NameZh)))
        .add_option(filter.name_en.as_ref().map(|wanted| wanted.on(Column::NameEn)))
        .add_option(filter.class.as_ref().map(|wanted| wanted.on(Column::Class)))
        .add_option(filter.manufacturer.as_ref().map(|wanted| wanted.on(Column::Manufacturer)))
        .add_option(filter.model.as_ref().map(|wanted| wanted.on(Column::Model)))
        .add_option(filter.status.as_ref().map(|wanted| wanted.on(Column::Status)))
        .add_option(filter.calibration_due_before.map(|date| not_calibrated_by(dialect, filter.on, date)))
        .add_option(filter.visibility.as_ref().map(|wanted| wanted.on(Column::Visibility)))
}

/// The last calibration that was done by `on` does not find the item fit until `date`, exclusive.
fn not_calibrated_by(dialect: Dialect, on: NaiveDate, date: NaiveDate) -> Expr {
    let (a, b, c) = match dialect {
        Dialect::Postgres => ("$1", "$2", "$3"),
        Dialect::Sqlite => ("?", "?", "?"),
    };
    let sql = format!(
        "NOT EXISTS (SELECT 1 FROM calibration c WHERE c.equipment_id = \"equipment\".\"id\" AND c.voided_on IS NULL \
         AND c.performed_on <= {a} AND c.due_on >= {b} AND c.result <> 'FAILED' \
         AND NOT EXISTS (SELECT 1 FROM calibration d WHERE d.equipment_id = c.equipment_id AND d.voided_on IS NULL \
         AND d.performed_on <= {c} AND (d.performed_on, d.id) > (c.performed_on, c.id)))"
    );
    Expr::cust_with_values(sql, [on, date, on].map(Value::from))
}

fn sort(order: EquipmentOrder) -> Sort<Entity> {
    match order {
        EquipmentOrder::AssetCode => Sort {
            name: "ASSET_CODE",
            columns: vec![Column::AssetCode, Column::Id],
            descending: false,
            key: |row| vec![SortValue::Text(row.asset_code.clone()), SortValue::Id(row.id.0)],
        },
        EquipmentOrder::Recent => Sort {
            name: "RECENT",
            columns: vec![Column::Id],
            descending: true,
            key: |row| vec![SortValue::Id(row.id.0)],
        },
    }
}
