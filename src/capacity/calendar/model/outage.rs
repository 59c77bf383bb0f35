//! When equipment cannot be used.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::equipment_outage::Model;

/// The end of an outage of which nobody knows the end.
pub const FAR: DateTime<Utc> =
    NaiveDate::from_ymd_opt(9999, 12, 31).expect("a valid date").and_hms_opt(0, 0, 0).expect("a valid time").and_utc();

/// The spans `[from, to)` of an outage that overlap `[from, to)`, in order. One that comes again begins for the last time
/// before its end, and is cut off there.
pub fn spans(row: &Model, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let end = row.ends_at.unwrap_or(FAR);
    let overlaps = |span: &(DateTime<Utc>, DateTime<Utc>)| span.0 < to && from < span.1 && span.0 < span.1;
    let (Some(weeks), Some(minutes)) = (row.every_weeks, row.minutes) else {
        return vec![(row.starts_at, end)].into_iter().filter(overlaps).collect();
    };
    let (every, takes) = (TimeDelta::weeks(i64::from(weeks.max(1))), TimeDelta::minutes(i64::from(minutes)));
    // The first that can still be under way at `from`.
    let passed = (from - takes - row.starts_at).num_minutes().max(0) / every.num_minutes();
    let begin = row.starts_at + TimeDelta::minutes(every.num_minutes() * passed);
    let turns = std::iter::successors(Some(begin), |at| at.checked_add_signed(every));
    let turns = turns.take_while(|at| *at < to && *at < end);
    turns.map(|at| (at, (at + takes).min(end))).filter(overlaps).collect()
}
