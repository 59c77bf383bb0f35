//! Who reminds: the instance itself.

use crate::platform::access::Action;

/// Telling of dates that come near.
pub const REMIND: Action = Action::new("register.remind", "system");
