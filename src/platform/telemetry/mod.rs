//! What a node tells its operator: figures ([`metrics`]), traces ([`traces`]), and the line of each request
//! ([`trail`]). Everything belongs to one instance; nothing is global to the process.

pub mod metrics;
pub mod names;
pub mod reading;
pub mod traces;
pub mod trail;

use std::sync::Arc;

use self::{metrics::Metrics, traces::Traces};

/// What one instance measures and tells. Cheap to clone.
#[derive(Clone)]
pub struct Telemetry {
    /// Its figures.
    pub metrics: Arc<Metrics>,
    /// Where spans go; `None` where no collector is configured.
    pub traces: Option<Traces>,
    /// Whether every request and every operation on a stream gets a line in the log.
    pub requests: bool,
}

impl Telemetry {
    /// Whether anybody reads the names of single requests.
    pub fn is_read(&self) -> bool {
        self.requests || self.traces.is_some()
    }
}
