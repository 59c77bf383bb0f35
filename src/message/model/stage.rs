//! When a deadline is announced, and when it is told that it has passed.

use chrono::{DateTime, TimeDelta, Utc};

use crate::platform::{
    clock::{shanghai_date, shanghai_instant},
    workday::Calendar,
};

/// One of the times at which a deadline is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Working days before.
    Days,
    /// Hours before.
    Hours,
    /// After.
    Over,
}

impl Stage {
    /// As a word, to tell them apart.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Over => "over",
        }
    }

    /// The words of its message.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Days | Self::Hours => "deadline.near",
            Self::Over => "deadline.over",
        }
    }
}

/// How long before and after a deadline it is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Working days before; none where 0.
    pub workdays: u16,
    /// The hour of that day, in Asia/Shanghai.
    pub hour: u16,
    /// Hours before; none where 0.
    pub hours: u16,
    /// Minutes after.
    pub over_minutes: u32,
}

/// How far back a deadline that passed is still spoken of.
pub const BACK: TimeDelta = TimeDelta::days(14);

impl Notice {
    /// The span in which deadlines lie that may have to be spoken of now.
    pub fn span(&self, calendar: &Calendar, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        // The end of a date belongs to the next one.
        let far = calendar.add_workdays(shanghai_date(now), i32::from(self.workdays)).date;
        let days = shanghai_instant(far, 24 * 60);
        let hours = now + TimeDelta::hours(i64::from(self.hours));
        (now - BACK, days.max(hours))
    }

    /// What is to be said now of a deadline that holds since an instant. What was set when a stage had already begun is not
    /// announced by that stage: whoever set it told it.
    pub fn stages(
        &self,
        calendar: &Calendar,
        (since, due): (DateTime<Utc>, DateTime<Utc>),
        now: DateTime<Utc>,
    ) -> Vec<Stage> {
        if due <= now {
            let over = due + TimeDelta::minutes(i64::from(self.over_minutes)) <= now;
            return if over && now - due <= BACK { vec![Stage::Over] } else { Vec::new() };
        }
        let date = shanghai_date(due - TimeDelta::seconds(1));
        let day = calendar.add_workdays(date, -i32::from(self.workdays)).date;
        let days = shanghai_instant(day, u32::from(self.hour) * 60);
        let hours = due - TimeDelta::hours(i64::from(self.hours));
        let stages = [(Stage::Days, self.workdays > 0, days), (Stage::Hours, self.hours > 0, hours)];
        let due_now = |(stage, is_on, from): (Stage, bool, DateTime<Utc>)| {
            (is_on && since < from && from <= now).then_some(stage)
        };
        // Of two that have come, only the later one is of use.
        stages.into_iter().filter_map(due_now).next_back().into_iter().collect()
    }
}
