//! The agency room.

pub mod members;
pub mod service;

pub use service::ensure_members;
