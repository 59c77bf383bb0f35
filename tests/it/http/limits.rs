//! How much one peer, and all of them, may hold.

use tokio_tungstenite::tungstenite::Message;

use super::peer::{Peer, with};

const FOLLOW: &str = "subscription { events { id } }";

#[test]
fn a_message_that_is_too_long_ends_with_1009() {
    with(
        |streams| streams.message_bytes = 1_000,
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            peer.ask("1", &format!("{{ __typename }} # {}", "x".repeat(1_000))).await;
            assert_eq!(peer.closed().await.0, 1009);
        },
    );
}

#[test]
fn one_operation_too_many_is_refused_and_the_socket_lives_on() {
    with(
        |streams| streams.operations_per_socket = 2,
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            peer.ask("1", FOLLOW).await;
            peer.ask("2", FOLLOW).await;
            peer.ask("3", FOLLOW).await;
            assert_eq!(peer.error("3").await, "LIMITED");
            peer.say(serde_json::json!({ "type": "complete", "id": "1" })).await;
            peer.ask("3", "{ __typename }").await;
            peer.result("3").await;
        },
    );
}

#[test]
fn one_socket_too_many_is_answered_503_before_its_upgrade() {
    with(
        |streams| streams.most = 1,
        async |w| {
            let peer = Peer::of(w, "GD", "officer").await;
            assert_eq!(Peer::refused(w, &[]).await, 503);
            let (response, is_stream) = w.client("GD", "officer").stream(FOLLOW).await;
            assert!(!is_stream && response.status() == 503, "event streams count too");
            drop(peer);
        },
    );
}

#[test]
fn a_peer_that_does_not_read_is_cut_off() {
    with(
        |streams| streams.send_milliseconds = 100,
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            let big =
                "{ __schema { types { name description fields { name description args { name description } } } } }";
            let message = |at: i32| {
                let ask = serde_json::json!({ "type": "subscribe", "id": at.to_string(), "payload": { "query": big } });
                Message::text(ask.to_string())
            };
            // Nothing is read: at some point nothing more is taken, and then the connection is gone.
            let mut at = 0;
            while peer.send(message(at)).await.is_ok() {
                at += 1;
            }
            assert!(at > 1, "some were taken");
        },
    );
}
