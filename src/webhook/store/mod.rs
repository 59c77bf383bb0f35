//! The rows.

pub mod delivery;
pub mod endpoint;
pub mod queue;
