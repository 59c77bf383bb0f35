//! The rows.

use std::collections::HashMap;

use entity::{
    ids::{AgencyCode, LabId},
    lab::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::model::{LabFilter, LabOrder};
use crate::{
    directory::{
        family::Args,
        rows::{among, institution_shown},
    },
    platform::{
        access::{Sealed, Visible},
        db::{Db, Tx},
        fault::Outcome,
        filter::within,
        page::{self, Page, Sort, SortValue, Window, parent},
    },
};

/// Locks the row of that id.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: LabId) -> Outcome<Sealed<Model>> {
    tx.lock(Entity::find_by_id(id), id.0).await
}

/// The row of that natural key, whoever asks: for writing only.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn known(tx: &Tx, agency: &AgencyCode, code: &str) -> Outcome<Option<Model>> {
    tx.one(Entity::find().filter(Column::Agency.eq(agency.clone())).filter(Column::Code.eq(code))).await
}

/// Rows that may be seen, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_ids(db: &Db, visible: &Visible, ids: &[Uuid]) -> Outcome<Vec<Model>> {
    db.all(whole(visible).filter(among(db.dialect(), Column::Id, ids.iter().copied()))).await
}

/// The row of an agency's code.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_code(db: &Db, visible: &Visible, agency: &AgencyCode, code: &str) -> Outcome<Option<Model>> {
    db.one(whole(visible).filter(Column::Agency.eq(agency.clone())).filter(Column::Code.eq(code))).await
}

/// A page of the rows that a filter finds.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn page(
    db: &Db,
    visible: &Visible,
    filter: &LabFilter,
    order: LabOrder,
    window: &Window,
) -> Outcome<Page<Model>> {
    page::fetch(db, whole(visible).filter(condition(filter)), &sort(order), window).await
}

/// How many rows a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count(db: &Db, visible: &Visible, filter: &LabFilter) -> Outcome<u64> {
    db.count(whole(visible).filter(condition(filter))).await
}

/// For each institution a page of its labs, with one statement.
///
/// # Errors
/// As [`page()`].
pub async fn children(
    db: &Db,
    visible: &Visible,
    parents: &[Uuid],
    args: &Args<LabFilter, LabOrder>,
) -> Outcome<HashMap<Uuid, Page<Model>>> {
    page::children(db, parents, along(visible, &args.filter), &sort(args.order), &args.window).await
}

/// For each parent the number of its rows, with one statement.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count_children(
    db: &Db,
    visible: &Visible,
    parents: &[Uuid],
    filter: &LabFilter,
) -> Outcome<HashMap<Uuid, u64>> {
    page::count_children(db, parents, along(visible, filter)).await
}

/// The next rows of a walk through all that may be seen, in the order of their ids.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn walk(db: &Db, visible: &Visible, step: (Option<Uuid>, u64)) -> Outcome<Vec<Model>> {
    page::walk(db, whole(visible), Column::Id, step).await
}

fn along(visible: &Visible, filter: &LabFilter) -> Select<Entity> {
    shown(visible).filter(condition(filter)).filter(Expr::col((Entity, Column::InstitutionId)).eq(parent()))
}

fn whole(visible: &Visible) -> Select<Entity> {
    shown(visible).filter(institution_shown(visible, Column::InstitutionId))
}

fn shown(visible: &Visible) -> Select<Entity> {
    Entity::find().filter(visible.rows(Column::Agency, Column::Visibility))
}

fn condition(filter: &LabFilter) -> Condition {
    Condition::all()
        .add_option(filter.agency.as_ref().map(|wanted| wanted.on(Column::Agency)))
        .add_option(filter.institution.as_ref().map(|wanted| wanted.on(Column::InstitutionId)))
        .add_option(filter.code.as_ref().map(|wanted| wanted.on(Column::Code)))
        .add_option(filter.name_zh.as_ref().map(|wanted| wanted.on(Column::NameZh)))
        .add_option(filter.name_en.as_ref().map(|wanted| wanted.on(Column::NameEn)))
        .add_option(filter.region.as_deref().map(|region| within(Column::Region, region)))
        .add_option(filter.standing.as_ref().map(|wanted| wanted.on(Column::Standing)))
        .add_option(filter.visibility.as_ref().map(|wanted| wanted.on(Column::Visibility)))
}

fn sort(order: LabOrder) -> Sort<Entity> {
    match order {
        LabOrder::Code => Sort {
            name: "CODE",
            columns: vec![Column::Code, Column::Id],
            descending: false,
            key: |row| vec![SortValue::Text(row.code.clone()), SortValue::Id(row.id.0)],
        },
        LabOrder::Name => Sort {
            name: "NAME",
            columns: vec![Column::NameZh, Column::Id],
            descending: false,
            key: |row| vec![SortValue::Text(row.name_zh.clone()), SortValue::Id(row.id.0)],
        },
        LabOrder::Recent => Sort {
            name: "RECENT",
            columns: vec![Column::Id],
            descending: true,
            key: |row| vec![SortValue::Id(row.id.0)],
        },
    }
}
