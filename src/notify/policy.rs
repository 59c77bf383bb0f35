//! Who may hear of events. Which of them is decided for each by its agency and visibility.

use crate::platform::access::Action;

/// Following events.
pub const READ: Action = Action::new("event.read", "directory:read");
