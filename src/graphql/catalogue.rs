//! The catalogue of events: every kind that the program emits, from all capabilities.

use crate::{
    approval, attachment, capacity, directory, identity, notify::catalogue::Catalogue, platform::event::EventType, request,
    webhook,
};

/// Lists of events, by capability.
const LISTS: &[&[EventType]] = &[
    directory::events::ALL,
    identity::account::events::ALL,
    attachment::events::ALL,
    capacity::events::ALL,
    approval::events::ALL,
    request::events::ALL,
    request::decision_events::ALL,
    webhook::events::ALL,
];

/// Names that are set aside for events to come; nothing else may be called so.
pub const RESERVED: [&str; 3] = ["offer.expiring.v1", "calibration.due.v1", "savedSearch.matched.v1"];

/// Every kind of event.
pub fn catalogue() -> Catalogue {
    Catalogue::new(LISTS)
}
