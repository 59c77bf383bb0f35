//! The books: how far the feed was read, what waits for which endpoint, and what came of it.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    enums::{WebhookDeliveryKind, WebhookDeliveryStatus as Status},
    ids::{WebhookDeliveryId, WebhookId},
    webhook, webhook_cursor as cursor,
    webhook_delivery::{Column, Entity, Model},
    webhook_queue as queue,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    platform::{
        db::{Books, Db},
        fault::Outcome,
    },
    webhook::model::attempt::{Answer, Step},
};

/// Texts of one statement.
const TEXTS: usize = 500;

/// An event, or a test, on its way into the queue of an endpoint.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Why it is delivered.
    pub kind: WebhookDeliveryKind,
    /// Id of the event.
    pub event_id: Uuid,
    /// Number of its entry in the feed.
    pub seq: i64,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub subject: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Who has asked for it.
    pub requested_by: Option<String>,
}

/// How far the feed has been read.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn read_up_to(db: &Db) -> Outcome<i64> {
    let row = db.all_in_background(cursor::Entity::find_by_id(1)).await?;
    Ok(row.first().map_or(0, |row| row.seq))
}

/// Moves on from where this node has begun to read; `false` where another node has done so meanwhile.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn move_on(books: &Books<'_>, from: i64, to: i64) -> Outcome<bool> {
    let guard = Condition::all().add(cursor::Column::Id.eq(1)).add(cursor::Column::Seq.eq(from));
    let moved = books.amend::<cursor::Entity>(vec![(cursor::Column::Seq, Expr::value(to))], guard).await?;
    Ok(moved == 1)
}

/// A queue for a new endpoint.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn open(books: &Books<'_>, id: WebhookId) -> Outcome<()> {
    let row =
        queue::Model { webhook_id: id, next_ordinal: 1, not_before: None, failing_since: None, delivered_at: None };
    books.enter::<queue::Entity>(vec![row]).await.map(|_| ())
}

/// Takes the queue of an endpoint away. Its deliveries follow with the next sweep.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn close(books: &Books<'_>, id: WebhookId) -> Outcome<()> {
    books.strike::<queue::Entity>(Condition::all().add(queue::Column::WebhookId.eq(id))).await.map(|_| ())
}

/// Puts parcels behind what waits for an endpoint, in their order; their ids. Nothing for one that was deleted.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn put(
    books: &Books<'_>,
    endpoint: &webhook::Model,
    parcels: Vec<Parcel>,
) -> Outcome<Vec<WebhookDeliveryId>> {
    let locked = books.one_locked(queue::Entity::find_by_id(endpoint.id)).await?;
    let Some(first) = locked.map(|row| row.next_ordinal) else { return Ok(Vec::new()) };
    let mut taken = open_lanes(books, endpoint.id, &parcels).await?;
    let now = books.clock().now();
    let next = first + i64::try_from(parcels.len()).unwrap_or(i64::MAX);
    let row = |(ordinal, parcel): (i64, Parcel)| {
        let is_first = taken.insert(parcel.subject.clone());
        delivery(
            endpoint,
            parcel,
            (ordinal, if is_first { Status::Waiting } else { Status::Queued }),
            (now, books.clock().id()),
        )
    };
    let rows: Vec<Model> = (first..next).zip(parcels).map(row).collect();
    let ids = rows.iter().map(|row| row.id).collect();
    books.enter::<Entity>(rows).await?;
    let mine = Condition::all().add(queue::Column::WebhookId.eq(endpoint.id));
    books.amend::<queue::Entity>(vec![(queue::Column::NextOrdinal, Expr::value(next))], mine).await?;
    Ok(ids)
}

fn delivery(endpoint: &webhook::Model, parcel: Parcel, place: (i64, Status), made: (DateTime<Utc>, Uuid)) -> Model {
    Model {
        id: WebhookDeliveryId(made.1),
        webhook_id: endpoint.id,
        agency: endpoint.agency.clone(),
        kind: parcel.kind,
        event_id: parcel.event_id,
        seq: parcel.seq,
        name: parcel.name,
        subject: parcel.subject,
        event_at: parcel.at,
        ordinal: place.0,
        status: place.1,
        attempts: 0,
        due_at: made.0,
        lease: None,
        attempted_at: None,
        latency_ms: None,
        response_status: None,
        response_excerpt: None,
        error: None,
        requested_by: parcel.requested_by,
        created_at: made.0,
        finished_at: None,
    }
}

/// The subjects of these parcels of which something has not ended.
async fn open_lanes(books: &Books<'_>, id: WebhookId, parcels: &[Parcel]) -> Outcome<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Lane {
        subject: String,
    }
    let subjects: Vec<&str> =
        parcels.iter().map(|parcel| parcel.subject.as_str()).collect::<HashSet<_>>().into_iter().collect();
    let mut open = HashSet::new();
    for some in subjects.chunks(TEXTS) {
        let places: Vec<String> = (0..some.len()).map(|at| books.dialect().place(at + 2)).collect();
        let sql = format!(
            "SELECT DISTINCT subject FROM webhook_delivery WHERE webhook_id = {} AND status IN ('QUEUED', 'WAITING') \
             AND subject IN ({})",
            books.dialect().place(1),
            places.join(", ")
        );
        let mut values = vec![id.0.into()];
        values.extend(some.iter().map(|subject| sea_orm::Value::from(*subject)));
        open.extend(books.sql::<Lane>(&sql, values).await?.into_iter().map(|lane| lane.subject));
    }
    Ok(open)
}

/// The active endpoints for which something is due, those first that have waited longest.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn due(db: &Db, now: DateTime<Utc>) -> Outcome<Vec<WebhookId>> {
    #[derive(FromQueryResult)]
    struct Due {
        id: Uuid,
    }
    let place = |n| db.dialect().place(n);
    let sql = format!(
        "SELECT w.id AS id, (SELECT MIN(d.due_at) FROM webhook_delivery d WHERE d.webhook_id = w.id \
         AND d.status = 'WAITING') AS due FROM webhook w JOIN webhook_queue q ON q.webhook_id = w.id \
         WHERE w.status = 'ACTIVE' AND (q.not_before IS NULL OR q.not_before <= {}) AND EXISTS \
         (SELECT 1 FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.status = 'WAITING' AND d.due_at <= {}) \
         ORDER BY due, w.id",
        place(1),
        place(2)
    );
    let rows = db.sql_in_background::<Due>(&sql, vec![now.into(), now.into()]).await?;
    Ok(rows.into_iter().map(|row| WebhookId(row.id)).collect())
}

/// Takes some due deliveries of an endpoint for an attempt, until `until`: others leave them alone so long.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn claim(books: &Books<'_>, id: WebhookId, most: u64, lease: TimeDelta) -> Outcome<Vec<Model>> {
    let now = books.clock().now();
    let due = Entity::find()
        .filter(Column::WebhookId.eq(id))
        .filter(Expr::cust("status = 'WAITING'"))
        .filter(Column::DueAt.lte(now))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Ordinal)
        .limit(most);
    let mut rows = books.available(due).await?;
    if rows.is_empty() {
        return Ok(rows);
    }
    let (token, until) = (books.clock().id(), now + lease);
    let values = vec![
        (Column::Lease, Expr::value(token)),
        (Column::DueAt, Expr::value(until)),
        (Column::AttemptedAt, Expr::value(now)),
        (Column::Attempts, Expr::cust("attempts + 1")),
    ];
    let mine = Condition::all().add(Column::Id.is_in(rows.iter().map(|row| row.id)));
    books.amend::<Entity>(values, mine).await?;
    for row in &mut rows {
        (row.lease, row.due_at, row.attempted_at) = (Some(token), until, Some(now));
        row.attempts += 1;
    }
    Ok(rows)
}

/// Writes down what came of an attempt, if it was still this node's; then the next of the same object is due.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn settle(books: &Books<'_>, row: &Model, answer: &Answer, step: Step) -> Outcome<bool> {
    let now = books.clock().now();
    let took = i32::try_from(answer.took.as_millis()).unwrap_or(i32::MAX);
    let mut values = vec![
        (Column::Lease, Expr::value(Option::<Uuid>::None)),
        (Column::LatencyMs, Expr::value(took)),
        (Column::ResponseStatus, Expr::value(answer.status.map(i32::from))),
        (Column::ResponseExcerpt, Expr::value(answer.excerpt.clone())),
        (Column::Error, Expr::value(answer.error.clone())),
    ];
    let ended = match step {
        Step::Delivered => Some(Status::Delivered),
        Step::GivenUp => Some(Status::Failed),
        Step::Again(at) => {
            values.push((Column::DueAt, Expr::value(at)));
            None
        }
    };
    if let Some(status) = ended {
        values.push((Column::Status, Expr::value(status.word())));
        values.push((Column::FinishedAt, Expr::value(now)));
    }
    let mine = Condition::all().add(Column::Id.eq(row.id)).add(Column::Lease.eq(row.lease));
    let settled = books.amend::<Entity>(values, mine).await? == 1;
    if settled && ended.is_some() {
        promote(books, row, now).await?;
    }
    Ok(settled)
}

/// The next delivery of the same object to the same endpoint has its turn.
async fn promote(books: &Books<'_>, ended: &Model, now: DateTime<Utc>) -> Outcome<()> {
    let next = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::WebhookId.eq(ended.webhook_id))
        .filter(Column::Subject.eq(ended.subject.clone()))
        .filter(Expr::cust("status IN ('QUEUED', 'WAITING')"))
        .order_by_asc(Column::Ordinal)
        .limit(1);
    let its = Condition::all().add(Column::Id.in_subquery(next.into_query())).add(Expr::cust("status = 'QUEUED'"));
    let values = vec![(Column::Status, Expr::value(Status::Waiting.word())), (Column::DueAt, Expr::value(now))];
    books.amend::<Entity>(values, its).await.map(|_| ())
}

/// Locks the queue of an endpoint; `None` for one that was deleted.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn locked(books: &Books<'_>, id: WebhookId) -> Outcome<Option<queue::Model>> {
    books.one_locked(queue::Entity::find_by_id(id)).await
}

/// Writes down how it stands with a locked queue.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn keep(books: &Books<'_>, row: &queue::Model) -> Outcome<()> {
    let values = vec![
        (queue::Column::NotBefore, Expr::value(row.not_before)),
        (queue::Column::FailingSince, Expr::value(row.failing_since)),
        (queue::Column::DeliveredAt, Expr::value(row.delivered_at)),
    ];
    let mine = Condition::all().add(queue::Column::WebhookId.eq(row.webhook_id));
    books.amend::<queue::Entity>(values, mine).await.map(|_| ())
}

/// Everything that waits for an endpoint and is not under way is due at once, and its failures are forgotten.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn begin_again(books: &Books<'_>, id: WebhookId) -> Outcome<()> {
    let Some(row) = locked(books, id).await? else { return Ok(()) };
    let now = books.clock().now();
    let waiting = Condition::all()
        .add(Column::WebhookId.eq(id))
        .add(Expr::cust("status = 'WAITING'"))
        .add(Column::Lease.is_null())
        .add(Column::DueAt.gt(now));
    books.amend::<Entity>(vec![(Column::DueAt, Expr::value(now))], waiting).await?;
    keep(books, &queue::Model { not_before: None, failing_since: None, ..row }).await
}
