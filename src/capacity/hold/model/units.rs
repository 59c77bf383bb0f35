//! Units over days: what is free, and how much of it goes to a hold.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{hold, hold_day};

use super::wanted::Units;

/// One day, or week, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The day; the Monday of a week.
    pub starts_on: NaiveDate,
    /// Units that there are.
    pub total: i32,
    /// Units of them that are open to partners.
    pub open: i32,
    /// Units set aside or booked.
    pub taken: i32,
    /// Of them, for other agencies than the owner.
    pub partner_taken: i32,
}

impl Bucket {
    /// What is free for the owner, or for a partner.
    pub fn free(&self, partner: bool) -> i32 {
        let left = self.total.saturating_sub(self.taken);
        let left = if partner { left.min(self.open.saturating_sub(self.partner_taken)) } else { left };
        left.max(0)
    }
}

/// A day, or week, with less than is wanted of it; where days are not named, with what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    /// The day; the Monday of a week.
    pub day: NaiveDate,
    /// What is wanted of it; none where days are not named.
    pub wanted: Option<i32>,
    /// What is free.
    pub free: i32,
}

/// What is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// What is wanted over all days.
    pub wanted: i32,
    /// What is free over the days of the window, or over the days that are named.
    pub free: i64,
    /// Each day on which it shows.
    pub days: Vec<Short>,
}

/// Allots units to days: to those that are named, or as early as they are free. `buckets` are those of the window in
/// order, without what is past; `bucket` is the one of a day.
///
/// # Errors
/// What is missing.
pub fn allot(
    units: &Units,
    buckets: &[Bucket],
    partner: bool,
    bucket: impl Fn(NaiveDate) -> NaiveDate,
) -> Result<Vec<(NaiveDate, i32)>, Shortage> {
    match &units.by_day {
        Some(by_day) => named(units.quantity, by_day, buckets, partner, bucket),
        None => earliest(units, buckets, partner),
    }
}

fn named(
    quantity: i32,
    by_day: &[(NaiveDate, i32)],
    buckets: &[Bucket],
    partner: bool,
    bucket: impl Fn(NaiveDate) -> NaiveDate,
) -> Result<Vec<(NaiveDate, i32)>, Shortage> {
    let wanted = summed(by_day.iter().copied(), bucket);
    let free = |day: &NaiveDate| {
        buckets.binary_search_by_key(day, |bucket| bucket.starts_on).map_or(0, |at| buckets[at].free(partner))
    };
    let short = |(day, wanted): (&NaiveDate, &i32)| {
        let free = free(day);
        (free < *wanted).then_some(Short { day: *day, wanted: Some(*wanted), free })
    };
    let days: Vec<Short> = wanted.iter().filter_map(short).collect();
    if days.is_empty() {
        let mut allotted = by_day.to_vec();
        allotted.sort_unstable();
        return Ok(allotted);
    }
    Err(Shortage { wanted: quantity, free: wanted.keys().map(|day| i64::from(free(day))).sum(), days })
}

fn earliest(units: &Units, buckets: &[Bucket], partner: bool) -> Result<Vec<(NaiveDate, i32)>, Shortage> {
    let (mut left, mut allotted) = (units.quantity, Vec::new());
    for bucket in buckets {
        let part = bucket.free(partner).min(left);
        if part > 0 {
            // A week may begin before the window does.
            allotted.push((bucket.starts_on.max(units.first), part));
            left -= part;
        }
    }
    if left == 0 {
        return Ok(allotted);
    }
    let short = |bucket: &Bucket| Short { day: bucket.starts_on, wanted: None, free: bucket.free(partner) };
    let days: Vec<Short> = buckets.iter().map(short).collect();
    Err(Shortage { wanted: units.quantity, free: days.iter().map(|day| i64::from(day.free)).sum(), days })
}

/// Allots units of an offering that states no capacity: to the days that are named, or all to the first one. Closed days
/// are closed there too.
///
/// # Errors
/// What is missing: the closed days.
pub fn recorded(units: &Units, closed: impl Fn(NaiveDate) -> bool) -> Result<Vec<(NaiveDate, i32)>, Shortage> {
    let days = || units.first.iter_days().take_while(|day| *day <= units.last);
    let (allotted, shut): (Vec<(NaiveDate, i32)>, Vec<Short>) = match &units.by_day {
        Some(by_day) => {
            let short = |(day, wanted): &(NaiveDate, i32)| {
                closed(*day).then_some(Short { day: *day, wanted: Some(*wanted), free: 0 })
            };
            (by_day.clone(), by_day.iter().filter_map(short).collect())
        }
        None => match days().find(|day| !closed(*day)) {
            Some(day) => (vec![(day, units.quantity)], Vec::new()),
            None => (Vec::new(), days().map(|day| Short { day, wanted: None, free: 0 }).collect()),
        },
    };
    if shut.is_empty() { Ok(allotted) } else { Err(Shortage { wanted: units.quantity, free: 0, days: shut }) }
}

/// Units by the bucket of their day.
pub fn summed(
    days: impl IntoIterator<Item = (NaiveDate, i32)>,
    bucket: impl Fn(NaiveDate) -> NaiveDate,
) -> BTreeMap<NaiveDate, i32> {
    let mut sums = BTreeMap::new();
    for (day, quantity) in days {
        *sums.entry(bucket(day)).or_insert(0) += quantity;
    }
    sums
}

/// The units that a hold still has: all, or those of the days before it was freed.
pub fn kept<'a>(row: &'a hold::Model, days: &'a [hold_day::Model]) -> impl Iterator<Item = (NaiveDate, i32)> + 'a {
    let has = |day: &&hold_day::Model| row.freed_from.is_none_or(|freed| day.day < freed);
    days.iter().filter(has).map(|day| (day.day, day.quantity))
}
