//! Whether a node may be sent work.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use chrono::TimeDelta;
use labpact::{
    app::App,
    http::{live::Live, metrics},
    platform::db::Dialect,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::peer::with;
use crate::{api::institution, both, support::world::World};

const PATIENCE: Duration = Duration::from_secs(20);

#[derive(sea_orm::FromQueryResult)]
struct Nothing {}

/// Keeps the sequencer from ending a turn.
const STUCK: &[(Dialect, &str)] = &[
    (Dialect::Sqlite, "CREATE TRIGGER stuck BEFORE DELETE ON uncounted BEGIN SELECT RAISE(ABORT, 'stuck'); END"),
    (
        Dialect::Postgres,
        "CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''stuck''; END'",
    ),
    (Dialect::Postgres, "CREATE TRIGGER stuck BEFORE DELETE ON uncounted FOR EACH ROW EXECUTE FUNCTION stuck()"),
];

/// The operator's listener of a node that has lost its database, of which the log may tell.
pub struct Stranded {
    address: SocketAddr,
    _unheard: tracing::subscriber::DefaultGuard,
}

impl Stranded {
    /// Another node on the database of a world.
    pub async fn of(w: &World) -> Self {
        let app = App::open(w.app.config.clone(), w.clock.clone()).await.expect("another node opens");
        app.db.close().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let router = metrics::router(app, Arc::new(Live::new(1)));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let _unheard = tracing::subscriber::set_default(tracing::subscriber::NoSubscriber::default());
        Self { address, _unheard }
    }

    /// An address of it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

async fn ready(w: &World) -> (u16, Value) {
    let answer = w.http().get(w.monitor("/readyz").await).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn make(w: &World, sql: &str) {
    w.db.sql::<Nothing>(sql, Vec::new()).await.expect("made");
}

both! {
    async fn a_feed_that_stands_still_is_told(w: World) {
        let (status, body) = ready(w).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!((&body["lag"]["waiting"], &body["lag"]["oldest_seconds"]), (&json!(0), &json!(0)), "{body}");
        for (_, sql) in STUCK.iter().filter(|(dialect, _)| *dialect == w.db.dialect()) {
            make(w, sql).await;
        }
        institution(&w.client("GD", "editor"), json!({ "code": "I1" })).await;
        assert_eq!(ready(w).await.0, 200, "a moment is nothing");
        w.clock.advance(TimeDelta::seconds(30));
        assert_eq!(ready(w).await.0, 200, "up to the bound");
        w.clock.advance(TimeDelta::seconds(1));
        let (status, body) = ready(w).await;
        assert_eq!((status, &body["database"], &body["feed"]), (503, &json!(true), &json!(false)), "{body}");
        assert_eq!((&body["lag"]["waiting"], &body["lag"]["oldest_seconds"]), (&json!(1), &json!(31)), "{body}");
        assert_eq!(body["events"], json!(true), "who follows the feed has all of it");
        let public = w.http().get(w.url("/readyz")).send().await.expect("an answer");
        assert_eq!(public.status(), 503, "as at the public address");
        let on = if w.db.dialect() == Dialect::Postgres { " ON uncounted" } else { "" };
        make(w, &format!("DROP TRIGGER stuck{on}")).await;
        w.advance_feed().await;
        assert_eq!(ready(w).await.0, 200);
    }

    async fn a_node_without_its_database_is_not_ready(w: World) {
        let node = Stranded::of(w).await;
        let answer = w.http().get(node.url("/readyz")).send().await.expect("an answer");
        assert_eq!(answer.status(), 503);
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!((&body["database"], &body["lag"]), (&json!(false), &Value::Null), "{body}");
        let live = w.http().get(node.url("/livez")).send().await.expect("an answer");
        assert_eq!(live.status(), 200);
    }
}

#[test]
fn a_node_that_stops_is_not_ready_while_it_finishes() {
    with(
        |_| {},
        async |w| {
            let monitor = w.monitor("/readyz").await;
            // A request whose body is awaited keeps the server from ending.
            let mut slow = TcpStream::connect(w.address).await.expect("connected");
            let body = json!({ "query": "{ __typename }" }).to_string();
            let head = format!(
                "POST /graphql HTTP/1.1\r\nhost: labpact\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
                 authorization: Bearer {}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n",
                body.len(),
                w.token("GD", "officer", |_| {}),
            );
            slow.write_all(head.as_bytes()).await.expect("sent");
            let mut told = [0; 12];
            timeout(PATIENCE, slow.read_exact(&mut told)).await.expect("in time").expect("read");
            assert_eq!(&told, b"HTTP/1.1 100");
            w.stop();
            let body_of = async || {
                let answer = w.http().get(&monitor).send().await.expect("an answer");
                (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
            };
            let drained = async {
                loop {
                    let (status, body) = body_of().await;
                    if status == 503 {
                        return body;
                    }
                    tokio::task::yield_now().await;
                }
            };
            let seen = timeout(PATIENCE, drained).await.expect("in time");
            assert_eq!((&seen["draining"], &seen["database"]), (&json!(true), &json!(true)), "{seen}");
            slow.write_all(body.as_bytes()).await.expect("sent");
            let mut rest = String::new();
            timeout(PATIENCE, slow.read_to_string(&mut rest)).await.expect("in time").expect("read");
            assert!(rest.contains("200 OK") && rest.contains("Query"), "{rest}");
        },
    );
}
