//! Section `[notify]`.

use serde::Deserialize;

/// How events are followed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotifyConfig {
    /// How often the feed is read, in milliseconds, whatever was heard: this node's own commits are followed at once, and
    /// on PostgreSQL nodes tell each other of theirs.
    pub poll_milliseconds: u64,
    /// How many events a subscriber may fall behind before it is cut off.
    pub buffer: usize,
    /// For how many days after they came events can be caught up on from an old position.
    pub resume_days: u32,
}

impl Default for NotifyConfig {
    fn default() -> Self {
        Self { poll_milliseconds: 1_000, buffer: 1_024, resume_days: 30 }
    }
}
