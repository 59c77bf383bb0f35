//! Every request from its head to the head of its answer: counted, traced where a collector is configured, and told in
//! the log where the configuration says so. Variables, tokens and documents are in none of them.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use opentelemetry::{
    Context, KeyValue,
    trace::{Status, TraceContextExt},
};

use super::request_id::{self, RequestId};
use crate::{
    app::App,
    platform::telemetry::{Telemetry, traces, trail::Trail},
};

/// Asked every few seconds by machines: counted, and not told.
const PROBES: [&str; 2] = ["/livez", "/readyz"];

/// Names, counts and tells what passes.
pub async fn layer(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let observed = async |request: Request| {
        let mut seen = Seen::begin(&app.telemetry, &request);
        let response = Arc::clone(&seen.trail).along(next.run(request)).await;
        seen.status = Some(response.status().as_u16());
        response
    };
    request_id::around(app.db.clock(), request, observed).await
}

/// One request; told when it is dropped, which a client that goes away brings about too.
struct Seen {
    telemetry: Telemetry,
    trail: Arc<Trail>,
    begun: Instant,
    status: Option<u16>,
    /// Where somebody reads it.
    head: Option<Head>,
}

struct Head {
    method: &'static str,
    route: String,
    request_id: Arc<str>,
}

impl Seen {
    fn begin(telemetry: &Telemetry, request: &Request) -> Self {
        let is_told = telemetry.is_read() && !PROBES.contains(&request.uri().path());
        let head = is_told.then(|| Head::of(request));
        let context = match (&telemetry.traces, &head) {
            (Some(traces), Some(head)) => {
                let name = format!("{} {}", head.method, head.route);
                traces.request(name, request.headers(), head.attributes())
            }
            _ => Context::default(),
        };
        let trail = Trail::new(Arc::clone(&telemetry.metrics), context);
        Self { telemetry: telemetry.clone(), trail, begun: Instant::now(), status: None, head }
    }

    fn end_span(&self) {
        let span = self.trail.context().span();
        if let Some(operation) = self.trail.operation() {
            span.set_attributes(traces::attributes(operation));
        }
        if let Some(code) = self.trail.refusal() {
            span.set_attribute(KeyValue::new("labpact.refused", code));
        }
        match self.status {
            Some(status) => span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status))),
            None => span.set_attribute(KeyValue::new("labpact.aborted", true)),
        }
        if self.status.is_some_and(|status| status >= 500) {
            span.set_status(Status::error(""));
        }
        span.end();
    }

    fn tell(&self, head: &Head) {
        let operation = self.trail.operation();
        tracing::info!(
            request_id = %head.request_id,
            method = head.method,
            route = head.route,
            status = self.status,
            milliseconds = traces::count(self.begun.elapsed().as_millis()),
            operation = operation.and_then(|operation| operation.name.as_deref()),
            kind = operation.map(|operation| operation.kind),
            agency = operation.and_then(|operation| operation.agency.as_deref()),
            caller = operation.map(|operation| operation.caller),
            refused = self.trail.refusal(),
            "request"
        );
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        self.telemetry.metrics.responded(self.status);
        let Some(head) = &self.head else { return };
        if self.telemetry.traces.is_some() {
            self.end_span();
        }
        if self.telemetry.requests {
            self.tell(head);
        }
    }
}

impl Head {
    fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
        let request_id = request.extensions().get::<RequestId>().map_or_else(|| Arc::from(""), |id| Arc::clone(&id.0));
        Self { method: method(request.method()), route, request_id }
    }

    fn attributes(&self) -> Vec<KeyValue> {
        vec![
            KeyValue::new("http.request.method", self.method),
            KeyValue::new("http.route", self.route.clone()),
            KeyValue::new("labpact.request_id", self.request_id.to_string()),
        ]
    }
}

/// A method as a word of a closed set: clients may send any.
fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "_OTHER",
    }
}
