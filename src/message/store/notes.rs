//! Messages: writing them once, and finding those that are somebody's.

use chrono::{DateTime, Utc};
use entity::{
    enums::MessageKind,
    ids::MessageId,
    message_mark,
    message_note::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, PostgresQueryBuilder, Query, SqliteQueryBuilder},
};

use crate::{
    message::model::{MessageFilter, Reader},
    platform::{
        db::{Books, Db, Dialect},
        fault::Outcome,
        page::{self, Page, Sort, SortValue, Window},
    },
};

/// How many are unread of one kind.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Unread {
    /// The kind, as its word.
    pub kind: String,
    /// How many.
    pub unread: i64,
}

/// Writes messages that were not written before; how many those were.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn enter(books: &Books<'_>, rows: Vec<Model>) -> Outcome<u64> {
    books.enter::<Entity>(rows).await
}

/// Which of these were written before.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn told_before(db: &Db, once: Vec<String>) -> Outcome<Vec<String>> {
    let rows = db.all_in_background(Entity::find().filter(Column::Once.is_in(once))).await?;
    Ok(rows.into_iter().map(|row| row.once).collect())
}

/// A page of somebody's messages, the newest first.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn page(db: &Db, reader: &Reader, filter: &MessageFilter, window: &Window) -> Outcome<Page<Model>> {
    let newest: Sort<Entity> = Sort {
        name: "NEWEST",
        columns: vec![Column::Id],
        descending: true,
        key: |row: &Model| vec![SortValue::Id(row.id.0)],
    };
    page::fetch(db, wanted(reader, filter), &newest, window).await
}

/// How many of somebody's messages a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count(db: &Db, reader: &Reader, filter: &MessageFilter) -> Outcome<u64> {
    db.count(wanted(reader, filter)).await
}

/// How many of somebody's messages are unread, by kind.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn counts(db: &Db, reader: &Reader) -> Outcome<Vec<Unread>> {
    let unread = MessageFilter { unread: Some(true), ..MessageFilter::default() };
    let mut query = wanted(reader, &unread).into_query();
    query.clear_selects();
    query
        .column((Entity, Column::Kind))
        .expr_as(Expr::cust("COUNT(*)"), "unread")
        .add_group_by([Expr::col((Entity, Column::Kind))]);
    let (sql, values) = match db.dialect() {
        Dialect::Postgres => query.build(PostgresQueryBuilder),
        Dialect::Sqlite => query.build(SqliteQueryBuilder),
    };
    db.sql(&sql, values.0).await
}

/// Those of these that are somebody's.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_reader(books: &Books<'_>, reader: &Reader, ids: &[MessageId]) -> Outcome<Vec<Model>> {
    books.all(own(reader).filter(Column::Id.is_in(ids.iter().copied()))).await
}

/// Somebody's unread messages that are not newer than one, some of them.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn unread_up_to(books: &Books<'_>, reader: &Reader, last: MessageId, most: u64) -> Outcome<Vec<Model>> {
    let select = own(reader).filter(is_read(reader).not()).filter(Column::Id.lte(last));
    books.all(select.order_by_desc(Column::Id).limit(most)).await
}

/// Somebody's newest unread messages of some kinds since an instant, and how many there are in all.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn newest_unread(
    db: &Db,
    reader: &Reader,
    kinds: Vec<MessageKind>,
    since: DateTime<Utc>,
    most: u64,
) -> Outcome<(Vec<Model>, usize)> {
    let select =
        own(reader).filter(is_read(reader).not()).filter(Column::Kind.is_in(kinds)).filter(Column::At.gte(since));
    // A thousand are as good as more: the mail names some of them and says how many there are.
    let mut rows = db.all_in_background(select.order_by_desc(Column::Id).limit(1_000)).await?;
    let total = rows.len();
    rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok((rows, total))
}

/// Messages by their ids, the newest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_ids(db: &Db, ids: Vec<MessageId>) -> Outcome<Vec<Model>> {
    db.all_in_background(Entity::find().filter(Column::Id.is_in(ids)).order_by_desc(Column::Id)).await
}

/// Takes away what is for one person alone.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn forget(books: &Books<'_>, reader: &Reader) -> Outcome<u64> {
    let theirs = Condition::any().add(Column::Person.eq(&reader.person)).add(Column::Person.eq(&reader.subject));
    books.strike::<Entity>(Condition::all().add(Column::Agency.eq(reader.agency.clone())).add(theirs)).await
}

/// Takes away what is older than an instant, with what was noted of it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn clear(books: &Books<'_>, before: DateTime<Utc>) -> Outcome<u64> {
    books.strike::<Entity>(Condition::all().add(Column::At.lt(before))).await
}

fn wanted(reader: &Reader, filter: &MessageFilter) -> Select<Entity> {
    let kinds = filter.kinds.as_ref().map(|kinds| Column::Kind.is_in(kinds.iter().copied()));
    let subject = filter.subject.as_ref().map(|subject| Column::Subject.eq(subject));
    let unread = filter.unread.map(|unread| if unread { is_read(reader).not() } else { is_read(reader) });
    own(reader).filter(Condition::all().add_option(kinds).add_option(subject).add_option(unread))
}

/// Those to the person, and those to their agency, or to any, whose scope they hold.
fn own(reader: &Reader) -> Select<Entity> {
    let person = Condition::any().add(Column::Person.eq(&reader.person)).add(Column::Person.eq(&reader.subject));
    let held = Condition::any()
        .add(Column::Scope.is_null())
        .add(Column::Scope.is_in(reader.scopes.iter().map(String::as_str)));
    let of_agency = Condition::all()
        .add(Column::Agency.eq(reader.agency.clone()))
        .add(Condition::any().add(person).add(Condition::all().add(Column::Person.is_null()).add(held)));
    let of_any = Condition::all()
        .add(Column::Agency.is_null())
        .add(Column::Scope.is_in(reader.scopes.iter().map(String::as_str)));
    Entity::find().filter(Condition::any().add(of_agency).add(of_any))
}

fn is_read(reader: &Reader) -> Expr {
    use message_mark::Column as Mark;
    let mut marks = Query::select();
    marks
        .expr(Expr::val(1))
        .from(message_mark::Entity)
        .and_where(Expr::col((message_mark::Entity, Mark::MessageId)).equals((Entity, Column::Id)))
        .and_where(Expr::col((message_mark::Entity, Mark::Agency)).eq(reader.agency.clone()))
        .and_where(Expr::col((message_mark::Entity, Mark::Person)).eq(reader.person.clone()));
    Expr::exists(marks)
}
