//! The region room.

pub mod divisions;
