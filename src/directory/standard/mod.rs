//! The standard room.
