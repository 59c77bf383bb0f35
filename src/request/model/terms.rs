//! The terms of offers.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{EquipmentId, OfferConditionId};

use crate::{capacity::offering::model::amount, directory::text, platform::fault::Problems};

/// Most conditions of one offer.
pub const MOST_CONDITIONS: usize = 20;
/// Most blocks of machine time of one offer.
pub const MOST_BLOCKS: usize = 50;

/// What one side puts to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Price of all of it in yuan, as written.
    pub price: Option<String>,
    /// First day of the work.
    pub starts_on: NaiveDate,
    /// Last day for the report.
    pub report_by: NaiveDate,
    /// Until when it stands; by the clock where not given.
    pub valid_until: Option<DateTime<Utc>>,
    /// Conditions, each answered by itself.
    pub conditions: Vec<String>,
    /// Remarks.
    pub remarks: Option<String>,
    /// Units of capacity by day; the earliest free ones where not given.
    pub units: Option<Vec<(NaiveDate, i32)>>,
    /// Machine time.
    pub blocks: Vec<(EquipmentId, DateTime<Utc>, DateTime<Utc>)>,
}

impl Terms {
    /// The terms in good form. `today` is the first day on which anything can be agreed.
    pub fn checked(mut self, problems: &mut Problems, today: NaiveDate, now: DateTime<Utc>) -> Self {
        self.price = self.price.map(|given| amount(problems, "input.price", &given));
        self.remarks = text::optional(problems, "input.remarks", self.remarks, text::FREE);
        if self.starts_on < today {
            problems.add("input.startsOn", "DATE_PAST", format!("Choose {today} or a later date."));
        }
        text::ordered(problems, "input.reportBy", Some(self.starts_on), Some(self.report_by));
        if self.valid_until.is_some_and(|until| until <= now) {
            problems.add("input.validUntil", "INSTANT_PAST", "Let the offer stand until some later instant.");
        }
        if self.conditions.len() > MOST_CONDITIONS {
            problems.add("input.conditions", "TOO_MANY", format!("State at most {MOST_CONDITIONS} conditions."));
        }
        if self.blocks.len() > MOST_BLOCKS {
            problems.add("input.blocks", "TOO_MANY", format!("Take at most {MOST_BLOCKS} blocks."));
        }
        let conditions = std::mem::take(&mut self.conditions).into_iter().enumerate();
        self.conditions = conditions
            .map(|(at, one)| text::required(problems, &format!("input.conditions[{at}]"), &one, text::FREE))
            .collect();
        self
    }
}

/// One answer to one condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which condition.
    pub condition: OfferConditionId,
    /// What.
    pub answer: entity::enums::ConditionAnswer,
    /// With these words.
    pub note: Option<String>,
}
