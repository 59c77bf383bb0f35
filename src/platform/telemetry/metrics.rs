//! The figures of a node, as Prometheus and OpenMetrics read them.
//!
//! Labels are of closed sets: our own codes and words, and the names of operations as [`Names`] bounds them.
//! `docs/operations.md` lists every figure.

use std::{fmt, sync::Arc, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::Histogram,
        info::Info,
    },
    registry::{Registry, Unit},
};

use super::{names::Names, reading::Reading};
use crate::platform::clock::Clock;

/// The media type of [`Metrics::text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the classes of latency, in seconds: 1 ms to 30 s.
const BUCKETS: [f64; 14] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// How an operation that was executed ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Without an error.
    Ok,
    /// With errors that are the caller's.
    CallerError,
    /// With an error that is ours, or of something that we need.
    ServerError,
    /// The caller went away, or the time was over.
    Cancelled,
}

impl End {
    /// As a label.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::CallerError => "caller_error",
            Self::ServerError => "server_error",
            Self::Cancelled => "cancelled",
        }
    }

    /// The worse of two.
    pub fn or(self, other: Self) -> Self {
        let rank = |end| match end {
            Self::Ok => 0,
            Self::Cancelled => 1,
            Self::CallerError => 2,
            Self::ServerError => 3,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    operation: Arc<str>,
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EndLabels {
    operation: Arc<str>,
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CodeLabels {
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ClassLabels {
    class: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CloseLabels {
    code: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DirectionLabels {
    direction: &'static str,
}

type Seconds = Family<OperationLabels, Histogram, fn() -> Histogram>;

/// Everything that one node counts.
pub struct Metrics {
    registry: Registry,
    names: Names,
    operations: Family<EndLabels, Counter>,
    seconds: Seconds,
    events: Family<OperationLabels, Counter>,
    subscriptions: Gauge,
    rejections: Family<CodeLabels, Counter>,
    responses: Family<ClassLabels, Counter>,
    closes: Family<CloseLabels, Counter>,
    connections: Gauge,
    cuts: Family<ReasonLabels, Counter>,
    contents: Family<DirectionLabels, Counter>,
}

impl Metrics {
    /// Nothing was counted yet; the node starts now.
    pub fn new(clock: &Clock) -> Self {
        let mut registry = Registry::with_prefix("labpact");
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        let metrics = Self {
            registry: Registry::default(),
            names: Names::default(),
            operations: Family::default(),
            seconds: Family::new_with_constructor(histogram),
            events: Family::default(),
            subscriptions: Gauge::default(),
            rejections: Family::default(),
            responses: Family::default(),
            closes: Family::default(),
            connections: Gauge::default(),
            cuts: Family::default(),
            contents: Family::default(),
        };
        registry.register(
            "operations",
            "Operations that were executed, by name, kind and outcome",
            metrics.operations.clone(),
        );
        registry.register_with_unit(
            "operation_duration",
            "Time from admission to the result, of queries and mutations",
            Unit::Seconds,
            metrics.seconds.clone(),
        );
        registry.register("subscription_events", "Results that subscriptions have brought", metrics.events.clone());
        registry.register("subscriptions_active", "Subscriptions under way", metrics.subscriptions.clone());
        registry.register(
            "rejections",
            "Requests and operations refused before execution, by code",
            metrics.rejections.clone(),
        );
        registry.register("http_responses", "HTTP responses by class of their status", metrics.responses.clone());
        registry.register("socket_closes", "WebSockets that the server closed, by code", metrics.closes.clone());
        registry.register("connections_open", "Connections open, but for WebSockets", metrics.connections.clone());
        registry.register("connection_cuts", "Connections that the server ended, by reason", metrics.cuts.clone());
        registry.register(
            "attachment_bytes",
            "Bytes of attachments that have come (in) and gone (out)",
            metrics.contents.clone(),
        );
        registry.register("build", "What is running", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of this century fit")]
        let started = clock.now().timestamp_millis() as f64 / 1_000.0;
        registry.register_with_unit(
            "start_time",
            "When the node started, since the epoch",
            Unit::Seconds,
            ConstGauge::new(started),
        );
        Self { registry, ..metrics }
    }

    /// The label of an operation's name.
    pub fn label(&self, name: Option<&str>) -> Arc<str> {
        self.names.label(name)
    }

    /// Counts an operation at its end.
    pub fn operation(&self, operation: &Arc<str>, kind: &'static str, outcome: End) {
        let labels = EndLabels { operation: Arc::clone(operation), kind, outcome: outcome.word() };
        self.operations.get_or_create(&labels).inc();
    }

    /// How long a query or a mutation took.
    pub fn took(&self, operation: &Arc<str>, kind: &'static str, time: Duration) {
        let labels = OperationLabels { operation: Arc::clone(operation), kind };
        self.seconds.get_or_create(&labels).observe(time.as_secs_f64());
    }

    /// Counts one result of a subscription.
    pub fn event(&self, operation: &Arc<str>, kind: &'static str) {
        let labels = OperationLabels { operation: Arc::clone(operation), kind };
        self.events.get_or_create(&labels).inc();
    }

    /// A subscription begins.
    pub fn subscribed(&self) {
        self.subscriptions.inc();
    }

    /// A subscription is over.
    pub fn unsubscribed(&self) {
        self.subscriptions.dec();
    }

    /// Counts what was refused before execution. The code is one of ours, never a client's text.
    pub fn refused(&self, code: &'static str) {
        self.rejections.get_or_create(&CodeLabels { code }).inc();
    }

    /// Counts an HTTP response by its status; `None` for a client that went away before it.
    pub fn responded(&self, status: Option<u16>) {
        let class = match status {
            None => "aborted",
            Some(100..200) => "1xx",
            Some(200..300) => "2xx",
            Some(300..400) => "3xx",
            Some(400..500) => "4xx",
            Some(_) => "5xx",
        };
        self.responses.get_or_create(&ClassLabels { class }).inc();
    }

    /// Counts a WebSocket that the server closes, by the code it says.
    pub fn closed(&self, code: u16) {
        self.closes.get_or_create(&CloseLabels { code }).inc();
    }

    /// A connection begins.
    pub fn connected(&self) {
        self.connections.inc();
    }

    /// A connection is over, or has become a WebSocket.
    pub fn disconnected(&self) {
        self.connections.dec();
    }

    /// Counts a connection that the server ended. The reason is one of our words.
    pub fn cut(&self, reason: &'static str) {
        self.cuts.get_or_create(&ReasonLabels { reason }).inc();
    }

    /// Counts bytes of attachments that have come.
    pub fn came(&self, bytes: usize) {
        self.contents.get_or_create(&DirectionLabels { direction: "in" }).inc_by(bytes as u64);
    }

    /// Counts bytes of attachments that have gone.
    pub fn went(&self, bytes: usize) {
        self.contents.get_or_create(&DirectionLabels { direction: "out" }).inc_by(bytes as u64);
    }

    /// All figures with what was just read, in the OpenMetrics text format.
    ///
    /// # Errors
    /// Never in practice: writing into a string does not fail.
    pub fn text(&self, reading: &Reading) -> Result<String, fmt::Error> {
        let mut text = String::with_capacity(16 * 1024);
        text::encode_registry(&mut text, &self.registry)?;
        text::encode_registry(&mut text, &reading.registry())?;
        text::encode_eof(&mut text)?;
        Ok(text)
    }
}
