//! The institution room.

pub mod policy;
pub mod store;
pub mod uscc;
