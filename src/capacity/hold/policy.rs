//! Who may do what with holds.

use entity::{enums::Visibility, hold, ids::HoldId};

use crate::{
    directory::policy::owned,
    identity::scopes,
    platform::access::{Action, Actor, ActorKind, Ruled, Ruling},
};

/// Releasing what has expired: the system's own work.
pub const SWEEP: Action = Action::new("hold.sweep", "supply:respond");

impl Ruled for hold::Model {
    const KIND: &'static str = HoldId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// The agency that provides, the one for which it is set aside, the system, and the secretariat in what it alone may do;
    /// nobody else learns of it. What they may do with it is decided where they do it: a hold has no use cases of its own.
    fn rule(&self, actor: &Actor, action: Action) -> Ruling {
        let secretariat = action.scope == scopes::COORDINATOR;
        if actor.kind == ActorKind::System || actor.acts_for(&self.holder) || secretariat {
            return Ruling::Allowed;
        }
        owned(actor, &self.agency, Visibility::Own, None, self.lab_id)
    }
}
