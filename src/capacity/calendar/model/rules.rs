//! Units by day and week.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use entity::{capacity_calendar::Model, enums::CapacityPeriod};
use serde_json::Value;

use super::hours::{Hours, hours_of};
use crate::platform::workday::{Calendar, DayKind};

/// Working days of an ordinary week.
const WEEK: i64 = 5;

/// What is known of days beside the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Units in place of those of the rules.
    pub exceptions: BTreeMap<NaiveDate, i32>,
    /// Closures of the offering and of its lab.
    pub closures: Vec<Closed>,
    /// Holidays and make-up days entered over the shipped ones.
    pub days: BTreeMap<NaiveDate, DayKind>,
}

/// Days on which nothing is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// First day.
    pub first: NaiveDate,
    /// Last day, inclusive.
    pub last: NaiveDate,
    /// Why.
    pub reason: String,
}

impl Closed {
    /// Whether a day is among them.
    pub fn has(&self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }
}

/// Why nothing is given on a day or in a week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosedBy {
    /// The rules give nothing on this weekday.
    Weekday,
    /// A listed holiday.
    Holiday,
    /// An exception says so.
    Exception,
    /// A closure, with its reason.
    Closure(String),
}

/// What there is on a day or in a week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Units.
    pub total: i32,
    /// Units of them that are open to partners.
    pub open: i32,
    /// Why there are none.
    pub closed: Option<ClosedBy>,
}

/// The rules of one offering with what is listed for the days that are asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    row: Model,
    units: [i32; 7],
    hours: Vec<Hours>,
    listed: Listed,
}

/// The Monday of the week of a day.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

impl Rules {
    /// The rules of a row.
    pub fn new(row: Model, listed: Listed) -> Self {
        let mut units = [0; 7];
        for (unit, given) in units.iter_mut().zip(row.weekday_units.as_array().into_iter().flatten()) {
            *unit = given.as_i64().and_then(|given| i32::try_from(given).ok()).unwrap_or(0);
        }
        let hours = hours_of(&row.hours);
        Self { row, units, hours, listed }
    }

    /// The stored rules.
    pub fn row(&self) -> &Model {
        &self.row
    }

    /// By what units are counted.
    pub fn period(&self) -> CapacityPeriod {
        self.row.period
    }

    /// The day under which the units of `day` are counted: itself, or its Monday.
    pub fn bucket(&self, day: NaiveDate) -> NaiveDate {
        match self.row.period {
            CapacityPeriod::Day => day,
            CapacityPeriod::Week => monday(day),
        }
    }

    /// The day under which the next units are counted.
    pub fn next_bucket(&self, day: NaiveDate) -> NaiveDate {
        let days = match self.row.period {
            CapacityPeriod::Day => 1,
            CapacityPeriod::Week => 7,
        };
        self.bucket(day) + Days::new(days)
    }

    /// The days under which units are counted, from the one of `first` to the one of `last`.
    pub fn buckets(&self, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        let begin = self.bucket(first);
        let days = std::iter::successors(Some(begin), |day| Some(self.next_bucket(*day)));
        days.take_while(|day| first <= last && *day <= last).collect()
    }

    /// What there is on the day, or in the week, of `bucket`.
    pub fn quota(&self, bucket: NaiveDate) -> Quota {
        let found = match self.row.period {
            CapacityPeriod::Day => self.of_day(bucket),
            CapacityPeriod::Week => self.of_week(monday(bucket)),
        };
        let (total, closed) = match found {
            Ok(total) => (total, None),
            Err(closed) => (0, Some(closed)),
        };
        let open = i64::from(total) * i64::from(self.row.open_percent) / 100;
        Quota { total, open: i32::try_from(open).unwrap_or(total), closed }
    }

    fn of_day(&self, day: NaiveDate) -> Result<i32, ClosedBy> {
        self.not_closed(day)?;
        let units = match self.listed.exceptions.get(&day) {
            Some(0) => return Err(ClosedBy::Exception),
            Some(units) => return Ok(*units),
            None => match self.kind(day) {
                Some(DayKind::Holiday) if self.row.holidays_closed => return Err(ClosedBy::Holiday),
                Some(DayKind::Workday) if self.row.makeup_open => self.make_up(day),
                _ => self.on_weekday(day),
            },
        };
        if units > 0 { Ok(units) } else { Err(ClosedBy::Weekday) }
    }

    /// A make-up day gives what its weekday gives; where that is nothing, as much as the leanest working weekday: a
    /// notice does not say which weekday is made up for, and nothing is promised that is not there.
    fn make_up(&self, day: NaiveDate) -> i32 {
        let own = self.on_weekday(day);
        let working = self.units[..5].iter().copied().filter(|units| *units > 0);
        if own > 0 { own } else { working.min().unwrap_or(0) }
    }

    /// A week gives its units, less in proportion to the working days that it lacks.
    fn of_week(&self, monday: NaiveDate) -> Result<i32, ClosedBy> {
        let days = || (0..7).map(|at| monday + Days::new(at));
        let open = days().filter(|day| self.is_worked(*day)).count();
        if let Some(units) = self.listed.exceptions.get(&monday) {
            let closure = days().find_map(|day| self.not_closed(day).err()).filter(|_| open == 0);
            return match (closure, units) {
                (Some(closure), _) => Err(closure),
                (None, 0) => Err(ClosedBy::Exception),
                (None, units) => Ok(*units),
            };
        }
        let open = i64::try_from(open).unwrap_or(WEEK).min(WEEK);
        let units = i32::try_from(i64::from(self.row.week_units) * open / WEEK).unwrap_or(0);
        match units {
            0 if open == 0 => Err(days().find_map(|day| self.not_closed(day).err()).unwrap_or(ClosedBy::Holiday)),
            0 => Err(ClosedBy::Weekday),
            units => Ok(units),
        }
    }

    /// Whether a day of a week is worked: a working day, as far as the rules heed holidays and make-up days, that no
    /// closure takes away.
    fn is_worked(&self, day: NaiveDate) -> bool {
        let ordinary = !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let worked = match self.kind(day) {
            Some(DayKind::Holiday) if self.row.holidays_closed => false,
            Some(DayKind::Workday) if self.row.makeup_open => true,
            _ => ordinary,
        };
        worked && self.not_closed(day).is_ok()
    }

    /// Hours of a day at equipment, in minutes of the day; none where it is closed.
    pub fn hours(&self, day: NaiveDate) -> Vec<(u32, u32)> {
        if self.not_closed(day).is_err() || self.listed.exceptions.get(&day) == Some(&0) {
            return Vec::new();
        }
        let of = |weekday: u32| -> Vec<(u32, u32)> {
            let listed = self.hours.iter().filter(|hours| hours.weekday == weekday);
            listed.map(|hours| (hours.from, hours.to)).collect()
        };
        let own = of(day.weekday().number_from_monday());
        match self.kind(day) {
            Some(DayKind::Holiday) if self.row.holidays_closed => Vec::new(),
            Some(DayKind::Workday) if self.row.makeup_open && own.is_empty() => {
                let working = (1..=5).map(of).filter(|hours| !hours.is_empty());
                working.min_by_key(|hours| hours.iter().map(|(from, to)| to - from).sum::<u32>()).unwrap_or_default()
            }
            _ => own,
        }
    }

    fn on_weekday(&self, day: NaiveDate) -> i32 {
        self.units.get(day.weekday().num_days_from_monday() as usize).copied().unwrap_or(0)
    }

    fn kind(&self, day: NaiveDate) -> Option<DayKind> {
        self.listed.days.get(&day).copied().or_else(|| Calendar::shipped().listed(day))
    }

    fn not_closed(&self, day: NaiveDate) -> Result<(), ClosedBy> {
        let found = self.listed.closures.iter().find(|closed| closed.has(day));
        found.map_or(Ok(()), |closed| Err(ClosedBy::Closure(closed.reason.clone())))
    }
}

/// A list of seven numbers as the row keeps it.
pub(super) fn stored(units: [i32; 7]) -> Value {
    Value::from(units.to_vec())
}
