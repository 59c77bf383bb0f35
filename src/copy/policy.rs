//! Who may keep a copy. What is in it is decided for each object by its own rule.

use crate::platform::access::Action;

/// Copying what one may see.
pub const READ: Action = Action::new("copy.read", "directory:read");
