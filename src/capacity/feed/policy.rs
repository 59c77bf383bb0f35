//! Who may do what with the addresses of calendars.

use entity::{calendar_feed, enums::Visibility, ids::CalendarFeedId};

use crate::{
    directory::policy::owned,
    platform::access::{Action, Actor, Ruled, Ruling},
};

/// Reading those of one's own agency; never the addresses themselves.
pub const READ: Action = Action::new("calendarFeed.read", "offering:write");
/// Making one.
pub const CREATE: Action = Action::new("calendarFeed.create", "offering:write");
/// Ending one.
pub const REVOKE: Action = Action::new("calendarFeed.revoke", "offering:write");

impl Ruled for calendar_feed::Model {
    const KIND: &'static str = CalendarFeedId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// Other agencies do not learn of it.
    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        owned(actor, &self.agency, Visibility::Own, None, self.lab_id)
    }
}
