//! Calendars and closures as callers write them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    capacity_calendar, capacity_closure,
    enums::{CapacityPeriod, OfferingKind},
    ids::{ClosureId, LabId, OfferingId},
    offering,
};

use super::{hours::Hours, rules::stored};
use crate::{
    directory::{institution::model::Blank, text},
    platform::fault::{Outcome, Problems},
};

/// Most units of a day or week.
const MOST_UNITS: i32 = 100_000;
/// Minutes of a day.
const DAY: i32 = 24 * 60;
/// Longest block, in minutes.
const LONGEST: i32 = 31 * DAY;
/// Farthest horizon, in days.
const FARTHEST: i32 = 1_830;
/// Most opening hours of one calendar.
const MOST_HOURS: usize = 70;
/// Longest closure, in days.
const LONGEST_CLOSURE: i64 = 1_830;

/// The rules of an offering, in place of all that it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCalendar {
    /// What units are counted by.
    pub period: CapacityPeriod,
    /// Units on each weekday, from Monday on.
    pub weekday_units: Option<Vec<i32>>,
    /// Units of a week.
    pub week_units: Option<i32>,
    /// Whether listed holidays are closed.
    pub holidays_closed: bool,
    /// Whether listed make-up days are open.
    pub makeup_open: bool,
    /// Share open to partners, in percent.
    pub open_percent: i32,
    /// Opening hours of equipment.
    pub hours: Vec<Hours>,
    /// Shortest block, in minutes.
    pub block_min: Option<i32>,
    /// Longest block.
    pub block_max: Option<i32>,
    /// Step of beginnings and ends.
    pub block_step: Option<i32>,
    /// Minutes that stay free behind a block.
    pub gap: Option<i32>,
    /// How many days ahead.
    pub horizon_days: Option<i32>,
}

/// Days on which an offering, or all that a lab offers, is to be closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClosure {
    /// The offering.
    pub offering: Option<OfferingId>,
    /// The lab.
    pub lab: Option<LabId>,
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// Why.
    pub reason: String,
}

impl NewCalendar {
    /// The row, in good form for the kind of the offering.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn entered(self, offering: &offering::Model, at: DateTime<Utc>) -> Outcome<capacity_calendar::Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let by_time = offering.kind == OfferingKind::EquipmentTime;
        let units = if by_time { self.no_units(p) } else { self.units(p) };
        if by_time {
            self.time(p)
        } else {
            self.no_time(p)
        }
        within(p, "input.openPercent", Some(self.open_percent), 0, 100);
        problems.finish()?;
        let mut hours = self.hours;
        hours.sort_unstable();
        Ok(capacity_calendar::Model {
            offering_id: offering.id,
            agency: offering.agency.clone(),
            period: self.period,
            weekday_units: stored(units.0),
            week_units: units.1,
            holidays_closed: self.holidays_closed,
            makeup_open: self.makeup_open,
            open_percent: self.open_percent,
            hours: serde_json::to_value(hours).unwrap_or_default(),
            block_min: self.block_min,
            block_max: self.block_max,
            block_step: self.block_step,
            gap: self.gap.unwrap_or(0),
            horizon_days: self.horizon_days,
            version: 1,
            created_at: at,
            updated_at: at,
        })
    }

    fn units(&self, p: &mut Problems) -> ([i32; 7], i32) {
        let mut days = [0; 7];
        match (self.period, &self.weekday_units, self.week_units) {
            (CapacityPeriod::Day, Some(given), None) => match <[i32; 7]>::try_from(given.as_slice()) {
                Ok(given) => days = given,
                Err(_) => p.add("input.unitsByWeekday", "SEVEN_DAYS", "Give seven numbers, from Monday on."),
            },
            (CapacityPeriod::Week, None, Some(units)) => {
                within(p, "input.unitsPerWeek", Some(units), 0, MOST_UNITS);
                return (days, units);
            }
            (CapacityPeriod::Day, _, _) => {
                p.add("input.unitsByWeekday", "PERIOD_UNITS", "By the day: give unitsByWeekday, and no unitsPerWeek.");
            }
            (CapacityPeriod::Week, _, _) => {
                p.add("input.unitsPerWeek", "PERIOD_UNITS", "By the week: give unitsPerWeek, and no unitsByWeekday.");
            }
        }
        for (at, units) in days.iter().enumerate() {
            within(p, &format!("input.unitsByWeekday[{at}]"), Some(*units), 0, MOST_UNITS);
        }
        (days, 0)
    }

    fn no_units(&self, p: &mut Problems) -> ([i32; 7], i32) {
        if self.weekday_units.is_some() || self.week_units.is_some() || self.period != CapacityPeriod::Day {
            p.add(
                "input.unitsByWeekday",
                "CALENDAR_OF_OTHER_KIND",
                "Time at equipment is given by hours; give no units.",
            );
        }
        ([0; 7], 0)
    }

    fn no_time(&self, p: &mut Problems) {
        let bounds = [self.block_min, self.block_max, self.block_step, self.gap, self.horizon_days];
        if !self.hours.is_empty() || bounds.iter().any(Option::is_some) {
            let message = "Hours and blocks belong to time at equipment; give units.";
            p.add("input.hours", "CALENDAR_OF_OTHER_KIND", message);
        }
    }

    fn time(&self, p: &mut Problems) {
        if self.hours.is_empty() || self.hours.len() > MOST_HOURS {
            p.add("input.hours", "HOURS_REQUIRED", format!("Give 1 to {MOST_HOURS} opening hours."));
        }
        for (at, hours) in self.hours.iter().enumerate() {
            let path = format!("input.hours[{at}]");
            if !(1..=7).contains(&hours.weekday) {
                p.add(format!("{path}.weekday"), "OUT_OF_RANGE", "1 is Monday, 7 is Sunday.");
            }
            if hours.to <= hours.from {
                p.add(format!("{path}.to"), "DATES_REVERSED", "It closes after it opens; the day ends at 24:00.");
            }
            let overlaps =
                |other: &Hours| other.weekday == hours.weekday && other.from < hours.to && hours.from < other.to;
            if self.hours[..at].iter().any(overlaps) {
                p.add(path, "HOURS_OVERLAP", "Give each time of a weekday once.");
            }
        }
        within(p, "input.blockMin", self.block_min, 1, LONGEST);
        within(p, "input.blockMax", self.block_max, 1, LONGEST);
        within(p, "input.blockStep", self.block_step, 1, DAY);
        within(p, "input.gap", self.gap, 0, DAY);
        within(p, "input.horizonDays", self.horizon_days, 1, FARTHEST);
        if let (Some(least), Some(most)) = (self.block_min, self.block_max)
            && most < least
        {
            p.add("input.blockMax", "LENGTHS_REVERSED", format!("Choose {least} or more."));
        }
    }
}

impl NewClosure {
    /// The row, in good form.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn entered(self, blank: Blank<ClosureId>) -> Outcome<capacity_closure::Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let reason = text::required(p, "input.reason", &self.reason, text::REASON);
        text::ordered(p, "input.to", Some(self.first), Some(self.last));
        if self.last.signed_duration_since(self.first).num_days() > LONGEST_CLOSURE {
            p.add(
                "input.to",
                "TOO_LONG",
                format!("Close for at most {LONGEST_CLOSURE} days; archive what ends for good."),
            );
        }
        problems.finish()?;
        Ok(capacity_closure::Model {
            id: blank.id,
            agency: blank.agency,
            offering_id: self.offering,
            lab_id: self.lab,
            first_day: self.first,
            last_day: self.last,
            reason,
            cancelled_at: None,
            version: 1,
            created_at: blank.at,
            updated_at: blank.at,
        })
    }
}

/// Units of an exception, in their bounds.
pub fn exception_units(p: &mut Problems, units: i32) {
    within(p, "units", Some(units), 0, MOST_UNITS);
}

fn within(p: &mut Problems, path: &str, value: Option<i32>, least: i32, most: i32) {
    if value.is_some_and(|value| !(least..=most).contains(&value)) {
        p.add(path, "OUT_OF_RANGE", format!("Give {least} to {most}."));
    }
}
