//! The scope room.

pub mod serial;
