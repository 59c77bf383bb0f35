//! Section `[desk]`.

use serde::Deserialize;

/// How the request desk keeps its clock.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeskConfig {
    /// How often what is due is moved, in seconds; 0 where other nodes do it.
    pub clock_seconds: u64,
}

impl Default for DeskConfig {
    fn default() -> Self {
        Self { clock_seconds: 15 }
    }
}
