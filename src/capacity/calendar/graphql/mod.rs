//! Calendars and capacity in the schema.

mod calendar;
mod capacity;
mod closing;
mod input;
mod mutation;

pub use calendar::{CapacityCalendar, CapacityException, CapacityPeriod, OpeningHours};
pub use capacity::{Capacity, CapacityClosed, CapacityDay, CapacityQuery, EquipmentCapacity, TimeSpan};
pub use closing::{Closure, Outage};
pub use mutation::CapacityMutation;

use super::model::Span;

/// A minute of the day as `HH:MM`.
fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Spans as the schema has them.
fn shown(spans: &[Span]) -> Vec<TimeSpan> {
    spans.iter().map(|span| TimeSpan::of(*span)).collect()
}
