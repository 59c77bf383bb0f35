//! GraphQL over server-sent events, distinct connections.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::peer::with;
use crate::{api::institution, support::world::World};

const PATIENCE: Duration = Duration::from_secs(20);
const FOLLOW: &str = "subscription { events { name } }";

/// The rest of a stream, or as much as has `end` in it.
async fn read(response: &mut reqwest::Response, end: Option<&str>) -> String {
    let mut text = String::new();
    while end.is_none_or(|end| !text.contains(end)) {
        match timeout(PATIENCE, response.chunk()).await.expect("in time").expect("read") {
            Some(bytes) => text.push_str(std::str::from_utf8(&bytes).expect("UTF-8")),
            None => break,
        }
    }
    text
}

fn results(text: &str) -> Vec<Value> {
    let blocks = text.split("\n\n").filter(|block| block.starts_with("event: next"));
    blocks.filter_map(|block| serde_json::from_str(block.lines().nth(1)?.strip_prefix("data: ")?).ok()).collect()
}

async fn after(w: &World) -> String {
    let told = w.client("GD", "officer").data("{ eventsPosition }", json!({})).await;
    format!("subscription {{ events(after: {}) {{ name }} }}", told["eventsPosition"])
}

#[test]
fn a_subscription_streams_its_results() {
    with(
        |_| {},
        async |w| {
            let follow = after(w).await;
            let (mut response, is_stream) = w.client("GD", "officer").stream(&follow).await;
            assert!(is_stream && response.status() == 200);
            institution(&w.client("GD", "editor"), json!({ "code": "I1" })).await;
            let text = read(&mut response, Some("}\nid: ")).await + "\n\n";
            assert_eq!(results(&text), [json!({ "data": { "events": { "name": "institution.changed.v1" } } })]);
            let token = w.token("GD", "officer", |_| {});
            let query = serde_urlencoded::to_string([("query", follow)]).expect("encoded");
            let get = w.url(&format!("/graphql?{query}"));
            let request = w.http().get(get).bearer_auth(token).header("accept", "text/event-stream");
            let mut response = request.send().await.expect("an answer");
            assert_eq!(results(&read(&mut response, Some("}\nid: ")).await).len(), 1, "by GET as well");
        },
    );
}

#[test]
fn a_query_is_one_result_and_its_end() {
    with(
        |_| {},
        async |w| {
            let (mut response, is_stream) = w.client("GD", "officer").stream("{ __typename }").await;
            assert!(is_stream);
            let text = read(&mut response, None).await;
            assert_eq!(text, "event: next\ndata: {\"data\":{\"__typename\":\"Query\"}}\n\nevent: complete\ndata: \n\n");
        },
    );
}

#[test]
fn what_cannot_be_executed_is_told_in_the_stream() {
    with(
        |_| {},
        async |w| {
            for query in [
                "{",
                "{ nothing }",
                "subscription { events { nothing } }",
                "subscription { events(after: \"x\") { id } }",
            ] {
                let (mut response, is_stream) = w.client("GD", "officer").stream(query).await;
                assert!(is_stream && response.status() == 200, "{query}");
                let text = read(&mut response, None).await;
                assert!(results(&text)[0]["errors"][0]["message"].is_string(), "{text}");
                assert!(text.ends_with("event: complete\ndata: \n\n"), "{text}");
            }
            let (response, is_stream) = w.anonymous().stream(FOLLOW).await;
            assert!(!is_stream && response.status() == 401, "who may not ask is told by the status");
        },
    );
}

#[test]
fn a_plain_subscription_is_told_where_to_go() {
    with(
        |_| {},
        async |w| {
            let answer = w.client("GD", "officer").send(FOLLOW, json!({})).await;
            assert_eq!(answer.status, 406);
            let message = answer.body["errors"][0]["message"].as_str().expect("a message").to_owned();
            assert!(message.contains("Accept: text/event-stream"), "{message}");
        },
    );
}

#[test]
fn who_reads_both_gets_a_stream_where_there_is_one() {
    with(
        |_| {},
        async |w| {
            let token = w.token("GD", "officer", |_| {});
            let send = async |query: &str| {
                let request = w.http().post(w.url("/graphql")).bearer_auth(&token);
                let accept = "application/graphql-response+json, application/json, text/event-stream";
                let request = request.header("accept", accept).json(&json!({ "query": query }));
                let response = request.send().await.expect("an answer");
                response.headers()["content-type"].to_str().expect("text").to_owned()
            };
            assert_eq!(send("{ __typename }").await, "application/graphql-response+json; charset=utf-8");
            assert_eq!(send(FOLLOW).await, "text/event-stream");
        },
    );
}

#[test]
fn a_quiet_stream_is_kept_alive_and_ends_with_its_token() {
    let short = |streams: &mut labpact::graphql::streams::StreamLimits| {
        streams.ping_milliseconds = 20;
        streams.check_milliseconds = 40;
    };
    with(short, async |w| {
        let (mut response, _) = w.client("GD", "officer").stream(FOLLOW).await;
        assert!(read(&mut response, Some(":\n\n")).await.starts_with("id: "), "where it begins, and a comment");
        w.clock.advance(TimeDelta::hours(2));
        let text = read(&mut response, None).await;
        assert_eq!(results(&text)[0]["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert!(text.ends_with("event: complete\ndata: \n\n"), "{text}");
    });
}

#[test]
fn a_stream_ends_with_the_server_and_is_not_complete() {
    with(
        |_| {},
        async |w| {
            let (mut response, _) = w.client("GD", "officer").stream(FOLLOW).await;
            w.stop();
            let text = read(&mut response, None).await;
            assert!(!text.contains("event: "), "{text}");
        },
    );
}
