//! Who a socket is of, and how long.

use chrono::TimeDelta;
use labpact::{
    graphql::streams::StreamLimits,
    identity::revocation::{Kind, Revoked},
};
use serde_json::json;

use super::peer::{Peer, with};
use crate::support::{base::Backend, world::World};

const WHO: &str = "{ agencies { id } }";

fn eager(streams: &mut StreamLimits) {
    streams.check_milliseconds = 20;
}

#[test]
fn a_bad_token_ends_with_4403() {
    with(
        |_| {},
        async |w| {
            for authorization in [json!("Bearer x.y.z"), json!("Basic eDp5"), json!("Bearer"), json!(1)] {
                let mut peer = Peer::open(w).await;
                peer.say(json!({ "type": "connection_init", "payload": { "authorization": authorization } })).await;
                assert_eq!(peer.closed().await, (4403, "Forbidden".into()), "{authorization}");
            }
        },
    );
}

#[test]
fn a_token_of_the_upgrade_is_taken_and_a_bad_one_refused() {
    with(
        |_| {},
        async |w| {
            let token = format!("Bearer {}", w.token("GD", "officer", |_| {}));
            let headers = [("sec-websocket-protocol", "graphql-transport-ws"), ("authorization", token.as_str())];
            let mut peer = Peer::open_with(w, &headers).await.expect("an upgrade");
            peer.say(json!({ "type": "connection_init" })).await;
            assert_eq!(peer.hear().await["type"], "connection_ack");
            peer.ask("1", WHO).await;
            assert_eq!(peer.result("1").await["data"]["agencies"].as_array().map(Vec::len), Some(5));
            assert_eq!(Peer::refused(w, &[("authorization", "Bearer x.y.z")]).await, 401);
        },
    );
}

#[test]
fn without_a_token_it_is_the_anonymous() {
    let ask = async |w: &World| {
        let mut peer = Peer::open(w).await;
        peer.say(json!({ "type": "connection_init" })).await;
        assert_eq!(peer.hear().await["type"], "connection_ack");
        peer.ask("1", WHO).await;
        peer.hear().await
    };
    with(
        |_| {},
        async |w| {
            let refused = ask(w).await;
            assert_eq!(refused["type"], "error");
            assert_eq!(refused["payload"][0]["extensions"]["code"], "UNAUTHENTICATED");
        },
    );
    let opened = |config: &mut labpact::config::Config| {
        config.identity.anonymous = labpact::identity::config::Anonymous::PublicDirectory;
    };
    World::run_with(Backend::Sqlite, opened, async |w| {
        assert_eq!(ask(w).await["type"], "next");
    });
}

#[test]
fn a_socket_ends_with_its_token() {
    with(eager, async |w| {
        let mut peer = Peer::of(w, "GD", "officer").await;
        peer.ask("1", "subscription { events { id } }").await;
        w.clock.advance(TimeDelta::hours(2));
        assert_eq!(peer.closed().await, (4403, "token expired".into()));
    });
}

#[test]
fn a_socket_ends_when_its_token_is_revoked() {
    with(eager, async |w| {
        let mut peer = Peer::of(w, "GD", "officer").await;
        peer.ask("1", "subscription { events { id } }").await;
        revoke(w);
        assert_eq!(peer.closed().await, (4403, "token revoked".into()));
    });
}

#[test]
fn a_token_is_looked_at_before_each_delivery() {
    with(
        |_| {},
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            peer.ask("1", WHO).await;
            peer.result("1").await;
            peer.hear().await;
            revoke(w);
            peer.ask("1", WHO).await;
            assert_eq!(peer.closed().await, (4403, "token revoked".into()));
        },
    );
}

fn revoke(w: &World) {
    let what = Revoked { agency: "GD".into(), kind: Kind::Subject, value: "officer@gd".into() };
    w.app.revocations.revoke(what, w.clock.now() + TimeDelta::seconds(1));
}

#[test]
fn a_socket_ends_with_the_server() {
    with(
        |_| {},
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            peer.ask("1", "subscription { events { id } }").await;
            w.stop();
            assert_eq!(peer.closed().await.0, 1001);
        },
    );
}

#[test]
fn a_token_anywhere_but_in_the_header_is_no_token() {
    with(
        |_| {},
        async |w| {
            let token = w.token("GD", "officer", |_| {});
            for name in ["access_token", "authorization", "token"] {
                let url = w.url(&format!("/graphql?query=%7B__typename%7D&{name}={token}"));
                for request in [w.http().get(&url), w.http().post(&url).json(&json!({ "query": WHO }))] {
                    let answer = request.send().await.expect("an answer");
                    assert_eq!(answer.status(), 400, "{name}");
                    let text = answer.text().await.expect("a body");
                    assert!(text.contains("TOKEN_IN_URL") && !text.contains(&token), "{text}");
                }
            }
            let cookie = w.http().post(w.url("/graphql")).header("cookie", format!("access_token={token}"));
            let answer = cookie.json(&json!({ "query": WHO })).send().await.expect("an answer");
            assert_eq!(answer.status(), 401);
            let body = json!({ "query": WHO, "access_token": token, "authorization": format!("Bearer {token}") });
            let answer = w.http().post(w.url("/graphql")).json(&body).send().await.expect("an answer");
            assert_eq!(answer.status(), 401);
        },
    );
}
