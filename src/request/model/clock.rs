//! When a step is due. Deadlines are calendar dates of Asia/Shanghai counted in working days; a step is overdue from the
//! first instant behind its deadline.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::platform::{clock::shanghai_date, workday::Calendar};

/// Hours by which Asia/Shanghai is ahead of UTC.
const EAST: i64 = 8;

/// An instant by which something must be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The first instant at which it is overdue.
    pub at: DateTime<Utc>,
    /// Whether a day was counted whose year's holidays are not known yet.
    pub provisional: bool,
}

/// The end of a date in Asia/Shanghai, which is the beginning of the next.
pub fn end_of(date: NaiveDate) -> DateTime<Utc> {
    instant(date.checked_add_days(Days::new(1)).unwrap_or(date), NaiveTime::MIN)
}

/// The deadline as people read it: the date, in Asia/Shanghai, on which the last instant before it lies.
pub fn date_of(due: DateTime<Utc>) -> NaiveDate {
    shanghai_date(due - TimeDelta::seconds(1))
}

/// So many halves of a working day after an instant. Whole days end with the day. A half that begins on the morning of a
/// working day ends with that day, any other at noon of the next working day.
pub fn after(calendar: &Calendar, from: DateTime<Utc>, halves: u16) -> Due {
    let (today, days) = (shanghai_date(from), i32::from(halves / 2));
    if halves.is_multiple_of(2) {
        let deadline = calendar.add_workdays(today, days);
        return Due { at: end_of(deadline.date), provisional: deadline.provisional };
    }
    let morning = from < instant(today, NOON) && calendar.is_workday(today);
    if morning {
        let deadline = calendar.add_workdays(today, days);
        return Due { at: end_of(deadline.date), provisional: deadline.provisional };
    }
    let deadline = calendar.add_workdays(today, days + 1);
    Due { at: instant(deadline.date, NOON), provisional: deadline.provisional }
}

/// A deadline that stood still from one instant to another: later by the working days between them.
pub fn resumed(calendar: &Calendar, due: DateTime<Utc>, paused: DateTime<Utc>, now: DateTime<Utc>) -> Due {
    let days = calendar.workdays_between(shanghai_date(paused), shanghai_date(now));
    let deadline = calendar.add_workdays(date_of(due), i32::try_from(days).unwrap_or(i32::MAX));
    Due { at: end_of(deadline.date).max(due), provisional: deadline.provisional }
}

/// Working days since an instant; 0 on the same day.
pub fn age(calendar: &Calendar, since: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    calendar.workdays_between(shanghai_date(since), shanghai_date(now))
}

const NOON: NaiveTime = NaiveTime::from_hms_opt(12, 0, 0).expect("noon is a time");

fn instant(date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    (date.and_time(time) - TimeDelta::hours(EAST)).and_utc()
}
