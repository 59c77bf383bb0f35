//! Coming back: by `Last-Event-ID`, from old positions, and after having been too slow.

use std::time::Duration;

use chrono::TimeDelta;
use labpact::platform::db::Event;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{event, follow, position, until};
use crate::{
    api::institution,
    both,
    http::peer::Peer,
    platform::act,
    support::{base::Backend, world::World},
};

const PATIENCE: Duration = Duration::from_secs(20);

/// One event stream of an officer of GD.
struct Stream {
    response: reqwest::Response,
    text: String,
}

impl Stream {
    async fn open(w: &World, arguments: &str, last: Option<&str>) -> Self {
        let query = format!("subscription {{ events{arguments} {{ subject position }} }}");
        let request = w.http().post(w.url("/graphql")).bearer_auth(w.token("GD", "officer", |_| {}));
        let mut request = request.header("accept", "text/event-stream").json(&json!({ "query": query }));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        Self { response, text: String::new() }
    }

    /// The next block: its lines by their names. None at the end.
    async fn block(&mut self) -> Option<Value> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let fields = block.lines().filter_map(|line| line.split_once(": "));
                let fields = fields.map(|(name, value)| (name.to_owned(), Value::from(value)));
                let block = Value::Object(fields.collect());
                self.text = rest.to_owned();
                return Some(block);
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await.expect("in time").ok()??;
            self.text.push_str(std::str::from_utf8(&chunk).expect("ASCII"));
        }
    }

    /// The subject of the next event, and the id with which to come back.
    async fn event(&mut self) -> (String, String) {
        loop {
            let block = self.block().await.expect("not at an end");
            let id = block["id"].as_str().expect("an id").to_owned();
            if block.get("event").is_some() {
                let data: Value = serde_json::from_str(block["data"].as_str().expect("data")).expect("JSON");
                let event = &data["data"]["events"];
                assert_eq!(event["position"], json!(id), "{data:#}");
                return (event["subject"].as_str().expect("a subject").to_owned(), id);
            }
        }
    }

    /// The code of the next error.
    async fn refusal(&mut self) -> (String, Value) {
        loop {
            let block = self.block().await.expect("not at an end");
            let data: Value =
                block["data"].as_str().and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default();
            if let Some(code) = data["errors"][0]["extensions"]["code"].as_str() {
                return (code.to_owned(), data["errors"][0]["extensions"]["facts"].clone());
            }
        }
    }
}

both! {
    async fn an_event_stream_goes_on_where_it_was(w: World) {
        let gd = w.client("GD", "editor");
        let mut stream = Stream::open(w, "", None).await;
        let begin = stream.block().await.expect("a block");
        assert!(begin.get("event").is_none() && begin["id"] == json!(position(w).await), "where it begins: {begin:#}");
        drop(stream);
        // Nothing was heard yet, and nothing is missed all the same.
        let first = institution(&gd, json!({ "code": "I1" })).await;
        let mut stream = Stream::open(w, "", begin["id"].as_str()).await;
        let (told, id) = stream.event().await;
        assert_eq!(told, first);
        drop(stream);
        let second = institution(&gd, json!({ "code": "I2" })).await;
        let third = institution(&gd, json!({ "code": "I3" })).await;
        let mut stream = Stream::open(w, "", Some(&id)).await;
        let (told, id) = stream.event().await;
        assert_eq!(told, second);
        assert_eq!(stream.event().await.0, third);
        // What the document says goes before what the header says.
        let begin = begin["id"].as_str().expect("text");
        let mut stream = Stream::open(w, &format!("(after: \"{begin}\")"), Some(&id)).await;
        assert_eq!(stream.event().await.0, first);
        assert_eq!(Stream::open(w, "", Some("nonsense")).await.refusal().await.0, "INVALID");
    }

    async fn a_position_that_is_too_old_is_gone_and_the_oldest_is_told(w: World) {
        let start = position(w).await;
        institution(&w.client("GD", "editor"), json!({ "code": "I1" })).await;
        w.advance_feed().await;
        let later = position(w).await;
        w.clock.advance(TimeDelta::days(29));
        let kept = institution(&w.client("GD", "editor"), json!({ "code": "I2" })).await;
        let mut peer = Peer::of(w, "GD", "officer").await;
        follow(&mut peer, "1", &format!("after: \"{start}\", where: {{ subject: \"{kept}\" }}")).await;
        assert_eq!(event(&mut peer, "1").await["subject"], json!(kept));
        w.clock.advance(TimeDelta::days(2));
        let (code, facts) = Stream::open(w, &format!("(after: \"{start}\")"), None).await.refusal().await;
        assert_eq!((code.as_str(), &facts["oldest"]), ("POSITION_GONE", &json!(later)));
        let mut stream = Stream::open(w, "", Some(&later)).await;
        assert_eq!(stream.event().await.0, kept, "nothing that is kept is missed behind the oldest");
    }
}

/// Commits so many events, each with so many bytes.
async fn emit(w: &World, count: usize, bytes: usize) {
    for _ in 0..count {
        let permit = act();
        let told = w.db.write(&permit, async |tx| {
            let id = labpact_id(tx);
            tx.emit(Event {
                name: "institution.changed.v1",
                subject: id.clone(),
                agency: "GD".into(),
                visibility: entity::enums::Visibility::Own,
                data: json!({ "institutionId": id, "code": "X", "standing": "ACTIVE", "reason": "x".repeat(bytes) }),
            });
            Ok(())
        });
        told.await.expect("committed");
    }
    w.advance_feed().await;
    let end = labpact::platform::lag::Lag::read(&w.db).await.expect("read").last;
    until(|| w.app.events.read_up_to() == Some(end)).await;
}

fn labpact_id(tx: &labpact::platform::db::Tx) -> String {
    entity::ids::InstitutionId(tx.id()).to_string()
}

const BIG: &str = "subscription { events { position data } }";

#[test]
fn a_socket_that_does_not_read_is_cut_off_and_costs_a_bounded_queue() {
    World::run_with(
        Backend::Sqlite,
        |config| config.notify.buffer = 4,
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            peer.ask("1", BIG).await;
            until(|| w.app.events.waiting().0 == 1).await;
            // More than any buffer between the two takes.
            for _ in 0..16 {
                emit(w, 4, 512 << 10).await;
                assert!(w.app.events.waiting().1 <= 4, "no more than the queue is kept");
            }
            assert_eq!(w.app.events.waiting(), (0, 0), "it was struck off");
            let mut last = None;
            let code = loop {
                let message = peer.hear().await;
                match message["type"].as_str() {
                    Some("next") => last = message["payload"]["data"]["events"]["position"].as_str().map(str::to_owned),
                    Some("ping") => {}
                    _ => break message["payload"][0]["extensions"].clone(),
                }
            };
            assert_eq!(code["code"], "EVENTS_LAGGED");
            assert_eq!(code["facts"]["after"].as_str().map(str::to_owned), last, "where to go on");
        },
    );
}

#[test]
fn a_socket_that_never_reads_is_closed() {
    World::run_with(
        Backend::Sqlite,
        |config| config.graphql.streams.send_milliseconds = 200,
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            peer.ask("1", BIG).await;
            until(|| w.app.events.waiting().0 == 1).await;
            emit(w, 64, 512 << 10).await;
            until(|| w.app.events.waiting() == (0, 0)).await;
        },
    );
}

#[test]
fn an_event_stream_that_is_not_read_is_cut_off() {
    World::run_with(
        Backend::Sqlite,
        |config| config.notify.buffer = 4,
        async |w| {
            let (response, _) = w.client("GD", "officer").stream(BIG).await;
            until(|| w.app.events.waiting().0 == 1).await;
            for _ in 0..16 {
                emit(w, 4, 512 << 10).await;
                assert!(w.app.events.waiting().1 <= 4, "no more than the queue is kept");
            }
            assert_eq!(w.app.events.waiting(), (0, 0), "it was struck off");
            let mut stream = Stream { response, text: String::new() };
            assert_eq!(stream.refusal().await.0, "EVENTS_LAGGED");
            assert!(stream.block().await.is_some_and(|block| block["event"] == "complete"), "and ended");
        },
    );
    World::run_with(
        Backend::Sqlite,
        |config| config.server.connections.send_seconds = 1,
        async |w| {
            let (_response, _) = w.client("GD", "officer").stream(BIG).await;
            until(|| w.app.events.waiting().0 == 1).await;
            emit(w, 64, 512 << 10).await;
            until(|| w.app.events.waiting() == (0, 0)).await;
        },
    );
}
