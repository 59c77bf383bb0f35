//! Section `[metrics]`.

use std::net::SocketAddr;

use serde::Deserialize;

/// Where the node tells its figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsConfig {
    /// Address and port of a listener of their own, without TLS and without tokens: for the operator's network alone.
    /// `/metrics`, `/livez` and `/readyz` are served there.
    pub listen: Option<SocketAddr>,
    /// Whether `/metrics` is served at the server's own address too, to whoever reaches it.
    pub on_server: bool,
}
