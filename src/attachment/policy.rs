//! Who may do what with attachments.

use entity::{attachment, ids::AttachmentId};

use crate::platform::access::{Action, Actor, Ruled, Ruling};

/// Reading those of one's own agency and those that were shown to it.
pub const READ: Action = Action::new("attachment.read", "directory:read");
/// Announcing one.
pub const PREPARE: Action = Action::new("attachment.prepare", "attachment:write");
/// Discarding one that is not bound.
pub const DISCARD: Action = Action::new("attachment.discard", "attachment:write");
/// Keeping the content that came to an address: the system's own act.
pub const STORE: Action = Action::new("attachment.store", "attachment:write");
/// Clearing away what was not bound in time: the system's own act.
pub const SWEEP: Action = Action::new("attachment.sweep", "attachment:write");

impl Ruled for attachment::Model {
    const KIND: &'static str = AttachmentId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// Other agencies write none, and those to which it was not shown do not learn of it; the two are not told apart.
    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        if actor.acts_for(&self.agency) { Ruling::Allowed } else { Ruling::Hidden }
    }
}
