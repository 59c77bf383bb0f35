//! Section `[server.connections]`.

use serde::Deserialize;

/// How many connections there may be, and how slow a peer may be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConnectionLimits {
    /// Most connections that this node holds open; more wait to be accepted.
    pub most: usize,
    /// Most connections from one address; more are closed at once. Trusted proxies are not counted.
    pub per_address: u32,
    /// Longest time for a TLS handshake, and for a request's header, in seconds.
    pub header_seconds: u64,
    /// Longest time for a request's body, in seconds.
    pub body_seconds: u64,
    /// Longest time between two requests, in seconds.
    pub idle_seconds: u64,
    /// Longest time for taking a piece of an answer, in seconds.
    pub send_seconds: u64,
    /// Longest request header, in bytes; at least 8,192.
    pub header_bytes: u32,
    /// Most header fields of a request.
    pub headers: usize,
    /// HTTP/2: most requests at once on one connection.
    pub streams: u32,
    /// HTTP/2: most requests that a peer may have taken back before they were begun.
    pub resets: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            most: 4_096,
            per_address: 512,
            header_seconds: 10,
            body_seconds: 30,
            idle_seconds: 75,
            send_seconds: 30,
            header_bytes: 32_768,
            headers: 100,
            streams: 100,
            resets: 20,
        }
    }
}
