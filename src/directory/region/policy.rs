//! Who may do what with divisions.

use crate::platform::access::Action;

/// Reading divisions.
pub const READ: Action = Action::new("region.read", "directory:read");
