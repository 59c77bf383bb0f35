//! What an agency does with its webhooks: tests, replays, pauses, rotations; and how long the log is.

use axum::{http::StatusCode, response::IntoResponse};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{act, at, both_with, is, local, log, logged, manager, receiver::Receiver, shown, until};
use crate::{
    api::institution,
    audit::by_hand,
    support::{base::Backend, world::World},
};

#[test]
fn a_test_is_sent_whatever_is_asked_for_and_tried_once() {
    both_with(
        |_| {},
        async |w| {
            let receiver = Receiver::new().await;
            let id = at(w, &receiver, json!({ "names": ["lab.changed.v1"] })).await;
            act(&manager(w, "GD"), "webhookSendTest", &id).await;
            let came = receiver.heard(1).await;
            assert_eq!((&came[0].body["type"], came[0].holds.len()), (&json!("webhook.test.v1"), 1));
            assert_eq!(came[0].body["data"]["webhookId"], json!(id));
            let log = logged(&manager(w, "GD"), &id, 1, is("DELIVERED")).await;
            assert_eq!((&log[0]["kind"], &log[0]["requestedBy"]), (&json!("TEST"), &json!("administrator@gd")));
            receiver.answers(|_, _| StatusCode::NOT_FOUND.into_response());
            act(&manager(w, "GD"), "webhookSendTest", &id).await;
            let log = logged(&manager(w, "GD"), &id, 1, is("FAILED")).await;
            assert_eq!(log[1]["attempts"], 1);
            let again = "mutation($id: ID!, $d: ID!) { webhookReplay(id: $id, input: { delivery: $d }) { count } }";
            assert_eq!(manager(w, "GD").refused(again, json!({ "id": id, "d": log[1]["id"] })).await, "INVALID");
        },
    );
}

#[test]
fn what_is_not_kept_any_more_is_given_up_and_is_not_the_endpoints_fault() {
    both_with(
        |_| {},
        async |w| {
            let receiver = Receiver::new().await;
            let id = at(w, &receiver, json!({})).await;
            let (gd, editor) = (manager(w, "GD"), w.client("GD", "editor"));
            act(&gd, "webhookPause", &id).await;
            institution(&editor, json!({ "code": "I1" })).await;
            until("it waits", async || (!log(&gd, &id).await.is_empty()).then_some(())).await;
            by_hand(w, "DELETE FROM outbox").await;
            act(&gd, "webhookResume", &id).await;
            let log = logged(&gd, &id, 1, is("FAILED")).await;
            assert_eq!((&log[0]["attempts"], &log[0]["error"]), (&json!(1), &json!("the event is not kept any more")));
            let row = shown(&gd, &id).await;
            assert_eq!((&row["status"], &row["failingSince"]), (&json!("ACTIVE"), &Value::Null));
            institution(&editor, json!({ "code": "I2" })).await;
            assert_eq!(receiver.heard(1).await[0].body["data"]["code"], "I2", "what follows is sent");
        },
    );
}

const REPLAY: &str = "mutation($id: ID!, $i: WebhookReplayInput!) { webhookReplay(id: $id, input: $i) { count } }";

#[test]
fn what_has_ended_is_sent_again_on_request() {
    both_with(
        |config| config.webhooks.retry_seconds = Vec::new(),
        async |w| {
            let receiver = Receiver::answering(|_, _| StatusCode::INTERNAL_SERVER_ERROR.into_response()).await;
            let id = at(w, &receiver, json!({})).await;
            let (gd, editor) = (manager(w, "GD"), w.client("GD", "editor"));
            institution(&editor, json!({ "code": "I1" })).await;
            let log = logged(&gd, &id, 1, is("FAILED")).await;
            receiver.answers(|_, _| StatusCode::OK.into_response());
            let one = json!({ "id": id, "i": { "delivery": log[0]["id"] } });
            assert_eq!(gd.data(REPLAY, one).await["webhookReplay"]["count"], 1);
            let log = logged(&gd, &id, 1, is("DELIVERED")).await;
            assert_eq!((&log[1]["kind"], &log[1]["eventId"]), (&json!("REPLAY"), &log[0]["eventId"]));
            let came = receiver.heard(2).await;
            assert_eq!(came[0].id, came[1].id, "who keeps ids knows that it is the same");

            // Of a span: all of it, or what was not taken.
            w.clock.advance(TimeDelta::minutes(1));
            receiver.answers(|_, _| StatusCode::INTERNAL_SERVER_ERROR.into_response());
            institution(&editor, json!({ "code": "I2" })).await;
            logged(&gd, &id, 2, is("FAILED")).await;
            receiver.answers(|_, _| StatusCode::OK.into_response());
            let span = |more: Value| {
                let span = json!({ "from": "2026-11-23T02:00:00Z", "to": "2026-11-23T03:00:00Z" });
                json!({ "id": id, "i": crate::api::over(span, more) })
            };
            let missing = gd.data(REPLAY, span(json!({ "undelivered": true }))).await;
            assert_eq!(missing["webhookReplay"]["count"], 1);
            logged(&gd, &id, 2, is("DELIVERED")).await;
            assert_eq!(gd.data(REPLAY, span(json!({}))).await["webhookReplay"]["count"], 2);
            logged(&gd, &id, 4, is("DELIVERED")).await;
            for (wrong, code) in [
                (json!({ "to": "2026-11-23T02:00:00Z" }), "INVALID"),
                (json!({ "from": "2026-01-01T00:00:00Z" }), "INVALID"),
                (json!({ "delivery": log[0]["id"] }), "INVALID"),
                (json!({ "from": null, "to": null }), "INVALID"),
            ] {
                assert_eq!(gd.refused(REPLAY, span(wrong)).await, code);
            }
        },
    );
}

#[test]
fn a_replay_is_bounded_and_what_is_on_its_way_is_not_sent_twice() {
    World::run_with(
        Backend::Sqlite,
        |config| {
            local(config);
            config.webhooks.replay_events = 2;
        },
        async |w| {
            let receiver = Receiver::answering(|_, _| StatusCode::INTERNAL_SERVER_ERROR.into_response()).await;
            let id = at(w, &receiver, json!({})).await;
            let (gd, editor) = (manager(w, "GD"), w.client("GD", "editor"));
            for code in ["I1", "I2", "I3"] {
                institution(&editor, json!({ "code": code })).await;
            }
            let log = logged(&gd, &id, 3, |one| one["nextAttemptAt"].is_string() && one["attempts"] == 1).await;
            let span = json!({ "from": "2026-11-23T02:00:00Z", "to": "2026-11-23T03:00:00Z" });
            assert_eq!(gd.refused(REPLAY, json!({ "id": id, "i": span })).await, "WEBHOOK_REPLAY_TOO_LARGE");
            let one = json!({ "id": id, "i": { "delivery": log[0]["id"] } });
            assert_eq!(gd.refused(REPLAY, one).await, "WEBHOOK_DELIVERY_OPEN");
        },
    );
}

#[test]
fn what_happens_during_a_pause_comes_afterwards() {
    both_with(
        |_| {},
        async |w| {
            let receiver = Receiver::new().await;
            let id = at(w, &receiver, json!({})).await;
            let (gd, editor) = (manager(w, "GD"), w.client("GD", "editor"));
            act(&gd, "webhookPause", &id).await;
            institution(&editor, json!({ "code": "I1" })).await;
            logged(&gd, &id, 1, is("WAITING")).await;
            let row = shown(&gd, &id).await;
            assert_eq!((&row["status"], &row["stop"], &row["waiting"]), (&json!("PAUSED"), &json!("ASKED"), &json!(1)));
            assert!(receiver.came().is_empty());
            act(&gd, "webhookResume", &id).await;
            receiver.heard(1).await;
        },
    );
}

#[test]
fn a_new_secret_signs_beside_the_old_one_until_the_rotation_ends() {
    both_with(
        |_| {},
        async |w| {
            let receiver = Receiver::new().await;
            let id = at(w, &receiver, json!({})).await;
            let gd = manager(w, "GD");
            let rotate = "mutation($id: ID!, $i: WebhookRotateSecretInput) { webhookRotateSecret(id: $id, input: $i) { secret } }";
            let told = gd.data(rotate, json!({ "id": id, "i": { "overlapHours": 2, "signing": "ED25519" } })).await;
            let secret = told["webhookRotateSecret"]["secret"].as_str().expect("text").to_owned();
            assert!(secret.starts_with("whpk_"));
            act(&gd, "webhookSendTest", &id).await;
            let came = receiver.heard(1).await;
            assert_eq!(
                (came[0].signatures.len(), &came[0].holds[..]),
                (2, &["v1".to_owned()][..]),
                "the old one holds"
            );
            receiver.knows(&secret);
            act(&gd, "webhookSendTest", &id).await;
            assert_eq!(receiver.heard(2).await[1].holds, ["v1a", "v1"], "both hold, the newer first");
            let keys = shown(&gd, &id).await["keys"].take();
            assert_eq!(keys[0], json!({ "signing": "ED25519", "publicKey": secret, "until": null }));
            assert_eq!(keys[1], json!({ "signing": "SYMMETRIC", "publicKey": null, "until": "2026-11-23T04:00:00Z" }));
            w.clock.advance(TimeDelta::hours(2));
            let gd = manager(w, "GD");
            act(&gd, "webhookSendTest", &id).await;
            assert_eq!(receiver.heard(3).await[2].holds, ["v1a"], "the old one has ended");
            // At once, where the old one has leaked.
            let told = gd.data(rotate, json!({ "id": id, "i": { "overlapHours": 0 } })).await;
            receiver.knows(told["webhookRotateSecret"]["secret"].as_str().expect("text"));
            act(&gd, "webhookSendTest", &id).await;
            let last = &receiver.heard(4).await[3];
            assert_eq!((last.signatures.len(), last.holds.len()), (1, 1));
            assert_eq!(gd.refused(rotate, json!({ "id": id, "i": { "overlapHours": 721 } })).await, "INVALID");
        },
    );
}

#[test]
fn what_ended_long_ago_is_cleared_away() {
    both_with(
        |_| {},
        async |w| {
            let receiver = Receiver::new().await;
            let id = at(w, &receiver, json!({})).await;
            act(&manager(w, "GD"), "webhookSendTest", &id).await;
            logged(&manager(w, "GD"), &id, 1, is("DELIVERED")).await;
            let sweep = async || labpact::webhook::sweep::run_once(&w.db, &w.app.webhooks).await.expect("swept");
            assert_eq!(sweep().await, 0);
            w.clock.advance(TimeDelta::days(31));
            assert_eq!(sweep().await, 1);
            assert!(log(&manager(w, "GD"), &id).await.is_empty());
            // And what belongs to a webhook that was deleted.
            act(&manager(w, "GD"), "webhookSendTest", &id).await;
            logged(&manager(w, "GD"), &id, 1, is("DELIVERED")).await;
            act(&manager(w, "GD"), "webhookDelete", &id).await;
            assert_eq!(sweep().await, 1);
        },
    );
}
