//! Reading editions. An edition is shown to whoever may see its certificate as it stands today.

use std::collections::HashMap;

use entity::{
    FOREVER, certificate,
    scope_version::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    directory::{
        rows::{among, institution_shown},
        scope::model::EditionOrder,
    },
    platform::{
        access::Visible,
        db::Db,
        fault::Outcome,
        page::{self, Page, Sort, SortValue, Window, parent},
    },
};

/// Editions that the caller may see, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn editions_by_ids(db: &Db, visible: &Visible, ids: &[Uuid]) -> Outcome<Vec<Model>> {
    db.all(shown(visible).filter(among(db.dialect(), Column::Id, ids.iter().copied()))).await
}

/// For each certificate a page of its editions, with one statement.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn editions_of(
    db: &Db,
    visible: &Visible,
    certificates: &[Uuid],
    order: EditionOrder,
    window: &Window,
) -> Outcome<HashMap<Uuid, Page<Model>>> {
    let select = shown(visible).filter(Expr::col((Entity, Column::CertificateId)).eq(parent()));
    page::children(db, certificates, select, &sort(order), window).await
}

/// For each certificate the number of its editions, with one statement.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn edition_count(db: &Db, visible: &Visible, certificates: &[Uuid]) -> Outcome<HashMap<Uuid, u64>> {
    let select = shown(visible).filter(Expr::col((Entity, Column::CertificateId)).eq(parent()));
    page::count_children(db, certificates, select).await
}

fn shown(visible: &Visible) -> Select<Entity> {
    let select = Entity::find();
    if *visible == Visible::All {
        return select;
    }
    let of = certificate::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((certificate::Entity, certificate::Column::Id)).equals((Entity, Column::CertificateId)))
        .filter(certificate::Column::EffectiveTo.eq(FOREVER))
        .filter(visible.rows(certificate::Column::Agency, certificate::Column::Visibility))
        .filter(institution_shown(visible, certificate::Column::InstitutionId));
    select.filter(Expr::exists(of.into_query()))
}

fn sort(order: EditionOrder) -> Sort<Entity> {
    match order {
        EditionOrder::Recent => Sort {
            name: "RECENT",
            columns: vec![Column::Dated, Column::Id],
            descending: true,
            key: |row| vec![SortValue::Date(row.dated), SortValue::Id(row.id.0)],
        },
    }
}
