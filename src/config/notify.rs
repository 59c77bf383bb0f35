//! Section `[notify]`.

use serde::Deserialize;

/// How events are followed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotifyConfig {
    /// How often the feed is read for what other nodes have appended, in milliseconds. This node's own commits are
    /// followed at once.
    pub poll_milliseconds: u64,
    /// How many events a subscriber may fall behind before it is cut off.
    pub buffer: usize,
}

impl Default for NotifyConfig {
    fn default() -> Self {
        Self { poll_milliseconds: 1_000, buffer: 1_024 }
    }
}
