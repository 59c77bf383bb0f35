//! The rules of an offering.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use entity::{capacity_calendar, capacity_exception, enums, ids::OfferingId};

use super::clock;
use crate::{
    capacity::calendar::{loader::CalendarOf, model::Hours},
    graphql::{
        context::reads,
        scalars::{Date, Instant},
    },
};

/// What units are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::CapacityPeriod")]
pub enum CapacityPeriod {
    /// By the day.
    Day,
    /// By the week, Monday to Sunday.
    Week,
}

/// Opening hours on one weekday.
#[derive(Clone, Debug, SimpleObject)]
pub struct OpeningHours {
    /// 1 is Monday, 7 is Sunday.
    weekday: i32,
    /// From when on, in Asia/Shanghai, as `08:00`.
    from: String,
    /// Until when; the day ends at `24:00`.
    to: String,
}

/// What is given on one day, or in one week, in place of what the rules say.
#[derive(Clone, Debug, SimpleObject)]
pub struct CapacityException {
    /// The day; the Monday where units are counted by the week.
    day: Date,
    /// Units; 0 closes it.
    units: i32,
    /// Why.
    reason: Option<String>,
}

/// How much an offering gives, and when: units by day or week, or hours at equipment.
pub struct CapacityCalendar {
    found: Arc<(capacity_calendar::Model, Vec<capacity_exception::Model>)>,
}

/// How much an offering gives, and when: units by day or week, or hours at equipment.
#[Object]
impl CapacityCalendar {
    /// Counts the edits; pass it as `version` when you edit.
    async fn version(&self) -> i32 {
        self.row().version
    }

    /// What units are counted by.
    async fn period(&self) -> CapacityPeriod {
        self.row().period.into()
    }

    /// Units on each weekday, seven numbers from Monday on.
    async fn units_by_weekday(&self) -> Vec<i32> {
        let listed = self.row().weekday_units.as_array().into_iter().flatten();
        listed.map(|units| units.as_i64().and_then(|units| i32::try_from(units).ok()).unwrap_or(0)).collect()
    }

    /// Units of a week with five working days; one with fewer gives less in proportion. Null where units are counted by
    /// the day.
    async fn units_per_week(&self) -> Option<i32> {
        (self.row().period == enums::CapacityPeriod::Week).then_some(self.row().week_units)
    }

    /// Whether listed holidays are closed.
    async fn holidays_closed(&self) -> bool {
        self.row().holidays_closed
    }

    /// Whether listed make-up days (调休上班) are open. One whose weekday gives nothing gives as much as the working day that
    /// gives least.
    async fn makeup_days_open(&self) -> bool {
        self.row().makeup_open
    }

    /// How much of each day or week is open to other agencies, in percent.
    async fn open_percent(&self) -> i32 {
        self.row().open_percent
    }

    /// Opening hours of the equipment.
    async fn hours(&self) -> Vec<OpeningHours> {
        let hours: Vec<Hours> = serde_json::from_value(self.row().hours.clone()).unwrap_or_default();
        let hours = hours.into_iter().map(|hours| OpeningHours {
            weekday: i32::try_from(hours.weekday).unwrap_or(0),
            from: clock(hours.from),
            to: clock(hours.to),
        });
        hours.collect()
    }

    /// Shortest block at the equipment, in minutes.
    async fn block_min(&self) -> Option<i32> {
        self.row().block_min
    }

    /// Longest block, in minutes.
    async fn block_max(&self) -> Option<i32> {
        self.row().block_max
    }

    /// Blocks begin and end on multiples of so many minutes of the day.
    async fn block_step(&self) -> Option<i32> {
        self.row().block_step
    }

    /// Minutes that stay free behind each block.
    async fn gap(&self) -> i32 {
        self.row().gap
    }

    /// How many days ahead blocks can be had.
    async fn horizon_days(&self) -> Option<i32> {
        self.row().horizon_days
    }

    /// Days and weeks from today on that give more or less than the rules say.
    async fn exceptions(&self) -> Vec<CapacityException> {
        let shown = |row: &capacity_exception::Model| CapacityException {
            day: Date(row.day),
            units: row.units,
            reason: row.reason.clone(),
        };
        self.found.1.iter().map(shown).collect()
    }

    /// When it was last edited.
    async fn updated_at(&self) -> Instant {
        Instant(self.row().updated_at)
    }
}

impl CapacityCalendar {
    /// That of an offering that was shown.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn of(ctx: &Context<'_>, offering: OfferingId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(CalendarOf(offering)).await?.map(|found| Self { found }))
    }

    fn row(&self) -> &capacity_calendar::Model {
        &self.found.0
    }
}
