//! The standard room.

pub mod number;
