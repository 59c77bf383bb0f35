//! Section `[webhooks]`.

use std::{path::PathBuf, time::Duration};

use chrono::TimeDelta;
use ipnet::IpNet;
use serde::Deserialize;

use crate::{
    platform::fault::{Outcome, Problems},
    webhook::{
        Settings,
        model::{attempt::Schedule, guard::Guard},
    },
};

/// How webhooks are sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookConfig {
    /// Whether this node follows the feed for webhooks and sends them; false where other nodes do it.
    pub send: bool,
    /// The `source` of every message: the public URL of the instance, or a URN.
    pub source: String,
    /// Whether `http` is allowed besides `https`.
    pub allow_http: bool,
    /// Ports that are called; all where it is empty.
    pub ports: Vec<u16>,
    /// Networks that are called though they are private or otherwise not everybody's.
    pub allowed_networks: Vec<IpNet>,
    /// Certificates of authorities that are trusted besides those of the machine, a file in PEM.
    pub authorities: Option<PathBuf>,
    /// The longest that an attempt takes, in seconds.
    pub timeout_seconds: u64,
    /// Most bytes of an answer that are read; 512 of them are kept.
    pub answer_bytes: usize,
    /// Most attempts at once of this node at one endpoint.
    pub per_endpoint: usize,
    /// Most attempts at once of this node.
    pub at_once: usize,
    /// The waits between the attempts, in seconds.
    pub retry_seconds: Vec<u64>,
    /// By how many percent a wait is longer or shorter, by chance.
    pub jitter_percent: u32,
    /// The longest wait that an endpoint can ask for with `Retry-After`, in seconds.
    pub retry_after_most_seconds: u64,
    /// For how long an endpoint may fail before it is disabled, in hours.
    pub disable_after_hours: u64,
    /// For how long an old secret signs beside the new one, in hours.
    pub rotation_hours: u32,
    /// Most endpoints of an agency.
    pub most: u64,
    /// How often this node looks for what is due, in milliseconds.
    pub poll_milliseconds: u64,
    /// How long what was delivered is kept, in days.
    pub keep_delivered_days: u32,
    /// How long what was given up is kept, in days.
    pub keep_failed_days: u32,
    /// Longest span of time of a replay, in days.
    pub replay_days: u32,
    /// Most events of a replay.
    pub replay_events: u64,
}

impl Default for WebhookConfig {
    fn default() -> Self {
        Self {
            send: true,
            source: "urn:labpact".to_owned(),
            allow_http: false,
            ports: vec![443, 8443],
            allowed_networks: Vec::new(),
            authorities: None,
            timeout_seconds: 15,
            answer_bytes: 16_384,
            per_endpoint: 8,
            at_once: 64,
            retry_seconds: vec![5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
            jitter_percent: 20,
            retry_after_most_seconds: 86_400,
            disable_after_hours: 120,
            rotation_hours: 24,
            most: 20,
            poll_milliseconds: 1_000,
            keep_delivered_days: 30,
            keep_failed_days: 90,
            replay_days: 31,
            replay_events: 10_000,
        }
    }
}

impl WebhookConfig {
    /// The same, checked.
    ///
    /// # Errors
    /// `INVALID` with every value that cannot be worked with.
    pub fn settings(&self) -> Outcome<Settings> {
        let mut problems = Problems::default();
        let mut within = |key: &str, value: u64, most: u64| {
            if !(1..=most).contains(&value) {
                problems.add(format!("webhooks.{key}"), "OUT_OF_RANGE", format!("Give 1 to {most}."));
            }
        };
        within("timeout_seconds", self.timeout_seconds, 300);
        within("per_endpoint", self.per_endpoint as u64, 1_000);
        within("at_once", self.at_once as u64, 10_000);
        within("answer_bytes", self.answer_bytes as u64, 1 << 20);
        within("most", self.most, 1_000);
        within("replay_events", self.replay_events, 100_000);
        within("replay_days", self.replay_days.into(), 3_660);
        within("disable_after_hours", self.disable_after_hours, 24 * 365);
        if self.jitter_percent > 100 {
            problems.add("webhooks.jitter_percent", "OUT_OF_RANGE", "Give 0 to 100.");
        }
        if self.retry_seconds.len() > 100 || self.retry_seconds.iter().any(|wait| *wait > 30 * 86_400) {
            problems.add("webhooks.retry_seconds", "OUT_OF_RANGE", "Give at most 100 waits of at most 30 days.");
        }
        problems.finish()?;
        Ok(self.read())
    }

    fn read(&self) -> Settings {
        Settings {
            guard: Guard { http: self.allow_http, ports: self.ports.clone(), networks: self.allowed_networks.clone() },
            source: self.source.clone(),
            authorities: self.authorities.clone(),
            timeout: Duration::from_secs(self.timeout_seconds),
            answer_bytes: self.answer_bytes,
            per_endpoint: self.per_endpoint,
            at_once: self.at_once,
            schedule: Schedule {
                waits: self.retry_seconds.iter().copied().map(Duration::from_secs).collect(),
                jitter: self.jitter_percent,
                longest: Duration::from_secs(self.retry_after_most_seconds),
                patience: Duration::from_secs(self.disable_after_hours * 3_600),
            },
            rotation: TimeDelta::hours(self.rotation_hours.into()),
            most: self.most,
            poll: Duration::from_millis(self.poll_milliseconds),
            keep_delivered: TimeDelta::days(self.keep_delivered_days.into()),
            keep_failed: TimeDelta::days(self.keep_failed_days.into()),
            replay_span: TimeDelta::days(self.replay_days.into()),
            replay_events: self.replay_events,
        }
    }
}
