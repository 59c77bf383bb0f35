//! Rows of the platform.

pub mod access_log;
pub mod change;
pub mod checkpoint;
pub mod feed;
pub mod idempotency;
pub mod outbox;
pub mod pruned;
pub mod reminder;
pub mod uncounted;
