//! Who may do what with annexes and their lines.

use entity::{competence_scope, ids::ScopeId};

use crate::{
    directory::policy::owned,
    platform::access::{Action, Actor, Ruled, Ruling},
};

/// Reading lines and editions.
pub const READ: Action = Action::new("scope.read", "directory:read");
/// Opening an edition with its lines.
pub const OPEN: Action = Action::new("scope.open", "scope:write");
/// Adding a line to an edition.
pub const ADD: Action = Action::new("scope.add", "scope:write");
/// Editing a line.
pub const EDIT: Action = Action::new("scope.edit", "scope:write");
/// Ending a line.
pub const WITHDRAW: Action = Action::new("scope.withdraw", "scope:write");
/// Changing who may see a line.
pub const SHOW: Action = Action::new("scope.show", "scope:write");
/// Putting a delivered annex in the place of the one in force.
pub const REPLACE: Action = Action::new("scope.replace", "scope:write");

impl Ruled for competence_scope::Model {
    const KIND: &'static str = ScopeId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        owned(actor, &self.agency, self.visibility, None, Some(self.lab_id))
    }
}
