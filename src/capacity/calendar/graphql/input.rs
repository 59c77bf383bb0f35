//! Calendars, closures and outages as callers send them.

use async_graphql::{ID, InputObject};
use entity::enums;

use super::CapacityPeriod;
use crate::{
    capacity::calendar::model::{Hours, NewCalendar, NewClosure, NewOutage, Recurrence},
    graphql::scalars::{Date, Instant, parse_id, parse_optional_id},
    platform::fault::{Outcome, Problems},
};

/// Opening hours on one weekday.
#[derive(Clone, Debug, InputObject)]
pub struct OpeningHoursInput {
    /// 1 is Monday, 7 is Sunday.
    pub weekday: i32,
    /// From when on, in Asia/Shanghai, as `08:00`.
    pub from: String,
    /// Until when; the day ends at `24:00`.
    pub to: String,
}

/// The rules of an offering, in place of all that it had. By the day give `unitsByWeekday`, by the week `unitsPerWeek`; for
/// EQUIPMENT_TIME give `hours` and no units.
#[derive(Clone, Debug, InputObject)]
pub struct CapacityCalendarInput {
    /// What units are counted by; DAY where not given.
    pub period: Option<CapacityPeriod>,
    /// Units on each weekday, seven numbers from Monday on.
    pub units_by_weekday: Option<Vec<i32>>,
    /// Units of a week with five working days; one with fewer gives less in proportion.
    pub units_per_week: Option<i32>,
    /// Whether listed holidays are closed.
    #[graphql(default = true)]
    pub holidays_closed: bool,
    /// Whether listed make-up days (调休上班) are open.
    #[graphql(default = true)]
    pub makeup_days_open: bool,
    /// How much of each day or week is open to other agencies, in percent.
    #[graphql(default = 100)]
    pub open_percent: i32,
    /// Opening hours of the equipment, at most 70.
    pub hours: Option<Vec<OpeningHoursInput>>,
    /// Shortest block at the equipment, in minutes.
    pub block_min: Option<i32>,
    /// Longest block, in minutes.
    pub block_max: Option<i32>,
    /// Blocks begin and end on multiples of so many minutes of the day.
    pub block_step: Option<i32>,
    /// Minutes that stay free behind each block; none where not given.
    pub gap: Option<i32>,
    /// How many days ahead blocks can be had; without limit where not given.
    pub horizon_days: Option<i32>,
}

impl CapacityCalendarInput {
    pub(super) fn read(self) -> Outcome<NewCalendar> {
        let mut problems = Problems::default();
        let mut hours = Vec::new();
        for (at, given) in self.hours.unwrap_or_default().into_iter().enumerate() {
            let mut minute = |name: &str, text: &str| minute(&mut problems, &format!("input.hours[{at}].{name}"), text);
            let (from, to) = (minute("from", &given.from), minute("to", &given.to));
            hours.push(Hours { weekday: u32::try_from(given.weekday).unwrap_or(0), from, to });
        }
        problems.finish()?;
        Ok(NewCalendar {
            period: self.period.map_or(enums::CapacityPeriod::Day, Into::into),
            weekday_units: self.units_by_weekday,
            week_units: self.units_per_week,
            holidays_closed: self.holidays_closed,
            makeup_open: self.makeup_days_open,
            open_percent: self.open_percent,
            hours,
            block_min: self.block_min,
            block_max: self.block_max,
            block_step: self.block_step,
            gap: self.gap,
            horizon_days: self.horizon_days,
        })
    }
}

/// Days on which an offering, or all that a lab offers, is to be closed.
#[derive(Clone, Debug, InputObject)]
pub struct ClosurePlanInput {
    /// Id of an offering; or give a lab.
    pub offering: Option<ID>,
    /// Id of a lab, all of whose offerings are closed.
    pub lab: Option<ID>,
    /// First day.
    pub from: Date,
    /// Last day, inclusive.
    pub to: Date,
    /// Why; 1 to 500 characters. Whoever sees the offering sees it.
    pub reason: String,
}

impl ClosurePlanInput {
    pub(super) fn read(self) -> Outcome<NewClosure> {
        Ok(NewClosure {
            offering: parse_optional_id(self.offering.as_ref(), "input.offering")?,
            lab: parse_optional_id(self.lab.as_ref(), "input.lab")?,
            first: self.from.0,
            last: self.to.0,
            reason: self.reason,
        })
    }
}

/// A time on a weekday that comes again every few weeks.
#[derive(Clone, Debug, InputObject)]
pub struct RecurrenceInput {
    /// Every how many weeks, 1 to 52.
    #[graphql(default = 1)]
    pub every_weeks: i32,
    /// 1 is Monday, 7 is Sunday.
    pub weekday: i32,
    /// From when on, in Asia/Shanghai, as `08:00`.
    pub from: String,
    /// Until when, on the same day; the day ends at `24:00`.
    pub to: String,
    /// The first day on which it may be.
    pub first: Date,
    /// The last one; without end where not given.
    pub last: Option<Date>,
}

/// A time in which an item of equipment cannot be used: once, `from` an instant on, or again and again by `recurrence`.
#[derive(Clone, Debug, InputObject)]
pub struct OutageReportInput {
    /// Id of the item.
    pub equipment: ID,
    /// When it began or begins.
    pub from: Option<Instant>,
    /// When it ends; not given while nobody knows.
    pub to: Option<Instant>,
    /// When it comes again.
    pub recurrence: Option<RecurrenceInput>,
    /// Why; 1 to 500 characters.
    pub reason: String,
}

impl OutageReportInput {
    pub(super) fn read(self) -> Outcome<NewOutage> {
        let mut problems = Problems::default();
        let recurrence = self.recurrence.map(|again| Recurrence {
            every_weeks: again.every_weeks,
            weekday: again.weekday,
            from: minute(&mut problems, "input.recurrence.from", &again.from),
            to: minute(&mut problems, "input.recurrence.to", &again.to),
            first: again.first.0,
            last: again.last.map(|last| last.0),
        });
        problems.finish()?;
        Ok(NewOutage {
            equipment: parse_id(&self.equipment, "input.equipment")?,
            from: self.from.map(|at| at.0),
            to: self.to.map(|at| at.0),
            recurrence,
            reason: self.reason,
        })
    }
}

/// A minute of the day from `HH:MM`, up to `24:00`.
fn minute(problems: &mut Problems, path: &str, text: &str) -> u32 {
    let formed = text.len() == 5
        && text.bytes().enumerate().all(|(at, byte)| (at == 2) == (byte == b':') && (at == 2 || byte.is_ascii_digit()));
    let read = formed.then(|| text.split_once(':')).flatten().and_then(|(hour, minute)| {
        let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
    });
    read.unwrap_or_else(|| {
        problems.add(path, "TIME_FORM", "Write a time of the day as HH:MM, from 00:00 to 24:00.");
        0
    })
}
