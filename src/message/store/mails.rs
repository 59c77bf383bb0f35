//! Mail that goes out.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    enums::{MailPurpose, MailStatus},
    ids::MessagePreferenceId,
    mail::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::platform::{
    db::{Books, Db},
    fault::Outcome,
};

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// How far it has come.
    pub status: MailStatus,
    /// When it is tried again.
    pub due_at: Option<DateTime<Utc>>,
    /// What was answered.
    pub answer: Option<String>,
}

/// Writes mail that was not written before; how many those were.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn enter(books: &Books<'_>, rows: Vec<Model>) -> Outcome<u64> {
    books.enter::<Entity>(rows).await
}

/// How many mails were taken over since an instant.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn sent_since(db: &Db, since: DateTime<Utc>, most: u64) -> Outcome<u64> {
    let sent = Entity::find().filter(Column::SentAt.gt(since)).limit(most);
    Ok(db.all_in_background(sent).await?.len() as u64)
}

/// Takes what is due, for `lease`: no other node finds it due before that is over. Each counts as tried.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn claim(db: &Db, turn: Uuid, lease: TimeDelta, most: u64) -> Outcome<Vec<Model>> {
    let now = db.clock().now();
    let due = Entity::find().filter(Column::DueAt.lte(now)).order_by_asc(Column::DueAt).order_by_asc(Column::Id);
    let moves = vec![
        (Column::DueAt, Expr::val(Some(now + lease))),
        (Column::LeaseBy, Expr::val(Some(turn))),
        (Column::Attempts, Expr::col(Column::Attempts).add(1)),
    ];
    db.claim::<Entity>(due.limit(most), |row| Condition::all().add(Column::Id.eq(row.id)), moves).await
}

/// Writes down how a try ended, where the turn still has the mail in hand; whether it had.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn end(books: &Books<'_>, row: &Model, turn: Uuid, ending: Ending) -> Outcome<bool> {
    let sent = (ending.status == MailStatus::Sent).then(|| books.clock().now());
    let mut moves = vec![
        (Column::Status, Expr::val(ending.status)),
        (Column::DueAt, Expr::val(ending.due_at)),
        (Column::Answer, Expr::val(ending.answer)),
        (Column::SentAt, Expr::val(sent)),
        (Column::LeaseBy, Expr::val(None::<Uuid>)),
    ];
    if ending.due_at.is_none() {
        moves.push((Column::Content, Expr::val(serde_json::json!({}))));
    }
    let guard = Condition::all().add(Column::Id.eq(row.id)).add(Column::LeaseBy.eq(turn));
    Ok(books.amend::<Entity>(moves, guard).await? == 1)
}

/// Drops what waits to be sent to somebody, but for what is for this purpose.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn drop_waiting(books: &Books<'_>, of: MessagePreferenceId, but: Option<MailPurpose>) -> Outcome<()> {
    let waiting = Condition::all().add(Column::PreferenceId.eq(of)).add(Column::Status.eq(MailStatus::Waiting));
    let waiting = waiting.add_option(but.map(|purpose| Column::Purpose.ne(purpose)));
    let moves = vec![
        (Column::Status, Expr::val(MailStatus::Dropped)),
        (Column::DueAt, Expr::val(None::<DateTime<Utc>>)),
        (Column::LeaseBy, Expr::val(None::<Uuid>)),
        (Column::Content, Expr::val(serde_json::json!({}))),
    ];
    books.amend::<Entity>(moves, waiting).await.map(drop)
}

/// The last mails to somebody, the newest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn last_of(db: &Db, of: MessagePreferenceId, most: u64) -> Outcome<Vec<Model>> {
    db.all(Entity::find().filter(Column::PreferenceId.eq(of)).order_by_desc(Column::Id).limit(most)).await
}

/// Takes away what is over and older than an instant.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn clear(books: &Books<'_>, before: DateTime<Utc>) -> Outcome<u64> {
    books.strike::<Entity>(Condition::all().add(Column::At.lt(before)).add(Column::DueAt.is_null())).await
}
