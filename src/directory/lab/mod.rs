//! The lab room.

pub mod policy;
pub mod store;
