//! Time at equipment: opening hours and the form of blocks.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::rules::Rules;
use crate::platform::clock::{shanghai_date, shanghai_instant, shanghai_minute};

/// Opening hours on one weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hours {
    /// 1 is Monday, 7 Sunday.
    pub weekday: u32,
    /// Minute of the day in Asia/Shanghai.
    pub from: u32,
    /// Minute of the day at which it closes, at most 1440.
    pub to: u32,
}

/// Why a block cannot be had, apart from other blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blocking {
    /// `TAKEN`: another block is there, or ends too shortly before.
    Taken,
    /// `OUTAGE`: the item cannot be used.
    Outage,
    /// `CLOSED`: not within opening hours.
    Closed,
    /// `PAST`: it begins before now.
    Past,
    /// `TOO_FAR`: beyond the horizon.
    TooFar,
    /// `TOO_SHORT`.
    TooShort,
    /// `TOO_LONG`.
    TooLong,
    /// `OFF_STEP`: does not begin and end on a step.
    OffStep,
}

impl Blocking {
    /// The spelling in facts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Taken => "TAKEN",
            Self::Outage => "OUTAGE",
            Self::Closed => "CLOSED",
            Self::Past => "PAST",
            Self::TooFar => "TOO_FAR",
            Self::TooShort => "TOO_SHORT",
            Self::TooLong => "TOO_LONG",
            Self::OffStep => "OFF_STEP",
        }
    }
}

/// The hours that a row keeps; what is not of their form is left out.
pub(super) fn hours_of(stored: &Value) -> Vec<Hours> {
    let mut hours: Vec<Hours> = serde_json::from_value(stored.clone()).unwrap_or_default();
    hours.sort_unstable();
    hours
}

impl Rules {
    /// The opening spans `[from, to)` that touch a stretch of days, those that meet at midnight made one.
    pub fn opening(&self, first: NaiveDate, last: NaiveDate) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let days = std::iter::successors(Some(first), |day| day.checked_add_days(Days::new(1)));
        let mut spans: Vec<(DateTime<Utc>, DateTime<Utc>)> = Vec::new();
        for day in days.take_while(|day| *day <= last) {
            for (from, to) in self.hours(day) {
                let (from, to) = (shanghai_instant(day, from), shanghai_instant(day, to));
                match spans.last_mut() {
                    Some(before) if before.1 >= from => before.1 = before.1.max(to),
                    _ => spans.push((from, to)),
                }
            }
        }
        spans
    }

    /// What is wrong with the form of a block at an instant: its length, its step, its distance, the hours.
    pub fn blocking(&self, from: DateTime<Utc>, to: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Blocking> {
        let row = self.row();
        let minutes = (to - from).num_minutes();
        let mut found = Vec::new();
        let mut note = |is: bool, what: Blocking| found.extend(is.then_some(what));
        note(row.block_min.is_some_and(|least| minutes < i64::from(least)), Blocking::TooShort);
        note(row.block_max.is_some_and(|most| minutes > i64::from(most)), Blocking::TooLong);
        let step = u32::try_from(row.block_step.unwrap_or(1)).unwrap_or(1).max(1);
        let on_step = |at: DateTime<Utc>| shanghai_minute(at).is_multiple_of(step) && at.second() == 0;
        note(!on_step(from) || !on_step(to), Blocking::OffStep);
        let (first, last) = (shanghai_date(from), shanghai_date(to - TimeDelta::seconds(1)));
        let farthest = row.horizon_days.and_then(|days| u64::try_from(days).ok());
        let farthest = farthest.map(|days| shanghai_date(now) + Days::new(days));
        note(farthest.is_some_and(|farthest| last > farthest), Blocking::TooFar);
        note(!self.opening(first, last).iter().any(|open| open.0 <= from && to <= open.1), Blocking::Closed);
        found
    }
}
