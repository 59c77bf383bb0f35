//! The person room.
