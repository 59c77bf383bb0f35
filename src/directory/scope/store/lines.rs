//! Reading lines.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    competence_scope::{Column, Entity, Model},
    equipment_scope, lab,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    directory::{
        family::Args,
        rows::{among, in_force, lab_shown, last_shown},
        scope::model::{LineEdge, LineFilter, LineOrder},
    },
    platform::{
        access::Visible,
        db::{Db, Dialect},
        fault::Outcome,
        page::{self, Page, Sort, SortValue, Window, parent},
    },
};

/// Lines in force on a date that the caller may see, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_ids(db: &Db, visible: &Visible, ids: &[Uuid], on: NaiveDate) -> Outcome<Vec<Model>> {
    let select = shown(db.dialect(), visible)
        .filter(lab_shown(visible, Column::LabId))
        .filter(in_force(Column::EffectiveFrom, Column::EffectiveTo, on))
        .filter(among(db.dialect(), Column::Id, ids.iter().copied()));
    db.all(select).await
}

/// A page of the lines that a filter finds.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn page(
    db: &Db,
    visible: &Visible,
    filter: &LineFilter,
    order: LineOrder,
    window: &Window,
) -> Outcome<Page<Model>> {
    let select = shown(db.dialect(), visible).filter(lab_shown(visible, Column::LabId)).filter(condition(filter));
    page::fetch(db, select, &sort(order), window).await
}

/// How many lines a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count(db: &Db, visible: &Visible, filter: &LineFilter) -> Outcome<u64> {
    db.count(shown(db.dialect(), visible).filter(lab_shown(visible, Column::LabId)).filter(condition(filter))).await
}

/// For each parent a page of its lines, with one statement.
///
/// # Errors
/// As [`page()`].
pub async fn children(
    db: &Db,
    visible: &Visible,
    edge: LineEdge,
    parents: &[Uuid],
    args: &Args<LineFilter, LineOrder>,
) -> Outcome<HashMap<Uuid, Page<Model>>> {
    let select = along(edge, db.dialect(), visible, &args.filter);
    page::children(db, parents, select, &sort(args.order), &args.window).await
}

/// For each parent the number of its lines, with one statement.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count_children(
    db: &Db,
    visible: &Visible,
    edge: LineEdge,
    parents: &[Uuid],
    filter: &LineFilter,
) -> Outcome<HashMap<Uuid, u64>> {
    page::count_children(db, parents, along(edge, db.dialect(), visible, filter)).await
}

/// All revisions of lines, the newest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn history(db: &Db, visible: &Visible, ids: &[Uuid]) -> Outcome<Vec<Model>> {
    let select = shown(db.dialect(), visible)
        .filter(lab_shown(visible, Column::LabId))
        .filter(among(db.dialect(), Column::Id, ids.iter().copied()))
        .order_by_desc(Column::Revision);
    db.all(select).await
}

/// The next rows of a walk through all that may be seen and is in force on a date, in the order of their ids.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn walk(db: &Db, visible: &Visible, on: NaiveDate, step: (Option<Uuid>, u64)) -> Outcome<Vec<Model>> {
    let select = shown(db.dialect(), visible).filter(lab_shown(visible, Column::LabId)).filter(in_force(
        Column::EffectiveFrom,
        Column::EffectiveTo,
        on,
    ));
    page::walk(db, select, Column::Id, step).await
}

fn shown(dialect: Dialect, visible: &Visible) -> Select<Entity> {
    Entity::find().filter(visible.rows(Column::Agency, Column::Visibility)).filter(last_shown(
        dialect,
        visible,
        Column::EffectiveTo,
    ))
}

/// A line cites an edition by its year; without a year, one that is itself undated, else the one in force: the way
/// back from [`cited`](crate::directory::standard::model::cited).
const CITES_PARENT: &str = "
    competence_scope.standard_key = (SELECT d.key FROM standard d WHERE d.id = k.id)
    AND (competence_scope.standard_year IS NOT DISTINCT FROM (SELECT d.year FROM standard d WHERE d.id = k.id)
        OR competence_scope.standard_year IS NULL AND k.id = (
            SELECT e.id FROM standard e
            WHERE e.key = competence_scope.standard_key
            ORDER BY e.year IS NULL DESC, e.status = 'CURRENT' DESC, e.year DESC, e.number LIMIT 1
        ) AND EXISTS (SELECT 1 FROM standard c WHERE c.id = k.id AND (c.year IS NULL OR c.status = 'CURRENT')))";

fn along(edge: LineEdge, dialect: Dialect, visible: &Visible, filter: &LineFilter) -> Select<Entity> {
    let select = shown(dialect, visible).filter(condition(filter));
    match edge {
        LineEdge::Lab => return select.filter(Expr::col((Entity, Column::LabId)).eq(parent())),
        LineEdge::Certificate => select.filter(Expr::col((Entity, Column::CertificateId)).eq(parent())),
        LineEdge::Edition => select.filter(Expr::col((Entity, Column::ScopeVersionId)).eq(parent())),
        LineEdge::Standard => select.filter(Expr::cust(CITES_PARENT)),
        LineEdge::Equipment => select.filter(
            Expr::col((Entity, Column::Id)).in_subquery(
                equipment_scope::Entity::find()
                    .select_only()
                    .column(equipment_scope::Column::ScopeId)
                    .filter(Expr::col((equipment_scope::Entity, equipment_scope::Column::EquipmentId)).eq(parent()))
                    .filter(in_force(
                        equipment_scope::Column::EffectiveFrom,
                        equipment_scope::Column::EffectiveTo,
                        filter.on,
                    ))
                    .into_query(),
            ),
        ),
    }
    .filter(lab_shown(visible, Column::LabId))
}

fn condition(filter: &LineFilter) -> Condition {
    let institution = filter.institution.as_ref().map(|wanted| {
        Column::LabId.in_subquery(
            lab::Entity::find()
                .select_only()
                .column(lab::Column::Id)
                .filter(wanted.on(lab::Column::InstitutionId))
                .into_query(),
        )
    });
    let standard = filter.standard.as_ref().map(|wanted| {
        Condition::all()
            .add(Column::StandardKey.eq(wanted.key.as_str()))
            .add_option(wanted.year.map(|year| Column::StandardYear.eq(year)))
    });
    in_force(Column::EffectiveFrom, Column::EffectiveTo, filter.on)
        .add_option(filter.agency.as_ref().map(|wanted| wanted.on(Column::Agency)))
        .add_option(institution)
        .add_option(filter.lab.as_ref().map(|wanted| wanted.on(Column::LabId)))
        .add_option(filter.certificate.as_ref().map(|wanted| wanted.on(Column::CertificateId)))
        .add_option(filter.field.as_ref().map(|wanted| wanted.on(Column::Field)))
        .add_option(filter.object.as_ref().map(|wanted| wanted.on(Column::Object)))
        .add_option(filter.parameter.as_ref().map(|wanted| wanted.on(Column::Parameter)))
        .add_option(filter.method.as_ref().map(|wanted| wanted.on(Column::Method)))
        .add_option(standard)
        .add_option(filter.visibility.as_ref().map(|wanted| wanted.on(Column::Visibility)))
}

fn sort(order: LineOrder) -> Sort<Entity> {
    match order {
        LineOrder::Serial => Sort {
            name: "SERIAL",
            columns: vec![Column::SerialKey, Column::Id],
            descending: false,
            key: |row| vec![SortValue::Text(row.serial_key.clone()), SortValue::Id(row.id.0)],
        },
        LineOrder::Recent => Sort {
            name: "RECENT",
            columns: vec![Column::Id],
            descending: true,
            key: |row| vec![SortValue::Id(row.id.0)],
        },
    }
}
