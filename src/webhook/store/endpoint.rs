//! Endpoints and their secrets.

use chrono::{DateTime, Utc};
use entity::{
    agency,
    enums::WebhookStatus,
    ids::{AgencyCode, WebhookId},
    webhook::{Column, Entity, Model},
    webhook_secret as secret,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr};

use crate::platform::{
    access::{Sealed, Visible},
    db::{Db, Tx},
    fault::Outcome,
};

/// Locks the row of that id.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: WebhookId) -> Outcome<Sealed<Model>> {
    tx.lock(Entity::find_by_id(id), id.0).await
}

/// Whether an agency has as many as it may. Its own row is the turnstile: of two that would be the last, one waits.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn is_full(tx: &Tx, agency: &AgencyCode, most: u64) -> Outcome<bool> {
    let _turn = tx.all_locked(agency::Entity::find_by_id(agency.clone())).await?;
    let own = Entity::find().filter(Column::Agency.eq(agency.clone())).order_by_asc(Column::Id);
    Ok(tx.all(own.limit(most)).await?.len() as u64 >= most)
}

/// Number of the last entry of the feed, as a transaction sees it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn end_of_feed(tx: &Tx) -> Outcome<i64> {
    let last = entity::feed::Entity::find().order_by_desc(entity::feed::Column::Seq);
    Ok(tx.one(last.limit(1)).await?.map_or(0, |entry| entry.seq))
}

/// Those that may be seen, the newest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn all(db: &Db, visible: &Visible, most: u64) -> Outcome<Vec<Model>> {
    db.all(own(visible).order_by_desc(Column::Id).limit(most)).await
}

/// The row of that id, if it may be seen.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_id(db: &Db, visible: &Visible, id: WebhookId) -> Outcome<Option<Model>> {
    db.one(own(visible).filter(Column::Id.eq(id))).await
}

/// Those for which what happens is kept, in the order in which their queues are locked.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn hearing(db: &Db) -> Outcome<Vec<Model>> {
    let kept = Entity::find().filter(Column::Status.is_in([WebhookStatus::Active, WebhookStatus::Paused]));
    db.all_in_background(kept.order_by_asc(Column::Id)).await
}

/// The active ones of these ids.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn active(db: &Db, ids: Vec<WebhookId>) -> Outcome<Vec<Model>> {
    let active = Entity::find().filter(Column::Status.eq(WebhookStatus::Active)).filter(Column::Id.is_in(ids));
    db.all_in_background(active).await
}

/// The secrets of an endpoint that sign at a moment, the newest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn signing(db: &Db, id: WebhookId, at: DateTime<Utc>) -> Outcome<Vec<secret::Model>> {
    let holds = Condition::any().add(secret::Column::Until.is_null()).add(secret::Column::Until.gt(at));
    let secrets = secret::Entity::find().filter(secret::Column::WebhookId.eq(id)).filter(holds);
    db.all_in_background(secrets.order_by_desc(secret::Column::Id)).await
}

/// The secrets of endpoints that sign at a moment, the newest first, for who reads them.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn secrets_of(db: &Db, ids: Vec<WebhookId>, at: DateTime<Utc>) -> Outcome<Vec<secret::Model>> {
    let holds = Condition::any().add(secret::Column::Until.is_null()).add(secret::Column::Until.gt(at));
    let secrets = secret::Entity::find().filter(secret::Column::WebhookId.is_in(ids)).filter(holds);
    db.all(secrets.order_by_desc(secret::Column::Id)).await
}

/// All secrets of an endpoint, as a transaction sees them, the newest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn secrets(tx: &Tx, id: WebhookId) -> Outcome<Vec<secret::Model>> {
    let secrets = secret::Entity::find().filter(secret::Column::WebhookId.eq(id));
    tx.all(secrets.order_by_desc(secret::Column::Id)).await
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
