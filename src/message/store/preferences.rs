//! How people want to be written to.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    ids::{AgencyCode, MessagePreferenceId},
    message_preference::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Iterable, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::Expr,
};

use crate::{
    message::model::Reader,
    platform::{
        db::{Books, Db},
        fault::Outcome,
    },
};

/// What a person has chosen.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of(db: &Db, reader: &Reader) -> Outcome<Option<Model>> {
    db.one(theirs(reader)).await
}

/// As [`of`], locked until the end of the transaction.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn lock(books: &Books<'_>, reader: &Reader) -> Outcome<Option<Model>> {
    books.one_locked(theirs(reader)).await
}

/// The row of that id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_id(db: &Db, id: MessagePreferenceId) -> Outcome<Option<Model>> {
    Ok(db.all_in_background(Entity::find_by_id(id)).await?.into_iter().next())
}

/// The row whose mail is ended by this token, locked until the end of the transaction.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn lock_by_token(books: &Books<'_>, token: &str) -> Outcome<Option<Model>> {
    books.one_locked(Entity::find().filter(Column::Unsubscribe.eq(token))).await
}

/// Whoever may be written to, of these agencies or, where there are none, of all.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn reachable(books: &Books<'_>, agencies: Option<Vec<AgencyCode>>) -> Outcome<Vec<Model>> {
    let select = Entity::find().filter(is_reachable());
    books
        .all(match agencies {
            None => select,
            Some(agencies) => select.filter(Column::Agency.is_in(agencies)),
        })
        .await
}

/// Whoever may be written to and had no mail of the day for `today` yet, some of them behind a row.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn without_digest(
    db: &Db,
    today: NaiveDate,
    after: Option<MessagePreferenceId>,
    most: u64,
) -> Outcome<Vec<Model>> {
    let new = Condition::any().add(Column::DigestDay.is_null()).add(Column::DigestDay.lt(today));
    let behind = after.map(|id| Column::Id.gt(id));
    let select = Entity::find().filter(is_reachable()).filter(new).filter(Condition::all().add_option(behind));
    db.all_in_background(select.order_by_asc(Column::Id).limit(most)).await
}

/// Notes that the mail of a day was made; whether nobody else has.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn note_digest(books: &Books<'_>, id: MessagePreferenceId, day: NaiveDate) -> Outcome<bool> {
    let new = Condition::any().add(Column::DigestDay.is_null()).add(Column::DigestDay.lt(day));
    let guard = Condition::all().add(Column::Id.eq(id)).add(new);
    Ok(books.amend::<Entity>(vec![(Column::DigestDay, Expr::value(day))], guard).await? == 1)
}

/// Writes the first choice of a person; whether none was there.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn enter(books: &Books<'_>, row: Model) -> Outcome<bool> {
    Ok(books.enter::<Entity>(vec![row]).await? == 1)
}

/// Writes all that is said in a row over what is there under its id; the row must be locked.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn save(books: &Books<'_>, row: &Model) -> Outcome<()> {
    let kept = [Column::Id, Column::Agency, Column::Person, Column::CreatedAt];
    let kept =
        |column: &Column| kept.iter().any(|other| std::mem::discriminant(other) == std::mem::discriminant(column));
    let moves = Column::iter().filter(|column| !kept(column));
    let moves = moves.map(|column| (column, Expr::val(row.get(column)))).collect();
    books.amend::<Entity>(moves, Condition::all().add(Column::Id.eq(row.id))).await.map(drop)
}

/// Notes what a person holds, as just seen.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn seen(books: &Books<'_>, row: &Model, scopes: serde_json::Value, at: DateTime<Utc>) -> Outcome<()> {
    let moves = vec![(Column::Scopes, Expr::val(scopes)), (Column::SeenAt, Expr::val(at))];
    books.amend::<Entity>(moves, Condition::all().add(Column::Id.eq(row.id))).await.map(drop)
}

/// Notes that a person whose tokens are ended holds nothing, until seen again.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn disarm(books: &Books<'_>, agency: &AgencyCode, subject: &str) -> Outcome<()> {
    let guard = Condition::all().add(Column::Agency.eq(agency.clone())).add(Column::Subject.eq(subject));
    books.amend::<Entity>(vec![(Column::Scopes, Expr::val(serde_json::json!([])))], guard).await.map(drop)
}

/// Notes that an address was refused for good.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn refused(books: &Books<'_>, id: MessagePreferenceId, (address, why): (&str, &str)) -> Outcome<()> {
    let moves = vec![(Column::Failure, Expr::val(why)), (Column::FailedAt, Expr::val(Some(books.clock().now())))];
    let guard = Condition::all().add(Column::Id.eq(id)).add(Column::Email.eq(address));
    books.amend::<Entity>(moves, guard).await.map(drop)
}

/// Takes a row away, and with it the mail that was made for it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn forget(books: &Books<'_>, reader: &Reader) -> Outcome<u64> {
    let guard = Condition::all().add(Column::Agency.eq(reader.agency.clone())).add(Column::Person.eq(&reader.person));
    books.strike::<Entity>(guard).await
}

fn theirs(reader: &Reader) -> Select<Entity> {
    Entity::find().filter(Column::Agency.eq(reader.agency.clone())).filter(Column::Person.eq(&reader.person))
}

fn is_reachable() -> Condition {
    Condition::all()
        .add(Column::Email.is_not_null())
        .add(Column::ConfirmedAt.is_not_null())
        .add(Column::FailedAt.is_null())
}
