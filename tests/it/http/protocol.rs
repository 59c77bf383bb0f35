//! `graphql-transport-ws`, sentence by sentence.

use labpact::http::socket::{
    close::Close,
    protocol::{Protocol, Step},
};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use super::peer::{Peer, with};
use crate::api::institution;

const TYPENAME: &str = "{ __typename }";

#[test]
fn a_socket_without_the_subprotocol_ends_with_4406() {
    with(
        |_| {},
        async |w| {
            let mut peer = Peer::open_with(w, &[]).await.expect("an upgrade");
            assert_eq!(peer.closed().await.0, 4406);
        },
    );
}

#[test]
fn another_subprotocol_ends_with_4406() {
    // By hand: clients refuse an answer that takes none of their protocols before they hear why.
    with(
        |_| {},
        async |w| {
            let mut stream = tokio::net::TcpStream::connect(w.address).await.expect("connected");
            let request = "GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                       sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                       sec-websocket-protocol: graphql-ws\r\n\r\n";
            stream.write_all(request.as_bytes()).await.expect("sent");
            let mut answer = Vec::new();
            while !answer.windows(2).any(|pair| pair == 4406_u16.to_be_bytes()) {
                assert_ne!(stream.read_buf(&mut answer).await.expect("read"), 0, "closed without a code");
            }
            let head = String::from_utf8_lossy(&answer).to_lowercase();
            assert!(head.starts_with("http/1.1 101") && !head.contains("sec-websocket-protocol"), "{head}");
        },
    );
}

#[test]
fn silence_before_init_ends_with_4408() {
    with(
        |streams| streams.init_milliseconds = 30,
        async |w| {
            assert_eq!(Peer::open(w).await.closed().await, (4408, "Connection initialisation timeout".into()));
        },
    );
}

#[test]
fn a_second_init_ends_with_4429() {
    with(
        |_| {},
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            peer.say(json!({ "type": "connection_init" })).await;
            assert_eq!(peer.closed().await, (4429, "Too many initialisation requests".into()));
        },
    );
}

#[test]
fn asking_before_the_acknowledgement_ends_with_4401() {
    with(
        |_| {},
        async |w| {
            let mut peer = Peer::open(w).await;
            peer.ask("1", TYPENAME).await;
            assert_eq!(peer.closed().await, (4401, "Unauthorized".into()));
        },
    );
}

#[test]
fn what_the_protocol_does_not_know_ends_with_4400() {
    let long = "x".repeat(5_000);
    let messages = [
        "no JSON".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        json!({ "type": 1 }).to_string(),
        json!({ "type": long }).to_string(),
        json!({ "type": "next", "id": "1" }).to_string(),
        json!({ "type": "ping", "payload": "text" }).to_string(),
        json!({ "type": "complete" }).to_string(),
        json!({ "type": "subscribe", "id": "1" }).to_string(),
        json!({ "type": "subscribe", "id": "", "payload": { "query": TYPENAME } }).to_string(),
        json!({ "type": "subscribe", "id": 1, "payload": { "query": TYPENAME } }).to_string(),
        json!({ "type": "subscribe", "id": "1", "payload": {} }).to_string(),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": 1 } }).to_string(),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": TYPENAME, "variables": 1 } }).to_string(),
    ];
    with(
        |_| {},
        async |w| {
            let token = w.token("GD", "officer", |_| {});
            for message in messages {
                let mut peer = Peer::ready(w, &token).await;
                peer.send(Message::text(message.clone())).await.expect("sent");
                let (code, reason) = peer.closed().await;
                assert!(code == 4400 && reason.starts_with("Invalid message: "), "{message:.80}: {code} {reason}");
            }
            let mut peer = Peer::ready(w, &token).await;
            peer.send(Message::binary(b"{}".to_vec())).await.expect("sent");
            assert_eq!(peer.closed().await.0, 4400);
        },
    );
}

#[test]
fn an_id_in_use_ends_with_4409() {
    with(
        |_| {},
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            let id = "等".repeat(200);
            for _ in 0..2 {
                peer.ask(&id, "subscription { events { id } }").await;
            }
            let (code, reason) = peer.closed().await;
            assert!(
                code == 4409 && reason.starts_with("Subscriber for 等") && reason.ends_with(" already exists"),
                "{reason}"
            );
        },
    );
}

#[test]
fn a_query_and_a_mutation_are_one_result_and_their_id_is_free_again() {
    with(
        |_| {},
        async |w| {
            let mut peer = Peer::of(w, "GD", "editor").await;
            for _ in 0..2 {
                peer.ask("1", "{ __typename }").await;
                assert_eq!(peer.result("1").await, json!({ "data": { "__typename": "Query" } }));
                assert_eq!(peer.hear().await, json!({ "type": "complete", "id": "1" }));
            }
            let create = "mutation { institutionCreate(input: { code: \"X\", nameZh: \"x\", region: \"440100\" }) {
            institution { code } } }";
            peer.ask("1", create).await;
            assert_eq!(peer.result("1").await["data"]["institutionCreate"]["institution"]["code"], "X");
            assert_eq!(peer.hear().await, json!({ "type": "complete", "id": "1" }));
            peer.ask("1", create).await;
            let again = peer.result("1").await;
            assert!(again["errors"][0]["path"][0] == "institutionCreate", "executed, so told as a result: {again:#}");
            assert_eq!(peer.hear().await["type"], "complete");
        },
    );
}

#[test]
fn what_cannot_be_executed_is_an_error_and_its_id_is_free_again() {
    with(
        |_| {},
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            let deep = format!("{}{}", "{ a ".repeat(20), "}".repeat(20));
            for (query, code) in [
                ("{", "GRAPHQL_INVALID"),
                ("{ nothing }", "GRAPHQL_INVALID"),
                ("subscription { nothing }", "GRAPHQL_INVALID"),
                ("subscription { events { nothing } }", "GRAPHQL_INVALID"),
                ("subscription { events(after: \"x\") { id } }", "INVALID"),
                ("mutation { institutionRetire(id: 1) { institution { id } } }", "FORBIDDEN"),
                (deep.as_str(), "INVALID"),
            ] {
                peer.ask("1", query).await;
                assert_eq!(peer.error("1").await, code, "{query}");
            }
            peer.ask("1", TYPENAME).await;
            peer.result("1").await;
        },
    );
}

#[test]
fn a_completed_subscription_says_nothing_more() {
    with(
        |_| {},
        async |w| {
            let gd = w.client("GD", "editor");
            let mut peer = Peer::of(w, "GD", "officer").await;
            let start =
                gd.data("{ eventsPosition }", json!({})).await["eventsPosition"].as_str().expect("text").to_owned();
            let follow = format!("subscription {{ events(after: \"{start}\") {{ name }} }}");
            peer.ask("1", &follow).await;
            institution(&gd, json!({ "code": "I1" })).await;
            assert_eq!(peer.result("1").await["data"]["events"]["name"], "institution.changed.v1");
            peer.say(json!({ "type": "complete", "id": "1" })).await;
            peer.say(json!({ "type": "complete", "id": "never used" })).await;
            institution(&gd, json!({ "code": "I2" })).await;
            w.advance_feed().await;
            // The id is free, and what is heard next is what was asked next.
            peer.ask("1", TYPENAME).await;
            assert_eq!(peer.result("1").await["data"]["__typename"], "Query");
            assert_eq!(peer.hear().await, json!({ "type": "complete", "id": "1" }));
        },
    );
}

#[test]
fn a_ping_is_answered_at_any_time_with_its_payload() {
    with(
        |_| {},
        async |w| {
            let mut peer = Peer::open(w).await;
            peer.say(json!({ "type": "ping", "payload": { "at": 1 } })).await;
            assert_eq!(peer.hear().await, json!({ "type": "pong", "payload": { "at": 1 } }));
            peer.say(json!({ "type": "ping" })).await;
            assert_eq!(peer.hear().await, json!({ "type": "pong" }));
        },
    );
}

#[test]
fn a_peer_is_pinged_and_ends_where_it_does_not_answer() {
    let short = |streams: &mut labpact::graphql::streams::StreamLimits| {
        streams.ping_milliseconds = 40;
        streams.pong_milliseconds = 1_500;
    };
    with(short, async |w| {
        let mut peer = Peer::of(w, "GD", "officer").await;
        for _ in 0..3 {
            assert_eq!(peer.hear().await, json!({ "type": "ping" }));
            peer.say(json!({ "type": "pong" })).await;
        }
        assert_eq!(peer.closed().await, (4499, "Ping not answered".into()));
    });
}

#[test]
fn a_reason_fits_its_frame() {
    for close in [Close::invalid(&"长".repeat(100)), Close::duplicate(&"长".repeat(100)), Close::too_long(usize::MAX)]
    {
        assert!(close.reason.len() < 123, "{close:?}");
    }
}

#[test]
fn ids_are_kept_while_they_are_in_use() {
    let mut protocol = Protocol::new(1);
    let ask = |id: &str| json!({ "type": "subscribe", "id": id, "payload": { "query": "{ a }" } }).to_string();
    assert_eq!(protocol.receive(&json!({ "type": "connection_init" }).to_string()), Ok(Step::Authenticate(None)));
    assert_eq!(protocol.receive(&ask("1")), Err(Close::unauthorized()));
    protocol.acknowledge();
    assert!(matches!(protocol.receive(&ask("1")), Ok(Step::Start { .. })));
    assert_eq!(protocol.receive(&ask("1")), Err(Close::duplicate("1")));
    assert_eq!(protocol.receive(&ask("2")), Ok(Step::Refuse { id: "2".into() }));
    let complete = json!({ "type": "complete", "id": "1" }).to_string();
    assert_eq!(protocol.receive(&complete), Ok(Step::Cancel { id: "1".into() }));
    assert_eq!(protocol.receive(&complete), Ok(Step::Rest));
    assert!(matches!(protocol.receive(&ask("2")), Ok(Step::Start { .. })));
    protocol.finish("2");
    assert!(matches!(protocol.receive(&ask("2")), Ok(Step::Start { .. })));
}

#[test]
fn who_closes_is_answered() {
    with(
        |_| {},
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
            peer.send(Message::Close(Some(frame))).await.expect("sent");
            assert_eq!(peer.closed().await.0, 1000, "not cut off");
        },
    );
}
