//! Who may do what with offerings.

use entity::{ids::OfferingId, offering};

use super::model::{Step, effective};
use crate::{
    directory::policy::owned,
    platform::access::{Action, Actor, Ruled, Ruling, Visible},
};

/// Reading.
pub const READ: Action = Action::new("offering.read", "directory:read");
/// Entering one.
pub const CREATE: Action = Action::new("offering.create", "offering:write");
/// Editing one.
pub const EDIT: Action = Action::new("offering.edit", "offering:write");
/// Choosing who may see one.
pub const SHOW: Action = Action::new("offering.show", "offering:write");
/// Opening one for the first time.
pub const ACTIVATE: Action = Action::new("offering.activate", "offering:write");
/// Closing one for a while.
pub const PAUSE: Action = Action::new("offering.pause", "offering:write");
/// Opening one again.
pub const RESUME: Action = Action::new("offering.resume", "offering:write");
/// Ending one for good.
pub const ARCHIVE: Action = Action::new("offering.archive", "offering:write");

/// The action that a step is.
pub fn action(step: Step) -> Action {
    match step {
        Step::Edit => EDIT,
        Step::Show => SHOW,
        Step::Activate => ACTIVATE,
        Step::Pause => PAUSE,
        Step::Resume => RESUME,
        Step::Archive => ARCHIVE,
    }
}

impl Ruled for offering::Model {
    const KIND: &'static str = OfferingId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// The lab, which is opened beside the row, has the rule of its institution.
    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        let ruling = owned(actor, &self.agency, effective(self, &Visible::to(actor)), None, self.lab_id);
        let is_limited = actor.labs.is_some() || actor.institutions.is_some();
        if ruling == Ruling::Allowed && self.lab_id.is_none() && is_limited {
            return Ruling::Forbidden("Your token is limited to labs; this is offered by the agency itself.");
        }
        ruling
    }
}
