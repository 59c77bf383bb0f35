//! Who may search. What may be seen of what is found is the rule of each row.

use crate::platform::access::Action;

/// Asking the index.
pub const FIND: Action = Action::new("search.find", "directory:read");
