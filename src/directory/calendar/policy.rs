//! Who may do what with the calendar, which belongs to the pact as a whole.

use crate::platform::access::Action;

/// Reading listed days.
pub const READ: Action = Action::new("calendar.read", "directory:read");
/// Entering or correcting listed days.
pub const RECORD: Action = Action::new("calendar.record", "calendar:write");
