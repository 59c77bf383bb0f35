//! Section `[watch]`.

use chrono::TimeDelta;
use serde::Deserialize;

use crate::{
    directory::reminder::model::{Before, Settings},
    search::watch::model::Limits,
};

/// What is told although nobody did anything.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WatchConfig {
    /// How often it is looked, in seconds; 0 where other nodes do it.
    pub seconds: u64,
    /// How many hours before its end an open offer is told; 0 for never.
    pub offer_hours: u32,
    /// How many days before a calibration falls due that is told, each; none for never.
    pub calibration_days: Vec<u16>,
    /// How many days before a certificate ends that is told, each; none for never.
    pub certificate_days: Vec<u16>,
    /// A saved search is asked again at most once in so many minutes.
    pub search_minutes: u32,
    /// A saved search that finds more is not watched.
    pub search_matches: usize,
}

impl Default for WatchConfig {
    fn default() -> Self {
        Self {
            seconds: 60,
            offer_hours: 24,
            calibration_days: vec![30, 7, 0],
            certificate_days: vec![90, 30, 7, 0],
            search_minutes: 15,
            search_matches: 2_000,
        }
    }
}

impl WatchConfig {
    /// What is told of the register's dates.
    pub fn dates(&self) -> Settings {
        Settings { calibration: Before::new(&self.calibration_days), certificate: Before::new(&self.certificate_days) }
    }

    /// How long before its end an offer is told.
    pub fn offer_ahead(&self) -> TimeDelta {
        TimeDelta::hours(i64::from(self.offer_hours))
    }

    /// How much work a saved search may make.
    pub fn search_limits(&self) -> Limits {
        Limits { between: TimeDelta::minutes(i64::from(self.search_minutes)), most: self.search_matches }
    }
}
