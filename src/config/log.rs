//! Section `[log]`.

use serde::Deserialize;

/// What the log looks like. It goes to standard error.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// One JSON object a line, or text for people.
    pub format: LogFormat,
    /// What is logged, as `info` or `labpact=debug,warn`.
    pub filter: String,
    /// Whether every request gets a line, and every operation on a WebSocket or an event stream: who, what, how it ended
    /// and how long it took. Never its variables, never a token.
    pub requests: bool,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Pretty,
    /// For machines.
    Json,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Pretty, filter: "info".to_owned(), requests: false }
    }
}
