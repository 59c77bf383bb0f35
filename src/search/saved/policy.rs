//! Who may do what with saved searches.

use entity::{ids::SavedSearchId, saved_search};

use crate::platform::{
    access::{Action, Actor, Permit, Ruled, Ruling},
    fault::{Fault, Outcome},
};

/// Reading those of one's own agency.
pub const READ: Action = Action::new("savedSearch.read", "directory:read");
/// Saving one.
pub const CREATE: Action = Action::new("savedSearch.create", "search:save");
/// Editing one.
pub const EDIT: Action = Action::new("savedSearch.edit", "search:save");
/// Deleting one.
pub const DELETE: Action = Action::new("savedSearch.delete", "search:save");

/// Why a limited token saves none.
const LIMITED: &str =
    "Your token is limited to some labs or institutions; saved searches belong to the agency as a whole.";

/// Whether the permitted actor may write what belongs to the agency as a whole.
///
/// # Errors
/// `FORBIDDEN` for a limited token.
pub fn whole(permit: &Permit) -> Outcome<()> {
    if is_limited(permit.actor()) {
        return Err(Fault::Forbidden { action: permit.action().name, message: LIMITED.to_owned() });
    }
    Ok(())
}

fn is_limited(actor: &Actor) -> bool {
    actor.labs.is_some() || actor.institutions.is_some()
}

impl Ruled for saved_search::Model {
    const KIND: &'static str = SavedSearchId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// Other agencies do not learn of it.
    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        if !actor.acts_for(&self.agency) {
            return Ruling::Hidden;
        }
        if is_limited(actor) { Ruling::Forbidden(LIMITED) } else { Ruling::Allowed }
    }
}
