//! Section `[server]`.

use std::net::SocketAddr;

use serde::Deserialize;

/// Where and how the server listens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// Whether the query page is served at `/`.
    pub query_page: bool,
    /// How long running requests may take to finish when the server stops, in seconds.
    pub drain_seconds: u64,
    /// How long one operation may take, in seconds.
    pub operation_seconds: u64,
    /// How long the feed may make no progress, in seconds, before `/readyz` answers 503.
    pub ready_lag_seconds: u64,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            query_page: false,
            drain_seconds: 20,
            operation_seconds: 30,
            ready_lag_seconds: 30,
        }
    }
}
