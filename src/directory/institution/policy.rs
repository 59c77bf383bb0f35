//! Who may do what with institutions.

use entity::{ids::InstitutionId, institution};

use crate::{
    directory::policy::owned,
    platform::access::{Action, Actor, Ruled, Ruling},
};

/// Reading.
pub const READ: Action = Action::new("institution.read", "directory:read");
/// Entering one.
pub const CREATE: Action = Action::new("institution.create", "directory:write");
/// Editing one.
pub const EDIT: Action = Action::new("institution.edit", "directory:write");
/// Setting one aside.
pub const SUSPEND: Action = Action::new("institution.suspend", "directory:write");
/// Taking one back.
pub const RESUME: Action = Action::new("institution.resume", "directory:write");
/// Ending one for good.
pub const RETIRE: Action = Action::new("institution.retire", "directory:write");

impl Ruled for institution::Model {
    const KIND: &'static str = InstitutionId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        owned(actor, &self.agency, self.visibility, Some(self.id), None)
    }
}
