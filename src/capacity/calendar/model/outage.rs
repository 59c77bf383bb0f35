//! When equipment cannot be used.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use entity::{
    equipment_outage::Model,
    ids::{EquipmentId, LabId, OutageId},
};

use crate::{
    directory::{institution::model::Blank, text},
    platform::{
        clock::shanghai_instant,
        fault::{Outcome, Problems},
    },
};

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

/// An outage as it is reported: once from an instant on, or again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOutage {
    /// The item.
    pub equipment: EquipmentId,
    /// When it began or begins; none where it comes again.
    pub from: Option<DateTime<Utc>>,
    /// When it ends; none while nobody knows.
    pub to: Option<DateTime<Utc>>,
    /// When it comes again.
    pub recurrence: Option<Recurrence>,
    /// Why.
    pub reason: String,
}

/// A time on a weekday that comes again every few weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// Every how many weeks, 1 to 52.
    pub every_weeks: i32,
    /// 1 is Monday, 7 Sunday.
    pub weekday: i32,
    /// Minute of the day at which it begins.
    pub from: u32,
    /// Minute of the day at which it ends.
    pub to: u32,
    /// The first day on which it may be.
    pub first: NaiveDate,
    /// The last one; none where it goes on.
    pub last: Option<NaiveDate>,
}

impl NewOutage {
    /// The row, in good form; its site is filled in by whoever knows the item.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn entered(self, blank: Blank<OutageId>, lab_id: LabId) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let reason = text::required(p, "input.reason", &self.reason, text::REASON);
        let (mut starts_at, mut ends_at) = (self.from.unwrap_or(blank.at), self.to);
        if self.from.is_some() == self.recurrence.is_some() {
            p.add("input", "ONE_OF", "Say from when on, or how it comes again; not both.");
        }
        if ends_at.is_some_and(|end| end <= starts_at) {
            p.add("input.to", "DATES_REVERSED", "It ends after it begins.");
        }
        if let Some(again) = &self.recurrence {
            again.check(p);
            let weekday = u32::try_from(again.weekday - 1).unwrap_or(0);
            let ahead = (weekday + 7 - again.first.weekday().num_days_from_monday()) % 7;
            starts_at = shanghai_instant(again.first + Days::new(u64::from(ahead)), again.from);
            ends_at = again.last.map(|last| shanghai_instant(last, 24 * 60));
            if ends_at.is_some_and(|end| end <= starts_at) {
                p.add("input.recurrence.last", "DATES_REVERSED", "It would never come.");
            }
        }
        problems.finish()?;
        Ok(Model {
            id: blank.id,
            agency: blank.agency,
            equipment_id: self.equipment,
            lab_id,
            starts_at,
            ends_at,
            every_weeks: self.recurrence.map(|again| again.every_weeks),
            minutes: self.recurrence.and_then(|again| i32::try_from(again.to.saturating_sub(again.from)).ok()),
            reason,
            version: 1,
            created_at: blank.at,
            updated_at: blank.at,
        })
    }
}

impl Recurrence {
    fn check(&self, p: &mut Problems) {
        if !(1..=52).contains(&self.every_weeks) {
            p.add("input.recurrence.everyWeeks", "OUT_OF_RANGE", "Say every how many weeks, 1 to 52.");
        }
        if !(1..=7).contains(&self.weekday) {
            p.add("input.recurrence.weekday", "OUT_OF_RANGE", "1 is Monday, 7 is Sunday.");
        }
        if self.to <= self.from {
            p.add("input.recurrence.to", "DATES_REVERSED", "It ends after it begins, on the same day.");
        }
    }
}
