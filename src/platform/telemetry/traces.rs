//! Traces to a collector, by OTLP over HTTP (protobuf).
//!
//! Spans go into a bounded queue, from which a thread of its own sends them in batches: a collector that is slow or
//! down costs spans, never a request. They are made by hand at the edge, one for each request and one for each
//! operation on a stream, and not by way of the log, whose filter would then decide on them.
//!
//! Their times and ids are those of the library: they belong to the collector's world, not to our rows.

use std::{
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use opentelemetry::{
    Context, KeyValue,
    propagation::TextMapPropagator,
    trace::{SpanBuilder, SpanKind, TraceContextExt, TracerProvider},
};
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{Sampler, SdkTracer, SdkTracerProvider},
};
use reqwest::{Url, header::HeaderMap};
use serde::Deserialize;
use tokio::runtime::Handle;

use super::trail::Operation;
use crate::platform::fault::{Fault, Outcome};

/// How long a batch may take on its way, and how long the last may at the end.
const PATIENCE: Duration = Duration::from_secs(5);

/// Section `[telemetry]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TelemetryConfig {
    /// Address of an OTLP collector that speaks HTTP, such as `http://127.0.0.1:4318`; `/v1/traces` is added. Nothing is
    /// traced without.
    pub otlp_endpoint: Option<String>,
    /// Whether a caller's `traceparent` is taken: then its trace goes on here, and its choice whether to record holds.
    pub accept_traceparent: bool,
    /// One in so many of the traces that begin here is recorded.
    pub sample_one_in: u32,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self { otlp_endpoint: None, accept_traceparent: true, sample_one_in: 1 }
    }
}

/// Where the spans of one instance go. Cheap to clone.
#[derive(Clone)]
pub struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    accept_traceparent: bool,
}

impl Traces {
    /// The way to the configured collector, where there is one. It is not called before there is something to send.
    ///
    /// # Errors
    /// `INVALID` for an address that is none.
    pub fn open(config: &TelemetryConfig) -> Outcome<Option<Self>> {
        let Some(endpoint) = &config.otlp_endpoint else { return Ok(None) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new()?)
            .with_endpoint(address(endpoint)?)
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(PATIENCE)
            .build()
            .map_err(Fault::internal)?;
        let resource = Resource::builder()
            .with_service_name("labpact")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let ours = Sampler::TraceIdRatioBased(1.0 / f64::from(config.sample_one_in.max(1)));
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::ParentBased(Box::new(ours)))
            .with_resource(resource)
            .build();
        let tracer = provider.tracer("labpact");
        Ok(Some(Self { provider, tracer, accept_traceparent: config.accept_traceparent }))
    }

    /// Begins the span of a request, in the caller's trace where the headers name one.
    pub fn request(&self, name: String, headers: &HeaderMap, attributes: Vec<KeyValue>) -> Context {
        let parent = match self.accept_traceparent {
            true => TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers)),
            false => Context::new(),
        };
        let builder = SpanBuilder::from_name(name).with_kind(SpanKind::Server).with_attributes(attributes);
        parent.with_span(builder.start_with_context(&self.tracer, &parent))
    }

    /// Begins the span of an operation on a stream: within its request, or alone where it came over a socket.
    pub fn operation(&self, operation: &Operation, parent: &Context, request_id: &str) -> Context {
        let kind = if parent.has_active_span() { SpanKind::Internal } else { SpanKind::Server };
        let mut attributes = attributes(operation);
        attributes.push(KeyValue::new("labpact.request_id", request_id.to_owned()));
        let builder = SpanBuilder::from_name(operation.kind).with_kind(kind).with_attributes(attributes);
        parent.with_span(builder.start_with_context(&self.tracer, parent))
    }

    /// Sends what is left, for a bounded time; spans that end later are lost.
    pub async fn close(&self) {
        let provider = self.provider.clone();
        // Waits for the sending thread, which in turn needs this one.
        let closed = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(PATIENCE)).await;
        if !matches!(closed, Ok(Ok(()))) {
            tracing::warn!("the last spans did not reach the collector");
        }
    }
}

/// What a span says of an operation.
pub fn attributes(operation: &Operation) -> Vec<KeyValue> {
    let mut attributes = vec![
        KeyValue::new("graphql.operation.type", operation.kind),
        KeyValue::new("labpact.caller", operation.caller),
    ];
    attributes.extend(operation.name.clone().map(|name| KeyValue::new("graphql.operation.name", name)));
    attributes.extend(operation.agency.clone().map(|agency| KeyValue::new("labpact.agency", agency)));
    attributes
}

/// A count as spans and log lines carry it.
pub fn count(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

fn address(endpoint: &str) -> Outcome<String> {
    let url = Url::parse(endpoint).ok().filter(|url| ["http", "https"].contains(&url.scheme()) && url.has_host());
    if url.is_none() {
        let message = "Write the address of a collector that speaks OTLP over HTTP, as http://127.0.0.1:4318.";
        return Err(Fault::invalid("telemetry.otlp_endpoint", "OTLP_ENDPOINT", message));
    }
    Ok(format!("{}/v1/traces", endpoint.trim_end_matches('/').trim_end_matches("/v1/traces")))
}

/// Sends batches from the thread of the library on the runtime of the server, and tells once when that begins to fail
/// and once when it works again.
#[derive(Clone)]
struct Collector {
    http: reqwest::Client,
    runtime: Handle,
    is_down: Arc<AtomicBool>,
}

impl Collector {
    fn new() -> Outcome<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .user_agent(concat!("labpact/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(Fault::internal)?;
        let runtime = Handle::try_current().map_err(Fault::internal)?;
        Ok(Self { http, runtime, is_down: Arc::default() })
    }

    async fn send(self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sent = self.exchange(request).await;
        let failure = match &sent {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("the answer is {}", answer.status())),
            Err(cause) => Some(root(cause.as_ref())),
        };
        match (failure, self.is_down.load(Ordering::Relaxed)) {
            (Some(failure), false) => {
                self.is_down.store(true, Ordering::Relaxed);
                tracing::warn!(failure, "the collector takes no traces; they are lost until it does");
            }
            (None, true) => {
                self.is_down.store(false, Ordering::Relaxed);
                tracing::info!("the collector takes traces again");
            }
            _ => {}
        }
        sent
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.http.execute(request.try_into()?).await.map_err(reqwest::Error::without_url)?;
        let status = answer.status();
        // What a collector says beyond its status is of no use here.
        Ok(Response::builder().status(status).body(Bytes::new())?)
    }
}

/// What lies at the bottom of an error: the client's own says no more than that sending failed.
fn root(error: &(dyn Error + 'static)) -> String {
    let mut deepest = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    deepest.to_string()
}

impl fmt::Debug for Collector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Collector")
    }
}

impl HttpClient for Collector {
    fn send_bytes<'s, 'f>(
        &'s self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        let sending = self.runtime.spawn(self.clone().send(request));
        Box::pin(async move { sending.await? })
    }
}
