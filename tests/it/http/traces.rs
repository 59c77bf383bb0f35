//! Spans, as a collector receives them.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use labpact::{config::Config, platform::telemetry::traces::TelemetryConfig};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value},
    trace::v1::Span,
};
use prost::Message;
use serde_json::json;
use tokio::{net::TcpListener, sync::mpsc, time::timeout};

use super::peer::Peer;
use crate::support::{base::Backend, world::World};

const PATIENCE: Duration = Duration::from_secs(20);
const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Takes what is exported.
struct Collector {
    address: SocketAddr,
    listener: std::net::TcpListener,
}

impl Collector {
    fn open() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("set");
        Self { address: listener.local_addr().expect("an address"), listener }
    }

    fn serve(self) -> mpsc::UnboundedReceiver<ExportTraceServiceRequest> {
        let (tell, told) = mpsc::unbounded_channel();
        let take = async |State(tell): State<mpsc::UnboundedSender<_>>, headers: HeaderMap, body: Bytes| {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            tell.send(ExportTraceServiceRequest::decode(body).expect("an export")).expect("somebody listens");
        };
        let router = Router::new().route("/v1/traces", post(take)).with_state(tell);
        let listener = TcpListener::from_std(self.listener).expect("a listener");
        tokio::spawn(async move { axum::serve(listener, router).await });
        told
    }
}

/// Runs a test with a collector, then stops the instance: the spans that arrived until its end.
fn traced(change: impl FnOnce(&mut TelemetryConfig), test: impl AsyncFnOnce(&World)) -> Vec<Span> {
    let collector = Collector::open();
    let endpoint = format!("http://{}", collector.address);
    let mut spans = Vec::new();
    let configure = |config: &mut Config| {
        config.telemetry.otlp_endpoint = Some(endpoint);
        change(&mut config.telemetry);
    };
    World::run_with(Backend::Sqlite, configure, async |w| {
        let mut told = collector.serve();
        test(w).await;
        w.stop();
        let export = timeout(PATIENCE, told.recv()).await.expect("in time").expect("an export");
        let service = &export.resource_spans[0].resource.as_ref().expect("a resource").attributes;
        assert_eq!(text(service, "service.name").as_deref(), Some("labpact"));
        let scopes = export.resource_spans.into_iter().flat_map(|each| each.scope_spans);
        spans = scopes.flat_map(|each| each.spans).collect();
    });
    spans
}

fn text(attributes: &[KeyValue], key: &str) -> Option<String> {
    match attributes.iter().find(|each| each.key == key)?.value.as_ref()?.value.as_ref()? {
        any_value::Value::StringValue(text) => Some(text.clone()),
        any_value::Value::IntValue(number) => Some(number.to_string()),
        _ => None,
    }
}

async fn ask(w: &World, request_id: &str, query: &str) {
    let request = w.http().post(w.url("/graphql")).bearer_auth(w.token("GD", "officer", |_| {}));
    let request = request.header("x-request-id", request_id).header("traceparent", PARENT);
    let answer = request.json(&json!({ "query": query })).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
}

#[test]
fn a_request_is_a_span_of_its_callers_trace() {
    let spans = traced(|_| {}, async |w| ask(w, "seen-1", "query Mine { __typename }").await);
    let span = spans.iter().find(|span| span.name == "POST /graphql").expect("the span");
    let of = |key: &str| text(&span.attributes, key);
    assert_eq!(of("labpact.request_id").as_deref(), Some("seen-1"));
    assert_eq!(of("http.request.method").as_deref(), Some("POST"));
    assert_eq!(of("http.route").as_deref(), Some("/graphql"));
    assert_eq!(of("http.response.status_code").as_deref(), Some("200"));
    assert_eq!(of("graphql.operation.name").as_deref(), Some("Mine"));
    assert_eq!(of("graphql.operation.type").as_deref(), Some("query"));
    assert_eq!(of("labpact.agency").as_deref(), Some("GD"));
    assert_eq!(span.trace_id, hex::decode("0af7651916cd43dd8448eb211c80319c").expect("hex"));
    assert_eq!(span.parent_span_id, hex::decode("b7ad6b7169203331").expect("hex"));
}

#[test]
fn a_callers_trace_is_passed_over_where_it_is_not_wanted() {
    let spans = traced(|config| config.accept_traceparent = false, async |w| ask(w, "seen-1", "{ __typename }").await);
    let span = spans.iter().find(|span| span.name == "POST /graphql").expect("the span");
    assert!(span.parent_span_id.is_empty());
    assert_ne!(span.trace_id, hex::decode("0af7651916cd43dd8448eb211c80319c").expect("hex"));
}

#[test]
fn an_operation_on_a_socket_is_a_span_of_its_own() {
    let spans = traced(
        |_| {},
        async |w| {
            let mut peer = Peer::of(w, "GD", "officer").await;
            peer.ask("1", "query Here { __typename }").await;
            peer.result("1").await;
            assert_eq!(peer.hear().await["type"], "complete");
        },
    );
    let span = spans.iter().find(|span| span.name == "query").expect("the span");
    assert_eq!(text(&span.attributes, "graphql.operation.name").as_deref(), Some("Here"));
    assert_eq!(text(&span.attributes, "labpact.outcome").as_deref(), Some("ok"));
    assert!(text(&span.attributes, "labpact.request_id").expect("an id").ends_with(".1"));
    assert!(span.parent_span_id.is_empty());
}

#[test]
fn an_operation_on_an_event_stream_belongs_to_its_request() {
    let spans = traced(
        |_| {},
        async |w| {
            let (mut response, is_stream) = w.client("GD", "officer").stream("query Here { __typename }").await;
            assert!(is_stream);
            while timeout(PATIENCE, response.chunk()).await.expect("in time").expect("read").is_some() {}
        },
    );
    let request = spans.iter().find(|span| span.name == "POST /graphql").expect("the request");
    let operation = spans.iter().find(|span| span.name == "query").expect("the operation");
    assert_eq!((&operation.parent_span_id, &operation.trace_id), (&request.span_id, &request.trace_id));
}

#[test]
fn a_collector_that_is_down_fails_nothing() {
    let gone = Collector::open().address;
    let configure = |config: &mut Config| config.telemetry.otlp_endpoint = Some(format!("http://{gone}"));
    World::run_with(Backend::Sqlite, configure, async |w| ask(w, "seen-1", "{ __typename }").await);
}

#[test]
fn an_address_that_is_none_is_refused_at_the_start() {
    for endpoint in ["collector:4318", "ftp://collector", "http://"] {
        let config = TelemetryConfig { otlp_endpoint: Some(endpoint.to_owned()), ..TelemetryConfig::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let _inside = runtime.enter();
        let refused = labpact::platform::telemetry::traces::Traces::open(&config).err().expect("refused");
        assert_eq!(refused.reason(), "OTLP_ENDPOINT", "{endpoint}");
    }
}
