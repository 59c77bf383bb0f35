//! Use cases.

mod confirm;
mod mark;
mod prefer;
mod read;
mod unsubscribe;

pub use confirm::confirm;
pub use mark::{UpTo, mark_read, mark_unread};
pub use prefer::{Choice, forget, set};
pub use read::{Letters, Listed, count, counts, list, preferences};
pub use unsubscribe::unsubscribe;
