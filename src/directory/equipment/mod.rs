//! The equipment room.
