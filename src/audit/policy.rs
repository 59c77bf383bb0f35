//! Who may look back. What one sees is decided by the owner of each change.

use crate::platform::access::{Action, Actor};

/// Reading the past of an object.
pub const HISTORY: Action = Action::new("audit.history", "directory:read");
/// Recomputing the chain.
pub const VERIFY: Action = Action::new("audit.verify", "audit:read");
/// Reading the signed checkpoints.
pub const CHECKPOINTS: Action = Action::new("audit.checkpoints", "audit:read");
/// Taking a span of the chain out as a file.
pub const EXPORT: Action = Action::new("audit.export", "audit:read");
/// Reading who has read what is protected.
pub const ACCESSES: Action = Action::new("audit.accesses", "audit:read");
/// Erasing the data of a person.
pub const ERASE: Action = Action::new("audit.erase", "audit:erase");
/// Letting go what has had its time.
pub const PRUNE: Action = Action::new("audit.prune", "audit:erase");

/// Whether an actor looks at the whole of the pact: an auditor of the secretariat.
pub fn sees_all(actor: &Actor) -> bool {
    actor.holds("audit:read") && actor.holds("coordinator")
}

/// Whether an actor sees what belongs to the pact as a whole: every auditor.
pub fn sees_common(actor: &Actor) -> bool {
    actor.holds("audit:read")
}
