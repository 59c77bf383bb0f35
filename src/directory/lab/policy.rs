//! Who may do what with labs.

use entity::{ids::LabId, lab};

use crate::{
    directory::policy::owned,
    platform::access::{Action, Actor, Ruled, Ruling},
};

/// Reading.
pub const READ: Action = Action::new("lab.read", "directory:read");
/// Entering one.
pub const CREATE: Action = Action::new("lab.create", "directory:write");
/// Editing one.
pub const EDIT: Action = Action::new("lab.edit", "directory:write");
/// Setting one aside.
pub const SUSPEND: Action = Action::new("lab.suspend", "directory:write");
/// Taking one back.
pub const RESUME: Action = Action::new("lab.resume", "directory:write");
/// Ending one for good.
pub const RETIRE: Action = Action::new("lab.retire", "directory:write");

impl Ruled for lab::Model {
    const KIND: &'static str = LabId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        owned(actor, &self.agency, self.visibility, Some(self.institution_id), Some(self.id))
    }
}
