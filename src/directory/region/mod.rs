//! The region room.
