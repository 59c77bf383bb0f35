//! The rows.

pub mod delivery;
pub mod endpoint;
pub mod over;
pub mod queue;
