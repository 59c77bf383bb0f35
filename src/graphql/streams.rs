//! How long-lived operations are bounded: subscriptions over WebSockets and event streams.

use std::{future::pending, sync::Arc, time::Duration};

use serde::Deserialize;
use tokio::sync::watch;

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

/// How an event stream is resumed: after which position it was asked to go on, where it began, and up to which it has
/// come. In the request of an operation it is for the resolver of the subscription to read and to note.
#[derive(Clone, Debug, Default)]
pub struct Resume {
    after: Option<Arc<str>>,
    came: watch::Sender<Came>,
}

/// How far a stream has come.
#[derive(Clone, Debug, Default)]
struct Came {
    /// Where it began.
    from: Option<Arc<str>>,
    /// The position of the last result, whether or not it has gone out.
    to: Option<Arc<str>>,
}

impl Resume {
    /// Of a stream that goes on after a position.
    pub fn after_position(after: Option<&str>) -> Self {
        Self { after: after.filter(|text| !text.is_empty()).map(Arc::from), came: watch::Sender::default() }
    }

    /// After which position to go on.
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Notes where it begins: everything that comes is behind that.
    pub fn begins(&self, position: &str) {
        self.came.send_modify(|came| came.from = Some(position.into()));
    }

    /// Notes the position of the result that follows.
    pub fn delivers(&self, position: &str) {
        self.came.send_modify(|came| came.to = Some(position.into()));
    }

    /// Resolves when it is known where it began; never where nobody notes that.
    pub async fn begun(&self) -> Arc<str> {
        let mut came = self.came.subscribe();
        match came.wait_for(|came| came.from.is_some()).await.ok().and_then(|came| came.from.clone()) {
            Some(from) => from,
            None => pending().await,
        }
    }

    /// Where to go on behind the result that was given last.
    pub fn position(&self) -> Option<Arc<str>> {
        let came = self.came.borrow();
        came.to.clone().or_else(|| came.from.clone())
    }
}
