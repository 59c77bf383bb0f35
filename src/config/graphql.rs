//! Section `[graphql]`.

use std::path::PathBuf;

use serde::Deserialize;

use crate::graphql::{
    budget::BudgetLimits, documents::DocumentSettings, introspection::Introspection, limits::Limits,
    streams::StreamLimits,
};

/// How much an operation may ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GraphqlConfig {
    /// Who may introspect and read the published schema.
    pub introspection: Introspection,
    /// Folder of the manifests whose operations alone run; any operation without.
    pub trusted_documents: Option<PathBuf>,
    /// Documents that are known by their hash.
    pub documents: DocumentSettings,
    /// The limits, each decided before execution.
    pub limits: Limits,
    /// How much a client may ask for over time.
    pub budget: BudgetLimits,
    /// Subscriptions over WebSockets and event streams.
    pub streams: StreamLimits,
}
