//! The rows.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    attachment::{Column, Entity, Model},
    attachment_party as party,
    ids::{AgencyCode, AttachmentId},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    Value,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

use super::model::{
    query::{AttachmentFilter, AttachmentOrder},
    record::Unbound,
};
use crate::{
    directory::rows::{among, among_texts},
    platform::{
        access::{Sealed, Visible},
        db::{Db, Dialect, Tx},
        fault::Outcome,
        page::{self, Page, Sort, SortValue, Window},
    },
};

/// Locks the row of that id.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: AttachmentId) -> Outcome<Sealed<Model>> {
    tx.lock(Entity::find_by_id(id), id.0).await
}

/// What an agency keeps that is not bound. Lock the agency first, so that nobody adds to it meanwhile.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn unbound(tx: &Tx, agency: &AgencyCode) -> Outcome<Unbound> {
    #[derive(FromQueryResult)]
    struct Kept {
        files: i64,
        bytes: i64,
    }
    let mark = tx.dialect().place(1);
    let sql = format!(
        "SELECT COUNT(*) AS files, CAST(COALESCE(SUM(size), 0) AS bigint) AS bytes \
         FROM attachment WHERE agency = {mark} AND subject IS NULL"
    );
    let rows = tx.sql::<Kept>(&sql, vec![Value::from(agency.as_str())]).await?;
    let kept = |row: &Kept| Unbound { files: row.files.cast_unsigned(), bytes: row.bytes.cast_unsigned() };
    Ok(rows.first().map(kept).unwrap_or_default())
}

/// Some rows of before a moment that are not bound, locked; those that somebody else has locked are passed over.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn claim_unbound(tx: &Tx, before: DateTime<Utc>, most: u64) -> Outcome<Vec<Model>> {
    let over = Entity::find().filter(Column::Subject.is_null()).filter(Column::CreatedAt.lt(before));
    let mut first = over.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(most);
    if tx.dialect() == Dialect::Postgres {
        first = first.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    tx.all(first).await
}

/// Which of these ids have no row.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn without_rows(db: &Db, ids: Vec<AttachmentId>) -> Outcome<Vec<AttachmentId>> {
    let known = Entity::find().filter(among(db.dialect(), Column::Id, ids.iter().map(|id| id.0)));
    let known: Vec<AttachmentId> = db.all_in_background(known).await?.into_iter().map(|row| row.id).collect();
    Ok(ids.into_iter().filter(|id| !known.contains(id)).collect())
}

/// The row of an id, for whoever holds a signed address of it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_id(db: &Db, id: AttachmentId) -> Outcome<Option<Model>> {
    db.one(Entity::find_by_id(id)).await
}

/// Rows that may be seen, by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_ids(db: &Db, visible: &Visible, ids: &[Uuid]) -> Outcome<Vec<Model>> {
    db.all(seen(visible).filter(among(db.dialect(), Column::Id, ids.iter().copied()))).await
}

/// Rows that may be seen and are bound to one of these, oldest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_subjects(db: &Db, visible: &Visible, subjects: Vec<String>) -> Outcome<Vec<Model>> {
    let bound = seen(visible).filter(among_texts(db.dialect(), Column::Subject, subjects));
    db.all(bound.order_by_asc(Column::Id)).await
}

/// Rows that are bound to something, oldest first, as a transaction sees them.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_subject(tx: &Tx, subject: &str) -> Outcome<Vec<Model>> {
    tx.all(Entity::find().filter(Column::Subject.eq(subject)).order_by_asc(Column::Id)).await
}

/// To which agencies these files were shown, by code.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn parties(db: &Db, ids: &[Uuid]) -> Outcome<HashMap<AttachmentId, Vec<AgencyCode>>> {
    let rows = party::Entity::find().filter(among(db.dialect(), party::Column::AttachmentId, ids.iter().copied()));
    let mut found: HashMap<AttachmentId, Vec<AgencyCode>> = HashMap::new();
    for row in db.all(rows.order_by_asc(party::Column::Agency)).await? {
        found.entry(row.attachment_id).or_default().push(row.agency);
    }
    Ok(found)
}

/// Shows a file to agencies to which it was not shown. Lock its row first.
///
/// # Errors
/// `REFERENCE_MISSING` for an agency that there is not.
pub async fn show(tx: &mut Tx, row: &Model, agencies: &[AgencyCode]) -> Outcome<()> {
    let shown = tx.all(party::Entity::find().filter(party::Column::AttachmentId.eq(row.id))).await?;
    let mut known: Vec<AgencyCode> = shown.into_iter().map(|party| party.agency).collect();
    known.push(row.agency.clone());
    for agency in agencies {
        if known.contains(agency) {
            continue;
        }
        known.push(agency.clone());
        let (attachment_id, owner, at) = (row.id, row.agency.clone(), tx.now());
        tx.insert(party::Model { attachment_id, agency: agency.clone(), owner, at }).await?;
    }
    Ok(())
}

/// A page of the rows that a filter finds.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn page(
    db: &Db,
    visible: &Visible,
    filter: &AttachmentFilter,
    order: AttachmentOrder,
    window: &Window,
) -> Outcome<Page<Model>> {
    page::fetch(db, seen(visible).filter(condition(filter)), &sort(order), window).await
}

/// How many rows a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count(db: &Db, visible: &Visible, filter: &AttachmentFilter) -> Outcome<u64> {
    db.count(seen(visible).filter(condition(filter))).await
}

/// Those of the caller's own agency, and those that were shown to it.
fn seen(visible: &Visible) -> Select<Entity> {
    let select = Entity::find();
    match visible {
        Visible::All => select,
        Visible::Public => select.filter(Expr::val(false)),
        Visible::Partner(own) => {
            let shown = party::Entity::find()
                .select_only()
                .column(party::Column::AttachmentId)
                .filter(party::Column::Agency.eq(own.clone()))
                .into_query();
            select.filter(Condition::any().add(Column::Agency.eq(own.clone())).add(Column::Id.in_subquery(shown)))
        }
    }
}

fn condition(filter: &AttachmentFilter) -> Condition {
    Condition::all()
        .add_option(filter.subject.as_deref().map(|subject| Column::Subject.eq(subject)))
        .add_option(
            filter.bound.map(|bound| if bound { Column::Subject.is_not_null() } else { Column::Subject.is_null() }),
        )
        .add_option(filter.status.as_ref().map(|wanted| wanted.on(Column::Status)))
        .add_option(filter.purpose.as_ref().map(|wanted| wanted.on(Column::Purpose)))
        .add_option(filter.file_name.as_ref().map(|wanted| wanted.on(Column::FileName)))
}

fn sort(order: AttachmentOrder) -> Sort<Entity> {
    match order {
        AttachmentOrder::Recent => Sort {
            name: "RECENT",
            columns: vec![Column::Id],
            descending: true,
            key: |row| vec![SortValue::Id(row.id.0)],
        },
        AttachmentOrder::FileName => Sort {
            name: "FILE_NAME",
            columns: vec![Column::FileName, Column::Id],
            descending: false,
            key: |row| vec![SortValue::Text(row.file_name.clone()), SortValue::Id(row.id.0)],
        },
    }
}
