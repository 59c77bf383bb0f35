//! The rows.

use entity::{
    ids::{AgencyCode, InstitutionId},
    institution::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use super::model::{InstitutionFilter, InstitutionOrder};
use crate::{
    directory::rows::among,
    platform::{
        access::{Sealed, Visible},
        db::{Db, Tx},
        fault::Outcome,
        filter::within,
        page::{self, Page, Sort, SortValue, Window},
    },
};

/// Locks the row of that id.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: InstitutionId) -> Outcome<Sealed<Model>> {
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

/// The institution of a credit code in its normal spelling.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_uscc(db: &Db, visible: &Visible, uscc: &str) -> Outcome<Option<Model>> {
    db.one(whole(visible).filter(Column::Uscc.eq(uscc))).await
}

/// The institution of a credit code, whoever asks: for writing only.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn known_uscc(tx: &Tx, uscc: &str) -> Outcome<Option<Model>> {
    tx.one(Entity::find().filter(Column::Uscc.eq(uscc))).await
}

/// A page of the rows that a filter finds.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn page(
    db: &Db,
    visible: &Visible,
    filter: &InstitutionFilter,
    order: InstitutionOrder,
    window: &Window,
) -> Outcome<Page<Model>> {
    page::fetch(db, whole(visible).filter(condition(filter)), &sort(order), window).await
}

/// How many rows a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count(db: &Db, visible: &Visible, filter: &InstitutionFilter) -> Outcome<u64> {
    db.count(whole(visible).filter(condition(filter))).await
}

/// The next rows of a walk through all that may be seen, in the order of their ids.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn walk(db: &Db, visible: &Visible, step: (Option<Uuid>, u64)) -> Outcome<Vec<Model>> {
    page::walk(db, whole(visible), Column::Id, step).await
}

fn whole(visible: &Visible) -> Select<Entity> {
    Entity::find().filter(visible.rows(Column::Agency, Column::Visibility))
}

fn condition(filter: &InstitutionFilter) -> Condition {
    Condition::all()
        .add_option(filter.agency.as_ref().map(|wanted| wanted.on(Column::Agency)))
        .add_option(filter.code.as_ref().map(|wanted| wanted.on(Column::Code)))
        .add_option(filter.name_zh.as_ref().map(|wanted| wanted.on(Column::NameZh)))
        .add_option(filter.name_en.as_ref().map(|wanted| wanted.on(Column::NameEn)))
        .add_option(filter.region.as_deref().map(|region| within(Column::Region, region)))
        .add_option(filter.standing.as_ref().map(|wanted| wanted.on(Column::Standing)))
        .add_option(filter.visibility.as_ref().map(|wanted| wanted.on(Column::Visibility)))
}

fn sort(order: InstitutionOrder) -> Sort<Entity> {
    match order {
        InstitutionOrder::Code => Sort {
            name: "CODE",
            columns: vec![Column::Code, Column::Id],
            descending: false,
            key: |row| vec![SortValue::Text(row.code.clone()), SortValue::Id(row.id.0)],
        },
        InstitutionOrder::Name => Sort {
            name: "NAME",
            columns: vec![Column::NameZh, Column::Id],
            descending: false,
            key: |row| vec![SortValue::Text(row.name_zh.clone()), SortValue::Id(row.id.0)],
        },
        InstitutionOrder::Recent => Sort {
            name: "RECENT",
            columns: vec![Column::Id],
            descending: true,
            key: |row| vec![SortValue::Id(row.id.0)],
        },
    }
}
