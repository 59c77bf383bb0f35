//! Which day before a date it is. Pure.

use chrono::{Days, NaiveDate};

/// How long after a date it is still told.
pub const LATE: Days = Days::new(7);

/// How many days before a date it is told, the fewest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before(Vec<u16>);

impl Before {
    /// These numbers of days, in any order.
    pub fn new(days: &[u16]) -> Self {
        let mut days = days.to_vec();
        days.sort_unstable();
        days.dedup();
        Self(days)
    }

    /// Whether nothing is told.
    pub fn is_never(&self) -> bool {
        self.0.is_empty()
    }

    /// Each number of days with the last date of which it speaks today, the nearest first.
    pub fn reach(&self, today: NaiveDate) -> Vec<(i32, NaiveDate)> {
        self.0.iter().map(|days| (i32::from(*days), today + Days::new(u64::from(*days)))).collect()
    }
}

/// What is told, and how long before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Of calibrations that fall due.
    pub calibration: Before,
    /// Of certificates that end.
    pub certificate: Before,
}
