//! What is sent, to whom and how, and what follows from the answers.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{act, at, both_with, create, is, local, logged, manager, receiver::Receiver, rename, shown};
use crate::{
    api::institution,
    support::{base::Backend, world::World},
};

#[test]
fn what_happens_is_told_signed_and_in_an_envelope() {
    both_with(
        |_| {},
        async |w| {
            let receiver = Receiver::new().await;
            let id = at(w, &receiver, json!({})).await;
            let made = institution(&w.client("GD", "editor"), json!({ "code": "I1" })).await;
            let came = receiver.heard(1).await;
            let message = &came[0];
            assert_eq!(message.holds, ["v1"], "the signature holds");
            assert_eq!(message.path, "/hook?key=1");
            assert_eq!(message.media, "application/cloudevents+json; charset=utf-8");
            assert_eq!(message.timestamp, w.clock.now().timestamp());
            let body = &message.body;
            assert_eq!((&body["specversion"], &body["type"]), (&json!("1.0"), &json!("institution.changed.v1")));
            assert_eq!((&body["id"], &body["subject"]), (&json!(message.id), &json!(made)));
            assert_eq!((&body["agency"], &body["source"]), (&json!("agency:GD"), &json!("urn:labpact")));
            assert!(body["position"].is_string() && body["time"].is_string(), "{body:#}");
            let log = logged(&manager(w, "GD"), &id, 1, is("DELIVERED")).await;
            let one = &log[0];
            assert_eq!((&one["kind"], &one["attempts"]), (&json!("EVENT"), &json!(1)));
            assert_eq!((&one["responseStatus"], &one["eventId"]), (&json!(204), &json!(message.id)));
            assert!(one["latencyMilliseconds"].is_i64() && one["finishedAt"].is_string(), "{one:#}");
            assert!(one["nextAttemptAt"].is_null() && one["error"].is_null(), "{one:#}");
            assert!(shown(&manager(w, "GD"), &id).await["lastDeliveredAt"].is_string());
        },
    );
}

#[test]
fn each_agency_is_told_what_it_may_see_and_asks_for() {
    both_with(
        |_| {},
        async |w| {
            let (gd, sd, narrow) = (Receiver::new().await, Receiver::new().await, Receiver::new().await);
            for (agency, receiver, names) in
                [("GD", &gd, Value::Null), ("SD", &sd, Value::Null), ("GD", &narrow, json!(["lab.changed.v1"]))]
            {
                create(&manager(w, agency), json!({ "url": receiver.url(), "names": names })).await;
            }
            let editor = w.client("GD", "editor");
            let mut made = Vec::new();
            for visibility in ["OWN", "PARTNER", "PUBLIC"] {
                made.push(institution(&editor, json!({ "code": visibility, "visibility": visibility })).await);
            }
            let lab = crate::api::lab(&editor, &made[0], json!({ "code": "L", "visibility": "OWN" })).await;
            let subjects = |came: Vec<super::receiver::Message>| {
                let mut subjects: Vec<String> = came.iter().map(|one| one.subject().to_owned()).collect();
                subjects.sort();
                subjects
            };
            let mut all = [made.clone(), vec![lab.clone()]].concat();
            all.sort();
            assert_eq!(subjects(gd.heard(4).await), all);
            assert_eq!(subjects(narrow.heard(1).await), [lab]);
            let mut open = made[1..].to_vec();
            open.sort();
            assert_eq!(subjects(sd.heard(2).await), open);
            // What is not for it would have come before what is.
            assert_eq!((sd.came().len(), narrow.came().len()), (2, 1));
        },
    );
}

#[test]
fn what_is_not_taken_is_sent_again_when_it_is_due_and_keeps_its_id() {
    both_with(
        |config| config.webhooks.retry_seconds = vec![10, 100],
        async |w| {
            let receiver =
                Receiver::answering(|_, _| (StatusCode::INTERNAL_SERVER_ERROR, "x".repeat(2_000)).into_response())
                    .await;
            let id = at(w, &receiver, json!({})).await;
            let began = w.clock.now();
            institution(&w.client("GD", "editor"), json!({ "code": "I1" })).await;
            for (attempt, wait) in [(1, 10), (2, 100)] {
                let log = logged(&manager(w, "GD"), &id, 1, |one| {
                    one["attempts"] == attempt && one["nextAttemptAt"].is_string()
                })
                .await;
                let due = log[0]["nextAttemptAt"].as_str().expect("text").parse::<chrono::DateTime<chrono::Utc>>();
                assert_eq!(due.expect("an instant") - w.clock.now(), TimeDelta::seconds(wait));
                assert_eq!(log[0]["responseStatus"], 500);
                assert_eq!(log[0]["responseExcerpt"], "x".repeat(512), "no more is kept");
                assert_eq!(shown(&manager(w, "GD"), &id).await["status"], "ACTIVE");
                w.clock.advance(TimeDelta::seconds(wait));
            }
            let log = logged(&manager(w, "GD"), &id, 1, is("FAILED")).await;
            assert_eq!(log[0]["attempts"], 3);
            let came = receiver.heard(3).await;
            assert!(came.iter().all(|one| one.id == came[0].id && one.body == came[0].body));
            let times: Vec<i64> = came.iter().map(|one| one.timestamp - began.timestamp()).collect();
            assert_eq!(times, [0, 10, 110], "each attempt is signed with its own time");
        },
    );
}

#[test]
fn events_of_one_object_wait_for_each_other_and_those_of_others_do_not() {
    both_with(
        |config| config.webhooks.retry_seconds = vec![10],
        async |w| {
            let receiver = Receiver::new().await;
            let editor = w.client("GD", "editor");
            let stuck = institution(&editor, json!({ "code": "A" })).await;
            let free = institution(&editor, json!({ "code": "B" })).await;
            // What has no place yet would be heard of.
            w.advance_feed().await;
            let id = at(w, &receiver, json!({})).await;
            let bad = stuck.clone();
            receiver.answers(move |_, one| match one.subject() == bad {
                true => StatusCode::BAD_GATEWAY.into_response(),
                false => StatusCode::OK.into_response(),
            });
            rename(&editor, &stuck, "a1").await;
            rename(&editor, &stuck, "a2").await;
            rename(&editor, &free, "b1").await;
            rename(&editor, &free, "b2").await;
            let log = logged(&manager(w, "GD"), &id, 2, is("DELIVERED")).await;
            assert!(log.iter().filter(|one| one["status"] == "DELIVERED").all(|one| one["subject"] == json!(free)));
            assert_eq!(log.iter().filter(|one| one["status"] == "QUEUED").count(), 1, "the second waits");
            // The first is given up; then it is the turn of the second, which is taken.
            logged(&manager(w, "GD"), &id, 1, |one| one["subject"] == json!(stuck) && one["nextAttemptAt"].is_string())
                .await;
            w.clock.advance(TimeDelta::seconds(10));
            let log = logged(&manager(w, "GD"), &id, 1, is("FAILED")).await;
            assert_eq!(log[0]["status"], "FAILED");
            receiver.answers(|_, _| StatusCode::OK.into_response());
            // It may have been refused once before that, and is due again ten seconds after the refusal.
            super::until("the second is taken", async || {
                w.clock.advance(TimeDelta::seconds(1));
                let log = super::log(&manager(w, "GD"), &id).await;
                (log.iter().filter(|one| one["status"] == "DELIVERED").count() == 3).then_some(())
            })
            .await;
        },
    );
}

#[test]
fn so_many_at_once_go_to_one_endpoint_and_no_more() {
    both_with(
        |config| (config.webhooks.per_endpoint, config.webhooks.at_once) = (3, 5),
        async |w| {
            let (one, other) = (Receiver::new().await, Receiver::new().await);
            one.hold(true);
            at(w, &one, json!({})).await;
            at(w, &other, json!({})).await;
            let editor = w.client("GD", "editor");
            for code in 0..12 {
                institution(&editor, json!({ "code": format!("I{code}") })).await;
            }
            one.holds(3).await;
            // The other is served beside the one that does not answer.
            other.heard(12).await;
            assert_eq!(one.held(), 3);
            one.hold(false);
            one.heard(12).await;
        },
    );
}

#[test]
fn an_endpoint_that_is_gone_is_disabled_at_once_and_its_agency_is_told() {
    both_with(
        |_| {},
        async |w| {
            let (gone, other) =
                (Receiver::answering(|_, _| StatusCode::GONE.into_response()).await, Receiver::new().await);
            let id = at(w, &gone, json!({ "names": ["institution.changed.v1"] })).await;
            at(w, &other, json!({ "names": ["webhook.disabled.v1"] })).await;
            let foreign = Receiver::new().await;
            create(&manager(w, "SD"), json!({ "url": foreign.url(), "names": ["webhook.disabled.v1"] })).await;
            let editor = w.client("GD", "editor");
            institution(&editor, json!({ "code": "I1" })).await;
            let told = other.heard(1).await;
            assert_eq!((&told[0].body["subject"], &told[0].body["data"]["stop"]), (&json!(id), &json!("GONE")));
            let row = shown(&manager(w, "GD"), &id).await;
            assert_eq!((&row["status"], &row["stop"]), (&json!("DISABLED"), &json!("GONE")));
            assert!(row["reason"].as_str().expect("text").contains("410"));
            // Nothing is kept for it while it is disabled; afterwards it hears again, and what waited is tried once more.
            institution(&editor, json!({ "code": "I2" })).await;
            let test = "mutation($id: ID!) { webhookSendTest(id: $id) { delivery { id } } }";
            assert_eq!(manager(w, "GD").refused(test, json!({ "id": id })).await, "WEBHOOK_DISABLED");
            w.advance_feed().await;
            gone.answers(|_, _| StatusCode::OK.into_response());
            act(&manager(w, "GD"), "webhookResume", &id).await;
            let third = institution(&editor, json!({ "code": "I3" })).await;
            let came = gone.heard(3).await;
            assert_eq!(came[2].subject(), third, "{came:#?}");
            assert_eq!(came[0].id, came[1].id);
            assert!(foreign.came().is_empty(), "other agencies are not told");
        },
    );
}

#[test]
fn an_endpoint_that_fails_for_too_long_is_disabled() {
    both_with(
        |config| {
            config.webhooks.retry_seconds = vec![3_600; 20];
            config.webhooks.disable_after_hours = 3;
        },
        async |w| {
            let receiver = Receiver::answering(|_, _| StatusCode::BAD_REQUEST.into_response()).await;
            let id = at(w, &receiver, json!({ "names": ["institution.changed.v1"] })).await;
            institution(&w.client("GD", "editor"), json!({ "code": "I1" })).await;
            for attempt in 1..=3 {
                logged(&manager(w, "GD"), &id, 1, |one| one["attempts"] == attempt && one["nextAttemptAt"].is_string())
                    .await;
                let row = shown(&manager(w, "GD"), &id).await;
                assert_eq!(row["status"], "ACTIVE");
                assert_eq!(row["failingSince"], "2026-11-23T02:00:00Z", "since the first failure");
                w.clock.advance(TimeDelta::hours(1));
            }
            let row = super::until("it is disabled", async || {
                Some(shown(&manager(w, "GD"), &id).await).filter(|row| row["status"] == "DISABLED")
            })
            .await;
            assert_eq!(row["stop"], "FAILING");
        },
    );
}

#[test]
fn an_endpoint_that_asks_for_time_is_left_alone() {
    both_with(
        |_| {},
        async |w| {
            let receiver = Receiver::answering(|place, _| match place {
                0 => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "600")]).into_response(),
                _ => StatusCode::OK.into_response(),
            })
            .await;
            let id = at(w, &receiver, json!({})).await;
            let editor = w.client("GD", "editor");
            institution(&editor, json!({ "code": "I1" })).await;
            logged(&manager(w, "GD"), &id, 1, |one| one["responseStatus"] == 429).await;
            institution(&editor, json!({ "code": "I2" })).await;
            logged(&manager(w, "GD"), &id, 2, is("WAITING")).await;
            w.clock.advance(TimeDelta::seconds(590));
            // The sender looks a hundred times a second; another webhook's message shows that it has looked.
            let other = Receiver::new().await;
            let second = at(w, &other, json!({})).await;
            act(&manager(w, "GD"), "webhookSendTest", &second).await;
            other.heard(1).await;
            assert_eq!(receiver.came().len(), 1);
            w.clock.advance(TimeDelta::seconds(10));
            receiver.heard(3).await;
        },
    );
}

#[test]
fn redirects_are_not_followed() {
    World::run_with(Backend::Sqlite, local, async |w| {
        let other = Receiver::new().await;
        let url = other.url();
        let receiver = Receiver::answering(move |_, _| Redirect::temporary(&url).into_response()).await;
        let id = at(w, &receiver, json!({})).await;
        institution(&w.client("GD", "editor"), json!({ "code": "I1" })).await;
        let log = logged(&manager(w, "GD"), &id, 1, |one| one["responseStatus"] == 307).await;
        assert!(log[0]["error"].as_str().expect("text").contains("redirects"));
        assert!(other.came().is_empty());
    });
}

#[test]
fn what_does_not_answer_in_time_has_failed() {
    World::run_with(
        Backend::Sqlite,
        |config| {
            local(config);
            config.webhooks.timeout_seconds = 1;
        },
        async |w| {
            let receiver = Receiver::new().await;
            receiver.hold(true);
            let id = at(w, &receiver, json!({})).await;
            institution(&w.client("GD", "editor"), json!({ "code": "I1" })).await;
            let log = logged(&manager(w, "GD"), &id, 1, |one| one["error"].is_string()).await;
            assert!(log[0]["error"].as_str().expect("text").contains("in time"), "{:#}", log[0]);
            assert!(log[0]["latencyMilliseconds"].as_i64().expect("a number") >= 1_000);
            receiver.hold(false);
        },
    );
}

#[test]
fn large_data_stays_at_home() {
    use labpact::{
        notify::model::{Placed, Position},
        webhook::model::message::{LARGEST, body},
    };
    let event = |text: String| {
        let row = entity::outbox::Model {
            id: uuid::Uuid::nil(),
            commit_id: uuid::Uuid::nil(),
            position: 0,
            at: crate::support::base::beginning(),
            name: "lab.changed.v1".to_owned(),
            subject: "lab:x".to_owned(),
            agency: entity::ids::AgencyCode("GD".to_owned()),
            visibility: entity::enums::Visibility::Own,
            data: json!({ "text": text }),
            salt: None,
        };
        Placed { position: Position::BEGINNING, event: std::sync::Arc::new(row) }
    };
    let small: Value = serde_json::from_slice(&body("urn:labpact", &event("x".repeat(19_000)))).expect("JSON");
    assert_eq!(small["data"]["text"].as_str().expect("text").len(), 19_000);
    let bytes = body("urn:labpact", &event("室".repeat(7_000)));
    assert!(bytes.len() < LARGEST);
    let large: Value = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!(large["data"], json!({ "subject": "lab:x", "truncated": true }));
    assert_eq!(large["subject"], "lab:x");
}
