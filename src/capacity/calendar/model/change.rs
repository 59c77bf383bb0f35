//! What a change of the rules does to days, and to what is taken of them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    capacity_day,
    ids::{EquipmentId, OfferingId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::rules::Rules;
use crate::platform::fault::{Fault, Outcome};

/// Most days that are listed of one change.
const MOST: usize = 400;

/// A day, or week, that gives more or less than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedDay {
    /// The offering.
    pub offering: OfferingId,
    /// The day; the Monday of a week.
    pub day: NaiveDate,
    /// Units before.
    pub before: i32,
    /// Units after.
    pub after: i32,
    /// Units set aside or booked.
    pub taken: i32,
}

/// What a change does, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The first days and weeks of the coming three months, and those of which something is taken, that differ.
    pub days: Vec<ChangedDay>,
}

/// A stretch of time at an item that is set aside or booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The item.
    pub equipment: EquipmentId,
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
}

/// A hold that an outage falls into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    /// Typed id of what it is for.
    pub subject: String,
    /// When its time begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
}

/// What a planned change would take away that somebody has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Days with what is taken of them and what they would have.
    pub days: Vec<(capacity_day::Model, i32, i32)>,
    /// Times that would no longer be open.
    pub blocks: Vec<Stretch>,
}

impl Cut {
    /// Refuses a change that would take something away.
    ///
    /// # Errors
    /// `CAPACITY_COMMITTED` with all days and times.
    pub fn refuse(&self) -> Outcome<()> {
        if self.days.is_empty() && self.blocks.is_empty() {
            return Ok(());
        }
        let day = |(row, total, open): &(capacity_day::Model, i32, i32)| {
            json!({
                "offering": row.offering_id.to_string(), "day": row.starts_on, "taken": row.held + row.booked,
                "total": total, "partnerTaken": row.partner_taken, "open": open,
            })
        };
        let block =
            |block: &Stretch| json!({ "equipment": block.equipment.to_string(), "from": block.from, "to": block.to });
        Err(Fault::rule(
            "CAPACITY_COMMITTED",
            "More is set aside or booked than this would leave; facts.days and facts.blocks say where.",
            json!({
                "days": self.days.iter().map(day).collect::<Vec<_>>(),
                "blocks": self.blocks.iter().map(block).collect::<Vec<_>>(),
            }),
        ))
    }
}

/// The days, with what is taken of them, that the rules would now cut short. One that was too short before, and is not made
/// shorter, does not stand in the way.
pub fn committed(rows: &[capacity_day::Model], rules: &Rules) -> Vec<(capacity_day::Model, i32, i32)> {
    let cut = |row: &capacity_day::Model| {
        let quota = rules.quota(row.starts_on);
        let lacks = quota.total < row.total && row.held + row.booked > quota.total;
        let lacks_share = quota.open < row.open && row.partner_taken > quota.open;
        (lacks || lacks_share).then(|| (row.clone(), quota.total, quota.open))
    };
    rows.iter().filter_map(cut).collect()
}

/// The days among `days` that differ between two states of the rules, with what is taken of them.
pub fn differing(
    (offering, days): (OfferingId, &[NaiveDate]),
    before: Option<&Rules>,
    after: &Rules,
    rows: &[capacity_day::Model],
) -> Vec<ChangedDay> {
    let mut days: Vec<NaiveDate> = days.iter().map(|day| after.bucket(*day)).collect();
    days.extend(rows.iter().filter(|row| row.held + row.booked > 0).map(|row| row.starts_on));
    days.sort_unstable();
    days.dedup();
    let changed = |day: &NaiveDate| {
        let was = before.map_or(0, |rules| rules.quota(*day).total);
        let is = after.quota(*day).total;
        let taken = rows.iter().find(|row| row.starts_on == *day).map_or(0, |row| row.held + row.booked);
        (was != is).then_some(ChangedDay { offering, day: *day, before: was, after: is, taken })
    };
    days.iter().filter_map(changed).take(MOST).collect()
}
