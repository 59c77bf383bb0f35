//! The agency room.
