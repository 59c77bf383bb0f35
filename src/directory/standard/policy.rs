//! Who may do what with standards.

use entity::{ids::StandardId, standard};

use crate::platform::access::{Action, Actor, Ruled, Ruling};

/// Reading standards.
pub const READ: Action = Action::new("standard.read", "directory:read");
/// Entering an edition.
pub const CREATE: Action = Action::new("standard.create", "standard:write");
/// Editing one.
pub const EDIT: Action = Action::new("standard.edit", "standard:write");
/// Noting that one was withdrawn or replaced.
pub const WITHDRAW: Action = Action::new("standard.withdraw", "standard:write");

impl Ruled for standard::Model {
    const KIND: &'static str = StandardId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// No agency owns a standard: the scope alone decides.
    fn rule(&self, _: &Actor, _: Action) -> Ruling {
        Ruling::Allowed
    }
}
