//! Who watches: the instance itself.

use crate::platform::access::Action;

/// Asking saved searches again.
pub const WATCH: Action = Action::new("savedSearch.watch", "system");
