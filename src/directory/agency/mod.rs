//! The agency room.

pub mod members;
