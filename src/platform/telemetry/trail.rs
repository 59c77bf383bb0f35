//! What becomes known of a request while it is served, for its line in the log and its span.
//!
//! The trail goes along with the task: whoever learns something notes it here, and the edge reads it at the end. Work
//! without a trail, as that of the command line, notes nothing.

use std::sync::{Arc, OnceLock};

use opentelemetry::Context;

use super::{metrics::Metrics, names::LONGEST};
use crate::platform::access::{Actor, ActorKind};

tokio::task_local! {
    static TRAIL: Arc<Trail>;
}

/// What is known of the request under way.
pub struct Trail {
    metrics: Arc<Metrics>,
    /// Holds the span of the request; empty where there is none.
    context: Context,
    operation: OnceLock<Operation>,
    refusal: OnceLock<&'static str>,
}

/// An operation that was admitted, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name, cut where it is long; `None` where it has none.
    pub name: Option<String>,
    /// `query`, `mutation` or `subscription`.
    pub kind: &'static str,
    /// The agency that the caller acts for.
    pub agency: Option<String>,
    /// The kind of the caller: `anonymous`, `person`, `machine` or `system`.
    pub caller: &'static str,
}

impl Operation {
    /// An operation of that name and kind, for that caller. Names are ASCII by the grammar.
    pub fn new(name: Option<&str>, kind: &'static str, actor: &Actor) -> Self {
        let caller = match actor.kind {
            ActorKind::Anonymous => "anonymous",
            ActorKind::Person => "person",
            ActorKind::Machine => "machine",
            ActorKind::System => "system",
        };
        let name = name.map(|name| name.chars().take(LONGEST).collect());
        Self { name, kind, agency: actor.agency.as_ref().map(|agency| agency.as_str().to_owned()), caller }
    }
}

impl Trail {
    /// A trail with nothing on it, within the span that `context` holds.
    pub fn new(metrics: Arc<Metrics>, context: Context) -> Arc<Self> {
        Arc::new(Self { metrics, context, operation: OnceLock::new(), refusal: OnceLock::new() })
    }

    /// Does work on this trail.
    pub async fn along<T>(self: Arc<Self>, work: impl Future<Output = T>) -> T {
        TRAIL.scope(self, work).await
    }

    /// The first operation that was admitted.
    pub fn operation(&self) -> Option<&Operation> {
        self.operation.get()
    }

    /// The code with which the request was refused.
    pub fn refusal(&self) -> Option<&'static str> {
        self.refusal.get().copied()
    }

    /// What holds the span of the request.
    pub fn context(&self) -> &Context {
        &self.context
    }
}

/// Notes an operation that was admitted.
pub fn admitted(operation: &Operation) {
    let _ = TRAIL.try_with(|trail| trail.operation.set(operation.clone()));
}

/// Notes and counts a refusal. The code is one of ours, never a client's text.
pub fn refused(code: &'static str) {
    let _ = TRAIL.try_with(|trail| {
        trail.metrics.refused(code);
        trail.refusal.set(code)
    });
}

/// What holds the span of the request under way; empty where there is none.
pub fn context() -> Context {
    TRAIL.try_with(|trail| trail.context.clone()).unwrap_or_default()
}
