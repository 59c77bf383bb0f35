//! The work of an operation in the database ends with the operation.

use std::time::Duration;

use futures_util::future::join_all;
use labpact::platform::db::Dialect;
use sea_orm::FromQueryResult;
use serde_json::json;
use sqlx::{Connection, Executor};
use tokio::time::timeout;

use crate::{
    api::institution,
    both,
    http::peer::Peer,
    support::{base::Backend, world::World},
};

const PATIENCE: Duration = Duration::from_secs(20);
/// As many as there can be connections.
const MANY: usize = 8;

#[derive(Debug, FromQueryResult)]
struct Counted {
    n: i64,
}

/// A statement that takes minutes.
fn endless(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "SELECT COUNT(*) AS n FROM pg_sleep(600)",
        Dialect::Sqlite => {
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 10000000000) SELECT COUNT(*) AS n FROM c"
        }
    }
}

async fn count(w: &World, statement: &str) -> i64 {
    let counted = timeout(PATIENCE, w.db.sql::<Counted>(statement, Vec::new())).await.expect("in time");
    counted.expect("answered")[0].n
}

both! {
    async fn a_dropped_operation_stops_its_statement(w: World) {
        let statement = endless(w.db.dialect());
        let ask = || timeout(Duration::from_millis(300), w.db.operation(w.db.sql::<Counted>(statement, Vec::new())));
        let outcomes = join_all((0..MANY).map(|_| ask())).await;
        assert!(outcomes.iter().all(Result::is_err), "{outcomes:?}");
        // No connection is held: otherwise this would wait for one.
        assert_eq!(count(w, "SELECT COUNT(*) AS n FROM agency").await, 5);
        if w.db.dialect() == Dialect::Postgres {
            let running = "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database() \
                           AND state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()";
            timeout(PATIENCE, async { while count(w, running).await > 0 {} }).await.expect("the server has ended them");
        }
    }

    async fn whoever_comes_next_is_not_stopped(w: World) {
        let statement = endless(w.db.dialect());
        let asked = join_all((0..MANY).map(|_| {
            timeout(Duration::from_millis(300), w.db.operation(w.db.sql::<Counted>(statement, Vec::new())))
        }));
        assert!(asked.await.iter().all(Result::is_err));
        // Long enough to be asked whether to go on.
        let long = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100000) SELECT COUNT(*) AS n FROM c";
        let asked = (0..MANY).map(|_| async { count(w, long).await });
        assert_eq!(join_all(asked).await, [100_000; MANY], "in the background");
        let asked = (0..MANY).map(|_| w.db.operation(async { count(w, long).await }));
        assert_eq!(join_all(asked).await, [100_000; MANY], "in another operation");
    }
}

/// Holds what every change of an institution needs, until it is dropped.
enum Held {
    Sqlite(sqlx::SqliteConnection),
    Postgres(sqlx::PgConnection),
}

impl Held {
    async fn by(w: &World) -> Self {
        let url = w.app.config.database.url.as_str();
        match w.db.dialect() {
            Dialect::Sqlite => {
                let mut connection = sqlx::SqliteConnection::connect(url).await.expect("connected");
                connection.execute("BEGIN IMMEDIATE").await.expect("held");
                Self::Sqlite(connection)
            }
            Dialect::Postgres => {
                let mut connection = sqlx::PgConnection::connect(url).await.expect("connected");
                connection.execute("BEGIN; LOCK TABLE institution IN ACCESS EXCLUSIVE MODE").await.expect("held");
                Self::Postgres(connection)
            }
        }
    }

    async fn release(self) {
        match self {
            Self::Sqlite(connection) => connection.close().await.expect("closed"),
            Self::Postgres(connection) => connection.close().await.expect("closed"),
        }
    }
}

async fn an_operation_over_its_time_is_ended(w: &World) {
    let editor = w.client("GD", "editor");
    let held = Held::by(w).await;
    let change = "mutation { institutionCreate(input: { code: \"I9\", nameZh: \"机构\", region: \"440100\" }) { institution { id } } }";
    let answer = timeout(PATIENCE, editor.send(change, json!({}))).await.expect("in time");
    let code = answer.body["errors"][0]["extensions"]["code"].as_str();
    assert_eq!((answer.status, code), (503, Some("UNAVAILABLE")), "{:#}", answer.body);
    assert!(answer.body.get("data").is_none(), "{:#}", answer.body);
    let mut peer = Peer::of(w, "GD", "editor").await;
    peer.ask("1", change).await;
    assert_eq!(peer.error("1").await, "UNAVAILABLE", "over a socket as well");
    held.release().await;
    let seen = editor.data("{ institutions { totalCount } }", json!({})).await;
    assert_eq!(seen["institutions"]["totalCount"], 0, "nothing was written");
    institution(&editor, json!({ "code": "I9" })).await;
}

#[test]
fn an_operation_over_its_time_is_ended_on_sqlite() {
    World::run_with(Backend::Sqlite, |config| config.server.operation_seconds = 1, an_operation_over_its_time_is_ended);
}

#[test]
fn an_operation_over_its_time_is_ended_on_postgres() {
    World::run_with(
        Backend::Postgres,
        |config| config.server.operation_seconds = 1,
        an_operation_over_its_time_is_ended,
    );
}
