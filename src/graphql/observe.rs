//! What the executor does, measured: the same for HTTP, WebSockets and event streams.

use std::{sync::Arc, time::Instant};

use async_graphql::{
    Request, Response, Value,
    parser::types::{DocumentOperations, OperationType},
};
use futures_util::{StreamExt, stream::BoxStream};
use opentelemetry::{
    Context,
    trace::{Status, TraceContextExt},
};

use super::api::{Admitted, Api, INVALID_DOCUMENT, Read, Refused};
use crate::platform::{
    fault::Outcome,
    telemetry::{
        Telemetry,
        metrics::End,
        traces,
        trail::{self, Operation},
    },
};

impl Api {
    /// Decides whether an operation may be executed at all, and takes its cost from the budget of whoever asks.
    ///
    /// # Errors
    /// [`Refused`], with what to answer.
    pub fn admit(&self, read: Read) -> Result<Admitted, Refused> {
        let mut admitted = self.decide(read)?;
        if self.telemetry().is_read() {
            trail::admitted(&named(&mut admitted));
        }
        Ok(admitted)
    }

    /// Executes what was admitted.
    ///
    /// # Errors
    /// `UNAVAILABLE` where it takes too long; what it still did in the database is stopped.
    pub async fn execute(&self, mut admitted: Admitted) -> Outcome<Response> {
        let mut measured = Measured::begin(self.telemetry(), &mut admitted);
        let outcome = self.run(admitted).await;
        match &outcome {
            Ok(response) => measured.result(response),
            Err(_) => measured.worst = End::ServerError,
        }
        measured.ended();
        outcome
    }

    /// Executes what was admitted, as a stream: the one response of a query or a mutation, the responses of a
    /// subscription as they come. Dropping the stream cancels what still runs.
    pub fn stream(&self, mut admitted: Admitted) -> BoxStream<'static, Response> {
        let mut measured = Measured::begin(self.telemetry(), &mut admitted);
        measured.on_stream(&mut admitted);
        let end = futures_util::stream::once(std::future::ready(None));
        let results = self.results(admitted).map(Some).chain(end);
        results
            .filter_map(move |result| {
                match &result {
                    Some(response) => measured.result(response),
                    None => measured.ended(),
                }
                std::future::ready(result)
            })
            .boxed()
    }
}

/// One operation from its admission to its end, however it ends.
struct Measured {
    telemetry: Telemetry,
    label: Arc<str>,
    kind: OperationType,
    begun: Instant,
    results: u64,
    worst: End,
    has_ended: bool,
    /// Where the operation has a span or a line of its own.
    own: Option<Own>,
}

struct Own {
    operation: Operation,
    request_id: Arc<str>,
    span: Option<Context>,
}

impl Measured {
    fn begin(telemetry: &Telemetry, admitted: &mut Admitted) -> Self {
        let kind = admitted.kind;
        let label = telemetry.metrics.label(name(&mut admitted.request));
        if kind == OperationType::Subscription {
            telemetry.metrics.subscribed();
        }
        let telemetry = telemetry.clone();
        Self { telemetry, label, kind, begun: Instant::now(), results: 0, worst: End::Ok, has_ended: false, own: None }
    }

    /// An operation on a stream outlives the request that it came with, so it is told by itself.
    fn on_stream(&mut self, admitted: &mut Admitted) {
        if !self.telemetry.is_read() {
            return;
        }
        let operation = named(admitted);
        let request_id = Arc::clone(&admitted.caller.request_id);
        let traces = self.telemetry.traces.as_ref();
        let span = traces.map(|traces| traces.operation(&operation, &trail::context(), &request_id));
        self.own = Some(Own { operation, request_id, span });
    }

    fn result(&mut self, response: &Response) {
        self.results += 1;
        self.worst = self.worst.or(end_of(response));
        if self.kind == OperationType::Subscription {
            self.telemetry.metrics.event(&self.label, word(self.kind));
        } else if response.data == Value::Null && response.errors.iter().any(is_of_library) {
            trail::refused(INVALID_DOCUMENT);
        }
    }

    fn ended(&mut self) {
        self.has_ended = true;
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        let metrics = &self.telemetry.metrics;
        let time = self.begun.elapsed();
        let mut end = self.worst;
        if self.kind == OperationType::Subscription {
            // Its usual end is that nobody listens any more.
            metrics.unsubscribed();
        } else {
            metrics.took(&self.label, word(self.kind), time);
            if !self.has_ended && self.results == 0 {
                end = End::Cancelled;
            }
        }
        metrics.operation(&self.label, word(self.kind), end);
        let Some(own) = &self.own else { return };
        if let Some(span) = &own.span {
            if end == End::ServerError {
                span.span().set_status(Status::error(end.word()));
            }
            span.span().set_attribute(opentelemetry::KeyValue::new("labpact.outcome", end.word()));
            span.span().set_attribute(opentelemetry::KeyValue::new("labpact.results", traces::count(self.results)));
            span.span().end();
        }
        if self.telemetry.requests {
            let Operation { name, kind, agency, caller } = &own.operation;
            tracing::info!(
                request_id = %own.request_id,
                operation = name.as_deref(),
                kind,
                agency = agency.as_deref(),
                caller,
                outcome = end.word(),
                results = self.results,
                milliseconds = traces::count(time.as_millis()),
                "operation on a stream"
            );
        }
    }
}

fn named(admitted: &mut Admitted) -> Operation {
    let kind = word(admitted.kind);
    Operation::new(name(&mut admitted.request), kind, &admitted.caller.actor)
}

/// The name of the operation that will run. The document was parsed when it was admitted.
fn name(request: &mut Request) -> Option<&str> {
    if request.operation_name.is_some() {
        return request.operation_name.as_deref();
    }
    match &request.parsed_query().ok()?.operations {
        DocumentOperations::Multiple(operations) => operations.keys().next().map(|name| name.as_str()),
        DocumentOperations::Single(_) => None,
    }
}

fn word(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

fn code(error: &async_graphql::ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

fn is_of_library(error: &async_graphql::ServerError) -> bool {
    error.path.is_empty() && code(error) == Some(INVALID_DOCUMENT)
}

fn end_of(response: &Response) -> End {
    let ends = response.errors.iter().map(|error| match code(error) {
        Some("INTERNAL" | "UNAVAILABLE") => End::ServerError,
        _ => End::CallerError,
    });
    ends.fold(End::Ok, End::or)
}
