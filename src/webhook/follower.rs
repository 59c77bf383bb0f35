//! Turns what gets its place in the feed into deliveries.
//!
//! A page of the feed is read, then the endpoints: whoever is not among them has come later than every event of the page.
//! The cursor moves in the transaction that writes the deliveries, by a guarded update, so that of several nodes each page
//! is written by one.

use std::{sync::Arc, time::Duration};

use entity::{enums::WebhookDeliveryKind, webhook};
use tokio::{
    sync::Notify,
    time::{Instant, MissedTickBehavior, interval},
};

use super::{
    model::endpoint::hears,
    settings::Settings,
    store::{
        endpoint,
        queue::{self, Parcel},
    },
    sweep,
};
use crate::{
    notify::{
        model::{News, Placed, Position},
        store as feed,
    },
    platform::{
        db::{Books, Db},
        fault::Outcome,
    },
};

/// After so many entries that nobody hears of, the cursor is moved all the same.
const UNHEARD: i64 = 2_000;
/// The shortest time between two looks, however much is appended.
const GAP: Duration = Duration::from_millis(20);
/// How often what ended long ago is cleared away.
const SWEEP: Duration = Duration::from_secs(900);

/// How far this node has read.
#[derive(Clone, Copy, Debug)]
pub struct Read {
    /// The last entry that was looked at.
    at: i64,
    /// What the cursor says.
    kept: i64,
}

/// Follows the feed until `stop` resolves; `written` is told of what there is to send.
pub async fn run(db: Db, settings: Arc<Settings>, written: Arc<Notify>, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    let mut numbered = db.numbered(GAP);
    let mut idle = interval(settings.poll.max(Duration::from_millis(1)));
    idle.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut read, mut swept) = (None, Instant::now());
    loop {
        let followed = tokio::select! {
            () = &mut stop => return,
            followed = follow(&db, &mut read, &written) => followed,
        };
        if let Err(fault) = followed {
            read = None;
            tracing::warn!(error = %fault, "webhooks could not follow the feed; it will be tried again");
        }
        if swept.elapsed() >= SWEEP {
            swept = Instant::now();
            if let Err(fault) = sweep::run_once(&db, &settings).await {
                tracing::warn!(error = %fault, "old deliveries could not be cleared away; it will be tried again");
            }
        }
        tokio::select! {
            () = &mut stop => return,
            () = numbered.grown() => {}
            _ = idle.tick() => {}
        }
    }
}

/// Reads on to the end of the feed.
///
/// # Errors
/// `UNAVAILABLE`; what was written stays.
pub async fn follow(db: &Db, read: &mut Option<Read>, written: &Notify) -> Outcome<()> {
    let mut at = match *read {
        Some(read) => read,
        None => Read::kept(queue::read_up_to(db).await?),
    };
    loop {
        let page = feed::after(db, Position::new(at.at, &[]), &[]).await?;
        let events: Vec<Placed> = page.news.into_iter().filter_map(News::event).collect();
        let endpoints = if events.is_empty() { Vec::new() } else { endpoint::hearing(db).await? };
        let mail = addressed(endpoints, &events);
        let end = page.end.seq;
        at.at = end;
        if !mail.is_empty() || end - at.kept >= UNHEARD {
            if write(db, (at.kept, end), mail).await? {
                at.kept = end;
                written.notify_one();
            } else {
                // Another node was faster; what it has not read is read again from there.
                at = Read::kept(queue::read_up_to(db).await?);
                *read = Some(at);
                continue;
            }
        }
        *read = Some(at);
        if !page.is_full {
            return Ok(());
        }
    }
}

impl Read {
    fn kept(at: i64) -> Self {
        Self { at, kept: at }
    }
}

/// What of these events is for whom. Endpoints that hear of nothing are left out.
fn addressed(endpoints: Vec<webhook::Model>, events: &[Placed]) -> Vec<(webhook::Model, Vec<Parcel>)> {
    let parcels = |row: &webhook::Model| -> Vec<Parcel> {
        let (visible, wanted) = hears(row);
        let is_for = |placed: &&Placed| placed.position.seq > row.heard_from && wanted.takes(&placed.event, &visible);
        events.iter().filter(is_for).map(parcel).collect()
    };
    endpoints
        .into_iter()
        .map(|row| {
            let parcels = parcels(&row);
            (row, parcels)
        })
        .filter(|(_, parcels)| !parcels.is_empty())
        .collect()
}

fn parcel(placed: &Placed) -> Parcel {
    let event = &placed.event;
    Parcel {
        kind: WebhookDeliveryKind::Event,
        event_id: event.id,
        seq: placed.position.seq,
        name: event.name.clone(),
        subject: event.subject.clone(),
        at: event.at,
        requested_by: None,
    }
}

/// Writes the deliveries of a page and moves the cursor; `false`, and nothing written, where another node has moved it.
async fn write(db: &Db, span: (i64, i64), mail: Vec<(webhook::Model, Vec<Parcel>)>) -> Outcome<bool> {
    db.keep_books(async |books: &Books<'_>| {
        if !queue::move_on(books, span.0, span.1).await? {
            return Ok(false);
        }
        for (row, parcels) in mail {
            queue::put(books, &row, parcels).await?;
        }
        Ok(true)
    })
    .await
}
