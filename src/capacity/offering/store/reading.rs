//! Reading what the caller may see.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    FOREVER,
    enums::{OfferingStatus, Visibility},
    ids::{AgencyCode, EquipmentId, OfferingId, ScopeId},
    offering::{Column, Entity, Model},
    offering_equipment, offering_scope,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Value,
    sea_query::{Expr, ExprTrait, SelectStatement},
};
use uuid::Uuid;

use crate::{
    capacity::offering::model::{OfferingFilter, OfferingOrder},
    directory::{
        family::Args,
        rows::{among, lab_shown},
    },
    platform::{
        access::Visible,
        db::{Db, Dialect, Tx},
        fault::Outcome,
        page::{self, Page, Sort, SortValue, Window, parent},
    },
};

/// Rows that may be seen, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_ids(db: &Db, visible: &Visible, ids: &[Uuid]) -> Outcome<Vec<Model>> {
    db.all(whole(db.dialect(), visible).filter(among(db.dialect(), Column::Id, ids.iter().copied()))).await
}

/// The row of that id, inside a transaction, if it may be seen.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn shown_in(tx: &Tx, visible: &Visible, id: OfferingId) -> Outcome<Option<Model>> {
    tx.one(whole(tx.dialect(), visible).filter(Column::Id.eq(id))).await
}

/// The row of an agency's code.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_code(db: &Db, visible: &Visible, agency: &AgencyCode, code: &str) -> Outcome<Option<Model>> {
    let select = whole(db.dialect(), visible);
    db.one(select.filter(Column::Agency.eq(agency.clone())).filter(Column::Code.eq(code))).await
}

/// A page of the rows that a filter finds.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn page(
    db: &Db,
    visible: &Visible,
    filter: &OfferingFilter,
    order: OfferingOrder,
    window: &Window,
) -> Outcome<Page<Model>> {
    page::fetch(db, whole(db.dialect(), visible).filter(condition(filter)), &sort(order), window).await
}

/// How many rows a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count(db: &Db, visible: &Visible, filter: &OfferingFilter) -> Outcome<u64> {
    db.count(whole(db.dialect(), visible).filter(condition(filter))).await
}

/// For each lab a page of its offerings, with one statement. Ask for labs that were shown.
///
/// # Errors
/// As [`page()`].
pub async fn children(
    db: &Db,
    visible: &Visible,
    labs: &[Uuid],
    args: &Args<OfferingFilter, OfferingOrder>,
) -> Outcome<HashMap<Uuid, Page<Model>>> {
    page::children(db, labs, along(db.dialect(), visible, &args.filter), &sort(args.order), &args.window).await
}

/// For each lab the number of its offerings, with one statement.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count_children(
    db: &Db,
    visible: &Visible,
    labs: &[Uuid],
    filter: &OfferingFilter,
) -> Outcome<HashMap<Uuid, u64>> {
    page::count_children(db, labs, along(db.dialect(), visible, filter)).await
}

/// For each offering the lines and the items that it names today, with one statement each. Ask for offerings that were
/// shown; which of the lines and items may be seen is their own rule.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn lists(
    db: &Db,
    offerings: &[OfferingId],
) -> Outcome<HashMap<OfferingId, (Vec<ScopeId>, Vec<EquipmentId>)>> {
    let ids = || offerings.iter().map(|id| id.0);
    let lines = offering_scope::Entity::find()
        .filter(among(db.dialect(), offering_scope::Column::OfferingId, ids()))
        .filter(offering_scope::Column::EffectiveTo.eq(FOREVER))
        .order_by_asc(offering_scope::Column::ScopeId);
    let items = offering_equipment::Entity::find()
        .filter(among(db.dialect(), offering_equipment::Column::OfferingId, ids()))
        .filter(offering_equipment::Column::EffectiveTo.eq(FOREVER))
        .order_by_asc(offering_equipment::Column::EquipmentId);
    let mut found: HashMap<_, (Vec<_>, Vec<_>)> = offerings.iter().map(|id| (*id, Default::default())).collect();
    for row in db.all(lines).await? {
        found.entry(row.offering_id).or_default().0.push(row.scope_id);
    }
    for row in db.all(items).await? {
        found.entry(row.offering_id).or_default().1.push(row.equipment_id);
    }
    Ok(found)
}

/// The next rows of a walk through all that may be seen, in the order of their ids.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn walk(db: &Db, visible: &Visible, step: (Option<Uuid>, u64)) -> Outcome<Vec<Model>> {
    page::walk(db, whole(db.dialect(), visible), Column::Id, step).await
}

fn along(dialect: Dialect, visible: &Visible, filter: &OfferingFilter) -> Select<Entity> {
    let of_lab = Expr::col((Entity, Column::LabId)).eq(parent());
    Entity::find().filter(shown(dialect, visible)).filter(condition(filter)).filter(of_lab)
}

/// The ids of those that may be seen, for the conditions of others.
pub fn shown_ids(dialect: Dialect, visible: &Visible) -> SelectStatement {
    whole(dialect, visible).select_only().column(Column::Id).into_query()
}

fn whole(dialect: Dialect, visible: &Visible) -> Select<Entity> {
    let lab = Condition::any().add(Column::LabId.is_null()).add(lab_shown(visible, Column::LabId));
    let select = Entity::find().filter(shown(dialect, visible));
    if *visible == Visible::All { select } else { select.filter(lab) }
}

/// [`effective`](crate::capacity::offering::model::effective) as a condition.
fn shown(dialect: Dialect, visible: &Visible) -> Condition {
    let opened = Condition::all().add(Column::OpenedAt.is_not_null());
    match visible {
        Visible::All => Condition::all(),
        Visible::Public => opened.add(Column::Visibility.eq(Visibility::Public)),
        Visible::Partner(own) => {
            let to_all = Column::Visibility.is_in([Visibility::Public, Visibility::Partner]);
            let to_own = Condition::any().add(to_all).add(names(dialect, own));
            Condition::any().add(Column::Agency.eq(own.clone())).add(opened.add(to_own))
        }
    }
}

/// The list of agencies has this one.
fn names(dialect: Dialect, agency: &AgencyCode) -> Expr {
    let sql = match dialect {
        Dialect::Postgres => "offering.shown_to @> jsonb_build_array($1::text)",
        Dialect::Sqlite => "EXISTS (SELECT 1 FROM json_each(offering.shown_to) f WHERE f.value = ?)",
    };
    Expr::cust_with_values(sql, [Value::from(agency.as_str())])
}

fn condition(filter: &OfferingFilter) -> Condition {
    Condition::all()
        .add_option(filter.agency.as_ref().map(|wanted| wanted.on(Column::Agency)))
        .add_option(filter.lab.as_ref().map(|wanted| wanted.on(Column::LabId)))
        .add_option(filter.code.as_ref().map(|wanted| wanted.on(Column::Code)))
        .add_option(filter.title_zh.as_ref().map(|wanted| wanted.on(Column::TitleZh)))
        .add_option(filter.title_en.as_ref().map(|wanted| wanted.on(Column::TitleEn)))
        .add_option(filter.kind.as_ref().map(|wanted| wanted.on(Column::Kind)))
        .add_option(filter.status.as_ref().map(|wanted| wanted.on(Column::Status)))
        .add_option(filter.open_on.map(open))
        .add_option(filter.turnaround_at_most.map(|days| Column::TurnaroundDays.lte(days)))
        .add_option(filter.visibility.as_ref().map(|wanted| wanted.on(Column::Visibility)))
}

/// [`open_on`](crate::capacity::offering::model::open_on) as a condition.
fn open(on: NaiveDate) -> Condition {
    Condition::all()
        .add(Column::Status.eq(OfferingStatus::Active))
        .add(Condition::any().add(Column::ValidFrom.is_null()).add(Column::ValidFrom.lte(on)))
        .add(Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gte(on)))
}

fn sort(order: OfferingOrder) -> Sort<Entity> {
    match order {
        OfferingOrder::Code => Sort {
            name: "CODE",
            columns: vec![Column::Code, Column::Id],
            descending: false,
            key: |row| vec![SortValue::Text(row.code.clone()), SortValue::Id(row.id.0)],
        },
        OfferingOrder::Title => Sort {
            name: "TITLE",
            columns: vec![Column::TitleZh, Column::Id],
            descending: false,
            key: |row| vec![SortValue::Text(row.title_zh.clone()), SortValue::Id(row.id.0)],
        },
        OfferingOrder::Recent => Sort {
            name: "RECENT",
            columns: vec![Column::Id],
            descending: true,
            key: |row| vec![SortValue::Id(row.id.0)],
        },
    }
}
