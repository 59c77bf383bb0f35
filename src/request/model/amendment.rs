//! Changes of what was agreed. Both sides sign them, as they signed what they change: first the side that puts the change,
//! then the other, and nobody what he has written.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    enums::{ReferralStatus, Side},
    offer, referral,
};

use super::terms::{Room, Stretch, Terms};
use crate::{
    capacity::offering::model::amount,
    directory::text,
    platform::{fault::Problems, patch::Patch},
};

/// A change of what was agreed. What is not given stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amendment {
    /// Price of all of it in yuan, as written.
    pub price: Patch<String>,
    /// First day of the work.
    pub starts_on: Option<NaiveDate>,
    /// Last day for the report.
    pub report_by: Option<NaiveDate>,
    /// Until when the change may be signed; by the clock where not given.
    pub valid_until: Option<DateTime<Utc>>,
    /// Why, and whatever else there is to say.
    pub remarks: String,
    /// Units of capacity by day.
    pub units: Option<Vec<(NaiveDate, i32)>>,
    /// Machine time, in place of all that was.
    pub blocks: Option<Vec<Stretch>>,
}

impl Amendment {
    /// The terms as they would be, and whether capacity must be taken anew for them. While work is under way only its end
    /// and its price can change.
    pub fn over(
        self,
        problems: &mut Problems,
        (row, agreed): (&referral::Model, &offer::Model),
        (today, now): (NaiveDate, DateTime<Utc>),
    ) -> (Terms, bool) {
        let before = Terms::of(agreed);
        let starts_on = self.starts_on.or(row.starts_on).unwrap_or(before.starts_on);
        let report_by = self.report_by.or(row.report_by).unwrap_or(before.report_by);
        let under_way = row.status == ReferralStatus::InProgress;
        let moved = row.starts_on.is_some_and(|was| was != starts_on);
        for (path, given) in [("startsOn", moved), ("units", self.units.is_some()), ("blocks", self.blocks.is_some())] {
            if given && under_way {
                let message = "Work is under way; only its end and its price can change.";
                problems.add(format!("input.{path}"), "WORK_UNDER_WAY", message);
            }
        }
        if moved && starts_on < today {
            problems.add("input.startsOn", "DATE_PAST", format!("Choose {today} or a later date."));
        }
        text::ordered(problems, "input.reportBy", Some(starts_on.max(today)), Some(report_by));
        if self.valid_until.is_some_and(|until| until <= now) {
            problems.add("input.validUntil", "INSTANT_PAST", "Let it stand until some later instant.");
        }
        let price = self.price.over(agreed.price.clone()).map(|given| amount(problems, "input.price", &given));
        let shorter = row.report_by.is_some_and(|was| report_by < was);
        let room = self.units.is_some() || self.blocks.is_some();
        let changed = moved || room || price != agreed.price || row.report_by != Some(report_by);
        if !changed {
            problems.add("input", "NOTHING_CHANGED", "Say what shall be otherwise: price, dates, units or blocks.");
        }
        let remarks = Some(text::required(problems, "input.remarks", &self.remarks, text::FREE));
        let terms = Terms {
            price,
            starts_on,
            report_by,
            valid_until: self.valid_until,
            conditions: Vec::new(),
            remarks,
            units: self.units,
            blocks: self.blocks.unwrap_or_default(),
        };
        (terms, !under_way && (moved || shorter || room))
    }
}

/// What a change takes of the capacity; none where it leaves it as it is.
pub fn room(terms: &Terms, moves: bool) -> Option<serde_json::Value> {
    moves.then(|| Room::of(terms).into())
}

/// Whether what was agreed can still be changed.
pub const fn may_change(status: ReferralStatus) -> bool {
    matches!(status, ReferralStatus::Accepted | ReferralStatus::Scheduled | ReferralStatus::InProgress)
}

/// The other side.
pub const fn other(side: Side) -> Side {
    match side {
        Side::Requester => Side::Provider,
        Side::Provider | Side::Coordinator | Side::System => Side::Requester,
    }
}
