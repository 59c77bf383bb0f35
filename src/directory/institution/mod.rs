//! The institution room.

pub mod uscc;
