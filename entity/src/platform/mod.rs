//! Rows of the platform.

pub mod change;
pub mod feed;
pub mod idempotency;
pub mod outbox;
pub mod reminder;
pub mod uncounted;
