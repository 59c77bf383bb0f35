//! The catalogue of events: every kind that the program emits, from all capabilities.

use crate::{
    approval, attachment, capacity, directory, identity, notify::catalogue::Catalogue, platform::event::EventType,
    request, search, webhook,
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
    search::watch::events::ALL,
];

/// Every kind of event.
pub fn catalogue() -> Catalogue {
    Catalogue::new(LISTS)
}
