//! Who may do what with signatories.

use entity::{ids::SignatoryId, signatory};

use crate::{
    directory::policy::owned,
    platform::access::{Action, Actor, Ruled, Ruling},
};

/// Reading.
pub const READ: Action = Action::new("signatory.read", "directory:read");
/// Entering one.
pub const CREATE: Action = Action::new("signatory.create", "directory:write");
/// Editing one.
pub const EDIT: Action = Action::new("signatory.edit", "directory:write");
/// Setting one aside.
pub const SUSPEND: Action = Action::new("signatory.suspend", "directory:write");
/// Taking one back.
pub const RESUME: Action = Action::new("signatory.resume", "directory:write");
/// Ending one for good.
pub const RETIRE: Action = Action::new("signatory.retire", "directory:write");
/// Entering that one may sign a line.
pub const LINK: Action = Action::new("signatory.link", "directory:write");
/// Entering that one may sign a line no longer.
pub const UNLINK: Action = Action::new("signatory.unlink", "directory:write");

impl Ruled for signatory::Model {
    const KIND: &'static str = SignatoryId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        owned(actor, &self.agency, self.visibility, None, Some(self.lab_id))
    }
}
