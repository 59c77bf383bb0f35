//! Sends what is due, several at once, each at least once, those of one object in their order.
//!
//! A turn claims as many due deliveries as there is room for: by endpoint and in all. A claim is a lease on the row; what a
//! node that died had claimed is due again when the lease is over. What came of the attempts is written down in one
//! transaction per endpoint, which also gives the next delivery of the same object its turn.

pub mod courier;

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{enums::WebhookStop, ids::WebhookId, webhook, webhook_delivery, webhook_queue, webhook_secret};
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tokio::{
    sync::Notify,
    time::{MissedTickBehavior, interval},
};

use super::{
    model::{
        attempt::{Answer, Schedule, Step},
        message,
    },
    service::disable,
    settings::Settings,
    store::{endpoint, queue},
};
use crate::{
    notify::{model::Placed, store as feed},
    platform::{
        db::{Books, Db},
        fault::Outcome,
    },
};
use courier::{Courier, Letter};

/// Sends on behalf of this node.
pub struct Sender {
    db: Db,
    settings: Arc<Settings>,
    courier: Courier,
    /// Attempts under way, by endpoint.
    busy: HashMap<WebhookId, usize>,
    attempts: FuturesUnordered<BoxFuture<'static, Attempt>>,
}

struct Attempt {
    row: webhook_delivery::Model,
    answer: Answer,
    /// Whether the event was still there to be sent.
    is_kept: bool,
}

/// What an endpoint's messages are made with.
struct Desk {
    endpoint: Arc<webhook::Model>,
    secrets: Arc<Vec<webhook_secret::Model>>,
}

impl Sender {
    /// A sender with nothing under way.
    pub fn new(db: Db, settings: Arc<Settings>, courier: Courier) -> Self {
        Self { db, settings, courier, busy: HashMap::new(), attempts: FuturesUnordered::new() }
    }

    /// Sends until `stop` resolves; what is under way then is ended and written down. `written` tells of new deliveries.
    pub async fn run(mut self, written: Arc<Notify>, stop: impl Future<Output = ()> + Send) {
        tokio::pin!(stop);
        let mut idle = interval(self.settings.poll.max(Duration::from_millis(1)));
        idle.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = &mut stop => break,
                Some(done) = self.attempts.next() => self.end(done).await,
                () = written.notified() => {}
                _ = idle.tick() => {}
            }
            if let Err(fault) = self.begin().await {
                tracing::warn!(error = %fault, "webhooks could not be sent; it will be tried again");
            }
        }
        while let Some(done) = self.attempts.next().await {
            self.end(done).await;
        }
    }

    /// Begins as many attempts as are due and as there is room for.
    async fn begin(&mut self) -> Outcome<()> {
        if self.attempts.len() >= self.settings.at_once {
            return Ok(());
        }
        let due = queue::due(&self.db, self.db.clock().now()).await?;
        if due.is_empty() {
            return Ok(());
        }
        // An endpoint that does not answer leaves room for the others; who has waited longest is first.
        let share = self.settings.at_once.div_ceil(due.len()).min(self.settings.per_endpoint);
        let mut rows = endpoint::active(&self.db, due.clone()).await?;
        rows.sort_by_key(|row| due.iter().position(|id| *id == row.id));
        for row in rows {
            let free = self.settings.at_once.saturating_sub(self.attempts.len());
            let busy = self.busy.get(&row.id).copied().unwrap_or_default();
            let room = share.saturating_sub(busy).min(free);
            if room > 0 {
                self.begin_at(row, room).await?;
            }
        }
        Ok(())
    }

    async fn begin_at(&mut self, row: webhook::Model, room: usize) -> Outcome<()> {
        let lease = self.settings.lease();
        let claimed =
            self.db.keep_books(async |books: &Books<'_>| queue::claim(books, row.id, room as u64, lease).await).await?;
        if claimed.is_empty() {
            return Ok(());
        }
        let now = self.db.clock().now();
        let secrets = endpoint::signing(&self.db, row.id, now).await?;
        let numbers: Vec<i64> = claimed.iter().filter(|one| !message::is_test(one)).map(|one| one.seq).collect();
        let placed = if numbers.is_empty() { Vec::new() } else { feed::at(&self.db, &numbers).await? };
        let placed: HashMap<_, _> = placed.into_iter().map(|one| (one.event.id, one)).collect();
        let desk = Desk { endpoint: Arc::new(row), secrets: Arc::new(secrets) };
        for one in claimed {
            let event = match message::is_test(&one) {
                true => Some(message::test(&one, feed::end(&self.db).await?)),
                false => placed.get(&one.event_id).cloned(),
            };
            *self.busy.entry(one.webhook_id).or_default() += 1;
            self.attempts.push(self.attempt(&desk, one, event));
        }
        Ok(())
    }

    fn attempt(&self, desk: &Desk, row: webhook_delivery::Model, event: Option<Placed>) -> BoxFuture<'static, Attempt> {
        let Some(event) = event else {
            let error = Some("the event is not kept any more".to_owned());
            let answer = Answer { error, ..Answer::default() };
            return std::future::ready(Attempt { row, answer, is_kept: false }).boxed();
        };
        let letter = Letter {
            endpoint: Arc::clone(&desk.endpoint),
            secrets: Arc::clone(&desk.secrets),
            id: row.event_id.to_string(),
            body: message::body(&self.settings.source, &event),
        };
        let (courier, now) = (self.courier.clone(), self.db.clock().now());
        async move { Attempt { row, answer: courier.send(letter, now).await, is_kept: true } }.boxed()
    }

    /// Writes down what has come of this attempt, and of all others that have ended by now.
    async fn end(&mut self, done: Attempt) {
        let mut by_endpoint: HashMap<WebhookId, Vec<Attempt>> = HashMap::new();
        let mut next = Some(done);
        while let Some(done) = next {
            let id = done.row.webhook_id;
            if let Some(busy) = self.busy.get_mut(&id) {
                *busy = busy.saturating_sub(1);
            }
            by_endpoint.entry(id).or_default().push(done);
            next = self.attempts.next().now_or_never().flatten();
        }
        self.busy.retain(|_, busy| *busy > 0);
        for (id, done) in by_endpoint {
            if let Err(fault) = settle(&self.db, &self.settings.schedule, id, done).await {
                tracing::warn!(error = %fault, "what came of a webhook could not be written down; it is sent again");
            }
        }
    }
}

/// Writes down what has come of attempts at one endpoint, and disables it where that follows.
async fn settle(db: &Db, schedule: &Schedule, id: WebhookId, done: Vec<Attempt>) -> Outcome<()> {
    let stop = db
        .keep_books(async |books: &Books<'_>| {
            let Some(mut standing) = queue::locked(books, id).await? else { return Ok(None) };
            let (now, mut stop) = (books.clock().now(), None);
            for Attempt { row, answer, is_kept } in &done {
                let step = match !is_kept || message::is_test(row) && !answer.is_good() {
                    true => Step::GivenUp,
                    false => schedule.after(row.attempts, answer, now, chance(row)),
                };
                // That an event has had its time says nothing of the endpoint.
                if queue::settle(books, row, answer, step).await? && *is_kept {
                    stop = judged(schedule, &mut standing, answer, now).or(stop);
                }
            }
            queue::keep(books, &standing).await?;
            Ok(stop)
        })
        .await?;
    match stop {
        Some(stop) => disable::disable(db, id, stop).await,
        None => Ok(()),
    }
}

/// What an answer says of its endpoint; why it is disabled, where it is.
fn judged(
    schedule: &Schedule,
    standing: &mut webhook_queue::Model,
    answer: &Answer,
    now: DateTime<Utc>,
) -> Option<WebhookStop> {
    if answer.is_good() {
        (standing.failing_since, standing.delivered_at) = (None, Some(now));
        return None;
    }
    let asked = schedule.asked(answer).and_then(|wait| TimeDelta::from_std(wait).ok());
    standing.not_before = standing.not_before.max(asked.map(|wait| now + wait));
    let since = *standing.failing_since.get_or_insert(now);
    match answer.is_gone() {
        true => Some(WebhookStop::Gone),
        false => schedule.is_over(since, now).then_some(WebhookStop::Failing),
    }
}

/// A number by chance: the end of the lease's id.
fn chance(row: &webhook_delivery::Model) -> u32 {
    row.lease.map_or(0, |lease| (lease.as_u128() & 0xffff) as u32)
}
