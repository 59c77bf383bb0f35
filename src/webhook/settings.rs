//! How webhooks are sent here.

use std::{path::PathBuf, time::Duration};

use chrono::TimeDelta;

use super::model::{attempt::Schedule, guard::Guard};

/// How webhooks are sent here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which addresses are called.
    pub guard: Guard,
    /// The `source` of every message: the URL of the instance, or a URN.
    pub source: String,
    /// Certificates of authorities that are trusted besides those of the machine, a file in PEM.
    pub authorities: Option<PathBuf>,
    /// The longest that an attempt takes.
    pub timeout: Duration,
    /// Most bytes of an answer that are read.
    pub answer_bytes: usize,
    /// Most attempts at once of this node at one endpoint.
    pub per_endpoint: usize,
    /// Most attempts at once of this node.
    pub at_once: usize,
    /// How often and when what was not taken is sent again.
    pub schedule: Schedule,
    /// For how long an old secret signs beside the new one, where the caller does not say.
    pub rotation: TimeDelta,
    /// Most endpoints of an agency.
    pub most: u64,
    /// How often this node looks for what is due.
    pub poll: Duration,
    /// How long what was delivered is kept.
    pub keep_delivered: TimeDelta,
    /// How long what was given up is kept.
    pub keep_failed: TimeDelta,
    /// Longest span of time of a replay.
    pub replay_span: TimeDelta,
    /// Most events of a replay.
    pub replay_events: u64,
}

impl Settings {
    /// How long an attempt is left to the node that has begun it: much longer than it can take, so that none is begun
    /// twice while both nodes live.
    pub fn lease(&self) -> TimeDelta {
        TimeDelta::from_std(self.timeout * 2).unwrap_or(TimeDelta::minutes(10)) + TimeDelta::seconds(30)
    }
}
