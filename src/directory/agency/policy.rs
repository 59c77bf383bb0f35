//! Who may do what with agencies.

use entity::{agency, ids::AgencyCode};

use crate::platform::access::{Action, Actor, Ruled, Ruling};

/// Reading agencies.
pub const READ: Action = Action::new("agency.read", "directory:read");
/// Editing the own agency's names and contact.
pub const EDIT: Action = Action::new("agency.edit", "directory:write");
/// Entering the members at the first start.
pub const ENTER: Action = Action::new("agency.enter", "coordinator");

impl Ruled for agency::Model {
    const KIND: &'static str = AgencyCode::KIND;

    fn key(&self) -> String {
        self.code.0.clone()
    }

    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        if actor.acts_for(&self.code) {
            Ruling::Allowed
        } else {
            Ruling::Forbidden("Only the agency itself may edit its entry.")
        }
    }
}
