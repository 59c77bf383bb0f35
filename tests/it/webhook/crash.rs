//! Nodes that die at any point, and nodes beside each other: nothing is lost, nothing comes out of order.

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{http::StatusCode, response::IntoResponse};
use chrono::TimeDelta;
use labpact::{
    config::Config,
    webhook::{follower, sender::Sender},
};
use sea_orm::FromQueryResult;
use serde_json::json;
use tokio::sync::Notify;

use super::{
    at, local, manager,
    receiver::{Message, Receiver},
    rename, shown,
};
use crate::{
    api::institution,
    support::{base::Backend, world::World},
};

/// How often the node dies.
const DEATHS: u64 = 100;
/// Objects that are written to in turn.
const OBJECTS: usize = 3;

/// Lets a future be polled so many times, and then drops it: as a node that dies there.
struct Dies<F> {
    life: Option<Pin<Box<F>>>,
    polls: u64,
}

impl<F: Future> Future for Dies<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let left = self.polls;
        self.polls = left.saturating_sub(1);
        let over = match &mut self.life {
            Some(life) if left > 0 => life.as_mut().poll(context).is_ready(),
            _ => true,
        };
        if over {
            self.life = None;
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

/// Numbers without order that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

#[derive(FromQueryResult)]
struct Event {
    id: uuid::Uuid,
}

/// Ids of all events of renamed institutions, in the order of the feed.
async fn events(w: &World) -> Vec<String> {
    let sql = "SELECT o.id AS id FROM feed f JOIN outbox o ON o.id = f.ref_id WHERE o.name = 'institution.changed.v1'
        ORDER BY f.seq";
    w.db.sql::<Event>(sql, Vec::new()).await.expect("read").into_iter().map(|row| row.id.to_string()).collect()
}

/// Every event came, and of one object none came before an earlier one was answered for good.
fn in_order(came: &[Message], events: &[String]) {
    let places: BTreeMap<&str, usize> = events.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    for message in came {
        let place = places[message.id.as_str()];
        let before = last.insert(message.subject(), place).unwrap_or_default();
        assert!(before <= place, "{} came after a later one", message.id);
    }
}

fn dying(config: &mut Config) {
    local(config);
    // The test lets it send.
    config.webhooks.send = false;
    config.webhooks.timeout_seconds = 2;
    config.webhooks.retry_seconds = vec![1; 90];
    config.webhooks.disable_after_hours = 1_000;
}

fn nobody_is_lost(backend: Backend) {
    World::run_with(backend, dying, async |w| {
        let receiver = Receiver::answering(|place, _| match place % 7 {
            3 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            _ => StatusCode::OK.into_response(),
        })
        .await;
        let editor = w.client("GD", "editor");
        let mut objects = Vec::new();
        for code in 0..OBJECTS {
            objects.push(institution(&editor, json!({ "code": format!("I{code}") })).await);
        }
        // What has no place yet would be heard of.
        w.advance_feed().await;
        let id = at(w, &receiver, json!({ "names": ["institution.changed.v1"] })).await;
        let known = events(w).await.len();
        let mut dice = Dice(2_026);
        for round in 0..DEATHS {
            let editor = w.client("GD", "editor");
            for object in &objects {
                rename(&editor, object, &format!("n{round}")).await;
            }
            w.advance_feed().await;
            let (mut read, told) = (None, Notify::new());
            let following = follower::follow(&w.db, &mut read, &told);
            Dies { life: Some(Box::pin(following)), polls: 1 + dice.below(80) }.await;
            let sending = sender(w).run(Arc::default(), std::future::pending());
            Dies { life: Some(Box::pin(sending)), polls: 1 + dice.below(120) }.await;
            // Past the leases of the dead.
            w.clock.advance(w.app.webhooks.lease());
        }
        finish(w, &id).await;
        let all = events(w).await.split_off(known);
        assert_eq!(all.len() as u64, DEATHS * OBJECTS as u64);
        let came = receiver.came();
        let once: BTreeSet<&str> = came.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(once, all.iter().map(String::as_str).collect(), "each came, and nothing else");
        assert!(came.iter().all(|one| one.holds == ["v1"]));
        in_order(&came, &all);
    });
}

fn sender(w: &World) -> Sender {
    w.app.sender().expect("a client")
}

/// Lets it run undisturbed until nothing waits.
async fn finish(w: &World, id: &str) {
    let told = Arc::new(Notify::new());
    follower::follow(&w.db, &mut None, &told).await.expect("followed");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let sending = tokio::spawn(sender(w).run(told, async move {
        let _ = stopped.await;
    }));
    super::until("nothing waits", async || {
        w.clock.advance(TimeDelta::seconds(1));
        (shown(&manager(w, "GD"), id).await["waiting"] == 0).then_some(())
    })
    .await;
    let _ = stop.send(());
    sending.await.expect("it ends");
}

#[test]
fn who_dies_between_commit_and_delivery_loses_nothing_sqlite() {
    nobody_is_lost(Backend::Sqlite);
}

#[test]
fn who_dies_between_commit_and_delivery_loses_nothing_postgres() {
    nobody_is_lost(Backend::Postgres);
}

#[test]
fn two_nodes_share_the_work_and_none_does_it_twice() {
    World::run_with(Backend::Postgres, local, async |w| {
        let receiver = Receiver::new().await;
        let editor = w.client("GD", "editor");
        let mut objects = Vec::new();
        for code in 0..OBJECTS {
            objects.push(institution(&editor, json!({ "code": format!("I{code}") })).await);
        }
        let other = w.another_node().await;
        // What has no place yet would be heard of.
        w.advance_feed().await;
        let id = at(w, &receiver, json!({ "names": ["institution.changed.v1"] })).await;
        let known = events(w).await.len();
        for round in 0..30 {
            for (at, object) in objects.iter().enumerate() {
                // Both nodes write, number, follow and send.
                let client = w.client("GD", "editor");
                let client = if (round + at) % 2 == 0 { client.at(&other) } else { client };
                rename(&client, object, &format!("n{round}")).await;
            }
        }
        super::until("nothing waits", async || {
            let done = receiver.came().len() >= 30 * OBJECTS;
            (done && shown(&manager(w, "GD"), &id).await["waiting"] == 0).then_some(())
        })
        .await;
        w.advance_feed().await;
        let all = events(w).await.split_off(known);
        let came = receiver.came();
        assert_eq!((all.len(), came.len()), (30 * OBJECTS, 30 * OBJECTS), "each once");
        in_order(&came, &all);
        other.stop().await;
    });
}

#[test]
fn a_long_queue_drains_in_small_pieces() {
    // More than a page of the feed, and more than one statement writes.
    super::both_with(
        |config| config.webhooks.send = false,
        async |w| {
            let receiver = Receiver::new().await;
            let id = at(w, &receiver, json!({ "names": ["institution.changed.v1"] })).await;
            fill(w, 1_300).await;
            let mut read = None;
            follower::follow(&w.db, &mut read, &Notify::new()).await.expect("followed");
            assert_eq!(shown(&manager(w, "GD"), &id).await["waiting"], 1_300);
            let again = follower::follow(&w.db, &mut None, &Notify::new()).await;
            again.expect("followed");
            assert_eq!(shown(&manager(w, "GD"), &id).await["waiting"], 1_300, "nothing is read twice");
            finish(w, &id).await;
            let came = receiver.came();
            assert_eq!(came.len(), 1_300);
            in_order(&came, &events(w).await);
        },
    );
}

/// Writes events without the API, some hundred in one transaction, about a hundred objects.
async fn fill(w: &World, count: usize) {
    use entity::{enums::Visibility, ids::AgencyCode};
    use labpact::platform::{
        access::{Action, Actor, Caller, permit},
        db::{Event, Tx},
    };
    let action = Action::new("test.fill", "directory:write");
    let permit = permit(&Caller::new(Actor::system(None, "tests"), ""), action).expect("permitted");
    for first in (0..count).step_by(200) {
        w.db.write(&permit, async |tx: &mut Tx| {
            for at in first..count.min(first + 200) {
                let subject = format!("institution:{}", at % 100);
                tx.emit(Event {
                    name: "institution.changed.v1",
                    subject: subject.clone(),
                    agency: AgencyCode("GD".to_owned()),
                    visibility: Visibility::Own,
                    data: json!({ "institutionId": subject, "code": "I", "standing": "ACTIVE", "reason": null }),
                });
            }
            Ok(())
        })
        .await
        .expect("written");
    }
    w.advance_feed().await;
}
