//! Section `[metrics]`.

use std::net::SocketAddr;

use serde::Deserialize;

/// Where the node tells its figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsConfig {
    /// Address and port of a listener of their own, without TLS and without tokens: for the operator's network alone.
    /// `/metrics`, `/livez` and `/readyz` are served there. Figures are served nowhere without.
    pub listen: Option<SocketAddr>,
}
