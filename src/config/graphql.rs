//! Section `[graphql]`.

use serde::Deserialize;

use crate::graphql::{budget::BudgetLimits, limits::Limits, streams::StreamLimits};

/// How much an operation may ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GraphqlConfig {
    /// The limits, each decided before execution.
    pub limits: Limits,
    /// How much a client may ask for over time.
    pub budget: BudgetLimits,
    /// Subscriptions over WebSockets and event streams.
    pub streams: StreamLimits,
}
