//! Reading certificates.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    certificate::{Column, Entity, Model},
    certificate_lab,
    enums::CertificateStatus,
    ids::CertificateId,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    directory::{
        certificate::model::{CertificateEdge, CertificateFilter, CertificateOrder, CertificateStanding, number_key},
        family::Args,
        rows::{among, in_force, institution_shown, last_shown},
    },
    platform::{
        access::Visible,
        db::{Db, Dialect, Tx},
        fault::Outcome,
        page::{self, Page, Sort, SortValue, Window, parent},
    },
};

/// Certificates as the register knows them on a date, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_ids(db: &Db, visible: &Visible, ids: &[Uuid], on: NaiveDate) -> Outcome<Vec<Model>> {
    let select = whole(db.dialect(), visible)
        .filter(in_force(Column::EffectiveFrom, Column::EffectiveTo, on))
        .filter(among(db.dialect(), Column::Id, ids.iter().copied()));
    db.all(select).await
}

/// The certificates that carry a number, in any spelling: several, where issuers or schemes use the same.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_number(db: &Db, visible: &Visible, number: &str, on: NaiveDate) -> Outcome<Vec<Model>> {
    let select = whole(db.dialect(), visible)
        .filter(in_force(Column::EffectiveFrom, Column::EffectiveTo, on))
        .filter(Column::NumberKey.eq(number_key(number)))
        .order_by_asc(Column::Id);
    db.all(select).await
}

/// A page of the certificates that a filter finds.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn page(
    db: &Db,
    visible: &Visible,
    filter: &CertificateFilter,
    order: CertificateOrder,
    window: &Window,
) -> Outcome<Page<Model>> {
    page::fetch(db, whole(db.dialect(), visible).filter(condition(filter)), &sort(order), window).await
}

/// How many certificates a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count(db: &Db, visible: &Visible, filter: &CertificateFilter) -> Outcome<u64> {
    db.count(whole(db.dialect(), visible).filter(condition(filter))).await
}

/// For each parent a page of its certificates, with one statement.
///
/// # Errors
/// As [`page()`].
pub async fn children(
    db: &Db,
    visible: &Visible,
    edge: CertificateEdge,
    parents: &[Uuid],
    args: &Args<CertificateFilter, CertificateOrder>,
) -> Outcome<HashMap<Uuid, Page<Model>>> {
    let select = along(edge, db.dialect(), visible, &args.filter);
    page::children(db, parents, select, &sort(args.order), &args.window).await
}

/// For each parent the number of its certificates, with one statement.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count_children(
    db: &Db,
    visible: &Visible,
    edge: CertificateEdge,
    parents: &[Uuid],
    filter: &CertificateFilter,
) -> Outcome<HashMap<Uuid, u64>> {
    page::count_children(db, parents, along(edge, db.dialect(), visible, filter)).await
}

/// All revisions of certificates, the newest first.
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
    shown(dialect, visible).filter(institution_shown(visible, Column::InstitutionId))
}

fn shown(dialect: Dialect, visible: &Visible) -> Select<Entity> {
    Entity::find().filter(visible.rows(Column::Agency, Column::Visibility)).filter(last_shown(
        dialect,
        visible,
        Column::EffectiveTo,
    ))
}

fn along(edge: CertificateEdge, dialect: Dialect, visible: &Visible, filter: &CertificateFilter) -> Select<Entity> {
    match edge {
        CertificateEdge::Institution => shown(dialect, visible)
            .filter(condition(filter))
            .filter(Expr::col((Entity, Column::InstitutionId)).eq(parent())),
        CertificateEdge::Lab => {
            let covering = certificate_lab::Entity::find()
                .select_only()
                .column(certificate_lab::Column::CertificateId)
                .filter(Expr::col((certificate_lab::Entity, certificate_lab::Column::LabId)).eq(parent()))
                .filter(in_force(
                    certificate_lab::Column::EffectiveFrom,
                    certificate_lab::Column::EffectiveTo,
                    filter.on,
                ));
            whole(dialect, visible)
                .filter(condition(filter))
                .filter(Expr::col((Entity, Column::Id)).in_subquery(covering.into_query()))
        }
    }
}

fn condition(filter: &CertificateFilter) -> Condition {
    let standing = filter.standing.as_ref().map(|wanted| {
        wanted.iter().fold(Condition::any().add(Expr::val(1).eq(0)), |any, one| any.add(stands(*one, filter.on)))
    });
    in_force(Column::EffectiveFrom, Column::EffectiveTo, filter.on)
        .add_option(filter.agency.as_ref().map(|wanted| wanted.on(Column::Agency)))
        .add_option(filter.institution.as_ref().map(|wanted| wanted.on(Column::InstitutionId)))
        .add_option(filter.scheme.as_ref().map(|wanted| wanted.on(Column::Scheme)))
        .add_option(filter.number.as_ref().map(|wanted| Column::NumberKey.eq(number_key(wanted))))
        .add_option(filter.issuer.as_ref().map(|wanted| wanted.on(Column::Issuer)))
        .add_option(standing)
        .add_option(filter.valid_to.map(|wanted| wanted.on(Column::ValidTo)))
        .add_option(filter.visibility.as_ref().map(|wanted| wanted.on(Column::Visibility)))
}

/// [`CertificateStanding::on`] as a condition.
fn stands(standing: CertificateStanding, on: NaiveDate) -> Condition {
    let not_expired = || Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gte(on));
    let active = || Condition::all().add(Column::Status.eq(CertificateStatus::Active)).add(not_expired());
    match standing {
        CertificateStanding::Withdrawn => Condition::all().add(Column::Status.eq(CertificateStatus::Withdrawn)),
        CertificateStanding::Expired => {
            Condition::all().add(Column::Status.ne(CertificateStatus::Withdrawn)).add(Column::ValidTo.lt(on))
        }
        CertificateStanding::Suspended => {
            Condition::all().add(Column::Status.eq(CertificateStatus::Suspended)).add(not_expired())
        }
        CertificateStanding::NotYetValid => active().add(Column::ValidFrom.gt(on)),
        CertificateStanding::Active => active().add(Column::ValidFrom.lte(on)),
    }
}

fn sort(order: CertificateOrder) -> Sort<Entity> {
    match order {
        CertificateOrder::Number => Sort {
            name: "NUMBER",
            columns: vec![Column::NumberKey, Column::Id],
            descending: false,
            key: |row| vec![SortValue::Text(row.number_key.clone()), SortValue::Id(row.id.0)],
        },
        CertificateOrder::Recent => Sort {
            name: "RECENT",
            columns: vec![Column::Id],
            descending: true,
            key: |row| vec![SortValue::Id(row.id.0)],
        },
    }
}

/// The revision of a certificate that was in force on a date, as it is known by now.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn in_force_on(tx: &Tx, id: CertificateId, on: NaiveDate) -> Outcome<Option<Model>> {
    let select = Entity::find().filter(Column::Id.eq(id));
    tx.one(select.filter(in_force(Column::EffectiveFrom, Column::EffectiveTo, on))).await
}
