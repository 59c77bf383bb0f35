//! What a node tells its operator in figures.

use std::time::Duration;

use labpact::config::Config;
use serde_json::json;
use tokio::time::timeout;

use super::{
    peer::{Peer, with},
    ready::Stranded,
};
use crate::{
    api::institution,
    both,
    support::{base::Backend, world::World},
};

const PATIENCE: Duration = Duration::from_secs(20);

/// One scrape.
async fn scrape(w: &World) -> String {
    let answer = w.http().get(w.monitor("/metrics").await).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "scraped");
    let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = answer.text().await.expect("text");
    assert!(text.ends_with("# EOF\n"), "{text}");
    text
}

/// The value of a line that begins so.
fn value(text: &str, series: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.strip_prefix(series).is_some_and(|rest| rest.starts_with(' ')))?;
    line.rsplit(' ').next()?.parse().ok()
}

/// Asks until a figure is that; the server counts beside us.
async fn until(w: &World, series: &str, wanted: f64) {
    let look = async {
        while value(&scrape(w).await, series) != Some(wanted) {
            tokio::task::yield_now().await;
        }
    };
    if timeout(PATIENCE, look).await.is_err() {
        panic!("{series} never was {wanted}:\n{}", scrape(w).await);
    }
}

#[test]
fn the_public_address_tells_no_figures_unless_it_is_told_to() {
    for (on_server, status) in [(false, 404), (true, 200)] {
        let change = move |config: &mut Config| config.metrics.on_server = on_server;
        World::run_with(Backend::Sqlite, change, async |w| {
            let answer = w.http().get(w.url("/metrics")).send().await.expect("an answer");
            assert_eq!(answer.status(), status);
        });
    }
}

both! {
    async fn operations_are_counted_by_name_kind_and_outcome(w: World) {
        let officer = w.client("GD", "officer");
        officer.data("query Mine { __typename }", json!({})).await;
        officer.data("query Mine { __typename }", json!({})).await;
        officer.data("{ __typename }", json!({})).await;
        institution(&w.client("GD", "editor"), json!({ "code": "I1" })).await;
        officer.send("query Gone { node(id: \"lab:x\") { id } }", json!({})).await;
        w.advance_feed().await;
        let text = scrape(w).await;
        let of = |name: &str, kind: &str, outcome: &str| {
            let labels = format!("operation=\"{name}\",kind=\"{kind}\",outcome=\"{outcome}\"");
            value(&text, &format!("labpact_operations_total{{{labels}}}"))
        };
        assert_eq!(of("Mine", "query", "ok"), Some(2.0), "{text}");
        assert_eq!(of("anonymous", "query", "ok"), Some(1.0), "{text}");
        assert_eq!(of("anonymous", "mutation", "ok"), Some(1.0), "{text}");
        assert_eq!(of("Gone", "query", "caller_error"), Some(1.0), "{text}");
        let took = "labpact_operation_duration_seconds_count{operation=\"Mine\",kind=\"query\"}";
        assert_eq!(value(&text, took), Some(2.0), "{text}");
        assert_eq!(value(&text, "labpact_database_up"), Some(1.0));
        assert_eq!(value(&text, "labpact_feed_waiting"), Some(0.0));
        let entries = value(&text, "labpact_feed_entries").expect("a number");
        assert!(entries >= 1.0, "{text}");
        assert!(value(&text, "labpact_events_behind").is_some_and(|behind| behind <= entries), "{text}");
        let size = value(&text, "labpact_database_connections").expect("a size");
        assert!(size >= 1.0 && size <= value(&text, "labpact_database_connections_most").expect("a bound"));
        assert!(value(&text, "labpact_database_reads_total") > Some(0.0), "{text}");
        let version = format!("labpact_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
        assert_eq!(value(&text, &version), Some(1.0));
        assert!(value(&text, "labpact_start_time_seconds") > Some(1.0e9), "{text}");
        assert!(value(&text, "labpact_http_responses_total{class=\"2xx\"}") >= Some(5.0), "{text}");
    }

    async fn a_scrape_does_without_the_database(w: World) {
        let node = Stranded::of(w).await;
        let answer = w.http().get(node.url("/metrics")).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let text = answer.text().await.expect("text");
        assert_eq!(value(&text, "labpact_database_up"), Some(0.0), "{text}");
        assert_eq!(value(&text, "labpact_feed_waiting"), None, "what is not known is not told");
    }
}

#[test]
fn refusals_are_counted_by_code() {
    with(
        |_| {},
        async |w| {
            let officer = w.client("GD", "officer");
            officer.send("{ nothing", json!({})).await;
            officer.send("{ nothing }", json!({})).await;
            w.bearer("none").send("{ __typename }", json!({})).await;
            let post = || w.http().post(w.url("/graphql")).bearer_auth(w.token("GD", "officer", |_| {}));
            post().header("accept", "image/png").send().await.expect("an answer");
            post().json(&json!({ "query": "x".repeat(2 << 20) })).send().await.expect("an answer");
            officer.send(&format!("{}__typename{}", "{ a ".repeat(40), " }".repeat(40)), json!({})).await;
            let form = w.http().post(w.url("/token")).header("content-type", "application/x-www-form-urlencoded");
            form.body("grant_type=password").send().await.expect("an answer");
            let mut peer = Peer::of(w, "GD", "officer").await;
            peer.ask("1", "{ nothing }").await;
            peer.error("1").await;
            let text = scrape(w).await;
            let of = |code: &str| value(&text, &format!("labpact_rejections_total{{code=\"{code}\"}}"));
            assert_eq!(of("GRAPHQL_INVALID"), Some(3.0), "{text}");
            assert_eq!(of("UNAUTHENTICATED"), Some(1.0), "{text}");
            assert_eq!(of("NOT_ACCEPTABLE"), Some(1.0), "{text}");
            assert_eq!(of("BODY_TOO_LARGE"), Some(1.0), "{text}");
            assert_eq!(of("DEPTH"), Some(1.0), "{text}");
            assert_eq!(of("unsupported_grant_type"), Some(1.0), "{text}");
        },
    );
}

#[test]
fn sockets_and_streams_are_counted_like_requests() {
    with(
        |_| {},
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            peer.ask("1", "query Here { __typename }").await;
            peer.result("1").await;
            assert_eq!(peer.hear().await["type"], "complete");
            until(w, "labpact_streams_open", 1.0).await;
            until(w, "labpact_operations_total{operation=\"Here\",kind=\"query\",outcome=\"ok\"}", 1.0).await;
            let told = w.client("GD", "officer").data("{ eventsPosition }", json!({})).await;
            let follow = format!("subscription Follow {{ events(after: {}) {{ name }} }}", told["eventsPosition"]);
            let (mut response, is_stream) = w.client("GD", "officer").stream(&follow).await;
            assert!(is_stream);
            until(w, "labpact_streams_open", 2.0).await;
            until(w, "labpact_subscriptions_active", 1.0).await;
            institution(&w.client("GD", "editor"), json!({ "code": "I1" })).await;
            timeout(PATIENCE, response.chunk()).await.expect("in time").expect("read");
            until(w, "labpact_subscription_events_total{operation=\"Follow\",kind=\"subscription\"}", 1.0).await;
            peer.say(json!({ "type": "unknown" })).await;
            assert_eq!(peer.closed().await.0, 4400);
            until(w, "labpact_socket_closes_total{code=\"4400\"}", 1.0).await;
            drop((peer, response));
            until(w, "labpact_streams_open", 0.0).await;
            until(w, "labpact_subscriptions_active", 0.0).await;
            until(w, "labpact_operations_total{operation=\"Follow\",kind=\"subscription\",outcome=\"ok\"}", 1.0).await;
        },
    );
}

#[test]
fn the_public_address_tells_no_figures() {
    with(
        |_| {},
        async |w| {
            let answer = w.http().get(w.url("/metrics")).send().await.expect("an answer");
            assert_eq!(answer.status(), 404);
            let graphql = w.http().get(w.monitor("/graphql").await).send().await.expect("an answer");
            assert_eq!(graphql.status(), 404, "nor does the operator's serve the API");
            let live = w.http().get(w.monitor("/livez").await).send().await.expect("an answer");
            assert_eq!(live.status(), 200);
        },
    );
}
