//! The certificate room.

pub mod number;
