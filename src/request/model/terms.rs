//! The terms of offers.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    ids::{EquipmentId, OfferConditionId},
    offer, request_item,
};
use serde::{Deserialize, Serialize};

use crate::{capacity::offering::model::amount, directory::text, platform::fault::Problems};

/// Most conditions of one offer.
pub const MOST_CONDITIONS: usize = 20;
/// Most blocks of machine time of one offer.
pub const MOST_BLOCKS: usize = 50;

/// A stretch of machine time `[from, to)`.
pub type Stretch = (EquipmentId, DateTime<Utc>, DateTime<Utc>);

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
    pub blocks: Vec<Stretch>,
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

/// How many units items take: of each object as many as its largest item, since several parameters are tested in the same
/// samples.
pub fn units<'a>(items: impl IntoIterator<Item = &'a request_item::Model>) -> i32 {
    let mut of_object: HashMap<&str, i32> = HashMap::new();
    for item in items {
        let most = of_object.entry(item.object.as_str()).or_insert(0);
        *most = (*most).max(item.quantity);
    }
    of_object.into_values().fold(0, i32::saturating_add)
}

/// What terms take of the capacity, as it is kept with a quote or a change until it is agreed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Units by day; the earliest free ones where not given.
    pub units: Option<Vec<(NaiveDate, i32)>>,
    /// Machine time.
    pub blocks: Vec<Stretch>,
}

impl Room {
    /// What these terms take.
    pub fn of(terms: &Terms) -> Self {
        Self { units: terms.units.clone(), blocks: terms.blocks.clone() }
    }

    /// As it was kept.
    pub fn read(kept: Option<&serde_json::Value>) -> Self {
        kept.and_then(|kept| serde_json::from_value(kept.clone()).ok()).unwrap_or_default()
    }
}

impl From<Room> for serde_json::Value {
    fn from(room: Room) -> Self {
        serde_json::json!({ "units": room.units, "blocks": room.blocks })
    }
}

impl Terms {
    /// The terms of an offer as it stands, without its conditions.
    pub fn of(offer: &offer::Model) -> Self {
        let Room { units, blocks } = Room::read(offer.wanted.as_ref());
        Self {
            price: offer.price.clone(),
            starts_on: offer.starts_on,
            report_by: offer.report_by,
            valid_until: Some(offer.valid_until),
            conditions: Vec::new(),
            remarks: offer.remarks.clone(),
            units,
            blocks,
        }
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
