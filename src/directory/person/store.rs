//! The rows.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    enums::Standing,
    ids::{LabId, ScopeId, SignatoryId},
    signatory::{Column, Entity, Model},
    signatory_scope,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select, Value,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::model::{SignatoryFilter, SignatoryOrder};
use crate::{
    directory::{
        family::Args,
        rows::{among, lab_shown},
    },
    platform::{
        access::{Sealed, Visible},
        db::{Db, Dialect, Tx},
        fault::Outcome,
        page::{self, Page, Sort, SortValue, parent},
    },
};

/// Locks the row of that id.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: SignatoryId) -> Outcome<Sealed<Model>> {
    tx.lock(Entity::find_by_id(id), id.0).await
}

/// The row of that natural key, whoever asks: for writing only.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn known(tx: &Tx, lab: LabId, code: &str) -> Outcome<Option<Model>> {
    tx.one(Entity::find().filter(Column::LabId.eq(lab)).filter(Column::Code.eq(code))).await
}

/// The links of a signatory to a line, the first one first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn links(tx: &Tx, signatory: SignatoryId, line: ScopeId) -> Outcome<Vec<signatory_scope::Model>> {
    let select = signatory_scope::Entity::find()
        .filter(signatory_scope::Column::SignatoryId.eq(signatory))
        .filter(signatory_scope::Column::ScopeId.eq(line))
        .order_by_asc(signatory_scope::Column::EffectiveFrom);
    tx.all(select).await
}

/// Rows that may be seen, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_ids(db: &Db, visible: &Visible, ids: &[Uuid]) -> Outcome<Vec<Model>> {
    let select = shown(visible).filter(lab_shown(visible, Column::LabId));
    db.all(select.filter(among(db.dialect(), Column::Id, ids.iter().copied()))).await
}

/// For each lab a page of its signatories, with one statement.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn children(
    db: &Db,
    visible: &Visible,
    labs: &[Uuid],
    args: &Args<SignatoryFilter, SignatoryOrder>,
) -> Outcome<HashMap<Uuid, Page<Model>>> {
    page::children(db, labs, along(db.dialect(), visible, &args.filter), &sort(args.order), &args.window).await
}

/// For each lab the number of its signatories, with one statement.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count_children(
    db: &Db,
    visible: &Visible,
    labs: &[Uuid],
    filter: &SignatoryFilter,
) -> Outcome<HashMap<Uuid, u64>> {
    page::count_children(db, labs, along(db.dialect(), visible, filter)).await
}

/// The next rows of a walk through all that may be seen, in the order of their ids.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn walk(db: &Db, visible: &Visible, step: (Option<Uuid>, u64)) -> Outcome<Vec<Model>> {
    page::walk(db, shown(visible).filter(lab_shown(visible, Column::LabId)), Column::Id, step).await
}

fn shown(visible: &Visible) -> Select<Entity> {
    Entity::find().filter(visible.rows(Column::Agency, Column::Visibility))
}

fn along(dialect: Dialect, visible: &Visible, filter: &SignatoryFilter) -> Select<Entity> {
    let condition = Condition::all()
        .add_option(filter.field.as_deref().map(|field| may_sign(dialect, field)))
        .add_option(filter.standing.as_ref().map(|wanted| wanted.on(Column::Standing)))
        .add_option(filter.authorised_on.map(authorised));
    shown(visible).filter(condition).filter(Expr::col((Entity, Column::LabId)).eq(parent()))
}

/// [`super::model::authorised`] as a condition.
fn authorised(on: NaiveDate) -> Condition {
    Condition::all()
        .add(Column::Standing.eq(Standing::Active))
        .add(Column::ValidFrom.lte(on))
        .add(Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gte(on)))
}

/// The list of fields has this one, or is empty and thereby has every one.
fn may_sign(dialect: Dialect, field: &str) -> Expr {
    match dialect {
        Dialect::Postgres => Expr::cust_with_values(
            "(signatory.fields = '[]'::jsonb OR signatory.fields @> jsonb_build_array($1::text))",
            [Value::from(field)],
        ),
        Dialect::Sqlite => Expr::cust_with_values(
            "(signatory.fields = '[]' OR EXISTS (SELECT 1 FROM json_each(signatory.fields) f WHERE f.value = ?))",
            [Value::from(field)],
        ),
    }
}

fn sort(order: SignatoryOrder) -> Sort<Entity> {
    match order {
        SignatoryOrder::Code => Sort {
            name: "CODE",
            columns: vec![Column::Code, Column::Id],
            descending: false,
            key: |row| vec![SortValue::Text(row.code.clone()), SortValue::Id(row.id.0)],
        },
    }
}
