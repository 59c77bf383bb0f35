//! The rows.

use entity::{
    ids::{AgencyCode, SavedSearchId},
    saved_search::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr};
use uuid::Uuid;

use super::model::{MOST, SavedSearchFilter, SavedSearchOrder};
use crate::{
    directory::rows::among,
    platform::{
        access::{Sealed, Visible},
        db::{Db, Tx},
        fault::Outcome,
        page::{self, Page, Sort, SortValue, Window},
    },
};

/// Locks the row of that id.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: SavedSearchId) -> Outcome<Sealed<Model>> {
    tx.lock(Entity::find_by_id(id), id.0).await
}

/// Whether an agency keeps as many as it may. Lock the agency first, so that nobody adds one meanwhile.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn is_full(tx: &Tx, agency: &AgencyCode) -> Outcome<bool> {
    let last = Entity::find().filter(Column::Agency.eq(agency.clone())).order_by_asc(Column::Id).offset(MOST - 1);
    Ok(tx.one(last).await?.is_some())
}

/// Rows that may be seen, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_ids(db: &Db, visible: &Visible, ids: &[Uuid]) -> Outcome<Vec<Model>> {
    db.all(own(visible).filter(among(db.dialect(), Column::Id, ids.iter().copied()))).await
}

/// A page of the rows that a filter finds.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn page(
    db: &Db,
    visible: &Visible,
    filter: &SavedSearchFilter,
    order: SavedSearchOrder,
    window: &Window,
) -> Outcome<Page<Model>> {
    page::fetch(db, own(visible).filter(condition(filter)), &sort(order), window).await
}

/// How many rows a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count(db: &Db, visible: &Visible, filter: &SavedSearchFilter) -> Outcome<u64> {
    db.count(own(visible).filter(condition(filter))).await
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

fn condition(filter: &SavedSearchFilter) -> Condition {
    Condition::all()
        .add_option(filter.name.as_ref().map(|wanted| wanted.on(Column::Name)))
        .add_option(filter.kind.as_ref().map(|wanted| wanted.on(Column::Kind)))
}

fn sort(order: SavedSearchOrder) -> Sort<Entity> {
    match order {
        SavedSearchOrder::Name => Sort {
            name: "NAME",
            columns: vec![Column::NameKey, Column::Id],
            descending: false,
            key: |row| vec![SortValue::Text(row.name_key.clone()), SortValue::Id(row.id.0)],
        },
        SavedSearchOrder::Recent => Sort {
            name: "RECENT",
            columns: vec![Column::Id],
            descending: true,
            key: |row| vec![SortValue::Id(row.id.0)],
        },
    }
}
