//! Several nodes on one PostgreSQL: what is committed through one reaches the subscribers of all, at once.

use std::time::{Duration, Instant};

use futures_util::future::join;
use labpact::platform::db::Db;
use sea_orm::FromQueryResult;
use serde_json::json;

use super::{event, follow, until};
use crate::{
    api::institution,
    http::peer::Peer,
    platform::{act, institution as row},
    support::{
        base::Backend,
        world::{Node, World},
    },
};

/// Two nodes that do not look by themselves.
fn two(test: impl AsyncFnOnce(&World, &Node)) {
    World::run_with(
        Backend::Postgres,
        |config| config.notify.poll_milliseconds = 3_600_000,
        async |w| {
            let node = w.another_node().await;
            test(w, &node).await;
            node.stop().await;
        },
    );
}

/// A subscriber of the other node, who is heard of there.
async fn subscriber(w: &World, node: &Node) -> Peer {
    let mut peer = Peer::ready_at(&node.url("/graphql"), &w.token("GD", "officer", |_| {})).await;
    follow(&mut peer, "1", "where: {}").await;
    until(|| node.events().waiting().0 == 1).await;
    peer
}

#[derive(FromQueryResult)]
struct Killed {
    killed: i64,
}

/// Ends the connections on which nodes listen; how many there were.
async fn cut(db: &Db) -> i64 {
    let sql = "SELECT COUNT(pg_terminate_backend(pid)) AS killed FROM pg_stat_activity \
               WHERE application_name = 'labpact-listener' AND datname = current_database()";
    db.sql::<Killed>(sql, Vec::new()).await.expect("asked")[0].killed
}

#[test]
fn what_one_node_commits_the_other_tells_at_once() {
    two(async |w, node| {
        let mut peer = subscriber(w, node).await;
        let begun = Instant::now();
        for code in ["I1", "I2", "I3"] {
            let made = institution(&w.client("GD", "editor"), json!({ "code": code })).await;
            assert_eq!(event(&mut peer, "1").await["subject"], json!(made));
        }
        assert!(begun.elapsed() < Duration::from_secs(3), "within a second each, and not by the clock");
    });
}

#[test]
fn a_node_that_lost_its_connection_listens_again_and_misses_nothing() {
    two(async |w, node| {
        let mut peer = subscriber(w, node).await;
        let gd = w.client("GD", "editor");
        institution(&gd, json!({ "code": "I1" })).await;
        event(&mut peer, "1").await;
        assert_eq!(cut(&w.db).await, 2, "one connection for each node");
        let (made, told) = join(institution(&gd, json!({ "code": "I2" })), event(&mut peer, "1")).await;
        assert_eq!(told["subject"], json!(made));
    });
}

#[test]
fn what_a_node_left_behind_when_it_died_is_numbered_by_another() {
    two(async |w, node| {
        let mut peer = subscriber(w, node).await;
        // It has a database and no sequencer: as if it had died with its commit.
        let dead = Db::connect(&w.app.config.database, w.clock.clone()).await.expect("connected");
        dead.write(&act(), async |tx| {
            let new = row(tx, "D1");
            let made = tx.insert(new).await?;
            tx.emit(labpact::platform::db::Event {
                name: "institution.changed.v1",
                subject: made.id.to_string(),
                agency: made.agency.clone(),
                visibility: made.visibility,
                data: json!({
                    "institutionId": made.id.to_string(), "code": made.code, "standing": made.standing, "reason": null,
                }),
            });
            Ok(())
        })
        .await
        .expect("committed");
        dead.close().await;
        assert_eq!(event(&mut peer, "1").await["name"], "institution.changed.v1");
    });
}
