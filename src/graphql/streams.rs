//! How long-lived operations are bounded: subscriptions over WebSockets and event streams.

use std::time::Duration;

use serde::Deserialize;

/// Section `[graphql.streams]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StreamLimits {
    /// Most WebSockets and event streams that this node holds open, together.
    pub most: u32,
    /// Most operations that run at once on one WebSocket.
    pub operations_per_socket: usize,
    /// Longest message that a WebSocket takes, in bytes.
    pub message_bytes: usize,
    /// How long a WebSocket may wait before it says `connection_init`, in milliseconds.
    pub init_milliseconds: u64,
    /// How often a WebSocket is pinged and a quiet event stream gets a comment, in milliseconds.
    pub ping_milliseconds: u64,
    /// How long a pinged peer may stay silent, in milliseconds.
    pub pong_milliseconds: u64,
    /// How often a token is looked at again for its end and for revocation, in milliseconds. It is also looked at
    /// before each delivery.
    pub check_milliseconds: u64,
    /// How long a peer may take to accept one message, in milliseconds.
    pub send_milliseconds: u64,
}

impl Default for StreamLimits {
    fn default() -> Self {
        Self {
            most: 2_000,
            operations_per_socket: 50,
            message_bytes: 256 << 10,
            init_milliseconds: 5_000,
            ping_milliseconds: 20_000,
            pong_milliseconds: 10_000,
            check_milliseconds: 5_000,
            send_milliseconds: 10_000,
        }
    }
}

impl StreamLimits {
    /// The span of a key in milliseconds; at least one, so that no timer spins.
    pub fn span(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds.max(1))
    }
}
