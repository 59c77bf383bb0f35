//! What is free, for drawing.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::EquipmentId;

use super::rules::{ClosedBy, Quota};
use crate::capacity::hold::model::Bucket;

/// A stretch of time `[from, to)`.
pub type Span = (DateTime<Utc>, DateTime<Utc>);

/// A day, or week, with what there is and what is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day; the Monday of a week.
    pub day: NaiveDate,
    /// What there is.
    pub quota: Quota,
    /// Units set aside by holds whose time is not over.
    pub held: i32,
    /// Units booked.
    pub booked: i32,
    /// Of both, for other agencies than the owner.
    pub partner_taken: i32,
}

/// The same as somebody sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Units that there are for whoever asks.
    pub total: i32,
    /// Units set aside; for the owner.
    pub held: Option<i32>,
    /// Units booked; for the owner.
    pub booked: Option<i32>,
    /// Units free for whoever asks.
    pub free: i32,
    /// Whether more is taken than there is; for the owner.
    pub overcommitted: Option<bool>,
}

/// Time at an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The item.
    pub equipment: EquipmentId,
    /// When it is open; none where nothing is stated.
    pub open: Vec<Span>,
    /// When it is taken.
    pub taken: Vec<Span>,
    /// When it cannot be used.
    pub out: Vec<Span>,
    /// When a block may begin and end.
    pub free: Vec<Span>,
}

impl Day {
    /// As the owner sees it, or a partner, who sees what is open to partners. What is past is free for nobody.
    pub fn shown(&self, owner: bool, past: bool) -> Shown {
        let bucket = Bucket {
            starts_on: self.day,
            total: self.quota.total,
            open: self.quota.open,
            taken: self.held.saturating_add(self.booked),
            partner_taken: self.partner_taken,
        };
        Shown {
            total: if owner { self.quota.total } else { self.quota.open },
            held: owner.then_some(self.held),
            booked: owner.then_some(self.booked),
            free: if past { 0 } else { bucket.free(!owner) },
            overcommitted: owner.then_some(bucket.taken > bucket.total || bucket.partner_taken > bucket.open),
        }
    }

    /// Why nothing is given, where nothing is.
    pub fn closed(&self) -> Option<&ClosedBy> {
        self.quota.closed.as_ref()
    }
}

/// What is left of spans in order without others, in any order.
pub fn without(spans: &[Span], mut others: Vec<Span>) -> Vec<Span> {
    others.sort_unstable();
    let mut left = Vec::new();
    for (from, to) in spans {
        let mut from = *from;
        for other in &others {
            if other.0 >= *to || other.1 <= from {
                continue;
            }
            if from < other.0 {
                left.push((from, other.0));
            }
            from = from.max(other.1);
        }
        if from < *to {
            left.push((from, *to));
        }
    }
    left
}
