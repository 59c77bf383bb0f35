//! Who may do what with calendars, closures and outages.

use entity::{
    capacity_closure,
    enums::Visibility,
    equipment_outage,
    ids::{ClosureId, OutageId},
};

use crate::{
    directory::policy::owned,
    platform::access::{Action, Actor, Ruled, Ruling},
};

/// Reading capacity, as far as its offering may be seen.
pub const READ: Action = Action::new("capacity.read", "directory:read");
/// Stating the rules of an offering.
pub const SET: Action = Action::new("capacityCalendar.set", "offering:write");
/// Giving more or less on one day.
pub const EXCEPT: Action = Action::new("capacityException.set", "offering:write");
/// Going back to the rules on that day.
pub const UNEXCEPT: Action = Action::new("capacityException.remove", "offering:write");
/// Planning days on which nothing is given.
pub const PLAN: Action = Action::new("closure.plan", "offering:write");
/// Opening them again.
pub const CANCEL: Action = Action::new("closure.cancel", "offering:write");
/// Reporting that equipment cannot be used.
pub const REPORT: Action = Action::new("outage.report", "equipment:write");
/// Reporting that it can.
pub const END: Action = Action::new("outage.end", "equipment:write");

impl Ruled for capacity_closure::Model {
    const KIND: &'static str = ClosureId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// Its offering, or its lab, is opened beside it, and has the rule for limited tokens.
    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        owned(actor, &self.agency, Visibility::Own, None, self.lab_id)
    }
}

impl Ruled for equipment_outage::Model {
    const KIND: &'static str = OutageId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// Its item is opened beside it.
    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        owned(actor, &self.agency, Visibility::Own, None, Some(self.lab_id))
    }
}
