//! Working days of the People's Republic of China: Monday to Friday, except the listed holidays, plus the listed
//! make-up days (调休上班). The list comes from the State Council's yearly notices.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The shipped list, 2004 to 2026; later years come by import.
const SHIPPED: &str = include_str!("../../data/calendar/cn_holidays.csv");

/// What a listed day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayKind {
    /// Free, whatever the day of the week.
    Holiday,
    /// A working day, whatever the day of the week.
    Workday,
}

/// The listed days, and the years whose notice is among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, DayKind>,
    years: BTreeSet<i32>,
}

/// A date computed in working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The date in Asia/Shanghai.
    pub date: NaiveDate,
    /// Whether any day counted lies in a year without a notice, where Monday to Friday was assumed.
    pub provisional: bool,
}

impl Calendar {
    /// A calendar of these days, which knows each year that has at least one listed day. Where a date is listed twice,
    /// the later row stands, so that a correction can be put behind the notice it corrects.
    pub fn new(rows: impl IntoIterator<Item = (NaiveDate, DayKind)>) -> Self {
        let days: BTreeMap<NaiveDate, DayKind> = rows.into_iter().collect();
        let years = days.keys().map(Datelike::year).collect();
        Self { days, years }
    }

    /// The calendar shipped with the program.
    pub fn shipped() -> &'static Self {
        static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::new(shipped_rows()));
        &CALENDAR
    }

    /// The listed days in order.
    pub fn rows(&self) -> impl Iterator<Item = (NaiveDate, DayKind)> + '_ {
        self.days.iter().map(|(date, kind)| (*date, *kind))
    }

    /// Whether the notice of `year` is known.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// What `date` is listed as, where it is.
    pub fn listed(&self, date: NaiveDate) -> Option<DayKind> {
        self.days.get(&date).copied()
    }

    /// Whether `date` is a working day; beyond the known years, Monday to Friday.
    pub fn is_workday(&self, date: NaiveDate) -> bool {
        match self.days.get(&date) {
            Some(kind) => *kind == DayKind::Workday,
            None => !matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// The `count`-th working day after `start`, which itself is not counted; before it, where `count` is negative.
    /// With 0 it is `start`, whatever day that is. A count that would leave the calendar stops at its end.
    pub fn add_workdays(&self, start: NaiveDate, count: i32) -> Deadline {
        let mut date = start;
        let mut provisional = !self.knows(start.year());
        let mut left = count.unsigned_abs();
        while left > 0 {
            let next =
                if count > 0 { date.checked_add_days(Days::new(1)) } else { date.checked_sub_days(Days::new(1)) };
            let Some(next) = next else { return Deadline { date, provisional: true } };
            date = next;
            provisional |= !self.knows(date.year());
            left -= u32::from(self.is_workday(date));
        }
        Deadline { date, provisional }
    }

    /// How many working days lie after `from` up to and including `to`; negative where `to` is the earlier, so that
    /// `workdays_between(s, add_workdays(s, n).date) == n`, and 0 for the same day.
    pub fn workdays_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let count = |from: NaiveDate, to: NaiveDate| -> i64 {
            let weekdays = i64::from(weekdays_until(to)) - i64::from(weekdays_until(from));
            let listed = self.days.range((std::ops::Bound::Excluded(from), std::ops::Bound::Included(to)));
            listed.fold(weekdays, |sum, (date, kind)| {
                let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
                sum + i64::from(weekend && *kind == DayKind::Workday) - i64::from(!weekend && *kind == DayKind::Holiday)
            })
        };
        let before = |date: NaiveDate| date.pred_opt().unwrap_or(date);
        match from.cmp(&to) {
            std::cmp::Ordering::Less => count(from, to),
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => -count(before(to), before(from)),
        }
    }
}

/// Mondays to Fridays from the first day of the common era to `date`; day 1 was a Monday.
fn weekdays_until(date: NaiveDate) -> i32 {
    let days = date.num_days_from_ce();
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

fn shipped_rows() -> Vec<(NaiveDate, DayKind)> {
    let row = |line: &str| -> Option<(NaiveDate, DayKind)> {
        let mut fields = line.split(',');
        let date = fields.next()?.parse().ok()?;
        let kind = match fields.next()? {
            "holiday" => DayKind::Holiday,
            "workday" => DayKind::Workday,
            _ => return None,
        };
        Some((date, kind))
    };
    SHIPPED
        .lines()
        .skip(1)
        .map(|line| row(line).expect("the shipped calendar is well formed; a test reads every row"))
        .collect()
}
