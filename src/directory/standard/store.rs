//! Every query on `standard`.

use entity::{
    enums::StandardStatus,
    ids::StandardId,
    standard::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Value};
use uuid::Uuid;

use super::{
    model::{EditionOfStandard, Replacement, StandardFilter, StandardOrder, editions},
    number::StandardNumber,
};
use crate::{
    directory::rows::{among, among_numbers, among_texts},
    platform::{
        access::Sealed,
        db::{Db, Tx},
        fault::Outcome,
        page::{self, Page, Sort, SortValue, Window},
    },
};

/// Longest chain of replacement that is walked; real ones have fewer than ten links.
const CHAIN: i32 = 50;

/// Locks an edition.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: StandardId) -> Outcome<Sealed<Model>> {
    tx.lock(Entity::find_by_id(id), id.0).await
}

/// The edition of just this number in any spelling, as a transaction sees it; what an import asks.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn known(tx: &Tx, number: &str) -> Outcome<Option<Model>> {
    tx.one(Entity::find().filter(Column::Number.eq(StandardNumber::or_raw(number).printed()))).await
}

/// Editions by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_ids(db: &Db, ids: &[Uuid]) -> Outcome<Vec<Model>> {
    db.all(Entity::find().filter(among(db.dialect(), Column::Id, ids.iter().copied()))).await
}

/// Editions by their numbers in canonical print.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_numbers(db: &Db, numbers: Vec<String>) -> Outcome<Vec<Model>> {
    db.all(Entity::find().filter(among_texts(db.dialect(), Column::Number, numbers))).await
}

/// Editions that name one of these numbers as their successor.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn replaced_by(db: &Db, numbers: Vec<String>) -> Outcome<Vec<Model>> {
    let select = Entity::find()
        .filter(among_texts(db.dialect(), Column::ReplacedBy, numbers))
        .order_by_desc(Column::Year)
        .order_by_asc(Column::Number);
    db.all(select).await
}

/// All editions of the standards of these match keys.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_keys(db: &Db, keys: Vec<String>) -> Outcome<Vec<Model>> {
    db.all(Entity::find().filter(among_texts(db.dialect(), Column::Key, keys))).await
}

/// Of the standards of these match keys the editions that citations with these years, or without one, can mean.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn citable(db: &Db, keys: Vec<String>, years: Vec<i32>) -> Outcome<Vec<Model>> {
    let meant = Condition::any()
        .add(among_numbers(db.dialect(), Column::Year, years))
        .add(Column::Year.is_null())
        .add(Column::Status.eq(StandardStatus::Current));
    db.all(Entity::find().filter(among_texts(db.dialect(), Column::Key, keys)).filter(meant)).await
}

/// The edition that a number in any spelling means: dated, the one of that year; undated, the current one.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_number(db: &Db, number: &str) -> Outcome<Option<Model>> {
    let number = StandardNumber::or_raw(number);
    let all = editions(by_keys(db, vec![number.key()]).await?);
    // GB and GB/T of one number and year share a key; the spelling that was asked for goes first.
    let printed = number.printed();
    let exact = all.iter().map(|one| &one.standard).find(|row| row.number == printed);
    Ok(exact.or_else(|| super::model::cited(&all, number.year.map(i32::from))).map(|row| (**row).clone()))
}

/// All editions of the standard that a number in any spelling names, the newest first, the current one marked.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn editions_of(db: &Db, number: &str) -> Outcome<Vec<EditionOfStandard>> {
    Ok(editions(by_keys(db, vec![StandardNumber::or_raw(number).key()]).await?))
}

/// The chain of replacement from an edition, nearest first, without the edition itself. A ring in the data ends it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn chain(db: &Db, id: StandardId, way: Replacement) -> Outcome<Vec<Model>> {
    let step = match way {
        Replacement::Later => "next.number = chain.replaced_by",
        Replacement::Earlier => "next.replaced_by = chain.number",
    };
    let sql = format!(
        "WITH RECURSIVE chain (id, number, replaced_by, far) AS (
            SELECT id, number, replaced_by, 0 FROM standard WHERE id = $1
            UNION
            SELECT next.id, next.number, next.replaced_by, chain.far + 1
            FROM chain JOIN standard next ON {step} WHERE chain.far < {CHAIN} AND next.id <> $1
         )
         SELECT standard.* FROM chain JOIN standard ON standard.id = chain.id WHERE chain.far > 0
         ORDER BY chain.far, standard.number"
    );
    let rows: Vec<Model> = db.sql(&sql, vec![Value::from(id.0)]).await?;
    let mut seen = std::collections::HashSet::new();
    Ok(rows.into_iter().filter(|row| seen.insert(row.id)).collect())
}

/// A page of the editions that a filter finds.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn page(db: &Db, filter: &StandardFilter, order: StandardOrder, window: &Window) -> Outcome<Page<Model>> {
    page::fetch(db, Entity::find().filter(condition(filter)), &sort(order), window).await
}

/// How many editions a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count(db: &Db, filter: &StandardFilter) -> Outcome<u64> {
    db.count(Entity::find().filter(condition(filter))).await
}

fn condition(filter: &StandardFilter) -> Condition {
    let number = filter.number.as_ref().map(|text| {
        let number = StandardNumber::or_raw(text);
        Condition::all()
            .add(Column::Key.eq(number.key()))
            .add_option(number.year.map(|year| Column::Year.eq(i32::from(year))))
    });
    Condition::all()
        .add_option(number)
        .add_option(filter.printed.as_ref().map(|wanted| wanted.on(Column::Number)))
        .add_option(filter.title_zh.as_ref().map(|wanted| wanted.on(Column::TitleZh)))
        .add_option(filter.title_en.as_ref().map(|wanted| wanted.on(Column::TitleEn)))
        .add_option(filter.status.as_ref().map(|wanted| wanted.on(Column::Status)))
        .add_option(filter.effective_on.map(|wanted| wanted.on(Column::EffectiveOn)))
}

/// The next rows of a walk through all that may be seen, in the order of their ids.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn walk(db: &Db, step: (Option<Uuid>, u64)) -> Outcome<Vec<Model>> {
    page::walk(db, Entity::find(), Column::Id, step).await
}

fn sort(order: StandardOrder) -> Sort<Entity> {
    match order {
        StandardOrder::Number => Sort {
            name: "NUMBER",
            columns: vec![Column::Number],
            descending: false,
            key: |row| vec![SortValue::Text(row.number.clone())],
        },
        StandardOrder::Recent => Sort {
            name: "RECENT",
            columns: vec![Column::Id],
            descending: true,
            key: |row| vec![SortValue::Id(row.id.0)],
        },
    }
}
