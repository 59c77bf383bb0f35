//! What is asked for.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use entity::{
    enums::OfferingKind,
    hold, hold_block, hold_day,
    ids::{AgencyCode, EquipmentId, OfferingId},
};

use crate::platform::{
    clock::shanghai_date,
    fault::{Outcome, Problems},
};

/// Longest window of units, in days.
const LONGEST_WINDOW: i64 = 366;
/// Longest block, in days.
const LONGEST_BLOCK: i64 = 92;
/// How far ahead anything is set aside, in days.
const FARTHEST: i64 = 3_660;
/// Most units of one hold.
const MOST_UNITS: i32 = 1_000_000;
/// Most blocks of one hold.
const MOST_BLOCKS: usize = 100;

/// Capacity of one offering that is to be set aside: units, time at equipment, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The offering.
    pub offering: OfferingId,
    /// The agency for which it is set aside.
    pub holder: AgencyCode,
    /// Typed id of what it is for, such as `referral:…`.
    pub subject: String,
    /// Units.
    pub units: Option<Units>,
    /// Time at equipment.
    pub blocks: Vec<Block>,
    /// Until when it is set aside.
    pub expires_at: DateTime<Utc>,
}

/// Units within a window of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Units {
    /// How many, over all days.
    pub quantity: i32,
    /// First day.
    pub first: NaiveDate,
    /// Last day, inclusive.
    pub last: NaiveDate,
    /// How many on which day; without it, as early as they are free.
    pub by_day: Option<Vec<(NaiveDate, i32)>>,
}

/// A stretch of time `[from, to)` at an item of equipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    /// The item.
    pub equipment: EquipmentId,
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
}

/// A hold with all that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The row.
    pub row: hold::Model,
    /// Its units by day.
    pub days: Vec<hold_day::Model>,
    /// Its time at equipment, by item and time.
    pub blocks: Vec<hold_block::Model>,
}

impl Wanted {
    /// Holds the form of what is asked for against the kind of the offering and the clock; the blocks come in the order in
    /// which they are taken.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn checked(mut self, kind: OfferingKind, now: DateTime<Utc>) -> Outcome<Self> {
        let mut problems = Problems::default();
        let p = &mut problems;
        if self.units.is_none() && self.blocks.is_empty() {
            p.add("", "NOTHING_WANTED", "Ask for units, for time at equipment, or for both.");
        }
        if self.expires_at <= now {
            p.add("expiresAt", "IN_THE_PAST", "Choose an instant to come.");
        }
        let farthest = now + TimeDelta::days(FARTHEST);
        if let Some(units) = &self.units {
            if units.last > shanghai_date(farthest) {
                p.add("units.last", "TOO_FAR", format!("Choose a day within {FARTHEST} days from now."));
            }
            if kind == OfferingKind::EquipmentTime {
                p.add("units", "UNITS_OF_OTHER_KIND", "Time at equipment is taken by blocks; name them.");
            }
            units.checked(p);
        }
        if self.blocks.len() > MOST_BLOCKS {
            p.add("blocks", "TOO_MANY", format!("Take at most {MOST_BLOCKS} blocks at once."));
        }
        for (at, block) in self.blocks.iter().enumerate() {
            if block.to <= block.from {
                p.add(format!("blocks[{at}].to"), "DATES_REVERSED", "A block ends after it begins.");
            }
            if block.to - block.from > TimeDelta::days(LONGEST_BLOCK) || block.to > farthest {
                p.add(format!("blocks[{at}].to"), "TOO_FAR", format!("A block lasts at most {LONGEST_BLOCK} days."));
            }
            let whole = |at: DateTime<Utc>| at.second() == 0 && at.nanosecond() == 0;
            if !whole(block.from) || !whole(block.to) {
                p.add(format!("blocks[{at}]"), "WHOLE_MINUTES", "Begin and end on whole minutes.");
            }
        }
        self.blocks.sort_unstable();
        let overlaps =
            self.blocks.windows(2).any(|pair| pair[0].equipment == pair[1].equipment && pair[1].from < pair[0].to);
        if overlaps {
            p.add("blocks", "BLOCKS_OVERLAP", "Name each stretch of time at an item once.");
        }
        problems.finish()?;
        Ok(self)
    }
}

impl Units {
    fn checked(&self, p: &mut Problems) {
        if !(1..=MOST_UNITS).contains(&self.quantity) {
            p.add("units.quantity", "OUT_OF_RANGE", format!("Ask for 1 to {MOST_UNITS} units."));
        }
        let days = self.last.signed_duration_since(self.first).num_days();
        if days < 0 {
            p.add("units.last", "DATES_REVERSED", format!("Choose {} or a later date.", self.first));
        }
        if days >= LONGEST_WINDOW {
            p.add("units.last", "WINDOW_TOO_LONG", format!("Ask for at most {LONGEST_WINDOW} days."));
        }
        let Some(by_day) = &self.by_day else { return };
        let mut seen = BTreeSet::new();
        for (at, (day, quantity)) in by_day.iter().enumerate() {
            if !(1..=MOST_UNITS).contains(quantity) {
                p.add(format!("units.byDay[{at}]"), "OUT_OF_RANGE", "Ask for 1 unit or more on each day.");
            }
            if *day < self.first || *day > self.last {
                p.add(format!("units.byDay[{at}]"), "NOT_IN_WINDOW", "Name days of the window.");
            }
            if !seen.insert(*day) {
                p.add(format!("units.byDay[{at}]"), "DAY_TWICE", "Name each day once.");
            }
        }
        if by_day.iter().map(|(_, quantity)| i64::from(*quantity)).sum::<i64>() != i64::from(self.quantity) {
            p.add("units.byDay", "SUM_DIFFERS", format!("The days together must have {} units.", self.quantity));
        }
    }
}
