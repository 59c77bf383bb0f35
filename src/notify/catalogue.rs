//! The catalogue of events, as it is published: an index, and a JSON Schema for each name.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value as Json, json};

use crate::platform::{
    event::EventType,
    fault::{Fault, Outcome},
};

/// Every kind of event, by name. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Catalogue(Arc<BTreeMap<&'static str, &'static EventType>>);

impl Catalogue {
    /// Of the lists of all capabilities.
    pub fn new(lists: &'static [&'static [EventType]]) -> Self {
        Self(Arc::new(lists.iter().flat_map(|list| list.iter()).map(|kind| (kind.name, kind)).collect()))
    }

    /// All of them, by name.
    pub fn all(&self) -> impl Iterator<Item = &'static EventType> + '_ {
        self.0.values().copied()
    }

    /// The one of that name.
    pub fn of(&self, name: &str) -> Option<&'static EventType> {
        self.0.get(name).copied()
    }

    /// These names, if events have them.
    ///
    /// # Errors
    /// `INVALID EVENT_NAME` with the first that none has.
    pub fn known(&self, path: &str, names: Option<Vec<String>>) -> Outcome<Option<Vec<String>>> {
        if let Some(other) = names.iter().flatten().find(|name| self.of(name).is_none()) {
            let shown: String = other.chars().take(40).collect();
            let message = format!("{shown:?} is no name of an event; eventTypes and GET /events list them.");
            return Err(Fault::invalid(path, "EVENT_NAME", message));
        }
        Ok(names)
    }

    /// What stands at `GET /events`: every name with what it means and where its schema is.
    pub fn index(&self) -> Json {
        let events = self.all().map(|kind| {
            json!({
                "name": kind.name,
                "meaning": kind.meaning,
                "subject": kind.subject,
                "told": kind.told.rule(),
                "schema": format!("events/{}.json", kind.name),
            })
        });
        json!({ "events": events.collect::<Vec<_>>() })
    }
}

/// JSON as it is written into a file.
pub fn written(json: &Json) -> String {
    // Of JSON that was made here, so that it can be written.
    serde_json::to_string_pretty(json).unwrap_or_default() + "\n"
}
