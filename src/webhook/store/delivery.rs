//! Deliveries, as their agency reads them.

use chrono::{DateTime, Utc};
use entity::{
    enums::WebhookDeliveryStatus,
    ids::{WebhookDeliveryId, WebhookId},
    outbox,
    webhook_delivery::{Column, Entity, Model},
    webhook_queue,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr,
};

use crate::platform::{
    access::Visible,
    db::{Db, Tx},
    fault::Outcome,
    filter::OneOf,
    page::{self, Page, Sort, SortValue, Window},
};

/// Which deliveries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// To this endpoint.
    pub webhook: Option<WebhookId>,
    /// So far.
    pub status: Option<OneOf<WebhookDeliveryStatus>>,
    /// Of an event of one of these names.
    pub names: Option<Vec<String>>,
    /// Of an event about this.
    pub subject: Option<String>,
}

/// A page of the deliveries that a filter finds, the newest first.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn page(db: &Db, visible: &Visible, filter: &DeliveryFilter, window: &Window) -> Outcome<Page<Model>> {
    let newest = Sort {
        name: "NEWEST",
        columns: vec![Column::Ordinal, Column::Id],
        descending: true,
        key: |row: &Model| vec![SortValue::Int(row.ordinal), SortValue::Id(row.id.0)],
    };
    page::fetch(db, own(visible).filter(condition(filter)), &newest, window).await
}

/// How many deliveries a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count(db: &Db, visible: &Visible, filter: &DeliveryFilter) -> Outcome<u64> {
    db.count(own(visible).filter(condition(filter))).await
}

/// The delivery of that id, if it may be seen.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_id(db: &Db, visible: &Visible, id: WebhookDeliveryId) -> Outcome<Option<Model>> {
    db.one(own(visible).filter(Column::Id.eq(id))).await
}

/// The delivery of that id to an endpoint, as a transaction sees it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_webhook(tx: &Tx, webhook: WebhookId, id: WebhookDeliveryId) -> Outcome<Option<Model>> {
    tx.one(Entity::find_by_id(id).filter(Column::WebhookId.eq(webhook))).await
}

/// How it stands with endpoints.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn standings(db: &Db, ids: Vec<WebhookId>) -> Outcome<Vec<webhook_queue::Model>> {
    db.all(webhook_queue::Entity::find().filter(webhook_queue::Column::WebhookId.is_in(ids))).await
}

/// How many deliveries to an endpoint have not ended, counted up to a bound.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn open(db: &Db, id: WebhookId, most: u64) -> Outcome<u64> {
    #[derive(FromQueryResult)]
    struct Counted {
        open: i64,
    }
    let mark = db.dialect().place(1);
    let sql = format!(
        "SELECT COUNT(*) AS open FROM (SELECT 1 AS one FROM webhook_delivery \
         WHERE webhook_id = {mark} AND status IN ('QUEUED', 'WAITING') LIMIT {most}) AS found"
    );
    let rows = db.sql::<Counted>(&sql, vec![id.0.into()]).await?;
    Ok(rows.first().map_or(0, |row| row.open.max(0).cast_unsigned()))
}

/// An event with its place in the feed.
#[derive(Clone, Debug)]
pub struct Found {
    /// What happened.
    pub event: outbox::Model,
    /// Number of its entry.
    pub seq: i64,
}

/// Events of a span of time that may be seen, in the order of the feed, as a transaction sees them.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn events(
    tx: &Tx,
    visible: &Visible,
    names: Option<&[String]>,
    span: (DateTime<Utc>, DateTime<Utc>),
    most: u64,
) -> Outcome<Vec<Found>> {
    let mut select = outbox::Entity::find()
        .filter(outbox::Column::At.gte(span.0))
        .filter(outbox::Column::At.lt(span.1))
        .filter(visible.rows(outbox::Column::Agency, outbox::Column::Visibility));
    if let Some(names) = names {
        select = select.filter(outbox::Column::Name.is_in(names.iter().map(String::as_str)));
    }
    let rows = tx.all(select.order_by_asc(outbox::Column::At).order_by_asc(outbox::Column::Id).limit(most)).await?;
    let mut found = Vec::with_capacity(rows.len());
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<outbox::Model> = rows.by_ref().take(500).collect();
        let ids = some.iter().map(|event| event.id);
        let entries = tx.all(entity::feed::Entity::find().filter(entity::feed::Column::RefId.is_in(ids))).await?;
        let placed: std::collections::HashMap<_, _> =
            entries.into_iter().map(|entry| (entry.ref_id, entry.seq)).collect();
        // What has no place yet comes by itself.
        found.extend(some.into_iter().filter_map(|event| placed.get(&event.id).map(|seq| Found { seq: *seq, event })));
    }
    found.sort_by_key(|one| one.seq);
    Ok(found)
}

/// Which of these events an endpoint has taken, or will be sent by itself.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn settled(tx: &Tx, webhook: WebhookId, events: &[Found]) -> Outcome<std::collections::HashSet<uuid::Uuid>> {
    let mut settled = std::collections::HashSet::new();
    for some in events.chunks(500) {
        let ids = some.iter().map(|one| one.event.id);
        let rows = Entity::find()
            .filter(Column::WebhookId.eq(webhook))
            .filter(Column::EventId.is_in(ids))
            .filter(Column::Status.ne(WebhookDeliveryStatus::Failed));
        settled.extend(tx.all(rows).await?.into_iter().map(|row| row.event_id));
    }
    Ok(settled)
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

fn condition(filter: &DeliveryFilter) -> Condition {
    Condition::all()
        .add_option(filter.webhook.map(|webhook| Column::WebhookId.eq(webhook)))
        .add_option(filter.status.as_ref().map(|wanted| wanted.on(Column::Status)))
        .add_option(filter.names.as_ref().map(|names| Column::Name.is_in(names.iter().map(String::as_str))))
        .add_option(filter.subject.as_deref().map(|subject| Column::Subject.eq(subject)))
}
